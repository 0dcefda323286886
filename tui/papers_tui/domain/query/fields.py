"""The fields of the language: what may follow `name:`, in words, and the term that it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from papers_tui.domain.paper import ANNOUNCEMENTS
from papers_tui.domain.query import dates
from papers_tui.domain.query.values import (
    BELONGINGS,
    COUNTS,
    NAMED,
    ORDERS,
    PLACES,
    STATES,
    TOO_MANY,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Leaf,
    Within,
)
from papers_tui.domain.text import words_of
from papers_tui.late import dataclass, pattern


@dataclass(frozen=True, slots=True)
class Value:
    """What follows the colon: its text, whether it was `quoted`, a `=` before it, a `star` behind it.

    `unfinished`: somebody is still typing it.
    """

    text: str
    quoted: bool = False
    whole: bool = False
    star: bool = False
    unfinished: bool = False

    @property
    def prefix(self) -> bool:
        """Whether its last word may go on."""
        return self.star or self.unfinished


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of the whole query; no term of it."""

    order: str


@dataclass(frozen=True, slots=True)
class Field:
    """What is `expected`, in words, and what makes a term of a value (None: it is no such value)."""

    expected: str
    read: Callable[[Value], Leaf | Sort | None]


def _choice(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _one_of(names: tuple[str, ...], made: Callable[[str], Leaf | Sort], value: Value) -> Leaf | Sort | None:
    name = _plain(value)
    return made(name) if name in names else None


def _plain(value: Value) -> str:
    """A value of a field that knows no marks, in small letters."""
    return f"{'=' * value.whole}{value.text}{'*' * value.star}".casefold()


def _place(place: str, value: Value) -> Within | None:
    if not words_of(value.text):
        return None
    return Within(place, "=" * value.whole + value.text, value.prefix)


def _named(kind: str, value: Value) -> Label | None:
    return Label(kind, value.text, value.whole, value.prefix and not value.whole)


def _edition(value: Value) -> Label | None:
    name = _plain(value)
    if name == "latest":
        return Label("edition", name)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", name, re.ASCII):
        return None
    try:
        date.fromisoformat(name)
    except ValueError:
        return None
    return Label("edition", name)


_NUMBER = r"([0-9]{1,15})(k?)"
_COMPARED = pattern(rf"(>=|<=|>|<|=|){_NUMBER}", re.IGNORECASE)
_RANGE = pattern(rf"(?:{_NUMBER})?\.\.(?:{_NUMBER})?", re.IGNORECASE)


def _number(digits: str | None, thousands: str | None) -> int | None:
    return int(digits) * (1000 if thousands else 1) if digits else None


def _count(field: str, value: Value) -> Count | None:
    text = _plain(value)
    if found := _COMPARED.fullmatch(text):
        sign, number = found[1], _number(found[2], found[3]) or 0
        low = number + (sign == ">") if sign not in ("<", "<=") else None
        high = number - (sign == "<") if sign not in (">", ">=") else None
    elif found := _RANGE.fullmatch(text):
        low, high = _number(found[1], found[2]), _number(found[3], found[4])
    else:
        return None
    bounds = [bound for bound in (low, high) if bound is not None]
    if not bounds or bounds != sorted(bounds) or not 0 <= bounds[0] <= bounds[-1] < TOO_MANY:
        return None
    return Count(field, low, high)


def _dated(relation: str, value: Value) -> Dated | None:
    period = dates.read_period(_plain(value))
    return Dated(relation, period) if period else None


def _day(value: Value) -> Dated | Between | None:
    first, dots, last = _plain(value).partition("..")
    if not dots:
        return _dated("date", value)
    if not first and not last:
        return None
    periods = [dates.read_period(part) if part else "" for part in (first, last)]
    if periods[0] is None or periods[1] is None:
        return None
    return Between(periods[0], periods[1])


_TEXT = 'a word or "several words"'
_NAME = 'a name, such as vision or "two words"'

FIELDS: Mapping[str, Field] = {
    "is": Field(_choice(STATES), partial(_one_of, STATES, Is)),
    "has": Field(_choice(BELONGINGS), partial(_one_of, BELONGINGS, Has)),
    **{place: Field(_TEXT, partial(_place, place)) for place in PLACES},
    **{kind: Field(_NAME, partial(_named, kind)) for kind in NAMED},
    "edition": Field("a day such as 2025-11-20, or latest", _edition),
    "announce": Field(_choice(ANNOUNCEMENTS), partial(_one_of, ANNOUNCEMENTS, partial(Label, "announce"))),
    "after": Field(dates.EXPECTED, partial(_dated, "after")),
    "before": Field(dates.EXPECTED, partial(_dated, "before")),
    "date": Field(f"{dates.EXPECTED}, or a range such as 2026-11-01..2026-11-20", _day),
    **{
        field: Field("a number, >N, >=N, <N, <=N or a range such as 5..20", partial(_count, field))
        for field in COUNTS
    },
    "sort": Field(_choice(ORDERS), partial(_one_of, ORDERS, Sort)),
}
"""By name, in the order in which they are offered."""
