"""Muting from the app: what is offered, asked and hidden."""

from __future__ import annotations

import pytest

from papers_tui import rulebook
from papers_tui.domain.rules import Rule
from papers_tui.paths import Paths
from papers_tui.ui.screens.muting import free_name

from .desk import deliberate, fill, paper, sitting


@pytest.fixture
def four(home: Paths) -> Paths:
    """Four unread papers: 1, the newest, to 4; the even ones are about kernels."""
    topics = ("maps", "kernels") * 2
    fill(home, [paper(n, f"On {topic} {n}", categories=["cs.CL"]) for n, topic in enumerate(topics, 1)])
    return home


async def test_an_author_is_muted_and_comes_back_with_the_rule(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("D", "s")
        assert "That hides 1 paper now" in desk.screen_text()
        await desk.press("y")
        await desk.until(lambda: desk.state(1).dismissed)
        await desk.until(lambda: desk.said.startswith("muted by the rule mute author:"))
        assert desk.said.endswith(" · u undoes it")
        assert not any(desk.state(number).dismissed for number in (2, 3, 4))
        await desk.until(lambda: "dismissed by rule 1: mute author:" in desk.screen_text())
        rulebook.edit(four.rules_file, lambda _: ())
        await desk.focus_app()
        await desk.until(lambda: not desk.state(1).dismissed)
    assert deliberate(four) == []


async def test_muting_is_taken_back_by_the_key_that_takes_back_everything(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("s", "k", "D", "f", "y")
        await desk.until(lambda: desk.state(4).dismissed)
        await desk.until(lambda: desk.said.startswith("muted"))
        await desk.press("u")
        await desk.until(lambda: desk.said == "undone: muted by the rule mute cat:=cs.CL")
        assert rulebook.load(four).rules == ()
        assert not any(desk.state(number).dismissed for number in (1, 2, 3, 4))
        assert desk.state(1).starred, "what was done before stays"
        await desk.press("ctrl+r")
        await desk.until(lambda: desk.said == "redone: muted by the rule mute cat:=cs.CL")
        assert desk.state(4).dismissed
        await desk.press("u", "u")
        await desk.until(lambda: desk.said.startswith("undone: starred"))
        assert not desk.state(1).starred
        assert not desk.state(4).dismissed


async def test_a_phrase_is_muted_and_bringing_back_counts_for_more(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("D", "a")
        await desk.press("ctrl+u")
        await desk.write("on kernels")
        await desk.press("enter")
        assert 'Mute "on kernels"? That hides 2 papers now' in " ".join(desk.screen_text().split())
        await desk.press("enter")
        await desk.until(lambda: desk.state(2).dismissed and desk.state(4).dismissed)
        await desk.press("j")
        assert desk.current == 2
        await desk.press("d")
        assert not desk.state(2).dismissed
    assert rulebook.load(four).rules == (Rule('mute "on kernels"', '"on kernels"', ("dismiss",)),)


async def test_saying_no_changes_nothing(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("D", "f")
        assert "That hides 4 papers now" in desk.screen_text()
        await desk.press("escape")
        await desk.press("D", "escape")
        assert not desk.asked
    assert not four.rules_file.exists()


async def test_what_can_not_be_saved_is_told(four: Paths) -> None:
    four.rules_file.write_text("rules = [[")
    async with sitting(four) as desk:
        await desk.press("D", "f")
        await desk.press("y")
        await desk.until(lambda: "it is not TOML" in desk.said)
        assert not desk.state(1).dismissed
    assert four.rules_file.read_text() == "rules = [["


async def test_rules_by_hand_hold_at_the_start(four: Paths) -> None:
    four.config_file.write_text('[[rules]]\nwhen = "title:maps"\ndo = "later"\n')
    async with sitting(four) as desk:
        await desk.until(lambda: desk.state(1).later and desk.state(3).later)


def test_two_rules_never_share_a_name() -> None:
    first = Rule(free_name((), "a" * 90), "a" * 90, ("dismiss",))
    assert free_name((first,), "a" * 90) == first.name
    other = free_name((first,), "a" * 91)
    assert other != first.name
    assert len(other) <= 60
