"""Keys that come all at once do what they do when they are typed slowly."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.widgets import Input

from papers_tui.paths import Paths
from papers_tui.ui.panes.filter_line import FilterLine

from .desk import deliberate, fill, key_event, paper, sitting


@pytest.fixture
def five(home: Paths) -> Paths:
    """Five unread papers: 1, the newest, to 5."""
    topics = ("kernels", "policies", "kernels for music", "agents", "policies for agents")
    fill(home, [paper(number, f"Learning {topic}") for number, topic in enumerate(topics, 1)])
    return home


async def test_a_filter_gets_every_letter(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.burst(*"/agents")
        await desk.until(lambda: desk.pane(FilterLine).typed[0] == "agents")
        await desk.until(lambda: sorted(desk.listed) == [4, 5])
    assert deliberate(five) == []


async def test_what_comes_behind_enter_goes_to_the_list(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.burst(*"/agents", "enter", "j", "s")
        await desk.until(lambda: deliberate(five) == ["star"])
        assert desk.state(desk.listed[1]).starred
        assert sorted(desk.listed) == [4, 5]


async def test_a_prompt_gets_every_letter_and_gives_way_again(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.burst("t", *"moe", "enter", "j", "j", "s")
        await desk.until(lambda: desk.state(1).tags == ("moe",) and desk.state(3).starred)
        assert not desk.asked


@pytest.mark.parametrize("pause", [0, 0.001, 0.01])
async def test_a_prompt_that_is_only_coming_gets_every_letter(five: Paths, pause: float) -> None:
    async with sitting(five) as desk:
        for key in ("t", *"moe", "enter", "j", "s"):
            desk.app.post_message(key_event(key))
            await asyncio.sleep(pause)
        await desk.until(lambda: desk.state(1).tags == ("moe",) and desk.state(2).starred)


async def test_two_chords_and_an_act_in_a_row(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.burst("G", "g", "g", "j", "d", "u")
        await desk.until(lambda: deliberate(five) != [])
        await desk.settle()
        assert [desk.state(number).dismissed for number in range(1, 6)] == [False] * 5


async def test_pasted_text_keeps_its_place_among_keys(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.burst("t")
        desk.app.post_message(events.Paste("mixture"))
        await desk.burst("s")
        await desk.until(lambda: desk.asked)
        await desk.until(lambda: desk.app.screen.query_one(Input).value == "mixtures")


async def test_a_key_of_which_nothing_is_heard_holds_up_nothing(
    five: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papers_tui.ui.typing_ahead._LOST_SECONDS", 0.05)
    async with sitting(five) as desk:
        with monkeypatch.context() as deaf:
            deaf.setattr(desk.app, "_over", lambda _: None)
            for _ in range(3):
                desk.app.post_message(key_event("j"))
            while desk.listed[desk.papers.cursor] != 4:
                await desk.pilot.pause(0.01)
        await desk.press("k")
        assert desk.current == 3
