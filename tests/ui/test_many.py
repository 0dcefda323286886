"""Many papers at once: selecting them, deciding on all of them with one key, and taking that back with one."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from papers_tui.domain.marks import State
from papers_tui.paths import Paths
from papers_tui.ui.screens.confirm import Confirm

from .desk import SMALL, Desk, deliberate, fill, journal, paper, sitting


@pytest.fixture
def ten(home: Paths) -> Paths:
    """Ten unread papers: 1, the newest, to 10."""
    fill(home, [paper(number) for number in range(1, 11)])
    return home


def read(desk: Desk) -> list[int]:
    """The numbers of the listed papers that are read."""
    return [number for number in desk.listed if desk.state(number).read]


def marked(desk: Desk) -> list[int]:
    """The numbers of the papers that are drawn as selected."""
    lines = desk.pane_lines(desk.papers)[: len(desk.listed)]
    return [number for number, line in zip(desk.listed, lines, strict=True) if "▌" in line[:3]]


# ----------------------------------------------------------------------------------------------- selecting


async def test_x_selects_and_moves_on_and_again_it_selects_no_longer(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", "x", "x")
        assert desk.selected == [2, 3]
        assert desk.current == 4
        assert marked(desk) == [2, 3]
        assert "2 selected" in desk.said

        await desk.press("k", "x")
        assert desk.selected == [2]
        assert desk.current == 2
        await desk.press("x")
        assert desk.selected == []
        assert desk.said == "nothing selected"
    assert journal(ten) == []


async def test_x_at_the_end_of_the_list_stays_there(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("G", "k", "j", "x")
        assert (desk.selected, desk.current) == ([10], 10)
        await desk.press("x")
        assert desk.selected == []


@pytest.mark.parametrize(("key", "chosen"), [("j", [4, 5, 6]), ("k", [2, 3, 4])])
async def test_a_range_is_drawn_in_both_directions(ten: Paths, key: str, chosen: list[int]) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", "j", "j", "v")
        assert desk.selected == [4]
        assert "range" in desk.said
        await desk.press(key, key)
        assert desk.selected == marked(desk) == chosen
        assert "3 selected" in desk.said
        await desk.press("v")
        assert not desk.papers.drawing_range
        await desk.press(key)
        assert desk.selected == marked(desk) == chosen


async def test_a_range_grows_and_shrinks_with_the_cursor_and_crosses_its_beginning(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", "j", "v", "j", "j", "k")
        assert desk.selected == [3, 4]
        await desk.press("g", "g")
        assert desk.selected == [1, 2, 3]
        await desk.press("G")
        assert desk.selected == [3, 4, 5, 6, 7, 8, 9, 10]


async def test_a_second_range_is_added_to_what_is_selected(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "j", "v", "j", "v", "G", "v", "k", "v")
        assert desk.selected == [1, 3, 4, 9, 10]


async def test_a_triage_key_ends_a_range(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("v", "j", "j", "s")
        assert [number for number in desk.listed if desk.state(number).starred] == [1, 2, 3]
        assert desk.selected == []
        assert not desk.papers.drawing_range
        await desk.press("j")
        assert desk.selected == []


async def test_a_star_selects_all_and_then_none(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", "x", "*")
        assert desk.selected == desk.listed
        assert "10 selected" in desk.said
        await desk.press("*")
        assert desk.selected == []
        assert desk.said == "nothing selected"


@pytest.mark.parametrize("keys", [("x", "x"), ("v", "j"), ("*",), ("x", "v", "j")])
@pytest.mark.parametrize("key", ["escape", "q"])
async def test_esc_selects_none_before_it_does_anything_else(
    ten: Paths, keys: tuple[str, ...], key: str
) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press(*keys)
        assert desk.selected
        await desk.press(key)
        assert desk.selected == []
        assert desk.said == "nothing selected"
        await desk.press("j")
        assert desk.selected == []
        assert desk.app._exit is False


async def test_another_view_begins_with_nothing_selected(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "v", "j")
        assert desk.selected
        await desk.press("]", "[")
        assert desk.selected == []
        assert not desk.papers.drawing_range


async def test_keys_act_on_the_selected_papers_from_any_pane(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "x", "l", "s")
        assert desk.focus == "detail"
        assert [number for number in desk.listed if desk.state(number).starred] == [1, 2]


async def test_nothing_can_be_selected_where_nothing_is_listed(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("]")
        assert (desk.view, desk.listed) == ("starred", [])
        await desk.press("x", "v", "x", "*", "v", "{", "}", "A", "'", "s", "O", "|")
        assert desk.selected == []
        assert not desk.asked
    assert journal(ten) == []


# ------------------------------------------------------------------------------------------------ deciding


@pytest.mark.parametrize(
    ("key", "state", "said"),
    [
        ("m", State(read=True), "marked read · 3 papers"),
        ("s", State(read=True, starred=True), "starred · 3 papers"),
        ("d", State(read=True, dismissed=True), "dismissed · 3 papers"),
        ("L", State(read=True, later=True), "put on Later · 3 papers"),
    ],
)
async def test_a_triage_key_decides_on_all_selected_and_one_undo_takes_it_back(
    ten: Paths, key: str, state: State, said: str
) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "j", "x", "j", "x")
        assert desk.selected == [1, 3, 5]
        before = desk.current
        await desk.press(key)
        assert [desk.state(number) for number in (1, 2, 3, 4, 5, 6)] == [state, State()] * 3
        assert desk.flags(3) == state.flags
        assert desk.said == said
        assert desk.selected == []
        assert marked(desk) == []
        assert desk.current == before
        assert len(deliberate(ten)) == 1

        await desk.press("u")
        assert [desk.state(number) for number in desk.listed] == [State()] * 10
        assert desk.said.startswith("undone")
        await desk.press("u")
        assert desk.said == "nothing to undo"
        await desk.press("ctrl+r")
        assert [desk.state(number) for number in (1, 3, 5)] == [state] * 3


@pytest.mark.parametrize(
    ("key", "register", "without"),
    [
        ("m", "read", "marked unread"),
        ("s", "starred", "star removed"),
        ("d", "dismissed", "brought back"),
        ("L", "later", "taken off Later"),
    ],
)
async def test_a_mark_is_set_where_some_lack_it_and_taken_away_where_all_have_it(
    ten: Paths, key: str, register: str, without: str
) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", key, "g", "g", "v", "j", "j", key)
        assert [getattr(desk.state(number), register) for number in (1, 2, 3, 4)] == [True] * 3 + [False]
        assert desk.said.endswith("2 papers"), "one of the three had it already"

        await desk.press("g", "g", "v", "j", "j", key)
        assert [getattr(desk.state(number), register) for number in (1, 2, 3)] == [False] * 3
        assert desk.said == f"{without} · 3 papers"

        await desk.press("u", "u")
        assert [getattr(desk.state(number), register) for number in (1, 2, 3)] == [False, True, False]


async def test_tags_are_given_to_all_selected_and_only_shared_ones_are_offered_to_be_taken(
    ten: Paths,
) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("t", *"mine,rl", "enter", "j", "t", *"rl", "enter")
        assert (desk.state(1).tags, desk.state(2).tags) == (("mine", "rl"), ("rl",))

        await desk.press("g", "g", "v", "j", "t")
        assert "2 papers" in desk.screen_text()
        assert desk.app.screen.query_one(Input).value == "rl, "
        desk.app.screen.query_one(Input).value = "agents"
        await desk.press("enter")
        assert (desk.state(1).tags, desk.state(2).tags) == (("agents", "mine"), ("agents",))
        assert desk.said.endswith("2 papers")
        assert desk.selected == []

        await desk.press("u")
        assert (desk.state(1).tags, desk.state(2).tags) == (("mine", "rl"), ("rl",))


async def test_tags_that_are_called_off_leave_the_selection(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "x", "t", *"rl", "escape")
        assert desk.selected == [1, 2]
    assert journal(ten) == []


async def test_a_note_is_of_the_paper_under_the_cursor_whatever_is_selected(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("x", "x", "i", *"mind", "escape")
        assert [desk.state(number).note for number in (1, 2, 3)] == ["", "", "mind"]
        assert desk.selected == [1, 2]
        assert deliberate(ten) == ["note"]
        await desk.press("u")
        assert desk.state(3).note == ""


async def test_a_full_stop_does_the_last_act_to_all_selected(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("L", "v", "j", "j", ".")
        assert [number for number in desk.listed if desk.state(number).later] == [1, 2, 3, 4]
        assert desk.said == "put on Later · 3 papers"
        assert desk.selected == []
        assert len(deliberate(ten)) == 2
        await desk.press("u")
        assert [number for number in desk.listed if desk.state(number).later] == [1]


async def test_undoing_a_bulk_act_works_after_a_restart(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("*", "d")
    async with sitting(ten, size=SMALL) as desk:
        assert desk.listed == []
        await desk.press("u", "r")
        assert len(desk.listed) == 10
        assert read(desk) == []


async def test_the_counts_follow_a_bulk_act(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("v", *"jjj", "s")
        await desk.until(lambda: desk.count("starred") == "4")
        assert desk.count("inbox") == "6"


# ----------------------------------------------------------------------------------------- above and below


@pytest.mark.parametrize(("key", "those"), [("{", [1, 2, 3]), ("}", [5, 6, 7, 8, 9, 10])])
async def test_braces_mark_what_is_above_or_below_read(ten: Paths, key: str, those: list[int]) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("j", "j", "j", key)
        assert read(desk) == those
        assert desk.current == 4
        assert desk.said == f"marked read · {len(those)} papers"
        assert len(deliberate(ten)) == 1

        await desk.press(key)
        assert desk.said == "nothing unread there"
        assert len(deliberate(ten)) == 1

        await desk.press("u")
        assert read(desk) == []


@pytest.mark.parametrize(("edge", "key"), [(("g", "g"), "{"), (("G",), "}")])
async def test_there_is_nothing_beyond_the_ends(ten: Paths, edge: tuple[str, ...], key: str) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press(*edge, key)
        assert desk.said == "nothing unread there"
    assert journal(ten) == []


async def test_capital_a_asks_with_the_number_and_marks_what_is_listed_read(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("m", "A")
        assert "Mark 9 papers read?" in desk.screen_text()
        await desk.press("escape")
        assert not desk.asked
        assert read(desk) == [1]

        await desk.press("A", "enter")
        assert read(desk) == desk.listed
        assert desk.said == "marked read · 9 papers"
        assert len(deliberate(ten)) == 2

        await desk.press("A")
        assert not desk.asked
        assert desk.said == "all of them are read"
        await desk.press("u")
        assert read(desk) == [1]


@pytest.mark.parametrize(("key", "yes"), [("enter", True), ("y", True), ("escape", False), ("n", False)])
async def test_a_question_is_answered_by_one_key_and_other_keys_do_nothing(
    ten: Paths, key: str, yes: bool
) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("A", "s", "d", "j", "u")
        assert isinstance(desk.app.screen, Confirm)
        assert journal(ten) == []
        await desk.press(key)
        assert not desk.asked
        assert read(desk) == (desk.listed if yes else [])


async def test_an_apostrophe_takes_what_is_read_out_of_the_list(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("m", "d", "s", "j", "m", "k")
        assert desk.current == 5
        await desk.press("'")
        assert desk.listed == [4, 5, 6, 7, 8, 9, 10], "the paper under the cursor stays, read as it is"
        assert desk.current == 5
        assert "3 read papers" in desk.said

        await desk.press("j", "'")
        assert (desk.listed, desk.current) == ([4, 6, 7, 8, 9, 10], 6)
        await desk.press("'")
        assert "0 read papers" in desk.said
        assert desk.listed == [4, 6, 7, 8, 9, 10]


async def test_an_apostrophe_keeps_what_is_selected(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("m", "m", "x", "j", "x", "'")
        assert desk.listed == [3, 4, 5, 6, 7, 8, 9, 10]
        assert desk.selected == marked(desk) == [3, 5]
        await desk.press("s")
        assert [number for number in desk.listed if desk.state(number).starred] == [3, 5]


async def test_a_range_that_is_being_drawn_outlasts_an_apostrophe(ten: Paths) -> None:
    async with sitting(ten, size=SMALL) as desk:
        await desk.press("m", "v", "j", "'")
        assert desk.listed == [2, 3, 4, 5, 6, 7, 8, 9, 10]
        assert desk.selected == [2, 3]


# ------------------------------------------------------------------------------------------------- numbers


async def test_fifty_clear_decisions_take_fifty_keys(home: Paths) -> None:
    fill(home, [paper(number) for number in range(1, 51)])
    states = {
        "s": State(read=True, starred=True),
        "d": State(read=True, dismissed=True),
        "m": State(read=True),
        "L": State(read=True, later=True),
    }
    keys = list("sdddmdLdsmddd" * 4)[:50]
    async with sitting(home, size=SMALL) as desk:
        for key in keys:
            desk.app.simulate_key(key)
        await desk.settle()
        assert [desk.state(number) for number in range(1, 51)] == [states[key] for key in keys]
        assert desk.current == 50
        assert len(deliberate(home)) == 50
        await desk.hold("u", 50)
        assert [desk.state(number) for number in range(1, 51)] == [State()] * 50
        assert desk.current == 1


async def test_five_thousand_papers_can_be_selected_and_decided_on(home: Paths) -> None:
    many = 5_000
    fill(home, [paper(number, authors=["A"], abstract="") for number in range(1, many + 1)])
    async with sitting(home, size=SMALL) as desk:
        await desk.press("*")
        await desk.until(lambda: desk.said.startswith("5,000 selected"))
        await desk.press("x", "k", "v", "G", "v")
        assert len(desk.papers.selected) == many
        await desk.press("s")
        assert desk.papers.selected == []
        await desk.until(lambda: desk.said.startswith("starred"))
        assert desk.state(1).starred
        assert desk.state(many).starred
        assert deliberate(home) == ["star"]
        await desk.press("u")
        await desk.until(lambda: desk.said.startswith("undone"))
        assert desk.state(many) == State()
