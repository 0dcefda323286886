"""The user's tags as such, from the app."""

from __future__ import annotations

import errno
import os

import pytest
from textual.widgets import Input

from papers_tui import rulebook, saved_views
from papers_tui.domain import marks
from papers_tui.domain.rules import Rule
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.saved_views import SavedView
from papers_tui.ui.screens import carrying

from .desk import Desk, deliberate, fill, identity, paper, sitting


@pytest.fixture
def six(home: Paths) -> Paths:
    """Six papers, 1 to 4 of them tagged `rl`, 3 to 5 `World models`."""
    fill(home, [paper(n) for n in range(1, 7)])
    with Library(home) as library:
        for name, numbers in (("rl", range(1, 5)), ("World models", range(3, 6))):
            rows = [library.resolve(identity(number)) for number in numbers]
            library.mark(rows, marks.tags([name], [], implies_read=False))
    return home


def _tags(desk: Desk) -> dict[str, int]:
    return {tag.name: tag.total for tag in desk.app.library.counts().labels["tag"]}


async def _open(desk: Desk, name: str) -> None:
    for _ in range(20):
        if desk.view == f"tag:{name}":
            return
        await desk.press("]")
    raise AssertionError(f"no view of {name}")


async def _answer(desk: Desk, text: str) -> None:
    desk.app.screen.query_one(Input).value = text
    await desk.press("enter")


@pytest.fixture(params=[0, 200], ids=["beside the keys", "at once"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "AT_ONCE", request.param)


@pytest.mark.usefixtures("few")
async def test_a_tag_is_renamed_and_its_view_follows(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("j", "M", "n")
        await _answer(desk, "#reinforcement")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said == "rl is now reinforcement · 4 papers · u undoes it"
        assert (desk.view, desk.listed, desk.current) == ("tag:reinforcement", [1, 2, 3, 4], 2)
        assert desk.state(2).tags == ("reinforcement",)
        await desk.until(lambda: desk.count("tag:reinforcement") == "4")
        await desk.press("u")
        assert _tags(desk) == {"rl": 4, "World models": 3}
        assert desk.said.startswith("undone: tagged reinforcement and untagged rl · 4 papers")
    assert deliberate(six) == ["tag"] * 4


@pytest.mark.usefixtures("few")
async def test_a_tag_is_merged_into_another_that_is_picked(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "m")
        assert "3 papers" in desk.screen_text()
        await desk.press("a")
        assert "Merge the tag rl, on 4 papers, into World models?" in desk.screen_text()
        await desk.press("y")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said == "rl is now World models · 4 papers · u undoes it"
        assert (desk.view, desk.listed) == ("tag:World models", [1, 2, 3, 4, 5])
        await desk.press("u")
        assert _tags(desk) == {"rl": 4, "World models": 3}


@pytest.mark.usefixtures("few")
async def test_a_tag_is_deleted_after_a_question_with_the_number(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "x")
        assert "Take the tag rl off 4 papers?" in desk.screen_text()
        await desk.press("n")
        assert _tags(desk) == {"rl": 4, "World models": 3}
        await desk.press("M", "x", "y")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said == "rl is deleted · 4 papers · u undoes it"
        assert desk.view == "inbox"
        assert _tags(desk) == {"World models": 3}
        await desk.press("u")
        assert _tags(desk) == {"rl": 4, "World models": 3}


async def test_a_name_that_is_taken_asks_before_the_tags_are_merged(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "n")
        await _answer(desk, "world MODELS")
        assert "into World models?" in desk.screen_text()
        await desk.press("escape")
        assert _tags(desk) == {"rl": 4, "World models": 3}
        await desk.press("M", "n")
        await _answer(desk, "RL")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said.startswith("rl is now RL")
        assert desk.view == "tag:RL"


@pytest.mark.parametrize(("name", "said"), [("rl", ""), (" # ", "holds no name for a tag")])
async def test_a_name_that_is_none_or_the_same_changes_nothing(six: Paths, name: str, said: str) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "n")
        await _answer(desk, name)
        assert said in desk.said
        assert desk.view == "tag:rl"
    assert deliberate(six) == ["tag"] * 2


async def test_where_there_is_one_tag_there_is_none_to_merge_it_into(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "x", "y")
        await _open(desk, "World models")
        await desk.press("M")
        assert "Rename" in desk.screen_text()
        assert "Merge" not in desk.screen_text()


async def test_a_tag_that_is_no_more_is_told(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "n")
        await _answer(desk, "agents")
        await desk.press("u", "M")
        assert not desk.asked
        assert "no paper carries 'agents'" in desk.said


async def test_what_a_full_disk_does_not_take_is_kept_in_memory(
    six: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(carrying, "AT_ONCE", 0)
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "x")
        with monkeypatch.context() as disk:
            disk.setattr(os, "write", full)
            await desk.press("y")
            await desk.until(lambda: "undoes" in desk.said)
            assert "NOT SAVED: No space left on device" in desk.screen_text()
            assert desk.app.library.unsaved == 1
            assert desk.state(1).tags == ()
        await desk.until(desk.app.library.flush)
        assert _tags(desk) == {"World models": 3}
    assert deliberate(six) == ["tag"] * 3


async def test_views_and_rules_that_name_a_tag_follow_it_and_go_back_with_it(six: Paths) -> None:
    saved_views.edit(six.views_file, lambda _: (SavedView("Reading", "tag:rl is:unread"),))
    rulebook.edit(six.rules_file, lambda _: (Rule("Sixth", 'title:"paper 6"', ("tag:rl",)),))
    six.config_file.write_text('[[rules]]\nname = "Mine"\nwhen = "nothing"\ndo = "tag:rl"\n')
    async with sitting(six) as desk:
        await desk.until(lambda: desk.state(6).tags == ("rl",))
        await _open(desk, "rl")
        await desk.press("M", "n")
        await _answer(desk, "agents")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said == (
            "rl is now agents · 5 papers and the view Reading, the rule Sixth · u undoes it · "
            f"{six.config_file} still gives rl: Mine"
        )
        assert saved_views.load(six.views_file)[0][0].query == "tag:agents is:unread"
        assert rulebook.load(six).kept[0].do == ("tag:agents",)
        assert desk.state(6).tags == ("agents",)
        await desk.until(lambda: desk.count("view:Reading") == "5")
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone: tagged agents and untagged rl"))
        assert saved_views.load(six.views_file)[0][0].query == "tag:rl is:unread"
        assert rulebook.load(six).kept[0].do == ("tag:rl",)
        assert desk.state(6).tags == ("rl",)
        await desk.press("ctrl+r")
        await desk.until(lambda: saved_views.load(six.views_file)[0][0].query == "tag:agents is:unread")
        await desk.until(lambda: _tags(desk) == {"agents": 5, "World models": 3})


async def test_before_a_tag_is_deleted_those_that_name_it_are_named(six: Paths) -> None:
    saved_views.edit(six.views_file, lambda _: (SavedView("Reading", "tag:rl is:unread"),))
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "x")
        assert "It is still named by the view Reading." in " ".join(desk.screen_text().split())


