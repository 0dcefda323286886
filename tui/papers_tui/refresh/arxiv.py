"""Asking arXiv: the announcements of categories, and searches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol

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
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused

_FIRST_DAYS = timedelta(days=3)
"""How far back a new source begins."""

_EARLIER = timedelta(days=4)
"""What is announced on a Monday was submitted from Thursday on."""

_DAY = timedelta(days=1)

_AT_ONCE = timedelta(days=14)
"""The days of one search for what was missed: of more days the API can't list all, and what is done is done."""

_MOST_PAGES = 15
_SEARCH_PAGE = 100


class _Address(Protocol):
    """Gives the address of a page, by the number of its first record."""

    def __call__(self, *, start: int) -> str: ...


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
    if job.brief and (job.tally.new or feed.status in ("failed", "refused")):
        return feed
    records = await _missed(job, categories, now.astimezone(UTC).date())
    if records is None or feed.status in ("failed", "refused"):
        return feed
    if records.status in ("failed", "refused"):
        return records
    faults = (*feed.faults, *records.faults)
    brought = feed.status == "unchanged" and (job.tally.new or job.tally.merged)
    return replace(feed, status="fetched" if brought else feed.status, faults=faults)


async def _missed(job: Job, categories: Categories, today: date) -> Outcome | None:
    """The records of the days that the feed does not show any more, the oldest days first; None where all are here."""
    faults: list[str] = []
    behind = _date(job.notes.get("behind"))
    if behind is None:
        return None
    while behind <= today:
        last = min(behind + _AT_ONCE - _DAY, today)
        job.told(f"arXiv's records of {behind} to {last}")
        most = _SEARCH_PAGE if job.brief else MOST_AT_ONCE
        records = await _records(
            job, partial(day_address, job.services.arxiv_api, categories, behind, last, limit=most)
        )
        if records.status in ("failed", "refused"):
            return records
        faults += records.faults
        behind = last + _DAY
        job.notes["behind"] = behind.isoformat()
        if job.brief and job.tally.new:
            break
        if behind <= today:
            job.save()
    del job.notes["behind"]
    return Outcome("fetched", faults=tuple(faults))


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
    listing = parse_rss(answer.body)
    if isinstance(answer, Failed) or listing.error:
        return _failed(answer, listing)
    day, known = _date(job.notes.get("day")), job.notes.get("ids") or ()
    stale = is_stale(listing, known=set(known), known_day=str(day) if day else None, now=now)
    job.keep(listing.papers, ARXIV)
    announced = _date(listing.announced) or now.astimezone(UTC).date()
    redated = stale and announced >= now.astimezone(UTC).date()
    if listing.papers and not redated and (day is None or announced > day):
        if not first:
            _fall_behind(job, (day or announced) - _EARLIER)
        job.notes["day"] = announced.isoformat()
        job.notes["ids"] = [paper.id for paper in listing.papers]
    elif first:
        job.notes["day"] = ""
    if stale:  # and not to be known: to hear that it is unchanged would say that there is nothing new
        return Outcome("nothing-yet", f"arXiv still gives the announcement of {day or announced}")
    job.known(url, answer)
    status = "fetched" if listing.papers else "nothing-yet"
    reason = "" if listing.papers else "arXiv announces nothing today"
    return Outcome(status, reason, fresh=fresh_of(answer), faults=listing.faults)


def _failed(answer: Fetched | Failed, listing: Listing) -> Outcome:
    """What went wrong, in arXiv's own words where it explains itself."""
    said = listing.error or ""
    if said.startswith("arXiv answers"):
        return Outcome("failed", said, kind="http")
    if isinstance(answer, Failed):
        return trouble(answer)
    return Outcome("failed", f"arXiv: {said}", faults=listing.faults)


async def _search(job: Job, search: Search) -> Outcome:
    """The newest papers that a search finds, page by page, until one brings nothing new."""
    job.told("what the search finds")
    asked = _date(job.notes.get("asked"))
    since = min(filter(None, (job.since, asked and asked - _EARLIER)), default=None)
    address = partial(search_address, job.services.arxiv_api, search, limit=_SEARCH_PAGE)
    outcome = await _records(job, address, newest=True, since=since)
    if outcome.status == "fetched":
        job.notes["asked"] = job.now().astimezone(UTC).date().isoformat()
    return outcome


async def _records(
    job: Job, address: _Address, *, newest: bool = False, since: date | None = None
) -> Outcome:
    """The records of the API, page by page; of the `newest` no more than one page, or those `since` a day."""
    start: int | None = 0
    faults: list[str] = []
    answer: Answer | None = None
    answers: list[tuple[str, Fetched]] = []
    while start is not None and len(answers) < (1 if job.brief else _MOST_PAGES):
        url = address(start=start)
        answer = await job.get(url, conditional=newest and not job.since)
        if isinstance(answer, NotModified):
            break
        if isinstance(answer, Refused):
            return trouble(answer)
        listing = parse_api(answer.body)
        if isinstance(answer, Failed) or listing.error:
            return _failed(answer, listing)
        if not listing.rows and listing.total and not start:
            return Outcome("failed", f"arXiv: it found {listing.total:,} papers, and sent none of them")
        faults += listing.faults
        job.keep(listing.papers, ARXIV)
        answers.append((url, answer))
        start = None if newest and not _goes_on(listing, since) else next_start(listing)
    for url, answer in answers if newest else ():
        job.known(url, answer)
    if isinstance(answer, NotModified) and not answers:
        return Outcome("unchanged", fresh=fresh_of(answer))
    return Outcome("fetched", faults=tuple(faults))


def _goes_on(listing: Listing, since: date | None) -> bool:
    """Whether all papers of a page, the newest first, are of the time that is asked for."""
    last = min((paper.published or "9" for paper in listing.papers), default="")
    return since is not None and last >= since.isoformat()


def _fall_behind(job: Job, day: date) -> None:
    """Wants the API's records from a day on."""
    behind = _date(job.notes.get("behind"))
    job.notes["behind"] = min(filter(None, (day, behind))).isoformat()


def _date(text: object) -> date | None:
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None
