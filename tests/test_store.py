"""The store: one row for one paper, counters that are always right, and looking things up."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.identity import text_key
from papers_tui.domain.links import offers
from papers_tui.domain.marks import Change, Entry, State, Value
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.query import AnyOf, Is, Not, Query, Term, Within, Words, parse
from papers_tui.domain.record import to_record
from papers_tui.domain.tally import Tally
from papers_tui.domain.text import index_words, spelt_out
from papers_tui.domain.topics import folded, topics
from papers_tui.store import Store, StoreBusy, finding, offsets, open_store, projection, views
from papers_tui.store.columns import HAS
from papers_tui.store.finding import Search
from papers_tui.store.papers import add_papers
from papers_tui.store.rows import load_paper
from papers_tui.store.schema import VERSION
from papers_tui.store.state import load_state

_ADDED = "2025-11-20T08:00:00Z"
_TODAY = date(2025, 11, 20)
_FILE = f"library-v{VERSION}.sqlite3"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = open_store(tmp_path)
    yield opened
    opened.close()


def _add(store: Store, *papers: Paper, source: str = "a.html", added: str = _ADDED) -> Tally:
    with store.transaction() as db:
        return add_papers(db, papers, source=source, added=added)


def _entry(
    clock: int, papers: Sequence[tuple[str, ...]], *now: tuple[str, Value], records: Sequence[Paper] = ()
) -> Entry:
    return Entry(
        "dev-0", clock, (clock, 0), "star", (Change(tuple(papers), now, ()),),
        records=tuple(to_record(paper) | {"sources": ["a.html"], "added": _ADDED} for paper in records),
    )  # fmt: skip


def _mark(store: Store, clock: int, keys: tuple[str, ...], *now: tuple[str, Value]) -> set[int]:
    with store.transaction() as db:
        return projection.project(db, [_entry(clock, [keys], *now)], added=_ADDED)


def _find(store: Store, query: Query, sort: str = "date", since: str = "") -> array[int]:
    """The rows that a query finds, in order."""
    return finding.find(store.db, Search(query, _TODAY, sort, since))


def _found(store: Store, text: str, **options: str) -> list[str]:
    """The ids that a query finds, in order."""
    ids = _find(store, parse(text), **options)
    found = views.rows(store.db, ids)
    return [found[id_].id for id_ in ids]


def _state(store: Store, key: str) -> State:
    ((row, _),) = views.by_key(store.db, key)
    return load_state(store.db, views.keys(store.db, [row])[row])


def _paper(name: str, *, arxiv: str = "", title: str = "", **fields: Any) -> Paper:
    """A paper whose title and abstract hold its name; with an arXiv id where one is given."""
    title = title or f"On {name}"
    abstract = fields.pop("abstract", f"We study {name}.")
    keys = (text_key(title, abstract),)
    return Paper((f"arxiv:{arxiv}", *keys) if arxiv else keys, title, abstract, **fields)


def _check(store: Store) -> None:
    """Everything that is kept twice says what a recount says."""
    db = store.db
    tally = dict(db.execute("SELECT flags, n FROM tally WHERE n <> 0"))
    assert tally == dict(db.execute("SELECT flags, count(*) FROM paper GROUP BY flags"))
    kept = db.execute("SELECT id, total, unread FROM label ORDER BY id").fetchall()
    counted = db.execute(
        "SELECT l.id, count(p.id), coalesce(sum(p.flags & ? = 0), 0) FROM label l LEFT JOIN member m "
        "ON m.label = l.id LEFT JOIN paper p ON p.id = m.paper GROUP BY l.id ORDER BY l.id",
        (marks.READ | marks.DISMISSED,),
    ).fetchall()
    assert kept == counted
    assert db.execute("SELECT count(*) FROM member WHERE paper NOT IN (SELECT id FROM paper)").fetchone() == (
        0,
    )
    assert (
        db.execute("SELECT id FROM paper ORDER BY id").fetchall()
        == db.execute("SELECT id FROM body ORDER BY id").fetchall()
    )
    assert db.execute("SELECT count(*) FROM key WHERE paper NOT IN (SELECT id FROM paper)").fetchone() == (0,)
    _check_papers(store)
    _check_search(store)


def _check_papers(store: Store) -> None:
    for id_, ident, flags, has in store.db.execute("SELECT id, ident, flags, has FROM paper").fetchall():
        paper = load_paper(store.db, id_)
        owned = views.keys(store.db, [id_])[id_]
        state = load_state(store.db, owned)
        assert (ident, flags) == (paper.id, state.flags)
        assert {kind for kind, bit in HAS.items() if has & bit} == offers(paper)
        assert paper.id in owned
        assert len([key for key in owned if key.startswith("arxiv:")]) <= 1
        labels = {
            (kind, name)
            for kind, name in store.db.execute(
                "SELECT l.kind, l.folded FROM member m JOIN label l ON l.id = m.label "
                "WHERE m.paper = ? AND l.kind <> 'source'",
                (id_,),
            )
        }
        expected = {(kind, folded(name)) for kind, name in topics(paper)}
        expected |= {("tag", folded(tag)) for tag in state.tags}
        expected |= {("edition", paper.edition)} if paper.edition else set()
        assert labels == expected


def _check_search(store: Store) -> None:
    """The indexes hold just the words of the papers that are there, and the user's own."""
    db = store.db
    options = "content='', tokenize='ascii'"
    db.execute(f"CREATE VIRTUAL TABLE temp.whole USING fts5(title, authors, abstract, tags, note, {options})")
    db.execute(f"CREATE VIRTUAL TABLE temp.short USING fts5(words, {options}, detail=none, prefix='1 2 3')")
    for id_, place in db.execute("SELECT id, place FROM paper ORDER BY place").fetchall():
        paper = load_paper(db, id_)
        state = load_state(db, views.keys(db, [id_])[id_])
        names = [*paper.authors, *(spelt for name in paper.authors if (spelt := spelt_out(name)) != name)]
        texts = ((paper.title,), names, (paper.abstract,), state.tags, (state.note,))
        title, authors, abstract, tags, note = map(index_words, texts)
        db.execute("INSERT INTO temp.whole(rowid, title, authors, abstract, tags, note) VALUES(?,?,?,?,?,?)",
                   (place, title, authors, abstract, tags, note))  # fmt: skip
        db.execute(
            "INSERT INTO temp.short(rowid, words) VALUES(?,?)", (place, f"{title} {authors} {tags} {note}")
        )
    for kept, wanted in (("search", "whole"), ("heading", "short")):
        db.execute(f"INSERT INTO {kept}({kept}) VALUES('integrity-check')")
        words = []
        for name, of in (("kept", f"main', '{kept}"), ("wanted", f"temp', '{wanted}")):
            db.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab('{of}', 'instance')")
            found = db.execute(f'SELECT term, doc, col, "offset" FROM temp.{name}').fetchall()
            words.append(sorted(found, key=repr))
            db.execute(f"DROP TABLE temp.{name}")
        db.execute(f"DROP TABLE temp.{wanted}")
        assert words[0] == words[1]


