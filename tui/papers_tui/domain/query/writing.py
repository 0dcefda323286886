"""A query as text."""

from __future__ import annotations

import re

from papers_tui.domain.query.values import (
    AllOf,
    AnyOf,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Not,
    Query,
    Term,
    Within,
    Words,
)
from papers_tui.late import pattern

_BARE = pattern(r'(?!=)[^\s"()]*[^\s"()*]')
"""A value that needs no quotes: nothing in it is taken for a mark of the language."""


def format(query: Query) -> str:
    """The text that `parse` reads as `query`."""
    alone = len(query.terms) == 1
    terms = [_any(term) if alone else _written(term) for term in query.terms]
    return " ".join((*terms, f"sort:{query.sort}")) if query.sort else " ".join(terms)


def _any(term: Term) -> str:
    return " OR ".join(map(_written, term.terms)) if isinstance(term, AnyOf) else _written(term)


def _written(term: Term) -> str:
    """A term that may stand between others."""
    match term:
        case Not(inner):
            return f"-({_written(inner)})" if isinstance(inner, Not) else f"-{_written(inner)}"
        case AllOf(terms):
            return f"({' '.join(map(_written, terms))})"
        case AnyOf():
            return f"({_any(term)})"
        case Words(text, phrase, prefix):
            return (_quoted(text) if phrase else text) + "*" * prefix
        case Within(place, text, prefix):
            return f"{place}:{quoted_value(text)}{'*' * prefix}"
        case Label(kind, name, whole, prefix):
            return f"{kind}:{'=' * whole}{quoted_value(name)}{'*' * prefix}"
        case Is(state):
            return f"is:{state}"
        case Has(what):
            return f"has:{what}"
        case Count(field, low, high):
            return f"{field}:{_bounds(low, high)}"
        case Dated(relation, period):
            return f"{relation}:{period}"
        case Between(first, last):
            return f"date:{first}..{last}"


def _bounds(low: int | None, high: int | None) -> str:
    if low == high:
        return f"{low}"
    if high is None:
        return f">={low}"
    return f"<={high}" if low is None else f"{low}..{high}"


def quoted_value(text: str) -> str:
    """A value as it stands behind its field, in quotes where it needs them."""
    return text if _BARE.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
