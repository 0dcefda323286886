"""The language of arXiv's search: https://info.arxiv.org/help/api/user-manual.html#query_details."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from tests.services.submissions import Submission

Matches = Callable[[Submission], bool]

_TOKEN = re.compile(
    r'\s*(?:(?P<sign>[()])|(?P<field>[a-z]+|submittedDate):(?P<value>"[^"]*"|\[[^\]]*\]|[^\s()"]+)|(?P<word>[^\s()]+))'
)
_RANGE = re.compile(r"\[(\d{12}) TO (\d{12})\]")
_WORD = re.compile(r"\w+")


class QueryError(Exception):
    """A query that arXiv would not understand."""


def read_query(text: str) -> Matches:
    """What a query finds; AND, OR and ANDNOT bind from left to right, as brackets don't say otherwise.

    Raises QueryError.
    """
    tokens = [found for found in _TOKEN.finditer(text.strip()) if found[0].strip()]
    matches, left = _expression(tokens)
    if left:
        raise QueryError(f"syntax error at {left[0][0].strip()}")
    return matches


def in_category(asked: str, category: str) -> bool:
    """Whether a category is the one that was asked for, or of the archive that was."""
    asked, category = asked.lower(), category.lower()
    return category == asked or category.startswith(f"{asked}.")


def _expression(tokens: list[re.Match[str]]) -> tuple[Matches, list[re.Match[str]]]:
    matches, left = _operand(tokens)
    while left and left[0]["word"] in ("AND", "OR", "ANDNOT"):
        other, rest = _operand(left[1:])
        matches, left = _joined(left[0]["word"], matches, other), rest
    return matches, left


def _joined(operator: str, one: Matches, other: Matches) -> Matches:
    match operator:
        case "AND":
            return lambda paper: one(paper) and other(paper)
        case "OR":
            return lambda paper: one(paper) or other(paper)
        case _:
            return lambda paper: one(paper) and not other(paper)


def _operand(tokens: list[re.Match[str]]) -> tuple[Matches, list[re.Match[str]]]:
    if not tokens:
        raise QueryError("unexpected end of query")
    token, *rest = tokens
    if token["sign"] == "(":
        matches, left = _expression(rest)
        if not left or left[0]["sign"] != ")":
            raise QueryError("unbalanced parentheses")
        return matches, left[1:]
    if token["field"]:
        return _condition(token["field"], token["value"]), rest
    word = token["word"] or ""
    if word and word not in ("AND", "OR", "ANDNOT") and not word.endswith(":"):
        return _condition("all", word), rest
    raise QueryError(f"syntax error at {token[0].strip()}")


def _condition(field: str, value: str) -> Matches:
    if field == "submittedDate":
        return _submitted(value)
    if field == "cat":
        return lambda paper: any(fnmatchcase(each.lower(), value.lower()) for each in paper.categories)
    if field not in _FIELDS:
        raise QueryError(f"unknown field {field}")
    wanted, texts = _words(value), _FIELDS[field]
    return lambda paper: any(_holds(_words(text), wanted) for text in texts(paper))


def _submitted(value: str) -> Matches:
    found = _RANGE.fullmatch(value)
    if not found:
        raise QueryError(f"malformed date range {value}")
    first, last = (datetime.strptime(each, "%Y%m%d%H%M").replace(tzinfo=UTC) for each in found.groups())
    return lambda paper: first <= paper.versions[0].submitted.replace(second=0) <= last


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _holds(words: list[str], wanted: list[str]) -> bool:
    """Whether the wanted words stand in a row."""
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


_FIELDS: dict[str, Callable[[Submission], Iterable[str]]] = {
    "ti": lambda paper: (paper.title,),
    "abs": lambda paper: (paper.abstract,),
    "au": lambda paper: paper.authors,
    "co": lambda paper: (paper.comment,),
    "jr": lambda paper: (paper.journal,),
    "all": lambda paper: (
        paper.title, paper.abstract, paper.comment, paper.journal, *paper.authors, *paper.categories
    ),
}  # fmt: skip
