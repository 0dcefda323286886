"""Lists as the store gives them: where another group begins, and what of them is unread."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from itertools import groupby
from operator import attrgetter
from typing import Any

import pytest
from tests.ui.desk import fill, paper

from papers_tui.domain import marks
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.query import ORDERS, Query
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.store.views import GROUPED

_EVERY = Query(())


@pytest.fixture
def some(home: Paths) -> Paths:
    """Papers with and without what they can be grouped by."""
    fields: list[dict[str, Any]] = [
        {"edition": "2025-11-20", "upvotes": 7, "comments": 0},
        {"edition": "2025-11-20", "upvotes": 7, "stars": 12},
        {"edition": "2025-11-19", "upvotes": 0, "title": "attention"},
        {"published": None, "title": "Über"},
        {"published": "2025-06-01", "title": "$x$"},
        {"comments": 3, "stars": 12},
    ]
    fill(home, [paper(number, **more) for number, more in enumerate(fields, 1)])
    return home


def test_all_orders_but_relevance_have_groups() -> None:
    assert set(GROUPED) == set(ORDERS) - {"relevance"}


@pytest.mark.parametrize("by", sorted(GROUPED))
def test_groups_begin_where_the_value_changes(some: Paths, by: str) -> None:
    with Library(some) as library:
        ids = library.find(_EVERY, sort=by)
        rows = library.rows(ids)
        values: dict[str, Callable[[PaperRow], object]] = {
            "date": lambda row: row.published[:10] if row.published else None,
            "title": lambda row: row.title[:1],
            "added": lambda row: library.holding(row.row).added,
        }
        of = values.get(by, attrgetter(by))
        runs = [(value, len(list(members))) for value, members in groupby(of(rows[id_]) for id_ in ids)]
        heads = library.heads(ids, by)
        places = [place for place, _ in heads]
        ends = [*places[1:], len(ids)]
        assert [(value, end - place) for (place, value), end in zip(heads, ends, strict=True)] == runs
        finder = library.finder()
        assert finder.heads(ids, by) == heads
        finder.close()


def test_a_row_that_is_gone_begins_no_group(some: Paths) -> None:
    with Library(some) as library:
        ids = library.find(_EVERY, sort="edition")
        assert library.heads([999, ids[0], 999, ids[1], ids[2], 999], "edition") == [
            (1, "2025-11-20"),
            (4, "2025-11-19"),
        ]
        assert library.heads([], "date") == []


def test_what_is_neither_read_nor_dismissed_is_unread_before_the_store_knows_it(some: Paths) -> None:
    with Library(some, wait_ms=0) as library:
        ids = library.find(_EVERY)
        library.mark([ids[0]], marks.read(True))
        library.mark([ids[1]], marks.dismiss(True, implies_read=False))
        library.mark([ids[2]], marks.star(True, implies_read=False))
        assert library.unread(ids[:4]) == {ids[2], ids[3]}
        other = sqlite3.connect(next(some.cache.glob("library-*.sqlite3")), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        library.mark([ids[0]], marks.read(False))
        library.mark([ids[3]], marks.read(True))
        assert library.unread(ids[:4]) == {ids[0], ids[2]}
        assert library.unread([999]) == set()
        other.execute("ROLLBACK")
        other.close()
