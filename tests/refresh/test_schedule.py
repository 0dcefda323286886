"""When a source is asked again: tables, without a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.refresh.machine import utc

from papers_tui.domain.moments import stamp
from papers_tui.domain.sources import STATUSES, Source, SourceState
from papers_tui.refresh.schedule import Outcome, after, is_due

NOW = utc("2026-11-18T07:00")
HOUR = timedelta(hours=1)
DAILY = Source("Daily Papers", "daily-papers", "")
ARXIV = Source("cs.CL", "arxiv", "cs.CL")
SEARCH = Source("Hinton", "arxiv", "search?author=Hinton")
FEED = Source("blog", "feed", "https://blog.example/feed")
EVERY = replace(FEED, every=90)
NEVER = SourceState("feed:https://blog.example/feed")


def waited(source: Source, outcome: Outcome, *, failures: int = 0, chance: float = 1.0) -> timedelta:
    """For how long a source is left alone after an outcome."""
    state = after(source, replace(NEVER, failures=failures), outcome, NOW, chance=chance)
    return utc(state.due.removesuffix("Z")) - NOW


@pytest.mark.parametrize(
    ("source", "outcome", "hours"),
    [
        (DAILY, Outcome("fetched"), 1),
        (DAILY, Outcome("unchanged"), 1),
        (DAILY, Outcome("fetched", fresh=5 * 3600), 1),  # a web page's freshness says nothing of editions
        (DAILY, Outcome("nothing-yet"), 0.5),
        (ARXIV, Outcome("fetched"), 6),
        (ARXIV, Outcome("fetched", fresh=2 * 3600), 2),
        (ARXIV, Outcome("nothing-yet", fresh=2 * 3600), 0.5),
        (SEARCH, Outcome("fetched"), 24),
        (SEARCH, Outcome("unchanged", fresh=60), 24),
        (FEED, Outcome("fetched"), 6),
        (FEED, Outcome("fetched", fresh=0), 6),
        (FEED, Outcome("unchanged", fresh=3600), 1),
        (FEED, Outcome("fetched", fresh=1), 0.25),
        (FEED, Outcome("fetched", fresh=365 * 86400), 24),
        (EVERY, Outcome("fetched", fresh=1), 1.5),
        (EVERY, Outcome("nothing-yet"), 1.5),
        (FEED, Outcome("offline"), 1 / 12),
        (EVERY, Outcome("offline"), 1 / 12),
    ],
)
def test_how_long_a_source_that_answers_is_left_alone(source: Source, outcome: Outcome, hours: float) -> None:
    assert waited(source, outcome) == HOUR * hours


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 5), (1, 10), (2, 20), (5, 160), (7, 640), (8, 720), (10**6, 720)]
)
def test_a_source_that_fails_is_asked_less_and_less(failures: int, minutes: int) -> None:
    for source in (DAILY, ARXIV, EVERY):
        assert waited(source, Outcome("failed"), failures=failures) == timedelta(minutes=minutes)
        assert (
            waited(source, Outcome("failed"), failures=failures, chance=0.0) == timedelta(minutes=minutes) / 2
        )


def test_who_refuses_is_asked_when_it_said() -> None:
    until = NOW + timedelta(minutes=47)
    state = after(ARXIV, NEVER, Outcome("refused", "busy", until=until, stated=True), NOW, chance=0.5)
    assert (state.due, state.retry_at, state.failures) == (stamp(until), stamp(until), 1)
    assert (state.status, state.reason, state.succeeded, state.failing) == ("refused", "busy", "", True)


@pytest.mark.parametrize(
    ("status", "failures", "succeeded", "failing"),
    [
        ("fetched", 0, stamp(NOW), False),
        ("unchanged", 0, stamp(NOW), False),
        ("nothing-yet", 0, stamp(NOW), False),
        ("failed", 4, "2026-11-17T07:00:00Z", True),
        ("refused", 4, "2026-11-17T07:00:00Z", True),
        ("offline", 3, "2026-11-17T07:00:00Z", False),
    ],
)
def test_what_is_remembered(status: str, failures: int, succeeded: str, failing: bool) -> None:
    before = replace(NEVER, succeeded="2026-11-17T07:00:00Z", failures=3, retry_at="2026-11-17T08:00:00Z")
    state = after(FEED, before, Outcome(status, "so it is"), NOW, chance=0.5)
    assert (state.asked, state.status, state.reason) == (stamp(NOW), status, "so it is")
    assert (state.failures, state.succeeded, state.failing) == (failures, succeeded, failing)
    assert state.retry_at == ""


_DUE = replace(NEVER, asked=stamp(NOW - HOUR), status="fetched", due=stamp(NOW))
_LATER = replace(_DUE, due=stamp(NOW + HOUR))
_REFUSED = replace(_LATER, status="refused", retry_at=stamp(NOW + HOUR))


@pytest.mark.parametrize(
    ("source", "state", "due", "forced"),
    [
        (FEED, None, True, True),
        (FEED, NEVER, True, True),
        (FEED, _DUE, True, True),
        (FEED, _LATER, False, True),
        (FEED, _REFUSED, False, False),
        (FEED, replace(_REFUSED, retry_at=stamp(NOW), due=stamp(NOW)), True, True),
        (FEED, replace(_LATER, status="offline"), False, True),
        (FEED, replace(_LATER, status="failed"), False, True),
        (replace(FEED, paused=True), None, False, False),
        (replace(FEED, paused=True), _DUE, False, False),
        # The clock was put back by a year: what was to be next year is to be now.
        (FEED, replace(_LATER, asked=stamp(NOW + 8000 * HOUR), due=stamp(NOW + 8006 * HOUR)), True, True),
    ],
)
def test_what_is_due(source: Source, state: SourceState | None, due: bool, forced: bool) -> None:
    assert is_due(source, state, NOW) is due
    assert is_due(source, state, NOW, force=True) is forced


@given(
    st.sampled_from([DAILY, ARXIV, SEARCH, FEED, EVERY]),
    st.sampled_from(STATUSES),
    st.none() | st.floats(0, 1e9),
    st.integers(0, 10**9),
    st.floats(0, 1),
)
def test_nobody_is_asked_again_at_once_nor_forgotten(
    source: Source, status: str, fresh: float | None, failures: int, chance: float
) -> None:
    outcome = Outcome(status, fresh=fresh)
    span = waited(source, outcome, failures=failures, chance=chance)
    assert timedelta(minutes=2) <= span <= timedelta(hours=24)
