"""What one answer of arXiv listed, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from papers_tui.domain.identity import arxiv_id, arxiv_key
from papers_tui.domain.paper import Paper
from papers_tui.late import dataclass

MOST_AT_ONCE = 2000
"""The most entries of one answer, of the API and of a feed (https://info.arxiv.org/help/api/user-manual.html)."""

LAST_START = 30_000
"""`start` and `max_results` of the API may not come to more than this."""

_RENEWED = timedelta(hours=6)
"""By then the feeds are renewed: arXiv does it at midnight in New York, which is 4:00 or 5:00 UTC."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The papers of one answer.

    `faults` has a sentence for each entry left out, `rows` counts all entries, good and bad. `error` is a
    sentence where the answer as a whole is refused, no listing, or cut short; papers that were read before
    are given all the same, but nothing follows from those that are not there. `announced` is the day of a
    feed's announcement in New York, "YYYY-MM-DD", and `skip_days` the English names of the days without one;
    `total`, `start` and `per_page` are what the API says of the whole result.
    """

    papers: tuple[Paper, ...] = ()
    faults: tuple[str, ...] = ()
    rows: int = 0
    error: str | None = None
    announced: str | None = None
    skip_days: tuple[str, ...] = ()
    total: int | None = None
    start: int | None = None
    per_page: int | None = None


def next_start(listing: Listing) -> int | None:
    """Where the API's next page starts, or None after the last.

    An empty page ends it whatever the total says: deep pages have come back empty.
    """
    start = (listing.start or 0) + listing.rows
    if listing.error or not listing.rows or start >= min(listing.total or 0, LAST_START):
        return None
    return start


def missing_ids(listing: Listing, asked: Iterable[str]) -> tuple[str, ...]:
    """Those of the arXiv ids asked for that the answer passes over in silence."""
    given = {key for paper in listing.papers for key in paper.keys}
    return tuple(text for text in asked if arxiv_key(arxiv_id(text) or "") not in given)


def is_stale(listing: Listing, *, known: Collection[str], known_day: str | None, now: datetime) -> bool:
    """Whether a feed still serves an older announcement on a day that should have its own.

    `known` are the ids (`Paper.id`) of the last announcement that was stored, `known_day` its day. A feed is
    stale on a weekday when it names an earlier day itself, or names today but lists nothing that was not known
    on an earlier one: arXiv dates an old batch anew. An empty feed is not stale: there are holidays.
    """
    today = (now.astimezone(UTC) - _RENEWED).date()
    if listing.error or not listing.papers or today.weekday() >= 5:
        return False
    if listing.announced and listing.announced < today.isoformat():
        return True
    fresh = [paper.id for paper in listing.papers if paper.announce == "new"]
    told = fresh or [paper.id for paper in listing.papers]
    return (
        bool(known_day) and known_day != today.isoformat() and all(identifier in known for identifier in told)
    )
