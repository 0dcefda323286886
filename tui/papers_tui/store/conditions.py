"""A query as an SQL condition on `paper p`; no index ever sees a sign that the user typed."""

from __future__ import annotations

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
from papers_tui.domain.timeline import first_place
from papers_tui.domain.topics import folded
from papers_tui.late import dataclass
from papers_tui.store.rows import HAS
from papers_tui.store.schema import KEPT

_KEPT = f"p.flags & {KEPT} <> 0"
_STATES = {
    "unread": f"p.flags & {READ | DISMISSED} = 0",
    "read": f"p.flags & {READ} <> 0",
    "starred": f"{_KEPT} AND p.flags & {STARRED} <> 0",
    "later": f"{_KEPT} AND p.flags & {LATER} <> 0",
    "dismissed": f"p.flags & {DISMISSED} <> 0",
    "new": f"p.added > :since AND p.flags & {DISMISSED} = 0",
}
_BELONGINGS = {
    **{kind: f"p.has & {bit} <> 0" for kind, bit in HAS.items()},
    "note": f"{_KEPT} AND p.flags & {NOTED} <> 0",
    "tag": f"{_KEPT} AND p.flags & {TAGGED} <> 0",
}
_INDEXED = {
    "unread": ("paper_unread", READ | DISMISSED, 0),
    "read": ("paper_read", READ, READ),
    "dismissed": ("paper_dismissed", DISMISSED, DISMISSED),
    "starred": ("paper_kept", STARRED, STARRED),
    "later": ("paper_kept", LATER, LATER),
    "note": ("paper_kept", NOTED, NOTED),
    "tag": ("paper_kept", TAGGED, TAGGED),
}
"""The index that holds the papers of a state, in order; of their flags, which are looked at, and what they are."""

_COLUMNS = {"title": "title", "abstract": "abstract", "author": "authors", "note": "note"}


@dataclass(frozen=True, slots=True)
class _Index:
    """An index of words by its `table`, and the columns of it that words without a field are looked for `within`."""

    table: str
    within: str = ""


_Text = tuple[str, str]
"""The table of an index of words, and an expression that it is to be asked."""

_WHOLE = _Index("search")
_HEADINGS = (_Index("heading"), _Index("search", "{title authors tags note} : "))
"""The first knows neither in which column a word stands nor next to which."""

_MOST_TERMS = 700
"""SQLite reads an expression of up to 1,000 parts, and an order and a bound or two come on top."""

_DEEPEST_MATCH = 4
"""Parentheses in an expression of the index; its parser gives up at a few dozens, SQL at more than we allow."""

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400


