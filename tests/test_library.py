"""The library: acts that are safe before they are shown, and a cache that may vanish at any time."""

from __future__ import annotations

import errno
import gzip
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import text_key
from papers_tui.domain.marks import Act, Change, Entry, State
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.query import Query, parse
from papers_tui.domain.record import to_record
from papers_tui.domain.tally import Tally
from papers_tui.journal.line import encode
from papers_tui.library import Done, Holding, ImportedFile, Library
from papers_tui.paths import Paths, make
from papers_tui.sources import archive
from papers_tui.store.schema import VERSION

_DAY = date(2025, 11, 20)
_STAR = marks.star(True, implies_read=True)
_UNSTAR = marks.star(False, implies_read=True)
_CACHE = f"library-v{VERSION}.sqlite3"


class Clock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.time = datetime(2025, 11, 20, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


Open = Callable[..., Library]


@pytest.fixture
def opened(home: Paths, clock: Clock) -> Iterator[Open]:
    """Opens a library, up to date, on the test's home or on other paths; all are closed at the end."""
    libraries: list[Library] = []

    def open_one(paths: Paths = home, *, wait_ms: int = 50) -> Library:
        libraries.append(Library(paths, now=clock, wait_ms=wait_ms))
        libraries[-1].catch_up()
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


@pytest.fixture
def library(opened: Open) -> Library:
    """A library of three papers from one file, rows 1 to 3: attention, graphs, flow."""
    one = opened()
    _import(one, *_THREE)
    return one


def _paper(number: int, title: str, **fields: Any) -> Paper:
    abstract = fields.pop("abstract", f"We study {title}.")
    keys = (f"arxiv:2511.{number:05d}", text_key(title, abstract))
    return Paper(keys, title, abstract, **fields)


_THREE = tuple(_paper(number, title) for number, title in enumerate(("attention", "graphs", "flow"), 1))


def _lines(*papers: Paper) -> bytes:
    return "".join(json.dumps(to_record(paper)) + "\n" for paper in papers).encode()


def _import(library: Library, *papers: Paper, name: str = "page.jsonl") -> ImportedFile:
    return library.import_file(name, _lines(*papers), _DAY)


def _all(library: Library) -> list[Holding]:
    return list(library.holdings(library.find(Query(()))))


def _seen(library: Library) -> list[tuple[object, ...]]:
    """All that a person can tell of a library, row numbers apart."""
    return [(held.paper, held.state, held.sources, held.added) for held in _all(library)]


def _found(library: Library, query: str) -> list[str]:
    return [held.paper.title for held in library.holdings(library.find(parse(query)))]


def _forget_the_cache(paths: Paths) -> None:
    shutil.rmtree(paths.cache)


def _flags(library: Library, row: int) -> int:
    return library.rows([row])[row].flags


def _other_device(paths: Paths, tmp_path: Path) -> Paths:
    """The paths of another machine to which the data directory is synced."""
    elsewhere = tmp_path / "elsewhere"
    found = Paths(elsewhere / "config", paths.data, elsewhere / "cache", elsewhere / "log")
    make(found)
    return found


def _full(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


# Acts


def test_an_act_says_what_it_did_to_which_rows(library: Library) -> None:
    assert library.mark([1, 2], _STAR) == Done((1, 2), "starred")
    assert library.holding(1).state == State(read=True, starred=True)
    assert _flags(library, 2) == marks.READ | marks.STARRED
    assert _found(library, "is:starred") == ["attention", "graphs"]


def test_only_what_changes_is_written_and_said(library: Library, home: Paths) -> None:
    library.mark([1], _STAR)
    (journal,) = home.journal.iterdir()
    size = journal.stat().st_size
    assert library.mark([1], _STAR) == Done((), "")
    assert library.mark([], _STAR) == library.mark([77], _STAR) == Done((), "")
    assert journal.stat().st_size == size
    assert library.mark([1, 2, 2], _STAR) == Done((2,), "starred")
    lines = journal.read_bytes().splitlines()
    assert b"2511.00001" not in lines[-1]


def test_the_journal_has_the_act_on_disk_before_the_store_has(
    library: Library, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []

    def look() -> set[int]:
        synced.extend(path.read_bytes() for path in home.journal.iterdir())
        return set()

    monkeypatch.setattr(library, "sync", look)
    library.mark([1], _STAR)
    assert b'"star":true' in synced[0]
    with sqlite3.connect(home.cache / _CACHE) as db:
        assert db.execute("SELECT count(*) FROM mark").fetchone() == (0,)
    db.close()


def test_a_star_a_tag_and_a_note_carry_the_paper_and_a_read_does_not(library: Library, home: Paths) -> None:
    acts = (marks.read(True), marks.dismiss(True, implies_read=False), _STAR, marks.note("n"),
            marks.tags(["rl"], [], implies_read=False), marks.later(True, implies_read=False), _UNSTAR)  # fmt: skip
    for act in acts:
        library.mark([1], act)
    (journal,) = home.journal.iterdir()
    carried = [b'"papers":[{' in line for line in journal.read_bytes().splitlines()]
    assert carried == [False, False, True, True, True, True, False]


@pytest.mark.parametrize(
    "act",
    [
        marks.read(True),
        marks.star(True, implies_read=True),
        marks.star(False, implies_read=True),
        marks.tags(["rl"], [], implies_read=False),
        marks.tags([], ["RL"], implies_read=False),
        marks.note("so"),
    ],
)
def test_what_an_act_would_change_is_what_it_changes(library: Library, act: marks.Act) -> None:
    _import(library, *_THREE)
    library.mark([1], marks.star(True, implies_read=False))
    library.mark([2], marks.tags(["rl"], [], implies_read=True))
    before = _all(library)
    rows = library.changed_by([3, 1, 2, 2, 99], act)
    assert _all(library) == before
    assert rows == library.mark([3, 1, 2, 2, 99], act).rows
    assert library.changed_by([1, 2, 3], act) == ()


def test_a_mark_on_a_row_that_was_merged_holds_for_the_one_that_is_left(library: Library) -> None:
    _import(library, replace(_THREE[0], keys=("doi:10.1234/x",), title="elsewhere"), name="two.jsonl")
    ((merged,),) = [library.find(parse("elsewhere"))]
    _import(library, replace(_THREE[0], keys=(*_THREE[0].keys, "doi:10.1234/x")), name="three.jsonl")
    assert library.survivors([merged]) == {merged: 1}
    assert library.mark([merged, 1], _STAR) == Done((1,), "starred")
    with pytest.raises(KeyError):
        library.holding(merged)


def test_two_spellings_of_a_tag_go_together(library: Library) -> None:
    library.mark([1], marks.tags(["RL", "rl"], [], implies_read=False))
    assert library.holding(1).record()["tags"] == ["RL", "rl"]
    assert [label.total for label in library.counts().labels["tag"]] == [1]
    library.mark([1], marks.tags([], ["rl"], implies_read=False))
    assert library.holding(1).state.tags == ()
    assert library.counts().labels["tag"] == ()
    library.undo()
    assert library.holding(1).state.tags == ("RL", "rl")


def _tags(library: Library) -> dict[str, int]:
    return {tag.name: tag.total for tag in library.counts().labels["tag"]}


def _tag(library: Library, rows: list[int], *names: str) -> None:
    library.mark(rows, marks.tags(names, [], implies_read=False))


def test_a_tag_is_renamed_on_every_paper_as_one_act_that_undo_takes_back(library: Library) -> None:
    _tag(library, [1, 2], "rl", "old")
    library.mark([2], marks.dismiss(True, implies_read=False))
    before = _seen(library)
    assert library.retag("RL", " #agents ") == Done((1, 2), "rl is now agents")
    assert _tags(library) == {"agents": 2, "old": 2}
    assert [held.state.tags for held in _all(library)] == [("agents", "old")] * 2 + [()]
    assert _found(library, "tag:rl") == []
    assert sorted(_found(library, "tag:agents")) == ["attention", "graphs"]
    done = library.undo()
    assert done
    assert done.rows == (1, 2)
    assert (_seen(library), _tags(library)) == (before, {"old": 2, "rl": 2})
    assert library.redo()
    assert _tags(library) == {"agents": 2, "old": 2}


def test_a_tag_renamed_into_another_is_joined_with_it(library: Library) -> None:
    _tag(library, [1, 2], "rl")
    _tag(library, [2, 3], "Agents")
    before = _seen(library)
    assert library.retag("rl", "agents") == Done((1, 2), "rl is now Agents")
    assert _tags(library) == {"Agents": 3}
    assert {held.state.tags for held in _all(library)} == {("Agents",)}
    library.undo()
    assert (_seen(library), _tags(library)) == (before, {"Agents": 2, "rl": 2})


def test_every_spelling_of_a_tag_goes_with_it(library: Library) -> None:
    _tag(library, [1], "RL", "rl")
    _tag(library, [2], "Rl")
    _tag(library, [3], "poincare", "Poincaré", "rl")
    assert library.retag("rl", "Poincaré").rows == (1, 2, 3)
    assert {held.state.tags for held in _all(library)} == {(library.tag("POINCARE").name,)}


def test_a_tag_is_spelt_anew_wherever_it_is_shown(library: Library, home: Paths, opened: Open) -> None:
    _tag(library, [1, 2], "rl")
    assert library.retag("rl", "RL") == Done((1, 2), "rl is now RL")
    assert _tags(library) == {"RL": 2}
    _forget_the_cache(home)
    again = opened()
    assert _tags(again) == {"RL": 2}
    again.undo()
    assert _tags(again) == {"rl": 2}
    assert again.retag("rl", "rl") == Done((), "")


def test_the_spelling_that_was_given_last_is_shown_on_every_machine(
    library: Library, home: Paths, opened: Open, tmp_path: Path
) -> None:
    other = opened(_other_device(home, tmp_path))
    _tag(library, [1], "rl")
    other.sync()
    _tag(other, [2], "RL")
    library.sync()
    assert _tags(library) == _tags(other) == {"RL": 2}


def test_a_tag_is_taken_off_every_paper_as_one_act_that_undo_takes_back(library: Library) -> None:
    _tag(library, [1, 3], "rl")
    _tag(library, [2], "RL")
    assert set(library.untag_all("Rl").rows) == {1, 2, 3}
    assert _tags(library) == {}
    library.undo()
    assert [held.state.tags for held in library.holdings([1, 2, 3])] == [("rl",), ("RL",), ("rl",)]


def test_what_renames_a_tag_carries_no_papers_and_they_come_back_all_the_same(
    library: Library, home: Paths, opened: Open
) -> None:
    _tag(library, [1, 2], "rl")
    library.retag("rl", "agents")
    (journal,) = home.journal.iterdir()
    *_, line = journal.read_bytes().splitlines()
    assert b'"papers"' not in line
    shutil.rmtree(home.imported)
    _forget_the_cache(home)
    assert sorted(_found(opened(), "tag:agents")) == ["attention", "graphs"]


def test_a_tag_that_is_not_there_or_is_no_name_is_told(library: Library) -> None:
    _tag(library, [1], "agents")
    with pytest.raises(PapersError, match=r"no paper carries 'agent'.*perhaps agents is meant"):
        library.retag("agent", "x")
    for name in ("", "#", " , "):
        with pytest.raises(PapersError, match="holds no name for a tag"):
            library.retag("agents", name)
        with pytest.raises(PapersError, match="no paper carries"):
            library.untag_all(name)
    assert _tags(library) == {"agents": 1}


def test_a_tag_is_renamed_on_papers_whose_tagging_could_not_be_written_yet(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tag(library, [1], "rl")
    with monkeypatch.context() as disk:
        disk.setattr(os, "write", _full)
        _tag(library, [2], "rl")
        assert library.retag("rl", "agents") == Done((1, 2), "rl is now agents", saved=False)
    assert library.flush()
    assert _tags(library) == {"agents": 2}


# Undo and redo


def test_undo_takes_back_act_after_act_and_redo_does_them_again(library: Library) -> None:
    library.mark([1], _STAR)
    library.mark([1], marks.note("a thought"))
    assert library.undo() == Done((1,), "undone: note saved")
    assert library.undo() == Done((1,), "undone: starred")
    assert library.holding(1).state == State()
    assert library.undo() is None
    assert library.redo() == Done((1,), "redone: starred")
    assert library.redo() == Done((1,), "redone: note saved")
    assert library.redo() is None
    assert library.holding(1).state == State(read=True, starred=True, note="a thought")


def test_a_new_act_ends_what_could_be_redone(library: Library) -> None:
    library.mark([1], _STAR)
    library.undo()
    library.mark([2], _STAR)
    assert library.redo() is None


def test_undoing_a_bulk_act_gives_each_paper_its_own_former_state(library: Library) -> None:
    library.mark([1], _STAR)
    library.mark([2], marks.tags(["rl"], [], implies_read=False))
    before = [held.state for held in _all(library)]
    act = Act("star", (("star", True), ("read", True), ("tag:rl", True), ("note", "all")))
    assert library.mark([1, 2, 3], act).rows == (1, 2, 3)
    library.undo()
    assert [held.state for held in _all(library)] == before


def test_reads_by_themselves_are_kept_and_never_undone(library: Library) -> None:
    library.mark([1], _STAR)
    library.mark([2], marks.read(True), deliberate=False)
    assert library.undo() == Done((1,), "undone: starred")
    assert library.undo() is None
    assert _found(library, "is:read") == ["graphs"]


def test_undo_and_redo_go_on_after_a_restart_and_without_the_cache(opened: Open, home: Paths) -> None:
    first = opened()
    _import(first, *_THREE)
    first.mark([1], _STAR)
    first.mark([2], _STAR)
    first.undo()
    first.close()
    _forget_the_cache(home)
    again = opened()
    assert again.redo() == Done((2,), "redone: starred")
    again.undo()
    assert again.undo() == Done((1,), "undone: starred")
    assert _found(again, "is:starred") == []


def test_instances_share_what_can_be_undone_and_see_each_other(opened: Open, library: Library) -> None:
    second = opened()
    library.mark([1], _STAR)
    second.sync()
    assert _found(second, "is:starred") == ["attention"]
    assert second.undo() == Done((1,), "undone: starred")
    library.sync()
    assert _found(library, "is:starred") == []
    assert library.redo() == Done((1,), "redone: starred")
    second.sync()
    assert _found(second, "is:starred") == ["attention"]


def test_what_another_device_did_is_seen_and_not_undone_here(
    opened: Open, library: Library, home: Paths, tmp_path: Path
) -> None:
    other = opened(_other_device(home, tmp_path))
    assert [row[0] for row in _seen(other)] == [row[0] for row in _seen(library)]
    other.mark([1], _STAR)
    library.sync()
    assert _found(library, "is:starred") == ["attention"]
    assert library.undo() is None
    assert library.redo() is None
    library.mark([1], _UNSTAR)
    other.sync()
    assert _found(other, "is:starred") == []
    assert other.undo() == Done((1,), "undone: starred")


def test_an_act_wins_over_all_that_could_be_seen_when_it_was_done(
    opened: Open, library: Library, home: Paths, clock: Clock
) -> None:
    """Also over another machine whose clock is ten years ahead, and by a program that only just started."""
    ahead = (int(clock.time.timestamp()) + 10 * 365 * 86400) * 1000
    change = Change((_THREE[0].keys,), (("star", True),), (("star", False),))
    (home.journal / "ahead-0.jsonl").write_bytes(encode(Entry("ahead-0", 1, (ahead, 0), "star", (change,))))
    library.sync()
    library.close()
    again = Library(home, now=clock)
    again.mark([1], _UNSTAR)
    again.close()
    assert _found(opened(), "is:starred") == []


# The journal gives everything back


def _lived_in(library: Library) -> None:
    """Two files, marks of every kind, some of them taken back."""
    dated = replace(_THREE[0], published="2025-11-18", edition="2025-11-20", upvotes=4)
    _import(library, dated, *_THREE[1:], _paper(4, "undated"), name="mon.jsonl")
    _import(library, replace(_THREE[1], upvotes=9), _paper(5, "late"), name="tue.jsonl")
    library.mark([1, 2], _STAR)
    library.mark([2], marks.tags(["to read", "rl"], [], implies_read=False))
    library.mark([3], marks.note("see §3\nagain"))
    library.mark([4], marks.dismiss(True, implies_read=True))
    library.mark([5], marks.read(True), deliberate=False)
    library.mark([1], _UNSTAR)
    library.undo()
    library.mark([5], marks.later(True, implies_read=True))


def test_a_lost_cache_gives_back_every_mark_and_every_imported_paper(opened: Open, home: Paths) -> None:
    library = opened()
    _lived_in(library)
    before, counts = _seen(library), library.counts()
    library.close()
    _forget_the_cache(home)
    told: list[tuple[str, int, int]] = []
    again = Library(home, wait_ms=50)
    assert again.catch_up(lambda what, done, total: told.append((what, done, total))) == []
    assert told == [("imported files", 0, 2), ("imported files", 1, 2)]
    assert _seen(again) == before
    assert again.counts() == counts
    assert again.catch_up() == again.behind() == []
    again.close()


_pool = (
    _paper(1, "attention", published="2025-11-18"),
    replace(_paper(1, "attention"), keys=_paper(1, "attention").keys[1:]),
    _paper(2, "attention"),
    _paper(3, "graphs", edition="2025-11-20"),
    replace(_paper(3, "graphs", upvotes=3), keys=("doi:10.1234/x", *_paper(3, "graphs").keys[1:])),
    Paper(("doi:10.1234/x", "url:https://example.org/x"), "elsewhere"),
    replace(_paper(4, "revised"), keys=("arxiv:2511.00004", "url:https://example.org/x")),
)
_some_acts = st.sampled_from(
    [
        _STAR,
        _UNSTAR,
        marks.read(True),
        marks.read(False),
        marks.dismiss(True, implies_read=True),
        marks.tags(["rl", "RL"], [], implies_read=False),
        marks.tags([], ["rl"], implies_read=False),
        marks.note("a thought"),
        marks.note(""),
    ]
)
_steps = st.lists(
    st.one_of(
        st.sets(st.sampled_from(range(len(_pool))), min_size=1, max_size=3),
        st.tuples(st.sets(st.integers(1, 6), min_size=1, max_size=3), _some_acts),
        st.sampled_from(["undo", "redo"]),
    ),
    min_size=2,
    max_size=16,
)


@settings(max_examples=25)
@given(_steps)
def test_whatever_was_done_is_the_same_when_the_cache_is_built_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    root, clock = tmp_path_factory.mktemp("home"), Clock()
    paths = Paths(*(root / name for name in ("config", "data", "cache", "log")))
    with Library(paths, now=clock) as library:
        for number, step in enumerate(steps):
            match step:
                case "undo":
                    library.undo()
                case "redo":
                    library.redo()
                case (rows, act):
                    library.mark(sorted(rows), act)
                case places:
                    _import(library, *(_pool[place] for place in sorted(places)), name=f"{number}.jsonl")
        before, counts = _seen(library), library.counts()
    _forget_the_cache(paths)
    with Library(paths, now=clock) as again:
        assert again.catch_up() == []
        assert _seen(again) == before
        assert again.counts().fixed == counts.fixed


def test_a_starred_tagged_or_noted_paper_outlives_its_listing(opened: Open, home: Paths) -> None:
    library = opened()
    _lived_in(library)
    kept = {held.paper.id: held for held in _all(library) if held.state.starred or held.state.tags
            or held.state.note or held.state.later}  # fmt: skip
    library.close()
    _forget_the_cache(home)
    shutil.rmtree(home.imported)
    again = opened()
    assert {held.paper.id: replace(held, row=0) for held in _all(again)} == {
        ident: replace(held, row=0) for ident, held in kept.items()
    }
    assert len(kept) == 4


def test_a_mark_waits_for_its_paper(opened: Open, home: Paths) -> None:
    library = opened()
    _import(library, *_THREE)
    library.mark([2], marks.dismiss(True, implies_read=True))
    library.close()
    _forget_the_cache(home)
    shutil.rmtree(home.imported)
    again = opened()
    assert _all(again) == []
    _import(again, _THREE[1], name="other.jsonl")
    assert again.holding(1).state == State(read=True, dismissed=True)


def _foreign(path: Path) -> bool:
    """Puts another program's database there."""
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE paper(x)")
    db.commit()
    db.close()
    return path.exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"garbage" * 999),
        lambda path: path.write_bytes(path.read_bytes()[:6000]),
        lambda path: (path.unlink(), _foreign(path)),
    ],
    ids=["garbage", "cut short", "foreign"],
)
def test_a_damaged_cache_is_set_aside_and_all_comes_back(
    opened: Open, home: Paths, damage: Callable[[Path], object]
) -> None:
    library = opened()
    _lived_in(library)
    before = _seen(library)
    library.close()
    damage(home.cache / _CACHE)
    again = opened()
    assert f"{_CACHE}.broken-1" in again.notice
    assert _seen(again) == before
    again.close()
    assert opened().notice == ""


def test_damage_that_is_met_only_later_is_named_and_mended_by_the_next_start(
    opened: Open, home: Paths
) -> None:
    library = opened()
    many = [_paper(number, f"title {number}", abstract="x" * 900) for number in range(1, 200)]
    _import(library, *many)
    library.mark([7], _STAR)
    before = _seen(library)
    library.close()
    path = home.cache / _CACHE
    data = bytearray(path.read_bytes())
    for start in range(40 * 4096, len(data), 4096):
        data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    hurt = Library(home, wait_ms=50)
    assert hurt.notice == ""
    with pytest.raises(PapersError, match="the cache is damaged"):
        _seen(hurt)
    hurt.close()
    again = opened()
    assert "broken-1" in again.notice
    assert _seen(again) == before


# What the folders may hold


@pytest.mark.parametrize("kind", ["folder", "empty", "binary", "text", "dangling"])
def test_strange_files_in_the_journal_stop_nothing(
    opened: Open, library: Library, home: Paths, kind: str
) -> None:
    path = home.journal / "stranger-0.jsonl"
    match kind:
        case "folder":
            path.mkdir()
        case "dangling":
            path.symlink_to("nowhere")
        case _:
            path.write_bytes({"empty": b"", "binary": b"\xff\0\n" * 99, "text": b"hello\nworld\n"}[kind])
    library.mark([1], _STAR)
    library.sync()
    again = opened()
    assert _found(again, "is:starred") == ["attention"]
    assert again.catch_up() == []


def test_a_journal_file_that_can_not_be_read_is_named(
    library: Library, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.journal / "other-0.jsonl").write_bytes(b"x\n")
    read = Path.open

    def refused(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "other-0.jsonl":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refused)
    (problem,) = library.catch_up()
    assert problem.endswith("other-0.jsonl: it can't be read: Permission denied")
    assert library.mark([1], _STAR).saved


def test_a_conflict_copy_of_a_syncer_is_read_like_any_other_file(library: Library, home: Paths) -> None:
    library.mark([1], _STAR)
    (journal,) = home.journal.iterdir()
    change = Change((_THREE[1].keys,), (("star", True),), (("star", False),))
    other = Entry(journal.stem, 2, (1, 0), "star", (change,))
    copy = journal.with_name(f"{journal.stem}.sync-conflict-20261120-101112-ABCDEFG.jsonl")
    copy.write_bytes(journal.read_bytes() + encode(other))
    library.sync()
    assert _found(library, "is:starred") == ["attention", "graphs"]
    assert library.undo() == Done((1,), "undone: starred")


def test_a_record_of_two_papers_that_are_two_rows_here_marks_the_one_that_it_names(
    library: Library, home: Paths
) -> None:
    """Elsewhere the text belonged to another arXiv id: the mark holds for that id, not for who has the text here."""
    keys = ("arxiv:2511.00001", _THREE[1].keys[1])
    change = Change((keys,), (("star", True),), (("star", False),))
    (home.journal / "other-0.jsonl").write_bytes(encode(Entry("other-0", 1, (1, 0), "star", (change,))))
    library.sync()
    assert _found(library, "is:starred") == ["attention"]


def test_lines_of_a_newer_program_are_left_as_they_are(opened: Open, library: Library, home: Paths) -> None:
    change = Change((_THREE[0].keys,), (("mood", "fine"), ("star", True)), (("mood", ""), ("star", False)))
    line = encode(Entry("newer-0", 1, (1, 0), "mood", (change,)))
    path = home.journal / "newer-0.jsonl"
    path.write_bytes(line)
    library.sync()
    assert library.holding(1).state == State(starred=True)
    library.mark([1], _UNSTAR)
    library.close()
    opened()
    assert path.read_bytes() == line


# When the journal can't be written


def test_a_full_disk_keeps_the_act_and_shows_it(
    opened: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _full)
        act = Act("star", (*_STAR.sets, ("note", "kept"), ("tag:rl", True)))
        assert library.mark([1], act) == Done((1,), "starred and note saved and tagged rl", saved=False)
        assert library.trouble == "No space left on device"
        assert library.unsaved == 1
        assert _flags(library, 1) & (marks.READ | marks.STARRED) == marks.READ | marks.STARRED
        assert library.holding(1).state == State(read=True, starred=True, note="kept", tags=("rl",))
        assert library.mark([1], _STAR) == Done((), "")
        assert not library.flush()
        assert not library.mark([2], _STAR).saved
    assert library.flush()
    assert (library.trouble, library.unsaved) == ("", 0)
    again = opened()
    assert _found(again, "is:starred") == ["attention", "graphs"]
    assert again.holding(1).state.note == "kept"


def test_what_waited_is_written_before_the_next_act_and_stays_on_screen(
    library: Library, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _full)
        library.mark([1], _STAR)
    busy = _hold(home)
    assert library.mark([2], _STAR) == Done((2,), "starred")
    assert _flags(library, 1) & _flags(library, 2) & marks.STARRED
    _let_go(busy)
    library.sync()
    assert _found(library, "is:starred") == ["attention", "graphs"]


def test_undo_of_an_act_that_is_not_saved_drops_it(
    opened: Open, library: Library, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _full)
        library.mark([1], _STAR)
        library.mark([2], marks.read(True), deliberate=False)
        assert library.undo() == Done((1,), "undone: starred")
        assert library.holding(1).state == State()
        assert _flags(library, 2) == marks.READ
        assert library.undo() is None
    assert library.flush()
    assert b"star" not in b"".join(path.read_bytes() for path in home.journal.iterdir())
    assert _found(opened(), "is:read") == ["graphs"]


def test_an_undo_that_is_not_saved_is_not_undone_by_the_next(
    opened: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.mark([1], _STAR)
    library.mark([2], _STAR)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _full)
        assert library.undo() == Done((2,), "undone: starred", saved=False)
        assert library.undo() == Done((1,), "undone: starred", saved=False)
        assert library.undo() is None
        assert library.redo() == Done((1,), "redone: starred", saved=False)
    library.flush()
    assert _found(opened(), "is:starred") == ["attention"]


def test_an_act_that_may_be_on_disk_is_undone_by_another(
    opened: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        assert not library.mark([1], _STAR).saved
        undone = library.undo()
        assert undone
        assert undone.text == "undone: starred"
        assert library.holding(1).state == State()
    assert library.flush()
    assert _found(opened(), "is:starred") == []
    assert library.undo() is None


def test_what_waits_is_tried_once_more_at_the_end(
    opened: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _full)
        library.mark([1], _STAR)
    library.close()
    assert _found(opened(), "is:starred") == ["attention"]


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_no_history_of_faults_loses_or_invents_an_act(
    opened: Open, library: Library, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(call)
    real = getattr(os, call)

    def at_times(*arguments: Any) -> Any:
        if chance.random() < 0.4:
            if call == "write" and chance.random() < 0.5:
                return real(arguments[0], arguments[1][: chance.randrange(1, len(arguments[1]))])
            raise OSError(errno.EIO, "Input/output error")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, at_times)
        for _ in range(120):
            row = chance.randint(1, 3)
            match chance.randint(0, 4):
                case 0:
                    library.undo()
                case 1:
                    library.redo()
                case _:
                    library.mark([row], marks.star(chance.random() < 0.5, implies_read=chance.random() < 0.5))
    shown = [held.state for held in _all(library)]
    assert library.flush()
    assert [held.state for held in _all(library)] == shown
    again = opened()
    again.sync()
    assert [held.state for held in _all(again)] == shown


def test_a_journal_that_was_deleted_while_we_run_is_begun_anew(
    opened: Open, library: Library, home: Paths
) -> None:
    library.mark([1], _STAR)
    for path in home.journal.iterdir():
        path.unlink()
    library.mark([2], _STAR)
    library.close()
    _forget_the_cache(home)
    assert _found(opened(), "is:starred") == ["graphs"]


# When the store is held by another


def _hold(paths: Paths) -> sqlite3.Connection:
    db = sqlite3.connect(paths.cache / _CACHE, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    return db


def _let_go(db: sqlite3.Connection) -> None:
    db.execute("ROLLBACK")
    db.close()


def test_an_act_is_saved_and_shown_while_another_process_writes(
    opened: Open, library: Library, home: Paths
) -> None:
    busy = _hold(home)
    assert library.mark([1], _STAR) == Done((1,), "starred")
    assert library.mark([1], marks.note("meanwhile")) == Done((1,), "note saved")
    assert library.holding(1).state == State(read=True, starred=True, note="meanwhile")
    assert _flags(library, 1) == marks.READ | marks.STARRED
    assert library.undo() == Done((1,), "undone: note saved")
    assert library.holding(1).state == State(read=True, starred=True)
    assert library.sync() == set()
    assert library.holding(1).state == State(read=True, starred=True)
    assert opened().counts().fixed["starred"] == (0, 0)
    _let_go(busy)
    assert library.sync() == {1}
    assert _found(library, "is:starred") == ["attention"]


def test_an_import_while_another_process_writes_can_be_tried_again(
    opened: Open, library: Library, home: Paths
) -> None:
    busy = _hold(home)
    with pytest.raises(PapersError, match="another papers-tui is writing"):
        _import(library, _paper(4, "more"), name="more.jsonl")
    _let_go(busy)
    assert _import(library, _paper(4, "more"), name="more.jsonl").tally == Tally(new=1)
    before = _seen(library)
    library.close()
    _forget_the_cache(home)
    assert _seen(opened()) == before


def test_catching_up_while_another_process_writes_leaves_the_rest_for_later(
    library: Library, home: Paths
) -> None:
    library.close()
    shutil.copy(next(home.imported.iterdir()), home.imported / "20990101T000000.000000Z-copy.gz")
    waiting = Library(home, wait_ms=20)
    busy = _hold(home)
    (problem,) = waiting.catch_up()
    assert "another papers-tui is writing" in problem
    _let_go(busy)
    assert waiting.catch_up() == []
    waiting.close()


def test_a_cache_that_can_not_be_written_does_not_undo_an_act(
    opened: Open, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("papers_tui.library.projecting.project_entries", full)
        assert library.mark([1], _STAR) == Done((1,), "starred")
        assert _flags(library, 1) & marks.STARRED
        with pytest.raises(PapersError, match="the disk is full"):
            library.sync()
    assert library.sync() == {1}
    assert _found(opened(), "is:starred") == ["attention"]


# Kill -9

_MARKING = """
import sys
from papers_tui.domain import marks
from papers_tui.library import Library
from papers_tui.paths import find_paths
library = Library(find_paths({"PAPERS_TUI_HOME": sys.argv[1]}))
for row in range(1, 401):
    done = library.mark([row], marks.star(True, implies_read=True))
    print(row if done.saved else 0, flush=True)
"""


@pytest.mark.parametrize("acts", [0, 1, 60])
def test_every_act_that_was_acknowledged_outlives_a_kill(opened: Open, home: Paths, acts: int) -> None:
    library = opened()
    _import(library, *(_paper(number, f"title {number}") for number in range(1, 401)))
    library.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _MARKING, str(home.data.parent)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    said = [int(next(process.stdout)) for _ in range(acts)]
    process.kill()
    said += [int(line) for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    process.wait()
    for _ in range(2):
        again = opened(wait_ms=5000)
        starred = set(again.find(parse("is:starred")))
        assert starred >= set(said)
        assert len(starred) <= len(said) + 1
        again.close()
        _forget_the_cache(home)


# Importing


def test_importing_twice_changes_nothing(library: Library) -> None:
    before = _seen(library)
    assert _import(library, *_THREE) == ImportedFile("page.jsonl", Tally(unchanged=3))
    assert _seen(library) == before
    assert _import(library, *_THREE, name="copy.jsonl") == ImportedFile("copy.jsonl", Tally(merged=3))
    assert [held.sources for held in _all(library)] == [("page.jsonl", "copy.jsonl")] * 3


def test_what_holds_no_papers_is_skipped_with_a_reason_and_not_kept(library: Library, home: Paths) -> None:
    kept = archive.kept(home.imported)
    for data in (b"", b"\x89PNG\r\n", b"[]", b"<html></html>"):
        skipped = library.import_file("x", data, _DAY)
        assert skipped.skipped
        assert skipped.tally == Tally()
    assert archive.kept(home.imported) == kept


def test_a_file_name_that_is_no_text_or_could_act_is_cleaned(opened: Open, home: Paths) -> None:
    library = opened()
    for name, clean in (("caf\udce9.jsonl", "caf.jsonl"), ("\x1b[31mred.jsonl", "red.jsonl"), ("\n", "file")):
        assert _import(library, *_THREE, name=name).name == clean
    before = _seen(library)
    assert before[0][2] == ("caf.jsonl", "red.jsonl", "file")
    library.close()
    _forget_the_cache(home)
    assert _seen(opened()) == before


def test_a_fault_in_a_file_is_told_and_the_good_records_come_in(opened: Open) -> None:
    found = opened().import_file("x.jsonl", _lines(_THREE[0]) + b'{"keys": [], "title": 7}\n', _DAY)
    assert found.tally == Tally(new=1)
    assert len(found.faults) == 1


def test_where_nothing_can_be_kept_nothing_is_imported(
    library: Library, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        with pytest.raises(PapersError, match=r"it can't be kept in .*: No space left on device"):
            _import(library, _paper(4, "more"), name="more.jsonl")
    assert len(_all(library)) == 3
    assert [path.suffix for path in home.imported.iterdir()] == [".gz"]
    assert _import(library, _paper(4, "more"), name="more.jsonl").tally == Tally(new=1)


# The kept copies


def _imported(name: str = "a.jsonl", data: bytes = b"data", *, second: int = 0) -> archive.Imported:
    return archive.Imported(name, _DAY, datetime(2025, 11, 20, 8, 0, second, tzinfo=UTC), data)


def _with_header(header: str, data: bytes) -> bytes:
    """The kept copy with another first line."""
    _, _, content = gzip.decompress(data).partition(b"\n")
    return gzip.compress(b"papers-tui import " + header.encode() + b"\n" + content)


def test_a_copy_is_what_was_kept_and_is_kept_once(tmp_path: Path) -> None:
    file = _imported("Größe \n.html", b"\0\xff\n" * 99)
    name, new = archive.keep(tmp_path, file)
    assert new
    assert archive.load(tmp_path, name) == file
    assert archive.keep(tmp_path, replace(file, imported=file.imported + timedelta(1))) == (name, False)
    assert archive.kept(tmp_path) == [name]
    assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


def test_copies_stand_in_the_order_of_import_whatever_the_time_zone(tmp_path: Path) -> None:
    east = timezone(timedelta(hours=9))
    files = [_imported(str(second), second=second) for second in (3, 1, 2)]
    files[1] = replace(files[1], imported=files[1].imported.astimezone(east))
    for file in files:
        archive.keep(tmp_path, file)
    assert [archive.load(tmp_path, name).name for name in archive.kept(tmp_path)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[: len(data) // 2],
        lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],
        gzip.decompress,
        gzip.compress,
        *(
            partial(_with_header, header)
            for header in ("{}", "[]", "{", '{"name": "a", "modified": "x", "imported": "y"}')
        ),
    ],
)
def test_a_damaged_copy_is_named_and_the_others_come_in(
    opened: Open, home: Paths, damage: Callable[[bytes], bytes]
) -> None:
    library = opened()
    _import(library, *_THREE, name="one.jsonl")
    _import(library, _paper(4, "more"), name="two.jsonl")
    library.close()
    _forget_the_cache(home)
    path = home.imported / archive.kept(home.imported)[0]
    path.write_bytes(damage(path.read_bytes()))
    again = Library(home, wait_ms=50)
    (problem,) = again.catch_up()
    assert str(path) in problem
    assert "import the file again" in problem
    assert _found(again, "") == ["more"]
    assert _import(again, *_THREE, name="one.jsonl").tally == Tally(new=3)
    assert again.catch_up() == []
    again.close()
    _forget_the_cache(home)
    assert len(_all(opened())) == 4


def test_a_folder_or_a_foreign_file_among_the_copies_is_named(library: Library, home: Paths) -> None:
    (home.imported / "folder.gz").mkdir()
    (home.imported / "foreign.gz").write_bytes(gzip.compress(b"hello"))
    (home.imported / "notes.txt").write_text("hello")
    assert len(library.catch_up()) == 2
    assert len(_all(library)) == 3


# Finding a paper by what a person types


@pytest.mark.parametrize(
    "text",
    [
        "2511.00002",
        "arxiv:2511.00002",
        " arXiv:2511.00002v3 ",
        "https://arxiv.org/abs/2511.00002",
        "https://arxiv.org/pdf/2511.00002v1.pdf",
        "https://huggingface.co/papers/2511.00002",
        "10.48550/arXiv.2511.00002",
        _THREE[1].keys[1],
        _THREE[1].keys[1][:16],
        _THREE[1].keys[1].removeprefix("text:"),
    ],
)
def test_an_id_an_address_or_a_beginning_names_the_paper(library: Library, text: str) -> None:
    assert library.resolve(text) == 2


def test_a_doi_and_an_address_name_a_paper(opened: Open) -> None:
    library = opened()
    _import(library, Paper(("doi:10.1234/abc", "url:https://example.org/p"), "title", "text"))
    for text in ("10.1234/ABC", "doi:10.1234/abc", "https://example.org/p", "url:https://example.org/p"):
        assert library.resolve(text) == 1


@pytest.mark.parametrize("text", ["", "  ", "2511.99999", "arxiv:26", "nonsense", "%", "\x00", "x" * 9999])
def test_what_names_no_paper_is_explained(library: Library, text: str) -> None:
    with pytest.raises(PapersError, match="no paper has this id"):
        library.resolve(text)


@pytest.mark.parametrize("text", ["2511", "arxiv:2511.0000", "text:", "arxiv:"])
def test_a_beginning_of_several_ids_names_them(library: Library, text: str) -> None:
    with pytest.raises(PapersError, match=r"several papers .*arxiv:2511.00001") as caught:
        library.resolve(text)
    assert caught.value.hint == "give more of the id"


def test_nothing_typed_is_no_paper_even_where_there_is_only_one(opened: Open) -> None:
    library = opened()
    _import(library, _THREE[0])
    with pytest.raises(PapersError, match="no paper has this id"):
        library.resolve(" ")
    assert library.resolve("2") == 1


# What is shown


_ALWAYS = {
    "id", "keys", "title", "authors", "abstract", "added", "sources", "categories", "links", "tags",
    "read", "starred", "later", "dismissed",
}  # fmt: skip
_AT_TIMES = {
    "published", "edition", "organization", "upvotes", "comments", "stars", "summary", "version", "announce", "note",
    "keywords",
}  # fmt: skip


def test_a_record_has_the_promised_names_and_no_others(library: Library) -> None:
    assert set(library.holding(1).record()) == _ALWAYS
    rich = _paper(
        9,
        "rich",
        authors=("A", "B"),
        published="2025-11-18T08:00:00Z",
        edition="2025-11-20",
        organization=Organization("nvidia", "NVIDIA"),
        upvotes=0,
        comments=1,
        stars=2,
        summary="short",
        keywords=("llm",),
        categories=("cs.CL",),
        version=2,
        announce="new",
        links=(Link("https://github.com/x/y", "code", "Code", doubtful=True),),
    )
    _import(library, rich, name="rich.jsonl")
    row = library.resolve("2511.00009")
    library.mark([row], Act("tag", (("tag:rl", True), ("note", "n"), ("star", True))))
    record = library.holding(row).record()
    assert set(record) == _ALWAYS | _AT_TIMES
    assert record["organization"] == {"name": "nvidia", "fullname": "NVIDIA"}
    assert record["links"][0] == {
        "url": "https://github.com/x/y", "kind": "code", "label": "Code", "doubtful": True,
    }  # fmt: skip
    assert {link["kind"] for link in record["links"]} == {"code", "paper", "pdf", "discussion"}
    assert (record["id"], record["upvotes"], record["tags"], record["note"]) == (rich.id, 0, ["rl"], "n")
    assert json.loads(json.dumps(record)) == record


def test_what_is_shown_can_be_imported_again(opened: Open, library: Library, tmp_path: Path) -> None:
    lines = "".join(json.dumps(held.record()) + "\n" for held in _all(library)).encode()
    assert library.import_file("export.jsonl", lines, _DAY).tally.new == 0
    elsewhere = tmp_path / "fresh"
    fresh = opened(Paths(*(elsewhere / name for name in ("config", "data", "cache", "log"))))
    assert fresh.import_file("export.jsonl", lines, _DAY).tally == Tally(new=3)
    assert [held.paper.keys for held in _all(fresh)] == [held.paper.keys for held in _all(library)]


def test_papers_come_in_the_order_asked_for(library: Library) -> None:
    assert [held.row for held in library.holdings([3, 1, 99, 2])] == [3, 1, 2]
    assert set(library.rows([1, 99])) == {1}
    with pytest.raises(KeyError):
        library.holding(99)


def test_what_came_in_since_a_time_is_new(opened: Open, clock: Clock) -> None:
    library = opened()
    _import(library, _THREE[0])
    since = f"{clock.time:%Y-%m-%dT%H:%M:%SZ}"
    _import(library, *_THREE, name="later.jsonl")
    assert list(library.find(parse("is:new"), since=since)) == [2, 3]


# Opening


def test_directories_are_made_for_their_owner_alone(tmp_path: Path) -> None:
    paths = Paths(*(tmp_path / name for name in ("config", "data", "cache", "log")))
    with Library(paths) as library:
        assert _all(library) == []
        assert library.notice == ""
    for folder in (paths.journal, paths.imported, paths.cache, paths.log):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_data_directory_in_which_nothing_can_be_written_still_shows_everything(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(os, "open", read_only)
    done = library.mark([1], _STAR)
    assert (done.saved, library.trouble) == (False, "Read-only file system")
    assert library.holding(1).state.starred
    monkeypatch.setattr(os, "fsync", read_only)
    with pytest.raises(PapersError, match="Read-only file system"):
        _import(library, _paper(4, "more"), name="more.jsonl")
    assert len(_all(library)) == 3
