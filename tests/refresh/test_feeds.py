"""Any feed, from the web and from files: what moves, what is no feed, what is hostile."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, blogs, kept, utc
from tests.services import trouble
from tests.services.server import Asked, Reply, Server
from tests.services.simulation import Simulation
from tests.services.world import World

from papers_tui.domain.sources import Source

BEGIN = utc("2026-11-18T07:00")
RSS = """\
<rss version="2.0"><channel><title>Lab</title><link>https://lab.example/</link>
<item><title>{title}</title><link>https://lab.example/{title}</link><guid>{title}</guid></item>
</channel></rss>"""


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    world = World(3)
    world.now = BEGIN
    with Simulation(world) as found:
        yield found


@pytest.fixture
def machine(tmp_path: Path, simulation: Simulation) -> Iterator[Machine]:
    with Machine(tmp_path / "home", simulation) as found:
        yield found


@dataclass
class Site:
    """Answers by path; what is not there is not found."""

    pages: dict[str, Reply] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        reply = self.pages.get(asked.path, Reply(404, b"nothing here", {"Content-Type": "text/plain"}))
        etag = reply.headers.get("ETag")
        return Reply(304, headers=reply.headers) if etag == asked.headers.get("if-none-match", "-") else reply


@pytest.fixture
def site() -> Iterator[tuple[Site, Server]]:
    pages = Site()
    with Server(pages) as server:
        yield pages, server


def feed(title: str = "tides", **headers: str) -> Reply:
    kind = {"Content-Type": "application/rss+xml"}
    return Reply(200, RSS.format(title=title).encode(), kind | dict(_named(headers)))


def moved(where: str, status: int = 301) -> Reply:
    return Reply(status, headers={"Location": where})


def _named(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((name.replace("_", "-"), value) for name, value in headers.items())


async def test_what_is_unchanged_stays(simulation: Simulation, machine: Machine) -> None:
    sources = blogs(simulation)
    first = await machine.refresh(*sources)
    assert set(first.statuses.values()) == {"fetched"}
    assert set(machine.ids) == simulation.world.expected(sources, since=BEGIN)
    before = kept(machine)
    second = await machine.refresh(*sources, force=True)
    assert set(second.statuses.values()) == {"unchanged"}
    assert (second.summary.new, second.summary.changed) == (0, 0)
    assert kept(machine) == before
    assert simulation.rules.counts["blogs", 304] == 4
    assert simulation.rules.broken == []


async def test_a_feed_that_moved_for_good_is_asked_there(machine: Machine, site: tuple[Site, Server]) -> None:
    pages, server = site
    pages.pages = {"/old.xml": moved("/new.xml"), "/new.xml": feed(ETag='"1"')}
    source = Source("lab", "feed", server.url("/old.xml"))
    await machine.refresh(source)
    server.requests.clear()
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"lab": "unchanged"}
    assert [asked.path for asked in server.requests] == ["/new.xml"]
    assert len(machine.ids) == 1


async def test_a_move_with_nothing_new_is_remembered_too(machine: Machine, site: tuple[Site, Server]) -> None:
    pages, server = site
    pages.pages = {"/old.xml": feed(ETag='"1"')}
    source = Source("lab", "feed", server.url("/old.xml"))
    await machine.refresh(source)
    pages.pages = {"/old.xml": moved("/new.xml", 308), "/new.xml": feed(ETag='"1"')}
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"lab": "unchanged"}
    server.requests.clear()
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"lab": "unchanged"}
    assert [(asked.path, asked.headers["if-none-match"]) for asked in server.requests] == [
        ("/new.xml", '"1"')
    ]


@pytest.mark.parametrize("status", [302, 307])
async def test_a_move_for_now_is_not(machine: Machine, site: tuple[Site, Server], status: int) -> None:
    pages, server = site
    pages.pages = {"/old.xml": moved("/new.xml", status), "/new.xml": feed()}
    source = Source("lab", "feed", server.url("/old.xml"))
    for _ in range(2):
        await machine.refresh(source, force=True)
    assert [asked.path for asked in server.requests] == ["/old.xml", "/new.xml"] * 2


async def test_a_move_that_was_a_mistake_is_not_for_ever(machine: Machine, site: tuple[Site, Server]) -> None:
    pages, server = site
    pages.pages = {"/old.xml": moved("/new.xml"), "/new.xml": feed()}
    source = Source("lab", "feed", server.url("/old.xml"))
    await machine.refresh(source)
    pages.pages = {"/old.xml": feed("back")}
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"lab": "failed"}
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"lab": "fetched"}
    assert machine.paper("url:https://lab.example/back").title == "back"


async def test_a_page_says_which_feeds_it_offers(simulation: Simulation, machine: Machine) -> None:
    told = await machine.refresh(Source("page", "feed", simulation.page(2)))
    assert told.statuses == {"page": "failed"}
    assert told.reasons == f"it is a web page, no feed; it offers {simulation.feed(2)}"


async def test_a_page_without_a_feed(machine: Machine, site: tuple[Site, Server]) -> None:
    pages, server = site
    pages.pages = {"/": Reply(200, b"<html><body>Hi</body></html>", {"Content-Type": "text/html"})}
    told = await machine.refresh(Source("page", "feed", server.url("/")))
    assert told.reasons.startswith("it is no feed: ")


async def test_an_error_is_told_in_the_servers_words(machine: Machine, site: tuple[Site, Server]) -> None:
    told = await machine.refresh(Source("lab", "feed", site[1].url("/none.xml")))
    assert told.reasons == "127.0.0.1 answered 404 (not found) (nothing here)"


async def test_feeds_in_files(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    source = Source("file", "feed", str(path))
    told = await machine.refresh(source)
    assert told.statuses == {"file": "failed"}
    assert told.reasons == f"{path} can't be read: No such file or directory"
    path.write_text(RSS.format(title="tides"), encoding="utf-8")
    assert (await machine.refresh(source, force=True)).statuses == {"file": "fetched"}
    assert (await machine.refresh(source, force=True)).statuses == {"file": "unchanged"}
    path.write_text(RSS.format(title="tides2"), encoding="utf-8")
    told = await machine.refresh(source, force=True)
    assert (told.statuses, told.summary.new) == ({"file": "fetched"}, 1)
    path.write_text("no feed", encoding="utf-8")
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"file": "failed"}
    assert str(path) in told.reasons
    assert len(machine.ids) == 2


async def test_what_has_no_end_is_no_file(machine: Machine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        told = await machine.refresh(Source("file", "feed", str(path)))
        assert told.reasons == f"{path} is no file that could be read to its end"


async def test_a_file_that_is_too_large(machine: Machine, tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(2**23 + 1)
    told = await machine.refresh(Source("file", "feed", str(path)))
    assert told.reasons == f"{path} is larger than 8 MiB, the most that is read"


async def test_one_bad_entry_among_good_ones_is_named(simulation: Simulation, machine: Machine) -> None:
    simulation.trouble.plan("/blog/", (1, 2, 3, 4), trouble.one_bad_item)
    sources = blogs(simulation)
    told = await machine.refresh(*sources)
    assert set(told.statuses.values()) == {"fetched"}
    assert all(len(event["left_out"]) == 1 for event in told.sources.values())
    assert set(machine.ids) == simulation.world.expected(sources, since=BEGIN)


HOSTILE = {
    "controls": RSS.format(title="a&#27;[2Jb\x9b31mc\u202ed"),
    "deep": RSS.format(title="t").replace("</item>", f"<description>{'&lt;b>' * 5000}x</description></item>"),
    "entities": '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + RSS.format(title="&b;"),
    "secrets": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + RSS.format(title="&a;"),
    "huge numbers": RSS.format(title="t").replace("</item>", "<pubDate>99999999999999</pubDate></item>"),
    "surrogates": RSS.format(title="&#xD800;&#xDFFF;&#0;t"),
    "long": RSS.format(title="t" * 2_000_000),
    "nothing": "",
    "no item": "<rss><channel/></rss>",
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_feed_ends_nothing(
    simulation: Simulation, machine: Machine, site: tuple[Site, Server], name: str
) -> None:
    pages, server = site
    pages.pages = {"/feed.xml": Reply(200, HOSTILE[name].encode(), {"Content-Type": "application/rss+xml"})}
    (blog,) = blogs(simulation, [0])
    told = await machine.refresh(Source("hostile", "feed", server.url("/feed.xml")), blog)
    assert told.statuses["blog 0"] == "fetched"
    assert told.statuses["hostile"] in ("fetched", "failed")
    assert simulation.world.expected([blog], since=BEGIN) <= set(machine.ids)
    text = repr([(paper.title, paper.abstract) for paper in machine.papers])
    assert "root:" not in text
    assert "\\x1b" not in text


async def test_the_hostile_samples_end_nothing(
    machine: Machine, simulation: Simulation, shared: Path
) -> None:
    samples = sorted(path for path in (shared / "hostile" / "files").rglob("*") if path.is_file())
    if not samples:
        pytest.skip("hostile samples are not here")
    (blog,) = blogs(simulation, [0])
    sources = [Source(str(path.relative_to(shared)), "feed", str(path)) for path in samples]
    told = await machine.refresh(*sources, blog)
    assert len(told.sources) == len(samples) + 1
    assert all(event.get("reason") for event in told.sources.values() if event["status"] == "failed")
    assert simulation.world.expected([blog], since=BEGIN) <= set(machine.ids)
