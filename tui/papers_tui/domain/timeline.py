"""Where papers stand in time: the number by which a list of papers is in order, the latest first."""

from __future__ import annotations

from datetime import UTC, datetime

from papers_tui.late import pattern

_TIES = 17
"""Bits for papers of the same second: five digits, as arXiv numbers the papers of a month."""

_ORIGIN = 1 << 36
"""Seconds before 1970 that have a place: since before the year 1."""

_UNDATED = 1 << 48
_NUMBER = pattern(r"[0-9]{1,5}\Z")


def place(published: str | None, ident: str, row: int) -> int:
    """The place of the paper of a store's row; the later it was published, the higher.

    Those of one second go by their id, the lower arXiv number first; those without a date come below all others,
    the lower row first. Two papers may ask for one place, which is rare: one of them takes the nearest below.
    """
    if published is None:
        return _UNDATED - row
    return first_place(sort_time(published)) + _tie(ident)


def first_place(seconds: int) -> int:
    """The lowest place of a second since 1970."""
    return (seconds + _ORIGIN) << _TIES


def sort_time(published: str) -> int:
    """Seconds since 1970 of a date or a time; a bare day counts as its first second."""
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _tie(ident: str) -> int:
    import zlib

    number = _NUMBER.search(ident) if ident.startswith("arxiv:") else None
    taken = int(number[0]) if number else zlib.crc32(ident.encode()) % (1 << _TIES)
    return (1 << _TIES) - 1 - taken