class Condition:
    """What `query` asks for: `sql`, and the `values` that it names.

    `since` is what `is:new` compares with; `today` is the UTC day that relative dates count from. With `headings`
    words are looked for in all but the abstracts, which is quick for the beginning of a word, too. With `span` only
    papers between two places are asked about. Raises QueryError where the query has more terms than can be looked up.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        query: Query,
        *,
        since: str,
        today: date,
        headings: bool = False,
        span: tuple[int, int] | None = None,
    ) -> None:
        if next(islice(leaves(query.terms), _MOST_TERMS, None), None):
            raise QueryError(f"it has more than {_MOST_TERMS} terms", 1, "leave some out")
        self._db = db
        self._today = today
        self._query = query
        self._indexes = _HEADINGS if headings else (_WHOLE,)
        self.values: dict[str, object] = {"since": since}
        self._between = ""
        if span:
            self._between = f" AND rowid BETWEEN {self._name(span[0])} AND {self._name(span[1])}"
        self._texts, rest = self._divided(query.terms, AllOf)
        others = [self._sql(term, holds=True) for term in rest]
        self._others = " AND ".join(others) or "1"
        self.sql = " AND ".join([*(self._found(text, holds=True) for text in self._texts), *others]) or "1"

    def origin(self, few: int, walk: str = "") -> tuple[str, str]:
        """Where to begin looking: a FROM clause with its WHERE, and the column to order by for the latest first.

        It is that part of the condition which leaves the fewest papers to look at: a label or a state that no more
        than `few` papers have; else the text; else the papers as they come by `walk`, an index or NOT INDEXED, or
        without it in the order of their places. The text gives the latest first, too.
        """
        label, state = self._rarest_label(), self._rarest_state()
        if label and label[0] <= few and (not state or label[0] <= state[0]):
            listed = f"(SELECT DISTINCT paper FROM member WHERE label IN ({label[1]}))"
            return f"{listed} CROSS JOIN paper p ON p.id = paper WHERE {self.sql}", "p.place"
        rare = state is not None and state[0] <= few
        if self._texts and not rare:
            (table, match), *others = self._texts
            where = " AND ".join([*(self._found(text, holds=True) for text in others), self._others])
            joined = f"{table} CROSS JOIN paper p ON p.place = {table}.rowid"
            return f"{joined} WHERE {table} MATCH {self._name(match)} AND {where}", f"{table}.rowid"
        if state and (rare or not walk):
            walk = f"INDEXED BY {state[1]}"
        return f"paper p {walk} WHERE {self.sql}", "p.place"

    def _rarest_label(self) -> tuple[int, str] | None:
        """Of the labels that all papers of the query carry the one with the fewest: how many, and its rows."""
        found = []
        for term in self._query.terms:
            if isinstance(term, Label):
                listed = ",".join(map(str, _label_rows(self._db, term)))
                (total,) = self._db.execute(
                    f"SELECT coalesce(sum(total), 0) FROM label WHERE id IN ({listed})"
                ).fetchone()
                found.append((total, listed))
        return min(found, default=None)

    def _rarest_state(self) -> tuple[int, str] | None:
        """Of the states that all papers of the query have the one with the fewest: how many, and its index."""
        asked = [
            term.state if isinstance(term, Is) else term.what
            for term in self._query.terms
            if isinstance(term, Is | Has)
        ]
        tally = self._db.execute("SELECT flags, n FROM tally").fetchall()
        found = []
        for name in asked:
            if name in _INDEXED:
                index, mask, wanted = _INDEXED[name]
                found.append((sum(n for flags, n in tally if flags & mask == wanted), index))
        return min(found, default=None)

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
                texts, _ = self._divided((term,), AllOf)
                return self._found(texts[0] if texts else None, holds=holds)
            case Label():
                listed = ",".join(map(str, _label_rows(self._db, term)))
                found = f"EXISTS (SELECT 1 FROM member WHERE paper = p.id AND label IN ({listed}))"
                return f"{'' if holds else 'NOT '}{found}"
            case _:
                return self._plain(term) if holds else f"NOT ({self._plain(term)})"

    def _several(self, terms: Sequence[Term], kind: type[AllOf] | type[AnyOf], *, holds: bool) -> str:
        """Texts that are asked for together are looked up at once."""
        texts, rest = self._divided(terms, kind)
        parts = [self._found(text, holds=holds) for text in texts]
        parts += [self._sql(term, holds=holds) for term in rest]
        return (" AND " if (kind is AllOf) == holds else " OR ").join(parts)

    def _divided(
        self, terms: Sequence[Term], kind: type[AllOf] | type[AnyOf]
    ) -> tuple[list[_Text], list[Term]]:
        """The texts among the terms, one expression for each index that they are looked up in, and the other terms."""
        rest = list(terms)
        texts = []
        for index in self._indexes:
            together = [term for term in rest if _match(term, 0, index)]
            if match := _match(kind(tuple(together)), -1, index) if together else None:
                texts.append((index.table, match))
            rest = [term for term in rest if term not in together]
        return texts, rest

    def _found(self, text: _Text | None, *, holds: bool) -> str:
        """The papers that an expression of an index finds; without one, none."""
        if not text:
            return "0" if holds else "1"
        table, match = text
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH {self._name(match)}{self._between}"
        return f"p.place {'' if holds else 'NOT '}IN ({found})"

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
                begin, end = first_place((first - _EPOCH) * _DAY), first_place((last - _EPOCH + 1) * _DAY) - 1
                return f"p.place BETWEEN {self._name(begin)} AND {self._name(end)}"
        raise TypeError(term)


def ranking(query: Query) -> str | None:
    """An expression of the index by which papers can be ranked; None where no text is asked for.

    It is what all papers of the query hold; failing that, whatever text the query asks for.
    """
    together = tuple(term for term in query.terms if _match(term, 0, _WHOLE))
    asked = together or tuple(_texts(query.terms))
    if not asked:
        return None
    return _match(AllOf(asked) if together else AnyOf(asked), -1, _WHOLE)


def _texts(terms: Iterable[Term]) -> list[Words | Within]:
    """All that the terms ask for in words, but for what is to be left out."""
    found: list[Words | Within] = []
    for term in terms:
        match term:
            case Words() | Within() if _match(term, 0, _WHOLE):
                found.append(term)
            case AllOf(several) | AnyOf(several):
                found += _texts(several)
    return found


def _match(term: Term, depth: int, index: _Index) -> str | None:
    """An expression of an index for a term that asks for text alone; None for any other, or what it can't tell."""
    match term:
        case Words(text, _, prefix):
            return _phrases(spellings(text), prefix, index.within, index)
        case Within("author", text, prefix) if text.startswith("="):
            return None if index is _HEADINGS[0] else _names(text, prefix)
        case Within(place, text, prefix):
            return _phrases(spellings(text), prefix, f"{_COLUMNS[place]} : ", index)
        case AllOf(terms) | AnyOf(terms) if depth < _DEEPEST_MATCH:
            parts = [_match(part, depth + 1, index) for part in terms]
            if all(parts):
                operator = " AND " if isinstance(term, AllOf) else " OR "
                return f"({operator.join(map(str, parts))})"
    return None


def _phrases(forms: Sequence[tuple[str, ...]], prefix: bool, column: str, index: _Index) -> str | None:
    """Any spelling of a text, its words in a row. Words hold no quote, so that quotes keep them apart."""
    if index is _HEADINGS[0] and (column or any(len(words) > 1 for words in forms)):
        return None
    found = [f'{column}"{" ".join(words)}"{"*" * prefix}' for words in forms]
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
