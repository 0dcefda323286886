"""The mouse: everything that is not about many papers at once can be done with it."""

from __future__ import annotations

import pytest

from papers_tui.config import Config
from papers_tui.paths import Paths
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.help import Help
from papers_tui.ui.screens.picker import Choices, Picker

from .desk import LARGE, Desk, deliberate, fill, paper, sitting

LONG = " ".join(f"Sentence {number} of an abstract that goes on for a while." for number in range(120))
OTHER = 3
"""The mouse button that asks for the menu."""


@pytest.fixture
def forty(home: Paths) -> Paths:
    """Forty unread papers with long abstracts: 1, the newest, to 40."""
    fill(home, [paper(number, abstract=LONG) for number in range(1, 41)])
    return home


async def click_row(desk: Desk, line: int, column: int = 8, *, button: int = 1) -> None:
    """Clicks a line of the list, counted from its first."""
    await desk.click(desk.papers.region.x + column, desk.papers.region.y + line, button=button)


def offered(desk: Desk) -> dict[str, tuple[int, int]]:
    """What the menu offers, and where on the screen each stands."""
    lines = desk.app.screen.query_one(Choices)
    return {
        title: (lines.region.x + 6, lines.region.y + place) for place, (title, _) in enumerate(lines.choices)
    }


async def test_a_click_moves_the_cursor_and_another_one_opens(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.click(desk.papers.region.x + 8, desk.papers.region.y + 6)
        assert desk.current == 7
        await desk.click(desk.papers.region.x + 8, desk.papers.region.y + 6)
        assert "papers" not in desk.shown
        assert desk.detailed == 7


async def test_a_click_below_the_last_paper_does_nothing(home: Paths) -> None:
    fill(home, [paper(1), paper(2)])
    async with sitting(home) as desk:
        await desk.click(desk.papers.region.x + 8, desk.papers.region.y + 20)
        assert desk.current == 1
        assert "papers" in desk.shown


async def test_a_click_finds_its_paper_in_a_scrolled_list_below_a_long_title(home: Paths) -> None:
    fill(home, [paper(number, title=f"Title{number:02} " + "of many words " * 12) for number in range(1, 41)])
    async with sitting(home, size=(100, 30)) as desk:
        await desk.press("G", "k", "k", "k")
        for words in ("Title38", "Title36", "Title40"):
            await desk.click_on(words)
            assert desk.current == int(words[-2:])


async def test_a_click_in_the_sidebar_opens_the_view(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("s", "s")
        await desk.click_on("Starred")
        assert (desk.view, desk.focus) == ("starred", "papers")
        assert desk.listed == [1, 2]


async def test_a_click_in_the_drawer_opens_the_view_and_shuts_it(forty: Paths) -> None:
    async with sitting(forty, size=(80, 24)) as desk:
        await desk.press("h")
        await desk.click_on("Later")
        assert (desk.view, desk.focus) == ("later", "papers")
        assert desk.shown == {"papers", "detail"}


@pytest.mark.parametrize("size", [LARGE, (80, 24), (60, 30)])
@pytest.mark.parametrize("address", ["arxiv.org/abs", "arxiv.org/pdf"])
async def test_a_click_on_a_link_opens_that_link(
    home: Paths, size: tuple[int, int], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "there")
    fill(home, [paper(1)])
    async with sitting(home, size=size) as desk:
        if "detail" not in desk.shown:
            await desk.press("enter")
        await desk.click_on(address)
        assert desk.app.clipboard == f"https://{address}/2506.00001"


async def test_the_wheel_scrolls_and_the_next_key_comes_back_to_the_cursor(forty: Paths) -> None:
    async with sitting(forty, size=(160, 18)) as desk:
        await desk.wheel(desk.papers, 4)
        assert desk.papers.first_line > 0
        assert desk.current == 1
        await desk.press("j")
        assert desk.current == 2
        assert desk.papers.first_line <= 1
        await desk.wheel(desk.detail, 3)
        assert desk.detail.first_line > 0
        await desk.wheel(desk.detail, -9)
        assert desk.detail.first_line == 0


@pytest.mark.parametrize(("column", "kind", "register"), [(0, "read", "read"), (1, "star", "starred")])
async def test_a_click_on_a_mark_turns_it_and_stays(
    forty: Paths, column: int, kind: str, register: str
) -> None:
    async with sitting(forty) as desk:
        await click_row(desk, 4, column)
        assert getattr(desk.state(5), register)
        assert desk.current == 5
        await click_row(desk, 4, column)
        assert not getattr(desk.state(5), register)
        assert desk.shown == {"sidebar", "papers", "detail"}
    assert deliberate(forty) == [kind, kind]


async def test_a_mark_that_is_clicked_is_that_papers_alone(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await click_row(desk, 2, 2)
        await click_row(desk, 3, 2)
        assert desk.selected == [3, 4]
        await click_row(desk, 6, 1)
        assert [number for number in desk.listed if desk.state(number).starred] == [7]
        assert desk.selected == [3, 4]


@pytest.mark.parametrize(
    ("title", "holds"),
    [
        ("Read / unread", "read"),
        ("Star", "starred"),
        ("Dismiss", "dismissed"),
        ("Later", "later"),
    ],
)
async def test_the_other_button_offers_what_the_keys_do(forty: Paths, title: str, holds: str) -> None:
    async with sitting(forty) as desk:
        await click_row(desk, 5, button=OTHER)
        assert desk.current == 6
        assert isinstance(desk.app.screen, Picker)
        await desk.click(*offered(desk)[title])
        assert getattr(desk.state(6), holds)
        assert not desk.asked


async def test_the_menu_names_the_keys_and_listens_to_them(forty: Paths) -> None:
    async with sitting(forty, config=Config(read_after=0, keys={"star": ("S",)})) as desk:
        await click_row(desk, 0, button=OTHER)
        assert any(line.split()[:2] == ["S", "Star"] for line in desk.screen_lines())
        assert "Paper 1" in desk.screen_text()
        await desk.press("S")
        assert desk.state(1).starred


async def test_the_menu_comes_over_the_detail_too_and_goes_by_a_click_beside_it(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.click(desk.detail.region.x + 5, desk.detail.region.y + 12, button=OTHER)
        assert isinstance(desk.app.screen, Picker)
        await desk.click(3, 2)
        assert not desk.asked
    assert deliberate(forty) == []


async def test_the_menu_fits_the_smallest_window(forty: Paths) -> None:
    async with sitting(forty, size=(20, 8)) as desk:
        await click_row(desk, 0, button=OTHER)
        await desk.press("s")
        assert desk.state(1).starred


async def test_the_menu_over_an_empty_list_harms_nothing(home: Paths) -> None:
    fill(home, [paper(1)])
    async with sitting(home) as desk:
        await desk.click_on("Starred")
        await click_row(desk, 0, button=OTHER)
        await desk.click(desk.detail.region.x + 5, desk.detail.region.y + 2, button=OTHER)
        for title in ("Star", "Tags", "Note", "Paper page"):
            if not desk.asked:
                await desk.click(desk.detail.region.x + 5, desk.detail.region.y + 2, button=OTHER)
            await desk.click(*offered(desk)[title])
        assert not desk.asked
    assert deliberate(home) == []


async def test_the_keys_in_the_status_line_can_be_clicked(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("s")
        await desk.click_on("u undo")
        assert not desk.state(1).starred
        await desk.click_on("? help")
        assert isinstance(desk.app.screen, Help)
        await desk.click(1, 1)
        assert not desk.asked


async def test_a_click_on_the_place_opens_the_drawer_and_shuts_it(forty: Paths) -> None:
    async with sitting(forty, size=(80, 24)) as desk:
        await desk.click(3, 23)
        assert (desk.focus, "sidebar" in desk.shown) == ("sidebar", True)
        await desk.click(3, 23)
        assert (desk.focus, "sidebar" in desk.shown) == ("papers", False)


async def test_a_click_on_words_of_the_status_line_does_nothing(forty: Paths) -> None:
    async with sitting(forty, size=(80, 24)) as desk:
        await desk.press("s")
        await desk.click(50, 23)
        assert (desk.focus, desk.asked, desk.state(1).starred) == ("papers", False, True)


async def test_in_the_detail_tags_note_people_and_title_can_be_clicked(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("t")
        await desk.write("later on")
        await desk.press("enter", "i")
        await desk.write("to be cited")
        await desk.press("escape")
        for words, question in (
            ("#later on", "Tags"),
            ("to be cited", "Note"),
            ("Ada Author1", "List the papers"),
        ):
            await desk.click_on(words)
            assert desk.asked
            assert question in desk.screen_text()
            await desk.press("escape")
        await desk.click(desk.detail.region.x + 4, desk.detail.region.y)
        assert "papers" not in desk.shown
        await desk.click(desk.detail.region.x + 4, desk.detail.region.y)
        assert "papers" in desk.shown


@pytest.mark.parametrize(("words", "left"), [("Enter: yes", 0), ("Esc: no", 40)])
async def test_a_question_is_answered_by_a_click(forty: Paths, words: str, left: int) -> None:
    async with sitting(forty) as desk:
        await desk.press("A")
        assert isinstance(desk.app.screen, Confirm)
        await desk.click_on(words)
        assert not desk.asked
        assert sum(not desk.state(number).read for number in desk.listed) == left


async def test_a_click_beside_a_note_keeps_it(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("i")
        await desk.write("half a thought")
        await desk.click(5, 3)
        assert not desk.asked
        assert desk.state(1).note == "half a thought"