# One paper, one row


def test_a_paper_in_two_sources_is_one_row_that_names_both(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001")
    assert _add(store, paper, source="mon.html") == Tally(new=1)
    assert _add(store, paper, source="tue.html") == Tally(merged=1)
    assert _add(store, paper, source="tue.html") == Tally(unchanged=1)
    ((row, _, added, sources),) = views.holdings(store.db, _find(store, Query(())))
    assert (row, added, sources) == (1, _ADDED, ("mon.html", "tue.html"))
    _check(store)


def test_every_record_is_counted_once(store: Store) -> None:
    a, b = _paper("a"), _paper("b")
    assert _add(store, a, b, a, replace(b, upvotes=3)) == Tally(new=2, merged=1, unchanged=1)
    assert Tally(1, 2, 3) + Tally(4, 5, 6) == Tally(5, 7, 9)
    assert Tally(1, 2, 3).read == 6


def test_a_text_that_gets_an_arxiv_id_stays_one_row_with_its_marks(store: Store) -> None:
    text = Paper((text_key("An O(n^2) bound", "We show."),), "An O(n^2) bound", "We show.")
    _add(store, text, source="saved.txt")
    _mark(store, 1, text.keys, ("star", True), ("note", "mine"))
    arxiv = Paper(
        ("arxiv:2511.00001", text_key("An $O(n^2)$ bound", "We {show}.")),
        "An $O(n^2)$ bound",
        "We {show}.",
        published="2025-11-18T10:00:00Z",
    )
    assert _add(store, arxiv, source="api.json") == Tally(merged=1)
    ((row, ident),) = views.by_key(store.db, text.id)
    assert ident == "arxiv:2511.00001"
    assert views.by_key(store.db, "arxiv:2511.00001") == ((row, ident),)
    assert _state(store, text.id) == State(starred=True, note="mine")
    _mark(store, 2, (text.id,), ("star", False))
    assert _state(store, "arxiv:2511.00001") == State(note="mine")
    _check(store)


def test_two_arxiv_ids_with_one_text_stay_two_papers_with_marks_of_their_own(store: Store) -> None:
    first, second = _paper("flow", arxiv="2511.00001"), _paper("flow", arxiv="2511.00002")
    _add(store, first)
    _mark(store, 1, first.keys, ("star", True))
    assert _add(store, second) == Tally(new=1)
    assert _found(store, "is:starred") == [first.id]
    _mark(store, 2, second.keys, ("later", True))
    assert _found(store, "is:later") == [second.id]
    assert _add(store, first, second) == Tally(unchanged=2)
    assert _state(store, second.id) == State(later=True)
    _check(store)


def test_a_mark_made_where_only_the_text_was_known_holds_for_whichever_paper_it_becomes(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001")
    _mark(store, 1, paper.keys[1:], ("star", True))
    _add(store, paper)
    assert _found(store, "is:starred") == [paper.id]


def test_a_mark_on_a_text_goes_with_the_first_paper_that_it_becomes_and_not_with_its_twin(
    store: Store,
) -> None:
    first, twin = _paper("flow", arxiv="2511.00001"), _paper("flow", arxiv="2511.00002")
    _add(store, replace(first, keys=first.keys[1:]))
    _mark(store, 1, first.keys[1:], ("star", True))
    _add(store, first, twin)
    assert _found(store, "is:starred") == [first.id]
    _check(store)


def test_a_mark_made_on_an_arxiv_paper_shows_where_only_its_text_is_known(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001")
    _add(store, replace(paper, keys=paper.keys[1:]))
    _mark(store, 1, paper.keys, ("star", True))
    assert _found(store, "is:starred") == [paper.keys[1]]


def test_one_title_with_two_abstracts_is_two_papers(store: Store) -> None:
    _add(store, _paper("a", title="Attention"), _paper("b", title="Attention"))
    assert len(_found(store, "attention")) == 2


def test_rows_that_turn_out_to_be_one_paper_become_one(store: Store) -> None:
    one = replace(_paper("one", arxiv="2511.00001", edition="2025-11-20"), upvotes=5)
    two = replace(_paper("two", published="2025-11-18"), keys=("doi:10.1/two", *_paper("two").keys))
    _add(store, one, source="one.html", added="2025-11-20T08:00:00Z")
    _add(store, two, source="two.html", added="2025-11-21T08:00:00Z")
    _mark(store, 1, one.keys, ("tag:rl", True), ("note", "older note"))
    _mark(store, 2, two.keys, ("star", True), ("note", "newer note"), ("tag:vision", True))
    both = replace(one, keys=(one.id, "doi:10.1/two"), comments=2)
    assert _add(store, both, source="three.html") == Tally(merged=1)
    ((row, paper, added, sources),) = views.holdings(store.db, _find(store, Query(())))
    assert (row, added, sources) == (1, "2025-11-20T08:00:00Z", ("one.html", "two.html", "three.html"))
    assert (paper.upvotes, paper.comments, paper.published) == (5, 2, "2025-11-18")
    assert set(paper.keys) == {*one.keys, *two.keys}
    assert _state(store, one.id) == State(starred=True, tags=("rl", "vision"), note="newer note")
    assert _found(store, "tag:rl tag:vision is:starred newer") == [one.id]
    assert views.survivors(store.db, [1, 2, 3]) == {2: 1}
    assert views.rows(store.db, [2]) == {}
    _check(store)


def test_forwards_lead_to_the_last_survivor(store: Store) -> None:
    a, b, c = (Paper((f"doi:10.1/{name}",), name) for name in "abc")
    _add(store, a, b, c)
    _add(store, replace(b, keys=(*b.keys, *c.keys)))
    _add(store, replace(a, keys=(*a.keys, *b.keys)))
    assert views.survivors(store.db, [1, 2, 3]) == {2: 1, 3: 1}
    _check(store)


def test_a_record_without_an_arxiv_id_never_joins_two_that_have_one(store: Store) -> None:
    first = Paper(("arxiv:2511.00001", "doi:10.1/a"), "first")
    second = Paper(("arxiv:2511.00002", "url:https://x.org/b"), "second")
    _add(store, first, second)
    _add(store, Paper(("doi:10.1/a", "url:https://x.org/b"), "both"))
    assert len(_found(store, "")) == 2
    _check(store)


def test_row_numbers_are_never_used_again(store: Store) -> None:
    _add(store, Paper(("doi:10.1/a",), "a"), Paper(("doi:10.1/b",), "b"))
    _add(store, Paper(("doi:10.1/a", "doi:10.1/b"), "a"))
    _add(store, Paper(("doi:10.1/c",), "c"))
    assert list(_find(store, Query(()), sort="added")) == [1, 3]


# What the journal brings


def test_applying_entries_twice_or_in_another_order_ends_in_one_state(tmp_path: Path) -> None:
    papers = [_paper(name, arxiv=f"2511.0000{place}") for place, name in enumerate("abc")]
    chance = random.Random(7)
    registers: tuple[tuple[str, tuple[Value, ...]], ...] = (
        ("star", (True, False)), ("read", (True, False)), ("tag:rl", (True, False)), ("note", ("x", "y", "")),
    )  # fmt: skip
    entries = []
    for clock in range(1, 40):
        register, values = chance.choice(registers)
        entries.append(_entry(clock, [chance.choice(papers).keys], (register, chance.choice(values))))
    states = set()
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        store, _ = open_store(folder)
        shuffled = chance.sample(entries, len(entries)) + chance.sample(entries, 10 * attempt)
        half = len(shuffled) // 2
        with store.transaction() as db:
            projection.project(db, shuffled[:half], added=_ADDED)
        _add(store, *papers)
        with store.transaction() as db:
            projection.project(db, shuffled[half:], added=_ADDED)
        states.add(tuple(_state(store, paper.id) for paper in papers))
        _check(store)
        store.close()
    assert len(states) == 1


def test_a_paper_that_no_listing_brought_comes_with_its_mark(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001", published="2025-11-18")
    entry = _entry(1, [paper.keys], ("star", True), records=[paper])
    for _ in range(2):
        with store.transaction() as db:
            assert projection.project(db, [entry], added="2026-01-01T00:00:00Z") == {1}
    ((_, held, added, sources),) = views.holdings(store.db, [1])
    assert (held, added, sources) == (paper, _ADDED, ("a.html",))
    assert _found(store, "is:starred") == [paper.id]
    _check(store)


def test_a_carried_record_never_changes_a_paper_that_is_known(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001")
    newer = replace(paper, title="On Flow, revised", version=2)
    _add(store, newer)
    with store.transaction() as db:
        entry = _entry(1, [paper.keys], ("star", True), records=[paper])
        projection.project(db, [entry], added=_ADDED)
    assert load_paper(store.db, 1) == replace(newer, keys=paper.keys)


def test_a_carried_record_with_a_stronger_key_names_the_paper(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001")
    weak = replace(paper, keys=paper.keys[1:])
    with store.transaction() as db:
        entries = [
            _entry(1, [weak.keys], ("star", True), records=[weak]),
            _entry(2, [paper.keys], ("note", "n"), records=[paper]),
        ]
        projection.project(db, entries, added=_ADDED)
    assert _found(store, "is:starred has") == []
    assert _found(store, "is:starred flow") == [paper.id]
    assert _state(store, paper.id) == State(starred=True, note="n")


def test_of_two_starred_papers_with_one_text_both_come_with_their_mark(store: Store) -> None:
    papers = [_paper("flow", arxiv="2511.00001"), _paper("flow", arxiv="2511.00002")]
    with store.transaction() as db:
        entries = [
            _entry(clock, [paper.keys], ("star", True), records=[paper]) for clock, paper in enumerate(papers)
        ]
        projection.project(db, entries, added=_ADDED)
    assert _found(store, "is:starred") == [paper.id for paper in papers]


@pytest.mark.parametrize("record", [{}, {"title": 1}, {"title": "t", "keys": "x"}, {"sources": 1}])
def test_a_carried_record_that_is_none_does_not_stop_the_mark(store: Store, record: dict[str, Any]) -> None:
    paper = _paper("flow")
    _add(store, paper)
    entry = replace(_entry(1, [paper.keys], ("star", True)), records=(record,))
    with store.transaction() as db:
        projection.project(db, [entry], added=_ADDED)
    assert _found(store, "is:starred") == [paper.id]


def test_offsets_and_the_latest_clock_are_remembered_by_file(store: Store) -> None:
    assert offsets.read_offsets(store.db) == {}
    assert offsets.latest_clock(store.db) == (0, 0)
    with store.transaction() as db:
        offsets.set_offset(db, "a-0.jsonl", 10, (5, 1))
        offsets.set_offset(db, "b-0.jsonl", 20, (4, 9))
        offsets.set_offset(db, "a-0.jsonl", 30, (0, 0))
    assert offsets.read_offsets(store.db) == {"a-0.jsonl": 30, "b-0.jsonl": 20}
    assert offsets.latest_clock(store.db) == (5, 1)


def test_a_mark_reaches_a_paper_that_gets_its_key_with_the_next_of_one_file(store: Store) -> None:
    _mark(store, 1, ("url:https://x.org",), ("read", True))
    _add(store, Paper(("guid:g", "doi:10.1/x"), "One"), Paper(("doi:10.1/x", "url:https://x.org"), "One"))
    assert _found(store, "is:read") == ["doi:10.1/x"]
    _check(store)


# Counters

_pool = [
    _paper("flow", arxiv="2511.00001", categories=("cs.CL", "cs.LG"), edition="2025-11-20"),
    _paper("flow", arxiv="2511.00002", categories=("cs.CL",), keywords=("LLMs", "RL")),
    _paper("flow", keywords=("llm", "agents")),
    _paper("graphs", arxiv="2511.00003", organization=Organization("nv", "NVIDIA"), edition="2025-11-21"),
    _paper("graphs", organization=Organization("nv", "nvidia"), published="2025-11-18"),
    Paper(("doi:10.1/x", text_key("On graphs", "We study graphs.")), "On graphs", "We study graphs."),
    Paper(("arxiv:2511.00003", "doi:10.1/x", "url:https://x.org"), "Graphs anew", edition="2025-11-20"),
    Paper(("url:https://x.org", "guid:g"), "Elsewhere", "Another text.", keywords=("rl",)),
    Paper(("arxiv:2511.00001", "guid:g"), "On flow, revised", "We still study flow."),
]
_imports = st.tuples(st.just("import"), st.integers(0, len(_pool) - 1), st.sampled_from(["a.html", "b.json"]))
_set = st.one_of(
    st.tuples(st.sampled_from(["read", "star", "later", "dismiss", "tag:rl", "tag:RL"]), st.booleans()),
    st.tuples(st.just("note"), st.sampled_from(["", "a thought", "flow"])),
)
_marking = st.tuples(st.just("mark"), st.integers(0, len(_pool) - 1), st.tuples(_set, st.integers(0, 50)))


@settings(max_examples=100)
@given(st.lists(_imports | _marking, max_size=14))
def test_counters_labels_and_the_index_are_right_after_whatever_came(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, Any]]
) -> None:
    store, _ = open_store(tmp_path_factory.mktemp("store"))
    store.db.execute("PRAGMA synchronous=OFF")
    for number, (what, place, detail) in enumerate(steps):
        if what == "import":
            _add(store, _pool[place], source=detail)
        else:
            register, clock = detail
            entry = replace(_entry(clock, [_pool[place].keys], register), seq=number)
            with store.transaction() as db:
                projection.project(db, [entry], added=_ADDED)
    _check(store)
    last = store.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'paper'").fetchone()
    every = range(1, last[0] + 1) if last else range(0)
    forward = views.survivors(store.db, every)
    assert {forward.get(row, row) for row in every} == set(_find(store, Query(())))
    store.close()


# Three of these are of one second, and want one place or the one below.
_together = [
    *_pool,
    *(
        _paper(name, arxiv=f"{month}.00007", published="2025-11-18", version=2)
        for name, month in (("seven", "2509"), ("again", "2510"))
    ),
    _paper("below", arxiv="2511.00008", published="2025-11-18"),
]


@settings(max_examples=100)
@given(st.lists(st.integers(0, len(_together) - 1), max_size=10))
def test_papers_that_come_at_once_are_stored_as_if_they_came_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, places: list[int]
) -> None:
    kept = []
    for many in (1, max(1, len(places))):
        store, _ = open_store(tmp_path_factory.mktemp("store"))
        store.db.execute("PRAGMA synchronous=OFF")
        for start in range(0, len(places), many):
            _add(store, *(_together[place] for place in places[start : start + many]))
        _check(store)
        tables = ("paper", "body", "key", "shared_key", "reading", "version", "forward", "member", "tally")
        kept.append(
            {table: sorted(store.db.execute(f"SELECT * FROM {table}"), key=repr) for table in tables}
            | {"label": store.db.execute("SELECT * FROM label ORDER BY id").fetchall()}
        )
        store.close()
    assert kept[0] == kept[1]


def test_what_the_sidebar_counts(store: Store) -> None:
    shared: dict[str, Any] = {
        "categories": ("cs.CL",),
        "organization": Organization("nv", "NVIDIA"),
        "keywords": ("rl",),
    }
    papers = [_paper(name, arxiv=f"2511.0000{place}", **shared) for place, name in enumerate("abcd")]
    _add(store, *(replace(paper, edition="2025-11-20") for paper in papers[:3]), source="x.html")
    _add(store, replace(papers[3], edition="2025-11-21"), source="y.html")
    _mark(store, 1, papers[0].keys, ("read", True), ("star", True))
    _mark(store, 2, papers[1].keys, ("dismiss", True))
    _mark(store, 3, papers[2].keys, ("later", True), ("tag:to do", True))
    counts = views.counts(store.db)
    assert counts.fixed == {
        "inbox": (1, 1), "starred": (1, 0), "later": (1, 1), "all": (3, 2), "dismissed": (1, 0),
    }  # fmt: skip
    shown = {kind: [(one.name, one.total, one.unread) for one in of] for kind, of in counts.labels.items()}
    assert shown == {
        "edition": [("2025-11-21", 1, 1), ("2025-11-20", 3, 1)],
        "source": [("y.html", 1, 1), ("x.html", 3, 1)],
        "tag": [("to do", 1, 1)],
        "cat": [("cs.CL", 4, 2)],
        "org": [("NVIDIA", 4, 2)],
        "topic": [("reinforcement learning", 4, 2)],
    }


def test_two_spellings_of_a_tag_are_one_label(store: Store) -> None:
    a, b = _paper("a"), _paper("b")
    _add(store, a, b)
    _mark(store, 1, a.keys, ("tag:RL", True), ("tag:rl", True))
    _mark(store, 2, b.keys, ("tag:rl", True))
    (label,) = views.counts(store.db).labels["tag"]
    assert (label.name, label.total) == ("rl", 2), "as it was spelt last"
    assert len(_found(store, "tag:Rl")) == 2
    _mark(store, 3, a.keys, ("tag:RL", False))
    assert len(_found(store, "tag:rl")) == 2
    _mark(store, 4, a.keys, ("tag:rl", False))
    assert _found(store, "tag:rl") == [b.id]
    _check(store)


# Order


def test_the_latest_comes_first_the_undated_last_as_they_came_and_ids_decide_the_rest(store: Store) -> None:
    dated = {
        "arxiv:2511.00005": "2025-11-20T08:00:00Z",
        "arxiv:2511.00002": "2025-11-20",
        "arxiv:2511.00001": "2025-11-20",
        "arxiv:2511.00003": None,
        "arxiv:2511.00009": "1969-07-20",
        "arxiv:2511.00008": None,
        "arxiv:2511.00007": "0001-01-01",
        "arxiv:2511.00004": "9999-12-31T23:59:59Z",
    }
    _add(store, *(Paper((key,), key, published=when) for key, when in dated.items()))
    expected = ["4", "5", "1", "2", "9", "7", "3", "8"]
    assert [ident[-1] for ident in _found(store, "")] == expected
    _add(store, Paper(("arxiv:2511.00003",), "dated at last", published="2025-11-19"))
    assert [ident[-1] for ident in _found(store, "")] == ["4", "5", "1", "2", "3", "9", "7", "8"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("date", "cabd"),
        ("edition", "bcad"),
        ("upvotes", "bcad"),
        ("comments", "acbd"),
        ("stars", "cabd"),
        ("title", "abcd"),
        ("added", "dbca"),
    ],
)
def test_every_order_has_what_lacks_the_value_last(store: Store, sort: str, names: str) -> None:
    papers = {
        "a": Paper(("text:a",), "alpha", published="2025-11-19", comments=3),
        "b": Paper(("text:b",), "Beta", published="2025-11-18", edition="2025-11-21", upvotes=0),
        "c": Paper(("text:c",), "gamma", published="2025-11-20", edition="2025-11-20", stars=1),
        "d": Paper(("text:d",), "Δelta"),
    }
    for hour, name in enumerate("acbd"):
        _add(store, papers[name], added=f"2025-11-20T0{hour}:00:00Z")
    assert _found(store, "", sort=sort) == [f"text:{name}" for name in names]


# Finding

_LIBRARY = (
    Paper(
        ("arxiv:2511.00001", "text:1"),
        "Sparse Attention for $O(n)$ Documents",
        "We prune state-of-the-art attention heads in C++ and .NET.",
        ("Zoë Müller", "Li Wei"),
        published="2025-11-20",
        edition="2025-11-20",
        organization=Organization("nvidia", "NVIDIA Research"),
        categories=("cs.CL", "cs.LG"),
        keywords=("LLMs",),
        links=(Link("https://github.com/x/y", "code"),),
    ),
    Paper(
        ("arxiv:2511.00002", "text:2"),
        "机器学习的新方法",
        "我们研究深度学习。カタカナとひらがな",
        ("王小明",),
        published="2025-11-19",
        edition="2025-11-21",
        categories=("cs.LG",),
    ),
    Paper(
        ("text:3",),
        "Straße nach İstanbul: \ufb01ne self.__init__ 한국어 हिन्दी",
        "No abstract attention.",
        published="2025-11-18",
    ),
    Paper(("text:4",), "OR NOT AND NEAR", 'Quotes "inside" and * stars', published="2025-11-17"),
)


@pytest.fixture
def library(store: Store) -> Store:
    _add(store, *_LIBRARY[:2], source="Daily Papers 20 Nov.html")
    _add(store, _LIBRARY[2], source="feed.json", added="2025-11-22T00:00:00Z")
    _add(store, _LIBRARY[3], source="")
    _mark(store, 1, _LIBRARY[0].keys, ("star", True), ("read", True), ("tag:to read", True))
    _mark(store, 2, _LIBRARY[1].keys, ("dismiss", True), ("note", "Vergleiche Größe mit état"))
    _mark(store, 3, _LIBRARY[2].keys, ("later", True), ("tag:RL", True))
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "1234"),
        ("attention", "13"),
        ("ATTENTION", "13"),
        ("sparse attention", "1"),
        ('"sparse attention"', "1"),
        ('"attention sparse"', ""),
        ('"abstract attention"', "3"),
        ("state-of-the-art", "1"),
        ('"state of the art"', "1"),
        ('"of-the-state"', ""),
        ("-attention", "24"),
        ("-attention -quotes", "2"),
        ('-"no abstract" attention', "1"),
        ("attn", ""),
        ("atten", ""),
        ("C++", "1"),
        (".NET", "1"),
        ("müller", "1"),
        ("MULLER zoe", "1"),
        ("mu\u0308ller", "1"),
        ("机器学习", "2"),
        ('"机器学习"', "2"),
        ("习学", ""),
        ('"习学"', ""),
        ("王小明", "2"),
        ("カナ", "2"),
        ("strasse", "3"),
        ("straße", "3"),
        ("İstanbul", "3"),
        ("fine", "3"),
        ("\ufb01ne", "3"),
        ("__init__", "3"),
        ("self.__init__", "3"),
        ("self.__", "3"),
        ("한국어", "3"),
        ("हिन्दी", "3"),
        ("or near", "4"),
        ('"OR NOT AND"', "4"),
        ("NOT", "4"),
        ('"\\"inside\\""', "4"),
        ("größe", "2"),
        ("ETAT", "2"),
        ("rl", "3"),
        ("to read", "1"),
        ("is:unread", "34"),
        ("is:read", "1"),
        ("-is:read", "234"),
        ("is:starred", "1"),
        ("is:later", "3"),
        ("is:dismissed", "2"),
        ("-is:dismissed", "134"),
        ("is:new", "3"),
        ("-is:new", "124"),
        ("tag:rl", "3"),
        ('tag:"TO  READ"', "1"),
        ('-tag:"to read"', "234"),
        ("tag:read", ""),
        ("tag:nothing", ""),
        ("-tag:nothing", "1234"),
        ("cat:cs.LG", "12"),
        ("cat:CS.cl", "1"),
        ("cat:cs", "12"),
        ("cat:=cs", ""),
        ("cat:c", ""),
        ("org:nvidia", "1"),
        ('org:"NVIDIA Research"', "1"),
        ("org:nvid", ""),
        ("source:feed.json", "3"),
        ("source:nov", "12"),
        ('source:"daily papers"', "12"),
        ("source:?", ""),
        ("-source:feed.json", "124"),
        ('topic:"large language model"', "1"),
        ("edition:2025-11-20", "1"),
        ("edition:latest", "2"),
        ("edition:1999-01-01", ""),
        ("attention is:unread cat:cs.CL", ""),
        ("attention -is:read -cat:cs.CL", "3"),
    ],
)
def test_what_a_query_finds(library: Store, text: str, found: str) -> None:
    ids = _found(library, text, since="2025-11-21T00:00:00Z")
    assert "".join(ident[-1] for ident in ids) == found


