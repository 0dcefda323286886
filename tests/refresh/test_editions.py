"""Daily Papers: which editions are asked for, and what is made of those that are not there (yet)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, utc
from tests.services import trouble
from tests.services.server import Reply
from tests.services.simulation import Simulation
from tests.services.world import World

from papers_tui.domain.sources import DAILY_PAPERS, Source

WEEK = Source("this week", "daily-papers", "week")
MONTH = Source("this month", "daily-papers", "month")
WEDNESDAY = utc("2026-11-18T20:00")


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(3, a_day=20, blogs=0)
    world.now = WEDNESDAY
    with Simulation(world) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path, simulation: Simulation) -> Iterator[Machine]:
    with Machine(tmp_path / "home", simulation) as found:
        yield found


def asked_days(simulation: Simulation) -> list[str]:
    """The days of the editions that were asked for, in that order; forgotten afterwards."""
    requests = simulation.servers["huggingface"].requests
    days = [asked.query["date"] for asked in requests if "date" in asked.query]
    requests.clear()
    return days


def in_editions(simulation: Simulation, first: str, last: str) -> set[str]:
    found = simulation.world.daily(date.fromisoformat(first), date.fromisoformat(last))
    return {f"arxiv:{paper.id}" for paper in found}


async def test_a_new_library_begins_with_a_week(simulation: Simulation, machine: Machine) -> None:
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert asked_days(simulation) == [*("2026-11-18", "2026-11-17", "2026-11-16", "2026-11-13", "2026-11-12")]
    assert set(machine.ids) == in_editions(simulation, "2026-11-12", "2026-11-18")
    assert told.summary.new == len(machine.ids)


async def test_after_that_the_last_editions_and_once_a_day_those_that_still_get_votes(
    simulation: Simulation, machine: Machine
) -> None:
    await machine.refresh(DAILY_PAPERS)
    asked_days(simulation)
    machine.wait(hours=1)
    await machine.refresh(DAILY_PAPERS)
    assert asked_days(simulation) == ["2026-11-18", "2026-11-17", "2026-11-16"]
    machine.wait(hours=12)
    await machine.refresh(DAILY_PAPERS)
    assert asked_days(simulation)[-1] == "2026-11-12"
    machine.wait(hours=1)
    await machine.refresh(DAILY_PAPERS)
    assert len(asked_days(simulation)) == 3


async def test_an_edition_that_is_not_open_yet_is_no_error(simulation: Simulation, machine: Machine) -> None:
    simulation.huggingface.opens = timedelta(days=400)  # all editions: a new service, say
    told = await machine.refresh(DAILY_PAPERS)
    # Of old days the service should know: who refuses those, too, fails.
    assert told.statuses == {"Daily Papers": "failed"}
    simulation.huggingface.opens = timedelta(hours=2)
    simulation.world.now = utc("2026-11-19T01:00")
    told = await machine.refresh(DAILY_PAPERS, force=True)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert machine.state(DAILY_PAPERS).notes["empty"] == {"2026-11-19": "2026-11-19T01:00:00Z"}
    machine.wait(hours=9)
    await machine.refresh(DAILY_PAPERS)
    assert in_editions(simulation, "2026-11-19", "2026-11-19") <= set(machine.ids)
    assert machine.state(DAILY_PAPERS).notes["empty"] == {}


@pytest.mark.parametrize("etags", [False, True])
async def test_an_empty_edition_is_nothing_yet_and_filled_later(
    simulation: Simulation, machine: Machine, etags: bool
) -> None:
    simulation.huggingface.etags = etags
    simulation.world.now = utc("2026-10-26T00:30")  # the world's first day: nothing before it
    for _ in range(2):
        told = await machine.refresh(DAILY_PAPERS, force=True)
        assert told.sources["Daily Papers"] == {
            "event": "source",
            "source": "Daily Papers",
            "status": "nothing-yet",
            "new": 0,
            "changed": 0,
            "reason": "the edition of 2026-10-26 is not open yet",
        }
        machine.wait(minutes=20)
    machine.wait(days=3)
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert set(machine.ids) == in_editions(simulation, "2026-10-19", "2026-10-29") != set()


async def test_a_day_that_was_empty_is_asked_again_for_a_fortnight(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.trouble.plan("/api/daily_papers?date=2026-11-18", range(1, 4), lambda _: _empty_list())
    for _ in range(3):
        await machine.refresh(DAILY_PAPERS, force=True)
        machine.wait(hours=7)
    assert not in_editions(simulation, "2026-11-18", "2026-11-18") & set(machine.ids)
    simulation.world.now = utc("2026-11-27T07:00")
    await machine.refresh(DAILY_PAPERS)
    assert in_editions(simulation, "2026-11-18", "2026-11-18") <= set(machine.ids)


def _empty_list() -> Reply:
    return Reply(200, b"[]", {"Content-Type": "application/json"})


async def test_weekends_have_no_editions(simulation: Simulation, machine: Machine) -> None:
    simulation.world.now = utc("2026-11-22T12:00")
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert {date.fromisoformat(day).weekday() for day in asked_days(simulation)} <= set(range(5))
    assert machine.state(DAILY_PAPERS).notes["empty"] == {}


async def test_editions_can_be_had_from_a_day_on(simulation: Simulation, machine: Machine) -> None:
    await machine.refresh(DAILY_PAPERS)
    told = await machine.refresh(DAILY_PAPERS, since=date(2026, 10, 28))
    assert set(machine.ids) == in_editions(simulation, "2026-10-28", "2026-11-18")
    details = [event["detail"] for event in told.events if "detail" in event]
    assert details[0] == "edition 2026-11-18, 1 of 16"
    assert details[-1] == "edition 2026-10-28, 16 of 16"
    asked_days(simulation)
    machine.wait(hours=1)
    await machine.refresh(DAILY_PAPERS)
    assert len(asked_days(simulation)) == 3
    assert simulation.rules.broken == []


@pytest.mark.parametrize(
    ("mishap", "turns"), [(trouble.dropped, 4), (trouble.refused(600), 4), (trouble.failed(502), (4, 5))]
)
async def test_a_back_fill_that_is_interrupted_is_gone_on_with(
    simulation: Simulation, machine: Machine, mishap: trouble.Mishap, turns: int | tuple[int, int]
) -> None:
    await machine.refresh(DAILY_PAPERS)
    asked_days(simulation)
    simulation.trouble.plan("/api/daily_papers?date=2026-11-0", turns, mishap)
    told = await machine.refresh(DAILY_PAPERS, since=date(2026, 10, 28))
    assert told.summary.failed == 1
    done = set(asked_days(simulation))
    machine.wait(hours=3)
    told = await machine.refresh(DAILY_PAPERS)
    assert told.summary.failed == 0
    again = set(asked_days(simulation))
    assert done & again <= {"2026-11-18", "2026-11-17", "2026-11-16", "2026-11-04", "2026-11-03"}
    assert set(machine.ids) == in_editions(simulation, "2026-10-28", "2026-11-18")
    assert machine.state(DAILY_PAPERS).notes["missing"] == []


class _Killed(BaseException):
    """The machine is switched off."""


async def test_what_a_killed_refresh_had_done_is_done(simulation: Simulation, machine: Machine) -> None:
    await machine.refresh(DAILY_PAPERS)
    asked_days(simulation)
    keep, kept = machine.library.intake.keep, []

    def interrupted(*args: object, **named: object) -> object:
        kept.append(args)
        if len(kept) == 8:
            raise _Killed
        return keep(*args, **named)  # type: ignore[arg-type]

    machine.library.intake.keep = interrupted  # type: ignore[method-assign, assignment]
    with pytest.raises(_Killed):
        await machine.refresh(DAILY_PAPERS, since=date(2026, 10, 28))
    machine.library.intake.keep = keep  # type: ignore[method-assign]
    done = asked_days(simulation)
    assert len(done) == 8
    machine.wait(hours=3)
    await machine.refresh(DAILY_PAPERS)
    assert set(done[3:7]).isdisjoint(asked_days(simulation))
    assert set(machine.ids) == in_editions(simulation, "2026-10-28", "2026-11-18")


async def test_one_bad_edition_does_not_keep_the_others_away(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.trouble.plan("/api/daily_papers?date=2026-11-16", 1, trouble.html)
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "failed"}
    assert told.reasons.startswith("Hugging Face, edition of 2026-11-16: the answer is ")
    missing = in_editions(simulation, "2026-11-16", "2026-11-16")
    assert set(machine.ids) == in_editions(simulation, "2026-11-12", "2026-11-18") - missing
    machine.wait(minutes=10)
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert missing <= set(machine.ids)


async def test_a_day_that_the_service_does_not_know_is_passed_over(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.trouble.plan("/api/daily_papers?date=2026-11-12", range(1, 9), trouble.failed(400))
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "fetched"}
    assert told.sources["Daily Papers"]["left_out"] == [
        "the edition of 2026-11-12: Hugging Face does not know that day"
    ]
    assert machine.state(DAILY_PAPERS).notes["missing"] == []


async def test_a_second_page_that_fails_is_not_taken_for_known(
    tmp_path: Path,
) -> None:
    world = World(3, first=date(2026, 11, 2), a_day=250, days=14, blogs=0)
    world.now = utc("2026-11-13T22:00")
    with Simulation(world) as busy, Machine(tmp_path / "busy", busy) as machine:
        busy.huggingface.etags = True
        first, second = (f"/api/daily_papers?week=2026-W46&p={page}" for page in range(2))
        busy.trouble.plan(second, 1, trouble.dropped)
        told = await machine.refresh(WEEK)
        assert told.statuses == {"this week": "failed"}
        assert len(machine.ids) == 100
        world.now += timedelta(seconds=1)
        told = await machine.refresh(WEEK, force=True)
        assert told.statuses == {"this week": "fetched"}
        assert set(machine.ids) == in_editions(busy, "2026-11-09", "2026-11-13")
        told = await machine.refresh(WEEK, force=True)
        assert told.statuses == {"this week": "unchanged"}
        # What is new stands on any page.
        busy.trouble.plan(first, 1, lambda _: Reply(304))
        busy.trouble.plan(second, 1, trouble.one_bad_item)
        told = await machine.refresh(WEEK, force=True)
        assert told.statuses == {"this week": "fetched"}
        assert told.sources["this week"]["left_out"]


@pytest.mark.parametrize(
    ("source", "since", "before", "now"),
    [
        (WEEK, "2026-11-09", "2026-11-12T09:00", "2026-11-23T20:00"),
        (MONTH, "2026-10-26", "2026-10-30T07:00", "2026-11-04T20:00"),
    ],
)
async def test_weeks_and_months_that_ended_meanwhile_are_completed(
    simulation: Simulation, machine: Machine, source: Source, since: str, before: str, now: str
) -> None:
    simulation.world.now = utc(before)
    await machine.refresh(source)
    simulation.world.now = utc(now)
    await machine.refresh(source)
    assert set(machine.ids) == in_editions(simulation, since, now[:10])
    assert simulation.rules.broken == []


async def test_a_week_that_has_not_begun_for_the_service_is_nothing_yet(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.huggingface.opens = timedelta(hours=3)
    simulation.world.now = utc("2026-11-16T01:00")
    told = await machine.refresh(WEEK)
    assert told.statuses == {"this week": "nothing-yet"}
    assert told.reasons == "Hugging Face lists no papers there yet"
    assert not machine.state(WEEK).failing


@pytest.mark.parametrize("address", ["trending", "search:tide"])
async def test_other_lists(simulation: Simulation, machine: Machine, address: str) -> None:
    source = Source("list", "daily-papers", address)
    told = await machine.refresh(source)
    assert told.statuses == {"list": "fetched"}
    assert set(machine.ids) >= simulation.world.expected([source]) != set()


async def test_a_list_that_finds_nothing_is_nothing_yet(machine: Machine) -> None:
    source = Source("list", "daily-papers", "search:xyzzyx")
    told = await machine.refresh(source)
    assert told.statuses == {"list": "nothing-yet"}


async def test_a_quota_that_is_used_up_is_waited_for(simulation: Simulation, machine: Machine) -> None:
    simulation.huggingface.quota = 4
    told = await machine.refresh(DAILY_PAPERS)
    assert told.statuses == {"Daily Papers": "refused"}
    retry_at = utc(told.sources["Daily Papers"]["retry_at"].removesuffix("Z"))
    many = simulation.rules.asked("huggingface")
    told = await machine.refresh(DAILY_PAPERS, force=True)
    assert told.statuses == {}
    assert simulation.rules.asked("huggingface") == many
    simulation.world.now = retry_at + timedelta(seconds=1)
    await machine.refresh(DAILY_PAPERS)  # what is missing comes before what is there already
    assert set(machine.ids) == in_editions(simulation, "2026-11-12", "2026-11-18")
    assert simulation.rules.broken == []
