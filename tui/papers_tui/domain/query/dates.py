"""The days that a query speaks of: ISO days, months and years, and those that depend on the day it is asked.

A period is a text: `2026-11-20`, `2026-11`, `2026`, `today`, `yesterday`, or so many days, weeks, months or
years ago (`7d`, `2w`, `3m`, `1y`). It stays as it was written, and is only resolved when a query is asked, so
that a saved view moves along with the days.
"""

from __future__ import annotations

from datetime import date

from papers_tui.domain.query.values import Between, Dated
from papers_tui.late import pattern

EXPECTED = "a day such as 2026-11-20, a month such as 2026-11, a year, 7d, 2w, 3m, 1y, today or yesterday"

_AGO = pattern(r"([1-9][0-9]{0,4})([dwmy])")
_FIXED = pattern(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")

NO_DAY = (1, 0)


def read_period(text: str) -> str | None:
    """The period that a text spells, in lower case; None where it is none."""
    period = text.lower()
    if period in ("today", "yesterday") or _AGO.fullmatch(period):
        return period
    return period if _fixed(period) else None


def is_relative(term: Dated | Between) -> bool:
    """Whether the days of a term depend on the day it is asked."""
    periods = (term.first, term.last) if isinstance(term, Between) else (term.period,)
    return any(period and not _FIXED.fullmatch(period) for period in periods)


def days(term: Dated | Between, today: date) -> tuple[int, int]:
    """The first and the last day that a term takes in, as ordinals (`date.toordinal`); NO_DAY where none."""
    match term:
        case Between(first, last):
            begin = _days(first, today)[0] if first else date.min.toordinal()
            end = _days(last, today)[1] if last else date.max.toordinal()
        case Dated("after", period):
            begin, end = _days(period, today)[1] + 1, date.max.toordinal()
        case Dated("before", period):
            begin, end = date.min.toordinal(), _days(period, today)[0] - 1
        case Dated(_, period) if _AGO.fullmatch(period):
            begin, end = _days(period, today)[0] + 1, today.toordinal()
        case Dated(_, period):
            begin, end = _days(period, today)
    return (begin, end) if begin <= end else NO_DAY


def _days(period: str, today: date) -> tuple[int, int]:
    if period == "today":
        return today.toordinal(), today.toordinal()
    ago = _AGO.fullmatch("1d" if period == "yesterday" else period)
    if ago:
        day = _before(today, int(ago[1]), ago[2])
        return day, day
    fixed = _fixed(period)
    if fixed is None:
        raise ValueError(f"{period!r} is no period")
    return fixed


def _before(today: date, many: int, unit: str) -> int:
    """The day so many units ago; the first day there is where that is earlier."""
    first = date.min.toordinal()
    if unit in "dw":
        return max(first, today.toordinal() - many * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 - many * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if year < date.min.year:
        return first
    return date(year, month + 1, min(today.day, _length(year, month + 1))).toordinal()


def _length(year: int, month: int) -> int:
    """The days of a month."""
    from calendar import monthrange

    return monthrange(year, month)[1]


def _fixed(period: str) -> tuple[int, int] | None:
    """The first and the last day of a day, a month or a year of the calendar."""
    found = _FIXED.fullmatch(period)
    if not found:
        return None
    year, month, day = (int(found[part]) if found[part] else None for part in ("year", "month", "day"))
    try:
        first = date(year or 0, month or 1, day or 1)
        last = date(first.year, month or 12, day or _length(first.year, month or 12))
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()
