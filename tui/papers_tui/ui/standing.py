"""How each source stands: what came of asking it, and when that is done again, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from papers_tui.domain.sources import Source, SourceState
from papers_tui.late import dataclass

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Standing:
    """A source with what is known of asking it; `failing` as its state says, but a paused one is at rest."""

    source: Source
    state: SourceState

    @property
    def failing(self) -> bool:
        return self.state.failing and not self.source.paused


def standings(sources: Sequence[Source], states: Mapping[str, SourceState]) -> tuple[Standing, ...]:
    """Every source, the failing ones first, else in the user's order."""
    every = [Standing(source, states.get(source.ref) or SourceState(source.ref)) for source in sources]
    return tuple(sorted(every, key=lambda one: not one.failing))


def heading(every: Sequence[Standing]) -> str:
    """How they stand altogether, in a sentence."""
    failing = sum(one.failing for one in every)
    if not every:
        return "Nothing is followed"
    if failing:
        return f"{failing} of {len(every)} sources fail" if failing > 1 else f"1 of {len(every)} fails"
    return "All is well: no source failed when it was last asked"


def trouble(one: Standing, now: datetime) -> str:
    """What is to be said of a failing source beside its reason; `now` in the user's time zone."""
    state = one.state
    row = f"{state.failures} times in a row" if state.failures > 1 else "once"
    answered = f"answered last {moment(state.succeeded, now)}" if state.succeeded else "never answered"
    parts = (f"failed {row}, last {moment(state.asked, now)}", answered, f"next try {_next(state, now)}")
    return " · ".join(parts)


def rest(one: Standing, now: datetime) -> str:
    """What is to be said of a source that doesn't fail; `now` in the user's time zone."""
    state = one.state
    answered = f"answered {moment(state.succeeded, now)}" if state.succeeded else ""
    if one.source.paused:
        return " · ".join(filter(None, ("paused", answered)))
    if not state.asked:
        return "not asked yet"
    noted = {"offline": "offline when last asked", "nothing-yet": state.reason or "nothing new yet"}
    return " · ".join(filter(None, (answered, f"next {_next(state, now)}", noted.get(state.status))))


def why_not_now(one: Standing, now: datetime) -> str:
    """Why a source is not asked even if the user wants it; empty where nothing stands against it."""
    state = one.state
    until = _moment(state.retry_at)
    if one.source.paused:
        return f"{one.source.name} is paused, and not asked until you resume it"
    if state.status == "refused" and until and until > now:
        return (
            f"{one.source.name} asked to be left alone; it is not asked before {moment(state.retry_at, now)}"
        )
    return ""


def moment(text: str, now: datetime) -> str:
    """A UTC time as people say it: `14:20`, `Tue 14:20`, `3 Jun 14:20`, `3 Jun 2025`; in the time zone of `now`."""
    when = _moment(text)
    if when is None:
        return "at an unknown time"
    when = when.astimezone(now.tzinfo)
    if when.date() == now.date():
        return f"{when:%H:%M}"
    if abs(when - now) < _WEEK:
        return f"{when:%a %H:%M}"
    if when.year == now.year:
        return f"{when.day} {when:%b %H:%M}"
    return f"{when.day} {when:%b %Y}"


def _next(state: SourceState, now: datetime) -> str:
    when = _moment(state.due)
    if when is None or when <= now:
        return "at the next refresh"
    return f"{moment(state.due, now)}, {_span((when - now).total_seconds())}"


def _span(seconds: float) -> str:
    if seconds < _HOUR:
        return f"in {max(1, round(seconds / _MINUTE))} min"
    if seconds < _DAY:
        return f"in {round(seconds / _HOUR)} h"
    days = round(seconds / _DAY)
    return f"in {days} day{'s' if days > 1 else ''}"


def _moment(text: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo else None
