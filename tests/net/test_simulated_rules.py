"""Rules of conduct: a rude client is seen to break each, a polite one keeps them all, for a week of bad days."""

from __future__ import annotations

import asyncio
import http.client
import tomllib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.services import Simulation, World
from tests.services import trouble as bad
from tests.services.rules import Rules
from tests.services.server import Asked, Reply

from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.sources import arxiv, feeds, huggingface
from papers_tui.sources.http.answers import Fetched, NotModified, Refused
from papers_tui.sources.http.client import Client

NOON = datetime(2026, 11, 12, 18, tzinfo=UTC)
AGENT = "papers-tui/1.0"


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(days=30)
    world.now = NOON
    with Simulation(world) as simulation:
        yield simulation


def rude(simulation: Simulation, service: str, target: str, **headers: str) -> http.client.HTTPResponse:
    """One request without any manners, by a connection that is closed after it."""
    sent = {"User-Agent": AGENT, "Connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    with closing(http.client.HTTPConnection(simulation.servers[service].authority)) as connection:
        connection.request("GET", target, headers=sent)
        answer = connection.getresponse()
        answer.read()
        return answer


def broken(simulation: Simulation) -> list[str]:
    """What was wrong, without the addresses."""
    return [sentence.partition(": ")[2] for sentence in simulation.rules.broken]


# Rude clients


def test_nobody_says_who_asks(simulation: Simulation) -> None:
    for agent in ("curl/8", "", "my papers-tui/1"):
        rude(simulation, "blogs", "/blog/99.xml", User_Agent=agent)
    assert broken(simulation) == ["the User-Agent is not papers-tui/…"] * 3


def test_arxiv_is_asked_too_soon_over_feeds_and_api_together(simulation: Simulation) -> None:
    rude(simulation, "arxiv", "/rss/cs.CL")
    rude(simulation, "arxiv", "/api/query?id_list=2611.00101")
    (problem,) = broken(simulation)
    assert problem.endswith("s after the request before, not 3 s")
    simulation.world.now += timedelta(seconds=3)
    rude(simulation, "arxiv", "/rss/cs.LG")
    assert len(broken(simulation)) == 1


def test_arxiv_is_asked_twice_at_once(simulation: Simulation) -> None:
    simulation.rules.interval = 0
    simulation.trouble.plan("/rss/", 1, simulation.trouble.late(60))
    with ThreadPoolExecutor(2) as pool:
        pool.submit(rude, simulation, "arxiv", "/rss/cs.CL")
        while simulation.trouble.unmet:
            assert not simulation.trouble.ended.wait(0.001)
        rude(simulation, "arxiv", "/rss/cs.LG")
        simulation.trouble.ended.set()
    assert broken(simulation) == ["asked on a second connection at once"]


def test_arxiv_is_asked_beside_an_idle_connection(simulation: Simulation) -> None:
    simulation.rules.interval = 0
    with closing(http.client.HTTPConnection(simulation.servers["arxiv"].authority)) as connection:
        for target in ("/rss/cs.CL", "/rss/cs.LG"):
            connection.request("GET", target, headers={"User-Agent": AGENT})
            connection.getresponse().read()
        assert broken(simulation) == []
        rude(simulation, "arxiv", "/rss/cs.CV")
    assert broken(simulation) == ["asked on a second connection at once"]


def test_a_server_that_wants_to_be_left_alone_is_asked(simulation: Simulation) -> None:
    simulation.rules.interval = 0
    simulation.trouble.plan("/rss/", 1, bad.refused(30))
    assert rude(simulation, "arxiv", "/rss/cs.CL").status == 429
    simulation.world.now += timedelta(seconds=29)
    rude(simulation, "arxiv", "/api/query?id_list=2611.00101")
    simulation.world.now += timedelta(seconds=1)
    rude(simulation, "arxiv", "/rss/cs.CL")
    assert broken(simulation) == ["asked 29.000 s after it answered 429 with Retry-After, not 30 s"]


def test_a_spent_quota_is_overdrawn(simulation: Simulation) -> None:
    simulation.huggingface.quota, simulation.rules.grace = 1, 0
    rude(simulation, "huggingface", "/api/daily_papers")
    assert rude(simulation, "huggingface", "/api/daily_papers?p=1").status == 429
    (problem,) = broken(simulation)
    assert problem.endswith("s after its RateLimit was used up, not 300 s")


def test_what_is_known_is_asked_for_as_if_it_were_not(simulation: Simulation) -> None:
    etag = rude(simulation, "blogs", "/blog/0.xml").headers["ETag"]
    simulation.rules.new_refresh()
    assert rude(simulation, "blogs", "/blog/0.xml", If_None_Match=etag).status == 304
    assert simulation.rules.broken == []
    simulation.rules.new_refresh()
    rude(simulation, "blogs", "/blog/0.xml")
    assert broken(simulation) == ["no If-None-Match, though an ETag was given before"]
    simulation.rules.new_reader()
    rude(simulation, "blogs", "/blog/0.xml")
    assert len(broken(simulation)) == 1


def test_an_address_is_asked_for_twice(simulation: Simulation) -> None:
    simulation.trouble.plan("/api/", 1, bad.failed())
    for _ in range(2):
        rude(simulation, "huggingface", "/api/daily_papers")
    assert simulation.rules.broken == []  # to ask again after an error is fair
    rude(simulation, "huggingface", "/api/daily_papers")
    assert simulation.rules.broken == ["huggingface /api/daily_papers: asked twice within one refresh"]
    simulation.rules.new_refresh()
    rude(simulation, "huggingface", "/api/daily_papers")
    assert len(simulation.rules.broken) == 1
    assert simulation.rules.counts == {("huggingface", 500): 1, ("huggingface", 200): 3}
    assert simulation.rules.asked("huggingface") == 4


def test_who_has_hung_up_asks_no_more(simulation: Simulation) -> None:
    simulation.rules.interval = 0
    simulation.trouble.plan("/rss/", 1, simulation.trouble.late(60))
    with closing(
        http.client.HTTPConnection(simulation.servers["arxiv"].authority, timeout=0.01)
    ) as connection:
        connection.request("GET", "/rss/cs.CL", headers={"User-Agent": AGENT})
        while simulation.trouble.unmet:
            assert not simulation.trouble.ended.wait(0.001)
        with pytest.raises(TimeoutError):
            connection.getresponse()
    rude(simulation, "arxiv", "/rss/cs.LG")
    assert simulation.rules.broken == []


def test_the_simulation_does_not_break_down_unseen(simulation: Simulation) -> None:
    simulation.trouble.plan("/blog/0", 1, lambda good: Reply(int(good.headers["ETag"])))
    with pytest.raises(http.client.RemoteDisconnected):
        rude(simulation, "blogs", "/blog/0.xml")
    assert broken(simulation) == ["the simulation broke down over it"]


@pytest.mark.parametrize(
    ("ticks", "hours", "problems"),
    [(1, 0, 1), (3, 0, 0), (1, 1, 0)],
)
def test_a_pause_by_either_clock_is_a_pause(ticks: float, hours: int, problems: int) -> None:
    now = [NOON, NOON + timedelta(hours=hours)]
    rules = Rules(lambda: now[0])
    for number in range(2):
        asked = Asked(
            100 + ticks * number, f"/{number}", {"user-agent": AGENT, "connection": "close"}, number
        )
        rules.begin("arxiv", asked)
        rules.end("arxiv", asked, Reply())
        now.pop(0)
        now.append(now[0])
    assert len(rules.broken) == problems


def test_a_request_that_was_on_its_way_is_forgiven() -> None:
    rules = Rules(lambda: NOON, grace=0.2)
    first, second, third = (
        Asked(100 + late, f"/{late}", {"user-agent": AGENT}, 1) for late in (0.0, 0.1, 0.3)
    )
    rules.begin("huggingface", first)
    rules.end("huggingface", first, Reply(503, headers={"Retry-After": "5"}))
    rules.begin("huggingface", second)
    assert rules.broken == []
    rules.begin("huggingface", third)
    assert len(rules.broken) == 1


def test_the_services_for_the_settings(simulation: Simulation) -> None:
    table = tomllib.loads(simulation.config_toml())["services"]
    assert table.keys() == {"huggingface", "arxiv_api", "arxiv_rss", "paperswithcode"}
    assert table["arxiv_api"] == table["arxiv_rss"] == simulation.origin("arxiv")
    assert all(origin.startswith("http://127.0.0.1:") for origin in table.values())


# A polite client


class Reader:
    """The least that reads all kinds of sources: it fetches and keeps papers, validators and days."""

    def __init__(self, simulation: Simulation, client: Client) -> None:
        self.simulation = simulation
        self.client = client
        self.papers: dict[str, list[Paper]] = {}
        self.etags: dict[str, str] = {}
        self.stale = 0
        self._known: tuple[set[str], str | None] = (set(), None)
        self._complete: date | None = None

    async def refresh(self, categories: tuple[str, ...], blogs: int) -> None:
        self.simulation.rules.new_refresh()
        for day in huggingface.editions_due(None, self.now, since=None, limit=3):
            await self._edition(day)
        await self._announcement(arxiv.Categories(categories))
        for blog in range(blogs):
            await self.blog(blog)

    @property
    def now(self) -> datetime:
        return self.simulation.world.now

    async def _edition(self, day: date) -> None:
        origin = self.simulation.origin("huggingface")
        for page in range(100):
            body = await self._fetch(huggingface.daily_address(origin, day=day, page=page, limit=10))
            found = huggingface.parse_page(body or b"[]")
            self._keep(found.papers)
            if found.rows < 10:
                return

    async def _announcement(self, asked: arxiv.Categories) -> None:
        """The feed of the day; the API for days of which the feed was stale, or could not be had."""
        origin = self.simulation.origin("arxiv")
        body = await self._fetch(arxiv.rss_address(origin, asked))
        listing = arxiv.parse_rss(body) if body else None
        known, known_day = self._known
        today = self.now.date()
        if listing and not listing.error and not listing.faults:
            if arxiv.is_stale(listing, known=known, known_day=known_day, now=self.now):
                self.stale += 1
            else:
                self._keep(listing.papers)
                self._known = ({paper.id for paper in listing.papers} or known, listing.announced)
                if self._complete in (None, today - timedelta(days=1)):
                    self._complete = today
        if self._complete != today:
            first = (self._complete or today) - timedelta(days=6)
            answer = await self._fetch(arxiv.day_address(origin, asked, first, today))
            found = arxiv.parse_api(answer) if answer else None
            if found and not found.error:
                self._keep(found.papers)
                self._complete = today

    async def blog(self, blog: int) -> None:
        body = await self._fetch(self.simulation.feed(blog))
        if body:
            feed = feeds.parse(body, base_url=self.simulation.feed(blog))
            self._keep(feeds.papers_from_feed(feed, source=f"blog {blog}")[0])

    async def _fetch(self, address: str) -> bytes | None:
        """A new body; what fails is tried once more, a refusal is waited out."""
        for _ in range(3):
            answer = await self.client.get(address, trusted=True, etag=self.etags.get(address))
            if isinstance(answer, Fetched):
                if answer.etag:
                    self.etags[address] = answer.etag
                return answer.body
            if isinstance(answer, NotModified):
                return None
            if isinstance(answer, Refused):
                self.simulation.world.now = answer.until
        return None

    def _keep(self, papers: tuple[Paper, ...]) -> None:
        for paper in papers:
            self.papers.setdefault(paper.id, []).append(paper)


@pytest.fixture
async def client(simulation: Simulation, tmp_path: Path) -> AsyncIterator[Client]:
    manners, clock = simulation.manners(), simulation.clock()
    async with Client(tmp_path / "hosts", manners=manners, clock=clock) as client:
        yield client


async def test_a_day_without_trouble(simulation: Simulation, client: Client) -> None:
    reader = Reader(simulation, client)
    for _ in range(2):
        await reader.refresh(("cs.CL", "hep-th"), blogs=4)
        simulation.world.now = NOON + timedelta(minutes=10)
    assert simulation.rules.broken == []
    assert (simulation.rules.counts["arxiv", 200], simulation.rules.counts["arxiv", 304]) == (1, 1)
    assert simulation.rules.counts["blogs", 304] == 4


async def test_a_hundred_blogs_that_have_nothing_new(tmp_path: Path) -> None:
    with Simulation(World(days=10, blogs=100)) as simulation:
        async with Client(tmp_path / "hosts", clock=simulation.clock()) as client:
            reader = Reader(simulation, client)
            for _ in range(2):
                simulation.rules.new_refresh()
                await asyncio.gather(*(reader.blog(number) for number in range(100)))
        assert simulation.rules.counts == {("blogs", 200): 100, ("blogs", 304): 100}
        assert simulation.rules.broken == []


async def test_a_week_of_bad_days_ends_with_every_paper(simulation: Simulation, client: Client) -> None:
    plan = simulation.trouble.plan
    plan("/rss/", 2, bad.refused(30))
    plan("/rss/", 4, bad.dropped)
    plan("/api/query", 1, bad.refused(4))
    plan("/api/daily_papers", 3, bad.failed(502))
    plan("/api/daily_papers", 7, bad.truncated_gzip)
    plan("/blog/1", 2, bad.redirect_loop)
    plan("/blog/2", 3, bad.cut_off)
    stale = date(2026, 11, 18)
    simulation.arxiv.stale = {stale: datetime(2026, 11, 18, 20, tzinfo=UTC)}
    reader = Reader(simulation, client)
    for day in range(8):
        simulation.world.now = NOON + timedelta(days=day)
        await reader.refresh(("cs.CL", "stat"), blogs=4)
    assert simulation.rules.broken == []
    assert simulation.trouble.unmet == []
    assert reader.stale == 1
    listed = Source("arXiv", "arxiv", "cs.CL+stat")
    blogs = [Source(f"Blog {blog}", "feed", simulation.feed(blog)) for blog in range(4)]
    world = simulation.world
    expected = world.expected([DAILY_PAPERS], since=NOON - timedelta(days=2)) | world.expected(
        blogs, since=NOON
    )
    first = world.expected([listed], since=NOON, types=("new", "cross"))
    assert expected | first <= reader.papers.keys()
    submitted = NOON - timedelta(days=20)
    assert reader.papers.keys() <= expected | world.expected([listed], since=submitted)
