"""arXiv: announcements, the days that were missed, searches, and refusals that are never taken for news."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, utc
from tests.services import eastern, trouble
from tests.services.server import Asked, Reply
from tests.services.simulation import Simulation
from tests.services.world import World

from papers_tui.domain.marks import Act
from papers_tui.domain.sources import Source

LANGUAGE = Source("language", "arxiv", "cs.CL+cs.LG")
SEARCH = Source("learning", "arxiv", "search?category=cs.LG")
BEGIN = utc("2026-11-17T12:00")


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(5, blogs=0)
    world.now = BEGIN
    with Simulation(world) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path, simulation: Simulation) -> Iterator[Machine]:
    with Machine(tmp_path / "home", simulation) as found:
        yield found


def announced(simulation: Simulation, day: str, *types: str) -> set[str]:
    found = simulation.world.announced(date.fromisoformat(day), LANGUAGE.address.split("+"))
    return {f"arxiv:{each.paper.id}" for each in found if not types or each.type in types}


def asked(simulation: Simulation) -> list[str]:
    """What was asked of arXiv, "rss" and "query"; forgotten afterwards."""
    requests = simulation.servers["arxiv"].requests
    found = ["rss" if "/rss/" in request.target else "query" for request in requests]
    requests.clear()
    return found


async def test_an_announcement_with_comments_and_first_dates(
    simulation: Simulation, machine: Machine
) -> None:
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "fetched"}
    assert asked(simulation) == ["rss", "query"]
    assert announced(simulation, "2026-11-17") <= set(machine.ids)
    commented = 0
    for key in announced(simulation, "2026-11-17", "new"):
        paper, truth = machine.paper(key), simulation.world.paper(key.removeprefix("arxiv:"))
        assert truth is not None
        assert (paper.author_comment or "") == truth.comment
        assert paper.published == f"{truth.versions[0].submitted:%Y-%m-%dT%H:%M:%SZ}"
        assert paper.version == 1
        commented += bool(truth.comment)
    assert commented


async def test_how_a_paper_is_announced_is_kept(simulation: Simulation, machine: Machine) -> None:
    await machine.refresh(LANGUAGE)
    machine.wait(days=1)
    await machine.refresh(LANGUAGE)
    for day in ("2026-11-17", "2026-11-18"):
        for type_ in ("new", "cross"):
            for key in announced(simulation, day, type_):
                assert machine.paper(key).announce == type_
    replaced = announced(simulation, "2026-11-18", "replace", "replace-cross")
    assert replaced
    for key in replaced:
        paper, truth = machine.paper(key), simulation.world.paper(key.removeprefix("arxiv:"))
        assert paper.announce == "replace"
        assert truth is not None
        version = truth.version_at(simulation.world.now)
        assert version is not None
        assert paper.version == version.number > 1


async def test_what_was_new_stays_so_and_keeps_its_comment_when_it_is_replaced(
    simulation: Simulation, machine: Machine
) -> None:
    await machine.refresh(LANGUAGE)
    known = {paper.id: paper for paper in machine.papers if paper.announce and paper.author_comment}
    replaced: set[str] = set()
    for day in range(18, 26):
        machine.wait(days=1)
        await machine.refresh(LANGUAGE)
        replaced |= announced(simulation, f"2026-11-{day}", "replace", "replace-cross") & set(known)
    assert replaced
    for key in replaced:
        paper, before = machine.paper(key), known[key]
        assert paper.announce == before.announce
        assert (paper.author_comment, paper.published) == (before.author_comment, before.published)
        assert (paper.version or 0) > (before.version or 0)


async def test_days_without_a_refresh_come_by_the_api(simulation: Simulation, machine: Machine) -> None:
    await machine.refresh(LANGUAGE)
    asked(simulation)
    machine.wait(days=6)
    await machine.refresh(LANGUAGE)
    assert asked(simulation) == ["rss", "query"]
    for day in ("18", "19", "20", "23"):
        assert announced(simulation, f"2026-11-{day}", "new", "cross") <= set(machine.ids)
    machine.wait(hours=1)
    told = await machine.refresh(LANGUAGE, force=True)
    assert told.statuses == {"language": "unchanged"}
    assert asked(simulation) == ["rss"]
    assert simulation.rules.broken == []


async def test_months_come_a_fortnight_at_a_time(simulation: Simulation, machine: Machine) -> None:
    queries = simulation.servers["arxiv"]
    await machine.refresh(LANGUAGE)
    queries.requests.clear()
    simulation.trouble.plan("/api/query", 2, trouble.failed(502))
    told = await machine.refresh(LANGUAGE, since=date(2026, 10, 10))
    assert told.statuses == {"language": "failed"}
    assert asked(simulation) == ["rss", "query", "query"]
    assert machine.state(LANGUAGE).notes["behind"] == "2026-10-24"
    machine.wait(hours=1)
    told = await machine.refresh(LANGUAGE)
    assert asked(simulation) == ["rss", "query", "query"]
    assert "behind" not in machine.state(LANGUAGE).notes
    assert told.summary.new > 20
    submitted = {
        f"arxiv:{paper.id}"
        for paper in simulation.world.on_arxiv()
        if {"cs.CL", "cs.LG"}.intersection(paper.categories)
    }
    assert submitted <= set(machine.ids)


async def test_weekends_and_holidays_announce_nothing(simulation: Simulation, machine: Machine) -> None:
    simulation.world.now = utc("2026-11-26T12:00")
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "nothing-yet"}
    assert told.reasons == "arXiv announces nothing today"
    assert machine.ids, "the days before it are there"
    machine.wait(hours=3)
    told = await machine.refresh(LANGUAGE, force=True)
    assert told.statuses == {"language": "unchanged"}
    simulation.world.now = utc("2026-11-30T12:00")
    await machine.refresh(LANGUAGE)
    assert announced(simulation, "2026-11-30") <= set(machine.ids)


@pytest.mark.parametrize("redated", [True, False])
async def test_a_stale_batch_is_said_to_be_one(
    simulation: Simulation, machine: Machine, redated: bool
) -> None:
    await machine.refresh(LANGUAGE)
    simulation.arxiv.redated = redated
    simulation.arxiv.stale = {date(2026, 11, 18): utc("2026-11-18T15:00")}
    machine.wait(days=1)
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "nothing-yet"}
    assert told.reasons == "arXiv still gives the announcement of 2026-11-17"
    assert not announced(simulation, "2026-11-18", "replace") <= set(machine.ids)
    machine.wait(hours=4)
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "fetched"}
    assert announced(simulation, "2026-11-18") <= set(machine.ids)
    assert simulation.rules.broken == []


async def test_a_stale_batch_of_a_day_that_was_missed_is_news(
    simulation: Simulation, machine: Machine
) -> None:
    await machine.refresh(LANGUAGE)
    simulation.arxiv.redated = False
    simulation.arxiv.stale = {date(2026, 11, 19): utc("2026-11-19T15:00")}
    machine.wait(days=2)
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "nothing-yet"}
    assert announced(simulation, "2026-11-18") <= set(machine.ids)


@pytest.mark.parametrize("source", [LANGUAGE, SEARCH])
@pytest.mark.parametrize("seconds", [None, 1200])
async def test_a_refusal_is_told_and_waited_out(
    simulation: Simulation, machine: Machine, source: Source, seconds: int | None
) -> None:
    simulation.trouble.plan("/", 1, trouble.refused(seconds))
    told = await machine.refresh(source)
    event = told.sources[source.name]
    assert (event["status"], event["new"], told.summary.failed) == ("refused", 0, 1)
    assert "429 (too many requests)" in event["reason"]
    retry_at = utc(event["retry_at"].removesuffix("Z"))
    assert seconds is None or retry_at == BEGIN + timedelta(seconds=seconds)
    assert machine.state(source).failing
    many = simulation.rules.asked("arxiv")
    for _ in range(3):
        told = await machine.refresh(source, force=True)
        assert told.events[-1] == {"event": "done", "new": 0, "changed": 0, "failed": 0}
        told = await machine.refresh(source, since=date(2026, 11, 2))
    assert simulation.rules.asked("arxiv") == many
    simulation.world.now = retry_at + timedelta(seconds=1)
    told = await machine.refresh(source)
    assert told.statuses == {source.name: "fetched"}
    assert simulation.rules.broken == []


async def test_a_refusal_holds_for_all_sources_of_arxiv(simulation: Simulation, machine: Machine) -> None:
    simulation.trouble.plan("/", 1, trouble.refused(1200))
    told = await machine.refresh(LANGUAGE, SEARCH)
    assert told.statuses == {"language": "refused", "learning": "refused"}
    assert "was not asked" in told.sources["learning"]["reason"]
    assert simulation.rules.asked("arxiv") == 1


async def test_what_the_api_refuses_is_asked_for_again(simulation: Simulation, machine: Machine) -> None:
    simulation.trouble.plan("/api/query", 1, trouble.refused(60))
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "refused"}
    assert announced(simulation, "2026-11-17") <= set(machine.ids), "what the feed brought is there"
    machine.wait(minutes=2)
    asked(simulation)
    told = await machine.refresh(LANGUAGE)
    assert told.statuses == {"language": "fetched"}
    assert asked(simulation) == ["rss", "query"]


async def test_a_search_goes_on_from_where_it_was(simulation: Simulation, machine: Machine) -> None:
    simulation.world.now = utc("2026-11-04T12:00")
    await machine.refresh(SEARCH)
    before = set(machine.ids)
    # Another source brings papers that the search finds, too: they end nothing.
    simulation.world.now = utc("2026-11-27T12:00")
    await machine.refresh(Source("other", "arxiv", "cs.AI"))
    asked(simulation)
    told = await machine.refresh(SEARCH)
    assert told.statuses == {"learning": "fetched"}
    found = simulation.world.expected([SEARCH])
    assert len(found) > 100
    assert len(found - before) > 20
    assert found - before <= set(machine.ids)
    assert simulation.rules.broken == []


async def test_a_search_can_go_back(simulation: Simulation, machine: Machine) -> None:
    simulation.world.now = utc("2026-11-27T12:00")
    await machine.refresh(SEARCH)
    assert len(machine.ids) == 100
    assert asked(simulation) == ["query"]
    await machine.refresh(SEARCH, since=date(2026, 10, 26))
    assert set(machine.ids) == simulation.world.expected([SEARCH])
    assert asked(simulation) == ["query", "query"]


async def test_a_search_of_which_a_page_failed_is_not_complete(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.world.now = utc("2026-10-28T12:00")
    await machine.refresh(SEARCH)
    simulation.world.now = utc("2026-11-27T12:00")
    simulation.trouble.plan("/api/query", 2, trouble.cut_off)
    told = await machine.refresh(SEARCH)
    assert told.statuses == {"learning": "failed"}
    machine.wait(minutes=10)
    told = await machine.refresh(SEARCH)
    assert told.statuses == {"learning": "fetched"}
    assert set(machine.ids) == simulation.world.expected([SEARCH])


async def test_papers_that_were_found_but_not_sent_are_missed(
    simulation: Simulation, machine: Machine
) -> None:
    simulation.arxiv.deepest = 0
    told = await machine.refresh(SEARCH)
    assert told.statuses == {"learning": "failed"}
    assert told.reasons.endswith("papers, and sent none of them")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source("s", "arxiv", "cs.CL"), "127.0.0.1 answered 500 (internal server error)"),
        (SEARCH, "127.0.0.1 answered 500 (internal server error)"),
    ],
)
async def test_an_error_without_a_word_of_arxiv_is_told_by_its_status(
    simulation: Simulation, machine: Machine, source: Source, reason: str
) -> None:
    simulation.trouble.plan("/", 1, trouble.failed(500))
    told = await machine.refresh(source)
    assert told.reasons == reason


async def test_arxivs_own_words(simulation: Simulation, machine: Machine) -> None:
    source = Source("all", "arxiv", "cs.CL")
    simulation.trouble.plan("/rss/", 1, lambda _: _bad_category(simulation))
    told = await machine.refresh(source)
    assert told.reasons.startswith("arXiv answers: \"Invalid archive 'cs.XX'. Valid archives are: ")


def _bad_category(simulation: Simulation) -> Reply:
    answer = simulation.arxiv(Asked(0, "/rss/cs.XX", {}, 0))
    assert answer.status == 400
    return answer


async def test_a_replacement_is_not_unread_again(simulation: Simulation, machine: Machine) -> None:
    await machine.refresh(LANGUAGE)
    machine.library.mark(list(machine.rows), Act("read", (("read", True),)))
    read = set(machine.ids)
    replaced: set[str] = set()
    for day in range(18, 26):
        machine.wait(days=1)
        await machine.refresh(LANGUAGE)
        replaced |= announced(simulation, f"2026-11-{day}", "replace", "replace-cross") & read
    assert replaced
    for row in machine.rows:
        holding = machine.library.holding(row)
        if holding.paper.id in replaced:
            assert holding.state.read


def test_the_days_of_this_module() -> None:
    holidays = World().holidays
    days = [date(2026, 11, day) for day in (17, 18, 19, 20, 23, 30)]
    assert all(eastern.is_announcing(day, holidays) for day in days)