def test_the_latest_edition_of_none_is_none(store: Store) -> None:
    _add(store, _paper("a"))
    assert _found(store, "edition:latest") == []
    assert len(_found(store, "-edition:latest")) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "a" * 100_000,
            "-".join("ab" * 1000),
            "-w " * 500,
            "is:read " * 500,
            "upvotes:1..2 OR " * 499 + "x",
        ),
        *("word " * 500, "-(x OR " * 20 + "is:read y" + ")" * 20, "(-(" * 10 + "x -is:read" + "))" * 10),
    ],
)
def test_strange_and_long_queries_find_nothing_amiss(library: Store, text: str) -> None:
    assert set(_found(library, text)) <= {paper.id for paper in _LIBRARY}


def test_a_query_that_nobody_wrote_may_be_too_long(library: Store) -> None:
    with pytest.raises(QueryError, match="more than 700 terms"):
        _find(library, Query((Is("read"), AnyOf((Not(Is("new")),) * 700))))


@pytest.mark.parametrize(
    "words", [Words("?"), Words("\ufe70"), Within("title", "…"), Words("?", prefix=True)]
)
def test_words_without_a_letter_are_in_no_paper(library: Store, words: Term) -> None:
    assert not _find(library, Query((words,)))
    assert len(_find(library, Query((Not(words),)))) == 4
    assert not _find(library, Query((words, Words("attention"))))