async def test_views_that_cant_follow_are_told(six: Paths) -> None:
    async with sitting(six) as desk:
        await _open(desk, "rl")
        saved_views.edit(six.views_file, lambda _: (SavedView("Reading", "tag:rl"),))
        six.views_file.with_name(".views.toml.lock").unlink()
        six.views_file.with_name(".views.toml.lock").mkdir()
        await desk.press("M", "n")
        await _answer(desk, "agents")
        await desk.until(lambda: "undoes" in desk.said)
        assert desk.said.startswith("rl is now agents · 4 papers · u undoes it · ")
        assert "views.toml: not changed" in desk.said


async def test_a_renaming_that_was_undone_elsewhere_takes_nothing_else_back(six: Paths) -> None:
    saved_views.edit(six.views_file, lambda _: (SavedView("Reading", "tag:rl"),))
    async with sitting(six) as desk:
        await _open(desk, "rl")
        await desk.press("M", "n")
        await _answer(desk, "agents")
        await desk.until(lambda: "undoes" in desk.said)
        with Library(six) as other:
            other.sync()
            other.undo()
        await desk.press("u")
        await desk.until(lambda: desk.said == "undone: the view Reading: rl is now agents")
        assert saved_views.load(six.views_file)[0][0].query == "tag:rl"
        await desk.focus_app()
        assert _tags(desk) == {"rl": 4, "World models": 3}
