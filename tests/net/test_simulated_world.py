"""The made-up world: the same at every run, on the days of the real services, and consistent with itself."""

from __future__ import annotations

import re
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.services import World, eastern, prose
from tests.services.arxiv_query import QueryError, read_query

from papers_tui.domain.identity import text_key
from papers_tui.domain.sources import Source

WORLD = World()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# New York's days


@pytest.mark.parametrize(
    ("moment", "hours"),
    [
        ("2026-01-15T12:00", -5),
        ("2026-03-08T06:59", -5),
        ("2026-03-08T07:00", -4),
        ("2026-11-01T05:59", -4),
        ("2026-11-01T06:00", -5),
        ("2025-11-02T06:00", -5),
    ],
)
def test_the_offset_of_new_york(moment: str, hours: int) -> None:
    assert eastern.zone(utc(moment)).utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2026, 7, 1), "2026-07-01T04:00"),
        (date(2026, 11, 1), "2026-11-01T04:00"),
        (date(2026, 11, 2), "2026-11-02T05:00"),
        (date(2026, 3, 8), "2026-03-08T05:00"),
        (date(2026, 3, 9), "2026-03-09T04:00"),
    ],
)
def test_midnight_in_new_york(day: date, begins: str) -> None:
    assert eastern.midnight(day) == utc(begins)
    assert eastern.day_of(utc(begins)) == day
    assert eastern.day_of(utc(begins) - timedelta(seconds=1)) == day - timedelta(days=1)


def test_what_is_left_of_a_day_that_has_25_hours() -> None:
    assert eastern.until_midnight(utc("2026-11-01T04:00")) == 25 * 3600


@pytest.mark.parametrize(
    ("submitted", "announced"),
    [
        ("2026-11-09T18:59", "2026-11-10"),  # Monday before the deadline: Tuesday
        ("2026-11-09T19:00", "2026-11-11"),
        ("2026-11-12T20:00", "2026-11-16"),  # Thursday after it: Monday
        ("2026-11-13T18:00", "2026-11-16"),
        ("2026-11-13T20:00", "2026-11-17"),  # Friday after it, and the weekend: Tuesday
        ("2026-11-15T20:00", "2026-11-17"),
        ("2026-11-25T12:00", "2026-11-30"),  # Thanksgiving and the day after it
    ],
)
def test_when_a_paper_is_announced(submitted: str, announced: str) -> None:
    assert eastern.announcement(utc(submitted), WORLD.holidays) == date.fromisoformat(announced)


# Papers


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_papers_hold_together(seed: int) -> None:
    world = World(seed, days=9, a_day=6, blogs=1)
    assert len({paper.id for paper in world.papers}) == len(world.papers) > 20
    for paper in world.papers:
        first = paper.versions[0]
        assert re.fullmatch(rf"{first.submitted:%y%m}\.\d{{5}}", paper.id)
        assert len(set(paper.categories)) == len(paper.categories) >= 1
        assert len(set(paper.authors)) == len(paper.authors) >= 1
        assert [version.number for version in paper.versions] == list(range(1, len(paper.versions) + 1))
        for version in paper.versions:
            assert eastern.is_announcing(version.announced, world.holidays)
            assert version.submitted < version.visible
        days = [version.announced for version in paper.versions]
        assert days == sorted(set(days))
        if hub := paper.hub:
            assert hub.edition.weekday() < 5
            assert hub.listed.date() == hub.edition
            assert first.visible <= hub.listed
            assert timedelta(0) <= hub.edition - first.announced <= timedelta(days=7)


def test_the_same_seed_makes_the_same_world_and_another_another() -> None:
    assert World(7, days=5).papers == World(7, days=5).papers
    assert World(7, days=5, blogs=2).blogs == World(7, days=5, blogs=2).blogs
    assert World(7, days=5).papers != World(8, days=5).papers


