"""Acts by query: an order is asked for, counted, confirmed, and done as one act."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest
from textual.widgets import Input

from papers_tui.domain.marks import State
from papers_tui.domain.orders import read_order
from papers_tui.paths import Paths
from papers_tui.ui.screens.acting import question
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.prompt import Prompt

from .desk import SMALL, Desk, deliberate, fill, journal, paper, sitting


@pytest.fixture
def six(home: Paths) -> Paths:
    """Six unread papers, 1 to 6, of which the even ones are by Hinton."""
    authors = {number: ["Geoffrey Hinton" if number % 2 == 0 else "Ada Byron"] for number in range(1, 7)}
    fill(home, [paper(number, authors=authors[number]) for number in range(1, 7)])
    return home


async def order(desk: Desk, text: str) -> None:
    """Types an order over whatever the question begins with, and sends it."""
    await desk.press(":")
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


def states(desk: Desk) -> list[State]:
    return [desk.state(number) for number in range(1, 7)]


@pytest.mark.parametrize(
    ("text", "asked", "state", "said"),
    [
        ("read author:hinton", "Mark read 3 papers found by author:hinton?", State(read=True), "marked read"),
        ("star author:hinton", "Star 3 papers found by", State(read=True, starred=True), "starred"),
        ("later author:hinton", "Put on Later 3 papers", State(read=True, later=True), "put on Later"),
        ("dismiss author:hinton", "Dismiss 3 papers", State(read=True, dismissed=True), "dismissed"),
        (
            'tag "to do" author:hinton',
            "Give the tag to do to 3 papers",
            State(read=True, tags=("to do",)),
            "tagged to do",
        ),
    ],
)
async def test_an_order_asks_with_the_number_and_is_one_act_and_one_undo(
    six: Paths, text: str, asked: str, state: State, said: str
) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press(":")
        assert isinstance(desk.app.screen, Prompt)
        await desk.press(*text, "enter")
        assert isinstance(desk.app.screen, Confirm)
        assert asked in desk.screen_text()
        assert journal(six) == []

        await desk.press("enter")
        assert states(desk) == [State(), state] * 3
        assert desk.flags(2) == state.flags
        assert desk.said == f"{said} · 3 papers · u undoes it"
        assert len(deliberate(six)) == 1

        await desk.press("u")
        assert states(desk) == [State()] * 6


@pytest.mark.parametrize(
    ("key", "text", "asked"),
    [
        ("m", "unread author:byron", "Mark unread 1 paper found"),
        ("s", "unstar is:starred", "Take the star off 1 paper"),
        ("L", "unlater is:later", "Take off Later 1 paper"),
        ("d", "restore is:dismissed", "Bring back 1 paper"),
    ],
)
async def test_a_mark_is_taken_back_by_query(six: Paths, key: str, text: str, asked: str) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press(key)
        before = desk.state(1)
        await order(desk, text)
        assert asked in desk.screen_text()
        await desk.press("y")
        assert desk.state(1) in (State(), State(read=True)), "what it implied stays"
        await desk.press("u")
        assert desk.state(1) == before


async def test_a_tag_is_taken_off_in_any_spelling(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, "tag RL author:hinton")
        await desk.press("enter")
        await order(desk, "tag rl author:hinton OR author:byron")
        assert "Give the tag RL to 3 papers" in desk.screen_text(), "three of the six have it"
        await desk.press("enter")
        assert [state.tags for state in states(desk)] == [("RL",)] * 6
        await order(desk, "untag rl author:byron")
        assert "Take the tag RL off 3 papers" in desk.screen_text()
        await desk.press("enter")
        assert [state.tags for state in states(desk)] == [(), ("RL",)] * 3


async def test_papers_that_have_the_mark_are_neither_counted_nor_touched(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("j", "s", "k", "m")
        assert desk.state(2) == State(starred=True)
        await order(desk, "star author:hinton")
        assert "Star 2 papers" in desk.screen_text()
        await desk.press("enter")
        assert desk.state(2) == State(starred=True), "it is still unread"

        acts = len(journal(six))
        await order(desk, "star author:hinton")
        assert not desk.asked
        assert desk.said == "nothing to change: 3 papers found, and so it is already"
        assert len(journal(six)) == acts


async def test_papers_beyond_the_view_are_meant_too_and_the_list_stays(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("j", "d", "r")
        assert desk.listed == [1, 3, 4, 5, 6]
        await order(desk, "star author:hinton")
        await desk.press("enter")
        assert desk.state(2).starred
        assert desk.listed == [1, 3, 4, 5, 6]


async def test_that_nothing_is_found_is_said(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, "star author:nobody")
        assert not desk.asked
        assert desk.said == "no paper is found by author:nobody"
    assert journal(six) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("strar author:hinton", "column 1: there is no act 'strar' (perhaps star)"),
        ("read", "column 5: nothing says which papers (add a query, such as is:unread)"),
        ("star author:hinton is:stared", "column 23: is: does not know 'stared'"),
        ("tag [b]x[/b] (", "column 14: nothing stands in these parentheses"),
    ],
)
async def test_what_cant_be_read_is_told_and_asked_for_again(six: Paths, text: str, why: str) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, text)
        assert isinstance(desk.app.screen, Prompt)
        assert desk.app.screen.query_one(Input).value == text
        assert why in desk.said
        desk.app.screen.query_one(Input).value = "star author:hinton"
        await desk.press("enter", "enter")
        assert desk.said == "starred · 3 papers · u undoes it"
        assert len(deliberate(six)) == 1


@pytest.mark.parametrize("keys", [("escape",), ("enter",), (*"  ", "enter"), (*"star x", "escape")])
async def test_an_order_may_be_called_off(six: Paths, keys: tuple[str, ...]) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("x", ":", *keys)
        assert not desk.asked
        assert desk.selected == [1]
    assert journal(six) == []


@pytest.mark.parametrize("key", ["escape", "n"])
async def test_without_a_yes_nothing_is_done_and_the_order_is_there_again(six: Paths, key: str) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, "star author:hinton")
        await desk.press(key)
        assert not desk.asked
        assert journal(six) == []
        await desk.press(":")
        assert desk.app.screen.query_one(Input).value == "star author:hinton"


async def test_what_was_done_is_not_offered_again_and_taking_it_back_moves_no_cursor(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await desk.press("j", "j", "j", "j", "j")
        under = desk.papers.current
        await order(desk, "star author:hinton")
        await desk.press("enter")
        await desk.press("u")
        assert desk.said.startswith("undone: starred · 3 papers")
        assert desk.papers.current == under
        await desk.press(":")
        assert desk.app.screen.query_one(Input).value == ""


async def test_former_orders_come_back_and_tab_completes(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, "star author:hinton")
        await desk.press("enter")
        await order(desk, "read author:nobody")
        await order(desk, "later author:nobody")
        await desk.press(":", "up")
        line = desk.app.screen.query_one(Input)
        assert line.value == "read author:nobody", "the last one stands there already"
        await desk.press("up", "up")
        assert line.value == "star author:hinton"
        await desk.press("down", "down")
        assert line.value == "later author:nobody"
        await desk.press("ctrl+u", "d", "tab")
        assert line.value == "dismiss "
        await desk.press(*"is:star", "tab")
        assert line.value == "dismiss is:starred"
        await desk.press(*" zzz", "tab")
        assert "nothing completes this" in desk.screen_text()
        assert line.value == "dismiss is:starred zzz"
        await desk.press(*["backspace"] * 4, "enter")
        assert "Dismiss 3 papers found by is:starred?" in desk.screen_text()


async def test_one_paper_is_told_by_its_title(six: Paths) -> None:
    async with sitting(six, size=SMALL) as desk:
        await order(desk, 'star title:"paper 3"')
        assert "Star 1 paper found by" in desk.screen_text()
        await desk.press("enter")
        assert desk.said == "starred · Paper 3 · u undoes it"


async def test_what_could_not_be_saved_is_told(six: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    async with sitting(six, size=SMALL) as desk:
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", fail)
            await order(desk, "star author:hinton")
            await desk.press("enter")
            assert desk.state(2).starred
            assert "NOT SAVED" in desk.screen_text()


def test_a_long_query_is_cut_in_the_question() -> None:
    asked = question(read_order(f"star {'x' * 5000}", implies_read=True), 1234)
    assert asked.startswith("Star 1,234 papers found by xxx")
    assert asked.endswith("x…?")
    assert len(asked) < 100


def test_a_tag_with_a_colon_is_named_whole_in_the_question() -> None:
    asked = question(read_order("untag to:do:now x", implies_read=True), 1)
    assert asked == "Take the tag to:do:now off 1 paper found by x?"


@pytest.mark.parametrize("size", [(20, 8), (80, 24)])
async def test_the_question_leaves_room_for_the_answers(six: Paths, size: tuple[int, int]) -> None:
    async with sitting(six, size=size) as desk:
        await order(desk, f"star paper {'-nobody ' * 20}")
        assert "Enter: yes" in desk.screen_text()
        assert "Star 6 papers" in desk.screen_text()
        await desk.press("enter")
        assert all(state.starred for state in states(desk))
