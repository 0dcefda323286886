"""The search language: a query as a value, read from text and written back.

Terms are separated by white space and all must hold. A term is a word, a "quoted phrase" or `field:value`
(the value quoted where it holds spaces, quotes or parentheses); a `-` before it turns it round. Inside quotes
`\\"` is a quote and `\\\\` a backslash; any other backslash stands for itself, as TeX wants it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import NoReturn

from papers_tui.domain.errors import QueryError
from papers_tui.domain.paper import ANNOUNCEMENTS

STATES = ("unread", "read", "starred", "dismissed", "later", "new")
"""What `is:` can ask for."""

NAMED = ("tag", "source", "org", "cat", "topic", "author")
"""The fields whose value is a name, matched as a whole."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text to look for; it holds a letter or a digit.

    A `phrase` is any such text; otherwise it is one word as it was typed: without white space, quotes and
    parentheses, and not to be taken for a field, a `-` or an `OR`.
    """

    text: str
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """A state that a paper is in; `state` is one of STATES."""

    state: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label that a paper carries.

    `kind` is one of NAMED and `name` any text that is not blank, or `kind` is "edition" and `name` a day
    ("YYYY-MM-DD") or "latest", or `kind` is "announce" and `name` one of `paper.ANNOUNCEMENTS`.
    """

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Every paper that `term` leaves out."""

    term: Words | Is | Label


Term = Words | Is | Label | Not


@dataclass(frozen=True, slots=True)
class Query:
    """The papers for which all `terms` hold; without terms, every paper."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """What may follow `name:`, in words, and what makes a term of it (None: not such a value)."""

    expected: str
    read: Callable[[str], Is | Label | None]


def _read_state(value: str) -> Is | None:
    return Is(value.casefold()) if value.casefold() in STATES else None


def _read_edition(value: str) -> Label | None:
    name = value.casefold()
    if name == "latest":
        return Label("edition", name)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", name, re.ASCII):
        return None
    try:
        date.fromisoformat(name)
    except ValueError:
        return None
    return Label("edition", name)


def _read_announcement(value: str) -> Label | None:
    name = value.casefold()
    return Label("announce", name) if name in ANNOUNCEMENTS else None


_FIELDS = {
    "is": _Field(f"{', '.join(STATES[:-1])} or {STATES[-1]}", _read_state),
    "edition": _Field("a day such as 2025-11-20, or latest", _read_edition),
    "announce": _Field(f"{', '.join(ANNOUNCEMENTS[:-1])} or {ANNOUNCEMENTS[-1]}", _read_announcement),
    **{kind: _Field('a name, such as vision or "two words"', partial(Label, kind)) for kind in NAMED},
}

# Terminals and SQLite choke on these; tab, line feed and carriage return are white space.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BARE = re.compile(r'[^\s"()]+')
_TERM = re.compile(
    r"""
    (?P<minus> -* )
    (?: (?! (?i:https?): ) (?P<field> [A-Za-z]+ ) : )?         # a pasted address is a word
    (?: " (?P<quoted> [^"\\]* (?: \\. [^"\\]* )* ) (?P<close> "? )
      | (?P<bare> [^\s"()]* ) )
    (?P<gap> \s* )
    """,
    re.VERBOSE | re.DOTALL,
)


def parse(text: str) -> Query:
    """The query that `text` spells; blank text is the query for everything.

    Raises QueryError with the column, what is wrong there and what would be understood.
    """
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        character = f"U+{ord(forbidden[0]):04X}"
        raise QueryError(
            f"{character} is not a character to search for", forbidden.start() + 1, "take it out"
        )
    return Query(tuple(_terms(text)))


def format(query: Query) -> str:
    """The text that `parse` reads as `query`."""
    return " ".join(map(_written, query.terms))


def _terms(text: str) -> Iterator[Term]:
    position = len(text) - len(text.lstrip())
    while position < len(text):
        match = _TERM.match(text, position)
        assert match  # every part of the pattern may be empty
        _check_end(match)
        yield _term(match)
        position = match.end()


def _check_end(match: re.Match[str]) -> None:
    """A quote is closed, and white space or the end of the text follows a term."""
    if match["close"] == "":
        raise QueryError("this quote is not closed", match.start("quoted"), 'end the phrase with a "')
    following = "" if match["gap"] else match.string[match.end() : match.end() + 1]
    if following in ("(", ")"):
        _refuse_reserved(following, match.end() + 1)
    if following:
        hint = 'put a space there, or write \\" for a quote inside a phrase'
        raise QueryError("a quote and a word run into each other", match.end() + 1, hint)


def _term(match: re.Match[str]) -> Term:
    if len(match["minus"]) > 1:
        hint = 'one - is enough; to search for the text, quote it: "--x"'
        raise QueryError("more than one - in a row", match.start() + 1, hint)
    positive = _field_term(match) if match["field"] else _words(match)
    return Not(positive) if match["minus"] else positive


def _field_term(match: re.Match[str]) -> Is | Label:
    name = match["field"].lower()
    field = _FIELDS.get(name)
    if not field:
        raise QueryError(f"unknown field {_shown(name)}", match.start("field") + 1, _field_hint(name))
    value = _value(match)
    column = match.end("field") + 2
    if not value.strip():
        raise QueryError(
            f"{name}: needs a value, right after the colon", column, f"expected {field.expected}"
        )
    term = field.read(value)
    if not term:
        raise QueryError(f"{name}: does not know {_shown(value)}", column, f"expected {field.expected}")
    return term


def _words(match: re.Match[str]) -> Words:
    words = Words(_value(match), phrase=match["close"] is not None)
    column = match.end("minus") + 1
    if words.text == "OR" and not words.phrase:
        _refuse_reserved(words.text, column)
    if match["minus"] and not words.text and not words.phrase:
        raise QueryError("nothing follows this -", match.start() + 1, "write -word to leave a word out")
    if not any(map(str.isalnum, words.text)):
        hint = "search for something with a letter or a digit"
        raise QueryError(f"{_shown(words.text)} holds nothing to search for", column, hint)
    return words


def _value(match: re.Match[str]) -> str:
    if match["close"] is None:
        return match["bare"]
    return re.sub(r'\\(["\\])', r"\1", match["quoted"])


def _refuse_reserved(mark: str, column: int) -> NoReturn:
    hint = "to search for it as text, put it in quotes with the words around it"
    raise QueryError(f"{mark} outside quotes is reserved", column, hint)


def _field_hint(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, _FIELDS, n=1)
    known = f"perhaps {near[0]}:" if near else f"the fields are {', '.join(_FIELDS)}"
    return f"{known}; quotes around it make it text to search for"


def _shown(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"


def _written(term: Term) -> str:
    match term:
        case Not(inner):
            return f"-{_written(inner)}"
        case Is(state):
            return f"is:{state}"
        case Label(kind, name):
            return f"{kind}:{name if _BARE.fullmatch(name) else _quoted(name)}"
        case Words(text, phrase):
            return _quoted(text) if phrase else text


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
