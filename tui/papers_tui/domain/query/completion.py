"""What can stand at a place in a query that somebody is typing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from papers_tui.domain.fitting import fitting
from papers_tui.domain.paper import ANNOUNCEMENTS
from papers_tui.domain.query.fields import FIELDS
from papers_tui.domain.query.reading import TOKEN
from papers_tui.domain.query.values import BELONGINGS, ORDERS, STATES
from papers_tui.domain.query.writing import quoted_value
from papers_tui.late import dataclass

_PERIODS = ("today", "yesterday", "7d", "2w", "1m", "3m", "1y")

_KNOWN: Mapping[str, tuple[str, ...]] = {
    "is": STATES,
    "has": BELONGINGS,
    "announce": ANNOUNCEMENTS,
    "sort": ORDERS,
    "after": _PERIODS,
    "before": _PERIODS,
    "date": _PERIODS,
}
"""The values of fields that know all of theirs, or the usual ones."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What is being typed, and what could stand there instead.

    `field` is the field whose value it is, or "" where it may be the name of a field. `start` and `end` bound the
    part of the text to replace; each of `candidates` is written as the language wants it there (a field with its
    colon, a name with quotes where it needs them), the likeliest first.
    """

    field: str
    start: int
    end: int
    candidates: tuple[str, ...]


def complete(
    text: str, cursor: int, names: Mapping[str, Iterable[str]], *, most: int = 50
) -> Completion | None:
    """What the word that ends at `cursor` (an index into `text`) could become; None where nothing can be offered.

    `names` holds the names that there are by field (`tag`, `source`, `cat`, `org`, `topic`, `edition`, and what else
    is at hand, such as `author`), the likeliest first. Names that begin with what is there come before names of
    which a later word does; at most so many are offered.
    """
    found = _token_at(text, cursor)
    if not found or found["bracket"]:
        return None
    field = (found["field"] or "").lower()
    if not field:
        return _fields(text, found, cursor)
    start = found.end("field") + 1
    if field not in FIELDS or cursor < start:
        return None
    offered = [*_KNOWN.get(field, ()), *names.get(field, ())]
    mark, typed = _typed(text[start:cursor])
    fit = fitting(offered, typed)[:most]
    if not fit:
        return None
    return Completion(field, start, _end(found), tuple(mark + quoted_value(name) for name in fit))


def _fields(text: str, found: re.Match[str], cursor: int) -> Completion | None:
    """The fields that begin with the letters at the cursor."""
    start = found.end("minus")
    typed = text[start:cursor].lower()
    if found["bare"] is None or not typed.isalpha():
        return None
    fields = tuple(f"{name}:" for name in FIELDS if name.startswith(typed))
    return Completion("", start, _end(found), fields) if fields else None


def _token_at(text: str, cursor: int) -> re.Match[str] | None:
    """The token that the cursor stands in or right behind."""
    at = len(text) - len(text.lstrip())
    while at < len(text):
        found = TOKEN.match(text, at)
        assert found  # every part of the pattern may be empty
        if found.start() < cursor <= _end(found):
            return found
        if found.end() == at or found.start() >= cursor:
            return None
        at = found.end()
    return None


def _end(found: re.Match[str]) -> int:
    """Where a token ends without the white space behind it; an open quote has it inside."""
    return found.end() - len(found["gap"])


def _typed(value: str) -> tuple[str, str]:
    """The mark for a whole name, if it is there, and the value as far as it is typed."""
    mark = "=" if value.startswith("=") else ""
    return mark, re.sub(r'\\(["\\])', r"\1", value[len(mark) :].removeprefix('"').removesuffix('"'))
