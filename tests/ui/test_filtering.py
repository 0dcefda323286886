"""`/`: the list narrows down as one types, and comes back exactly as it was."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.message import Message

from papers_tui.paths import Paths
from papers_tui.store.finder import Finder
from papers_tui.ui.hits import Hits
from papers_tui.ui.panes.filter_line import FilterLine

from .desk import SMALL, Desk, deliberate, fill, key_event, paper, sitting

TOPICS = ("kernels", "policies", "kernels for music", "Poincaré maps", "policies for music")


@pytest.fixture
def five(home: Paths) -> Paths:
    """Five unread papers: 1, the newest, to 5."""
    fill(home, [paper(number, f"Learning {topic}") for number, topic in enumerate(TOPICS, 1)])
    return home


def _line(desk: Desk) -> FilterLine:
    return desk.pane(FilterLine)


async def _type(desk: Desk, text: str) -> None:
    await desk.press("/")
    await desk.write(text)


def _listing(desk: Desk, *numbers: int) -> bool:
    return sorted(desk.listed) == sorted(numbers)


async def test_the_list_narrows_down_and_esc_brings_back_list_and_cursor(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("j", "j", "j")
        before = (desk.listed, desk.papers.current, desk.view)
        await _type(desk, "music")
        await desk.until(lambda: _listing(desk, 3, 5))
        assert "Inbox / music" in desk.screen_lines()[-1]
        assert "2 of 5" in desk.screen_lines()[-1]
        await desk.press("escape")
        assert (desk.listed, desk.papers.current, desk.view) == before
        assert desk.focus == "papers"
        assert not _line(desk).display
    assert deliberate(five) == []


async def test_keys_right_behind_the_slash_are_letters_and_no_acts(five: Paths) -> None:
    async with sitting(five) as desk:
        for key in ("/", "d", "s", "m"):
            desk.app.post_message(key_event(key))
        await desk.until(lambda: "Inbox / dsm" in desk.screen_lines()[-1])
        await desk.press("escape")
    assert deliberate(five) == []


async def test_what_is_kept_can_be_triaged_and_left_again(five: Paths) -> None:
    async with sitting(five, size=SMALL) as desk:
        await _type(desk, "kernels")
        await desk.until(lambda: _listing(desk, 1, 3))
        await desk.press("enter")
        assert desk.said == "2 papers · Esc goes back"
        await desk.press("s")
        assert deliberate(five) == ["star"]
        await desk.press("escape")
        assert _listing(desk, 1, 2, 3, 4, 5)
        assert desk.view == "inbox"


async def test_a_second_slash_looks_at_everything(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("d", "r")
        assert _listing(desk, 2, 3, 4, 5)
        await _type(desk, "/kernels")
        await desk.until(lambda: _listing(desk, 3))
        assert "All / kernels" in desk.screen_lines()[-1]
        await desk.press("escape")
        assert _listing(desk, 2, 3, 4, 5)


async def test_words_that_cannot_be_read_leave_the_last_list_and_say_why(five: Paths) -> None:
    async with sitting(five) as desk:
        await _type(desk, "music")
        await desk.until(lambda: _listing(desk, 3, 5))
        await desk.write('"')
        await desk.until(lambda: "a quote and a word run into each other" in desk.screen_text())
        assert _listing(desk, 3, 5)
        await desk.press("backspace")
        await desk.until(lambda: "2 of 5" in desk.screen_lines()[-1])


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_long_complaint_is_shown_whole_above_the_line(five: Paths, size: tuple[int, int]) -> None:
    async with sitting(five, size=size) as desk:
        await _type(desk, "has:nothing")
        words = "column 5: has: does not know 'nothing' (expected code, pdf, project, model, dataset, note or tag)"
        await desk.until(lambda: words in " ".join(desk.screen_text().split()))
        assert "has:nothing" in desk.screen_lines()[-1]
        await desk.press(*["backspace"] * len("has:nothing"))
        await desk.write("music")
        await desk.until(lambda: "2 of 5" in desk.screen_lines()[-1])
        assert "expected" not in desk.screen_text()


async def test_nothing_found_says_so_and_enter_on_nothing_typed_changes_nothing(five: Paths) -> None:
    async with sitting(five) as desk:
        await _type(desk, "zebra")
        await desk.until(lambda: "Nothing found." in desk.screen_text())
        await desk.press("escape", "/", "enter")
        assert _listing(desk, 1, 2, 3, 4, 5)
        assert desk.view == "inbox"


async def test_words_that_are_taken_back_leave_the_list_as_it_was(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("m", "m", "x", "/", "p")
        await desk.until(lambda: _listing(desk, 4, 5))
        await desk.press("backspace")
        await desk.until(lambda: desk.listed == [1, 2, 3, 4, 5])
        assert (desk.current, desk.selected) == (4, [3])
        assert " of " not in desk.screen_lines()[-1]
        await desk.press("p")
        await desk.until(lambda: _listing(desk, 4, 5))
        await desk.press("backspace", "enter")
        assert (desk.listed, desk.current, desk.selected) == ([1, 2, 3, 4, 5], 4, [3])
        assert (desk.view, desk.said) == ("inbox", "")


async def test_esc_brings_back_what_was_selected_and_why_a_view_is_empty(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("x", "x", "/", "m", "escape")
        assert desk.selected == [1, 2]
        await desk.press("/", *"music", "enter", "j", "escape")
        assert desk.selected == [1, 2]
        await desk.press("]")
        assert "No starred papers yet." in desk.screen_text()
        await desk.press("/", "m", "escape")
        assert "No starred papers yet." in desk.screen_text()


async def test_two_slashes_and_enter_are_the_way_to_everything_and_esc_the_way_back(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("m", "r", "/", "/")
        await desk.until(lambda: _listing(desk, 1, 2, 3, 4, 5))
        await desk.press("enter")
        assert (desk.view, desk.said) == ("all", "5 papers · Esc goes back")
        await desk.press("escape")
        assert (desk.view, desk.listed) == ("inbox", [2, 3, 4, 5])
        for key in ("/", "/", "enter"):
            desk.app.post_message(key_event(key))
        await desk.until(lambda: desk.view == "all")
        assert _listing(desk, 1, 2, 3, 4, 5)


async def test_former_filters_come_back_with_the_arrows(five: Paths) -> None:
    async with sitting(five) as desk:
        for text in ("music", "kernels"):
            await _type(desk, text)
            await desk.until(lambda: len(desk.listed) == 2)
            await desk.press("enter", "escape")
        await _type(desk, "pol")
        await desk.press("up")
        await desk.until(lambda: _listing(desk, 1, 3))
        await desk.press("up")
        await desk.until(lambda: _listing(desk, 3, 5))
        await desk.press("down", "down")
        assert "Inbox / pol" in desk.screen_lines()[-1]


async def test_the_cursor_can_be_moved_while_typing(five: Paths) -> None:
    async with sitting(five) as desk:
        await _type(desk, "music")
        await desk.until(lambda: _listing(desk, 3, 5))
        first = desk.papers.current
        await desk.press("pagedown" if desk.papers.cursor == 0 else "pageup")
        assert desk.papers.current != first


async def test_tab_completes_fields_and_names_one_after_the_other(five: Paths) -> None:
    async with sitting(five) as desk:
        await desk.press("t")
        await desk.write("music theory")
        await desk.press("enter", "t")
        await desk.write("maps")
        await desk.press("enter")
        await _type(desk, "ta")
        await desk.press("tab")
        assert "Inbox / tag:" in desk.screen_lines()[-1]
        await desk.write("m")
        await desk.press("tab")
        assert "Inbox / tag:maps" in desk.screen_lines()[-1]
        await desk.press("tab")
        assert 'Inbox / tag:"music theory"' in desk.screen_lines()[-1]
        await desk.press("tab")
        assert "Inbox / tag:maps" in desk.screen_lines()[-1]
        await desk.press("escape", "/")
        await desk.write("zzz")
        await desk.until(lambda: "0 of 5" in desk.screen_lines()[-1])
        await desk.app.workers.wait_for_complete()  # what is still found is told in the same place
        await desk.press("tab")
        assert "nothing completes this" in desk.screen_lines()[-1]


async def test_a_saved_view_can_be_part_of_a_filter(five: Paths) -> None:
    async with sitting(five) as desk:
        await _type(desk, "music")
        await desk.until(lambda: _listing(desk, 3, 5))
        await desk.press("enter", "V")
        await desk.write("Music")
        await desk.press("enter", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[")
        await _type(desk, "view:music kernels")
        await desk.until(lambda: _listing(desk, 3))


async def test_hits_are_marked_in_list_and_detail(five: Paths) -> None:
    async with sitting(five) as desk:
        await _type(desk, "poincare")
        await desk.until(lambda: _listing(desk, 4))
        style = desk.papers.get_component_rich_style("paper-list--hit-cursor")
        marked = [
            segment.text
            for strip in desk.app.screen._compositor.render_strips(desk.app.size)
            for segment in strip
            if segment.style and segment.style.underline and segment.style.color == style.color
        ]
        assert "Poincaré" in marked


@pytest.mark.parametrize(
    ("hits", "text", "marked"),
    [
        (Hits(frozenset({"music"})), "For Music, musicals", ["Music"]),
        (Hits(frozenset(), ("mus",)), "For Music, musicals", ["Music", "musicals"]),
        (Hits(frozenset({"poincare"})), "Poincaré maps", ["Poincaré"]),
        (Hits(frozenset({"x"})), "", []),
        (Hits(), "anything", []),
    ],
)
def test_hits_are_whole_words_or_beginnings(hits: Hits, text: str, marked: list[str]) -> None:
    parts = list(hits.parts(text))
    assert [part for part, hit in parts if hit] == marked
    assert "".join(part for part, _ in parts) == text


async def test_the_beginning_of_a_word_is_looked_for_in_titles_and_authors_until_enter(home: Paths) -> None:
    fill(
        home,
        [paper(1, "Zebras"), paper(2, "Stripes", abstract="On the coats of zebras."), paper(3, "Hooves")],
    )
    async with sitting(home) as desk:
        await _type(desk, "ze")
        await desk.until(lambda: _listing(desk, 1))
        assert "1 of 3 in titles and authors" in desk.screen_lines()[-1]
        await desk.write("br")
        await desk.until(lambda: _listing(desk, 1, 2))
        assert "in titles and authors" not in desk.screen_text()
        await desk.press("backspace", "backspace")
        await desk.until(lambda: _listing(desk, 1))
        await desk.press("enter")
        await desk.until(lambda: _listing(desk, 1, 2))
        await desk.press("escape")
        assert _listing(desk, 1, 2, 3)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Until it is set, what is looked for in the abstracts, too, is not found."""
    opened, first = threading.Event(), Finder.first

    def held(finder: Finder, *args: Any, **kwargs: Any) -> object:
        assert kwargs.get("headings") or opened.wait(60)
        return first(finder, *args, **kwargs)

    monkeypatch.setattr(Finder, "first", held)
    return opened