def test_hostile_queries_have_an_answer_or_an_explanation(library: Store, shared: Path) -> None:
    for text in json.loads((shared / "hostile/files/queries.json").read_text("utf-8")):
        try:
            query = parse(text)
        except QueryError:
            continue
        _find(library, query)


def test_changed_words_are_found_and_the_former_ones_no_more(store: Store) -> None:
    paper = _paper("flow", arxiv="2511.00001", authors=("Ann One",))
    _add(store, paper)
    later = replace(paper, title="Graphs", abstract="Entirely rewritten.", authors=("Bo Two",))
    _add(store, later, added="2025-11-21T08:00:00Z")
    assert [_found(store, text) for text in ("flow", "study", "ann")] == [[], [], []]
    assert [len(_found(store, text)) for text in ("graphs", "rewritten", "bo")] == [1, 1, 1]
    _check(store)


def test_tags_and_notes_are_found_and_no_more_once_they_are_gone(store: Store) -> None:
    paper = _paper("flow")
    _add(store, paper)
    _mark(store, 1, paper.keys, ("tag:holiday reading", True), ("note", "ask Eve"))
    assert [len(_found(store, text)) for text in ("holiday", "eve", "tag:'x'", '"ask eve"')] == [1, 1, 0, 1]
    _mark(store, 2, paper.keys, ("tag:holiday reading", False), ("note", "ask Bob"))
    assert [len(_found(store, text)) for text in ("holiday", "eve", "bob")] == [0, 0, 1]
    _mark(store, 3, paper.keys, ("note", ""))
    assert _found(store, "bob") == []
    _check(store)


