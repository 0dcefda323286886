"""`-` shows the list in groups by what it is sorted by; nothing else about the list changes."""

from __future__ import annotations

import pytest

from papers_tui.paths import Paths
from papers_tui.session import load
from papers_tui.ui import loading, opening

from .desk import LARGE, SMALL, Desk, fill, paper, sitting

EDITIONS = ("2025-11-20", "2025-11-20", "2025-11-19", "2025-11-18", "2025-11-18", "2025-11-18", None)


@pytest.fixture
def seven(home: Paths) -> Paths:
    """Papers 1 to 7: two and one and three of three editions, and one of none; the papers of an edition by date."""
    fill(
        home,
        [
            paper(number, edition=day, upvotes=number * 10) if day else paper(number)
            for number, day in enumerate(EDITIONS, 1)
        ],
    )
    return home


@pytest.fixture
def many(home: Paths) -> Paths:
    """59 papers, three of an edition."""
    fill(home, [paper(number, edition=f"2025-11-{30 - number // 3:02}") for number in range(1, 60)])
    return home


def lines(desk: Desk) -> list[str]:
    """The lines of the list, without what is empty: a header, or the number of a paper."""
    drawn = (line.strip(" ●▌★") for line in desk.pane_lines(desk.papers))
    return [line if line.startswith(("──", "--")) else line.split()[1] for line in drawn if line]


async def by_edition(desk: Desk) -> None:
    await desk.press("\\", "e", "-")


GROUPED = [
    "── Thu 20 Nov 2025 · 2 · 2 unread",
    *("1", "2"),
    "── Wed 19 Nov 2025 · 1 · 1 unread",
    "3",
    "── Tue 18 Nov 2025 · 3 · 3 unread",
    *("4", "5", "6"),
    "── in no edition · 1 · 1 unread",
    "7",
]


