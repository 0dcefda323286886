"""What one entry says of thousands of papers: brought in by statement, it ends as if paper by paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from functools import partial
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.identity import text_key
from papers_tui.domain.marks import Change, Entry
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import parse
from papers_tui.domain.record import to_record
from papers_tui.domain.rules import Rule
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.store import Store, bulk, open_store, projection
from papers_tui.store.bulk import project_bulk
from papers_tui.store.checking import check
from papers_tui.store.papers import add_papers
from papers_tui.store.ruling import Ruling, save_ruling

_ADDED = "2026-11-21T08:00:00Z"
_MANY = 1_200

# One text under two arXiv ids and alone, keys that make two papers one, and one that is in no listing.
_POOL = (
    Paper(("arxiv:2511.00001", "text:flow"), "On flow", categories=("cs.CL", "cs.LG"), edition="2025-11-20"),
    Paper(("arxiv:2511.00002", "text:flow"), "On flow", categories=("cs.CL",)),
    Paper(("text:flow",), "On flow", keywords=("llm",)),
    Paper(("arxiv:2511.00003", "url:https://x.org"), "A survey of graphs", keywords=("graphs",)),
    Paper(("doi:10.1/x", "url:https://x.org"), "Graphs anew", edition="2025-11-21"),
    Paper(("guid:g:1", "doi:10.1/x"), "A survey", keywords=("llm",)),
    Paper(("arxiv:2511.00004",), "Elsewhere"),
)
_RULES = (Rule("no surveys", "title:survey", ("dismiss", "read")), Rule("flow", "flow", ("later", "tag:rl")))

_flag = st.tuples(st.sampled_from(["read", "star", "later", "dismiss"]), st.booleans())
_word = st.one_of(
    st.tuples(st.sampled_from(["tag:rl", "tag:RL", "tag:x", "unheard of"]), st.booleans()),
    st.tuples(st.just("note"), st.sampled_from(["", "a thought"])),
    st.tuples(st.just("read"), st.just("a word")),
)
_registers = st.lists(_flag, min_size=1, max_size=2) | st.lists(_flag | _word, min_size=1, max_size=2)
_named = st.lists(st.sampled_from(_POOL).map(lambda paper: paper.keys), min_size=1, max_size=5) | st.lists(
    st.lists(st.sampled_from([key for paper in _POOL for key in paper.keys]), min_size=1, max_size=3).map(
        tuple
    ),
    min_size=1,
    max_size=5,
)
_changes = st.builds(
    lambda papers, now: Change(tuple(papers), tuple(dict(now).items()), ()), _named, _registers
)
_entries = st.builds(
    lambda changes, clock, writer, seq, records: Entry(
        writer, seq, (clock, 0), "read", tuple(changes), records=tuple(to_record(one) for one in records)
    ),
    st.lists(_changes, min_size=1, max_size=3),
    st.integers(1, 6),
    st.sampled_from(["a-0", "b-0"]),
    st.integers(1, 3),
    st.lists(st.sampled_from(_POOL), max_size=1),
)
_steps = st.lists(_entries | st.lists(st.sampled_from(_POOL), max_size=4), max_size=10)


def _one_by_one(store: Store, entry: Entry) -> set[int]:
    with store.transaction() as db:
        return projection.project(db, [entry], added=_ADDED)


def _by_statement(store: Store, entry: Entry) -> set[int]:
    return {row for rows in project_bulk(store, entry, added=_ADDED) for row in rows}


def _import(store: Store, papers: Sequence[Paper]) -> None:
    with store.transaction() as db:
        add_papers(db, papers, source="a.html", added=_ADDED)


def _kept(store: Store) -> dict[str, object]:
    """All that is kept of papers and marks."""
    db = store.db
    found: dict[str, object] = {
        "labels": set(db.execute("SELECT kind, folded, name, total, unread FROM label WHERE total > 0")),
        "members": set(
            db.execute("SELECT l.kind, l.folded, m.paper FROM member m JOIN label l ON l.id = m.label")
        ),
        "tally": set(db.execute("SELECT flags, n FROM tally WHERE n <> 0")),
    }
    for table in ("paper", "body", "key", "mark", "ruled", "version"):
        found[table] = set(db.execute(f"SELECT * FROM {table}"))
    return found


def _recounted(store: Store) -> dict[str, object]:
    """What a recount says of what is kept twice."""
    db = store.db
    return {
        "labels": set(
            db.execute(
                "SELECT l.kind, l.folded, l.name, count(*), sum(p.flags & ? = 0) FROM label l JOIN member m "
                "ON m.label = l.id JOIN paper p ON p.id = m.paper GROUP BY l.id",
                (marks.READ | marks.DISMISSED,),
            )
        ),
        "tally": set(db.execute("SELECT flags, count(*) FROM paper GROUP BY flags")),
    }


@settings(max_examples=150)
@given(_steps, st.booleans(), st.integers(1, 4))
def test_by_statement_it_ends_as_if_paper_by_paper(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Entry | list[Paper]], ruled: bool, at_once: int
) -> None:
    ends = []
    for way in (_one_by_one, _by_statement):
        store, _ = open_store(tmp_path_factory.mktemp("store"))
        store.db.execute("PRAGMA synchronous=OFF")
        touched = []
        with closing(store), pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "_ROWS", at_once)
            patch.setattr(bulk, "_KEYS", at_once)
            with store.transaction() as db:
                save_ruling(db, Ruling(_RULES if ruled else (), date(2025, 11, 21)))
            for step in steps:
                if isinstance(step, Entry):
                    touched.append(way(store, step))
                else:
                    _import(store, step)
            kept = _kept(store)
            assert kept | _recounted(store) == kept
            assert check(store.db, [step for step in steps if isinstance(step, Entry)]) == ""
            ends.append((kept, touched))
    assert ends[0] == ends[1]


@settings(max_examples=60)
@given(st.lists(_entries, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_in_whatever_order_and_however_often_entries_come_and_wherever_they_are_broken_off(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], chance: Any
) -> None:
    # Two entries of one name and time are one entry.
    entries = list({entry.stamp: entry for entry in entries}.values())
    ends = []
    for order in (entries, chance.sample(entries, len(entries)), [*entries, *entries]):
        store, _ = open_store(tmp_path_factory.mktemp("store"))
        store.db.execute("PRAGMA synchronous=OFF")
        with closing(store), pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "_ROWS", 1)
            patch.setattr(bulk, "_KEYS", 1)
            _import(store, _POOL)
            for entry in order:
                with closing(project_bulk(store, entry, added=_ADDED)) as parts:
                    list(islice(parts, chance.randrange(3)))
                _by_statement(store, entry)
            kept = _kept(store)
            assert kept | _recounted(store) == kept
            ends.append({name: kept[name] for name in ("mark", "tally", "labels")})
    assert ends[0] == ends[1] == ends[2]


@settings(max_examples=60)
@given(st.lists(_entries, min_size=2, max_size=4), st.booleans())
def test_what_another_process_does_between_two_parts_counts(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], ruled: bool
) -> None:
    entries = list({entry.stamp: entry for entry in entries}.values())
    ends = []
    for between in (False, True):
        folder = tmp_path_factory.mktemp("store")
        store, _ = open_store(folder)
        other, _ = open_store(folder)
        with closing(store), closing(other), pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "_ROWS", 1)
            for one in (store, other):
                one.db.execute("PRAGMA synchronous=OFF")
            with store.transaction() as db:
                save_ruling(db, Ruling(_RULES if ruled else (), date(2025, 11, 21)))
                add_papers(db, _POOL[:5], source="a.html", added=_ADDED)
            coming: list[Callable[[], object]] = [
                *(partial(_one_by_one, other, entry) for entry in entries[1:]),
                partial(_import, other, _POOL[5:]),
            ]
            for _ in project_bulk(store, entries[0], added=_ADDED):
                if between and coming:
                    coming.pop()()
            for do in reversed(coming):
                do()
            kept = _kept(store)
            assert kept | _recounted(store) == kept
            ends.append({name: kept[name] for name in ("paper", "mark", "tally", "members", "ruled")})
    assert ends[0] == ends[1]


# In a library


def _papers() -> list[Paper]:
    return [
        Paper((f"arxiv:2511.{number:05}", text_key(f"On {number}", "")), f"On {number}")
        for number in range(_MANY)
    ]


@pytest.fixture
def opened(home: Paths) -> Iterator[Library]:
    with Library(home, now=lambda: datetime(2026, 11, 21, 8, tzinfo=UTC)) as library:
        lines = "".join(f"{json.dumps(to_record(paper))}\n" for paper in _papers())
        library.import_file("page.jsonl", lines.encode(), date(2026, 11, 21))
        yield library


def test_thousands_are_marked_and_back_and_what_they_were_before_comes_back(
    opened: Library, home: Paths
) -> None:
    rows = opened.find(parse(""))
    opened.mark(rows[:7], marks.star(True, implies_read=True))
    opened.mark(rows[7:9], marks.tags(["rl"], [], implies_read=False))
    before = opened.flags(rows), opened.counts()
    done = opened.mark(rows, marks.read(True))
    assert set(done.rows) == set(rows[7:])
    assert not opened.unread(rows)
    assert opened.counts().fixed["inbox"] == (0, 0)
    with Library(home) as other:
        assert other.sync() == set()
        assert other.flags(rows) == opened.flags(rows)
    undone = opened.undo()
    assert undone
    assert set(undone.rows) == set(done.rows)
    assert (opened.flags(rows), opened.counts()) == before
    assert opened.examine() == ""


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_what_was_broken_off_goes_on_at_the_next_start(
    opened: Library, home: Paths, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    rows = opened.find(parse(""))
    monkeypatch.setattr(bulk, "_ROWS", 400)
    whole, shown = bulk._show, []

    def breaks_off(*arguments: Any) -> set[int]:
        shown.append(whole(*arguments))
        if len(shown) == parts:
            raise KeyboardInterrupt
        return shown[-1]

    monkeypatch.setattr(bulk, "_show", breaks_off)
    with pytest.raises(KeyboardInterrupt):
        opened.mark(rows, marks.dismiss(True, implies_read=True))
    monkeypatch.setattr(bulk, "_show", whole)
    with Library(home) as again:
        assert again.counts().fixed["dismissed"][0] == 400 * (parts - 1)
        assert again.sync() == set(rows)
        assert again.counts().fixed["dismissed"][0] == _MANY
        assert again.examine() == ""
        assert again.undoable()
