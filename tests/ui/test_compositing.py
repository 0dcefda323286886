"""What is drawn in parts is what would be drawn as a whole."""

from __future__ import annotations

import random
from typing import Any

import pyte
import pytest
from textual import events
from textual._compositor import Compositor, CompositorUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from papers_tui.paths import Paths
from papers_tui.ui.compositing import FrugalCompositor
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.panes.scrollbar import FrugalScrollBar

from .desk import LARGE, SMALL, Desk, fill, paper, sitting

KEYS = [
    *"jjjkksdLuu{}nNxv*zA()X_'|", "pagedown", "pageup", "G", "g", "tab", "[", "]", "enter", "escape", "escape",
    "escape", "/", "p", "a", "9", "question_mark", "t", "i", "space", "backspace", "ctrl+d", "ctrl+u", "-", "\\",
]  # fmt: skip
"""What people press, and what closes again what that opened."""


class Emulator:
    """A terminal that is given what the app draws."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self.screen)

    def take(self, text: str) -> None:
        self._stream.feed(text)

    def cells(self) -> list[tuple[str, list[Any]]]:
        """Every line, and its cells: their characters, colours and attributes."""
        screen = self.screen
        cells = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]
        return list(zip(screen.display, cells, strict=True))


def attach(desk: Desk, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> Emulator:
    """A terminal that shows each frame of the app from now on."""
    emulator = Emulator(size)

    def display(_: object, update: object) -> None:
        if isinstance(update, CompositorUpdate):
            emulator.take(update.render_segments(desk.app.console))

    emulator.take(whole(desk).render_segments(desk.app.console))
    monkeypatch.setattr(desk.app, "_display", display)
    return emulator


def whole(desk: Desk) -> LayoutUpdate:
    """All of the screen, drawn anew, and by Textual's own means alone."""
    compositor: Compositor = desk.app.screen._compositor
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LinePane, "render_lines", ScrollView.render_lines)
        patch.setattr(FrugalScrollBar, "render_lines", ScrollBar.render_lines)
        patch.setattr(
            FrugalScrollBar, "render_line", lambda bar, y: Strip(bar._drawn()[y : y + 1], 1), raising=False
        )
        patch.setattr(FrugalCompositor, "_get_renders", Compositor._get_renders)
        return compositor.render_full_update()


def as_drawn_anew(desk: Desk, size: tuple[int, int]) -> list[tuple[str, list[Any]]]:
    emulator = Emulator(size)
    compositor: Compositor = desk.app.screen._compositor
    waiting = set(compositor._dirty_regions)
    emulator.take(whole(desk).render_segments(desk.app.console))
    compositor._dirty_regions.update(waiting)
    return emulator.cells()


async def missing(desk: Desk, emulator: Emulator, size: tuple[int, int]) -> list[str]:
    """The lines that are not what they would be if all were drawn anew, once there is nothing left to draw."""
    lines = [""]
    for _ in range(100):
        pairs = zip(emulator.cells(), as_drawn_anew(desk, size), strict=True)
        lines = [shown[0] for shown, wanted in pairs if shown != wanted]
        if not lines:
            break
        await desk.pilot.pause(0.02)
    return lines


async def drawn_out(desk: Desk) -> None:
    """Waits until there is nothing left to draw."""

    def drawn() -> bool:
        screen = desk.app.screen
        return not (screen._dirty_widgets or screen._repaint_required or screen._layout_required)

    await desk.until(drawn)


@pytest.mark.parametrize("size", [SMALL, LARGE, (40, 12)])
@pytest.mark.parametrize("seed", range(4))
async def test_frames_add_up_to_the_screen(
    home: Paths, monkeypatch: pytest.MonkeyPatch, seed: int, size: tuple[int, int]
) -> None:
    chosen = random.Random(seed)
    papers = [
        paper(number, f"Paper {number} on agents — 注意 {'and more ' * (number % 9)}")
        for number in range(1, 60)
    ]
    fill(home, papers)
    async with sitting(home, size=size) as desk:
        emulator = attach(desk, monkeypatch, size)
        for key in chosen.choices(KEYS, k=60):
            await desk.press(key)
            assert await missing(desk, emulator, size) == [], key


async def test_a_key_draws_only_what_it_changes(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, [paper(number) for number in range(1, 60)])
    async with sitting(home, size=LARGE) as desk:
        drawn: list[str] = []

        def display(_: object, update: object) -> None:
            if isinstance(update, CompositorUpdate):
                drawn.append(update.render_segments(desk.app.console))

        await desk.press("j")
        await drawn_out(desk)
        monkeypatch.setattr(desk.app, "_display", display)
        await desk.press("j")
        await drawn_out(desk)
        text = "".join(drawn)
        assert "Paper 3" in text
        assert "Paper 6" not in text
        assert "Dismissed" not in text


async def test_what_is_covered_is_not_drawn(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, [paper(number) for number in range(1, 60)])
    async with sitting(home, size=LARGE) as desk:
        drawn: list[str] = []
        for widget in desk.app.screen.query("#reading, PaperList, Sidebar, Detail"):

            def render_lines(crop: Region, widget: Widget = widget) -> list[Strip]:
                drawn.append(str(widget.id))
                return type(widget).render_lines(widget, crop)

            monkeypatch.setattr(widget, "render_lines", render_lines)
        compositor: Compositor = desk.app.screen._compositor
        compositor.render_full_update()
        assert sorted(drawn) == ["detail", "papers", "sidebar"]


async def test_a_screen_that_is_held_draws_nothing_until_it_is_let_go(
    home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home, [paper(number) for number in range(1, 60)])
    async with sitting(home, size=LARGE) as desk:
        emulator = attach(desk, monkeypatch, LARGE)
        before = emulator.cells()
        desk.app.main.hold(True)
        await desk.press("j")
        await drawn_out(desk)
        assert emulator.cells() == before
        desk.app.main.hold(False)
        desk.app.main.refresh()
        assert await missing(desk, emulator, LARGE) == []
        assert emulator.cells() != before


@pytest.mark.parametrize("keys", [(), ("?",)], ids=["main", "dialog"])
async def test_a_former_size_is_not_taken(home: Paths, keys: tuple[str, ...]) -> None:
    fill(home, [paper(1)])
    async with sitting(home, size=SMALL) as desk:
        await desk.press(*keys)
        for columns in (10, 200, 30):
            desk.app.screen.post_message(events.Resize(Size(columns, 5), Size(columns, 5)))
        await desk.settle()
        assert desk.app.screen.outer_size == SMALL
