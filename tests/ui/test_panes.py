"""The three panes: what stands where at which size, moving about in them, and what they draw."""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from tests.tallying import Tally
from textual.widgets import Input

from papers_tui.config import Config
from papers_tui.domain.marks import READ
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import clean_line, unicode_tex
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.glyphs import ASCII
from papers_tui.ui.panes.paper_list import Listing
from papers_tui.ui.panes.paper_list.pane import PaperList

from .desk import LARGE, Desk, deliberate, fill, fill_from, identity, journal, paper, sitting

LONG = " ".join(f"Sentence {number} of an abstract that goes on for a while." for number in range(120))


@pytest.fixture
def forty(home: Paths) -> Paths:
    """Forty unread papers with long abstracts: 1, the newest, to 40."""
    fill(home, [paper(number, abstract=LONG) for number in range(1, 41)])
    return home


# ---------------------------------------------------------------------------------------------------- sizes


@pytest.mark.parametrize(
    ("size", "panes"),
    [
        ((200, 60), {"sidebar", "papers", "detail"}),
        ((150, 40), {"sidebar", "papers", "detail"}),
        ((120, 40), {"sidebar", "papers", "detail"}),
        ((110, 30), {"sidebar", "papers", "detail"}),
        ((109, 30), {"papers", "detail"}),
        ((80, 24), {"papers", "detail"}),
        ((79, 24), {"papers"}),
        ((20, 8), {"papers"}),
    ],
)
async def test_as_many_panes_as_fit_are_shown(forty: Paths, size: tuple[int, int], panes: set[str]) -> None:
    async with sitting(forty, size=size) as desk:
        assert desk.shown == panes
        assert desk.focus == "papers"
        assert desk.detailed == (1 if "detail" in panes else None)
        lines = desk.screen_lines()
        assert [cell_len(line) for line in lines] == [size[0]] * size[1]


@pytest.mark.parametrize(("size", "beside"), [((80, 24), False), ((140, 50), False), ((160, 50), True)])
async def test_the_detail_is_below_the_list_or_beside_it(
    forty: Paths, size: tuple[int, int], beside: bool
) -> None:
    async with sitting(forty, size=size) as desk:
        papers, detail = desk.papers.region, desk.detail.region
        assert (papers.y == detail.y) is beside
        assert (papers.x == detail.x) is not beside
        assert not papers.overlaps(detail)


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (20, 8), (40, 200), (250, 80), (400, 5)])
async def test_no_size_ends_the_program(forty: Paths, size: tuple[int, int]) -> None:
    async with sitting(forty, size=size) as desk:
        keys = ["j", "enter", "J", "space", "q", "h", "j", "k", "l", "z", "tab", "shift+tab", "escape"]
        await desk.press(*keys, "t", "escape", "i", "escape", "?", "escape", "e", "escape", "G", "s", "u")
        assert len(desk.screen_lines()) == size[1]
        await desk.resize(100, 30)
        await desk.resize(*size)
        assert desk.current == 40


async def test_the_sidebar_is_a_drawer_where_there_is_no_room_for_it(forty: Paths) -> None:
    async with sitting(forty, size=(80, 24)) as desk:
        await desk.press("h")
        assert desk.focus == "sidebar"
        assert desk.shown == {"sidebar", "papers", "detail"}
        assert desk.sidebar.region.overlaps(desk.papers.region)
        await desk.press("j")
        assert desk.view == "starred"
        await desk.press("l")
        assert desk.focus == "papers"
        assert desk.shown == {"papers", "detail"}

        await desk.press("h", "escape")
        assert (desk.focus, desk.shown) == ("papers", {"papers", "detail"})
        await desk.press("h", "enter")
        assert (desk.focus, desk.shown) == ("papers", {"papers", "detail"})


