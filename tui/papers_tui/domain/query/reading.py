"""Text as a query.

    any   = all { "OR" all }
    all   = item { item }
    item  = [ "-" ] ( "(" any ")" | term )

A term is a word, a "quoted phrase" or `field:value` (the value quoted where it holds spaces, quotes or
parentheses); a `*` at its end leaves the last word open. Inside quotes `\\"` is a quote and `\\\\` a backslash;
any other backslash stands for itself, as TeX wants it.
"""

from __future__ import annotations

import re
from typing import NoReturn

from papers_tui.domain.errors import QueryError
from papers_tui.domain.query.fields import FIELDS, Sort, Value
from papers_tui.domain.query.values import DEEPEST, MOST_TERMS, AllOf, AnyOf, Leaf, Not, Query, Term, Words
from papers_tui.domain.text import words_of
from papers_tui.late import pattern

# Terminals and SQLite choke on these; tab, line feed and carriage return are white space.
_FORBIDDEN = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
TOKEN = pattern(
    r"""
    (?P<minus> -* )
    (?: (?P<bracket> [()] )
      | (?: (?! (?i:https?): ) (?P<field> [A-Za-z]+ ) : (?P<whole> =(?=") )? )?    # a pasted address is a word
        (?: " (?P<quoted> [^"\\]* (?: \\. [^"\\]* )* ) (?P<close> "? ) (?P<star> \*(?=[\s()]|\Z) )?
          | (?P<bare> [^\s"()]* ) ) )
    (?P<gap> \s* )
    """,
    re.VERBOSE | re.DOTALL,
)
"""A bracket or a term, with what stands before and the white space behind it. It matches anywhere."""

_AS_TEXT = "leave it out, or put it in quotes with the words around it"


def parse(text: str, *, typing: bool = False) -> Query:
    """The query that `text` spells; blank text is the query for everything.

    While somebody is `typing`, the word at the end of the text is the beginning of one, and what is open there
    (a quote, a parenthesis) counts as closed.

    Raises QueryError with the column, what is wrong there and what would be understood.
    """
    refuse_forbidden(text)
    return _Reader(text, typing).query()


def refuse_forbidden(text: str) -> None:
    """Raises QueryError where a character stands in the text that no query may hold, such as an escape."""
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        character = f"U+{ord(forbidden[0]):04X}"
        raise QueryError(
            f"{character} is not a character to search for", forbidden.start() + 1, "take it out"
        )


