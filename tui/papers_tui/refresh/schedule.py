"""When each source is to be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from papers_tui.domain.moments import stamp
from papers_tui.domain.sources import Source, SourceState
from papers_tui.late import dataclass
from papers_tui.sources.feeds.values import Found
from papers_tui.sources.http.answers import Kind
from papers_tui.sources.http.pace import backoff

NO_NETWORK: tuple[Kind, ...] = ("offline", "dns", "unreachable")
"""Failures that say nothing of the source where every source has one of them."""

_MINUTE = 60.0
_PACES = {"daily-papers": 60 * _MINUTE, "arxiv": 360 * _MINUTE, "feed": 360 * _MINUTE}
_SEARCH_PACE = 24 * 60 * _MINUTE
"""arXiv's searches change once a day, and are to be asked no more often than that."""
_NOT_YET = 30 * _MINUTE
_OFFLINE = 5 * _MINUTE
_SHORTEST, _LONGEST = 15 * _MINUTE, 24 * 60 * _MINUTE
"""What a server's own word on freshness can ask for."""
_FIRST_FAILURE, _LATEST_FAILURE = 5 * _MINUTE, 12 * 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class Outcome:
    """How asking a source ended.

    `status` is one of `sources.STATUSES` and `reason` a sentence for the user. `until` is when the server wants to be
    asked again at the earliest, and `stated` whether it said so itself. `fresh` is how many seconds it calls its answer
    fresh, `kind` why the asking failed. `faults` has a sentence for each entry that was left out,
    `offers` the feeds of a web page that is none itself.
    """

    status: str
    reason: str = ""
    until: datetime | None = None
    stated: bool = False
    fresh: float | None = None
    kind: Kind | None = None
    faults: tuple[str, ...] = ()
    offers: tuple[Found, ...] = ()


def is_due(source: Source, state: SourceState | None, now: datetime, *, force: bool = False) -> bool:
    """Whether a source is to be asked now; `force` sets aside its pace, but neither a pause nor what a server asked."""
    if source.paused:
        return False
    if state is None:
        return True
    moment = stamp(now)
    if state.asked > moment:
        return True  # the clock was put back since: what it said of the next time is as wrong
    if state.status == "refused" and moment < state.retry_at:
        return False
    return force or moment >= state.due


def after(
    source: Source, state: SourceState, outcome: Outcome, now: datetime, *, chance: float
) -> SourceState:
    """The state of a source that was asked just now; `chance`, from 0 to 1, spreads the next attempts."""
    failed = outcome.status in ("failed", "refused")
    failures = state.failures + 1 if failed else state.failures if outcome.status == "offline" else 0
    due = outcome.until or now + timedelta(seconds=_wait(source, outcome, failures, chance))
    return replace(
        state,
        asked=stamp(now),
        succeeded=state.succeeded if failed or outcome.status == "offline" else stamp(now),
        due=stamp(due),
        status=outcome.status,
        reason=outcome.reason,
        retry_at=stamp(outcome.until) if outcome.until and outcome.status == "refused" else "",
        failures=failures,
    )


def _wait(source: Source, outcome: Outcome, failures: int, chance: float) -> float:
    match outcome.status:
        case "offline":
            return _OFFLINE
        case "failed" | "refused":
            return backoff(failures, base=_FIRST_FAILURE, cap=_LATEST_FAILURE, jitter=chance)
    if source.every:
        return source.every * _MINUTE
    if outcome.status == "nothing-yet":
        return _NOT_YET
    if source.kind == "arxiv" and "?" in source.address:
        return _SEARCH_PACE
    if not outcome.fresh or source.kind == "daily-papers":
        return _PACES[source.kind]
    return min(max(outcome.fresh, _SHORTEST), _LONGEST)
