"""Deciding on papers with the keys: what each act leaves behind, where the cursor goes, and taking it back."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, TextArea

from papers_tui.config import Config
from papers_tui.domain import marks
from papers_tui.domain.marks import DISMISSED, READ, STARRED, State
from papers_tui.journal.journal import _Writer
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.panes.status import StatusLine

from .desk import Desk, deliberate, fill, fill_from, identity, journal, paper, sitting


@pytest.fixture
def ten(home: Paths) -> Paths:
    """Ten unread papers: 1, the newest, to 10."""
    fill(home, [paper(number) for number in range(1, 11)])
    return home


# ------------------------------------------------------------------------------------------------ the keys


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("m", State(read=True)),
        ("s", State(read=True, starred=True)),
        ("d", State(read=True, dismissed=True)),
        ("L", State(read=True, later=True)),
    ],
)
async def test_a_triage_key_marks_the_paper_and_moves_on_and_u_takes_it_back(
    ten: Paths, key: str, state: State
) -> None:
    async with sitting(ten) as desk:
        await desk.press("j", key)
        assert desk.state(2) == state
        assert desk.flags(2) == state.flags
        assert desk.current == 3
        assert len(deliberate(ten)) == 1

        await desk.press("u")
        assert desk.state(2) == State()
        assert desk.flags(2) == 0
        assert desk.current == 2

        await desk.press("ctrl+r")
        assert desk.state(2) == state
        assert desk.current == 2


@pytest.mark.parametrize("key", ["m", "s", "d", "L"])
async def test_the_same_key_takes_the_mark_away_again(ten: Paths, key: str) -> None:
    async with sitting(ten) as desk:
        await desk.press(key, "k", key)
        assert desk.state(1) == State(read=key != "m")


async def test_the_list_is_frozen(ten: Paths) -> None:
    async with sitting(ten) as desk:
        before = desk.listed
        await desk.press("m", "d", "L", "s")
        assert desk.view == "inbox"
        assert desk.listed == before
        assert [desk.flags(number) & READ for number in before] == [READ] * 4 + [0] * 6
        assert desk.current == 5

        await desk.press("r")
        assert desk.listed == [5, 6, 7, 8, 9, 10]
        assert desk.current == 5


async def test_a_read_paper_is_drawn_dimmer_and_without_its_sign(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("m", "j")
        read, unread, _ = desk.pane_lines(desk.papers)[:3]
        assert read.strip().startswith("Paper 1")
        assert not unread.strip().startswith("Paper 2")
        read_style, unread_style = (
            next(segment.style for segment in desk.papers.render_line(line) if "Paper" in segment.text)
            for line in (0, 1)
        )
        assert read_style
        assert unread_style
        assert (unread_style.bold, read_style.bold) == (True, None)


async def test_acts_move_on_in_the_direction_of_the_last_move(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("G", "k", "s")
        assert desk.current == 8
        await desk.press("m")
        assert desk.current == 7
        await desk.press("j", "m")
        assert desk.current == 9


async def test_acts_at_the_ends_of_the_list_stay_on_the_paper(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("j", "G", "j", "s")
        assert desk.current in {9, 10}
        assert desk.state(10).starred
        await desk.press("g", "g", "k", "s")
        assert desk.state(1).starred


async def test_a_full_stop_does_the_last_act_again(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press(".")
        assert journal(ten) == []
        await desk.press("s", ".", ".")
        assert [desk.state(number).starred for number in (1, 2, 3, 4)] == [True, True, True, False]
        assert desk.current == 4

        await desk.press("g", "g", "s")  # takes the star of 1 away, which is then the act to repeat
        assert (desk.state(1).starred, desk.current) == (False, 2)
        await desk.press(".")
        assert (desk.state(2).starred, desk.state(3).starred) == (False, True)


async def test_repeating_means_the_same_mark_and_not_the_other_way_round(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "k", ".")
        assert desk.state(1).starred
        assert len(deliberate(ten)) == 1


async def test_tags_are_repeated_too(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("t")
        await desk.write("rl, agents")
        await desk.press("enter", "j", ".")
        assert desk.state(1).tags == ("agents", "rl")
        assert desk.state(2).tags == ("agents", "rl")


async def test_undo_and_redo_go_back_and_forth_over_many_acts(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "d", "m", "L", "s")
        after = [desk.state(number) for number in range(1, 6)]
        await desk.press(*"uuuuu")
        assert [desk.state(number) for number in range(1, 6)] == [State()] * 5
        assert desk.current == 1
        await desk.press("u")
        assert desk.current == 1
        await desk.press(*["ctrl+r"] * 5)
        assert [desk.state(number) for number in range(1, 6)] == after
        written = len(journal(ten))
        await desk.press("ctrl+r")
        assert len(journal(ten)) == written


async def test_a_new_act_ends_what_could_be_done_again(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "u", "d", "ctrl+r")
        assert desk.state(1) == State(read=True, dismissed=True)


async def test_undo_works_after_a_restart_and_returns_to_the_paper(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("j", "j", "s", "d")
    async with sitting(ten) as desk:
        await desk.press("]", "]", "]")  # All: the dismissed one is not in it
        assert desk.view == "all"
        await desk.press("u")
        assert desk.state(4) == State()
        await desk.press("u")
        assert desk.state(3) == State()
        assert desk.current == 3
        await desk.press("u")
        assert [desk.state(number) for number in range(1, 11)] == [State()] * 10
        await desk.press("ctrl+r")
        assert desk.state(3).starred


async def test_undo_of_a_paper_that_is_not_in_the_list_leaves_the_cursor(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "r", "j")
        assert desk.current == 3
        await desk.press("u")
        assert desk.state(1) == State()
        assert desk.current == 3


# -------------------------------------------------------------------------------------------- tags and notes


async def test_tags_are_given_and_taken_away(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("t")
        await desk.write("to read,  RL ,#agents,rl")
        await desk.press("enter")
        assert desk.state(1).tags == ("RL", "agents", "to read")
        assert desk.state(1).read
        assert desk.current == 1

        await desk.press("t")
        line = desk.app.screen.query_one(Input)
        assert {"RL", "agents", "to read"} == {part.strip() for part in line.value.split(",")} - {""}
        line.value = "agents"
        await desk.press("enter")
        assert desk.state(1).tags == ("agents",)

        await desk.press("u")
        assert desk.state(1).tags == ("RL", "agents", "to read")
        await desk.press("u")
        assert desk.state(1) == State()


async def test_esc_leaves_the_tags_as_they_were(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("t")
        await desk.write("rl")
        await desk.press("escape")
        assert not desk.asked
        assert journal(ten) == []


async def test_a_known_tag_keeps_its_spelling_and_is_offered(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("t")
        await desk.write("World Models")
        await desk.press("enter", "j", "t")
        await desk.write("wor")
        await desk.press("tab")
        assert desk.app.screen.query_one(Input).value.startswith("World Models")
        await desk.write("world models")
        await desk.press("enter")
        assert desk.state(2).tags == ("World Models",)
        await desk.until(lambda: desk.count("tag:World Models") == "2")


async def test_tab_takes_what_fits_best_and_tab_again_the_next(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("x", "x", "t")
        await desk.write("swarm")
        await desk.press("enter", "t")
        await desk.write("models, World models")
        await desk.press("enter", "j", "t")
        line = desk.app.screen.query_one(Input)
        assert "Tab: swarm  models  World models" in desk.screen_text(), "the most used first"
        line.value = "new, mo"
        await desk.press("tab")
        assert line.value == "new, models, "
        assert "Tab: World models  " in desk.screen_text()
        await desk.press("tab")
        assert line.value == "new, World models, "
        await desk.press("tab")
        assert line.value == "new, models, "
        await desk.write("#wm")
        assert "Tab: swarm  World models" in desk.screen_text()
        await desk.press("tab", "tab", "enter")
        assert desk.state(4).tags == ("World models", "models", "new")


async def test_one_tag_that_fits_is_taken_once(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("t")
        await desk.write("agents, rl")
        await desk.press("enter", "j", "t")
        await desk.write("ag")
        await desk.press("tab", "tab", "tab")
        assert desk.app.screen.query_one(Input).value == "agents, "
        assert "the only one" in desk.screen_text()
        await desk.write("zz")
        assert "a new tag" in desk.screen_text()
        await desk.press("tab", "enter")
        assert desk.state(2).tags == ("agents", "zz")


async def test_a_note_is_saved_by_leaving_it(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("j", "i")
        await desk.write("Try this: [b]")
        await desk.press("enter")
        await desk.write("q u")
        await desk.press("escape")
        assert desk.state(2).note == "Try this: [b]\nq u"
        assert desk.current == 2
        assert "Try this: [b]" in "\n".join(desk.pane_lines(desk.detail))

        await desk.press("i")
        assert desk.app.screen.query_one(TextArea).text == "Try this: [b]\nq u"
        await desk.press("escape")
        assert len(deliberate(ten)) == 1

        await desk.press("u")
        assert desk.state(2) == State()


async def test_an_emptied_note_is_gone_and_comes_back_by_undo(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("i")
        await desk.write("x")
        await desk.press("escape", "i", "backspace", "escape")
        assert desk.state(1).note == ""
        await desk.press("u")
        assert desk.state(1).note == "x"


async def test_quitting_from_the_note_keeps_what_was_written(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("i")
        await desk.write("half a thought")
        await desk.press("ctrl+q")
    with Library(ten) as library:
        assert library.holding(library.resolve(identity(1))).state.note == "half a thought"


# -------------------------------------------------------------------------------------- reading by itself


async def test_a_paper_that_is_looked_at_for_long_is_read_but_never_on_the_undo_stack(ten: Paths) -> None:
    async with sitting(ten, config=Config(read_after=0.3)) as desk:
        await desk.press("s")
        await desk.until(lambda: desk.flags(2) & READ)
        assert desk.current == 2
        assert [(entry.kind, entry.deliberate) for entry in journal(ten)] == [("star", True), ("read", False)]

        await desk.press("u")
        assert desk.state(1) == State()
        assert desk.state(2) == State(read=True)
        await desk.press("u")
        assert desk.state(2) == State(read=True)


async def test_passing_over_papers_reads_none_of_them(ten: Paths) -> None:
    async with sitting(ten, config=Config(read_after=60)) as desk:
        await desk.press("j", "j", "j", "G", "g", "g")
        await desk.pilot.pause(0.3)  # a look at the clock of the app
        assert journal(ten) == []


async def test_with_zero_nothing_is_read_by_itself(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.pilot.pause(0.6)  # two looks at the clock of the app
        assert journal(ten) == []


async def test_a_paper_marked_unread_stays_unread_under_the_cursor(home: Paths) -> None:
    fill(home, [paper(1), paper(2)])
    async with sitting(home, config=Config(read_after=0.05)) as desk:
        await desk.press("j")
        await desk.until(lambda: desk.flags(2) & READ)
        await desk.press("m")
        assert desk.current == 2
        assert not desk.flags(2) & READ
        await desk.pilot.pause(0.6)  # two looks at the clock of the app
        assert not desk.state(2).read


async def test_a_list_that_opens_reads_nothing_by_itself(ten: Paths) -> None:
    async with sitting(ten, config=Config(read_after=0.05)) as desk:
        await desk.pilot.pause(0.6)  # two looks at the clock of the app
        await desk.press("]", "[")
        await desk.pilot.pause(0.6)
        assert journal(ten) == []


async def test_opening_a_paper_reads_it(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("enter")
        assert desk.state(1) == State(read=True)
        assert deliberate(ten) == []


# ----------------------------------------------------------------------------------------------- the sidebar


async def test_the_counts_of_the_sidebar_follow(home: Paths) -> None:
    fill(home, [paper(number, edition="2025-06-01") for number in range(1, 6)])
    async with sitting(home) as desk:
        assert (desk.count("inbox"), desk.count("starred"), desk.count("later")) == ("5", "", "")
        await desk.press("s", "L", "d", "m")
        await desk.until(lambda: desk.count("inbox") == "1")
        assert (desk.count("starred"), desk.count("later"), desk.count("dismissed")) == ("1", "1", "1")
        assert desk.count("edition:2025-06-01").startswith("1/")
        await desk.press("u", "u", "u", "u")
        await desk.until(lambda: desk.count("inbox") == "5")
        assert (desk.count("starred"), desk.count("later"), desk.count("dismissed")) == ("", "", "")


async def test_bursts_of_acts_end_in_the_right_counts(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.hold("s", 7)
        await desk.until(lambda: desk.current == 8)
        await desk.until(lambda: desk.count("starred") == "7")
        assert desk.count("inbox") == "3"


# --------------------------------------------------------------------------------- more than one, and again


async def test_what_another_instance_did_is_shown_when_the_window_comes_to_the_front(ten: Paths) -> None:
    async with sitting(ten) as desk:
        assert desk.flags(2) == 0
        with Library(ten) as other:
            other.mark([other.resolve(identity(2))], marks.star(True, implies_read=True))
            other.mark([other.resolve(identity(1))], marks.note("from over there"))
        await desk.focus_app()
        assert desk.flags(2) == READ | STARRED
        assert desk.current == 1
        assert "from over there" in desk.screen_text()
        await desk.until(lambda: desk.count("starred") == "1")

        await desk.press("u")  # the stack is the device's: the note was the last act
        assert desk.state(1).note == ""


async def test_two_apps_on_one_home_see_each_other(ten: Paths) -> None:
    async with sitting(ten) as one:
        await one.press("s")
        async with sitting(ten) as two:
            assert two.listed == list(range(2, 11))
            await two.press("d")
        await one.focus_app()
        assert one.flags(2) == READ | DISMISSED
        assert one.listed == list(range(1, 11))


async def test_a_deleted_cache_gives_back_every_mark(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "d", "L", "m", "t")
        await desk.write("rl")
        await desk.press("enter", "i")
        await desk.write("why")
        await desk.press("escape")
        before = [desk.state(number) for number in range(1, 11)]
    shutil.rmtree(ten.cache)
    async with sitting(ten) as desk:
        await desk.until(lambda: desk.papers.ids)
        assert [desk.state(number) for number in range(1, 11)] == before
        assert desk.listed == list(range(6, 11))
        await desk.press("u")
        assert desk.state(5).note == ""


async def test_the_app_comes_back_to_the_view_and_the_paper(ten: Paths) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "s", "s", "]", "j")
        assert (desk.view, desk.current) == ("starred", 2)
        await desk.press("q")
    async with sitting(ten) as desk:
        assert (desk.view, desk.current) == ("starred", 2)


# ------------------------------------------------------------------------------------- acts that aren't saved


class Disk:
    """A journal that can't be written while `full`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = True
        real = _Writer.append

        def append(writer: _Writer, entry: Any) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(writer, entry)

        monkeypatch.setattr(_Writer, "append", append)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def warned(desk: Desk) -> bool:
    return os.strerror(errno.ENOSPC) in "\n".join(desk.pane_lines(desk.pane(StatusLine)))