# Rows and holdings


def test_a_row_has_the_first_names_and_how_many_there_are(store: Store) -> None:
    many = Paper(("text:a",), "a", authors=tuple("ABCDE"), links=(Link("https://github.com/x/y", "code"),))
    counted = Paper(("text:b",), "b", author_count=7, upvotes=0)
    _add(store, many, counted)
    first, second = views.rows(store.db, [1, 2]).values()
    assert (first.authors, first.author_count, first.code) == (("A", "B", "C"), 5, True)
    assert (second.authors, second.author_count, second.code, second.upvotes) == ((), 7, False, 0)


def test_rows_and_holdings_that_are_not_there_are_left_out(store: Store) -> None:
    _add(store, _paper("a"), _paper("b"))
    assert set(views.rows(store.db, [1, 7, -1])) == {1}
    assert [row for row, *_ in views.holdings(store.db, [2, 7, 1])] == [2, 1]
    with pytest.raises(KeyError):
        load_paper(store.db, 7)


def test_keys_are_found_whole_and_by_their_beginning(store: Store) -> None:
    _add(store, *(Paper((f"arxiv:2511.{number:05d}",), f"n {number}") for number in range(12)))
    assert views.by_key(store.db, "arxiv:2511.00003") == ((4, "arxiv:2511.00003"),)
    assert len(views.by_key(store.db, "arxiv:2511.0000")) == 9
    assert views.by_key(store.db, "arxiv:2511.00011") == ((12, "arxiv:2511.00011"),)
    assert views.by_key(store.db, "arxiv:26") == views.by_key(store.db, "") == ()
    assert views.by_key(store.db, "%") == views.by_key(store.db, "arxiv_2511") == ()


