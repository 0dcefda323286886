"""A query as an SQL condition on `paper p`; no index ever sees a sign that the user typed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, islice

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
from papers_tui.domain.text import spellings
from papers_tui.domain.timeline import first_place
from papers_tui.domain.topics import folded
from papers_tui.store.columns import HAS
from papers_tui.store.matching import HEADINGS, WHOLE
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

_OF_ALL = "sqlite_autoindex_paper_1"
"""The index of all papers by their places, which SQLite makes as they are unique."""

_Text = tuple[str, str]
"""The table of an index of words, and an expression that it is to be asked."""

_MOST_TERMS = 700
"""SQLite reads an expression of up to 1,000 parts, and an order and a bound or two come on top."""

_RARE = 16
"""Of so many papers one may be looked up by an index where all would else be read one after the other."""

_EPOCH = date(1970, 1, 1).toordinal()
_DAY = 86_400


class Condition:
    """What `query` asks for: `sql`, and the `values` that it names.

    `since` is what `is:new` compares with; `today` is the UTC day that relative dates count from. With `headings`
    words are looked for in all but the abstracts, which is quick for the beginning of a word, too; where one of a
    letter or two ends a phrase, or is asked for in a field, more is found than there is. With `span` only papers
    between two places are asked about. With `every` all papers are wanted, not just the first few: what makes each of
    them cheaper may take a moment at first. Raises QueryError where the query has more terms than can be looked up.
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
        every: bool = False,
    ) -> None:
        if next(islice(leaves(query.terms), _MOST_TERMS, None), None):
            raise QueryError(f"it has more than {_MOST_TERMS} terms", 1, "leave some out")
        self._db = db
        self._today = today
        self._query = query
        self._every = every
        self._indexes = HEADINGS if headings else (WHOLE,)
        self.values: dict[str, object] = {"since": since}
        self._time = _common(self._places(term) for term in query.terms if isinstance(term, Dated | Between))
        self._texts, rest = self._divided(query.terms, AllOf)
        self._span = _common([self._time, span, self._edition_span()]) if self._texts else span
        others = [self._sql(term, holds=True) for term in rest]
        self._others = " AND ".join(others) or "1"
        self.sql = " AND ".join([*(self._found(text, holds=True) for text in self._texts), *others]) or "1"

    def origin(self, few: int, walk: str = "", *, listed: int | None = None) -> tuple[str, str]:
        """Where to begin looking: a FROM clause with its WHERE, and the column to order by for the latest first.

        It is that part of the condition which leaves the fewest papers to look at: a label that no more than `listed`
        papers have, by default `few`; a state that no more than `few` have; a range of a count with half as many, as
        they lie anywhere; else the text; else the edition; else a range of dates that `few` are in; else the papers
        as they come by `walk`, an index or NOT INDEXED, or without it in the order of their places. The text and the
        edition give the latest first, too.
        """
        label, state = self._rarest_label(), self._rarest_state()
        least = min([few, *(one[0] for one in (label, state) if one)])
        if field := self._rare_count(least // 2):
            return f"paper p INDEXED BY paper_{field} WHERE {self.bounds(field)} AND {self.sql}", "p.place"
        rare = state is not None and state[0] <= few
        rarer = rare and state is not None and label is not None and state[0] < label[0]
        if label and label[0] <= (few if listed is None else listed) and not rarer:
            members = f"(SELECT DISTINCT paper FROM member WHERE label IN ({label[1]}))"
            return f"{members} CROSS JOIN paper p ON p.id = paper WHERE {self.sql}", "p.place"
        if self._texts and not rare:
            (table, match), *others = self._texts
            where = " AND ".join([*(self._found(text, holds=True) for text in others), self._others])
            joined = f"{table} CROSS JOIN paper p ON p.place = {table}.rowid"
            within = f" AND {table}.rowid {self._between(self._span)}" if self._span else ""
            return f"{joined} WHERE {table} MATCH {self._name(match)}{within} AND {where}", f"{table}.rowid"
        if not rare and (edition := self._edition()):
            return (
                f"paper p INDEXED BY paper_edition WHERE p.edition = {self._name(edition)} AND {self.sql}",
                "p.place",
            )
        if state and (rare or not walk or self._is_short(few)):
            walk = f"INDEXED BY {state[1]}"
        elif walk and self._is_short(few):
            walk = f"INDEXED BY {_OF_ALL}"
        return f"paper p {walk} WHERE {self.sql}", "p.place"

    def pool(self, papers: int) -> str:
        """Where to look for all that the condition holds for, in whatever order: a FROM clause with its WHERE.

        `papers` is how many there are. To read one after the other is much less than to look one up by an index.
        """
        if self._texts:
            return self.origin(papers)[0]
        walk = "" if all(isinstance(term, Dated | Between) for term in self._query.terms) else "NOT INDEXED"
        return self.origin(papers // _RARE, walk, listed=papers)[0]

    def walk(self, index: str = "", *, looks: bool = False) -> str:
        """How to come by the papers, for `origin`: by an `index` in whose order they are wanted, or by their places.

        Where every paper is wanted, and its row has to be looked at, that is one row after the other: to sort what is
        found is much less than to look each up by an index. `looks`: the rows have to be looked at in any case.
        """
        state = self._rarest_state()
        by = index or (state[1] if state else "")
        if self._every and (looks or any(self._looks(term, by) for term in self._query.terms)):
            return "NOT INDEXED"
        return f"INDEXED BY {index}" if index else ""

    def bounds(self, field: str) -> str:
        """The range in which a count of all papers of the query is, as SQL that an index can tell; "" for any."""
        several = (term for term in self._query.terms if isinstance(term, Count) and term.field == field)
        return " AND ".join(chain.from_iterable(map(self._limits, several)))

    def _looks(self, term: Term, index: str) -> bool:
        """Whether the row of each paper that an index gives has to be looked at for a term."""
        match term:
            case Is() | Has():
                state = _of_state((), term)
                return state is None or state[1] != index
            case Not(Is() | Has() as inner):
                return not self._rare_state(inner)
            case Count(field):
                return index != f"paper_{field}"
        return any(isinstance(leaf, Is | Has | Count) for leaf in leaves((term,)))

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

    def _edition(self) -> str:
        """The day of an edition that all papers of the query are of, or ""."""
        for term in self._query.terms:
            if isinstance(term, Label) and term.kind == "edition":
                for row in _label_rows(self._db, term):
                    (day,) = self._db.execute("SELECT name FROM label WHERE id=?", (row,)).fetchone()
                    return str(day)
        return ""

    def _rarest_state(self) -> tuple[int, str] | None:
        """Of the states that all papers of the query have the one with the fewest: how many, and its index."""
        tally = _tally(self._db)
        found = (_of_state(tally, term) for term in self._query.terms if isinstance(term, Is | Has))
        return min(filter(None, found), default=None)

    def _rare_state(self, term: Is | Has) -> str:
        """The index of a state that is rare enough for all its papers to be listed before the others are met; or ""."""
        if not self._every:
            return ""
        tally = _tally(self._db)
        found = _of_state(tally, term)
        return found[1] if found and found[0] <= sum(n for _, n in tally) // _RARE else ""

    def _rare_count(self, few: int) -> str:
        """Of the counts that the query asks for the one whose range has the fewest papers; "" where it has more than
        `few`."""
        found = []
        for field in {term.field for term in self._query.terms if isinstance(term, Count)}:
            source = f"paper p INDEXED BY paper_{field} WHERE {self.bounds(field)}"
            if (total := self._as_far_as(few, source)) <= few:
                found.append((total, field))
        return min(found, default=(0, ""))[1]

    def _is_short(self, few: int) -> bool:
        """Whether no more than `few` papers are of the time that the query asks for."""
        if not self._time:
            return False
        source = f"paper p INDEXED BY {_OF_ALL} WHERE p.place {self._between(self._time)}"
        return self._as_far_as(few, source) <= few

    def _as_far_as(self, few: int, source: str) -> int:
        """How many papers there are, or one more than `few`: what costs nothing where they are few."""
        counted = f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {few + 1})"
        (total,) = self._db.execute(counted, self.values).fetchone()
        return int(total)

    def _edition_span(self) -> tuple[int, int] | None:
        """The places between which the papers of the edition are that all papers of the query are of."""
        if not (day := self._edition()):
            return None
        ends = (
            f"(SELECT place FROM paper WHERE edition = :day ORDER BY place {way} LIMIT 1)"
            for way in ("ASC", "DESC")
        )
        first, last = self._db.execute(f"SELECT {', '.join(ends)}", {"day": day}).fetchone()
        return None if first is None else (first, last)

    def _places(self, term: Dated | Between) -> tuple[int, int]:
        """The first and the last place of the days that a term takes in."""
        first, last = days(term, self._today)
        return first_place((first - _EPOCH) * _DAY), first_place((last - _EPOCH + 1) * _DAY) - 1

    def _between(self, span: tuple[int, int]) -> str:
        return f"BETWEEN {self._name(span[0])} AND {self._name(span[1])}"

    def _limits(self, term: Count) -> Iterator[str]:
        if term.low is not None:
            yield f"p.{term.field} >= {self._name(term.low)}"
        if term.high is not None:
            yield f"p.{term.field} <= {self._name(term.high)}"

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
            case Is() | Has() if not holds and (index := self._rare_state(term)):
                return f"p.id NOT IN (SELECT p.id FROM paper p INDEXED BY {index} WHERE {self._plain(term)})"
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
            together = [term for term in rest if index.match(self._db, term)]
            if match := index.match(self._db, kind(tuple(together)), -1) if together else None:
                texts.append((index.table, match))
            rest = [term for term in rest if term not in together]
        return texts, rest

    def _found(self, text: _Text | None, *, holds: bool) -> str:
        """The papers that an expression of an index finds; without one, none."""
        if not text:
            return "0" if holds else "1"
        table, match = text
        within = f" AND rowid {self._between(self._span)}" if self._span else ""
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH {self._name(match)}{within}"
        return f"p.place {'' if holds else 'NOT '}IN ({found})"

    def _plain(self, term: Leaf) -> str:
        match term:
            case Is(state):
                return _STATES[state]
            case Has(what):
                return _BELONGINGS[what]
            case Count():
                return f"ifnull({' AND '.join(self._limits(term))}, 0)"
            case Dated() | Between():
                return f"p.place {self._between(self._places(term))}"
        raise TypeError(term)


def _tally(db: sqlite3.Connection) -> list[tuple[int, int]]:
    """How many papers have which flags."""
    return db.execute("SELECT flags, n FROM tally").fetchall()


def _of_state(tally: Iterable[tuple[int, int]], term: Is | Has) -> tuple[int, str] | None:
    """How many papers have a state, and its index; None where it has none."""
    name = term.state if isinstance(term, Is) else term.what
    if name not in _INDEXED:
        return None
    index, mask, wanted = _INDEXED[name]
    return sum(n for flags, n in tally if flags & mask == wanted), index


def _common(spans: Iterable[tuple[int, int] | None]) -> tuple[int, int] | None:
    """What all spans have in common, from the first to the last; None where there are none."""
    known = [span for span in spans if span]
    return (max(first for first, _ in known), min(last for _, last in known)) if known else None


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