async def test_an_act_that_could_not_be_saved_is_shown_and_warned_of(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("s")
        assert desk.flags(1) == READ | STARRED
        assert desk.app.library.unsaved == 1
        assert warned(desk)

        await desk.press("q")
        assert desk.app._exit is False
        assert warned(desk)
        await desk.press("q")
        assert desk.app._exit is True
    assert journal(ten) == []
    assert disk.full


async def test_quitting_saves_what_waits_where_there_is_room_again(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("s")
        disk.full = False
        await desk.press("q")
        assert desk.app._exit is True
    assert deliberate(ten) == ["star"]


async def test_quitting_from_the_note_twice_keeps_all_that_was_written(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("i")
        await desk.write("one")
        await desk.press("ctrl+q")
        assert desk.app._exit is False
        disk.full = False
        await desk.write(" two")
        await desk.press("ctrl+q")
        assert desk.app._exit is True
    with Library(ten) as library:
        assert library.holding(library.resolve(identity(1))).state.note == "one two"


async def test_ctrl_q_asks_too_before_an_act_is_lost(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "ctrl+q")
        assert desk.app._exit is False
        assert disk.full


async def test_a_second_failure_is_asked_about_as_the_first_one_was(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "q")
        disk.full = False
        await desk.press("s")
        desk.app._retry()  # which a timer does every few seconds
        disk.full = True
        await desk.press("s", "q")
        assert desk.app._exit is False


async def test_the_next_act_saves_what_waits_and_ends_the_warning(ten: Paths, disk: Disk) -> None:
    async with sitting(ten) as desk:
        await desk.press("s")
        disk.full = False
        await desk.press("s")
        assert desk.app.library.unsaved == 0
        assert len(deliberate(ten)) == 2
        assert not warned(desk)


async def test_an_act_that_waits_can_be_taken_back_and_nothing_is_left_to_warn_of(
    ten: Paths, disk: Disk
) -> None:
    async with sitting(ten) as desk:
        await desk.press("s", "u")
        assert desk.state(1) == State()
        assert desk.app.library.unsaved == 0
        assert not warned(desk)
        await desk.press("q")
        assert desk.app._exit is True
    assert disk.full


# --------------------------------------------------------------------------------------------- real editions


async def test_a_saved_edition_is_triaged(home: Paths) -> None:
    page = Path(__file__).parents[1] / "pages" / "daily.html"
    fill_from(home, page.read_bytes(), name="daily.html")
    async with sitting(home) as desk:
        many = len(desk.papers.ids)
        assert many
        await desk.press(*"sdmL"[:many])
        assert len(deliberate(home)) == min(4, many)
