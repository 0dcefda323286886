"""Views of the user's own, from the app."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from papers_tui.domain.query import Query, format
from papers_tui.paths import Paths
from papers_tui.saved_views import SUGGESTED, SavedView, load
from papers_tui.store.finder import Finder

from .desk import Desk, deliberate, fill, paper, sitting


@pytest.fixture
def six(home: Paths) -> Paths:
    """Six unread papers: 1, the newest, to 6, with as many upvotes; the even ones are about kernels."""
    topics = ("maps", "kernels") * 3
    fill(home, [paper(n, f"On {topic} {n}", upvotes=n) for n, topic in enumerate(topics, 1)])
    return home


def _views(paths: Paths) -> tuple[SavedView, ...]:
    views, problems = load(paths.views_file)
    assert not problems
    return views


async def _save(desk: Desk, query: str, name: str) -> None:
    await desk.press("/")
    await desk.write(query)
    await desk.until(lambda: query.split()[0] in desk.screen_lines()[-1] and len(desk.listed) == 3)
    await desk.press("enter", "V")
    await desk.write(name)
    await desk.press("enter")


def _unread(desk: Desk, key: str) -> int | None:
    return next((entry.unread for entry in desk.sidebar.views if entry.view and entry.view.key == key), None)


async def test_a_new_library_has_three_views_that_teach_the_language(six: Paths) -> None:
    async with sitting(six) as desk:
        await desk.until(lambda: _unread(desk, f"view:{SUGGESTED[-1].name}") is not None)
        assert "Views" in desk.screen_text()
        await desk.press("g", "c")
        assert desk.view == "view:Unread with code"
    assert not six.views_file.exists()


async def test_a_filter_is_saved_and_counted_and_opens_by_its_key(six: Paths) -> None:
    async with sitting(six) as desk:
        await _save(desk, "kernels", "My kernels, k")
        assert desk.said == "saved as My kernels · g k opens it"
        assert desk.view == "view:My kernels"
        assert sorted(desk.listed) == [2, 4, 6]
        await desk.until(lambda: _unread(desk, "view:My kernels") == 3)
        await desk.press("s")
        await desk.until(lambda: _unread(desk, "view:My kernels") == 2)
        await desk.press("g", "g", "[", "[", "[", "[", "[", "[", "[", "[", "[", "[")
        assert desk.view == "inbox"
        await desk.press("g", "k")
        assert desk.view == "view:My kernels"
        await desk.press("q")
    assert _views(six)[-1] == SavedView("My kernels", "is:unread -is:later kernels*", "k")
    async with sitting(six) as desk:
        assert desk.view == "view:My kernels", "the last view is opened again"


async def test_a_view_is_renamed_moved_and_removed_where_it_stands(six: Paths) -> None:
    async with sitting(six) as desk:
        await _save(desk, "kernels", "Kernels")
        await desk.press("M", "u")
        assert [view.name for view in _views(six)][-2:] == ["Kernels", "Past week"]
        await desk.press("M", "n")
        await desk.write(" of all kinds")
        await desk.press("enter")
        assert desk.view == "view:Kernels of all kinds"
        await desk.press("M", "k")
        await desk.write("g")
        await desk.press("enter")
        assert desk.said == "g g is taken, it goes to top"
        await desk.press("escape", "M", "x")
        assert _views(six) == SUGGESTED
        assert desk.said == "the view Kernels of all kinds is gone · u brings it back"
        await desk.press("u")
        await desk.until(lambda: desk.said == "undone: removed the view Kernels of all kinds")
        assert [view.name for view in _views(six)][-2:] == ["Kernels of all kinds", "Past week"]
        await desk.until(lambda: _unread(desk, "view:Kernels of all kinds") == 3)
        await desk.press("u", "u", "u")
        await desk.until(lambda: desk.said == "undone: saved the view Kernels")
        assert _views(six) == SUGGESTED
    assert deliberate(six) == []


async def test_a_query_that_cannot_be_read_is_told_and_changes_nothing(six: Paths) -> None:
    async with sitting(six) as desk:
        await _save(desk, "kernels", "Kernels")
        await desk.press("M", "q")
        await desk.write(" is:red")
        await desk.press("enter")
        assert desk.said.startswith("query, column")
    assert _views(six)[-1].query == "is:unread -is:later kernels*"


async def test_what_cannot_be_saved_is_asked_for_again_as_it_was_typed(six: Paths) -> None:
    async with sitting(six) as desk:
        await _save(desk, "kernels", "Kernels, g")
        assert "g g is taken, it goes to top" in desk.screen_text()
        await desk.press("backspace", "e", "enter")
        assert desk.said == "saved as Kernels · g e opens it"
        await desk.press("M", "q", *" is:red", "enter")
        assert "column" in desk.screen_text()
        await desk.press("backspace", "a", "d", "enter")
        assert desk.said == ""
        await desk.press("M", "n", *"x", "escape")
        assert not desk.asked
    assert _views(six)[-1] == SavedView("Kernels", "is:unread -is:later kernels* is:read", "e")


async def test_the_first_of_two_keys_tells_the_views_and_what_means_nothing_is_told(six: Paths) -> None:
    async with sitting(six) as desk:
        await desk.press("g")
        assert desk.said.endswith("c Unread with code   u Talked about   w Past week")
        await desk.press("k")
        assert desk.said == "g k means nothing"
        await desk.press("g", "escape")
        assert desk.said == ""


@pytest.mark.parametrize("keys", [("g", "u"), ("h", "G", "l"), ("[", "]")])
async def test_from_a_view_of_the_sidebar_no_way_leads_back_to_a_former_filter(
    six: Paths, keys: tuple[str, ...]
) -> None:
    async with sitting(six) as desk:
        await desk.press("/", *"kernels", "enter", *keys)
        view = desk.view
        assert not view.startswith(("filter", "inbox"))
        await desk.press("escape", "escape")
        assert desk.view == view


async def test_a_demo_saves_nothing(home: Paths) -> None:
    async with sitting(home, demo=True) as desk:
        await desk.press("V")
        await desk.write("Mine")
        await desk.press("enter")
        assert desk.said.startswith("a demo keeps nothing")
    assert not home.views_file.exists()


async def test_what_is_wrong_in_the_file_is_told(six: Paths) -> None:
    six.views_file.write_text(
        '[[view]]\nname = "Bad"\nquery = "is:red"\n[[view]]\nname = "Good"\nquery = "x"\n'
    )
    async with sitting(six) as desk:
        await desk.until(lambda: any("view 1" in notice.message for notice in desk.app._notifications))
        assert _unread(desk, "view:Good") == 0
        assert _unread(desk, "view:Bad") is None


async def test_another_order_stays_with_its_view(six: Paths) -> None:
    async with sitting(six) as desk:
        assert desk.listed == [1, 2, 3, 4, 5, 6]
        await desk.press("\\", "u")
        assert desk.said == "sorted by upvotes"
        assert desk.listed == [6, 5, 4, 3, 2, 1]
        await desk.press("]", "[", "q")
    async with sitting(six) as desk:
        assert desk.listed == [6, 5, 4, 3, 2, 1]
        await desk.press("\\", "d")
        assert desk.listed == [1, 2, 3, 4, 5, 6]


async def test_the_smallest_window_has_room_for_what_can_be_picked(six: Paths) -> None:
    async with sitting(six, size=(20, 8)) as desk:
        await desk.press("\\")
        assert "d  now  date" in desk.screen_text()
        assert "u       upvotes" in desk.screen_text()
        await desk.resize(120, 30)
        assert f"d  {'now':17}date" in desk.screen_text()


async def test_views_in_an_unwritable_file_are_told(six: Paths) -> None:
    six.views_file.mkdir()
    async with sitting(six) as desk:
        await desk.press("V")
        await desk.write("Mine")
        await desk.press("enter")
        assert str(six.views_file) in desk.said


class Counting:
    """What is counted, and a gate before it."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.asked: list[str] = []

    def hold(self, finder: Finder, query: Query, *, since: str = "") -> int | None:
        self.asked.append(format(query))
        assert self.open.wait(60)
        return _COUNT(finder, query, since=since)


