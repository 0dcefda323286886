"""Dates as services write them, in the one form in which a paper keeps them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_MAIL_DAY = re.compile(r"(?:[A-Z][a-z]{2}, ?)?([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})(?: |\Z)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc_stamp(value: object) -> str | None:
    """An ISO 8601 date or time in UTC, as `Paper.published` is written; without a zone it counts as UTC.

    None where `value` is no such text or names a time that doesn't exist.
    """
    found = _STAMP.fullmatch(value.strip(" \n")) if isinstance(value, str) else None
    if not found:
        return None
    day, time, zone = found.groups()
    try:
        if time is None:
            return datetime.fromisoformat(day).date().isoformat()
        moment = datetime.fromisoformat(f"{day}T{time}{zone or 'Z'}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None).isoformat() + "Z"


def written_day(text: str) -> str | None:
    """The day that an ISO 8601 or RFC 822 date names, "YYYY-MM-DD", in the zone in which it was written."""
    text = text.strip()
    if found := _MAIL_DAY.match(text):
        day, month, year = found.groups()
        text = f"{year}-{_MONTHS.index(month) + 1:02}-{int(day):02}" if month in _MONTHS else ""
    try:
        return datetime.fromisoformat(text[:10]).date().isoformat()
    except ValueError:
        return None
