"""Asking Hugging Face for Daily Papers: the editions that are due, or another of its lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from papers_tui.domain.moments import stamp
from papers_tui.domain.plan import HUGGING_FACE
from papers_tui.refresh.job import Job, fresh_of, trouble
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused
from papers_tui.sources.huggingface import (
    Period,
    daily_address,
    edition_state,
    editions_due,
    parse_page,
    parse_source,
    period_address,
)

_FIRST_DAYS = timedelta(days=6)
"""How far back a new library begins: a week of editions."""

_COUNTED_DAYS = timedelta(days=14)
"""As long as votes still come in; the editions of these days are asked again once a day."""

_EMPTY_AGAIN = timedelta(hours=6)
"""An edition that had no papers on its day may get some yet."""

_MOST_EDITIONS = 1000
_MOST_PAGES = 20
_WHOLE_PAGE = 100


@dataclass(frozen=True, slots=True)
class _Read:
    """What a list said, over all its pages: the last answer, the rows of the first page (None: unreadable), and what is
    wrong with it or with rows of it."""

    answer: Answer
    rows: int | None = None
    error: str = ""
    faults: tuple[str, ...] = ()


async def fetch_daily_papers(job: Job) -> Outcome:
    """Asks a source of the kind "daily-papers"."""
    period = parse_source(job.source.address)
    return await (_editions(job) if period.kind == "daily" else _list(job, period))


async def _list(job: Job, period: Period) -> Outcome:
    today = job.now().astimezone(UTC).date()
    read = await _pages(job, lambda page: period_address(job.services.huggingface, period, today, page=page))
    if isinstance(read.answer, Refused | Failed):
        return trouble(read.answer)
    if read.error:
        return Outcome("failed", f"Hugging Face: {read.error}", faults=read.faults)
    status = (
        "unchanged" if isinstance(read.answer, NotModified) else "fetched" if read.rows else "nothing-yet"
    )
    return Outcome(status, fresh=fresh_of(read.answer), faults=read.faults)


async def _editions(job: Job) -> Outcome:
    """The newest editions for their counts, and those that were missed, the newest first.

    `notes` hold the newest edition up to which all is here ("whole"), the oldest one ("first"), the day that the user
    wanted ("since", until a run ends well), when counts were last asked for ("counted"), and days without papers
    ("empty": when they were last asked).
    """
    now = job.now()
    if job.since:
        wanted = [job.since, *_dates(job.notes.get("since"))]
        job.notes["since"] = min(wanted).isoformat()
    days = _days(job, now)
    empty: dict[str, str] = dict(job.notes.get("empty") or {})
    faults: list[str] = []
    found: list[date] = []
    unchanged = True
    for number, day in enumerate(days, start=1):
        job.told(f"edition {day}" + (f", {number} of {len(days)}" if len(days) > 1 else ""))
        read = await _edition(job, day)
        match _state(read, day, now):
            case "open":
                found.append(day)
                empty.pop(day.isoformat(), None)
                unchanged &= isinstance(read.answer, NotModified)
            case "nothing-yet":
                empty[day.isoformat()] = stamp(now)
            case "none":
                empty.pop(day.isoformat(), None)
            case "failed":
                return _failed(read, day)
        faults += read.faults
        if found and job.brief:
            break
    job.notes["empty"] = empty
    job.notes["counted"] = f"{now.astimezone(UTC).date()}"
    job.notes.pop("since", None)
    known = [*found, *_dates(job.notes.get("whole")), *_dates(job.notes.get("first"))]
    if known:
        job.notes["whole"], job.notes["first"] = max(known).isoformat(), min(known).isoformat()
    status = "nothing-yet" if not found else "unchanged" if unchanged else "fetched"
    reason = f"the edition of {days[0]} is not open yet" if not found and days else ""
    return Outcome(status, reason, faults=tuple(faults))


def _days(job: Job, now: datetime) -> tuple[date, ...]:
    """The days to ask for, newest first."""
    today = now.astimezone(UTC).date()
    whole, first = _dates(job.notes.get("whole")), _dates(job.notes.get("first"))
    begin = [*(whole or [today - _FIRST_DAYS]), *_dates(job.notes.get("since"))]
    if first and job.notes.get("counted") != today.isoformat():
        begin.append(max(first[0], today - _COUNTED_DAYS))
    days = editions_due(min(begin), now, since=None, limit=_MOST_EDITIONS)
    again = [
        day
        for text, asked in (job.notes.get("empty") or {}).items()
        for day in _dates(text)
        if day >= today - _COUNTED_DAYS and str(asked) <= stamp(now - _EMPTY_AGAIN)
    ]
    return tuple(sorted({*days, *again}, reverse=True))


async def _edition(job: Job, day: date) -> _Read:
    return await _pages(job, lambda page: daily_address(job.services.huggingface, day=day, page=page))


def _state(read: _Read, day: date, now: datetime) -> str:
    match read.answer:
        case NotModified():
            return "open"
        case Fetched():
            return "failed" if read.error else edition_state(read.answer.status, read.rows, day, now)
        case Failed(kind="http", status=int(status)):
            return edition_state(status, None, day, now)
    return "failed"


def _failed(read: _Read, day: date) -> Outcome:
    if isinstance(read.answer, Refused | Failed):
        return trouble(read.answer)
    return Outcome("failed", f"Hugging Face, edition of {day}: {read.error}")


async def _pages(job: Job, address: Callable[[int], str]) -> _Read:
    """Asks page after page of a list and keeps what is on them; the first page that is known tells that all are."""
    rows: int | None = None
    faults: list[str] = []
    seen: set[str] = set()
    for number in range(1 if job.brief else _MOST_PAGES):
        url = address(number)
        answer = await job.get(url, headers=job.headers)
        if not isinstance(answer, Fetched):
            return _Read(answer, rows, faults=tuple(faults))
        page = parse_page(answer.body)
        if page.error:
            return _Read(answer, rows, page.error, tuple(faults))
        rows = page.rows if rows is None else rows
        faults += page.faults
        fresh = [paper for paper in page.papers if paper.id not in seen]
        seen.update(paper.id for paper in fresh)
        job.keep(fresh, HUGGING_FACE)
        job.known(url, answer)
        # A service that gives the same page for every number would be asked without end.
        if page.rows < _WHOLE_PAGE or not fresh or url == address(number + 1):
            break
    return _Read(answer, rows, faults=tuple(faults))


def _dates(text: object) -> list[date]:
    """The day that a note holds, if it does."""
    try:
        return [date.fromisoformat(text)] if isinstance(text, str) else []
    except ValueError:
        return []
