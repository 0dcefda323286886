"""What the headers of an answer say, read without trust: numbers are bounded, and nonsense is absent."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 30 * 86_400
"""No wait and no freshness is longer, in seconds: a slip of a server must not silence a source for years."""

_LONGEST_TEXT = 1_000
_NUMBER = re.compile(r"[0-9]{1,20}")
_FIT = re.compile(r"[\x20-\x7e]+")


def http_date(text: str | None) -> datetime | None:
    """A date as RFC 9110 §5.6.7 writes it, in UTC; None where `text` is none."""
    if not text or len(text) > 64:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def retry_after(text: str | None, now: datetime, date: str | None = None) -> int | None:
    """The seconds that `Retry-After` asks for (RFC 9110 §10.2.3), 1 at least; None where it asks for none.

    A date counts from the server's own `Date`, where it sent one: its clock may be wrong, and so may ours.
    """
    text = (text or "").strip()
    if _NUMBER.fullmatch(text):
        return _bounded(int(text), 1)
    moment = http_date(text)
    if moment is None:
        return None
    seconds = math.ceil((moment - (http_date(date) or now)).total_seconds())
    return _bounded(seconds, 1) if seconds > 0 else None


def rate_limit(text: str | None) -> tuple[int, int] | None:
    """How many requests are left, and the seconds until there are more, by the tightest of the limits.

    Reads `"api";r=0;t=30`, several of them with commas between (draft-ietf-httpapi-ratelimit-headers).
    """
    found: list[tuple[int, int]] = []
    for item in (text or "")[:_LONGEST_TEXT].split(","):
        fields = dict(_pair(part) for part in item.split(";")[1:])
        left, seconds = fields.get("r", ""), fields.get("t", "")
        if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(seconds):
            found.append((int(left), _bounded(int(seconds), 0)))
    return min(found, key=lambda limit: (limit[0], -limit[1]), default=None)


def max_age(
    cache_control: str | None, expires: str | None, date: str | None, age: str | None, now: datetime
) -> int | None:
    """The seconds for which an answer is fresh (RFC 9111 §4.2); None where the server does not say.

    `Cache-Control` stands before `Expires`, and what an answer spent in caches on its way is taken off.
    """
    directives = dict(_pair(part) for part in (cache_control or "")[:_LONGEST_TEXT].split(","))
    if "no-store" in directives or "no-cache" in directives:
        return 0
    stated = directives.get("max-age", "").strip('"')
    if _NUMBER.fullmatch(stated):
        seconds = int(stated)
    elif expires is not None:
        moment = http_date(expires)
        seconds = int((moment - (http_date(date) or now)).total_seconds()) if moment else 0
    else:
        return None
    spent = int(age) if age and _NUMBER.fullmatch(age.strip()) else 0
    return _bounded(seconds - spent, 0)


def fit(text: str | None) -> str | None:
    """`text` where it is a value that is safe to keep and to send back: one line of printable ASCII."""
    return text if text and len(text) <= _LONGEST_TEXT and _FIT.fullmatch(text) else None


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip()


def _bounded(seconds: int, least: int) -> int:
    return min(max(seconds, least), LONGEST)