# The file


def _held(path: Path) -> sqlite3.Connection:
    """A connection of another process that is in the middle of writing."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def test_the_file_is_its_owners_and_opens_again_as_it_was(tmp_path: Path) -> None:
    store, notice = open_store(tmp_path)
    assert notice == ""
    _add(store, _paper("a"))
    store.close()
    assert [path.name for path in tmp_path.iterdir()] == [_FILE]
    assert (tmp_path / _FILE).stat().st_mode & 0o777 == 0o600
    again, notice = open_store(tmp_path)
    assert (notice, len(_found(again, ""))) == ("", 1)
    again.close()


def _foreign(statement: str, path: Path) -> None:
    """Another program's file in the place of ours."""
    path.unlink()
    db = sqlite3.connect(path)
    for line in ("CREATE TABLE theirs(x)", statement):
        db.execute(line)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not a database" * 1000),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(path.read_bytes()[:50]),
        lambda path: path.write_bytes(path.read_bytes()[:100] + b"\xff" * 4000),
        partial(_foreign, "CREATE TABLE more(x)"),
        partial(_foreign, "PRAGMA application_id=1196444487"),
        partial(_foreign, f"PRAGMA user_version={VERSION}"),
        partial(_foreign, "PRAGMA user_version=9"),
    ],
    ids=[
        "garbage",
        "half",
        "a bit",
        "overwritten",
        "foreign",
        "with an id",
        "our version",
        "another version",
    ],
)
def test_a_file_that_is_damaged_or_not_ours_is_set_aside(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / _FILE
    for number in (1, 2):
        store, _ = open_store(tmp_path)
        _add(store, _paper("a"))
        store.close()
        damage(path)
        kept = path.read_bytes()
        again, notice = open_store(tmp_path)
        assert _found(again, "") == []
        _add(again, _paper("b"))
        again.close()
        aside = tmp_path / f"{_FILE}.broken-{number}"
        assert aside.name in notice
        assert aside.stat().st_size == len(kept)


def test_an_empty_file_is_a_new_cache(tmp_path: Path) -> None:
    (tmp_path / _FILE).touch()
    store, notice = open_store(tmp_path)
    assert (notice, _found(store, "")) == ("", [])
    store.close()


def test_a_folder_in_its_place_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / _FILE).mkdir()
    store, notice = open_store(tmp_path)
    assert notice.startswith("the cache was damaged (it is no file)")
    assert (tmp_path / f"{_FILE}.broken-1").is_dir()
    store.close()


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    class Interrupted(Exception):
        """Something that goes wrong half-way."""

    def interrupted() -> None:
        with store.transaction() as db:
            add_papers(db, [_paper("a")], source="a.html", added=_ADDED)
            raise Interrupted

    with pytest.raises(Interrupted):
        interrupted()
    assert _found(store, "") == []
    assert views.counts(store.db).labels["source"] == ()
    _check(store)


