"""What went wrong with which source, and when it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import clean_line
from papers_tui.ui.drawing import Part, fit, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.actions import Actions
from papers_tui.ui.screens.dialog import Dialog
from papers_tui.ui.standing import Standing, heading, rest, trouble, why_not_now

_LOOK_SECONDS = 1.0
_AROUND = 7
"""Lines that border, heading, words and keys take."""

_TABLE_WIDTH = 70
"""Cells from which on a source that is well takes one line."""

_ACTIONS = (
    ("r", "asks it again", "ask"),
    ("R", "asks all", "ask_all"),
    ("Enter", "manages it", "manage"),
    ("Esc", "closes", "close"),
)


class StandingLines(LinePane):
    """A few lines for each failing source, and a line or two for each of the others."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "standing--name",
        "standing--text",
        "standing--quiet",
        "standing--trouble",
        "standing--heading",
    }
    DEFAULT_CSS = """
    StandingLines {
        height: 1; background: $surface; scrollbar-background: $surface; scrollbar-background-hover: $surface;
        scrollbar-background-active: $surface; scrollbar-corner-color: $surface;
    }
    StandingLines > .standing--name { color: $foreground; background: $surface; text-style: bold; }
    StandingLines > .standing--text { color: $foreground; background: $surface; }
    StandingLines > .standing--quiet { color: $text-muted; background: $surface; }
    StandingLines > .standing--trouble { color: $text-warning; background: $surface; }
    StandingLines > .standing--heading { color: $text-accent; background: $surface; text-style: bold; }
    """

    class Picked(Message):
        """A source was clicked; its place."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._sign = glyphs.selected
        self._every: tuple[Standing, ...] = ()
        self._now: datetime | None = None
        self._cursor = 0
        self._drawn: tuple[tuple[Standing, ...], datetime, int] | None = None
        self._lines: list[tuple[list[Part], int | None]] = []

    def show(self, every: tuple[Standing, ...], now: datetime, cursor: int) -> None:
        minute = now.replace(second=0, microsecond=0)
        if (every, minute, cursor) == self._drawn:
            return
        self._drawn = every, minute, cursor
        moved = cursor != self._cursor
        self._every, self._now, self._cursor = every, now, cursor
        self._lay()
        if moved:
            self.reveal()

    def reveal(self) -> None:
        """Scrolls to the source under the cursor."""
        if places := [line for line, (_, place) in enumerate(self._lines) if place == self._cursor]:
            self.show_lines(0 if self._cursor == 0 else places[0], places[-1])

    def line_count(self) -> int:
        return len(self._lines)

    def line_parts(self, line: int) -> list[Part]:
        return self._lines[line][0]

    def on_resize(self) -> None:
        self._lay()

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or offset.y + self.first_line >= len(self._lines):
            return
        place = self._lines[offset.y + self.first_line][1]
        if place is not None:
            self.post_message(self.Picked(place))

    def _lay(self) -> None:
        lines: list[tuple[list[Part], int | None]] = []
        for place, one in enumerate(self._every):
            if not one.failing and (place == 0 or self._every[place - 1].failing):
                title = "The others" if place else "When each was asked"
                lines += [*([([("", "standing--text")], None)] if place else [])]
                lines.append(([(f" {title}", "standing--heading")], None))
            elif place and one.failing:
                lines.append(([("", "standing--text")], None))
            lines += [(parts, place) for parts in self._described(one, chosen=place == self._cursor)]
        self._lines = lines
        self.styles.height = max(1, min(len(lines), self.app.size.height - _AROUND))
        self.resize_lines()
        self.refresh()

    def _described(self, one: Standing, *, chosen: bool) -> list[list[Part]]:
        assert self._now is not None
        sign = self._sign if chosen else " "
        source, width = one.source, self.text_width
        place = f"{source.kind} {source.address}".rstrip()
        if one.failing:
            return [
                [(f"{sign} ", "standing--name"), (fit(source.name, width - 2), "standing--name")],
                *(
                    [[(f"{sign}   ", "standing--name"), (fit(place, width - 5), "standing--quiet")]]
                    if width < _TABLE_WIDTH
                    else self._wrapped(sign, place, "standing--quiet")
                ),
                *self._wrapped(sign, clean_line(one.state.reason) or "it failed", "standing--trouble"),
                *self._wrapped(sign, trouble(one, self._now), "standing--text"),
            ]
        name = "standing--name" if chosen else "standing--text"
        said = clean_line(rest(one, self._now))
        if width < _TABLE_WIDTH:
            return [
                [(f"{sign} ", name), (fit(source.name, width - 2), name)],
                [(f"{sign}   ", name), (fit(said, width - 4), "standing--quiet")],
            ]
        third = width * 2 // 5
        beside = fit(said, width - third - 1)
        return [[(fit(f"{sign} {source.name}", third), name), (f" {beside}", "standing--quiet")]]

    def _wrapped(self, sign: str, text: str, style: str) -> list[list[Part]]:
        return [[(f"{sign}   ", "standing--name"), (line, style)] for line in wrap(text, self.text_width - 5)]


class Failures(Dialog[str | None]):
    """Gives the name of the source that is to be managed, or None after Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Next"),
        Binding("up,k", "move(-1)", "Previous"),
        Binding("pagedown,ctrl+d,space", "scroll(1)", "Page down"),
        Binding("pageup,ctrl+u", "scroll(-1)", "Page up"),
        Binding("r", "ask", "Ask again"),
        Binding("R", "ask_all", "Ask all"),
        Binding("enter", "manage", "Manage"),
        Binding("escape,q,ctrl+c,!", "close", "Close"),
    ]
    DEFAULT_CSS = """
    Failures { align: center middle; background: $background 60%; }
    Failures Vertical {
        width: 100; max-width: 100%; height: auto; max-height: 100%; background: $surface; border: round $primary;
    }
    Failures Static { height: auto; max-height: 2; width: 1fr; padding: 0 1; color: $text; text-style: bold; }
    Failures #heading { margin-bottom: 1; }
    Failures #said { text-style: none; color: $text-muted; }
    Failures Actions { margin: 0 1; background: $surface; }
    Failures Actions > .actions--key, Failures Actions > .actions--words { background: $surface; }
    """

    def __init__(
        self,
        look: Callable[[], tuple[Standing, ...]],
        ask: Callable[[tuple[str, ...]], None],
        glyphs: Glyphs,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """`look` gives how the sources stand, failing ones first; `ask` has those of these names asked, or all; `now`
        is the clock, in the user's time zone."""
        super().__init__()
        self._look = look
        self._ask = ask
        self._glyphs = glyphs
        self._now = now
        self._every: tuple[Standing, ...] = ()
        self._chosen = ""

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", markup=False, id="heading")
            yield StandingLines(self._glyphs)
            yield Static("", markup=False, id="said")
            yield Actions()

    def on_mount(self) -> None:
        self.query_one(Actions).show(_ACTIONS)
        self._show()
        self.set_interval(_LOOK_SECONDS, self._show)

    def on_resize(self) -> None:
        self._show()

    @property
    def cursor(self) -> int:
        """The place of the chosen source, which stays the same one wherever it moves to."""
        names = [one.source.name for one in self._every]
        return names.index(self._chosen) if self._chosen in names else 0

    def action_move(self, step: int) -> None:
        self._choose(self.cursor + step)

    def action_scroll(self, pages: int) -> None:
        pane = self.query_one(StandingLines)
        last = max(0, pane.line_count() - pane.page)
        pane.scroll_to_line(max(0, min(last, pane.first_line + pages * max(1, pane.page - 1))))
        pane.refresh()

    def action_ask(self) -> None:
        if not self._every:
            return
        one = self._every[self.cursor]
        if why := why_not_now(one, self._now()):
            self._say(why)
        else:
            self._ask((one.source.name,))
            self._say(f"asking {one.source.name} …")

    def action_ask_all(self) -> None:
        if self._every:
            self._ask(())
            self._say("asking all …")

    def action_manage(self) -> None:
        if self._every:
            self.dismiss(self._every[self.cursor].source.name)

    def on_actions_chosen(self, event: Actions.Chosen) -> None:
        getattr(self, f"action_{event.action}")()

    def on_standing_lines_picked(self, event: StandingLines.Picked) -> None:
        self._choose(event.place)

    def _choose(self, place: int) -> None:
        if self._every:
            self._chosen = self._every[max(0, min(len(self._every) - 1, place))].source.name
            self._say("")
            self._show()

    def _say(self, text: str) -> None:
        self.query_one("#said", Static).update(text)

    def _show(self) -> None:
        try:
            self._every = self._look()
        except PapersError as error:
            self._say(str(error))
        if not self._chosen and self._every:
            self._chosen = self._every[0].source.name
        self.query_one("#heading", Static).update(heading(self._every))
        self.query_one(StandingLines).show(self._every, self._now(), self.cursor)