def test_everything_that_happens_to_papers_happens_here() -> None:
    hubs = [paper.hub for paper in WORLD.papers if paper.hub]
    numbers = Counter(version.number for paper in WORLD.papers for version in paper.versions)
    assert numbers.keys() == {1, 2, 3}
    assert any("$" in paper.title for paper in WORLD.papers)
    assert any("\\href" in paper.abstract for paper in WORLD.papers)
    assert any("\n\n" in paper.abstract for paper in WORLD.papers)
    assert any("https://github.com/" in paper.comment for paper in WORLD.papers)
    assert max(Counter(paper.title for paper in WORLD.papers).values()) > 1
    assert all([any(paper.doi for paper in WORLD.papers), any(paper.code for paper in WORLD.papers)])
    assert 0 < len(hubs) < len(WORLD.papers)
    assert {bool(hub.repository) for hub in hubs} == {bool(hub.organization) for hub in hubs} == {True, False}
    assert any(hub.hidden for hub in hubs)
    assert any(hub.summarised is None for hub in hubs)


def test_votes_only_grow_and_the_summary_comes_later() -> None:
    for paper in WORLD.papers:
        if not paper.hub:
            continue
        days = [paper.hub.listed + timedelta(days=number) for number in range(12)]
        for read in (paper.hub.votes_at, paper.hub.comments_at, paper.hub.stars_at):
            counts = [read(day) for day in days]
            assert counts == sorted(counts)
        assert paper.hub.summary_at(days[0]) is None
        if paper.hub.summarised:
            assert paper.hub.summary_at(days[3]) == paper.hub.summary


@given(st.integers(0, 10**6))
def test_a_text_is_the_same_paper_with_and_without_tex(seed: int) -> None:
    random = Random(seed)
    title, abstract = prose.title(random), prose.abstract(random, r"See \href{https://a.example/}{here}.")
    bare = prose.without_tex(title), prose.without_tex(abstract)
    assert "$" not in "".join(bare)
    assert text_key(*bare) == text_key(title, abstract)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        ("$x$", "x"),
        (r"\href{A}{B}", "A{B}"),
        (r"\textcolor{blue}{https://a.example}", "blue{https://a.example}"),
        (r"\url{https://a.example}", "https://a.example"),
        (r"\textbf{\emph{very}}", "very"),
        (r"$3\times$ 5\%", r"3\times 5\%"),
    ],
)
def test_how_tex_is_stripped(tex: str, text: str) -> None:
    assert prose.without_tex(tex) == text


# Time


def test_time_has_a_zone() -> None:
    world = World(days=3)
    with pytest.raises(ValueError, match="zone"):
        world.now = datetime(2026, 11, 1)
    world.now = datetime.fromisoformat("2026-11-01T01:00:00+02:00")
    assert world.now == utc("2026-10-31T23:00")


def test_time_may_be_set_while_others_read_it() -> None:
    world, stop, seen = World(days=3), threading.Event(), list[datetime]()

    def read() -> None:
        while not stop.is_set():
            seen.append(world.now)

    reader = threading.Thread(target=read)
    reader.start()
    moments = [utc("2026-11-01T00:00") + timedelta(hours=hour) for hour in range(500)]
    before = world.now
    for moment in moments:
        world.now = moment
    stop.set()
    reader.join()
    assert set(seen) <= {before, *moments}
    assert seen[1:] == [before] * seen[1:].count(before) + sorted(each for each in seen[1:] if each != before)


def test_the_past_does_not_change() -> None:
    world = World()
    known: set[str] = set()
    for day in range(35):
        moment = datetime.combine(world.first, datetime.min.time(), UTC) + timedelta(days=day, hours=12)
        now = {paper.id for paper in world.on_arxiv(moment)} | {post.key for post in world.posts(1, moment)}
        assert {paper.id for paper in world.on_hub(moment)} <= now
        assert {each for each in known if each[0].isdigit()} <= now
        known = now


# What a library should have


