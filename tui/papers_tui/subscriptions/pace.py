"""How often a source is asked, as people say it."""

from __future__ import annotations

import re

from papers_tui.domain.errors import PapersError
from papers_tui.late import pattern
from papers_tui.subscriptions.entries import MOST_MINUTES

_PACE = pattern(r"(\d{1,6})\s*(?:(m|min|minutes?)|(h|hours?)|(d|days?))?", re.IGNORECASE | re.ASCII)
_HOUR, _DAY = 60, 1440


def minutes(text: str) -> int | None:
    """The minutes that `90`, `90 min`, `6h` or `1 day` mean, and None for nothing at all.

    Raises PapersError for anything else.
    """
    if not text.strip():
        return None
    found = _PACE.fullmatch(text.strip())
    if found:
        many = int(found[1]) * (_HOUR if found[3] else _DAY if found[4] else 1)
        if 1 <= many <= MOST_MINUTES:
            return many
    raise PapersError("how often", f'"{text.strip()[:40]}" is no time', "write 90, 6h or 1d")


def pace(every: int | None) -> str:
    """Minutes in words; None is the source's own pace."""
    if every is None:
        return "at its own pace"
    for unit, name in ((_DAY, "day"), (_HOUR, "hour")):
        if every % unit == 0:
            return f"every {every // unit} {name}s" if every > unit else f"every {name}"
    return f"every {every} minutes" if every > 1 else "every minute"
