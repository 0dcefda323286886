"""One refresh: every source that is due is asked, and what it brings is kept."""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from papers_tui.config import Services
from papers_tui.domain.errors import PapersError
from papers_tui.domain.moments import stamp
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source, SourceState
from papers_tui.domain.tally import NOTHING, Tally
from papers_tui.late import dataclass
from papers_tui.library import Intake
from papers_tui.refresh.arxiv import fetch_arxiv
from papers_tui.refresh.daily_papers import fetch_daily_papers
from papers_tui.refresh.extras import fetch_extras
from papers_tui.refresh.feed import fetch_feed
from papers_tui.refresh.job import Job, Tools
from papers_tui.refresh.schedule import NO_NETWORK, Outcome, after, is_due
from papers_tui.sources.feeds.parser import Parser
from papers_tui.sources.http.client import Client
from papers_tui.sources.http.pace import ARXIV, Manners

FETCH = {"daily-papers": fetch_daily_papers, "arxiv": fetch_arxiv, "feed": fetch_feed}
"""How a source of each kind is asked."""

Emit = Callable[[Mapping[str, Any]], None]
"""Hears each event of a refresh, a JSON object."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a refresh came to: papers that are new and that changed, sources that were asked, that failed, and whether
    nothing could be reached at all."""

    new: int = 0
    changed: int = 0
    asked: int = 0
    failed: int = 0
    offline: bool = False


@dataclass(frozen=True, slots=True)
class _Ended:
    """A source that was asked, with how it ended."""

    source: Source
    job: Job
    state: SourceState
    outcome: Outcome


class Refresher:
    """Asks sources, in one event loop: `async with Refresher(…) as refresher`."""

    def __init__(
        self,
        intake: Intake,
        services: Services,
        client: Client,
        *,
        emit: Emit,
        report: Callable[[str], None],
        token: str = "",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`emit` hears each event as it happens, `report` the traceback of a bug; `token` is the user's for Hugging
        Face; `now` is the clock, and `chance`, from 0 to 1, spreads the next attempts."""
        self._intake = intake
        self._services = services
        self._token = token
        self._client = client
        self._parser = Parser()
        self._emit = emit
        self._report = report
        self._now = now
        self._chance = chance
        self._stack = AsyncExitStack()
        self._done = 0

    async def __aenter__(self) -> Refresher:
        await self._stack.enter_async_context(self._client)
        await self._stack.enter_async_context(self._parser)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def run(
        self, sources: Sequence[Source], *, force: bool = False, since: date | None = None
    ) -> Summary:
        """Asks those of the sources that are due; `since` is the day from which on papers are wanted."""
        states = self._intake.states()
        due = [
            source
            for source in sources
            if is_due(source, states.get(source.ref), self._now(), force=force or since is not None)
        ]
        self._done = 0
        self._emit({"event": "progress", "done": 0, "total": len(due)})
        asked = [
            self._ask(source, states.get(source.ref) or SourceState(source.ref), since, len(due))
            for source in due
        ]
        ended = await _all(asked)
        unreachable = [one for one in ended if one.outcome.kind in NO_NETWORK]
        offline = bool(unreachable) and len(unreachable) == sum(one.source.is_remote for one in ended)
        for one in unreachable:
            self._finish(replace(one, outcome=replace(one.outcome, status="offline")) if offline else one)
        excused = unreachable if offline else []
        failing = [one for one in ended if one.outcome.status in ("failed", "refused") and one not in excused]
        summary = Summary(
            new=sum(one.job.tally.new for one in ended),
            changed=sum(one.job.tally.merged for one in ended),
            asked=len(ended),
            failed=len(failing),
            offline=offline,
        )
        self._emit_done(summary)
        return summary

    async def paper(self, identifier: str, known: Paper | None) -> Summary:
        """Asks the services for all they have of one paper, by its arXiv id; `known` is what the library has."""
        tools = self._tools()
        tally, outcomes = await fetch_extras(tools, identifier, known)
        for name, outcome in outcomes:
            self._emit(_event(name, outcome, NOTHING))
        failed = [outcome for _, outcome in outcomes if outcome.status in ("failed", "refused")]
        offline = bool(failed) and all(outcome.kind in NO_NETWORK for _, outcome in outcomes)
        summary = Summary(tally.new, tally.merged, len(outcomes), len(failed), offline)
        self._emit_done(summary)
        return summary

    async def _ask(self, source: Source, state: SourceState, since: date | None, total: int) -> _Ended:
        def told(detail: str) -> None:
            event = {"event": "progress", "done": self._done, "total": total, "source": source.name}
            self._emit(event | {"detail": detail, "new": job.tally.new})

        job = Job(source, state, self._tools(), since=since, told=told)
        try:
            outcome = await FETCH[source.kind](job)
        except PapersError:  # the library can't be written, which is no fault of this source's
            raise
        except Exception as bug:  # noqa: BLE001 a source that trips us up must not keep the others from being asked
            self._report(traceback.format_exc())
            outcome = Outcome("failed", f"a bug of papers-tui, kept in its log: {type(bug).__name__}")
        ended = _Ended(source, job, state, outcome)
        self._done += 1
        if outcome.kind not in NO_NETWORK:  # whether it is the source's trouble only the others can tell
            self._finish(ended)
        self._emit({"event": "progress", "done": self._done, "total": total})
        return ended

    def _finish(self, ended: _Ended) -> None:
        """Remembers how a source ended, and tells it. What it learned on the way is kept even where it failed."""
        job = ended.job
        state = after(ended.source, ended.state, ended.outcome, self._now(), chance=self._chance())
        self._intake.remember(ended.source, replace(state, validators=job.validators, notes=job.notes))
        self._emit(_event(ended.source.name, ended.outcome, job.tally))

    def _tools(self) -> Tools:
        def keep(source: str, papers: Sequence[Paper], rank: int) -> Tally:
            return self._intake.keep(source, papers, rank=rank)

        remember = self._intake.remember
        return Tools(self._client, self._parser, self._services, self._token, self._now, keep, remember)

    def _emit_done(self, summary: Summary) -> None:
        event = {"event": "done", "new": summary.new, "changed": summary.changed, "failed": summary.failed}
        self._emit(event | ({"offline": True} if summary.offline else {}))


def manners(services: Services) -> Manners:
    """The rules of conduct, with arXiv's own for whatever stands in its place."""
    addresses = (services.arxiv_api, services.arxiv_rss)
    return Manners(services={urlsplit(address).netloc: ARXIV for address in addresses})


async def _all(asked: Iterable[Coroutine[Any, Any, _Ended]]) -> list[_Ended]:
    """How all of them ended. Where one breaks down, or the whole is cancelled, that is told when none runs any more:
    what they share can be closed then."""
    ended = await asyncio.gather(*asked, return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return [one for one in ended if not isinstance(one, BaseException)]


def _event(name: str, outcome: Outcome, tally: Tally) -> dict[str, Any]:
    event: dict[str, Any] = {
        "event": "source",
        "source": name,
        "status": outcome.status,
        "new": tally.new,
        "changed": tally.merged,
    }
    if outcome.reason:
        event["reason"] = outcome.reason
    if outcome.until:
        event["retry_at"] = stamp(outcome.until)
    if outcome.faults:
        event["left_out"] = list(outcome.faults[:20])
    return event