@pytest.mark.parametrize(
    ("typed", "about", "exact"),
    [("author:z", [1, 2], [2]), ("zebra-s", [1, 3], [1]), ("title:z", [1, 2], [1])],
)
async def test_a_short_beginning_in_one_place_is_looked_for_roughly_at_first(
    home: Paths, gate: threading.Event, typed: str, about: list[int], exact: list[int]
) -> None:
    fill(
        home,
        [
            paper(1, "Zebra stripes"),
            paper(2, "Hooves", authors=("Ada Zimmer",)),
            paper(3, "Stripes of a zebra"),
        ][: 3 if "-" in typed else 2],
    )
    async with sitting(home) as desk:
        await _type(desk, typed[:-1])
        await desk.write(typed[-1])
        await desk.until(lambda: _listing(desk, *about) and "titles and authors" in desk.screen_lines()[-1])
        gate.set()
        await desk.until(lambda: _listing(desk, *exact) and "titles and" not in desk.screen_lines()[-1])


@pytest.mark.parametrize(
    ("keys", "selected", "current", "asked"),
    [
        (("x",), [1], 1, False),
        (("G",), [], 4, False),
        (("*",), [1, 2, 4], 1, False),
        (("v", "j"), [1], 1, False),
        (("A",), [], 1, True),
    ],
)
async def test_what_is_done_before_the_abstracts_have_joined_in_is_not_lost(
    home: Paths,
    gate: threading.Event,
    keys: tuple[str, ...],
    selected: list[int],
    current: int,
    asked: bool,
) -> None:
    fill(
        home,
        [
            paper(1, "Zebras"),
            paper(2, "Stripes", abstract="On the coats of zebras."),
            paper(3, "Hooves"),
            paper(4, "Grass", abstract="What zebras eat."),
        ],
    )
    async with sitting(home) as desk:
        await _type(desk, "ze")
        await desk.until(lambda: _listing(desk, 1))
        await desk.app.workers.wait_for_complete()  # the first letter finds the same
        await desk.press("enter")
        assert desk.said == "1+ papers · Esc goes back"
        await desk.press(*keys)
        assert not desk.asked
        gate.set()
        await desk.until(lambda: _listing(desk, 1, 2, 4) or desk.asked)
        assert (desk.selected, desk.current, desk.asked) == (selected, current, asked)
        if asked:
            assert "Mark 3 papers read?" in desk.screen_text()


async def test_the_number_found_is_put_right_when_the_abstracts_have_joined_in(home: Paths) -> None:
    fill(home, [paper(1, "Zebras"), paper(2, "Stripes", abstract="On the coats of zebras.")])
    async with sitting(home) as desk:
        await _type(desk, "ze")
        await desk.until(lambda: _listing(desk, 1))
        await desk.press("enter")
        await desk.until(lambda: desk.said == "2 papers · Esc goes back")


async def test_the_app_is_told_nothing_before_the_frame_of_a_list_that_was_found(
    five: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame waits for a clock as long as the app has something to read: it may be a key."""
    async with sitting(five) as desk:
        told, post = list[str](), desk.app.post_message

        def posted(message: Message) -> bool:
            told.append(type(message).__name__)
            return post(message)

        monkeypatch.setattr(desk.app, "post_message", posted)
        await _type(desk, "kernels")
        await desk.until(lambda: _listing(desk, 1, 3))
        await desk.press("escape", "j")
        assert "Typed" in told
        assert "CursorMoved" not in told, "the screen alone wants to know"
