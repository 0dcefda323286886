"""A query as an SQL condition on `paper p`; the index never sees a sign that the user typed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from papers_tui.domain.errors import QueryError
from papers_tui.domain.marks import DISMISSED, LATER, NOTED, READ, STARRED, TAGGED
from papers_tui.domain.query import (
    AllOf,
    AnyOf,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Leaf,
    Not,
    Query,
    Term,
    Within,
    Words,
    leaves,
)
from papers_tui.domain.query.dates import days
from papers_tui.domain.text import WALL, spellings
from papers_tui.domain.topics import folded
from papers_tui.store.rows import HAS

_STATES = {
    "unread": f"p.flags & {READ | DISMISSED} = 0",
    "read": f"p.flags & {READ} <> 0",
    "starred": f"p.flags & {STARRED} <> 0",
    "later": f"p.flags & {LATER} <> 0",
    "dismissed": f"p.flags & {DISMISSED} <> 0",
    "new": f"(p.added > :since AND p.flags & {DISMISSED} = 0)",
}
_BELONGINGS = {
    **{kind: f"p.has & {bit} <> 0" for kind, bit in HAS.items()},
    "note": f"p.flags & {NOTED} <> 0",
    "tag": f"p.flags & {TAGGED} <> 0",
}
_COLUMNS = {"title": "title", "abstract": "abstract", "author": "authors", "note": "note"}

_MOST_TERMS = 700
"""SQLite reads an expression of up to 1,000 parts, and an order and a bound or two come on top."""

_DEEPEST_MATCH = 4
"""Parentheses in an expression of the index; its parser gives up at a few dozens, SQL at more than we allow."""

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400


class Condition:
    """What `query` asks for: `sql`, and the `values` that it names.

    `since` is what `is:new` compares with; `today` is the UTC day that relative dates count from. Raises
    QueryError where the query has more terms than can be looked up.
    """

    def __init__(self, db: sqlite3.Connection, query: Query, *, since: str, today: date) -> None:
        if next(islice(leaves(query.terms), _MOST_TERMS, None), None):
            raise QueryError(f"it has more than {_MOST_TERMS} terms", 1, "leave some out")
        self._db = db
        self._today = today
        self.values: dict[str, object] = {"since": since}
        self.sql = self._several(query.terms, AllOf, holds=True) if query.terms else "1"

    def _name(self, value: object) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def _sql(self, term: Term, *, holds: bool) -> str:
        """The condition that the term `holds`, or that it doesn't. No part of it is ever NULL."""
        match term:
            case Not(inner):
                return self._sql(inner, holds=not holds)
            case AllOf(terms):
                return f"({self._several(terms, AllOf, holds=holds)})"
            case AnyOf(terms):
                return f"({self._several(terms, AnyOf, holds=holds)})"
            case Words() | Within():
                return self._found(_match(term, 0), holds=holds)
            case Label():
                found = f"SELECT paper FROM member WHERE label IN (SELECT value FROM json_each({self._labels(term)}))"
                return f"p.id {'' if holds else 'NOT '}IN ({found})"
            case _:
                return self._plain(term) if holds else f"NOT ({self._plain(term)})"

    def _several(self, terms: Sequence[Term], kind: type[AllOf] | type[AnyOf], *, holds: bool) -> str:
        """Texts that are asked for together are looked up at once."""
        together: list[Term] = []
        parts: list[str] = []
        for term in terms:
            if _match(term, 0):
                together.append(term)
            else:
                parts.append(self._sql(term, holds=holds))
        if together:
            parts.insert(0, self._found(_match(kind(tuple(together)), -1), holds=holds))
        return (" AND " if (kind is AllOf) == holds else " OR ").join(parts)

    def _found(self, match: str | None, *, holds: bool) -> str:
        """The papers that an expression of the index finds; without one, none."""
        if not match:
            return "0" if holds else "1"
        found = f"SELECT rowid FROM search WHERE search MATCH {self._name(match)}"
        return f"p.id {'' if holds else 'NOT '}IN ({found})"

    def _plain(self, term: Leaf) -> str:
        match term:
            case Is(state):
                return _STATES[state]
            case Has(what):
                return _BELONGINGS[what]
            case Count(field, low, high):
                bounds = [f"p.{field} >= {self._name(low)}"] if low is not None else []
                bounds += [f"p.{field} <= {self._name(high)}"] if high is not None else []
                return f"ifnull({' AND '.join(bounds)}, 0)"
            case Dated() | Between():
                first, last = days(term, self._today)
                begin, end = (first - _EPOCH) * _DAY, (last - _EPOCH + 1) * _DAY - 1
                return f"p.ts BETWEEN {self._name(begin)} AND {self._name(end)}"
        raise TypeError(term)

    def _labels(self, label: Label) -> str:
        """The name of a value: the rows, as JSON, of the labels that one in a query stands for."""
        return self._name(json.dumps(list(_label_rows(self._db, label))))