class _Reader:
    """One reading of one text; `at` is how far it has come."""

    def __init__(self, text: str, typing: bool) -> None:
        self.text = text
        self.typing = typing
        self.at = len(text) - len(text.lstrip())
        self.count = 0
        self.depth = 0
        self.sort = ""

    def query(self) -> Query:
        if self.at == len(self.text):
            return Query(())
        terms = self._any()
        if self.at < len(self.text):
            raise QueryError("this ) closes nothing", self.at + 1, _AS_TEXT)
        return Query(terms, self.sort)

    def _any(self) -> tuple[Term, ...]:
        """Up to a closing parenthesis or the end: the terms that must all hold, or one `AnyOf`."""
        choices = [self._all()]
        column = self.at + 1
        while self._takes_or():
            if not choices[-1]:
                _refuse_or(column)
            choices.append(self._all())
            if not choices[-1]:
                _refuse_or(column)
            column = self.at + 1
        if len(choices) == 1:
            return choices[0]
        return (AnyOf(tuple(map(_together, choices))),)

    def _takes_or(self) -> bool:
        found = TOKEN.match(self.text, self.at)
        if not found or found[0].rstrip() != "OR":
            return False
        self.at = found.end()
        return True

    def _all(self) -> tuple[Term, ...]:
        terms: list[Term] = []
        while self.at < len(self.text):
            found = TOKEN.match(self.text, self.at)
            assert found  # every part of the pattern may be empty
            if found[0].rstrip() in (")", "OR"):
                break
            self.at = found.end()
            if term := self._item(found):
                terms.append(term)
        return tuple(terms)

    def _item(self, found: re.Match[str]) -> Term | None:
        """A term or a group; None for a `sort:`, which is neither."""
        if len(found["minus"]) > 1:
            hint = 'one - is enough; to search for the text, quote it: "--x"'
            raise QueryError("more than one - in a row", found.start() + 1, hint)
        if found["bracket"] == ")":
            raise QueryError("nothing follows this -", found.start() + 1, "write -word to leave a word out")
        if found["bracket"]:
            term: Term | None = self._group(found)
        else:
            term = self._term(found)
        return Not(term) if term and found["minus"] else term

    def _group(self, found: re.Match[str]) -> Term:
        column = found.start("bracket") + 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError(f"more than {DEEPEST} parentheses in each other", column, "leave some out")
        terms = self._any()
        if not terms:
            raise QueryError("nothing stands in these parentheses", column, _AS_TEXT)
        if self.at < len(self.text):
            closing = TOKEN.match(self.text, self.at)
            assert closing
            self.at = closing.end()
        elif not self.typing:
            raise QueryError("this ( is not closed", column, "end the group with a )")
        self.depth -= 1
        return _together(terms)

    def _term(self, found: re.Match[str]) -> Term | None:
        self.count += 1
        if self.count > MOST_TERMS:
            raise QueryError(f"more than {MOST_TERMS} terms", found.start() + 1, "leave some out")
        value = self._value(found)
        name = (found["field"] or "").lower()
        # `LLaMA: Open and Efficient` is a title, not a question to a field.
        if not name or (name not in FIELDS and not value.text and not value.quoted):
            return self._words(found)
        term = _field_term(found, name, value)
        if not isinstance(term, Sort):
            return term
        self._take_sort(found, term)
        return None

    def _take_sort(self, found: re.Match[str], sort: Sort) -> None:
        column = found.start() + 1
        if self.depth or found["minus"]:
            raise QueryError(
                "sort: stands for the whole query", column, "put it outside parentheses, without a -"
            )
        if self.sort:
            raise QueryError("sort: is there twice", column, "leave one out")
        self.sort = sort.order

    def _words(self, found: re.Match[str]) -> Words:
        value = self._value(found)
        column = found.end("minus") + 1
        text = f"{found['field']}:{found['bare']}" if found["field"] else value.text
        if found[0].strip() == "-OR":
            _refuse_or(column)
        if found["minus"] and not text and not value.quoted:
            raise QueryError("nothing follows this -", found.start() + 1, "write -word to leave a word out")
        if not words_of(text):
            hint = "search for something with a letter or a digit"
            raise QueryError(f"{_shown(text)} holds nothing to search for", column, hint)
        return Words(text, value.quoted, value.prefix and not found["field"])

    def _value(self, found: re.Match[str]) -> Value:
        """What stands there without its marks. Raises QueryError where a quote is not closed or runs on."""
        quoted = found["close"] is not None
        if not quoted:
            return self._bare_value(found)
        text, unclosed = found["quoted"], not found["close"]
        if unclosed:
            if not self.typing:
                raise QueryError("this quote is not closed", found.start("quoted"), 'end the phrase with a "')
            self.at = len(self.text)
            text = self.text[found.start("quoted") :]
        elif found.end() < len(self.text) and not found["gap"] and self.text[found.end()] not in "()":
            _refuse_run(found.end())
        text = re.sub(r'\\(["\\])', r"\1", text)
        return Value(text, True, bool(found["whole"]), bool(found["star"]), unclosed)

    def _bare_value(self, found: re.Match[str]) -> Value:
        text = found["bare"]
        if not found["gap"] and self.text[found.end() : found.end() + 1] == '"':
            _refuse_run(found.end())
        whole = bool(found["field"]) and text.startswith("=")
        if whole:
            return Value(text[1:], whole=True)
        if text.endswith("*") and len(text) > 1:
            return Value(text[:-1], star=True)
        return Value(text, unfinished=self.typing and found.end() == len(self.text) and not found["gap"])


def _together(terms: tuple[Term, ...]) -> Term:
    return terms[0] if len(terms) == 1 else AllOf(terms)


def _field_term(found: re.Match[str], name: str, value: Value) -> Leaf | Sort:
    field = FIELDS.get(name)
    if not field:
        raise QueryError(f"unknown field {_shown(name)}", found.start("field") + 1, _field_hint(name))
    column = found.end("field") + 2
    if not value.text.strip():
        raise QueryError(
            f"{name}: needs a value, right after the colon", column, f"expected {field.expected}"
        )
    term = field.read(value)
    if not term:
        raise QueryError(f"{name}: does not know {_shown(value.text)}", column, f"expected {field.expected}")
    return term


def _refuse_or(column: int) -> NoReturn:
    raise QueryError("OR needs a term on both sides", column, 'to search for it as text, quote it: "OR"')


def _refuse_run(at: int) -> NoReturn:
    hint = 'put a space there, or write \\" for a quote inside a phrase'
    raise QueryError("a quote and a word run into each other", at + 1, hint)


def _field_hint(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, FIELDS, n=1)
    known = f"perhaps {near[0]}:" if near else f"the fields are {', '.join(FIELDS)}"
    return f"{known}; quotes around it make it text to search for"


def _shown(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:39]}…'"
