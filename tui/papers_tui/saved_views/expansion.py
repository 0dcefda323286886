"""`view:NAME` in a query: what the view of that name finds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.query import AllOf, AnyOf, Is, Not, Query, Term, Words, parse
from papers_tui.domain.query import format as format_query
from papers_tui.domain.query.reading import TOKEN
from papers_tui.domain.query.values import MOST_TERMS
from papers_tui.domain.query.writing import quoted_value
from papers_tui.late import pattern
from papers_tui.saved_views.changes import Views, named

_FIELD = "view"
_ARGUMENT = pattern(rf"(-?{_FIELD}:)(.*)", re.IGNORECASE | re.DOTALL)
_ESCAPED = pattern(r'\\(["\\])')
_FIRST_LETTER = 0x20000
"""Where the rare ideographs of Unicode begin: letters that nobody types, and more of them than terms in a query."""

_EVERYTHING = AnyOf((Is("read"), Not(Is("read"))))


def expanded(text: str, views: Views, *, sort: str = "") -> Query:
    """The query that `text` spells, where `view:NAME` stands for the terms of the view that is meant.

    A view is named as for `named`; a group of its own, it may be negated and stand in an OR. The order is `sort`
    (one of `query.ORDERS`, or empty), else that of the text, else that of the first view whose papers are asked for
    without ifs. A view's own query knows no `view:`.

    Raises QueryError, with its column in `text`, where that can't be read, names no view, or is too long with
    what its views bring.
    """
    held: dict[str, Query] = {}
    letters = (chr(code) for code in count(_FIRST_LETTER) if chr(code) not in text)
    columns: list[int] = []

    def word_for(found: re.Match[str]) -> str:
        """A word as long as the term, so that columns stay what they are."""
        # An open quote and too many terms are for the parser to refuse.
        if (found["field"] or "").lower() != _FIELD or found["close"] == "" or len(held) == MOST_TERMS:
            return found[0]
        query = _query_of(found, views)
        columns.append(found.start("field") + 1)
        # Quoted where the name is, so that the parser sees what runs into it.
        quote = '"' if found["close"] else ""
        word = next(letters) * (found.start("gap") - found.start("field") - 2 * len(quote))
        held[word] = query
        return f"{found['minus']}{quote}{word}{quote}{found['gap']}"

    query = parse(TOKEN.sub(word_for, text))
    if not held:
        return replace(query, sort=sort or query.sort)
    asked = (held[term.text].sort for term in query.terms if isinstance(term, Words) and term.text in held)
    whole = Query(_filled(query.terms, held), sort or query.sort or next(filter(None, asked), ""))
    try:
        return parse(format_query(whole))
    except QueryError as error:
        message = f"with what its views bring, the query has {error.message}"
        raise QueryError(message, columns[0], "write the views shorter, or take fewer") from None


def quoted_argument(argument: str, views: Views) -> str:
    """A word of the command line as a part of a query: the shell takes the quotes of `view:"Past week"` away, and
    where what is left is the whole name of a view, they come back."""
    found = _ARGUMENT.fullmatch(argument)
    if found and found[2].casefold() in {view.name.casefold() for view in views}:
        return f"{found[1]}{quoted_value(found[2])}"
    return argument


def _query_of(found: re.Match[str], views: Views) -> Query:
    """What the view finds that a term names. Raises QueryError."""
    column = found.end("field") + 2
    quoted = found["close"] is not None
    text = _ESCAPED.sub(r"\1", found["quoted"]) if quoted else found["bare"]
    name = f"{found['whole'] or ''}{text}{found['star'] or ''}"
    if not name.strip():
        raise QueryError(
            f"{_FIELD}: needs a value, right after the colon",
            column,
            "expected the name of a saved view; quotes around it make it text to search for",
        )
    try:
        view = named(views, name)
    except PapersError as error:
        raise QueryError(f"{error.title}: {error.message}", column, error.hint) from None
    return parse(view.query)


def _filled(terms: Sequence[Term], held: Mapping[str, Query]) -> tuple[Term, ...]:
    """The terms with those of the views in place of the words that stand for them."""
    return tuple(chain.from_iterable(_of_one(term, held) for term in terms))


def _of_one(term: Term, held: Mapping[str, Query]) -> tuple[Term, ...]:
    """The terms, perhaps none, that hold together where one does."""
    match term:
        case Words(text) if text in held:
            return held[text].terms
        case Not(inner):
            return (Not(_together(_of_one(inner, held))),)
        case AllOf(terms):
            return (_together(_filled(terms, held)),)
        case AnyOf(terms):
            return (AnyOf(tuple(_together(_of_one(choice, held)) for choice in terms)),)
    return (term,)


def _together(terms: tuple[Term, ...]) -> Term:
    if not terms:
        return _EVERYTHING
    return terms[0] if len(terms) == 1 else AllOf(terms)