def ranking(query: Query) -> str | None:
    """An expression of the index by which papers can be ranked; None where no text is asked for.

    It is what all papers of the query hold; failing that, whatever text the query asks for.
    """
    together = tuple(term for term in query.terms if _match(term, 0))
    asked = together or tuple(_texts(query.terms))
    if not asked:
        return None
    return _match(AllOf(asked) if together else AnyOf(asked), -1)


def _texts(terms: Iterable[Term]) -> list[Words | Within]:
    """All that the terms ask for in words, but for what is to be left out."""
    found: list[Words | Within] = []
    for term in terms:
        match term:
            case Words() | Within() if _match(term, 0):
                found.append(term)
            case AllOf(several) | AnyOf(several):
                found += _texts(several)
    return found


def _match(term: Term, depth: int) -> str | None:
    """An expression of the index for a term that asks for text alone; None for any other."""
    match term:
        case Words(text, _, prefix):
            return _phrases(text, prefix, "")
        case Within("author", text, prefix) if text.startswith("="):
            return _names(text, prefix)
        case Within(place, text, prefix):
            return _phrases(text, prefix, f"{_COLUMNS[place]} : ")
        case AllOf(terms) | AnyOf(terms) if depth < _DEEPEST_MATCH:
            parts = [_match(part, depth + 1) for part in terms]
            if all(parts):
                operator = " AND " if isinstance(term, AllOf) else " OR "
                return f"({operator.join(map(str, parts))})"
    return None


def _phrases(text: str, prefix: bool, column: str) -> str | None:
    """Any spelling of the text, its words in a row. Words hold no quote, so that quotes keep them apart."""
    found = [f'{column}"{" ".join(words)}"{"*" * prefix}' for words in spellings(text)]
    if not found:
        return None
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})"


def _names(text: str, prefix: bool) -> str | None:
    """The same for authors whose names begin so: the first of a paper, or one behind what parts it from another."""
    star = "*" * prefix
    found = [
        f'authors : {start}{" ".join(words)}"{star}'
        for words in spellings(text)
        for start in ('^"', f'"{WALL} ')
    ]
    return f"({' OR '.join(found)})" if found else None


def _label_rows(db: sqlite3.Connection, label: Label) -> Iterable[int]:
    """The labels that one in a query stands for."""
    kind, name = label.kind, folded(label.name)
    if (kind, name) == ("edition", "latest"):
        found = db.execute(
            "SELECT id FROM label WHERE kind='edition' AND total > 0 ORDER BY folded DESC LIMIT 1"
        ).fetchall()
        return [id_ for (id_,) in found]
    if kind == "source":  # the only ones whose names differ by case
        rows = db.execute("SELECT id, name FROM label WHERE kind='source'").fetchall()
        ids = {id_ for id_, other in rows if _is_named(folded(other), name, label.prefix)}
    elif label.prefix:
        rows = db.execute("SELECT id, folded FROM label WHERE kind=?", (kind,)).fetchall()
        ids = {id_ for id_, other in rows if _is_named(other, name, True)}
    else:
        ids = {id_ for (id_,) in db.execute("SELECT id FROM label WHERE kind=? AND folded=?", (kind, name))}
    if label.whole or kind in ("tag", "edition", "announce"):
        return sorted(ids)
    for words in spellings(label.name):
        wanted = f" {' '.join(words)}{'' if label.prefix else ' '}"
        found = db.execute("SELECT id FROM label WHERE kind=? AND instr(words, ?)", (kind, wanted)).fetchall()
        ids |= {id_ for (id_,) in found}
    return sorted(ids)


def _is_named(name: str, wanted: str, prefix: bool) -> bool:
    return name.startswith(wanted) if prefix else name == wanted
