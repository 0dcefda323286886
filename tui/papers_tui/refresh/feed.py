"""Asking any feed, from the web or from a file."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISREG

from papers_tui.domain.confidential import holds_secret, public_name, without_secrets
from papers_tui.domain.errors import FeedError
from papers_tui.domain.plan import FEED
from papers_tui.refresh.job import Job, fresh_of, trouble
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources.feeds.discovery import find_feeds
from papers_tui.sources.feeds.message import Parsed
from papers_tui.sources.http.answers import Failed, Fetched, NotModified, Refused
from papers_tui.sources.http.client import LIMIT


async def fetch_feed(job: Job) -> Outcome:
    """Asks a source of the kind "feed"."""
    address = job.source.address
    if not job.source.is_remote:
        return await _file(job, Path(address))
    asked = str(job.notes.get("moved") or address)
    answer = await job.get(asked)
    if isinstance(answer, Failed):
        job.notes.pop(
            "moved", None
        )  # a wrong move is not for ever: next time the user's own address is asked
    if isinstance(answer, Refused | Failed):
        return trouble(answer)
    if answer.moved:
        job.notes["moved"] = answer.moved
    if isinstance(answer, NotModified):
        _follow(job, asked, answer)
        return Outcome("unchanged", fresh=_pace(job, fresh_of(answer)))
    # What is relative to the feed's address does not depend on its query, and is not to bring a secret along.
    base_url = answer.url.partition("?")[0] if holds_secret(answer.url) else answer.url
    parsed = await job.parser.parse(
        answer.body,
        content_type=answer.content_type,
        base_url=base_url,
        source=public_name(job.source.ref),
    )
    if isinstance(parsed, FeedError):
        return _no_feed(parsed, answer)
    _take(job, parsed)
    job.known(answer.moved or asked, answer)
    return Outcome("fetched", fresh=_pace(job, fresh_of(answer)), faults=parsed.faults)


async def _file(job: Job, path: Path) -> Outcome:
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            return Outcome("failed", f"{path} is no file that could be read to its end")
        known = f"{status.st_mtime_ns} {status.st_size}"
        if job.notes.get("file") == known:
            return Outcome("unchanged")
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        return Outcome("failed", f"{path} can't be read: {error.strerror or error}")
    if len(data) > LIMIT:
        return Outcome("failed", f"{path} is larger than {LIMIT >> 20} MiB, the most that is read")
    parsed = await job.parser.parse(data, source=job.source.ref)
    if isinstance(parsed, FeedError):
        return Outcome("failed", f"{path}: {parsed.message}")
    _take(job, parsed)
    job.notes["file"] = known
    return Outcome("fetched", fresh=_pace(job, None), faults=parsed.faults)


def _follow(job: Job, asked: str, answer: NotModified) -> None:
    """What is known of an address holds for the one that it moved to."""
    if answer.moved and asked in job.validators:
        job.validators[answer.moved] = job.validators.pop(asked)


def _take(job: Job, parsed: Parsed) -> None:
    job.keep(parsed.papers, FEED)
    job.notes["title"] = parsed.title
    job.notes["every"] = parsed.every


def _pace(job: Job, fresh: float | None) -> float | None:
    """The longer of what the answer calls fresh and what the feed itself asks for."""
    every = job.notes.get("every")
    asked = every * 60.0 if isinstance(every, int) else None
    return max(filter(None, (fresh, asked)), default=None)


def _no_feed(error: FeedError, answer: Fetched) -> Outcome:
    offers = find_feeds(answer.body, content_type=answer.content_type, base_url=answer.url)
    if not offers:
        return Outcome("failed", f"it is no feed: {error.message}")
    named = without_secrets(", ".join(offer.address for offer in offers[:3]))
    return Outcome("failed", f"it is a web page, no feed; it offers {named}", offers=offers)
