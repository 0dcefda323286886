"""Dates as feeds write them, as `Paper.published` is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IN_WORDS = re.compile(r"([A-Z][a-z]{2})[a-z]{0,6}\.? ([0-9]{1,2}), ([0-9]{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST = 100


def moment(text: str) -> str | None:
    """An ISO 8601, RFC 822 or "March 4, 2025" date in UTC, a bare day as a day; None where it is none of them.

    What names no zone counts as UTC.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if day := bare_day(text):
        return day
    if words := _IN_WORDS.fullmatch(text):
        month = _MONTHS.index(words[1]) + 1 if words[1] in _MONTHS else 0
        return bare_day(f"{words[3]}-{month:02}-{int(words[2]):02}")
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(text)
            found = found.astimezone(UTC) if found.tzinfo else found
            return found.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None


def bare_day(text: str) -> str | None:
    """The day that `text` is in ISO 8601 with hyphens, if it names no time."""
    if not _DAY.fullmatch(text.strip()):
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def from_parts(parts: Sequence[int]) -> str | None:
    """Year, month, day, hour, minute and second in UTC as one moment, or None where there is no such day."""
    try:
        return datetime(*parts[:6]).isoformat() + "Z"  # type: ignore[arg-type]
    except (ValueError, OverflowError, TypeError):
        return None
