"""Rules as such, from the app."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from papers_tui import rulebook
from papers_tui.domain.rules import Rule
from papers_tui.paths import Paths
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.ruling import described

from .desk import SMALL, Desk, deliberate, fill, paper, sitting

MAPS = Rule("No maps", "title:maps", ("dismiss",))
KERNELS = Rule("Kernels", "title:kernels", ("later", "tag:os"))


@pytest.fixture
def four(home: Paths) -> Paths:
    """Four papers, the odd ones about maps, the even ones about kernels; a rule by hand, and two others."""
    topics = ("maps", "kernels") * 2
    fill(home, [paper(n, f"On {topic} {n}") for n, topic in enumerate(topics, 1)])
    home.config_file.write_text('[[rules]]\nname = "Mine"\nwhen = "title:\\"on kernels 4\\""\ndo = "read"\n')
    rulebook.edit(home.rules_file, lambda _: (MAPS, KERNELS))
    return home


async def _ruled(desk: Desk) -> None:
    await desk.until(lambda: desk.state(1).dismissed and desk.state(2).later)


async def _answer(desk: Desk, text: str) -> None:
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


def _kept(paths: Paths) -> tuple[Rule, ...]:
    return rulebook.load(paths).kept


@pytest.mark.parametrize("size", [SMALL, (160, 50)])
async def test_all_rules_are_listed_with_what_they_do_and_to_how_many(
    four: Paths, size: tuple[int, int]
) -> None:
    async with sitting(four, size=size) as desk:
        await _ruled(desk)
        await desk.press("g", "D")
        await desk.until(lambda: "counting" not in desk.screen_text())
        lines = [line for line in desk.screen_lines() if "→" in line and "paper" in line]
        assert [line.split(maxsplit=1)[1].strip() for line in lines] == [
            '1 paper          1 Mine: title:"on kernels 4" → read',
            "2 papers         2 No maps: title:maps → dismiss",
            "2 papers         3 Kernels: title:kernels → later, tag:os",
        ]
        await desk.press("escape")
        assert not desk.asked


async def test_a_rule_is_removed_with_all_it_did_and_comes_back_with_undo(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("g", "D", "s", "x")
        await desk.until(lambda: desk.said == "removed the rule No maps · u undoes it")
        assert not desk.state(1).dismissed
        assert _kept(four) == (KERNELS,)
        await desk.press("u")
        await desk.until(lambda: desk.said == "undone: removed the rule No maps")
        assert desk.state(1).dismissed
        assert _kept(four) == (MAPS, KERNELS)
    assert deliberate(four) == []


async def test_undo_takes_back_whatever_was_done_last(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("s")
        first = desk.listed[0]
        await desk.press("g", "D", "s", "x")
        await desk.until(lambda: desk.said.startswith("removed"))
        await desk.press("G", "m", "u")
        assert desk.said.startswith("undone: marked"), "what was done to a paper comes first"
        assert _kept(four) == (KERNELS,)
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone: removed"))
        assert desk.state(first).starred
        await desk.press("u")
        assert not desk.state(first).starred


async def test_a_rule_is_renamed_moved_and_given_another_query_and_other_deeds(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("g", "D", "s", "n")
        await _answer(desk, "No atlas")
        await desk.until(lambda: desk.said == "the rule No maps is now No atlas · u undoes it")
        await desk.press("g", "D", "s", "q")
        await _answer(desk, "title:atlas")
        await desk.until(lambda: desk.said == "changed the rule No atlas · u undoes it")
        assert not desk.state(1).dismissed
        await desk.press("g", "D", "d", "w")
        assert desk.app.screen.query_one(Input).value == "later, tag:os"
        await _answer(desk, "dismiss")
        await desk.until(lambda: desk.state(2).dismissed and not desk.state(2).later)
        await desk.until(lambda: desk.said.startswith("changed the rule Kernels"))
        await desk.press("g", "D", "d", "u")
        await desk.until(lambda: desk.said == "moved the rule Kernels up · u undoes it")
        assert _kept(four) == (
            Rule("Kernels", "title:kernels", ("dismiss",)),
            Rule("No atlas", "title:atlas", ("dismiss",)),
        )
        await desk.press("u", "u", "u", "u")
        await desk.until(lambda: _kept(four) == (MAPS, KERNELS))
        await _ruled(desk)


@pytest.mark.parametrize(
    ("key", "typed", "why"),
    [
        ("q", "title:(", "column"),
        ("q", "is:read", "feed on itself"),
        ("w", "dance", "nothing a rule can do"),
        ("n", "  ", "can be shown"),
    ],
)
async def test_what_can_not_be_is_told_and_asked_for_again(
    four: Paths, key: str, typed: str, why: str
) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("g", "D", "s", key)
        await _answer(desk, typed)
        assert isinstance(desk.app.screen, Prompt)
        assert desk.app.screen.query_one(Input).value == typed
        assert why in " ".join(desk.screen_text().split())
        await desk.press("escape")
    assert _kept(four) == (MAPS, KERNELS)


async def test_a_name_that_another_rule_has_is_told(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("g", "D", "s", "n")
        await _answer(desk, "kernels")
        await desk.until(lambda: "another rule has this name" in desk.said)
    assert _kept(four) == (MAPS, KERNELS)


async def test_a_rule_by_hand_says_where_it_is_written(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("g", "D", "a")
        text = "".join(desk.screen_text().split())
        assert f"writtenbyhand:changeitin{four.config_file}" in text
        assert "Remove" not in desk.screen_text()
        await desk.press("p")
        assert desk.listed == [4]
        await desk.press("M")
        assert "Rule 1 Mine" in desk.screen_text()
        await desk.press("escape", "escape")
        assert desk.view == "inbox"


async def test_the_dismissed_view_and_the_reason_in_the_detail_lead_to_the_rules(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        while desk.view != "dismissed":
            await desk.press("]")
        await desk.press("M")
        assert isinstance(desk.app.screen, Picker)
        assert "at work on this paper: 2" in desk.screen_text()
        await desk.press("escape")
        await desk.click_on("dismissed by rule 2")
        assert isinstance(desk.app.screen, Picker)


async def test_where_there_is_no_rule_the_way_to_one_is_told(home: Paths) -> None:
    fill(home, [paper(1)])
    async with sitting(home) as desk:
        await desk.press("g", "D")
        assert desk.said == "there is no rule yet; D on a paper makes one"


async def test_a_demo_has_no_rules(home: Paths) -> None:
    async with sitting(home, demo=True) as desk:
        await desk.press("g", "D")
        assert "a demo keeps nothing" in desk.said


async def test_rules_that_were_changed_elsewhere_meanwhile_stay(four: Paths) -> None:
    other = Rule("Elsewhere", "title:nothing", ("read",))
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("g", "D", "s", "x")
        await desk.until(lambda: desk.said.startswith("removed"))
        rulebook.edit(four.rules_file, lambda rules: rulebook.added(rules, other))
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone"))
    assert _kept(four) == (MAPS, KERNELS, other)


async def test_a_file_that_can_no_longer_be_read_is_told_and_undo_goes_on(four: Paths) -> None:
    async with sitting(four) as desk:
        await _ruled(desk)
        await desk.press("s", "g", "D", "s", "x")
        await desk.until(lambda: desk.said.startswith("removed"))
        four.rules_file.write_text("rules = [[")
        await desk.press("u")
        await desk.until(lambda: "it is not TOML" in desk.said)
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone: starred"))
    assert four.rules_file.read_text() == "rules = [["


def test_a_rule_that_is_named_by_its_query_is_told_briefly() -> None:
    assert described(3, Rule("mute author:x", "author:x", ("dismiss",))) == "3 mute author:x → dismiss"
    assert described(1, Rule("author:x", "author:x", ("read", "later"))) == "1 author:x → read, later"
