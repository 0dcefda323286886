"""Asking Hugging Face for Daily Papers: the editions that are due, or another of its lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Protocol

from papers_tui.domain.moments import stamp
from papers_tui.domain.plan import HUGGING_FACE
from papers_tui.late import dataclass
from papers_tui.refresh.job import Job, trouble
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
_LONGEST_AWAY = timedelta(days=200)
"""Over how many days weeks and months are caught up with."""

_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class _Read:
    """What a list said, over all its pages: the last answer, the rows that came (None: unreadable), whether a page was
    known already, and what is wrong with it or with rows of it."""

    answer: Answer
    rows: int | None = None
    known: bool = False
    error: str = ""
    faults: tuple[str, ...] = ()


class _Address(Protocol):
    """Gives the address of a page of a list, by its number from 0."""

    def __call__(self, *, page: int) -> str: ...


async def fetch_daily_papers(job: Job) -> Outcome:
    """Asks a source of the kind "daily-papers"."""
    period = parse_source(job.source.address)
    return await (_editions(job) if period.kind == "daily" else _list(job, period))


async def _list(job: Job, period: Period) -> Outcome:
    """A list as it is now; of weeks and months also those since the last refresh (`notes`: "asked"), the newest first.

    What came into a list after it was asked for the last time would be missed otherwise.
    """
    today = job.now().astimezone(UTC).date()
    rows, changed = 0, False
    faults: list[str] = []
    for day in _spans(job, period, today):
        read = await _pages(job, partial(period_address, job.services.huggingface, period, day))
        if day == today and _is_to_come(read.answer, period, today):
            continue
        if isinstance(read.answer, Refused | Failed):
            return trouble(read.answer)
        if read.error:
            return Outcome("failed", f"Hugging Face: {read.error}", faults=read.faults)
        faults += read.faults
        rows += (read.rows or 0) + read.known
        changed |= bool(read.rows)
    job.notes["asked"] = today.isoformat()
    status = "fetched" if changed else "unchanged" if rows else "nothing-yet"
    return Outcome(status, "" if rows else "Hugging Face lists no papers there yet", faults=tuple(faults))


def _spans(job: Job, period: Period, today: date) -> tuple[date, ...]:
    """A day of each list to ask for, the newest first."""
    if period.kind not in ("week", "month"):
        return (today,)
    asked = _dates(job.notes.get("asked"))
    begin = max(min([today, *([job.since] if job.since else []), *asked]), today - _LONGEST_AWAY)
    lists = {
        period_address("", period, day): day
        for day in (begin + timedelta(days=number) for number in range((today - begin).days + 1))
    }
    return tuple(reversed(lists.values()))


def _is_to_come(answer: Answer, period: Period, today: date) -> bool:
    """Whether a week or a month is refused because it has not begun for the service."""
    begun = today.weekday() if period.kind == "week" else today.day - 1
    return period.kind in ("week", "month") and begun <= 1 and _is_bad_request(answer)


def _is_bad_request(answer: Answer) -> bool:
    return isinstance(answer, Failed) and answer.status == _BAD_REQUEST


async def _editions(job: Job) -> Outcome:
    """The newest editions for their counts, and those that are missing, the newest first.

    `notes` hold the days whose editions are to be fetched yet ("missing"), the newest day that was asked for
    ("reached") and the oldest with an edition that is here ("first"), when counts were last asked for ("counted"), and
    days without papers ("empty": when they were last asked). They are saved after each edition: a refresh that is
    interrupted is gone on with by the next one.
    """
    now = job.now()
    days = _days(job, now)
    found: list[date] = []
    bad: list[Outcome] = []
    unchanged = True
    faults: list[str] = []
    for number, day in enumerate(days, start=1):
        job.told(f"edition {day}" + (f", {number} of {len(days)}" if len(days) > 1 else ""))
        read = await _pages(job, partial(_edition_address, job.services.huggingface, day))
        state = _state(job, read, day, now)
        if state == "failed" and found and _is_bad_request(read.answer):
            state = "none"  # it is no fault of the service, which has the editions around it
            faults.append(f"the edition of {day}: Hugging Face does not know that day")
        if state == "failed":
            bad.append(_failed(read, day))
            if len(bad) > 1 or not _is_of_the_edition(read.answer):
                return bad[0]
            continue
        if state == "open":
            found.append(day)
            unchanged &= read.known and not read.rows
        _note(job, state, day, now)
        faults += read.faults
        job.save()
        if found and job.brief:
            break
    if bad:
        return replace(bad[0], faults=tuple(faults))
    job.notes["counted"] = f"{now.astimezone(UTC).date()}"
    status = "nothing-yet" if not found else "unchanged" if unchanged else "fetched"
    reason = f"the edition of {days[0]} is not open yet" if not found and days else ""
    return Outcome(status, reason, faults=tuple(faults))


def _days(job: Job, now: datetime) -> tuple[date, ...]:
    """The days to ask for, those that may have new papers before those for counts; the missing ones are noted."""
    today = now.astimezone(UTC).date()
    first, reached = _dates(job.notes.get("first")), _dates(job.notes.get("reached"))
    begin = min([*(reached or [today - _FIRST_DAYS]), *([job.since] if job.since else [])])
    missing = {day for text in job.notes.get("missing") or () for day in _dates(text)}
    missing.update(day for day in editions_due(begin, now, since=None, limit=_MOST_EDITIONS) if day >= begin)
    again = {
        day
        for text, asked in (job.notes.get("empty") or {}).items()
        for day in _dates(text)
        if day >= today - _COUNTED_DAYS and str(asked) <= stamp(now - _EMPTY_AGAIN)
    }
    job.notes["missing"] = sorted(day.isoformat() for day in missing)
    job.notes["reached"] = max([today, *reached]).isoformat()
    wanted = {*missing, *editions_due(None, now, since=None, limit=_MOST_EDITIONS), *again}
    counts: set[date] = set()
    if first and job.notes.get("counted") != today.isoformat():
        counted = max(first[0], today - _COUNTED_DAYS)
        counts.update(editions_due(counted, now, since=None, limit=_MOST_EDITIONS))
    # Counts alone come last: what breaks off again and again gets on all the same.
    days = (*sorted(wanted, reverse=True), *sorted(counts - wanted, reverse=True))
    return days[:_MOST_EDITIONS]


def _note(job: Job, state: str, day: date, now: datetime) -> None:
    """Keeps in mind that an edition is here, or that its day has none."""
    text = day.isoformat()
    job.notes["missing"] = [missing for missing in job.notes["missing"] if missing != text]
    empty = {other: asked for other, asked in (job.notes.get("empty") or {}).items() if other != text}
    if state == "nothing-yet":
        empty[text] = stamp(now)
    elif state == "open":
        job.notes["first"] = min([day, *_dates(job.notes.get("first"))]).isoformat()
    job.notes["empty"] = empty


def _edition_address(base: str, day: date, *, page: int) -> str:
    return daily_address(base, day=day, page=page)


def _state(job: Job, read: _Read, day: date, now: datetime) -> str:
    match read.answer:
        case Fetched() | NotModified() if read.error:
            return "failed"
        case Fetched() | NotModified() if read.known and not read.rows:
            return "nothing-yet" if day.isoformat() in (job.notes.get("empty") or {}) else "open"
        case Fetched(status=int(status)):
            return edition_state(status, read.rows, day, now)
        case Failed(kind="http", status=int(status)):
            return edition_state(status, None, day, now)
    return "failed"


def _is_of_the_edition(answer: Answer) -> bool:
    """Whether a failure may be that of one edition alone: the service is there, and answers."""
    return isinstance(answer, Fetched) or (isinstance(answer, Failed) and answer.kind == "http")


def _failed(read: _Read, day: date) -> Outcome:
    if isinstance(read.answer, Refused | Failed):
        return trouble(read.answer)
    return Outcome("failed", f"Hugging Face, edition of {day}: {read.error}", faults=read.faults)


async def _pages(job: Job, address: _Address) -> _Read:
    """Asks page after page of a list, and keeps what is on them."""
    rows: int | None = None
    known = False
    faults: list[str] = []
    answers: list[tuple[str, Fetched]] = []
    seen: set[str] = set()
    for number in range(1 if job.brief else _MOST_PAGES):
        url, following = address(page=number), address(page=number + 1)
        answer = await job.get(url, headers=job.headers)
        if isinstance(answer, NotModified):
            known = True
            if url == following or following not in job.validators:
                break
            continue
        if not isinstance(answer, Fetched):
            return _Read(answer, rows, known, faults=tuple(faults))
        page = parse_page(answer.body)
        if page.error:
            return _Read(answer, rows, known, page.error, tuple(faults))
        rows = (rows or 0) + page.rows
        faults += page.faults
        fresh = [paper for paper in page.papers if paper.id not in seen]
        seen.update(paper.id for paper in fresh)
        job.keep(fresh, HUGGING_FACE)
        answers.append((url, answer))
        # A service that gives the same page for every number would be asked without end.
        if page.rows < _WHOLE_PAGE or not fresh or url == following:
            break
    for url, whole in answers:
        job.known(url, whole)
    return _Read(answer, rows, known, faults=tuple(faults))


def _dates(text: object) -> list[date]:
    """The day that a note holds, if it does."""
    try:
        return [date.fromisoformat(text)] if isinstance(text, str) else []
    except ValueError:
        return []
