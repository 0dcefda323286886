"""Files that rot: whatever becomes of the cache, it opens and says of every paper what the journal says; of a journal
no more is lost than the lines that were hit, and nothing is invented."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from tests.tallying import Tally
from tests.ui.desk import paper

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import State
from papers_tui.domain.query import Query
from papers_tui.journal.line import decode
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths
from papers_tui.store.schema import VERSION

_CACHE = f"library-v{VERSION}.sqlite3"
_PAGE = 4096
_NOW = datetime(2026, 11, 5, tzinfo=UTC)

Marks = list[tuple[int, int, tuple[str, ...], str]]
"""Of each paper in turn its flags in the list and in the detail, its tags and its note."""


@dataclass(frozen=True, slots=True)
class Lived:
    """A home with marks of each kind on papers that files brought, as it was left, and what it says."""

    paths: Paths
    cache: bytes
    journal: bytes
    marks: Marks

    @property
    def file(self) -> Path:
        (path,) = self.paths.journal.iterdir()
        return path

    def with_cache(self, data: bytes) -> None:
        """Puts this in the place of the cache, with nothing beside it."""
        for path in self.paths.cache.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        (self.paths.cache / _CACHE).write_bytes(data)


def _marks(library: Library) -> Marks:
    ids = sorted(library.find(Query(())))
    rows = library.rows(ids)
    held = {row: State() for row in ids} | {one.row: one.state for one in library.holdings(ids)}
    listed = {row: rows[row].flags if row in rows else -1 for row in ids}
    return [(listed[row], held[row].flags, held[row].tags, held[row].note) for row in ids]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path_factory.mktemp("lived"))})
    page = "".join(json.dumps(paper(number)) + "\n" for number in range(1, 41)).encode()
    with Library(paths, now=lambda: _NOW) as library:
        library.import_file("page.jsonl", page, date(2026, 11, 1))
        rows = library.find(Query(()))
        library.mark(rows[:5], marks.star(True, implies_read=True))
        library.mark(rows[5:9], marks.later(True, implies_read=False))
        library.mark(rows[9:12], marks.tags(["moe", "größer"], [], implies_read=False))
        for row in rows[12:15]:
            library.mark([row], marks.note(f"a note on {row}"))
        library.mark(rows[15:20], marks.dismiss(True, implies_read=True))
        library.mark(rows[20:30], marks.read(True))
        library.undo()
        shown = _marks(library)
    (journal,) = paths.journal.iterdir()
    return Lived(paths, (paths.cache / _CACHE).read_bytes(), journal.read_bytes(), shown)


@pytest.fixture
def left(lived: Lived) -> Iterator[Lived]:
    """The same home for each test, put back as it was."""
    yield lived
    lived.with_cache(lived.cache)
    lived.file.write_bytes(lived.journal)


def _met(lived: Lived) -> list[str]:
    """What is said of damage from one start to the next, until all is as it was."""
    said: list[str] = []
    for _ in range(3):
        try:
            with Library(lived.paths, now=lambda: _NOW) as library:
                said += [library.notice] if library.notice else []
                assert library.catch_up() == []
                shown = _marks(library)
                wrong = library.examine()
        except PapersError as error:
            said.append(str(error))
            continue
        if not wrong:
            assert shown == lived.marks
            return said
        said.append(wrong)
    raise AssertionError(said)


# Caches


def _page(cache: bytes, number: int, content: bytes) -> bytes:
    start = number % (len(cache) // _PAGE) * _PAGE
    return cache[:start] + content.ljust(_PAGE, b"\0")[:_PAGE] + cache[start + _PAGE :]


_SMASHED: dict[str, Callable[[random.Random], bytes]] = {
    "zeros": lambda _: b"",
    "ones": lambda _: b"\xff" * _PAGE,
    "text": lambda _: b"all work and no play " * 200,
    "noise": lambda chance: chance.randbytes(_PAGE),
}


@pytest.mark.parametrize("content", _SMASHED)
def test_a_smashed_page_costs_nothing(left: Lived, content: str, tally: Tally) -> None:
    chance = random.Random(content)
    pages = range(0, len(left.cache) // _PAGE, 2)
    tally("faults", len(pages))
    for number in pages:
        left.with_cache(_page(left.cache, number, _SMASHED[content](chance)))
        assert all("damaged" in said for said in _met(left))


def test_a_cache_that_is_cut_short_costs_nothing(left: Lived, tally: Tally) -> None:
    cuts = sorted(
        {*range(0, len(left.cache), 7919), 1, 15, 16, 99, 100, _PAGE - 1, _PAGE, len(left.cache) - 1}
    )
    tally("faults", len(cuts))
    for cut in cuts:
        left.with_cache(left.cache[:cut])
        said = _met(left)
        # SQLite takes an empty file for a new one, and the last page may be one that nobody uses.
        assert all("damaged" in one for one in said)
        assert said or cut == 0 or cut > len(left.cache) - _PAGE


def _flipped(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _flip_caches(lived: Lived, seed: str, many: int) -> None:
    chance = random.Random(seed)
    for _ in range(many):
        lived.with_cache(_flipped(lived.cache, chance))
        assert all("damaged" in said for said in _met(lived))


@pytest.mark.parametrize("seed", "ab")
def test_a_flipped_bit_in_the_cache_costs_nothing(left: Lived, seed: str, tally: Tally) -> None:
    tally("faults", 500)
    _flip_caches(left, seed, 500)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", "cdef")
def test_ten_thousand_flipped_bits_in_the_cache_cost_nothing(left: Lived, seed: str, tally: Tally) -> None:
    tally("faults", 2500)
    _flip_caches(left, seed, 2500)


def _foreign(path: Path, pragma: str) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE theirs(x)")
        db.execute(pragma)


def _ours_but(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def _instead(path: Path, put: Callable[[Path], object]) -> None:
    path.unlink()
    put(path)


_IN_ITS_PLACE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: path.unlink(),
    "zero length": partial(_instead, put=Path.touch),
    "another application's id": partial(_ours_but, statement="PRAGMA application_id=1196444487"),
    "another version": partial(_ours_but, statement="PRAGMA user_version=99"),
    "another program's": partial(_foreign, pragma=f"PRAGMA user_version={VERSION}"),
    "a table is missing": partial(_ours_but, statement="DROP TABLE reading"),
    "an index is missing": partial(_ours_but, statement="DROP INDEX key_paper"),
    "emptied": partial(_ours_but, statement="DELETE FROM mark"),
    "a folder": partial(_instead, put=Path.mkdir),
    "a folder with something in it": partial(_instead, put=lambda path: (path / "x").mkdir(parents=True)),
    "a pipe": partial(_instead, put=os.mkfifo),
    "a link to nothing": partial(_instead, put=lambda path: path.symlink_to("nowhere/at/all")),
    "a link to itself": partial(_instead, put=lambda path: path.symlink_to(path)),
}


@pytest.mark.parametrize("what", _IN_ITS_PLACE)
def test_whatever_stands_in_its_place_it_opens(left: Lived, what: str, tally: Tally) -> None:
    tally("faults")
    left.with_cache(left.cache)
    _IN_ITS_PLACE[what](left.paths.cache / _CACHE)
    said = _met(left)
    assert len(said) == (0 if what in ("nothing", "zero length") else 2 if what == "emptied" else 1)
    if said:
        assert f"{_CACHE}.broken-1" in said[-1]


def test_a_write_ahead_log_that_rots_costs_nothing(left: Lived, tally: Tally) -> None:
    """What a killed program leaves beside the cache."""
    with Library(left.paths, now=lambda: _NOW) as library:
        library.mark([1], marks.star(False, implies_read=False))
        library.mark([1], marks.star(True, implies_read=False))
        log = (left.paths.cache / f"{_CACHE}-wal").read_bytes()
        shown = _marks(library)
    assert len(log) > _PAGE
    former, chance = Lived(left.paths, left.cache, left.journal, shown), random.Random(1)
    tally("faults", 100)
    for number in range(100):
        former.with_cache(left.cache)
        rotten = _flipped(log, chance) if number % 2 else log[: chance.randrange(len(log))]
        (left.paths.cache / f"{_CACHE}-wal").write_bytes(rotten)
        assert all("damaged" in said for said in _met(former))


# Journals


def _told(data: bytes) -> list[bytes]:
    return [line for line in data.split(b"\n") if decode(line)]


def _flip_journals(lived: Lived, seed: str, many: int) -> None:
    chance = random.Random(seed)
    lines = _told(lived.journal)
    known = [decode(line) for line in lines]
    for _ in range(many):
        damaged = _flipped(lived.journal, chance)
        left = _told(damaged)
        assert len(left) >= len(lines) - 2
        assert all(line in lines or decode(line) in known for line in left)


@pytest.mark.parametrize("seed", "ab")
def test_a_flipped_bit_in_a_journal_costs_one_line_or_two(left: Lived, seed: str, tally: Tally) -> None:
    tally("faults", 500)
    _flip_journals(left, seed, 500)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", "cdef")
def test_ten_thousand_flipped_bits_in_a_journal_cost_a_line_or_two_each(
    left: Lived, seed: str, tally: Tally
) -> None:
    tally("faults", 2500)
    _flip_journals(left, seed, 2500)


def test_a_journal_that_rots_under_a_sound_cache_takes_no_mark_away(left: Lived, tally: Tally) -> None:
    """What was read once is in the cache, and is not read again."""
    chance = random.Random(3)
    tally("faults", 50)
    for _ in range(50):
        left.file.write_bytes(_flipped(left.journal, chance))
        with Library(left.paths, now=lambda: _NOW) as library:
            library.catch_up()
            assert _marks(library) == left.marks


def test_a_journal_cut_at_any_byte_goes_on_behind_what_is_left(left: Lived, tally: Tally) -> None:
    cuts = range(0, len(left.journal), 97)
    tally("faults", len(cuts))
    for cut in cuts:
        left.file.write_bytes(left.journal[:cut])
        before = _told(left.journal[:cut])
        with Library(left.paths, now=lambda: _NOW) as library:
            assert library.mark([40], marks.star(True, implies_read=False)).saved
        after = _told(left.file.read_bytes())
        # A line that lacked nothing but its end is whole again.
        assert after[: len(before)] == before
        assert decode(after[-1]) is not None
        assert len(before) < len(after) <= len(before) + 2
        left.with_cache(left.cache)
