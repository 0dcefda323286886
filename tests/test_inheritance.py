"""A new version's cache begins with all that the former one held."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.caches.__main__ import told

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import Query
from papers_tui.library import Library
from papers_tui.paths import Paths, make
from papers_tui.store import former as former_caches
from papers_tui.store import inheritance, open_store
from papers_tui.store.schema import VERSION

_CACHES = Path(__file__).parent / "caches"
_FORMER = sorted(path.name for path in _CACHES.glob("v[0-9]*") if int(path.name[1:]) < VERSION)


@pytest.fixture(params=_FORMER)
def left(request: pytest.FixtureRequest, home: Paths) -> Path:
    """What a former version left behind, in the test's home."""
    folder = _CACHES / str(request.param)
    make(home)
    for kept, place in (("journal", home.journal), ("imported", home.imported)):
        shutil.copytree(folder / kept, place, dirs_exist_ok=True)
    (packed,) = folder.glob("library-v*.sqlite3.gz")
    (home.cache / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    return folder


def _expected(folder: Path) -> str:
    return (folder / "papers.jsonl").read_text(encoding="utf-8")


def test_nothing_is_lost_with_a_new_version(left: Path, home: Paths) -> None:
    steps: list[tuple[str, int, int]] = []
    before = (home.cache / f"library-{left.name}.sqlite3").read_bytes()
    with Library(home) as library:
        assert library.behind() == [f"library-{left.name}.sqlite3"] + [
            path.name for path in (left / "imported").iterdir()
        ]
        assert library.catch_up(lambda *step: steps.append(step)) == []
        assert told(library) == _expected(left)
        many = len(_expected(left).splitlines())
        assert steps == [("papers of the former version", many, many)]
        assert library.behind() == library.catch_up() == []
        assert library.intake.states()["daily-papers:"].asked == "2026-11-01T08:00:00Z"
    assert (home.cache / f"library-{left.name}.sqlite3").read_bytes() == before
    with Library(home) as again:
        assert again.behind() == []


@pytest.mark.parametrize("pieces", [1, 3, 6])
def test_broken_off_it_goes_on_where_it_was(
    left: Path, home: Paths, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inheritance, "_CHUNK", 5)
    store, _ = open_store(home.cache)
    former = former_caches.due(store)
    assert former
    taking = inheritance.inherit(store, former)
    done = [next(taking) for _ in range(pieces)]
    taking.close()
    store.close()
    steps: list[int] = []
    with Library(home) as library:
        library.catch_up(lambda _, so_many, __: steps.append(so_many))
        assert told(library) == _expected(left)
    assert steps[0] == min(done[-1][0] + 5, done[-1][1])


def test_two_at_once_do_it_together(left: Path, home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inheritance, "_CHUNK", 4)

    def taking() -> Iterator[object]:
        store, _ = open_store(home.cache)
        if former := former_caches.due(store):
            yield from inheritance.inherit(store, former)
        store.close()

    several = [taking(), taking()]
    while several:
        several = [one for one in several if next(one, None) is not None]
    with Library(home) as library:
        library.catch_up()
        assert told(library) == _expected(left)


def test_a_former_cache_that_is_damaged_is_told_once_and_left(left: Path, home: Paths) -> None:
    former = home.cache / f"library-{left.name}.sqlite3"
    former.write_bytes(former.read_bytes()[:5000])
    with Library(home) as library:
        (problem,) = library.catch_up()
        assert problem.startswith(f"{former}: the former cache can't be read: ")
        assert library.behind() == []
        marked = [one.paper.title for one in library.holdings(library.find(Query(()))) if one.state.starred]
        assert len(marked) == 2
    assert former.exists()


def test_caches_that_are_older_still_go_and_other_files_stay(left: Path, home: Paths) -> None:
    older, newer, odd = (home.cache / f"library-v{name}.sqlite3" for name in ("1", str(VERSION + 1), "x"))
    for path in (older, newer, odd):
        path.write_bytes(b"something")
    with Library(home) as library:
        assert library.catch_up() == []
        assert told(library) == _expected(left)
    assert not older.exists()
    assert newer.read_bytes() == odd.read_bytes() == b"something"


def test_what_can_not_be_written_is_due_again(left: Path, home: Paths) -> None:
    store, _ = open_store(home.cache)
    former = former_caches.due(store)
    assert former
    pages = store.db.execute("PRAGMA page_count").fetchone()[0]
    store.db.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(PapersError, match="the disk is full"):
        list(inheritance.inherit(store, former))
    assert former_caches.due(store) == former
    store.close()
    with Library(home) as library:
        assert library.catch_up() == []
        assert told(library) == _expected(left)