def test_expected_of_each_kind_of_source() -> None:
    until = utc("2026-11-13T20:00")
    sources = {
        "daily": Source("a", "daily-papers", ""),
        "week": Source("b", "daily-papers", "week"),
        "month": Source("c", "daily-papers", "month"),
        "trending": Source("d", "daily-papers", "trending"),
        "found": Source("e", "daily-papers", "search:tide prediction"),
        "listed": Source("f", "arxiv", "cs.CL+hep-th"),
        "searched": Source("g", "arxiv", "search?category=cs.CL&title=agents"),
        "blog": Source("h", "feed", "http://127.0.0.1:1/blog/1.xml"),
    }
    found = {
        name: WORLD.expected([source], since=utc("2026-11-11T12:00"), until=until)
        for name, source in sources.items()
    }
    ids = {f"arxiv:{paper.id}": paper for paper in WORLD.papers}
    assert all(found.values())
    editions = {key: hub.edition for key in ids if (hub := ids[key].hub)}
    assert {editions[key] for key in found["daily"]} == {date(2026, 11, day) for day in (11, 12, 13)}
    assert found["daily"] < found["week"] < found["month"]
    assert all("tide prediction" in f"{ids[key].title} {ids[key].abstract}" for key in found["found"])
    days = {version.announced.isoformat() for key in found["listed"] for version in ids[key].versions}
    assert days & {"2026-11-11", "2026-11-12", "2026-11-13"}
    assert all("agents" in ids[key].title and "cs.CL" in ids[key].categories for key in found["searched"])
    assert all(key.startswith("doi:10.64898/") for key in found["blog"])
    assert WORLD.expected(sources.values(), since=utc("2026-11-11T12:00"), until=until) == set().union(
        *found.values()
    )


def test_an_announcement_depends_on_what_is_asked_for() -> None:
    day = date(2026, 11, 12)
    everywhere = {
        each.paper.id: each
        for each in WORLD.announced(day, ["cs", "stat", "q-bio", "math", "eess", "hep-th"])
    }
    kinds = {"new": set[str](), "cross": set[str](), "replace": set[str](), "replace-cross": set[str]()}
    for each in WORLD.announced(day, ["cs.CL"]):
        kinds[each.type].add(each.paper.id)
        assert (each.paper.primary == "cs.CL") == (each.type in ("new", "replace"))
        assert (each.version.number == 1) == (each.type in ("new", "cross"))
    assert set().union(*kinds.values()) <= everywhere.keys()
    assert {each.type for each in everywhere.values()} == {"new", "replace"}
    types = [each.type for each in WORLD.announced(day, ["cs.CL"])]
    assert types == sorted(types, key=["new", "cross", "replace", "replace-cross"].index)
    assert WORLD.announced(date(2026, 11, 14), ["cs"]) == []
    assert WORLD.announced(date(2026, 11, 26), ["cs"]) == []


# The language of searches


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ("cat:cs.LG", lambda paper: "cs.LG" in paper.categories),
        ("cat:cs.*", lambda paper: any(name.startswith("cs.") for name in paper.categories)),
        ("ti:agents AND cat:cs.LG", lambda paper: "agents" in paper.title and "cs.LG" in paper.categories),
        ("(cat:hep-th OR cat:cs.RO) ANDNOT ti:agents",
         lambda paper: {"hep-th", "cs.RO"} & set(paper.categories) and "agents" not in paper.title),
        ('au:"zoë müller"', lambda paper: "Zoë Müller" in paper.authors),
        ("submittedDate:[202611090000 TO 202611092359]",
         lambda paper: paper.versions[0].submitted.date() == date(2026, 11, 9)),
        ('all:"tide prediction"', lambda paper: "tide prediction" in f"{paper.title} {paper.abstract}"),
        ("co:pages", lambda paper: "pages" in paper.comment),
    ],
)  # fmt: skip
def test_searches(query: str, matches: object) -> None:
    found = [paper.id for paper in WORLD.papers if read_query(query)(paper)]
    assert callable(matches)
    assert found == [paper.id for paper in WORLD.papers if matches(paper)]
    assert found


@pytest.mark.parametrize(
    "query", ["", "AND", "cat:", "(cat:cs.LG", "cat:cs.LG)", "xx:yy", "submittedDate:[a TO b]", "ti:a AND"]
)
def test_searches_that_are_none(query: str) -> None:
    with pytest.raises(QueryError):
        read_query(query)
