"""Simulated answers: read by the program's own adapters they are the world's truth, and shaped as recorded ones are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import pytest
from tests.services import Asked, Reply, World, eastern
from tests.services.arxiv import Arxiv
from tests.services.blogs import Blogs
from tests.services.daily_papers import DailyPapers
from tests.services.paperswithcode import PapersWithCode
from tests.services.posts import FORMATS
from tests.services.submissions import Submission
from tests.services.world import hub_abstract, hub_title

from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources import arxiv, feeds, huggingface, paperswithcode
from papers_tui.sources.arxiv import Categories

THURSDAY = date(2026, 11, 12)
NOON = datetime(2026, 11, 12, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def always() -> World:
    return World()


@pytest.fixture
def world(always: World) -> World:
    """The world at noon of a Thursday in New York."""
    always.now = NOON
    return always


def ask(service: Callable[[Asked], Reply], address: str, **headers: str) -> Reply:
    """The answer for an address, or the path of one; headers are written with _ for -."""
    parts = urlsplit(address)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return service(Asked(0.0, target, named, 1))


def ids(papers: tuple[Paper, ...]) -> list[str]:
    return [paper.id.removeprefix("arxiv:") for paper in papers]


def names(papers: list[Submission]) -> set[str]:
    return {paper.id for paper in papers}


# Daily Papers


def page(service: DailyPapers, **asked: Any) -> huggingface.Page:
    reply = ask(service, huggingface.daily_address("http://hub", **asked))
    assert reply.status == 200
    found = huggingface.parse_page(reply.body)
    assert (found.faults, found.error) == ((), None)
    return found


def test_an_edition_is_read_as_it_is(world: World) -> None:
    found = page(DailyPapers(world), day=THURSDAY).papers
    assert set(ids(found)) == names(world.daily(THURSDAY)) != set()
    for paper in found:
        truth = world.paper(paper.id.removeprefix("arxiv:"))
        assert truth
        assert truth.hub
        assert paper.title == clean_line(hub_title(truth))
        assert paper.abstract == clean_text(hub_abstract(truth))
        assert paper.authors == tuple(name for name in truth.authors if name != truth.hub.hidden)
        assert paper.edition == "2026-11-12"
        assert paper.published == f"{truth.versions[0].submitted:%Y-%m-%d}T00:00:00Z"
        assert paper.upvotes == truth.hub.votes_at(NOON)
        assert paper.comments == truth.hub.comments_at(NOON)
        assert paper.stars == (truth.hub.stars_at(NOON) if truth.hub.repository else None)
        assert paper.summary is None
        organization = paper.organization and (paper.organization.name, paper.organization.fullname)
        assert organization == truth.hub.organization
        stated = {link.url for link in paper.links if link.origin in ("user", "admin")}
        assert stated == {url for url in (truth.hub.repository, truth.hub.page) if url}
        assert text_key(truth.title, truth.abstract) in paper.keys


def test_an_edition_days_later_has_more_votes_and_summaries(world: World) -> None:
    before = page(DailyPapers(world), day=THURSDAY).papers
    world.now += timedelta(days=7)
    after = {paper.id: paper for paper in page(DailyPapers(world), day=THURSDAY).papers}
    assert all((after[paper.id].upvotes or 0) >= (paper.upvotes or 0) for paper in before)
    assert sum((paper.upvotes or 0) for paper in after.values()) > sum(paper.upvotes or 0 for paper in before)
    assert any(paper.summary and paper.keywords for paper in after.values())


def test_pages_end_with_a_short_one(world: World) -> None:
    service = DailyPapers(world)
    whole = page(service, month=THURSDAY, limit=100)
    parts = [page(service, month=THURSDAY, limit=7, page=number) for number in range(whole.rows // 7 + 2)]
    assert tuple(paper for part in parts for paper in part.papers) == whole.papers
    assert [part.rows for part in parts[:-1]] == [7] * (len(parts) - 2) + [whole.rows % 7]
    assert parts[-1].rows == 0
    published = [paper.published or "" for paper in whole.papers]
    assert published == sorted(published, reverse=True)


def test_weeks_months_trending_and_no_date(world: World) -> None:
    service = DailyPapers(world)
    week = page(service, week=THURSDAY)
    assert set(ids(week.papers)) == names(world.daily(date(2026, 11, 9), date(2026, 11, 15)))
    month = page(service, month=THURSDAY)
    assert set(ids(month.papers)) == names(world.daily(date(2026, 11, 1), date(2026, 11, 30)))
    trending = page(service, trending=True)
    assert ids(trending.papers) == [paper.id for paper in world.trending()][:100]
    votes = [paper.upvotes or 0 for paper in trending.papers]
    assert votes == sorted(votes, reverse=True)
    assert set(ids(page(service).papers)) == names(world.on_hub())


@pytest.mark.parametrize(
    ("day", "hour", "state"),
    [
        ("2026-11-12", 18, "open"),
        ("2026-11-12", 0, "nothing-yet"),  # nobody has brought a paper yet
        ("2026-11-13", 18, "nothing-yet"),  # 400: not open yet
        ("2026-11-14", 18, "none"),
        ("2026-11-08", 18, "none"),
        ("2026-11-11", 18, "open"),
    ],
)
def test_the_state_of_an_edition(world: World, day: str, hour: int, state: str) -> None:
    world.now = NOON.replace(hour=hour)
    reply = ask(DailyPapers(world), f"/api/daily_papers?date={day}")
    rows = huggingface.parse_page(reply.body).rows if reply.status == 200 else None
    assert (reply.status == 400) == (day > "2026-11-12")
    assert huggingface.edition_state(reply.status, rows, date.fromisoformat(day), world.now) == state


def test_an_edition_may_open_late(world: World) -> None:
    world.now = NOON.replace(hour=3)
    service = DailyPapers(world, opens=timedelta(hours=4))
    assert ask(service, "/api/daily_papers?date=2026-11-12").status == 400
    assert ask(service, "/api/daily_papers?date=2026-11-11").status == 200


@pytest.mark.parametrize(
    "query",
    ["date=2026-13-01", "date=x", "date=2026-11", "week=2026-W60", "month=2026-11-12", "month=2026-12", "limit=0",
     "limit=101", "p=-1", "p=x", "sort=best", "date=2026-11-12&week=2026-W46"],
)  # fmt: skip
def test_bad_requests_are_explained(world: World, query: str) -> None:
    reply = ask(DailyPapers(world), f"/api/daily_papers?{query}")
    assert reply.status == 400
    error = huggingface.parse_page(reply.body).error
    assert error == f'Hugging Face answers: "{reply.headers["X-Error-Message"]}"'
    assert reply.headers["X-Error-Code"] == "BadRequest"


def test_a_full_date_is_a_day(world: World) -> None:
    service = DailyPapers(world)
    day = ask(service, "/api/daily_papers?date=2026-11-12").body
    assert ask(service, "/api/daily_papers?date=2026-11-12T10:00:00.000Z").body == day


def test_one_paper_with_what_is_linked_to_it(world: World) -> None:
    service = DailyPapers(world)
    seen = set[str]()
    for truth in world.on_hub():
        reply = ask(service, huggingface.paper_address("http://hub", truth.id))
        found = huggingface.parse_paper(reply.body)
        assert (reply.status, found.error) == (200, None)
        assert found.paper
        assert found.paper.comments is None
        assert (found.models, found.datasets, found.spaces) == (len(truth.models), len(truth.datasets), 0)
        linked = {link.url for link in found.paper.links if link.origin == "hub"}
        assert {url.removeprefix("https://huggingface.co/").removeprefix("datasets/") for url in linked} == {
            *truth.models,
            *truth.datasets,
        }
        seen |= {link.origin for link in found.paper.links}
    assert {"hub", "user", "auto"} <= seen


def test_a_paper_that_nobody_has_brought_is_not_there(world: World) -> None:
    service = DailyPapers(world)
    other = next(paper.id for paper in world.on_arxiv() if paper.hub is None)
    later = next(paper.id for paper in world.papers if paper.hub and paper.hub.listed > NOON)
    for identifier in (other, later, "2611.99999", "x"):
        reply = ask(service, f"/api/papers/{identifier}")
        assert reply.status == 404
        assert huggingface.parse_paper(reply.body).error == 'Hugging Face answers: "Paper not found"'


def test_a_search(world: World) -> None:
    service = DailyPapers(world)
    found = huggingface.parse_page(
        ask(service, huggingface.search_address("http://hub", "Tide prediction")).body
    )
    assert found.faults == ()
    assert ids(found.papers) == [paper.id for paper in world.found_on_hub("tide prediction")] != []
    for query in ("", "q=", f"q={'x' * 251}", "q=x&limit=121"):
        assert ask(service, f"/api/papers/search?{query}").status == 400


def test_a_quota_ends_and_comes_back(world: World) -> None:
    service = DailyPapers(world, quota=2, with_token=3)
    world.now = NOON + timedelta(seconds=100)
    replies = [ask(service, "/api/daily_papers") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert [reply.headers["RateLimit"] for reply in replies] == [
        f'"api";r={left};t=200' for left in (1, 0, 0)
    ]
    assert replies[0].headers["RateLimit-Policy"] == '"fixed window";"api";q=2;w=300'
    assert ask(service, "/api/daily_papers", authorization="Bearer hf_x").status == 200
    world.now += timedelta(seconds=200)
    assert ask(service, "/api/daily_papers").status == 200


def test_an_etag_where_it_is_wanted(world: World) -> None:
    assert "ETag" not in ask(DailyPapers(world), "/api/daily_papers").headers
    service = DailyPapers(world, etags=True)
    etag = ask(service, "/api/daily_papers").headers["ETag"]
    assert ask(service, "/api/daily_papers", if_none_match=etag).status == 304
    world.now += timedelta(days=1)
    assert ask(service, "/api/daily_papers", if_none_match=etag).status == 200


# arXiv's feeds


@pytest.mark.parametrize("form", ["rss", "atom"])
@pytest.mark.parametrize("asked", [("cs.CL",), ("cs.CL", "stat.ML", "hep-th"), ("cs",)])
def test_an_announcement_is_read_as_it_is(world: World, form: str, asked: tuple[str, ...]) -> None:
    truth = world.announced(THURSDAY, asked)
    reply = ask(Arxiv(world), f"/{form}/{'+'.join(asked).lower()}")
    found = arxiv.parse_rss(reply.body)
    assert (reply.status, found.error, found.faults, found.announced) == (200, None, (), "2026-11-12")
    assert ids(found.papers) == [each.paper.id for each in truth] != []
    for paper, each in zip(found.papers, truth, strict=True):
        assert paper.title == clean_line(each.paper.title)
        assert paper.abstract == clean_text(each.paper.abstract)
        assert paper.authors == each.paper.authors
        assert paper.categories == each.paper.categories
        assert paper.version == each.version.number
        assert paper.announce == each.type.removesuffix("-cross")
        assert (f"doi:{each.paper.doi}" in paper.keys) == bool(each.paper.doi)
        assert text_key(each.paper.title, each.paper.abstract) in paper.keys


def test_a_feed_is_fresh_until_midnight_in_new_york(world: World) -> None:
    service = Arxiv(world)
    first = ask(service, "/rss/cs.CL")
    assert first.headers["Cache-Control"] == "max-age=39600"
    assert ask(service, "/rss/cs.CL", if_none_match=first.headers["ETag"]).status == 304
    world.now = eastern.midnight(THURSDAY) + timedelta(days=1, seconds=-1)
    assert ask(service, "/rss/cs.CL", if_none_match=first.headers["ETag"]).status == 304
    world.now += timedelta(seconds=1)
    second = ask(service, "/rss/cs.CL", if_none_match=first.headers["ETag"])
    assert arxiv.parse_rss(second.body).announced == "2026-11-13"


@pytest.mark.parametrize("day", ["2026-11-14", "2026-11-15", "2026-11-26"])
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_no_announcement_at_weekends_and_on_holidays(world: World, form: str, day: str) -> None:
    world.now = datetime.fromisoformat(f"{day}T18:00:00Z")
    found = arxiv.parse_rss(ask(Arxiv(world), f"/{form}/cs").body)
    assert (found.rows, found.error) == (0, None)
    assert form == "atom" or found.skip_days == ("Sunday", "Saturday")


@pytest.mark.parametrize("redated", [True, False])
def test_a_stale_batch(world: World, redated: bool) -> None:
    service = Arxiv(world, stale={THURSDAY: NOON}, redated=redated)
    world.now = NOON - timedelta(days=1)
    wednesday = arxiv.parse_rss(ask(service, "/rss/cs.CL+cs.LG").body)
    known = {paper.id for paper in wednesday.papers}
    world.now = NOON - timedelta(seconds=1)
    stale = arxiv.parse_rss(ask(service, "/rss/cs.CL+cs.LG").body)
    assert ids(stale.papers) == ids(wednesday.papers)
    assert stale.announced == ("2026-11-12" if redated else "2026-11-11")
    assert arxiv.is_stale(stale, known=known, known_day="2026-11-11", now=world.now)
    world.now = NOON
    fresh = arxiv.parse_rss(ask(service, "/rss/cs.CL+cs.LG").body)
    assert ids(fresh.papers) == [each.paper.id for each in world.announced(THURSDAY, ["cs.CL", "cs.LG"])]
    assert not arxiv.is_stale(fresh, known=known, known_day="2026-11-11", now=world.now)


@pytest.mark.parametrize("target", ["/rss/cs.FOO", "/atom/cs.CL+nonsense", "/rss/", "/rss/cs.CL?version=1.0"])
def test_a_bad_category_is_explained(world: World, target: str) -> None:
    reply = ask(Arxiv(world), target)
    assert reply.status == 400
    assert (arxiv.parse_rss(reply.body).error or "").startswith("arXiv answers: \"Invalid archive '")


def test_a_feed_that_is_too_long_loses_what_is_new(world: World) -> None:
    truth = [each.paper.id for each in world.announced(THURSDAY, ["cs"])]
    found = arxiv.parse_rss(ask(Arxiv(world, limit=3), "/rss/cs").body)
    assert ids(found.papers) == truth[-3:]


# arXiv's Query API


def listing(service: Arxiv, address: str) -> arxiv.Listing:
    reply = ask(service, address)
    found = arxiv.parse_api(reply.body)
    assert (reply.status, found.error, found.faults) == (200, None, ())
    return found


def test_records_are_read_as_they_are(world: World) -> None:
    papers = world.on_arxiv()
    found = listing(Arxiv(world), arxiv.ids_address("http://arxiv", [paper.id for paper in papers]))
    assert found.total == found.rows == len(papers)
    for paper, truth in zip(found.papers, papers, strict=True):
        version = truth.version_at(NOON)
        assert version
        assert paper.id == f"arxiv:{truth.id}"
        assert paper.title == clean_line(truth.title)
        assert paper.abstract == clean_text(truth.abstract)
        assert paper.authors == truth.authors
        assert paper.categories == truth.categories
        assert paper.author_comment == (truth.comment or None)
        assert paper.version == version.number
        assert paper.published == f"{truth.versions[0].submitted:%Y-%m-%dT%H:%M:%SZ}"
        commented = [link for link in paper.links if link.origin == "comment"]
        assert bool(commented) == ("https://" in truth.comment)
        assert text_key(truth.title, truth.abstract) in paper.keys


def test_the_days_that_the_feed_no_longer_shows_are_found_by_date(world: World) -> None:
    asked, service = Categories(("cs.CL", "math")), Arxiv(world)
    first, last = date(2026, 11, 3), date(2026, 11, 9)
    found: list[str] = []
    start: int | None = 0
    while start is not None:
        part = listing(service, arxiv.day_address("http://arxiv", asked, first, last, start=start, limit=5))
        found += ids(part.papers)
        start = arxiv.next_start(part)
    truth = [
        paper
        for paper in world.on_arxiv()
        if any(name == "cs.CL" or name.startswith("math.") for name in paper.categories)
        and first <= paper.versions[0].submitted.date() <= last
    ]
    assert len(found) > 10
    assert found == [
        paper.id for paper in sorted(truth, key=lambda each: each.versions[0].submitted, reverse=True)
    ]


def test_a_paper_is_not_found_before_it_is_announced(world: World) -> None:
    submitted = next(paper for paper in world.papers if paper.versions[0].announced == date(2026, 11, 13))
    address = arxiv.ids_address("http://arxiv", [submitted.id])
    assert arxiv.missing_ids(listing(Arxiv(world), address), [submitted.id]) == (submitted.id,)
    world.now = eastern.midnight(date(2026, 11, 13))
    assert ids(listing(Arxiv(world), address).papers) == [submitted.id]


def test_a_version_may_be_asked_for(world: World) -> None:
    revised = next(
        paper for paper in world.on_arxiv() if len(paper.versions) == 3 and paper.versions[1].visible <= NOON
    )
    for number in (1, 2):
        found = listing(Arxiv(world), f"/api/query?id_list={revised.id}v{number}")
        assert [paper.version for paper in found.papers] == [number]
    assert listing(Arxiv(world), f"/api/query?id_list={revised.id}v9").rows == 0
    both = f"/api/query?id_list={revised.id}&search_query=cat:no.NE"
    assert listing(Arxiv(world), both).total == 0


def test_the_order_of_a_search(world: World) -> None:
    service = Arxiv(world)
    for order, turned in (("descending", True), ("ascending", False)):
        target = f"/api/query?search_query=cat:cs.*&max_results=500&sortBy=submittedDate&sortOrder={order}"
        dates = [paper.published or "" for paper in listing(service, target).papers]
        assert dates == sorted(dates, reverse=turned)


def test_deep_pages_can_be_empty(world: World) -> None:
    service = Arxiv(world, deepest=10)
    found = listing(service, "/api/query?search_query=cat:cs.*&start=10")
    assert found.rows == 0
    assert (found.total or 0) > 10
    assert arxiv.next_start(found) is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("id_list=abc", "incorrect id format for abc"),
        ("id_list=2611.00101,x/1", "incorrect id format for x/1"),
        ("search_query=cat:cs.CL&start=x", "start must be an integer"),
        ("search_query=cat:cs.CL&start=-1", "start must be non-negative"),
        ("search_query=cat:cs.CL&max_results=2001", "max_results must be at most 2000"),
        ("search_query=cat:cs.CL&start=29999&max_results=2", "at most 30000"),
        ("search_query=cat:cs.CL&sortBy=x", "sortBy must be in"),
        ("search_query=%28cat:cs.CL", "unbalanced parentheses"),
    ],
)
def test_errors_of_the_api(world: World, query: str, words: str) -> None:
    reply = ask(Arxiv(world), f"/api/query?{query}")
    found = arxiv.parse_api(reply.body)
    assert (reply.status, found.rows) == (400, 0)
    assert words in (found.error or "")


def test_nothing_else_is_there(world: World) -> None:
    for service in (Arxiv(world), Blogs(world)):
        assert ask(service, "/").status == 404
    assert ask(DailyPapers(world), "/").status == 404


# Papers with Code


def test_resources_are_read_as_they_are(world: World) -> None:
    service = PapersWithCode(world)
    for truth in world.on_arxiv():
        reply = ask(service, paperswithcode.paper_address("http://pwc", truth.id))
        found = paperswithcode.parse_resources(reply.body)
        assert (reply.status, found.error) == (200, None)
        official = {link.url for link in found.links if link.origin == "official"}
        page = truth.hub.page if truth.listed_at(NOON) and truth.hub else ""
        assert official == {url for url in (truth.repository, page) if url}
        assert {link.kind for link in found.links} >= ({"model"} if truth.models else set())
    bare = json.loads(ask(service, f"/api/v1/papers/{world.papers[0].id}").body)
    assert "repositories" not in bare


def test_a_paper_that_papers_with_code_does_not_have(world: World) -> None:
    reply = ask(PapersWithCode(world), "/api/v1/papers/2611.99999?include_resources=true")
    assert reply.status == 404
    assert paperswithcode.parse_resources(reply.body).error == 'Papers with Code answers: "Paper not found"'


# Blogs


@pytest.mark.parametrize("blog", range(len(FORMATS)))
def test_a_blog_is_read_as_it_is(world: World, blog: int) -> None:
    reply = ask(Blogs(world), f"/blog/{blog}.xml")
    address = f"http://127.0.0.1/blog/{blog}.xml"
    feed = feeds.parse(reply.body, content_type=reply.headers["Content-Type"], base_url=address)
    papers, faults = feeds.papers_from_feed(feed, source="blog")
    truth = world.posts(blog)
    assert (len(feed.entries), faults) == (len(truth), ())
    assert {paper.id for paper in papers} == {post.key for post in truth}
    assert [entry.title.value for entry in feed.entries] == [post.title for post in truth]
    assert str(blog) in feed.title.value


@pytest.mark.parametrize("blog", range(len(FORMATS)))
def test_a_blog_changes_with_its_posts_alone(world: World, blog: int) -> None:
    service = Blogs(world, max_age=60)
    first = ask(service, f"/blog/{blog}.xml")
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "max-age=60"
    assert ask(service, f"/blog/{blog}.xml", if_none_match=etag).status == 304
    assert ask(service, f"/blog/{blog}.xml", if_modified_since=changed).status == 304
    assert ask(service, f"/blog/{blog}.xml", if_none_match='"x"', if_modified_since=changed).status == 200
    world.now = next(post.published for post in world.blogs[blog] if post.published > NOON)
    second = ask(service, f"/blog/{blog}.xml", if_none_match=etag, if_modified_since=changed)
    assert second.status == 200


def test_a_page_offers_its_feed(world: World) -> None:
    for blog in range(len(FORMATS)):
        reply = ask(Blogs(world), f"/blog/{blog}.html")
        found = feeds.find_feeds(reply.body, base_url=f"http://blogs.example/blog/{blog}.html")
        assert [each.address for each in found] == [f"http://blogs.example/blog/{blog}.xml"]


def test_a_blog_before_its_first_post() -> None:
    world = World(days=4)
    world.now = datetime.combine(world.first, datetime.min.time(), UTC)
    for blog in range(len(FORMATS)):
        reply = ask(Blogs(world), f"/blog/{blog}.xml")
        assert feeds.parse(reply.body, content_type=reply.headers["Content-Type"]).entries == ()
    assert ask(Blogs(world), "/blog/99.xml").status == 404


# The shape of recorded answers


def keys(value: object, path: str = "") -> Iterator[str]:
    """The paths of all keys, such as "paper.authors.name"."""
    for item in value if isinstance(value, list) else [value]:
        for name, inner in item.items() if isinstance(item, dict) else ():
            yield f"{path}{name}"
            yield from keys(inner, f"{path}{name}.")


def recorded_rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for file in sorted(folder.glob("*.json")):
        found = json.loads(file.read_bytes())
        rows += found if isinstance(found, list) else []
    return rows


def assert_same_shape(made: list[dict[str, Any]], recorded: list[dict[str, Any]], apart: set[str]) -> None:
    """No key that was never recorded, and every key that all recorded rows have; those of `apart` don't count."""
    assert {key for row in made for key in keys(row)} - apart <= {
        key for row in recorded for key in keys(row)
    }
    always = set.intersection(*(set(keys(row)) for row in recorded)) - apart
    assert all(always <= set(keys(row)) for row in made)
    firsts = {key: kind for row in recorded for key, kind in kinds(row)}
    assert {
        key: kind for row in made for key, kind in kinds(row) if key not in apart
    }.items() <= firsts.items()


