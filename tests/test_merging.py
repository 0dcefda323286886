"""One paper, one row: whatever came first."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import plan
from papers_tui.domain.marks import Change, Entry
from papers_tui.domain.paper import ANNOUNCEMENTS, Link, Paper
from papers_tui.domain.plan import Reading, combined, papers_of
from papers_tui.store import Store, open_store, projection
from papers_tui.store.papers import add_papers, remove_source
from papers_tui.store.rows import load_paper, owned_keys

_keys = st.lists(
    st.sampled_from(["doi:10.1/a", "doi:10.1/b", "url:https://x.org/a", "guid:f:1", "text:a", "text:b"]),
    min_size=1,
    max_size=3,
    unique=True,
)
_ids = st.sampled_from([(), (), ("arxiv:2511.00001",), ("arxiv:2511.00002",), ("arxiv:2511.00003",)])
_papers = st.builds(
    lambda own, keys, title, abstract, upvotes, version, announce, links: Paper(
        (*own, *sorted(keys)),
        title,
        abstract,
        upvotes=upvotes,
        version=version,
        announce=announce,
        links=links,
    ),
    _ids,
    _keys,
    st.sampled_from(["One", "Two", "Three"]),
    st.sampled_from(["", "We show.", "We prove."]),
    st.none() | st.integers(0, 9),
    st.none() | st.integers(1, 3),
    st.none() | st.sampled_from(ANNOUNCEMENTS),
    st.sampled_from(
        [(), (Link("https://github.com/a/b", "code"),), (Link("https://a.github.io", "project"),)]
    ),
)
_readings = st.builds(
    Reading,
    _papers,
    st.sampled_from(["Daily Papers", "cs.CL", "blog", "page.html"]),
    st.sampled_from([plan.FEED, plan.HUGGING_FACE, plan.ARXIV]),
    st.sampled_from(["2026-11-01", "2026-11-02", "2026-11-03"]),
)


def _add(store: Store, reading: Reading) -> None:
    with store.transaction() as db:
        add_papers(
            db,
            [reading.paper],
            source=reading.source,
            added="2026-11-21T08:00:00Z",
            rank=reading.rank,
            read=reading.read,
        )


def _kept(store: Store) -> set[tuple[object, ...]]:
    """All that is kept of the papers, but for the numbers of rows."""
    db = store.db
    found: set[tuple[object, ...]] = set()
    for (row,) in db.execute("SELECT id FROM paper").fetchall():
        labels = db.execute(
            "SELECT l.kind, l.name FROM member m JOIN label l ON l.id = m.label WHERE m.paper=?", (row,)
        )
        found.add((load_paper(db, row), frozenset(owned_keys(db, row)), frozenset(labels.fetchall())))
    return found


@settings(max_examples=100)
@given(st.lists(_readings, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_the_order_in_which_readings_come_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, readings: list[Reading], chance: Random
) -> None:
    results = []
    for order in (readings, chance.sample(readings, len(readings)), [*readings, *readings]):
        store, _ = open_store(tmp_path_factory.mktemp("store"))
        store.db.execute("PRAGMA synchronous=OFF")
        for reading in order:
            _add(store, reading)
        results.append(_kept(store))
        store.close()
    assert results[0] == results[1] == results[2]


@given(st.lists(_papers, max_size=7))
def test_every_reading_is_of_one_paper_and_none_of_two_arxiv_ids(papers: list[Paper]) -> None:
    groups = papers_of([paper.keys for paper in papers])
    assert sorted(itertools.chain(*groups)) == list(range(len(papers)))
    for places in groups:
        identified = {key for place in places for key in papers[place].keys if key.startswith("arxiv:")}
        assert len(identified) <= 1


@pytest.mark.parametrize(
    ("keys", "groups"),
    [
        ([("text:a",), ("text:a",)], [(0, 1)]),
        ([("text:a",), ("text:b",)], [(0,), (1,)]),
        ([("arxiv:1", "text:a"), ("text:a",)], [(0, 1)]),
        ([("arxiv:2", "text:a"), ("arxiv:1", "text:a")], [(0,), (1,)]),
        ([("arxiv:2", "text:a"), ("arxiv:1", "text:a"), ("text:a",)], [(0,), (1, 2)]),
        ([("arxiv:1", "text:a"), ("arxiv:2", "doi:b"), ("doi:b", "text:a")], [(0,), (1, 2)]),
        ([("guid:g", "text:a"), ("url:u", "guid:g"), ("arxiv:1", "url:u")], [(0, 1, 2)]),
    ],
)
def test_what_could_be_of_several_goes_by_its_strongest_key(
    keys: list[tuple[str, ...]], groups: list[tuple[int, ...]]
) -> None:
    assert sorted(papers_of(keys)) == groups


def test_text_is_taken_from_who_is_nearest_to_it_and_counts_from_who_has_them() -> None:
    arxiv = Reading(
        Paper(("arxiv:1", "text:a"), "An $O(n)$ bound", "We $show$.", ("A", "B"), version=2),
        "cs.DS",
        plan.ARXIV,
        "2026-11-01",
    )
    daily = Reading(
        Paper(("arxiv:1",), "An O(n) bound", "We show.", ("A",), upvotes=7, summary="Short."),
        "Daily Papers",
        plan.HUGGING_FACE,
        "2026-11-20",
    )
    blog = Reading(
        Paper(("arxiv:1", "url:https://x.org"), "My thoughts", "Long."), "blog", plan.FEED, "2026-11-21"
    )
    for order in itertools.permutations((arxiv, daily, blog)):
        paper = combined(order)
        assert (paper.title, paper.abstract, paper.authors) == ("An $O(n)$ bound", "We $show$.", ("A", "B"))
        assert (paper.upvotes, paper.summary, paper.version) == (7, "Short.", 2)
        assert paper.keys == ("arxiv:1", "url:https://x.org", "text:a")


def _titles(store: Store) -> list[str]:
    return sorted(title for (title,) in store.db.execute("SELECT title FROM paper"))


def _reading(name: str, source: str, *, read: str = "2026-11-01") -> Reading:
    return Reading(Paper((f"arxiv:2511.{name}",), f"Paper {name}"), source, plan.ARXIV, read)


def _star(store: Store, keys: Sequence[str]) -> None:
    entry = Entry("dev-0", 1, (1, 0), "star", (Change((tuple(keys),), (("star", True),), ()),))
    with store.transaction() as db:
        projection.project(db, [entry], added="2026-11-21T08:00:00Z")


def test_with_a_source_go_the_papers_that_it_alone_had_and_that_bear_no_mark(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    for reading in (
        _reading("00001", "cs.CL"),
        _reading("00002", "cs.CL"),
        _reading("00003", "cs.CL"),
        _reading("00003", "cs.LG"),
        _reading("00004", "cs.LG"),
    ):
        _add(store, reading)
    _star(store, ["arxiv:2511.00002"])
    with store.transaction() as db:
        assert remove_source(db, "cs.CL") == 1
    assert _titles(store) == ["Paper 00002", "Paper 00003", "Paper 00004"]
    labels = dict(store.db.execute("SELECT name, total FROM label WHERE kind='source'"))
    assert labels == {"cs.LG": 2}
    store.close()


def test_a_feed_that_changes_its_text_for_ever_is_kept_within_bounds(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    for number in range(30):
        paper = Paper(("guid:blog:1", f"text:{number}"), f"Title {number}")
        _add(store, Reading(paper, "blog", plan.FEED, f"2026-11-{number + 1:02}"))
    ((row, title),) = store.db.execute("SELECT id, title FROM paper").fetchall()
    assert title == "Title 29"
    assert len(owned_keys(store.db, row)) == 31
    assert store.db.execute("SELECT count(*) FROM reading").fetchone() == (8,)
    store.close()