async def test_resizing_keeps_the_paper_and_shows_it(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press(*["j"] * 25)
        for size in [(60, 20), (120, 40), (20, 8), (80, 24), (200, 60)]:
            await desk.resize(*size)
            assert desk.current == 26
            top, page = desk.papers.first_line, desk.papers.page
            assert top <= 25 < top + page
            if "detail" in desk.shown:
                await desk.until(lambda: desk.detailed == 26)


async def test_a_detail_that_comes_into_sight_shows_the_paper_under_the_cursor(forty: Paths) -> None:
    async with sitting(forty, size=(60, 20)) as desk:
        await desk.press("j")
        assert desk.shown == {"papers"}
        await desk.resize(120, 40)
        await desk.until(lambda: desk.detailed == 2)
        await desk.press("z", "z", "z")
        assert desk.shown == {"sidebar", "papers"}
        await desk.press("j", "j", "z")
        assert "detail" in desk.shown
        await desk.until(lambda: desk.detailed == 4)


async def test_z_goes_round_the_layouts_and_the_choice_is_kept(forty: Paths) -> None:
    async with sitting(forty) as desk:
        assert desk.papers.region.y == desk.detail.region.y
        await desk.press("z")
        assert desk.papers.region.x == desk.detail.region.x
        await desk.press("q")
    async with sitting(forty) as desk:
        assert desk.papers.region.x == desk.detail.region.x
        await desk.press("z")
        assert desk.shown == {"sidebar", "papers"}
        await desk.press("z")
        assert desk.papers.region.y == desk.detail.region.y


async def test_the_focus_is_always_somewhere_that_can_be_seen(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("h")
        await desk.resize(80, 24)
        assert desk.focus in desk.shown
        await desk.resize(160, 50)
        await desk.press("l", "l")
        assert desk.focus in desk.shown
        await desk.resize(60, 20)
        assert desk.focus in desk.shown
        await desk.press("j")
        assert desk.focus in desk.shown


# --------------------------------------------------------------------------------------------------- moving


@pytest.mark.parametrize(
    ("keys", "number"),
    [
        (["j"], 2),
        (["down", "down"], 3),
        (["j", "j", "k"], 2),
        (["k"], 1),
        (["G"], 40),
        (["end", "j"], 40),
        (["G", "g", "g"], 1),
        (["G", "home"], 1),
        (["G", "g", "k"], 40),
        (["G", "g", "escape", "g"], 40),
    ],
)
async def test_keys_move_the_cursor_and_the_detail_follows(
    forty: Paths, keys: list[str], number: int
) -> None:
    async with sitting(forty) as desk:
        await desk.press(*keys)
        assert desk.current == number
        await desk.until(lambda: desk.detailed == number)


async def test_pages_and_halves_of_them(forty: Paths) -> None:
    async with sitting(forty, size=(160, 21)) as desk:
        page = desk.papers.page
        assert 10 < page < 21
        for down, up, step in (
            ("ctrl+f", "ctrl+b", page),
            ("pagedown", "pageup", page),
            ("ctrl+d", "ctrl+u", page // 2),
        ):
            await desk.press(down)
            assert abs(desk.current or 0) - 1 == pytest.approx(step, abs=1)
            await desk.press(up)
            assert desk.current == 1
        await desk.press("pagedown", "pagedown", "pagedown", "pagedown")
        assert desk.current == 40


@pytest.mark.parametrize("size", [(160, 12), (20, 8)])
async def test_the_cursor_stays_in_sight(forty: Paths, size: tuple[int, int]) -> None:
    async with sitting(forty, size=size) as desk:
        for key in ["j"] * 15 + ["G", "k", "k", "pageup", "g", "g", "pagedown"]:
            await desk.press(key)
            assert desk.current
            cursor = desk.papers.cursor
            assert desk.papers.first_line <= cursor < desk.papers.first_line + desk.papers.page


async def test_a_held_key_ends_with_the_detail_of_the_last_paper(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.hold("j", 30)
        await desk.until(lambda: desk.detailed == 31)
        assert desk.current == 31


async def test_n_goes_to_the_next_unread_paper_and_capital_n_to_the_one_before(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("j", "m", "m", "m", "g", "g")
        await desk.press("n")
        assert desk.current == 5
        await desk.press("N")
        assert desk.current == 1
        await desk.press("N")
        assert desk.current == 1


async def test_n_crosses_into_the_next_view_with_unread_papers(home: Paths) -> None:
    fill(home, [paper(number, edition="2025-06-02") for number in (1, 2)], name="one.jsonl")
    fill(home, [paper(number, edition="2025-06-01") for number in (3, 4)], name="two.jsonl")
    async with sitting(home) as desk:
        await desk.press("L", "L", "d", "m")
        await desk.press("u")  # 4 is the only unread paper
        assert (desk.view, desk.current) == ("inbox", 4)
        await desk.press("n")
        assert desk.view != "inbox"
        assert desk.current == 4
        assert not desk.flags(4) & READ


async def test_n_finds_no_view_where_all_was_just_read(home: Paths) -> None:
    fill(home, [paper(number, edition="2025-06-02") for number in (1, 2)])
    async with sitting(home) as desk:
        await desk.press("m", "m", "n")
        assert (desk.view, desk.current) == ("inbox", 2)


async def test_brackets_open_the_next_view_from_anywhere(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("]")
        assert (desk.view, desk.focus) == ("starred", "papers")
        await desk.press("[", "[")
        assert desk.view == "inbox"
        await desk.press("l", "]", "]", "]")
        assert (desk.view, desk.focus) == ("all", "detail")
        await desk.until(lambda: desk.detailed == 1)
        await desk.press("[")
        assert desk.view == "later"
        await desk.until(lambda: desk.detailed is None)


async def test_capital_j_and_k_scroll_the_detail_from_the_list(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("J", "J", "J", "K")
        assert (desk.detail.first_line, desk.current) == (2, 1)
        await desk.press("K", "K", "K")
        assert desk.detail.first_line == 0
        await desk.press("J", "j")
        await desk.until(lambda: desk.detailed == 2)
        assert desk.detail.first_line == 0


async def test_keys_scroll_the_detail_when_it_has_the_focus(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("l", "j", "down")
        assert (desk.focus, desk.detail.first_line, desk.current) == ("detail", 2, 1)
        await desk.press("G")
        assert desk.detail.first_line == desk.detail.line_count() - desk.detail.page
        await desk.press("g", "g", "pagedown")
        assert 0 < desk.detail.first_line <= desk.detail.page
        await desk.press("up")
        await desk.press("home")
        assert desk.detail.first_line == 0


async def test_h_and_l_and_tab_go_from_pane_to_pane(forty: Paths) -> None:
    async with sitting(forty) as desk:
        went = []
        for key in ("l", "l", "h", "left", "h", "right", "tab", "tab", "tab", "shift+tab", "shift+tab"):
            await desk.press(key)
            went.append(desk.focus)
        assert went == [
            *("detail", "detail", "papers", "sidebar", "sidebar", "papers"),
            *("detail", "sidebar", "papers", "sidebar", "detail"),
        ]


async def test_enter_reads_over_the_whole_width_and_back(forty: Paths) -> None:
    async with sitting(forty, size=(80, 24)) as desk:
        for key in ("enter", "q", "escape", "h"):
            await desk.press("j", "enter")
            assert desk.shown == {"detail"}
            assert desk.focus == "detail"
            assert desk.detailed == desk.current
            assert desk.detail.region.width == 80
            await desk.press(key)
            assert desk.shown == {"papers", "detail"}
            assert desk.focus == "papers"
        assert desk.current == 5
        assert [desk.state(number).read for number in (1, 2, 5)] == [False, True, True]


async def test_the_narrow_screen_has_one_pane_at_a_time(forty: Paths) -> None:
    async with sitting(forty, size=(60, 20)) as desk:
        await desk.press("l")
        assert (desk.shown, desk.focus, desk.detailed) == ({"detail"}, "detail", 1)
        await desk.press("s")
        assert desk.state(1).starred
        await desk.press("h", "h")
        assert desk.focus == "sidebar"


async def test_q_and_esc_go_back_one_level_and_only_q_quits(forty: Paths) -> None:
    async with sitting(forty) as desk:
        await desk.press("escape", "escape")
        assert desk.app._exit is False
        await desk.press("l", "q")
        assert (desk.focus, desk.app._exit) == ("papers", False)
        await desk.press("h", "q")
        assert (desk.focus, desk.app._exit) == ("papers", False)
        await desk.press("q")
        assert desk.app._exit is True


async def test_space_pages_to_the_end_then_reads_and_goes_on(home: Paths) -> None:
    fill(home, [paper(1, abstract=LONG), paper(2), paper(3, abstract=LONG)])
    async with sitting(home, size=(80, 24)) as desk:
        lines = []
        while desk.current == 1:
            lines.append(desk.detail.first_line)
            await desk.press("space")
        assert lines == sorted(set(lines))
        assert len(lines) > 3
        assert desk.current == 2
        assert (desk.state(1).read, desk.state(2).read) == (True, False)
        assert [entry.deliberate for entry in journal(home)] == [False]
        await desk.press("space")
        assert (desk.current, desk.state(2).read) == (3, True)


async def test_space_opens_the_paper_where_only_the_list_is_shown(forty: Paths) -> None:
    async with sitting(forty, size=(60, 20)) as desk:
        await desk.press("space")
        assert desk.shown == {"detail"}
        while desk.current == 1:
            await desk.press("space")
        assert (desk.current, desk.detailed, desk.shown) == (2, 2, {"detail"})


# ------------------------------------------------------------------------------------------- what is drawn

HOSTILE = [
    "[Re] A replication",
    "[/b] closes nothing",
    "[@click=app.quit]press me[/]",
    "[link=file:///etc/passwd]x[/link]",
    "[bold red on blue]loud[/]",
    "\\[escaped] and [[double]]",
    "[",
    "]",
    "[/]",
    "[$primary]x[/$primary]",
    "{name} %s %(x)s ${x}",
    ":smile: :warning:",
    "<script>alert(1)</script> & &amp;",
    "--help",
    "a [b] [/c] [@d",
]


async def surfaces(desk: Desk) -> str:
    """All that is drawn while a paper is looked at, tagged, noted, opened, told of and searched for."""
    title = unicode_tex(desk.app.library.holding(desk.papers.current or 0).paper.title)
    drawn = [desk.screen_text()]
    for key in ("t", "i"):
        await desk.press(key)
        drawn.append(desk.screen_text())
        await desk.press("escape")
    await desk.press("s")
    drawn.append(desk.screen_text())
    await desk.press("u")
    desk.app.notify(title, markup=False)
    await desk.until(lambda: bool(desk.app.screen.query("Toast")))
    drawn.append(desk.screen_text())
    desk.app.clear_notifications()
    await desk.press("enter")
    drawn.append(desk.screen_text())
    await desk.press("escape")
    return "\n".join(drawn)


def controls(text: str) -> set[str]:
    """What has no business on a terminal: control characters, bidi overrides, tags."""
    return {
        character
        for character in text
        if (unicodedata.category(character) in {"Cc", "Cs"} and character != "\n")
        or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        or 0xE0000 <= ord(character) <= 0xE007F
    }


@pytest.mark.parametrize("title", HOSTILE)
async def test_titles_are_drawn_literally_everywhere(home: Paths, title: str) -> None:
    fill(home, [paper(1, title, abstract=f"{title} in the abstract", authors=[title], keywords=[title])])
    async with sitting(home) as desk:
        drawn = await surfaces(desk)
        assert drawn.count(title) >= 10
        assert f"{title} in the abstract" in drawn
        assert desk.app._exit is False
        assert not desk.asked


async def test_tags_and_notes_are_drawn_literally_everywhere(home: Paths) -> None:
    fill(home, [paper(1), paper(2)])
    async with sitting(home) as desk:
        await desk.press("t")
        await desk.write("[b]x[/b], [/oops], [@click=app.quit]y")
        await desk.press("enter", "i")
        await desk.write("[/note] [@click=app.quit]z[/]")
        await desk.press("escape")
        await desk.until(lambda: "[/oops]" in "\n".join(desk.pane_lines(desk.sidebar)))
        drawn = "\n".join(desk.pane_lines(desk.detail))
        assert "[b]x[/b]" in drawn
        assert "[/note] [@click=app.quit]z[/]" in drawn
        await desk.press("j", "t")
        assert "[/oops]" in desk.screen_text()
        for beginning in ("[b", "[/", "[@"):
            await desk.write(beginning)
            await desk.press("tab")
        await desk.press("enter")
        assert desk.state(2).tags == desk.state(1).tags


async def test_names_of_sources_editions_and_topics_are_drawn_literally(home: Paths) -> None:
    odd = {
        "keywords": ["[/k]"],
        "categories": ["[c].[d]"],
        "organization": {"name": "[o", "fullname": "[/o]"},
    }
    fill(home, [paper(number) | odd for number in range(1, 8)], name="[b]odd[/c].jsonl")
    async with sitting(home) as desk:
        drawn = desk.screen_text()
        assert "[b]odd[/c].jsonl" in drawn
        assert "[/o]" in drawn
        while desk.sidebar.neighbour(1):
            await desk.press("]")
        assert controls(desk.screen_text()) == set()


async def test_problems_of_the_start_are_told_literally(home: Paths) -> None:
    fill(home, [paper(1)])
    config = Config(read_after=0, keys={"[/b]": ("x",)}, theme="[@click=app.quit]")
    async with sitting(home, config=config, problems=("config.toml: [/x] is odd",)) as desk:
        await desk.until(lambda: "[/x] is odd" in desk.screen_text())
        drawn = re.sub(r"\s+", " ", desk.screen_text())
        assert "[/b]" in drawn
        assert "[@click=app.quit]" in drawn


async def test_control_sequences_of_a_whole_hostile_edition_never_reach_the_screen(
    home: Paths, shared: Path
) -> None:
    fill_from(home, (shared / "hostile/files/term/all.hf.json").read_bytes(), name="all.hf.json")
    async with sitting(home) as desk:
        assert len(desk.papers.ids) > 10
        drawn = []
        for place in range(len(desk.papers.ids)):
            desk.papers.move_to(place)
            await desk.settle()
            desk.app.main._show_detail()
            drawn.append(desk.screen_text())
        drawn.append(await surfaces(desk))
        assert controls("\n".join(drawn)) == set()
        assert desk.app._exit is False


async def test_what_stands_in_the_store_all_the_same_is_held_back_on_the_way_to_the_screen(
    home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home, [paper(1), paper(2)])
    evil = "a\x1b[2Jb\x9b31mc\x07d\u202ee\U000e0041f"
    rows = Library.rows

    def bad(library: Library, ids: Iterable[int]) -> dict[int, PaperRow]:
        return {id_: replace(row, title=evil, authors=(evil,)) for id_, row in rows(library, ids).items()}

    monkeypatch.setattr(Library, "rows", bad)
    async with sitting(home) as desk:
        drawn = [desk.screen_text()]
        for key in ("t", "escape", "i", "escape", "s"):
            await desk.press(key)
            drawn.append(desk.screen_text())
        desk.app.notify(evil, markup=False)
        await desk.settle()
        drawn.append(desk.screen_text())
        assert controls("\n".join(drawn)) == set()


async def test_real_abstracts_that_look_like_markup_are_shown_whole(home: Paths, shared: Path) -> None:
    lines = (shared / "abstracts/markup_traps.jsonl").read_text("utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    fill(
        home,
        [{"id": f"arxiv:{one['id']}", "title": one["title"], "abstract": one["abstract"]} for one in records],
    )
    async with sitting(home, size=(110, 200)) as desk:
        await desk.press("]", "]", "]")
        assert len(desk.papers.ids) == len(records)
        for row in desk.papers.ids:
            held = desk.app.library.holding(row)
            desk.detail.show(held)
            lines = [
                "".join(text for text, _ in desk.detail.line_parts(line)).strip()
                for line in range(desk.detail.line_count())
            ]
            shown = squeezed("".join(lines))
            assert squeezed(unicode_tex(held.paper.title)) in shown
            assert squeezed(unicode_tex(held.paper.abstract)) in shown


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


TITLES = st.text(
    st.one_of(
        st.sampled_from("[]/@=\\b $^_{}#&:"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
).filter(clean_line)


@pytest.mark.parametrize(
    "many", [300, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])]
)
async def test_random_titles_are_drawn_literally(home: Paths, tally: Tally, many: int) -> None:
    titles: list[str] = []

    @settings(max_examples=many, database=None, suppress_health_check=list(HealthCheck))
    @given(TITLES)
    def collect(title: str) -> None:
        titles.append(title)

    collect()
    tally("hostile inputs", len(titles))
    fill(home, [paper(number, title) for number, title in enumerate(titles, 1)])
    async with sitting(home, size=(100, 20)) as desk:
        for _ in desk.papers.ids:
            await desk.hold("j", 1)
            desk.app.main._show_detail()
            await desk.pilot.pause(0)
            assert desk.papers.current is not None
            title = unicode_tex(desk.app.library.holding(desk.papers.current).paper.title)
            for pane in (desk.papers, desk.detail):
                drawn = "\n".join(desk.pane_lines(pane))
                assert controls(drawn) == set()
                assert squeezed(title) in squeezed(drawn), ascii(title)
        assert desk.app._exit is False


async def test_tex_is_drawn_as_unicode_and_a_price_stays(home: Paths) -> None:
    fill(
        home,
        [
            paper(
                1, r"Learning $\alpha$-divergences for $20", abstract=r"We pay $20 and gain $\beta \leq 2$."
            ),
            paper(2, r"On $\mathbb{R}^2$"),
        ],
    )
    async with sitting(home) as desk:
        assert "Learning α-divergences for $20" in "\n".join(desk.pane_lines(desk.papers))
        detail = "\n".join(desk.pane_lines(desk.detail))
        assert "Learning α-divergences for $20" in detail
        assert "$20" in detail
        assert "β" in detail
        assert "\\" not in desk.screen_text()
        await desk.press("t")
        assert "Learning α-divergences for $20" in desk.screen_text()
        await desk.press("escape", "s")
        assert "α-divergences" in desk.said


async def test_the_whole_title_of_the_paper_under_the_cursor_is_visible(home: Paths) -> None:
    title = "A title that is " + "very " * 30 + "long indeed"
    fill(home, [paper(1, title), paper(2, title.upper()), paper(3)])
    async with sitting(home, size=(80, 30)) as desk:
        for wanted in (title, title.upper()):
            drawn = "\n".join(desk.pane_lines(desk.papers))
            words = squeezed(re.sub(r"<>|▲\d*|(?:\d+ )?[A-Z][a-z]{2} \d{4}|●", "", drawn))
            assert squeezed(wanted) in words
            await desk.press("j")


@pytest.mark.parametrize("size", [LARGE, (80, 24), (30, 10)])
async def test_wide_letters_keep_the_columns(home: Paths, size: tuple[int, int]) -> None:
    titles = [
        "數據驅動的大型語言模型" * 6,
        "👨‍👩‍👧 family ❤️ 1️⃣ 🇩🇪" * 4,
        "e\u0301" * 90,
        "שלום עולם " * 9,
        "क्षि" * 40,
    ]
    fill(home, [paper(number, title, abstract=title * 3) for number, title in enumerate(titles, 1)])
    async with sitting(home, size=size) as desk:
        for _ in titles:
            assert [cell_len(line) for line in desk.screen_lines()] == [size[0]] * size[1]
            await desk.press("j")


async def test_papers_can_take_two_lines_each(forty: Paths) -> None:
    config = Config(read_after=0, density="comfortable")
    async with sitting(forty, size=(160, 21), config=config) as desk:
        assert desk.papers.line_count() == 80
        assert "Ada Author1" in desk.pane_lines(desk.papers)[1]
        assert "Paper 2" in desk.pane_lines(desk.papers)[2]
        await desk.press("G")
        assert "Ada Author40" in "\n".join(desk.pane_lines(desk.papers))
        await desk.click(desk.papers.region.x + 5, desk.papers.region.bottom - 3)
        assert desk.current == 39


async def test_a_paper_with_nothing_but_a_title_is_shown(home: Paths) -> None:
    fill(home, [{"id": identity(1), "title": "Only a title"}])
    async with sitting(home) as desk:
        assert "Only a title" in "\n".join(desk.pane_lines(desk.papers))
        assert "Only a title" in "\n".join(desk.pane_lines(desk.detail))


# ---------------------------------------------------------------------------------------------------- empty


async def test_samples_can_be_looked_at_and_nothing_done_to_them_is_kept(home: Paths) -> None:
    async with sitting(home, sample=True) as desk:
        assert desk.app.sampling
        assert desk.papers.ids
        await desk.press("s", "d", "j", "q")
        assert desk.app._exit is True
    assert journal(home) == []
    with Library(home) as library:
        assert library.is_empty()
    fill(home, [paper(1)])
    async with sitting(home) as desk:
        assert not desk.app.sampling
        assert (desk.view, desk.listed) == ("inbox", [1])


async def test_papers_are_brought_in_from_the_app_and_the_samples_go(home: Paths, tmp_path: Path) -> None:
    page = tmp_path / "mine.jsonl"
    page.write_text("".join(json.dumps(paper(number)) + "\n" for number in (1, 2)))
    async with sitting(home, sample=True) as desk:
        await desk.press("a")
        desk.app.screen.query_one(Input).value = f"{tmp_path}/mi"
        await desk.press("tab")
        assert desk.app.screen.query_one(Input).value == str(page)
        await desk.press("enter")
        await desk.until(lambda: not desk.app.sampling and desk.app.main.query(PaperList) and desk.papers.ids)
        assert desk.listed == [1, 2]
        await desk.press("s")
        assert deliberate(home) == ["star"]

        more = tmp_path / "more.jsonl"
        more.write_text(json.dumps(paper(3)) + "\n")
        await desk.press("a")
        desk.app.screen.query_one(Input).value = str(more)
        await desk.press("enter")
        await desk.until(lambda: "more.jsonl" in desk.said and desk.count("all") == "2")
        assert desk.listed == [1, 2]
        await desk.press("r")
        assert desk.listed == [2, 3]


async def test_a_file_that_is_not_there_is_told(home: Paths, tmp_path: Path) -> None:
    async with sitting(home, sample=True) as desk:
        await desk.press("a")
        desk.app.screen.query_one(Input).value = str(tmp_path / "[b]nowhere.html")
        await desk.press("enter")
        await desk.until(lambda: "[b]nowhere.html" in desk.said)
        assert desk.app.sampling


async def test_a_library_of_which_nothing_is_listed_has_no_harmful_key(home: Paths) -> None:
    fill(home, [paper(1)])
    async with sitting(home) as desk:
        await desk.press("m", "r")
        assert desk.current is None
        written = len(journal(home))
        keys = "jkGgglhlNJKzmsdLti.ocp"
        await desk.press(*keys, "space", "enter", "pagedown", "ctrl+u", "tab", "shift+tab", "escape")
        await desk.click(desk.papers.region.x + 4, desk.papers.region.y + 1)
        assert not desk.asked
        assert len(journal(home)) == written
        assert desk.app._exit is False


@pytest.mark.parametrize(("steps", "view"), [(1, "starred"), (2, "later"), (4, "dismissed")])
async def test_an_empty_view_says_why(forty: Paths, steps: int, view: str) -> None:
    async with sitting(forty) as desk:
        await desk.press(*["]"] * steps)
        assert desk.view == view
        assert "".join(desk.pane_lines(desk.papers)).strip()
        assert "papers-tui import" not in desk.screen_text()
        await desk.press("s", "j", "G", "enter", "d", ".")
        assert desk.current is None
        await desk.press("n")
        assert desk.view != view
        assert desk.listed[0] == 1


async def test_an_inbox_that_was_emptied_says_so_when_listed_anew(home: Paths) -> None:
    fill(home, [paper(1)])
    async with sitting(home) as desk:
        await desk.press("m")
        assert desk.listed == [1]
        await desk.press("r")
        assert desk.listed == []
        await desk.until(lambda: desk.detailed is None)  # it follows the list
        assert "Inbox" in "".join(desk.pane_lines(desk.papers))


# ---------------------------------------------------------------------------------------------------- large


async def test_a_large_library_opens_and_reads_only_what_is_seen(
    home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 20_000
    fill(
        home,
        [
            {"id": f"arxiv:{2401 + number // 10_000}.{number % 10_000:05}", "title": f"Paper {number}"}
            for number in range(many)
        ],
    )
    fetched: list[int] = []
    rows = Library.rows

    def counted(library: Library, ids: Iterable[int]) -> dict[int, PaperRow]:
        asked = list(ids)
        fetched.append(len(asked))
        return rows(library, asked)

    monkeypatch.setattr(Library, "rows", counted)
    async with sitting(home) as desk:
        await desk.until(lambda: len(desk.papers.ids) == many and desk.papers.listing.settled)
        await desk.press("j", "pagedown", "G")
        assert desk.papers.cursor == many - 1
        await desk.press("k", "s", "g", "g", "n")
        assert desk.papers.cursor == 1
        assert "Paper" in "\n".join(desk.pane_lines(desk.papers))
        await desk.resize(80, 24)
        assert max(fetched) <= 512
        assert sum(fetched) < many // 2


def test_rows_of_papers_that_are_gone_are_drawn_as_such() -> None:
    today = date(2026, 7, 24)
    pane = PaperList(lambda ids: {}, ASCII, unread=lambda ids: set(), tall=False, today=today)  # noqa: ARG005
    pane.listing = Listing(array("q", [7]))
    assert pane.row_at(0) is None
    assert "merged" in "".join(text for text, _ in pane.line_parts(0))


# ---------------------------------------------------------------------------------------------------- redrawing


async def test_an_act_draws_the_lines_that_change_and_no_others(
    forty: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(forty, size=LARGE) as desk:
        drawn: dict[str, set[int]] = {"papers": set(), "sidebar": set(), "detail": set()}
        for pane in (desk.papers, desk.sidebar, desk.detail):
            lines, parts = drawn[str(pane.id)], pane.line_parts

            def noted(line: int, lines: set[int] = lines, parts: Callable[..., Any] = parts) -> Any:
                lines.add(line)
                return parts(line)

            monkeypatch.setattr(pane, "line_parts", noted)
        await desk.press("s")
        await desk.until(lambda: desk.said.startswith("starred") and deliberate(forty) == ["star"])
        height = desk.papers.line_count() // 40
        assert drawn["papers"] == set(range(2 * height)), "the paper that was starred, and the next one"
        await desk.until(lambda: drawn["sidebar"])
        assert len(drawn["sidebar"]) < desk.sidebar.line_count()


async def test_the_rest_of_a_list_that_comes_out_of_sight_draws_nothing(
    forty: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(forty, size=(120, 24)) as desk:
        drawn: list[int] = []
        parts = desk.papers.line_parts

        def noted(line: int) -> Any:
            drawn.append(line)
            return parts(line)

        monkeypatch.setattr(desk.papers, "line_parts", noted)
        await desk.press("x")
        assert drawn
        assert desk.papers.line_count() > desk.papers.page
        drawn.clear()
        desk.papers.grow()
        await desk.settle()
        assert drawn == []
