"""What is drawn in parts is what would be drawn as a whole."""

from __future__ import annotations

import random
from typing import Any

import pyte
import pytest
from textual._compositor import CompositorUpdate, LayoutUpdate

from papers_tui.paths import Paths
from ui.desk import LARGE, SMALL, Desk, fill, paper, sitting

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

    def cells(self) -> list[list[Any]]:
        """Every cell: its character, colours and attributes."""
        screen = self.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


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
    """All of the screen, drawn anew."""
    return desk.app.screen._compositor.render_full_update()


def as_drawn_anew(desk: Desk, size: tuple[int, int]) -> list[list[Any]]:
    emulator = Emulator(size)
    emulator.take(whole(desk).render_segments(desk.app.console))
    return emulator.cells()


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
            await desk.until(lambda: not desk.app.screen._dirty_widgets)
            assert emulator.cells() == as_drawn_anew(desk, size), key


async def test_a_key_draws_only_what_it_changes(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, [paper(number) for number in range(1, 60)])
    async with sitting(home, size=LARGE) as desk:
        drawn: list[str] = []

        def display(_: object, update: object) -> None:
            assert isinstance(update, CompositorUpdate)
            drawn.append(update.render_segments(desk.app.console))

        monkeypatch.setattr(desk.app, "_display", display)
        await desk.press("j")
        await desk.until(lambda: not desk.app.screen._dirty_widgets)
        text = "".join(drawn)
        assert "Paper 2" in text
        assert "Paper 5" not in text
        assert "Dismissed" not in text
