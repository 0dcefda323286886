"""Programs of other versions on one library: each reads the state whole, and changes no byte that it does not know.

tests/journals holds a journal as a later program may write it, and tests/caches what each version left behind, this
one included. Neither is ever changed: whatever is done to the program, it has to go on reading them.
"""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.caches.__main__ import told
from tests.tallying import Tally
from tests.ui.desk import fill, identity, paper

from papers_tui import saved_views, syncing
from papers_tui.domain import marks
from papers_tui.domain.marks import State
from papers_tui.journal.compacting import compact
from papers_tui.journal.compaction import is_whole
from papers_tui.journal.device import device_id
from papers_tui.journal.line import decode
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make
from papers_tui.store.schema import VERSION

_HERE = Path(__file__).parent
_NEWER = _HERE / "journals" / "newer-0.jsonl"
_LEFT = sorted(path.name for path in (_HERE / "caches").glob("v[0-9]*"))


@pytest.fixture
def two(home: Paths) -> Paths:
    """Two papers, and the journal of a later program beside ours."""
    fill(home, [paper(1), paper(2)])
    shutil.copy(_NEWER, home.journal)
    return home


def _lines(folder: Path) -> set[bytes]:
    return {line for path in folder.glob("*.jsonl") for line in path.read_bytes().split(b"\n") if line}


def _states(paths: Paths) -> list[State]:
    with Library(paths) as library:
        library.sync()
        return [library.holding(library.resolve(identity(number))).state for number in (1, 2)]


def test_the_journal_of_a_later_program_holds_lines_of_each_kind_that_we_know_nothing_of() -> None:
    lines = _NEWER.read_bytes().splitlines()
    assert all(is_whole(line) for line in lines)
    assert {decode(line) is None for line in lines} == {True, False}


def test_what_we_know_of_a_later_programs_acts_is_read_whole(two: Paths, tally: Tally) -> None:
    tally("histories")
    first, second = _states(two)
    assert first == State(read=True, starred=True, tags=("moe",), note="a note")
    assert second == State(later=True)


def test_no_foreign_byte_is_changed_by_acts_compaction_or_sync(
    two: Paths, tmp_path: Path, tally: Tally
) -> None:
    """The later program ran here too, under our own device id, and on another machine that shares the folder."""
    tally("histories")
    foreign = set(_NEWER.read_bytes().splitlines())
    own = two.journal / f"{device_id(two.log)}-0.jsonl"
    own.write_bytes(b"".join(line + b"\n" for line in foreign))
    with Library(two) as library:
        row = library.resolve(identity(2))
        for number in range(60):
            library.mark([row], marks.star(number % 2 == 0, implies_read=False))
        shown = library.holding(row).state
    assert compact(two.journal, two.log, lambda *_: None, least=0, ratio=1, keep=2) == 1
    assert foreign <= _lines(two.journal)
    folder = syncing.begin(two, str(tmp_path / "shared"))
    syncing.sync(two)
    assert foreign <= _lines(folder)
    other = find_paths({"PAPERS_TUI_HOME": str(tmp_path / "other")})
    make(other)
    fill(other, [paper(1), paper(2)])
    syncing.begin(other, str(folder))
    syncing.sync(other)
    assert foreign <= _lines(other.journal)
    assert _states(other)[1] == _states(two)[1] == shown
    assert (two.journal / _NEWER.name).read_bytes() == _NEWER.read_bytes()


def test_a_later_programs_cache_and_settings_are_left_as_they_are(two: Paths) -> None:
    cache = two.cache / f"library-v{VERSION + 1}.sqlite3"
    views = two.views_file
    cache.write_bytes(b"of a later program")
    views.write_text('weather = "fine"\n\n[[view]]\nname = "Mine"\nquery = "tag:moe"\nmood = 1\n', "utf-8")
    assert _states(two)[0].starred
    assert cache.read_bytes() == b"of a later program"
    saved_views.edit(views, lambda known: (*known, saved_views.SavedView("More", "is:unread")))
    assert 'weather = "fine"' in views.read_text("utf-8")
    assert "mood = 1" in views.read_text("utf-8")


def _marks(record: dict[str, Any]) -> tuple[object, ...]:
    return tuple(record.get(name) for name in ("read", "starred", "later", "dismissed", "note", "tags"))


@pytest.mark.parametrize("version", _LEFT)
def test_every_journal_that_was_ever_written_is_read_as_it_was_meant(
    version: str, home: Paths, tally: Tally
) -> None:
    """Without the cache what was only fetched is gone, and no mark is."""
    tally("histories")
    left = _HERE / "caches" / version
    shutil.copytree(left / "journal", home.journal, dirs_exist_ok=True)
    shutil.copytree(left / "imported", home.imported, dirs_exist_ok=True)
    wanted = list(map(json.loads, (left / "papers.jsonl").read_text("utf-8").splitlines()))
    with Library(home) as library:
        assert library.catch_up() == []
        found = {one["id"]: _marks(one) for one in map(json.loads, told(library).splitlines())}
        assert library.examine() == ""
    kept = [one for one in wanted if one["starred"] or one["tags"] or "note" in one]
    assert kept
    assert {one["id"]: _marks(one) for one in kept}.items() <= found.items()


@pytest.mark.skipif(
    f"v{VERSION}" not in _LEFT, reason="`python -m tests.caches` was not run for this version yet"
)
def test_the_cache_of_this_version_opens_as_it_was_left(home: Paths, tally: Tally) -> None:
    tally("histories")
    left = _HERE / "caches" / f"v{VERSION}"
    shutil.copytree(left / "journal", home.journal, dirs_exist_ok=True)
    shutil.copytree(left / "imported", home.imported, dirs_exist_ok=True)
    (packed,) = left.glob("library-v*.sqlite3.gz")
    (home.cache / packed.stem).write_bytes(gzip.decompress(packed.read_bytes()))
    with Library(home) as library:
        assert library.notice == ""
        assert library.behind() == []
        assert told(library) == (left / "papers.jsonl").read_text("utf-8")
        assert library.examine() == ""
