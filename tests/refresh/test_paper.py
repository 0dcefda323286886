"""`--paper`: all that the services have of one paper, with where each link is from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, utc
from tests.services import trouble
from tests.services.simulation import Simulation
from tests.services.submissions import Submission
from tests.services.world import World

from papers_tui.domain.marks import Act
from papers_tui.domain.sources import DAILY_PAPERS


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(4, a_day=20, blogs=0)
    world.now = utc("2026-11-18T20:00")
    with Simulation(world) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path, simulation: Simulation) -> Iterator[Machine]:
    with Machine(tmp_path / "home", simulation) as found:
        yield found


def rich(simulation: Simulation) -> Submission:
    """A paper of which every service knows something."""
    papers = simulation.world.on_hub()
    return next(
        paper
        for paper in papers
        if paper.models and paper.datasets and paper.repository and paper.hub and paper.hub.page
    )


async def test_links_come_with_where_they_are_from(simulation: Simulation, machine: Machine) -> None:
    paper = rich(simulation)
    told = await machine.look_up(paper.id)
    assert told.statuses == dict.fromkeys(("arXiv", "Hugging Face", "Papers with Code"), "fetched")
    held = machine.paper(f"arxiv:{paper.id}")
    assert (held.title, held.author_comment or "") == (paper.title, paper.comment)
    found = {(link.kind, link.origin): link.url for link in held.links}
    assert found["model", "hub"].removeprefix("https://huggingface.co/") in paper.models
    assert found["dataset", "hub"].removeprefix("https://huggingface.co/datasets/") in paper.datasets
    assert ("code", "official") in found or ("project", "official") in found
    assert found["code", "community"] == f"https://github.com/tidal/re-{paper.id}"
    assert simulation.rules.broken == []


async def test_marks_and_sources_stay(machine: Machine) -> None:
    await machine.refresh(DAILY_PAPERS)
    row = next(row for row in machine.rows if machine.library.holding(row).paper.upvotes)
    machine.library.mark([row], Act("star", (("star", True), ("read", True))))
    before = machine.library.holding(row)
    told = await machine.look_up(before.paper.id.removeprefix("arxiv:"))
    after = machine.library.holding(row)
    assert told.summary.new == 0
    assert told.summary.changed > 0
    assert (after.state, after.sources, after.added) == (before.state, ("Daily Papers",), before.added)
    assert after.paper.edition == before.paper.edition


async def test_who_does_not_have_it_has_nothing_yet(simulation: Simulation, machine: Machine) -> None:
    hidden = next(paper for paper in simulation.world.on_arxiv() if paper.hub is None)
    told = await machine.look_up(hidden.id)
    assert told.statuses["arXiv"] == "fetched"
    assert told.statuses["Hugging Face"] == "nothing-yet"
    assert told.sources["Hugging Face"]["reason"] == "Hugging Face does not have this paper"
    assert (told.summary.failed, told.summary.offline) == (0, False)


async def test_a_paper_that_nobody_has(machine: Machine) -> None:
    told = await machine.look_up("2511.99999")
    assert set(told.statuses.values()) == {"nothing-yet"}
    assert machine.ids == []


@pytest.mark.parametrize(
    ("prefix", "name"),
    [("/api/query", "arXiv"), ("/api/papers/", "Hugging Face"), ("/api/v1/papers/", "Papers with Code")],
)
@pytest.mark.parametrize(
    "mishap", [trouble.failed(500), trouble.refused(600), trouble.html, trouble.truncated_gzip]
)
async def test_one_service_that_fails_keeps_nothing_of_the_others_away(
    simulation: Simulation, machine: Machine, prefix: str, name: str, mishap: trouble.Mishap
) -> None:
    simulation.trouble.plan(prefix, 1, mishap)
    paper = rich(simulation)
    told = await machine.look_up(paper.id)
    others = dict.fromkeys({"arXiv", "Hugging Face", "Papers with Code"} - {name}, "fetched")
    assert told.statuses.items() >= others.items()
    assert told.statuses[name] in ("failed", "refused")
    assert told.sources[name]["reason"]
    assert told.summary.failed == 1
    assert machine.ids == [f"arxiv:{paper.id}"]
