"""Looking at a source without keeping anything: what it is, and what is newest in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from papers_tui.config import Services
from papers_tui.domain.checked import Checked, Offer, first_entries
from papers_tui.domain.errors import PapersError
from papers_tui.domain.moments import stamp
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source, SourceState
from papers_tui.domain.tally import Tally
from papers_tui.late import dataclass
from papers_tui.refresh.job import Job, Tools
from papers_tui.refresh.refresher import FETCH
from papers_tui.refresh.schedule import NO_NETWORK, Outcome
from papers_tui.sources.feeds.parser import Parser
from papers_tui.sources.http.answers import Kind
from papers_tui.sources.http.client import Client
from papers_tui.subscriptions import default_name, normalised, source_name

_MOST_TRIED = 5
"""Feeds of a page that are asked until one is good."""

_MAY_WORK_LATER: tuple[Kind, ...] = (*NO_NETWORK, "refused", "timeout", "no-answer", "proxy")


@dataclass(slots=True)
class _Collected:
    """Papers that nobody keeps, each once."""

    papers: dict[str, Paper] = field(default_factory=dict)

    def keep(self, source: str, papers: Sequence[Paper], rank: int) -> Tally:  # noqa: ARG002 as a library's
        before = len(self.papers)
        for paper in papers:
            self.papers.setdefault(paper.id, paper)
        new = len(self.papers) - before
        return Tally(new=new, unchanged=len(papers) - new)


async def check(
    source: Source,
    client: Client,
    services: Services,
    *,
    token: str = "",
    offered_by: str = "",
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Checked:
    """Asks a source as a refresh would, but no more than shows what it is, and keeps nothing.

    Of a web page the feeds that it offers are asked in turn, until one is good. `offered_by` is the page that gave the
    source's address, where the user did not write it: it may then lead into a private network only on that page's host.
    """

    async def ask(asked: Source, page: str) -> tuple[Checked, Outcome]:
        collected = _Collected()
        trusted = not page or urlsplit(page).netloc == urlsplit(asked.address).netloc
        tools = Tools(
            client, parser, services, token, now, collected.keep, _forget, trusted=trusted, brief=True
        )
        job = Job(asked, SourceState(asked.ref), tools, since=None, told=lambda _: None)
        outcome = await FETCH[asked.kind](job)
        return _checked(asked, outcome, job.notes.get("title"), list(collected.papers.values())), outcome

    async with client, Parser() as parser:
        checked, outcome = await ask(source, offered_by)
        offers = _usable(outcome)
        for offer in offers[:_MOST_TRIED]:
            offered, _ = await ask(replace(source, name="", address=offer.address), source.address)
            if not offered.error:
                name = offered.name or source_name(offer.title) or source.name
                return replace(offered, name=name, offers=offers)
        return replace(checked, offers=offers)


def _forget(source: Source, state: SourceState) -> None:
    """A check leaves nothing behind."""


def _checked(source: Source, outcome: Outcome, title: object, papers: Sequence[Paper]) -> Checked:
    # A feed without a title goes by the address of its page, which is no name.
    own = title if isinstance(title, str) and not title.startswith(("http://", "https://")) else ""
    failed = outcome.status in ("failed", "refused")
    return Checked(
        source.kind,
        source.address,
        source_name(own) or source.name,
        own or default_name(source.kind, source.address),
        first_entries(papers),
        len(papers),
        _error(outcome) if failed else "",
        left_out=outcome.faults[:20],
        temporary=outcome.status == "refused" or (failed and outcome.kind in _MAY_WORK_LATER),
    )


def _error(outcome: Outcome) -> str:
    return (
        f"{outcome.reason}; not to be asked before {stamp(outcome.until)}"
        if outcome.until
        else outcome.reason
    )


def _usable(outcome: Outcome) -> tuple[Offer, ...]:
    """The feeds that a page offers, at addresses that can be kept."""
    found: dict[str, Offer] = {}
    for offer in outcome.offers:
        try:
            address = normalised("feed", offer.address)
        except PapersError:
            continue
        found.setdefault(address, Offer(address, offer.title))
    return tuple(found.values())
