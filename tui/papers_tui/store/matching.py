"""Words that are asked for, as expressions of the indexes of words; no sign that the user typed is among them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain

from papers_tui.domain.query import AllOf, AnyOf, Query, Term, Within, Words
from papers_tui.domain.text import WALL, spellings
from papers_tui.late import dataclass

_COLUMNS = {"title": "title : ", "abstract": "abstract : ", "author": "authors : ", "note": "note : "}
_ANYWHERE = ""
_BUT_ABSTRACTS = "{title authors tags note} : "

_DEEPEST = 4
"""Parentheses in an expression of an index; its parser gives up at a few dozens, SQL at more than we allow."""

_GATHERED = 3
"""Letters of a beginning up to which the coarse index has all papers of its words together."""

_MOST_WORDS = 300
"""Words of one beginning up to which they are asked for one by one: an index then gives the latest papers at once,
where for a beginning it first gathers all papers of all its words."""

_LAST = "\U0010ffff"
"""Behind whatever a word goes on with."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of words by its `table`, and the columns of it that words without a field are looked for `within`.

    A `coarse` one knows neither in which column a word stands nor next to which. It is asked for the beginning of a
    word all the same where that is so short that any other index would take too long: it then finds more than there is.
    """

    table: str
    within: str = _ANYWHERE
    coarse: bool = False

    def match(self, db: sqlite3.Connection, term: Term, depth: int = 0) -> str | None:
        """The expression for a term that asks for text alone; None for any other, or what this index can't tell.

        `db` is that of the index; `depth` is how deep in another expression it is to stand.
        """
        match term:
            case Words(text, _, prefix):
                return self._phrases(db, spellings(text), prefix, self.within)
            case Within("author", text, prefix) if text.startswith("="):
                return None if self.coarse else _names(text, prefix)
            case Within(place, text, prefix):
                return self._phrases(db, spellings(text), prefix, _COLUMNS[place])
            case AllOf(terms) | AnyOf(terms) if depth < _DEEPEST:
                parts = [self.match(db, part, depth + 1) for part in terms]
                if all(parts):
                    operator = " AND " if isinstance(term, AllOf) else " OR "
                    return f"({operator.join(map(str, parts))})"
        return None

    def _phrases(
        self, db: sqlite3.Connection, forms: Sequence[tuple[str, ...]], prefix: bool, column: str
    ) -> str | None:
        """Any spelling of a text, its words in a row. Words hold no quote, so that quotes keep them apart."""
        if not self.coarse:
            return _any(chain.from_iterable(_row(db, words, prefix, column) for words in forms))
        if column or any(len(words) > 1 for words in forms):
            short = prefix and any(len(words[-1]) < _GATHERED for words in forms)
            if not short or column == _COLUMNS["abstract"]:
                return None
        return _any(_apart(db, words, prefix) for words in forms)


WHOLE = Index("search")
HEADINGS = (Index("heading", coarse=True), Index("search", _BUT_ABSTRACTS))
"""All but the abstracts: what the first can't tell the second does."""


def ranking(db: sqlite3.Connection, query: Query) -> str | None:
    """An expression of the whole index by which papers can be ranked; None where no text is asked for.

    It is what all papers of the query hold; failing that, whatever text the query asks for.
    """
    together = tuple(term for term in query.terms if WHOLE.match(db, term))
    asked = together or tuple(_texts(db, query.terms))
    return WHOLE.match(db, AllOf(asked) if together else AnyOf(asked), -1) if asked else None


def _texts(db: sqlite3.Connection, terms: Iterable[Term]) -> list[Words | Within]:
    """All that the terms ask for in words, but for what is to be left out."""
    found: list[Words | Within] = []
    for term in terms:
        match term:
            case Words() | Within() if WHOLE.match(db, term):
                found.append(term)
            case AllOf(several) | AnyOf(several):
                found += _texts(db, several)
    return found


def _row(db: sqlite3.Connection, words: tuple[str, ...], prefix: bool, column: str) -> list[str]:
    """The expressions for words that stand one behind the other."""
    ways = _continued(db, words[-1]) if prefix and column not in (_ANYWHERE, _COLUMNS["abstract"]) else None
    if ways is None:
        return [f'{column}"{" ".join(words)}"{"*" * prefix}']
    return [f'{column}"{" ".join((*words[:-1], way))}"' for way in ways]


def _apart(db: sqlite3.Connection, words: tuple[str, ...], prefix: bool) -> str:
    """The expression for words wherever they stand."""
    last = words[-1]
    ways = _continued(db, last) if prefix and len(last) > _GATHERED else None
    end = f'"{last}"{"*" * prefix}' if ways is None else _any(f'"{way}"' for way in ways)
    others = "".join(f'"{word}" AND ' for word in words[:-1])
    return f"({others}{end})" if others else str(end)


def _continued(db: sqlite3.Connection, beginning: str) -> list[str] | None:
    """The words of titles, authors, tags and notes that begin so; None where they are too many.

    Where there are none it is the beginning itself, which is not there either.
    """
    found = db.execute(
        "SELECT word FROM word WHERE word BETWEEN ? AND ? LIMIT ?",
        (beginning, beginning + _LAST, _MOST_WORDS + 1),
    ).fetchall()
    return None if len(found) > _MOST_WORDS else [word for (word,) in found] or [beginning]


def _names(text: str, prefix: bool) -> str | None:
    """Authors whose names begin so: the first of a paper, or one behind what parts it from another."""
    star = "*" * prefix
    return _any(
        f'authors : {start}{" ".join(words)}"{star}'
        for words in spellings(text)
        for start in ('^"', f'"{WALL} ')
    )


def _any(several: Iterable[str]) -> str | None:
    """What any of the expressions finds; None where there are none."""
    found = list(several)
    return found[0] if len(found) == 1 else f"({' OR '.join(found)})" if found else None