def test_both_indexes_gather_the_words_of_a_whole_transaction(store: Store) -> None:
    both = [
        dict(store.db.execute(f"SELECT k, v FROM {index}_config").fetchall())
        for index in ("search", "heading")
    ]
    assert all(kept["hashsize"] >= 16 << 20 for kept in both)  # about twice what a thousand papers need
    assert 4 < both[0]["automerge"] < both[0]["crisismerge"]
    assert "automerge" not in both[1]


def test_memory_that_a_transaction_needs_is_given_back(store: Store) -> None:
    def held() -> int:
        (size,) = store.db.execute("PRAGMA cache_size").fetchone()
        return -int(size)

    before = held()
    with store.transaction():
        assert held() > 10 * before
    assert held() == before
    with pytest.raises(KeyError), store.transaction() as db:
        load_paper(db, 1)
    assert held() == before


def test_a_fault_of_the_disk_is_named_and_leaves_the_store_usable(store: Store) -> None:
    _add(store, _paper("a"))
    store.db.execute(f"PRAGMA max_page_count={store.db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(PapersError, match="the disk is full"):
        _add(store, *(_paper(f"long {number}", abstract="x" * 5000) for number in range(50)))
    assert len(_found(store, "")) == 1
    store.db.execute("PRAGMA max_page_count=1000000")
    _add(store, _paper("b"))
    _check(store)


def test_damage_that_is_met_while_writing_is_named(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    _add(store, *(_paper(f"number {number}", abstract="x" * 500) for number in range(200)))
    store.close()
    path = tmp_path / _FILE
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * (len(data) - 8192))
    try:
        store, notice = open_store(tmp_path)
    except PapersError:
        return
    if not notice:
        with pytest.raises(PapersError, match="the cache is damaged"):
            _add(store, *(_paper(f"number {number}") for number in range(200)))
    store.close()


def test_another_writer_is_waited_for_and_then_named(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path, wait_ms=20)
    other = _held(tmp_path / _FILE)
    with pytest.raises(StoreBusy, match="another papers-tui is writing"):
        _add(store, _paper("a"))
    assert _found(store, "") == []
    other.execute("ROLLBACK")
    other.close()
    _add(store, _paper("a"))
    assert len(_found(store, "")) == 1
    store.close()


def test_reading_and_opening_need_not_wait_for_a_writer(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path, wait_ms=20)
    _add(store, _paper("a"))
    other = _held(tmp_path / _FILE)
    second, notice = open_store(tmp_path, wait_ms=20)
    assert (notice, len(_found(second, "")), len(_found(store, ""))) == ("", 1, 1)
    for opened in (other, second, store):
        opened.close()


def test_many_may_make_the_file_at_once(tmp_path: Path) -> None:
    for round_ in range(5):
        folder = tmp_path / str(round_)
        folder.mkdir()
        notices: list[str] = []
        start = threading.Barrier(6)

        def opened(
            folder: Path = folder, start: threading.Barrier = start, said: list[str] = notices
        ) -> None:
            start.wait()
            store, notice = open_store(folder)
            store.close()
            said.append(notice)

        threads = [threading.Thread(target=opened) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert notices == [""] * 6


def test_numbers_for_the_undated_grow_without_end(store: Store) -> None:
    _add(store, *(Paper((f"text:{number}",), "untitled") for number in range(1, 31)))
    assert _found(store, "") == [f"text:{number}" for number in range(1, 31)]


# ---------------------------------------------------------------------------------------------------- authors


@pytest.mark.parametrize(("many", "last"), [(0, ""), (1, ""), (3, ""), (4, "author 4"), (30, "author 30")])
def test_a_row_names_the_first_authors_and_the_last(store: Store, many: int, last: str) -> None:
    names = tuple(f"author {number}" for number in range(1, many + 1))
    _add(store, Paper(("arxiv:2511.00001",), "A", authors=names))
    row = views.rows(store.db, [1])[1]
    assert (row.authors, row.author_count, row.last_author) == (names[:3], many, last)


def test_a_row_that_was_written_without_the_last_author_is_read(store: Store) -> None:
    _add(store, Paper(("arxiv:2511.00001",), "A", authors=tuple("abcd")))
    store.db.execute("UPDATE paper SET authors=?", (json.dumps([["a", "b", "c"], 4]),))
    row = views.rows(store.db, [1])[1]
    assert (row.authors, row.author_count, row.last_author) == (("a", "b", "c"), 4, "")