def kinds(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys of a row and of its paper, each with the type of its value."""
    for path, values in (("", row), ("paper.", row["paper"])):
        for name, value in values.items():
            yield path + name, type(value).__name__


def test_the_shape_of_rows(shared: Path, world: World) -> None:
    world.now = NOON + timedelta(days=10)
    made = json.loads(ask(DailyPapers(world), "/api/daily_papers?limit=100").body)
    recorded = recorded_rows(shared / "hf" / "daily_papers_2026")
    # A saved page's rows have `upvoted` besides; one row of thousands has no submitter.
    assert_same_shape(made, recorded, {"upvoted"})
    assert {"paper.ai_summary", "paper.mediaUrls", "organization", "paper.githubRepo"} <= {
        key for row in made for key in keys(row)
    }


def test_the_shape_of_found_rows(shared: Path, world: World) -> None:
    made = json.loads(ask(DailyPapers(world), "/api/papers/search?q=agents&limit=120").body)
    recorded = json.loads((shared / "hf" / "recorded" / "papers_search_kazakh_2025.json").read_bytes())
    newer = {key for row in recorded_rows(shared / "hf" / "daily_papers_2026") for key in keys(row)}
    assert_same_shape(made, recorded, newer - {key for row in recorded for key in keys(row)})


def paths(element: Element, path: str = "") -> Iterator[str]:
    """The paths of all elements, with the names of their attributes."""
    here = f"{path}/{element.tag}{sorted(element.keys())}"
    yield here
    for child in element:
        yield from paths(child, here)


def orders(root: Element, tag: str) -> set[tuple[str, str]]:
    """Which child comes right before which, in the elements of a name."""
    found: set[tuple[str, str]] = set()
    for element in root.iter(tag):
        children = [child.tag for child in element]
        found |= set(pairwise(children))
    return found


def both(made: bytes, recorded: list[Path]) -> tuple[Element, list[Element]]:
    return fromstring(made), [fromstring(file.read_bytes()) for file in recorded]


def test_the_shape_of_feeds(shared: Path, world: World) -> None:
    folder = shared / "arxiv"
    service = Arxiv(world)
    rss = [*(folder / "rss2_new").glob("*.xml"), *(folder / "rendered_by_arxiv_feed").glob("cs.CL*.rss2.xml")]
    made, recorded = both(ask(service, "/rss/cs").body, rss)
    apart = {"{http://arxiv.org/schemas/atom}journal_reference"}  # in arXiv's own source, in no recorded body
    told = {path for path in paths(made) if not any(name in path for name in apart)}
    assert told == {path for each in recorded for path in paths(each)}
    assert {pair for pair in orders(made, "item") if not apart & set(pair)} <= {
        pair for each in recorded for pair in orders(each, "item")
    }
    assert orders(made, "channel") == {pair for each in recorded for pair in orders(each, "channel")}
    atom = [*(folder / "rendered_by_arxiv_feed").glob("cs.CL*.atom.xml")]
    made, recorded = both(ask(service, "/atom/cs").body, atom)
    apart |= {"{http://arxiv.org/schemas/atom}DOI"}
    told = {path for path in paths(made) if not any(name in path for name in apart)}
    assert told == {path for each in recorded for path in paths(each)}


def test_the_shape_of_feeds_without_papers(shared: Path, world: World) -> None:
    folder = shared / "arxiv" / "rendered_by_arxiv_feed"
    world.now = NOON + timedelta(days=2)
    made, (recorded,) = both(ask(Arxiv(world), "/atom/cs.CV").body, [folder / "cs.CV_weekend_empty.atom.xml"])
    assert list(paths(made)) == list(paths(recorded))
    made, (recorded,) = both(ask(Arxiv(world), "/rss/cs.FOO").body, [folder / "error_bad_category.rss2.xml"])
    assert list(paths(made)) == list(paths(recorded))
    for name in ("channel/title", "channel/link"):
        assert made.findtext(name) == recorded.findtext(name)


def test_the_shape_of_records(shared: Path, world: World) -> None:
    folder = shared / "arxiv" / "api_atom"
    made, recorded = both(
        ask(Arxiv(world), "/api/query?search_query=cat:cs.*&max_results=500").body,
        [*folder.glob("arxivpy_q_*.xml"), *folder.glob("arxivpy_id_[12]*.xml")],
    )
    apart = "{http://arxiv.org/schemas/atom}affiliation"
    assert {path for path in paths(made) if apart not in path} == {
        path for each in recorded for path in paths(each)
    }
    entry = "{http://www.w3.org/2005/Atom}entry"
    assert orders(made, entry) <= {pair for each in recorded for pair in orders(each, entry)}
    made, (error,) = both(
        ask(Arxiv(world), "/api/query?id_list=abc").body, [*folder.glob("arxivpy_id_abc_*.xml")]
    )
    assert [*paths(made)] == [*paths(error)]
    assert [each.text for each in made.iter() if "update" not in each.tag] == [
        each.text for each in error.iter() if "update" not in each.tag
    ]
    made, (none,) = both(
        ask(Arxiv(world), "/api/query?id_list=0000.0000&max_results=100").body,
        [*folder.glob("arxivpy_id_0000.0000_*.xml")],
    )
    assert [*paths(made)] == [*paths(none)]
    assert made[1].text == none[1].text
    assert made[3].get("href") == none[3].get("href")
