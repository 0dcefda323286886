"""Twelve days of a machine that follows everything, with failures all over: in the end every paper is there, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

import pytest
from tests.refresh.machine import Machine, blogs, utc
from tests.services import trouble
from tests.services.simulation import Simulation
from tests.services.trouble import Mishap
from tests.services.world import World

from papers_tui.domain.marks import Act
from papers_tui.domain.sources import DAILY_PAPERS, STATUSES, Source

BEGIN, OFF, ON, END = map(
    utc, ("2026-11-18T07:00", "2026-11-20T21:00", "2026-11-24T09:00", "2026-11-30T18:00")
)
"""A Wednesday; the machine is switched off from Friday to Tuesday; Thanksgiving and the day after have no papers."""

ACTS = (
    Act("star", (("star", True), ("read", True))),
    Act("read", (("read", True),)),
    Act("dismiss", (("dismiss", True), ("read", True))),
    Act("tag", (("tag:tides", True), ("note", "to be read"), ("read", True))),
)
MISHAPS: tuple[Mishap, ...] = (
    trouble.refused(),
    trouble.refused(900),
    trouble.failed(500),
    trouble.failed(503),
    trouble.dropped,
    trouble.cut_off,
    trouble.truncated_gzip,
    trouble.html,
    trouble.empty,
    trouble.miscoded,
    trouble.redirect_loop,
    trouble.one_bad_item,
)
ASKED = (
    "/api/daily_papers",
    "/api/papers/search",
    "/rss/",
    "/api/query",
    *(f"/blog/{n}.xml" for n in range(4)),
)


def followed(simulation: Simulation) -> tuple[Source, ...]:
    return (
        DAILY_PAPERS,
        Source("this week", "daily-papers", "week"),
        Source("trending", "daily-papers", "trending"),
        Source("tides", "daily-papers", "search:tides"),
        Source("language", "arxiv", "cs.CL+cs.LG"),
        Source("speech", "arxiv", "search?category=eess.AS"),
        *blogs(simulation),
    )


def plan_trouble(simulation: Simulation, chance: Random) -> None:
    """Of the next requests to each service about every other one goes wrong; every mishap happens to several."""
    coming = cycle(chance.sample(MISHAPS, len(MISHAPS)))
    for prefix in ASKED:
        for turn in sorted(chance.sample(range(1, 11), 5)):
            simulation.trouble.plan(prefix, turn, next(coming))
    noon = timedelta(hours=17)
    simulation.arxiv.stale = {
        END.date() - timedelta(days=5): END - timedelta(days=5) - noon + timedelta(hours=10)
    }


@pytest.mark.parametrize("seed", [1, 20])
async def test_every_paper_is_there_exactly_once(tmp_path: Path, seed: int) -> None:
    chance = Random(seed)
    world = World(seed, a_day=8)
    world.now = BEGIN
    with Simulation(world) as simulation, Machine(tmp_path / "home", simulation) as machine:
        simulation.huggingface.etags = seed > 1
        simulation.huggingface.opens = timedelta(hours=2)
        sources = followed(simulation)
        await machine.refresh(*sources)
        plan_trouble(simulation, chance)
        acts = cycle(ACTS)
        marked: dict[str, tuple[object, str]] = {}
        statuses: set[str] = set()
        for moment in _moments(chance):
            world.now = max(world.now, moment)
            told = await machine.refresh(*sources, force=chance.random() < 0.4)
            statuses |= set(told.statuses.values())
            assert all(event["reason"] for event in told.sources.values() if event["status"] == "failed")
            if len(marked) < 40:
                _mark(machine, next(acts), chance, marked)
        assert not simulation.trouble.unmet
        world.now = END
        for _ in range(4):  # until nobody has to be left alone any more
            await machine.refresh(*sources, force=True)
            machine.wait(hours=6)
        began = world.now
        last = await machine.refresh(*sources, force=True)

        assert simulation.rules.broken == []
        assert statuses == set(STATUSES) - {"offline"}
        assert last.summary.failed == 0
        ids = machine.ids
        assert len(ids) == len(set(ids))
        missed_types = ("new", "cross")  # replacements of the days without a refresh can't be had
        expected = world.expected(sources, since=BEGIN, types=missed_types)
        assert expected <= set(ids)
        assert set(ids) <= world.expected(sources)
        _assert_marks_hold(machine, marked)
        _assert_counts_are_the_latest(machine, began)


def _moments(chance: Random) -> Iterator[datetime]:
    moment = BEGIN
    while moment < END:
        if not OFF < moment < ON:
            yield moment
        moment += timedelta(hours=chance.choice((4, 5, 7)), minutes=chance.randrange(60))


def _mark(machine: Machine, act: Act, chance: Random, marked: dict[str, tuple[object, str]]) -> None:
    rows = [row for row in machine.rows if machine.library.holding(row).paper.id not in marked]
    row = chance.choice(rows)
    assert machine.library.mark([row], act).saved
    holding = machine.library.holding(row)
    marked[holding.paper.id] = (holding.state, holding.added)


def _assert_marks_hold(machine: Machine, marked: dict[str, tuple[object, str]]) -> None:
    """Nothing became unread, and nothing new again; nothing was marked that the user did not mark."""
    held = {holding.paper.id: holding for holding in map(machine.library.holding, machine.rows)}
    assert {id_: (held[id_].state, held[id_].added) for id_ in marked} == marked
    untouched = [holding for id_, holding in held.items() if id_ not in marked]
    assert not any(holding.state.flags or holding.state.tags or holding.state.note for holding in untouched)


def _assert_counts_are_the_latest(machine: Machine, began: datetime) -> None:
    world = machine.simulation.world
    counted = 0
    for paper in world.daily(world.now.date() - timedelta(days=13), world.now.date()):
        held, hub = machine.paper(f"arxiv:{paper.id}"), paper.hub
        assert hub
        assert held.upvotes is not None
        assert held.comments is not None
        assert hub.votes_at(began) <= held.upvotes <= hub.votes_at(world.now)
        assert hub.comments_at(began) <= held.comments <= hub.comments_at(world.now)
        counted += 1
        if hub.summary_at(began):
            assert held.summary == hub.summary
    assert counted > 20
