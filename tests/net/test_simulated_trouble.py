"""Bad days, as the program's own fetcher meets them: each mishap is a value, and the request after it goes well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.services import Simulation, World
from tests.services import trouble as bad

from papers_tui.domain.errors import FeedError
from papers_tui.sources import arxiv, feeds, huggingface
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused
from papers_tui.sources.http.client import Client
from papers_tui.sources.http.turns import Clock

NOON = datetime(2026, 11, 12, 18, tzinfo=UTC)


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(days=20)
    world.now = NOON
    with Simulation(world, interval=0) as simulation:
        yield simulation


@pytest.fixture
async def client(simulation: Simulation, tmp_path: Path) -> AsyncIterator[Client]:
    manners, clock = simulation.manners(), Clock(now=lambda: NOON)
    async with Client(tmp_path / "hosts", manners=manners, clock=clock) as client:
        yield client


async def test_every_service_answers(simulation: Simulation, client: Client) -> None:
    paper = simulation.world.on_hub()[0].id
    for address in (
        huggingface.daily_address(simulation.origin("huggingface")),
        huggingface.paper_address(simulation.origin("huggingface"), paper),
        arxiv.rss_address(simulation.origin("arxiv"), arxiv.Categories(("cs.CL",))),
        arxiv.ids_address(simulation.origin("arxiv"), [paper]),
        f"{simulation.origin('paperswithcode')}/api/v1/papers/{paper}?include_resources=true",
        simulation.feed(2),
        simulation.page(2),
    ):
        assert isinstance(await client.get(address, trusted=True), Fetched)
    assert simulation.rules.broken == []


@pytest.mark.parametrize("deadline", [30.0])
@pytest.mark.parametrize(
    ("mishap", "kind", "status"),
    [
        (bad.failed(), "http", 500),
        (bad.failed(503), "http", 503),
        (bad.dropped, "no-answer", None),
        (bad.cut_off, "truncated", None),
        (bad.truncated_gzip, "truncated", None),
        (bad.redirect_loop, "redirects", 302),
    ],
)
async def test_what_fails(
    simulation: Simulation, client: Client, mishap: bad.Mishap, kind: str, status: int | None, deadline: float
) -> None:
    simulation.trouble.plan("/blog/", 2, mishap)
    answers = [await client.get(simulation.feed(0), trusted=True, deadline=deadline) for _ in range(3)]
    assert [type(answer) for answer in answers] == [Fetched, Failed, Fetched]
    failed = answers[1]
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.status) == (kind, status)
    assert "127.0.0.1" in failed.reason
    assert simulation.trouble.unmet == []


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [(30, 30), ("Thu, 12 Nov 2026 18:01:00 GMT", None)],
)
async def test_a_refusal_that_says_for_how_long(
    simulation: Simulation, client: Client, retry_after: int | str, seconds: int | None
) -> None:
    simulation.trouble.plan("/rss/", 1, bad.refused(retry_after))
    address = f"{simulation.origin('arxiv')}/rss/cs.CL"
    answers = [await client.get(address, trusted=True) for _ in range(2)]
    first, second = answers
    assert isinstance(first, Refused)
    assert isinstance(second, Refused)
    assert first.until == second.until
    if seconds:
        assert first.stated
        assert (first.until - NOON).total_seconds() == seconds
    assert simulation.rules.counts == {("arxiv", 429): 1}


async def test_a_refusal_without_a_word(simulation: Simulation, client: Client) -> None:
    simulation.trouble.plan("/api/query", 1, bad.refused())
    address = arxiv.ids_address(simulation.origin("arxiv"), ["2611.00101"])
    answer = await client.get(address, trusted=True)
    assert isinstance(answer, Refused)
    assert not answer.stated
    assert answer.until > NOON


async def test_a_body_that_drips_meets_its_deadline(simulation: Simulation, client: Client) -> None:
    simulation.trouble.plan("/blog/0", 1, simulation.trouble.dripping(0.01))
    answer = await client.get(simulation.feed(0), trusted=True, deadline=0.2)
    assert isinstance(answer, Failed)
    assert answer.kind == "timeout"


async def test_an_answer_that_comes_late(simulation: Simulation, client: Client) -> None:
    simulation.trouble.plan("/blog/0", 1, simulation.trouble.late(60))
    simulation.trouble.plan("/blog/1", 1, simulation.trouble.late(0.01, bad.refused()))
    late = await client.get(simulation.feed(0), trusted=True, deadline=0.1)
    assert isinstance(late, Failed)
    assert late.kind == "timeout"
    assert isinstance(await client.get(simulation.feed(1), trusted=True), Refused)


async def body(client: Client, address: str) -> bytes:
    answer = await client.get(address, trusted=True)
    assert isinstance(answer, Fetched)
    return answer.body


async def test_an_empty_body(simulation: Simulation, client: Client) -> None:
    for prefix in ("/blog", "/rss", "/api"):
        simulation.trouble.plan(prefix, range(1, 3), bad.empty)
    assert arxiv.parse_rss(await body(client, f"{simulation.origin('arxiv')}/rss/cs")).error
    assert arxiv.parse_api(await body(client, f"{simulation.origin('arxiv')}/api/query?id_list=x")).error
    address = f"{simulation.origin('huggingface')}/api/daily_papers"
    assert huggingface.parse_page(await body(client, address)).error
    with pytest.raises(FeedError):
        feeds.parse(await body(client, simulation.feed(0)))


async def test_a_web_page_in_the_place_of_an_answer(simulation: Simulation, client: Client) -> None:
    for prefix in ("/blog", "/rss", "/api"):
        simulation.trouble.plan(prefix, range(1, 3), bad.html)
    assert arxiv.parse_rss(await body(client, f"{simulation.origin('arxiv')}/rss/cs")).error
    address = f"{simulation.origin('huggingface')}/api/daily_papers"
    assert huggingface.parse_page(await body(client, address)).error
    with pytest.raises(FeedError):
        feeds.parse(await body(client, simulation.feed(0)))


async def test_text_that_is_not_what_it_says(simulation: Simulation, client: Client) -> None:
    for prefix in ("/blog", "/rss", "/api"):
        simulation.trouble.plan(prefix, 1, bad.miscoded)
    spoiled = await body(client, f"{simulation.origin('arxiv')}/rss/cs")
    with pytest.raises(UnicodeDecodeError):
        spoiled.decode()
    assert arxiv.parse_rss(spoiled).error
    found = feeds.parse(await body(client, simulation.feed(0)))
    assert len(found.entries) == len(simulation.world.posts(0))
    page = huggingface.parse_page(await body(client, f"{simulation.origin('huggingface')}/api/daily_papers"))
    assert page.error or page.papers


@pytest.mark.parametrize("blog", range(4))
async def test_a_bad_entry_among_good_ones(simulation: Simulation, client: Client, blog: int) -> None:
    simulation.trouble.plan("/blog/", 1, bad.one_bad_item)
    answer = await client.get(simulation.feed(blog), trusted=True)
    assert isinstance(answer, Fetched)
    feed = feeds.parse(answer.body, content_type=answer.content_type, base_url=answer.url)
    papers, _ = feeds.papers_from_feed(feed, source="blog")
    assert {paper.id for paper in papers} >= {post.key for post in simulation.world.posts(blog)}


async def test_a_bad_paper_among_good_ones(simulation: Simulation, client: Client) -> None:
    for prefix in ("/rss", "/atom", "/api"):
        simulation.trouble.plan(prefix, 1, bad.one_bad_item)
    truth = simulation.world.announced(NOON.date(), ["cs"])
    for form in ("rss", "atom"):
        listing = arxiv.parse_rss(await body(client, f"{simulation.origin('arxiv')}/{form}/cs"))
        assert (len(listing.papers), len(listing.faults), listing.error) == (len(truth), 1, None)
    page = huggingface.parse_page(await body(client, f"{simulation.origin('huggingface')}/api/daily_papers"))
    assert (page.rows, len(page.faults)) == (len(page.papers) + 1, 1)


async def test_a_spoiled_answer_comes_whole_to_who_has_it_already(
    simulation: Simulation, client: Client
) -> None:
    simulation.trouble.plan("/blog/0", 2, bad.one_bad_item)
    first = await client.get(simulation.feed(0), trusted=True)
    assert isinstance(first, Fetched)
    again: list[Answer] = [
        await client.get(simulation.feed(0), trusted=True, etag=first.etag) for _ in range(2)
    ]
    assert [type(answer) for answer in again] == [Fetched, NotModified]


async def test_plans_count_their_own_turns(simulation: Simulation, client: Client) -> None:
    plan = simulation.trouble.plan
    plan("/blog/", (2, 4), bad.failed())
    plan("/blog/1", 1, bad.failed(502))
    assert simulation.trouble.unmet == ["/blog/", "/blog/1"]
    statuses = []
    for blog in (0, 1, 1, 0, 0):
        answer = await client.get(simulation.feed(blog), trusted=True)
        assert isinstance(answer, Fetched | Failed)
        statuses.append(answer.status)
    assert statuses == [200, 500, 200, 500, 200]
    assert simulation.trouble.unmet == []
