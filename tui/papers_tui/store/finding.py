"""Finding the papers of a query in order: all of them, the first few, or all in pieces."""

from __future__ import annotations

import math
import sqlite3
from array import array
from collections.abc import Iterator
from datetime import date
from itertools import chain, islice

from papers_tui.domain.query import Query
from papers_tui.late import dataclass, replace
from papers_tui.store.conditions import Condition
from papers_tui.store.matching import ranking

_COUNTED = ("upvotes", "comments", "stars", "edition")
"""Orders by a column that a paper may lack: those that have it come first, the highest first."""

_WEIGHTS = (8.0, 2.0, 1.0, 4.0, 4.0)
"""How much a word counts in the title, the authors, the abstract, the user's tags and the note."""

_PIECE = 20_000
"""Papers that are handed on at once."""

_MOST_SORTED = 2_000
"""Papers that are sorted where they would else be met in order among all the others."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and how.

    `sort` is one of `query.ORDERS`, for a query that names none: "date" is the latest first, those without one last,
    as they came; with "relevance", where the query asks for text, the papers that it fits best come first, a word
    in the title counting most. `since` is what `is:new` compares with, `today` the UTC day that relative dates
    count from. `headings`: words are looked for in all but the abstracts.
    """

    query: Query
    today: date
    sort: str = "date"
    since: str = ""
    headings: bool = False

    @property
    def order(self) -> str:
        return self.query.sort or self.sort


def find(db: sqlite3.Connection, search: Search) -> array[int]:
    """The rows of all papers that are looked for, in order. Raises QueryError where there are too many terms."""
    found: array[int] = array("q")
    for piece in pieces(db, search):
        found += piece
    return found


def first(db: sqlite3.Connection, search: Search, many: int) -> tuple[array[int], bool]:
    """The first so many of them, and whether there are more; the others are not found where that can be helped.

    By relevance it is all of them: which come first is known when all are. Raises as `find` does.
    """
    if _match(db, search):
        return find(db, search), False
    asked = condition(db, search)
    found: array[int] = array("q")
    for statement in _statements(asked, search.order, max(_MOST_SORTED, math.isqrt(many * _papers(db)))):
        left = many + 1 - len(found)
        found.extend(id_ for (id_,) in db.execute(f"{statement} LIMIT {left}", asked.values))
    return found[:many], len(found) > many


def _papers(db: sqlite3.Connection) -> int:
    (total,) = db.execute("SELECT coalesce(sum(n), 0) FROM tally").fetchone()
    return int(total)


def pieces(db: sqlite3.Connection, search: Search) -> Iterator[array[int]]:
    """All of them, in order, as many at a time as take a few milliseconds. Raises as `find` does."""
    if match := _match(db, search):
        yield _ranked(db, find(db, replace(search, query=replace(search.query, sort=""), sort="date")), match)
        return
    asked = condition(db, search, every=True)
    for statement in _statements(asked, search.order, _papers(db) // 4):
        rows = chain.from_iterable(db.execute(statement, asked.values))
        while piece := array("q", islice(rows, _PIECE)):
            yield piece


def count(db: sqlite3.Connection, search: Search, *, above: int = 0) -> int:
    """How many papers are looked for, of those whose row is higher. Raises as `find` does."""
    asked = condition(db, search, every=not above)
    if above:
        where = f"paper p WHERE {asked.sql} AND p.id > :above"
        asked.values["above"] = above
    else:
        where = asked.pool(_papers(db))
    (many,) = db.execute(f"SELECT count(*) FROM {where}", asked.values).fetchone()
    return int(many)


def condition(db: sqlite3.Connection, search: Search, *, every: bool = False) -> Condition:
    """What is looked for, as SQL; `every`: all of them are wanted. Raises as `find` does."""
    return Condition(
        db, search.query, since=search.since, today=search.today, headings=search.headings, every=every
    )


def _statements(asked: Condition, order: str, few: int) -> Iterator[str]:
    """One after the other they give the rows in order."""
    if order in _COUNTED:
        source, place = asked.origin(few, asked.walk(f"paper_{order}"))
        bounds = asked.bounds(order)
        known = bounds or f"p.{order} IS NOT NULL"
        yield f"SELECT p.id FROM {source} AND {known} ORDER BY p.{order} DESC, {place} DESC"
        if not bounds:
            source, place = asked.origin(few, asked.walk(looks=True))
            yield f"SELECT p.id FROM {source} AND p.{order} IS NULL ORDER BY {place} DESC"
    elif order == "added":
        source, _ = asked.origin(few, asked.walk("paper_added"))
        yield f"SELECT p.id FROM {source} ORDER BY p.added DESC, p.id"
    elif order == "title":
        source, place = asked.origin(few, "NOT INDEXED")
        yield f"SELECT p.id FROM {source} ORDER BY p.title COLLATE NOCASE, {place} DESC"
    else:
        source, place = asked.origin(few, asked.walk())
        yield f"SELECT p.id FROM {source} ORDER BY {place} DESC"


def _match(db: sqlite3.Connection, search: Search) -> str | None:
    """What papers are to be ranked by, if they are."""
    return ranking(db, search.query) if search.order == "relevance" else None


def _ranked(db: sqlite3.Connection, ids: array[int], match: str) -> array[int]:
    """The rows by how well they fit (BM25: Robertson et al., TREC-3, 1994); those alike stay as they are."""
    marks = ",".join("?" * len(_WEIGHTS))
    scores = dict(
        db.execute(
            f"SELECT p.id, bm25(search, {marks}) FROM search CROSS JOIN paper p ON p.place = search.rowid "
            "WHERE search MATCH ?",
            (*_WEIGHTS, match),
        )
    )
    return array("q", sorted(ids, key=lambda id_: scores.get(id_, math.inf)))
