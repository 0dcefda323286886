"""Asking arXiv: the announcements of categories, and searches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from papers_tui.domain.moments import stamp
from papers_tui.domain.plan import ARXIV
from papers_tui.refresh.job import Job, fresh_of, trouble
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources.arxiv import (
    MOST_AT_ONCE,
    Categories,
    Listing,
    Search,
    day_address,
    is_stale,
    next_start,
    parse_api,
    parse_rss,
    parse_source,
    rss_address,
    search_address,
)
from papers_tui.sources.http.answers import Failed, Fetched, NotModified, Refused

_FIRST_DAYS = timedelta(days=3)
"""How far back a new source begins."""

_EARLIER = timedelta(days=4)
"""What is announced on a Monday was submitted from Thursday on."""

_MOST_PAGES = 15
_SEARCH_PAGE = 100


async def fetch_arxiv(job: Job) -> Outcome:
    """Asks a source of the kind "arxiv"."""
    what = parse_source(job.source.address)
    return await (_search(job, what) if isinstance(what, Search) else _announcements(job, what))


async def _announcements(job: Job, categories: Categories) -> Outcome:
    """The last announcement by its feed, then the records of the days since the last refresh by the API.

    The feed alone says how a paper is announced, and shows one day; the API has the days before, comments and first
    dates. `notes` hold the last announcement's "day" and "ids", and from which day the API is to be asked ("behind").
    """
    now = job.now()
    if job.since:
        _fall_behind(job, job.since)
    feed = await _feed(job, categories, now)
    if feed.status == "failed" and feed.kind is not None:
        return feed
    behind = _date(job.notes.get("behind"))
    if behind is None or (job.brief and (job.tally.new or feed.status in ("failed", "refused"))):
        return feed
    job.told(f"arXiv's records since {behind}")
    today = now.astimezone(UTC).date()
    records = await _records(
        job,
        lambda start: day_address(
            job.services.arxiv_api,
            categories,
            behind,
            today,
            start=start,
            limit=_SEARCH_PAGE if job.brief else MOST_AT_ONCE,
        ),
        conditional=False,
    )
    if records.status in ("failed", "refused"):
        return records if feed.status in ("fetched", "unchanged", "nothing-yet") else feed
    del job.notes["behind"]
    return feed


async def _feed(job: Job, categories: Categories, now: datetime) -> Outcome:
    job.told("today's announcement")
    url = rss_address(job.services.arxiv_rss, categories)
    first = "day" not in job.notes
    if first:
        _fall_behind(job, now.astimezone(UTC).date() - _FIRST_DAYS)
    answer = await job.get(url)
    if isinstance(answer, NotModified):
        return Outcome("unchanged", fresh=fresh_of(answer))
    if isinstance(answer, Refused):
        return trouble(answer)
    body = answer.body
    listing = parse_rss(body) if body else Listing()
    if isinstance(answer, Failed):
        return Outcome("failed", listing.error, kind="http") if listing.error and body else trouble(answer)
    if listing.error:
        return Outcome("failed", f"arXiv: {listing.error}", faults=listing.faults)
    day, known = _date(job.notes.get("day")), job.notes.get("ids") or ()
    if is_stale(listing, known=set(known), known_day=str(day) if day else None, now=now):
        return Outcome("nothing-yet", f"arXiv still gives the announcement of {listing.announced or day}")
    job.keep(listing.papers, ARXIV)
    job.known(url, answer)
    if listing.papers:
        announced = _date(listing.announced) or now.astimezone(UTC).date()
        if not first and announced != day:
            _fall_behind(job, (day or announced) - _EARLIER)
        job.notes["day"] = announced.isoformat()
        job.notes["ids"] = [paper.id for paper in listing.papers]
    elif first:
        job.notes["day"] = ""
    status = "fetched" if listing.papers else "nothing-yet"
    reason = "" if listing.papers else "arXiv announces nothing today"
    return Outcome(status, reason, fresh=fresh_of(answer), faults=listing.faults)


async def _search(job: Job, search: Search) -> Outcome:
    """The newest papers that a search finds, page by page, until one brings nothing new."""
    job.told("what the search finds")
    outcome = await _records(
        job,
        lambda start: search_address(job.services.arxiv_api, search, start=start, limit=_SEARCH_PAGE),
        conditional=True,
    )
    if outcome.status == "fetched":
        job.notes["asked"] = stamp(job.now())
    return outcome


async def _records(job: Job, address: Callable[[int], str], *, conditional: bool) -> Outcome:
    """The records of the API, page by page; a search (`conditional`) ends where a page brings nothing new."""
    start: int | None = 0
    faults: list[str] = []
    for _ in range(1 if job.brief else _MOST_PAGES):
        assert start is not None
        url = address(start)
        answer = await job.get(url)
        if isinstance(answer, NotModified):
            return Outcome("unchanged", fresh=fresh_of(answer))
        if isinstance(answer, Refused):
            return trouble(answer)
        listing = parse_api(answer.body)
        if isinstance(answer, Failed):
            told = Outcome("failed", f"arXiv: {listing.error}", kind=answer.kind)
            return told if answer.body and listing.error else trouble(answer)
        if listing.error:
            return Outcome("failed", f"arXiv: {listing.error}", faults=listing.faults)
        faults += listing.faults
        tally = job.keep(listing.papers, ARXIV)
        if conditional:
            job.known(url, answer)
        start = next_start(listing)
        if start is None or (conditional and not _goes_on(job, listing, tally.new)):
            break
    return Outcome(
        "fetched", fresh=fresh_of(answer) if isinstance(answer, Fetched) else None, faults=tuple(faults)
    )


def _goes_on(job: Job, listing: Listing, new: int) -> bool:
    """Whether a search's next page is wanted: papers since a day, or all that came since the last refresh."""
    if job.since:
        last = min((paper.published or "9" for paper in listing.papers), default="")
        return last >= job.since.isoformat()
    return bool(job.notes.get("asked")) and new == listing.rows


def _fall_behind(job: Job, day: date) -> None:
    """Wants the API's records from a day on."""
    behind = _date(job.notes.get("behind"))
    job.notes["behind"] = min(filter(None, (day, behind))).isoformat()


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
