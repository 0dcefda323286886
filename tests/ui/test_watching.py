"""Watched authors, from the app."""

from __future__ import annotations

import pytest

from papers_tui.paths import Paths
from papers_tui.ui.panes.lines import LinePane
from papers_tui.watching import load, watch

from .desk import LARGE, SMALL, fill, paper, sitting


@pytest.fixture
def four(home: Paths) -> Paths:
    """Four papers: 1 of many authors, 2 and 3 of one who signs in two ways, 4 without any."""
    many = [f"Ada{n} Author{n}" for n in range(30)]
    fill(
        home,
        [
            paper(1, authors=[*many, "Jürgen Weiß-Groß"]),
            paper(2, authors=["Bob Writer", "Geoffrey Hinton"]),
            paper(3, authors=["G. E. Hinton"]),
            paper(4, authors=[]),
        ],
    )
    return home


def _standing_out(pane: LinePane) -> list[str]:
    parts = (part for line in range(pane.line_count()) for part in pane.line_parts(line))
    return [text.strip() for text, style in parts if "--watched" in style]


@pytest.mark.parametrize("size", [(260, 50), LARGE, SMALL])
async def test_a_watched_author_stands_out_and_has_a_view(four: Paths, size: tuple[int, int]) -> None:
    async with sitting(four, size=size) as desk:
        await desk.press("j", "w")
        assert "Geoffrey Hinton" in desk.screen_text()
        await desk.press("s")
        assert desk.said == "watching Geoffrey Hinton · w again stops it"
        assert load(four.authors_file)[0] == ("Geoffrey Hinton",)
        assert _standing_out(desk.detail) == ["Geoffrey Hinton"]
        assert _standing_out(desk.papers) == ["Geoffrey Hinton", "G. E. Hinton"]
        await desk.press("Z")
        assert _standing_out(desk.papers) == ["Geoffrey Hinton (last) +1", "G. E. Hinton"]
        await desk.press("j")
        assert _standing_out(desk.detail) == ["G. E. Hinton"]
    async with sitting(four, size=size) as desk:
        await desk.until(lambda: any(e.view and e.view.key == "watched" for e in desk.sidebar.views))
        await desk.press("j", "j", "w", "a")
        assert desk.said == "G. E. Hinton is watched no longer"
        assert _standing_out(desk.papers) == _standing_out(desk.detail) == []
        assert all(e.view is None or e.view.key != "watched" for e in desk.sidebar.views)
    assert load(four.authors_file) == ((), ())


@pytest.mark.parametrize(
    ("authors", "brief", "row"),
    [
        (["A B", "C D", "E F", "G H", "Y. LeCun"], "Y. LeCun (last) +4", "Y. LeCun (last) +4"),
        (["A B", "Yann LeCun"], "Yann LeCun (last) +1", "Yann LeCun (last) +1"),
        (["Yann LeCun", "A B", "C D", "E F"], "Yann LeCun (first)", "Yann LeCun (first) +3"),
        (["A B", "Yann LeCun", "C D"], "Yann LeCun +2", "Yann LeCun +2"),
        (["LeCun, Yann"], "LeCun, Yann", "LeCun, Yann"),
        (
            ["A B", "Yann André Cunningham LeCun"],
            "Yann André Cunningh…",
            "Yann André Cunningham LeCun (last) +1",
        ),
        (["A B", "C D", "E F", "Yann LeCun", "G H"], None, None),
    ],
)
async def test_the_place_of_a_watched_author_is_shown(
    home: Paths, authors: list[str], brief: str | None, row: str | None
) -> None:
    fill(home, [paper(1, authors=authors)])
    watch(home.authors_file, "Yann LeCun")
    async with sitting(home, size=SMALL) as desk:
        await desk.until(lambda: _standing_out(desk.detail))
        assert _standing_out(desk.papers) == ([] if brief is None else [brief])
        await desk.press("Z")
        assert _standing_out(desk.papers) == ([] if row is None else [row])


async def test_the_view_finds_names_in_other_spellings_and_no_others(home: Paths) -> None:
    spelt = ["Yann LeCun", "Y. LeCun", "LeCun, Yann", "YANN LECUN", "Yann A. LeCun", "Yann LéCun"]
    others = ["Yves LeCun", "Anna Y. LeCun", "Yann Le Cun", "Y. Bengio", "Cun Yann"]
    fill(home, [paper(n, authors=["A B", name, "C D"]) for n, name in enumerate([*spelt, *others], 1)])
    watch(home.authors_file, "Yann LeCun")
    async with sitting(home) as desk:
        await desk.until(lambda: any(e.view and e.view.key == "watched" for e in desk.sidebar.views))
        while desk.view != "watched":
            await desk.press("]")
        assert desk.listed == [1, 2, 3, 4, 5, 6]
        lines = map(desk.detail.line_parts, range(desk.detail.line_count()))
        assert not any("--hit" in style for parts in lines for _, style in parts)


async def test_the_whole_title_is_shown_beside_a_name_that_stands_out(home: Paths) -> None:
    title = " ".join(f"word{number}" for number in range(20))
    fill(home, [paper(1, title, authors=["Geoffrey Hinton"])])
    async with sitting(home) as desk:
        before = desk.papers.line_count()
        await desk.press("w", "a")
        lines = "\n".join(desk.pane_lines(desk.papers))
        assert all(word in lines for word in title.split())
        assert desk.papers.line_count() > before
        await desk.press("w", "a")
        assert desk.papers.line_count() == before


async def test_the_view_lists_the_papers_of_all_who_are_watched(four: Paths) -> None:
    watch(four.authors_file, "Geoffrey Hinton")
    watch(four.authors_file, "Ada3 Author3")
    async with sitting(four) as desk:
        await desk.until(lambda: any(e.view and e.view.key == "watched" for e in desk.sidebar.views))
        for _ in range(20):
            if desk.view == "watched":
                break
            await desk.press("]")
        assert desk.listed == [1, 2]
        await desk.until(lambda: desk.count("watched") == "2")
        await desk.press("q")
    async with sitting(four) as desk:
        assert desk.view == "watched", "the last view is opened again"
        await desk.press("M", "a")
        assert desk.said == "Geoffrey Hinton is watched no longer"
    assert load(four.authors_file)[0] == ("Ada3 Author3",)


async def test_one_of_many_authors_is_shown_wherever_he_stands(four: Paths) -> None:
    watch(four.authors_file, "Juergen Weiß-Groß")
    async with sitting(four, size=SMALL) as desk:
        await desk.until(lambda: _standing_out(desk.detail))
        assert _standing_out(desk.detail) == ["Jürgen Weiß-Groß"]
        assert "Jürgen Weiß-Groß and 18 others" in " ".join(desk.screen_text().split())


async def test_a_paper_that_names_nobody_has_nobody_to_watch(four: Paths) -> None:
    async with sitting(four) as desk:
        await desk.press("G", "w")
        assert not desk.asked
        assert desk.said == "nothing names an author here"


async def test_a_file_that_is_none_is_told_and_left(four: Paths) -> None:
    four.authors_file.write_text("author = 1")
    async with sitting(four) as desk:
        await desk.press("w", "a")
        assert "no list of tables" in desk.said
    assert four.authors_file.read_text() == "author = 1"


async def test_a_demo_watches_nobody(home: Paths) -> None:
    async with sitting(home, demo=True) as desk:
        await desk.press("w")
        assert "a demo keeps nothing" in desk.said
    assert not home.authors_file.exists()
