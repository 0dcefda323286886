"""Which editions of Daily Papers to ask for, and what an answer says of one.

An edition belongs to a day of UTC, Monday to Friday, and grows through that day; its papers gather votes for days.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Literal

EditionState = Literal["open", "nothing-yet", "none", "failed"]
"""An edition has papers, has none so far, will have none, or the answer is an error."""

_FIRST = date(2023, 5, 1)
"""Daily Papers began in that month."""

_ASKED_AGAIN = 3
"""Editions whose counts still move."""

_SETTLED = timedelta(days=14)
"""As long as papers may be submitted to an edition; a day that is still empty then had none."""

_DAY = timedelta(days=1)
_SATURDAY = 5


def editions_due(
    last_seen: date | None, now: datetime, *, since: date | None, limit: int
) -> tuple[date, ...]:
    """The days to ask for, newest first, at most `limit`.

    They are the last three editions, for their counts, and all from `last_seen` on, the newest edition that was
    fetched before, or from `since` where that is earlier. Weekends have none.
    """
    today = now.astimezone(UTC).date()
    again = list(_weekdays(today, today - timedelta(days=7)))[:_ASKED_AGAIN]
    first = max(_FIRST, min(filter(None, (last_seen, since, again[-1]))))
    return tuple(islice(_weekdays(today, first), max(limit, 0)))


def edition_state(status: int, rows: int | None, day: date, now: datetime) -> EditionState:
    """What an HTTP status, and the rows of its first page (None: unreadable), say of a day's edition.

    A day that is not open yet is refused with 400 or answered with no rows, and so is one that never was.
    """
    today = now.astimezone(UTC).date()
    if status == 200 and rows:
        return "open"
    if (status == 200 and rows == 0) or (status == 400 and day >= today - _DAY):
        return "none" if day.weekday() >= _SATURDAY or today - day > _SETTLED else "nothing-yet"
    if status == 400 and day.weekday() >= _SATURDAY:
        return "none"
    return "failed"


def _weekdays(newest: date, oldest: date) -> Iterator[date]:
    day = newest
    while day >= oldest:
        if day.weekday() < _SATURDAY:
            yield day
        day -= _DAY
