"""The time of New York, by which arXiv keeps its days; by rule, so that no test needs the system's time zones."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, timezone

_SATURDAY = 5
_DEADLINE = time(14)


def zone(moment: datetime) -> timezone:
    """The offset at a moment: four hours behind UTC in summer, else five (Energy Policy Act of 2005)."""
    utc = moment.astimezone(UTC)
    begins = datetime.combine(_sunday(utc.year, 3, 2), time(7), UTC)
    ends = datetime.combine(_sunday(utc.year, 11, 1), time(6), UTC)
    return timezone(timedelta(hours=-4 if begins <= utc < ends else -5))


def day_of(moment: datetime) -> date:
    return moment.astimezone(zone(moment)).date()


def midnight(day: date) -> datetime:
    """The moment at which a day begins."""
    return datetime.combine(day, time(), zone(datetime.combine(day, time(5), UTC)))


def until_midnight(moment: datetime) -> int:
    """The whole seconds that a day has left."""
    return int((midnight(day_of(moment) + timedelta(days=1)) - moment).total_seconds())


def is_announcing(day: date, holidays: Collection[date]) -> bool:
    """Whether arXiv announces papers on a day: Monday to Friday, holidays apart."""
    return day.weekday() < _SATURDAY and day not in holidays


def announcement(submitted: datetime, holidays: Collection[date]) -> date:
    """The day on which arXiv announces what was submitted at a moment.

    The deadline is 14:00 on weekdays, and what came before it is announced with the next weekday's papers
    (https://info.arxiv.org/help/availability.html); a holiday's papers come a day later.
    """
    local = submitted.astimezone(zone(submitted))
    day = local.date() if local.time() < _DEADLINE else local.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    day += timedelta(days=1)
    while not is_announcing(day, holidays):
        day += timedelta(days=1)
    return day


def _sunday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
