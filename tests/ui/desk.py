"""A desk to try the app at: a library with papers in it, the app over it, and hands on keys and mouse."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from papers_tui.config import Config
from papers_tui.domain.marks import Entry, State
from papers_tui.journal.line import decode
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.app import PapersApp
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.panes.sidebar import Sidebar
from papers_tui.ui.panes.status import StatusLine

W = TypeVar("W", bound=Widget)

NEVER = Config(read_after=0, refresh="manual")
"""Settings under which nothing is read by lying under the cursor, and nobody is asked for papers."""

LARGE = (160, 50)
"""Columns and lines that show all three panes."""

SMALL = (80, 30)
"""Columns and lines that show the list above the detail."""

_KEYS = {"-": "minus", "_": "underscore", "/": "slash", "\\": "backslash", "@": "at", "+": "plus"}


def paper(number: int, title: str = "", **fields: Any) -> dict[str, Any]:
    """A paper as an imported line. One with a higher number is older, so further down in every list."""
    day = date.fromordinal(date(2025, 6, 1).toordinal() - number)
    return {
        "id": identity(number),
        "title": title or f"Paper {number}",
        "abstract": f"What paper {number} is about.",
        "authors": [f"Ada Author{number}", "Bob Writer"],
        "published": f"{day}T12:00:00Z",
    } | fields


def identity(number: int) -> str:
    return f"arxiv:2506.{number:05}"


def fill(paths: Paths, papers: Iterable[Mapping[str, Any]], *, name: str = "papers.jsonl") -> None:
    """Imports these papers, all of which must be good."""
    faults = fill_from(paths, "".join(json.dumps(one) + "\n" for one in papers).encode(), name=name)
    assert not faults, faults


def fill_from(paths: Paths, data: bytes, *, name: str) -> tuple[str, ...]:
    """Imports what a file of this name holds, and gives its faults."""
    with Library(paths) as library:
        found = library.import_file(name, data, datetime.now(UTC).date())
    assert not found.skipped, found.skipped
    return found.faults


def journal(paths: Paths) -> list[Entry]:
    """Every entry of every writer, oldest first."""
    lines = [line for path in paths.journal.glob("*.jsonl") for line in path.read_bytes().splitlines()]
    entries = [entry for line in lines if (entry := decode(line))]
    assert len(entries) == len(lines), "a damaged line"
    return sorted(entries, key=lambda entry: entry.stamp)


def deliberate(paths: Paths) -> list[str]:
    """The kinds of the acts that can be undone, oldest first."""
    return [entry.kind for entry in journal(paths) if entry.deliberate]


class Desk:
    """The running app, and what can be done and seen at it."""

    def __init__(self, app: PapersApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    # Hands

    async def press(self, *keys: str) -> None:
        """Presses keys, by Textual's names or as characters, each after what the last one caused is done."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settle()

    async def hold(self, key: str, times: int) -> None:
        """Presses a key again and again, faster than anything can follow."""
        for _ in range(times):
            self.app.post_message(key_event(key))
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """Presses keys faster than anything can follow."""
        for key in keys:
            self.app.post_message(key_event(key))
        await self.settle()

    async def write(self, text: str) -> None:
        """Types a text, a key a character."""
        await self.press(*text)

    async def click(self, column: int, line: int, *, button: int = 1) -> None:
        """Clicks a cell of the screen."""
        await self.pilot.click(offset=(column, line), button=button)
        await self.settle()

    async def click_on(self, words: str) -> None:
        """Clicks the first place on the screen where these words stand."""
        for number, line in enumerate(self.screen_lines()):
            if words in line:
                await self.click(line.index(words), number)
                return
        raise AssertionError(f"{words!r} is not on the screen")

    async def wheel(self, pane: Widget, notches: int) -> None:
        """Turns the mouse wheel over the middle of a pane: down, or up by a negative number."""
        x, y = map(int, pane.region.center)
        kind = events.MouseScrollDown if notches > 0 else events.MouseScrollUp
        for _ in range(abs(notches)):
            self.app.post_message(kind(None, x, y, 0, 0, 0, False, False, False, x, y))
            await self.settle()
        await self.pilot.wait_for_animation()
        await self.settle()

    async def resize(self, columns: int, lines: int) -> None:
        await self.pilot.resize_terminal(columns, lines)
        await self.settle()

    async def focus_app(self) -> None:
        """What a terminal tells when its window comes to the front."""
        self.app.post_message(events.AppFocus())
        await self.settle()

    async def settle(self) -> None:
        """Until keys and other messages, and what they cause, are handled. Timers and workers: see `until`."""
        for _ in range(6):
            await self.pilot.pause(0)
        while self.app.keys_wait:
            await self.pilot.pause(0.01)
        for _ in range(500):  # one that waits for what the test does next would wait for ever
            if not self._under_way():
                break
            await self.pilot.pause(0.01)
        await self.pilot.pause(0)

    def _under_way(self) -> bool:
        """Whether a message is on its way to anything on the screen."""
        return any(
            one.message_queue_size for one in (self.app, *self.app.screen.walk_children(with_self=True))
        )

    async def until(self, holds: Callable[[], object]) -> None:
        """Waits for what a timer or a worker brings about."""
        for _ in range(1000):
            if holds():
                await self.settle()
                return
            await self.pilot.pause(0.01)
        raise AssertionError("it did not come about")

    # Panes

    def pane(self, kind: type[W]) -> W:
        return self.app.main.query_one(kind)

    @property
    def papers(self) -> PaperList:
        return self.pane(PaperList)

    @property
    def detail(self) -> Detail:
        return self.pane(Detail)

    @property
    def sidebar(self) -> Sidebar:
        return self.pane(Sidebar)

    @property
    def said(self) -> str:
        """What the status line says of the last act."""
        return self.pane(StatusLine).said

    @property
    def focus(self) -> str:
        """The id of the pane that has the focus."""
        focused = self.app.main.focused
        return focused.id or "" if focused else ""

    @property
    def shown(self) -> set[str]:
        """The ids of the panes that are on the screen, with room."""
        panes: tuple[Widget, ...] = (self.sidebar, self.papers, self.detail)
        return {pane.id or "" for pane in panes if pane.display and pane.region.area}

    @property
    def asked(self) -> bool:
        """Whether something stands over the panes: a question, the help, the palette."""
        return self.app.screen is not self.app.main

    # What is on

    @property
    def view(self) -> str:
        return self.app.main.view.key

    @property
    def listed(self) -> list[int]:
        """The numbers of the papers in the list."""
        rows = self.app.library.rows(self.papers.ids)
        return [_number(rows[row].id) for row in self.papers.ids]

    @property
    def selected(self) -> list[int]:
        """The numbers of the selected papers, in the order of the list."""
        rows = self.app.library.rows(self.papers.selected)
        return [_number(rows[row].id) for row in self.papers.selected]

    @property
    def current(self) -> int | None:
        """The number of the paper under the cursor; None in an empty list."""
        return _number(self._holding_id(self.papers.current)) if self.papers.current is not None else None

    @property
    def detailed(self) -> int | None:
        """The number of the paper in the detail pane; None where there is none."""
        return _number(self._holding_id(self.detail.shown)) if self.detail.shown is not None else None

    def state(self, number: int) -> State:
        library = self.app.library
        return library.holding(library.resolve(identity(number))).state

    def flags(self, number: int) -> int:
        """The flags that the list draws a paper with."""
        row = self.papers.row_at(self.listed.index(number))
        assert row
        return row.flags

    def count(self, key: str) -> str:
        """The count beside an entry of the sidebar, by the key of its view."""
        return next(entry.count for entry in self.sidebar.views if entry.view and entry.view.key == key)

    def _holding_id(self, row: int) -> str:
        return self.app.library.holding(row).paper.id

    # The screen

    def screen_lines(self) -> list[str]:
        """The lines of the terminal, as they are drawn."""
        strips = self.app.screen._compositor.render_strips(self.app.size)
        return ["".join(segment.text for segment in strip) for strip in strips]

    def screen_text(self) -> str:
        return "\n".join(self.screen_lines())

    def pane_lines(self, pane: Widget) -> list[str]:
        """The part of the screen that a pane takes up."""
        x, y, width, height = pane.region
        return [line[x : x + width] for line in self.screen_lines()[y : y + height]]