_COUNT = Finder.count


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counting]:
    counting = Counting()

    def held(finder: Finder, query: Query, *, since: str = "") -> int | None:
        return counting.hold(finder, query, since=since)

    monkeypatch.setattr(Finder, "count", held)
    yield counting
    counting.open.set()


async def test_views_are_counted_once_and_again_only_when_something_changed(
    six: Paths, counting: Counting
) -> None:
    async with sitting(six) as desk:
        screen = desk.app.main
        await desk.until(lambda: bool(counting.asked))
        for _ in range(3):
            screen._count_saved()
        await desk.settle()
        assert len(counting.asked) == 1, "no count begins beside another"
        counting.open.set()
        await desk.until(lambda: _unread(desk, f"view:{SUGGESTED[-1].name}") is not None)
        await desk.until(lambda: screen._count_under_way is not None and screen._count_under_way.is_finished)
        assert len(counting.asked) == len(SUGGESTED)
        screen._count_saved()
        await desk.until(lambda: screen._count_under_way is not None and screen._count_under_way.is_finished)
        assert len(counting.asked) == len(SUGGESTED), "nothing changed"
        await desk.press("m")
        await desk.until(lambda: len(counting.asked) == 2 * len(SUGGESTED))


async def test_what_changes_while_views_are_counted_is_counted_afterwards(
    six: Paths, counting: Counting
) -> None:
    async with sitting(six) as desk:
        await _save(desk, "kernels", "Kernels")
        await desk.until(lambda: bool(counting.asked))
        await desk.press("m")
        await desk.until(lambda: desk.app.main._to_count)
        counting.open.set()
        await desk.until(lambda: _unread(desk, "view:Kernels") == 2)


async def test_a_search_does_not_wait_for_a_count(six: Paths, counting: Counting) -> None:
    async with sitting(six) as desk:
        await desk.until(lambda: bool(counting.asked))
        await desk.press("/", *"kernels")
        await desk.until(lambda: sorted(desk.listed) == [2, 4, 6])
        assert len(counting.asked) == 1


async def test_leaving_while_views_are_counted_gives_that_up(six: Paths, counting: Counting) -> None:
    async with sitting(six) as desk:
        await desk.until(lambda: bool(counting.asked))
        finder = desk.app.main._counter
        counting.open.set()
        await desk.press("q")
        assert desk.app.return_code == 0
    assert finder is not None
    assert desk.app.main._counter is None