async def test_a_key_shows_groups_and_takes_them_away_and_the_cursor_stays_on_its_paper(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await desk.press("\\", "e", "j", "j", "j")
        assert lines(desk) == ["1", "2", "3", "4", "5", "6", "7"]
        await desk.press("-")
        assert lines(desk) == GROUPED
        assert desk.said == "in groups by edition"
        assert (desk.current, desk.listed) == (4, [1, 2, 3, 4, 5, 6, 7])
        await desk.press("-")
        assert lines(desk) == ["1", "2", "3", "4", "5", "6", "7"]
        assert desk.said == "no groups"
        assert desk.current == 4


async def test_the_groups_follow_the_order_and_each_view_keeps_them(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        await desk.press("\\", "u")
        assert lines(desk)[:3] == ["── 50–99 upvotes · 2 · 2 unread", "6", "5"]
        await desk.press("\\", "t")
        assert lines(desk)[0] == "── P · 7 · 7 unread"
        await desk.press("]")
        assert lines(desk) == ["1", "2"]
        await desk.press("[", "\\", "e", "q")
    async with sitting(seven) as desk:
        assert lines(desk) == GROUPED
        await desk.press("-", "q")
    async with sitting(seven) as desk:
        assert "──" not in "".join(lines(desk))


async def test_what_is_sorted_by_relevance_has_no_groups(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        await desk.press("\\", "r")
        assert "──" not in "".join(lines(desk))
        await desk.press("-")
        assert desk.said == "what is sorted by relevance has no groups; \\ sorts otherwise"
        for key in ("(", ")", "X"):
            await desk.press(key)
            assert desk.said == "this list has no groups; - makes them"


async def test_the_cursor_goes_from_group_to_group(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        been = []
        for key in (")", ")", ")", ")", "(", "k", "(", "(", "("):
            await desk.press(key)
            been.append(desk.current)
        assert been == [3, 4, 7, 7, 4, 3, 1, 1, 1]
        assert desk.said == "no group before this one"


async def test_as_much_of_a_group_is_shown_as_there_is_room_for(many: Paths) -> None:
    async with sitting(many, size=(160, 13)) as desk:
        await by_edition(desk)
        await desk.press(")", ")", ")")
        assert lines(desk)[:4] == ["── Thu 27 Nov 2025 · 3 · 3 unread", "9", "10", "11"]
        await desk.press(*")))))))))))))))))))))")
        assert lines(desk)[-1] == "59"


async def test_the_cursor_never_rests_on_a_header(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        been = []
        for _ in range(8):
            been.append(desk.current)
            await desk.press("j")
        assert been == [1, 2, 3, 4, 5, 6, 7, 7]
        await desk.press("g", "g", "n", "n")
        assert desk.current == 3
        await desk.press("G")
        assert desk.current == 7


async def test_a_group_is_selected_and_acted_on_with_two_keys(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        await desk.press(")", ")", "j", "X")
        assert desk.selected == [4, 5, 6]
        assert desk.said.startswith("3 selected")
        await desk.press("X")
        assert desk.selected == []
        await desk.press("X", "m")
        assert desk.current == 5
        assert lines(desk)[5] == "── Tue 18 Nov 2025 · 3"
        assert [number for number in desk.listed if desk.state(number).read] == [4, 5, 6]
        await desk.press("u")
        assert lines(desk) == GROUPED


@pytest.mark.parametrize("tall", [False, True])
async def test_nothing_moves_when_acts_happen(many: Paths, tall: bool) -> None:
    async with sitting(many, size=(160, 24)) as desk:
        if tall:
            await desk.press("Z")
        await by_edition(desk)
        await desk.press("pagedown", "pagedown", "k", "k", "k")
        above, order, here = desk.papers.first_line, desk.listed, desk.papers.cursor
        assert above > 0
        await desk.press("m", "j", "s", "u", "k", "d", "u")
        assert desk.papers.first_line == above
        assert desk.papers.cursor == here - 1
        assert desk.listed == order


async def test_read_papers_that_are_dropped_leave_no_empty_group_and_come_back(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        await desk.press(")", "m", "m", "g", "g", "'")
        assert lines(desk) == [
            *GROUPED[:3],
            "── Tue 18 Nov 2025 · 2 · 2 unread",
            *("5", "6"),
            *GROUPED[-2:],
        ]
        await desk.press("u")
        assert lines(desk)[3:7] == ["── Wed 19 Nov 2025 · 1", "3", "── Tue 18 Nov 2025 · 3 · 3 unread", "4"]


@pytest.mark.parametrize("grouped", [True, False])
async def test_the_cursor_stays_on_its_line_when_read_papers_are_dropped(many: Paths, grouped: bool) -> None:
    def line() -> int:
        return desk.papers._lines.of(desk.papers.cursor) - desk.papers.first_line

    async with sitting(many, size=(160, 24)) as desk:
        await desk.press(*("\\", "e", "-") if grouped else ("\\", "e"))
        await desk.press(*["j"] * 30, "m", "m", "d", "k", "k", "k", "k", "k", "m", *["j"] * 12, *["k"] * 6)
        before = (line(), desk.current)
        assert 0 < before[0] < desk.papers.page - 1
        await desk.press("'")
        assert len(desk.listed) == 55
        assert (line(), desk.current) == before
        await desk.press("k", "m", "u", "j")
        assert (line(), desk.current) == before


async def test_a_filter_keeps_the_order_and_the_groups_of_its_view(seven: Paths) -> None:
    async with sitting(seven) as desk:
        await by_edition(desk)
        await desk.press("/", *"paper")
        await desk.until(lambda: desk.app.main.view.key == "inbox" and len(desk.listed) == 7)
        assert lines(desk) == GROUPED
        await desk.press("enter")
        assert lines(desk) == GROUPED
        await desk.press("-", "escape")
        assert lines(desk) == GROUPED
        await desk.press("q")
    assert load(seven.session_file).groups == "inbox"


async def test_a_click_on_a_header_goes_to_its_first_paper_and_opens_nothing(seven: Paths) -> None:
    async with sitting(seven, size=SMALL) as desk:
        await by_edition(desk)
        await desk.click_on("Tue 18 Nov")
        assert desk.current == 4
        await desk.click_on("Tue 18 Nov")
        assert desk.current == 4
        assert "detail" in desk.shown
        assert "papers" in desk.shown
        await desk.click_on("Paper 6")
        assert desk.current == 6


async def test_the_header_is_in_sight_with_the_first_of_its_group(many: Paths) -> None:
    async with sitting(many, size=(110, 12)) as desk:
        await by_edition(desk)
        for key in [*")))))", "G", "(", "(", "(", "k", "k", "pageup", "pagedown", "pagedown", "ctrl+u"]:
            await desk.press(key)
            top = desk.papers._lines.of(desk.papers.cursor)
            headed = desk.papers._lines.headed(desk.papers.cursor)
            assert desk.papers.first_line <= top - headed
            assert top < desk.papers.first_line + desk.papers.page


async def test_paging_passes_no_paper_over(many: Paths) -> None:
    async with sitting(many, size=(110, 12)) as desk:
        await by_edition(desk)
        seen: set[str] = set()
        for _ in range(20):
            seen.update(line for line in lines(desk) if line.isdigit())
            await desk.press("pagedown")
        assert len(seen) == 59
        assert desk.current == 59


async def test_ascii_terminals_have_headers_too(seven: Paths) -> None:
    async with sitting(seven, locale="C") as desk:
        await by_edition(desk)
        assert "-- Thu 20 Nov 2025 - 2 - 2 unread" in desk.screen_text()


@pytest.mark.parametrize("size", [(20, 8), (80, 24), LARGE])
async def test_every_size_shows_them(seven: Paths, size: tuple[int, int]) -> None:
    async with sitting(seven, size=size) as desk:
        await by_edition(desk)
        assert "── Thu 20" in desk.screen_text()
        await desk.press("G", "g", "g", ")")
        assert desk.current == 3


async def test_groups_of_a_long_list_come_piece_by_piece_and_nothing_in_sight_moves(
    home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_GROUPED_AT_ONCE", 10)
    monkeypatch.setattr(loading, "_PIECE", 7)
    days = [f"2025-{month:02}-{day:02}" for month in (11, 10, 9) for day in range(28, 0, -1)]
    fill(home, [paper(number, edition=days[number // 3]) for number in range(1, 200)])
    async with sitting(home, size=(110, 30)) as desk:
        await desk.press("\\", "e", *["pagedown"] * 4)
        line = desk.papers.cursor - desk.papers.first_line
        current = desk.current
        await desk.press("-")
        await desk.until(lambda: desk.papers.listing.settled)
        assert desk.current == current
        assert desk.papers._lines.of(desk.papers.cursor) - desk.papers.first_line == line
        assert len(desk.papers.listing.groups.starts) == 67
        await desk.press("g", "g")
        assert lines(desk)[:3] == ["── Fri 28 Nov 2025 · 2 · 2 unread", "1", "2"]
        await desk.press("G")
        assert lines(desk)[-2:] == ["198", "199"]


async def test_groups_that_are_still_looked_for_are_given_up_for_another_list(
    home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_GROUPED_AT_ONCE", 10)
    monkeypatch.setattr(loading, "_PIECE", 1)
    fill(home, [paper(number, edition=f"2025-11-{1 + number % 28:02}") for number in range(1, 200)])
    async with sitting(home) as desk:
        await desk.hold("-", 5)
        await desk.press("]", "[")
        await desk.until(lambda: desk.papers.listing.settled)
        assert desk.view == "inbox"
        assert len(desk.papers.listing.groups.starts) == len(desk.papers.ids) == 199
