"""One library, whatever came first."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, blogs, kept, utc
from tests.services.server import Asked, Reply
from tests.services.simulation import Simulation
from tests.services.world import World

from papers_tui.domain.query import parse
from papers_tui.domain.sources import DAILY_PAPERS, Source

BEGIN = utc("2026-11-18T20:00")
PAGE = "page"


def step_of(name: str, simulation: Simulation) -> Source | None:
    """A source to ask, None for the page to import."""
    return {
        "daily": DAILY_PAPERS,
        "announced": Source("language", "arxiv", "cs.CL+cs.LG"),
        "search": Source("learning", "arxiv", "search?category=cs.LG"),
        "blog": blogs(simulation)[0],
    }.get(name)


def imported(simulation: Simulation) -> bytes:
    """A saved answer of Daily Papers, whose papers others have too."""
    answer = simulation.huggingface(Asked(0, "/api/daily_papers?limit=100", {}, 0))
    assert isinstance(answer, Reply)
    assert len(json.loads(answer.body)) > 40
    return answer.body


async def filled(folder: Path, order: Sequence[str], *, twice: bool = False) -> set[tuple[object, ...]]:
    world = World(6)
    world.now = BEGIN
    with Simulation(world) as simulation, Machine(folder, simulation) as machine:
        page = imported(simulation)
        for name in (*order, *order) if twice else order:
            world.now = BEGIN  # for votes depend on when they are asked for; to arXiv this looks like haste
            if source := step_of(name, simulation):
                told = await machine.refresh(source, force=True)
                assert told.statuses[source.name] in ("fetched", "unchanged")
            else:
                machine.library.import_file("page.json", page, date(2026, 11, 18))
        found = machine.library.find(parse(""))
        assert len(found) == len({machine.library.holding(row).paper.id for row in found})
        return {_portable(held, simulation) for held in kept(machine)}


def _portable(held: tuple[object, ...], simulation: Simulation) -> tuple[object, ...]:
    """Without the port of the servers, which stands in the ids of entries of feeds."""
    port = simulation.origin("blogs").rpartition(":")[2]
    told = re.sub(rf"(127\.0\.0\.1(?::|%3A)){port}\b", r"\1PORT", repr(held[0]))
    return (told, *held[1:])


ORDERS = [
    *itertools.permutations(("daily", "announced", "blog"), 3),
    ("search", "blog", "announced", "daily"),
    ("announced", "search", "daily", "blog"),
]


@pytest.mark.parametrize("with_search", [False, True])
async def test_sources_in_any_order_fill_the_same_library(tmp_path: Path, with_search: bool) -> None:
    results = []
    orders = [order for order in ORDERS if ("search" in order) is with_search]
    for number, order in enumerate(orders):
        results.append(await filled(tmp_path / f"first {number}", (PAGE, *order)))
        results.append(await filled(tmp_path / f"last {number}", (*order, PAGE)))
    assert len(results[0]) > 100
    for result in results[1:]:
        assert result == results[0]


async def test_to_ask_again_changes_nothing(tmp_path: Path) -> None:
    order = ("daily", "announced", "search", "blog", PAGE)
    assert await filled(tmp_path / "once", order) == await filled(tmp_path / "twice", order, twice=True)