@asynccontextmanager
async def sitting(
    paths: Paths,
    *,
    size: tuple[int, int] = LARGE,
    config: Config = NEVER,
    problems: tuple[str, ...] = (),
    demo: bool = False,
    sample: bool = False,
    locale: str = "C.UTF-8",
    refresher: Sequence[str] = ("false",),
) -> AsyncIterator[Desk]:
    """The app on these directories, with its first list shown, or, in a `sample`, the sample papers.

    `locale` is what the environment names; `refresher` the command that asks the sources.
    """
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("LC_ALL", locale)
        app = PapersApp(paths, config, problems, demo=demo, refresher=refresher)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            desk = Desk(app, pilot)
            await desk.until(lambda: not desk.asked and desk.sidebar.views)
            if sample:
                await desk.press("enter")
                await desk.until(lambda: app.sampling and app.main.query(PaperList) and desk.papers.ids)
            yield desk
    finally:
        app.close()


def _number(paper_id: str) -> int:
    return int(paper_id.rpartition(".")[2])


def key_event(name: str) -> events.Key:
    if name == "space":
        return events.Key("space", " ")
    if len(name) > 1:
        return events.Key(name, None)
    if name.isalnum():
        return events.Key(name, name)
    spelled = unicodedata.name(name).lower().replace("-", "_").replace(" ", "_")
    return events.Key(_KEYS.get(name, spelled), name)
