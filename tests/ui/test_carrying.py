"""Acts on many papers: they are done beside the keys, one after the other, and nothing of them is lost."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from textual.widgets import Input

from papers_tui.domain.marks import State
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.screens import carrying, undoing
from papers_tui.ui.screens.prompt import Prompt

from .desk import SMALL, Desk, deliberate, fill, identity, paper, sitting


@pytest.fixture
def six(home: Paths, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """Six unread papers, 1 to 6, where four are many."""
    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    monkeypatch.setattr(undoing, "AT_ONCE", 3)
    fill(home, [paper(number) for number in range(1, 7)])
    return home


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """What is done beside the keys waits until this is set."""
    event, done_beside = threading.Event(), carrying._done_beside

    def waiting(paths: Paths, do: Callable[[Library], object]) -> tuple[object, bool]:
        assert event.wait(60)
        return done_beside(paths, do)

    monkeypatch.setattr(carrying, "_done_beside", waiting)
    yield event
    event.set()


def _starred(desk: Desk) -> list[int]:
    return [number for number in range(1, 7) if desk.state(number).starred]


async def test_keys_move_and_are_shown_what_goes_on_meanwhile(six: Paths, gate: threading.Event) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("*", "s")
        assert desk.selected == []
        assert "changing 6 papers …" in desk.screen_lines()[-1]
        await desk.press("j", "j")
        assert desk.current == 3
        assert _starred(desk) == []
        gate.set()
        await desk.until(lambda: desk.said.startswith("starred · 6 papers"))
        assert _starred(desk) == [1, 2, 3, 4, 5, 6]
        assert desk.current == 3
        assert "changing" not in desk.screen_lines()[-1]
    assert deliberate(six) == ["star"]


async def test_later_acts_wait_for_their_turn_and_are_taken_back_in_order(
    six: Paths, gate: threading.Event
) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("*", "s", "L", "j", "d")
        assert desk.current == 4, "the cursor moves on at once"
        assert deliberate(six) == []
        gate.set()
        await desk.until(lambda: desk.said.startswith("dismissed"))
        assert deliberate(six) == ["star", "later", "dismiss"]
        assert desk.state(1) == State(read=True, starred=True, later=True)
        assert desk.state(3).dismissed
        gate.clear()
        await desk.press("u", "u", "u", "u")
        gate.set()
        await desk.until(lambda: desk.said == "nothing to undo")
        assert {desk.state(number) for number in range(1, 7)} == {State()}
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.said.startswith("redone: starred"))
        assert _starred(desk) == [1, 2, 3, 4, 5, 6]


async def test_what_happens_by_itself_meanwhile_is_kept(six: Paths, gate: threading.Event) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("*", "L", "enter")
        assert desk.state(1) == State(read=True), "it was opened"
        gate.set()
        await desk.until(lambda: desk.said.startswith("put on Later"))
        assert desk.state(1) == State(read=True, later=True)
    with Library(six) as library:
        library.sync()
        assert library.holding(library.resolve(identity(1))).state == State(read=True, later=True)


async def test_leaving_waits_for_what_was_begun(six: Paths, gate: threading.Event) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("*", "s", "L", "q")
        assert desk.said == "leaving when this is done …"
        assert desk.app.is_running
        gate.set()
        await desk.until(lambda: desk.app.return_code is not None or not desk.app.is_running)
    assert deliberate(six) == ["star", "later"]


async def test_an_order_is_done_beside_the_keys(six: Paths, gate: threading.Event) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press(":")
        desk.app.screen.query_one(Input).value = "dismiss paper"
        await desk.press("enter")
        await desk.until(lambda: "Dismiss 6 papers found by paper?" in desk.screen_text())
        await desk.press("enter", "j")
        assert desk.current == 2
        gate.set()
        await desk.until(lambda: desk.said == "dismissed · 6 papers · u undoes it")


async def test_nobody_says_yes_before_the_number_is_known(
    six: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, find = threading.Event(), carrying._found_beside

    def finding(*args: Any) -> object:
        assert known.wait(60)
        return find(*args)

    monkeypatch.setattr(carrying, "_found_beside", finding)
    async with sitting(six, size=SMALL) as desk:
        await desk.press(":")
        desk.app.screen.query_one(Input).value = "star paper"
        await desk.press("enter", "enter", "y")
        assert "Looking at 6 papers …" in desk.screen_text()
        assert deliberate(six) == []
        known.set()
        await desk.until(lambda: "Star 6 papers found by paper?" in desk.screen_text())
        known.clear()
        await desk.press("escape", ":", "enter", "escape")
        known.set()
        await desk.settle()
        assert not desk.asked, "it was called off"
    assert deliberate(six) == []


async def test_all_that_are_listed_are_marked_read_beside_the_keys(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("m", "A")
        await desk.until(lambda: "Mark 5 papers read?" in desk.screen_text())
        await desk.press("enter")
        await desk.until(lambda: desk.said == "marked read · 5 papers")
        await desk.press("A")
        await desk.until(lambda: desk.said == "all of them are read")
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone"))
        await desk.press("G", "{")
        await desk.until(lambda: desk.said == "marked read · 4 papers")
        await desk.press("{")
        await desk.until(lambda: desk.said == "nothing unread there")


async def test_tags_that_many_papers_share_are_looked_up_beside_the_keys(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        for names in ("rl, agents", "agents"):
            await desk.press("*", "t")
            await desk.until(lambda: isinstance(desk.app.screen, Prompt))
            desk.app.screen.query_one(Input).value = names
            await desk.press("enter")
            await desk.until(lambda: "tagged" in desk.said)
            assert {desk.state(number).tags for number in range(1, 7)} == {tuple(sorted(names.split(", ")))}


async def test_what_a_full_disk_does_not_take_is_kept_in_memory(
    six: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with sitting(six, size=SMALL) as desk:
        await desk.press("*", "s")
        await desk.until(lambda: desk.said.startswith("starred"))
        with monkeypatch.context() as disk:
            disk.setattr(os, "write", full)
            await desk.press("u")
            await desk.until(lambda: desk.said.startswith("undone"))
            assert "NOT SAVED: No space left on device" in desk.screen_text()
            assert _starred(desk) == []
            assert desk.app.library.unsaved == 1
        await desk.until(desk.app.library.flush)
    assert deliberate(six) == ["star", "star"]
