"""What one entry says of thousands of papers: brought in by statement, it ends as if paper by paper."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.marks import Change, Entry
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import to_record
from papers_tui.domain.rules import Rule
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
                    with store.transaction() as db:
                        add_papers(db, step, source="a.html", added=_ADDED)
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
            with store.transaction() as db:
                add_papers(db, _POOL, source="a.html", added=_ADDED)
            for entry in order:
                with closing(project_bulk(store, entry, added=_ADDED)) as parts:
                    list(islice(parts, chance.randrange(3)))
                _by_statement(store, entry)
            kept = _kept(store)
            assert kept | _recounted(store) == kept
            ends.append({name: kept[name] for name in ("mark", "tally", "labels")})
    assert ends[0] == ends[1] == ends[2]
