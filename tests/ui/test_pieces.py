"""A long list opens with its first papers; the rest comes below them, and what needs all of it waits for it."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import parse
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.store import finding
from papers_tui.store.finder import Finder
from papers_tui.ui import opening
from papers_tui.ui.loading import Loader
from papers_tui.ui.panes.paper_list import Listing

from .desk import Desk, deliberate, fill, key_event, paper, sitting

MANY = 3_000
FIRST = 20
WINDOW = (160, 30)


class Gate:
    """What keeps the rest of all lists back until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.asked = 0
        self.broken = False

    def rest(self, finder: Finder, *args: Any, **kwargs: Any) -> Iterator[array[int]]:
        self.asked += 1
        assert self.open.wait(60)
        if self.broken:
            raise PapersError("cache", "it can't be read")
        yield from _REST(finder, *args, **kwargs)


_REST = Finder.rest


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate()
    monkeypatch.setattr(opening, "FIRST", FIRST)
    monkeypatch.setattr(finding, "_PIECE", 700)

    def held(finder: Finder, *args: Any, **kwargs: Any) -> Iterator[array[int]]:
        return gate.rest(finder, *args, **kwargs)

    monkeypatch.setattr(Finder, "rest", held)
    yield gate
    gate.open.set()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The cache file of a library of 3,000 unread papers, three of a day and of an edition; every tenth is on music."""
    folder = tmp_path_factory.mktemp("shelf")
    paths = Paths(*(folder / name for name in ("config", "data", "cache", "log")))
    fill(paths, [one(number) for number in range(1, MANY + 1)])
    with Library(paths) as library:
        library._store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return next(paths.cache.glob("library-*.sqlite3")).read_bytes()


def one(number: int) -> dict[str, Any]:
    """A paper of that library."""
    title = f"Music {number}" if number % 10 == 0 else f"Paper {number}"
    return paper(number, title, edition=f"{2025 - number // 3000}-11-{28 - number // 120:02}", upvotes=number)


@pytest.fixture
def long(home: Paths, shelf: bytes) -> Paths:
    Library(home).close()
    next(home.cache.glob("library-*.sqlite3")).write_bytes(shelf)
    return home


async def whole(desk: Desk, gate: Gate) -> None:
    """Lets the rest come, and waits for it."""
    gate.open.set()
    await desk.until(lambda: desk.papers.listing.settled)


def place(desk: Desk) -> str:
    return desk.screen_lines()[-1]


def everything(library: Library, query: str = "", sort: str = "date") -> list[int]:
    return list(library.find(parse(query), sort=sort))


async def test_the_first_papers_are_there_at_once_and_the_rest_comes_below_them(
    long: Paths, gate: Gate
) -> None:
    async with sitting(long, size=WINDOW) as desk:
        assert desk.listed == list(range(1, FIRST + 1))
        assert "Inbox 1/3,000" in place(desk)
        await desk.press("j", "j", "s")
        before = desk.pane_lines(desk.papers)[:15]
        await whole(desk, gate)
        assert list(desk.papers.ids) == everything(desk.app.library)
        assert desk.current == 4
        assert desk.pane_lines(desk.papers)[:15] == before
        assert desk.papers.vertical_scrollbar.window_virtual_size == MANY
        assert "Inbox 4/3,000" in place(desk)


async def test_what_came_or_went_meanwhile_changes_nothing_in_the_list(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("m", "d")
        fill(long, [paper(0, published="2026-01-01T00:00:00Z")], name="later.jsonl")
        await whole(desk, gate)
        assert desk.listed == list(range(1, MANY + 1))


async def test_the_number_of_a_list_that_nobody_has_counted_is_told_as_far_as_it_is_known(
    long: Paths, gate: Gate
) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("/", *"music", "enter")
        assert desk.said == f"{FIRST}+ papers · Esc goes back"
        assert f"1/{FIRST}+" in desk.app.main._status._place
        await whole(desk, gate)
        assert "1/300" in desk.app.main._status._place


async def test_the_end_is_gone_to_as_soon_as_it_is_there(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("G")
        assert desk.said == "the rest of the list is coming …"
        assert desk.current == 1
        await whole(desk, gate)
        assert desk.current == MANY
        assert desk.said == ""


@pytest.mark.parametrize("key", ["j", "escape", "m"])
async def test_another_key_takes_the_place_of_one_that_waits(long: Paths, gate: Gate, key: str) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("G", key)
        current = desk.current
        await whole(desk, gate)
        assert desk.current == current


async def test_a_click_takes_the_place_of_a_key_that_waits(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("G")
        await desk.click_on("Paper 5")
        await whole(desk, gate)
        assert desk.current == 5


async def test_all_are_selected_when_all_are_there(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("*")
        assert desk.selected == []
        await whole(desk, gate)
        assert len(desk.papers.selected) == MANY
        assert desk.said.startswith("3,000 selected")


async def test_a_range_to_the_end_is_a_range_to_the_end(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("j", "v", "G")
        await whole(desk, gate)
        assert len(desk.papers.selected) == MANY - 1
        await desk.press("v", "s")
        await desk.until(lambda: desk.said.startswith("starred"))
        assert deliberate(long) == ["star"]
        assert desk.state(MANY).starred
        assert not desk.state(1).starred


@pytest.mark.parametrize(("key", "left"), [("A", 0), ("}", 3)])
async def test_what_is_done_to_the_list_is_done_to_all_of_it(
    long: Paths, gate: Gate, key: str, left: int
) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("j", "j", key)
        assert not desk.asked
        gate.open.set()
        if key == "A":
            await desk.until(lambda: "Mark 3,000 papers read?" in desk.screen_text())
            await desk.press("y")
        await desk.until(lambda: desk.app.library.counts().fixed["inbox"][0] == left)
        assert deliberate(long) == ["read"]


async def test_read_papers_are_dropped_from_the_whole_list(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("m", "m", "'")
        assert len(desk.listed) == FIRST
        await whole(desk, gate)
        assert desk.listed == list(range(3, MANY + 1))
        await desk.press("u")
        assert desk.listed == [1, 2, *range(3, MANY + 1)]


async def test_the_next_unread_paper_is_found_beyond_what_is_there(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press(*["j"] * 30, "{", "g", "g")
        gate.open.clear()
        await desk.press("]", "]", "]", "]")
        assert desk.view == "all"
        await desk.press("n")
        assert desk.said == "looking for the next unread paper …"
        assert desk.current == 1
        await whole(desk, gate)
        assert (desk.view, desk.current) == ("all", 31)


async def test_a_view_comes_back_with_its_cursor_far_down(long: Paths, gate: Gate) -> None:
    gate.open.set()
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press("G", "k", "k", "q")
    gate.open.clear()
    async with sitting(long, size=WINDOW) as desk:
        assert desk.current == 1
        await whole(desk, gate)
        assert desk.current == MANY - 2
        await desk.until(lambda: desk.detailed == MANY - 2)
        assert not desk.state(MANY - 2).read


async def test_a_list_that_is_listed_anew_keeps_its_cursor_at_once(
    long: Paths, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press(*["pagedown"] * 20)
        current = desk.current
        gate.open.clear()
        await desk.press("r")
        assert FIRST < len(desk.papers.ids) < MANY
        assert desk.current == current
        await whole(desk, gate)
        assert (desk.current, len(desk.papers.ids)) == (current, MANY)

        monkeypatch.setattr(opening, "_NEAR", 100)
        gate.open.clear()
        await desk.press("r")
        assert (desk.current, len(desk.papers.ids)) == (1, FIRST)
        await whole(desk, gate)
        assert desk.current == current


async def test_the_cursor_stays_where_the_user_put_it_though_it_was_to_come_back(
    long: Paths, gate: Gate
) -> None:
    gate.open.set()
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("G", "q")
    gate.open.clear()
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("j")
        await whole(desk, gate)
        assert desk.current == 2


async def test_esc_brings_back_the_very_list_though_it_was_still_coming(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("j", "j", "/", *"music")
        await desk.until(lambda: desk.listed == list(range(10, 10 * FIRST + 1, 10)))
        await desk.until(lambda: place(desk).rstrip().endswith(f"{FIRST}+"))
        await desk.press("escape")
        assert desk.listed == list(range(1, FIRST + 1))
        assert desk.current == 3
        await whole(desk, gate)
        assert desk.listed == list(range(1, MANY + 1))
        assert desk.current == 3


async def test_esc_searches_nothing_again_where_all_was_there(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press("G", *["k"] * 9)
        before, listing = desk.papers.first_line, desk.papers.listing
        await desk.press("/", *"music")
        await desk.until(lambda: len(desk.papers.ids) == 300)
        asked = gate.asked
        await desk.press("escape")
        assert desk.papers.listing is listing
        assert (desk.current, desk.papers.first_line) == (MANY - 9, before)
        assert gate.asked == asked


async def test_a_filter_counts_on_while_it_is_typed_and_kept(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press("/", *"music")
        await desk.until(lambda: "300 of 3,000" in place(desk))
        await desk.write("z")
        await desk.until(lambda: "0 of 3,000" in place(desk))
        gate.open.clear()
        await desk.press("backspace")
        await desk.until(lambda: f"{FIRST}+ of 3,000" in place(desk))
        await desk.press("enter")
        await whole(desk, gate)
        assert desk.listed == list(range(10, MANY + 1, 10))


async def test_lists_that_are_left_leave_no_trace(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        for key in ("]", "]", "]", "]", "[", "[", "[", "[", "/", "m", "u", "backspace", "p", "1"):
            desk.app.post_message(key_event(key))
        await desk.settle()
        await desk.press("escape", "]", "]", "]", "]")
        await whole(desk, gate)
        assert desk.view == "all"
        assert desk.listed == list(range(1, MANY + 1))


async def test_leaving_while_a_list_is_coming_does_not_wait_for_it(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("]", "[")
        gate.open.set()
        await desk.press("q")
        assert desk.app.return_code == 0


async def test_a_cache_that_breaks_meanwhile_is_told(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        gate.broken = True
        gate.open.set()
        await desk.until(lambda: "it can't be read" in desk.said)
        assert desk.listed == list(range(1, FIRST + 1))
        gate.broken = False
        await desk.press("r")
        await whole(desk, gate)
        assert len(desk.papers.ids) == MANY


async def test_groups_come_with_the_papers_and_one_is_selected_when_its_end_is_there(
    long: Paths, gate: Gate
) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("\\", "e", "-")
        assert desk.pane_lines(desk.papers)[0].startswith("── Fri 28 Nov 2025 ")
        assert "119" not in desk.pane_lines(desk.papers)[0]
        await desk.press("j", "X")
        assert desk.said == "the rest of the list is coming …"
        assert desk.selected == []
        await whole(desk, gate)
        assert desk.selected == list(range(1, 120))
        assert "119 · 119 unread" in desk.pane_lines(desk.papers)[0]
        assert desk.current == 2


async def test_the_next_group_is_gone_to_as_soon_as_it_is_there(long: Paths, gate: Gate) -> None:
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("\\", "e", "-", ")")
        assert desk.current == 1
        await whole(desk, gate)
        assert desk.current == 120


async def test_undo_goes_to_its_paper_when_that_comes(long: Paths, gate: Gate) -> None:
    gate.open.set()
    async with sitting(long, size=WINDOW) as desk:
        await whole(desk, gate)
        await desk.press("G", "k", "s", "g", "g", "q")
    gate.open.clear()
    async with sitting(long, size=WINDOW) as desk:
        await desk.press("u")
        assert "not in this list" not in desk.said
        await whole(desk, gate)
        assert desk.current == MANY - 1


def test_the_rest_that_is_given_up_ends_early(long: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "_PIECE", 700)
    with Library(long) as library:
        finder = library.finder()
        pieces = finder.rest(parse(""))
        assert len(next(pieces)) == 700
        finder.give_up()
        assert list(pieces) == []
        assert finder.count(parse("")) == MANY
        finder.close()


async def test_the_rest_is_told_seldom_and_only_what_was_there_at_the_start(
    long: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_PIECE", 700)
    with Library(long) as library:
        newest = library.newest()
        fill(
            long, [paper(0, published="2026-01-01T00:00:00Z"), paper(9_000, published="2025-11-10T09:00:00Z")]
        )
        every = [row for row in everything(library) if row <= newest]
        told: list[tuple[int, bool]] = []
        loader = Loader(
            library,
            since="",
            today=date(2025, 11, 28),
            grown=lambda listing: told.append((len(listing.ids), listing.whole)),
        )
        listing = Listing(array("q", every[:FIRST]), newest=newest, whole=False)
        await loader.complete(listing)
        loader.close()
        assert list(listing.ids) == every
        assert told == [(698, False), (1_398, False), (2_798, False), (MANY, False), (MANY, True)]


@pytest.mark.parametrize("many", [0, 1, 699, 701])
def test_the_rest_is_without_the_papers_that_are_there_though_some_are_found_no_longer(
    long: Paths, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(finding, "_PIECE", 700)
    with Library(long) as library:
        every = everything(library, "upvotes:>2")
        there = [*everything(library, "upvotes:<=2"), *every[:many], *every[1_500:1_502]]
        finder = library.finder()
        pieces = list(finder.rest(parse("upvotes:>2"), after=there))
        finder.close()
        assert [row for piece in pieces for row in piece] == [*every[many:1_500], *every[1_502:]]


def test_a_cache_that_is_gone_is_named(long: Paths) -> None:
    with Library(long) as library:
        next(long.cache.glob("library-*.sqlite3")).unlink()
        with pytest.raises(PapersError, match="it can't be opened"):
            library.finder()


@pytest.mark.parametrize("sort", ["date", "upvotes", "relevance"])
def test_pieces_make_up_the_list(long: Paths, monkeypatch: pytest.MonkeyPatch, sort: str) -> None:
    monkeypatch.setattr(finding, "_PIECE", 700)
    with Library(long) as library:
        for query, many in (("", 20), ("music", 20), ("music", 299), ("music", 300), ("zebra", 20)):
            asked = parse(query)
            first, more = library.first(asked, sort=sort, many=many)
            every = everything(library, query, sort)
            finder = library.finder()
            rest = list(finder.rest(asked, sort=sort, after=first))
            assert finder.first(asked, sort=sort, many=many) == (first, more)
            finder.close()
            assert [*first, *(row for piece in rest for row in piece)] == every
            assert more == (len(every) > len(first))
            if not (query and sort == "relevance"):
                assert list(first) == every[:many]
