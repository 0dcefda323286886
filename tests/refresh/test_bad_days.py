"""Bad input and bad days: each ends as a sentence, and the other sources go on. Offline is nobody's failure."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.refresh.machine import Machine, blogs, utc
from tests.services import trouble
from tests.services.server import Reply
from tests.services.simulation import Simulation
from tests.services.trouble import Mishap
from tests.services.world import World

from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.refresh.job import Job
from papers_tui.refresh.refresher import FETCH
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources.http.client import Client

BEGIN = utc("2026-11-18T12:00")
LANGUAGE = Source("language", "arxiv", "cs.CL")
SEARCH = Source("learning", "arxiv", "search?category=cs.LG")


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


Asked = Callable[[Simulation], Source]
SERVICES: dict[str, tuple[str, Asked]] = {
    "Daily Papers": ("/api/daily_papers", lambda _: DAILY_PAPERS),
    "arXiv's feed": ("/rss/", lambda _: LANGUAGE),
    "arXiv's API": ("/api/query", lambda _: SEARCH),
    "RSS": ("/blog/0.xml", lambda simulation: blogs(simulation)[0]),
    "JSON Feed": ("/blog/3.xml", lambda simulation: blogs(simulation)[3]),
}
FAILING: dict[str, tuple[Mishap, str]] = {
    "404": (trouble.failed(404), "answered 404 (not found)"),
    "410": (trouble.failed(410), "answered 410 (gone)"),
    "403": (trouble.failed(403), "answered 403 (forbidden)"),
    "500": (trouble.failed(500), "answered 500 (internal server error)"),
    "503": (trouble.failed(503), "answered 503 (service unavailable)"),
    "dropped": (trouble.dropped, "gave no answer"),
    "cut off": (trouble.cut_off, "broke off in the middle of its answer"),
    "truncated gzip": (trouble.truncated_gzip, "broke off in the middle of its answer"),
    "no gzip": (lambda _: Reply(200, b"no", {"Content-Encoding": "gzip"}), "compression"),
    "an odd packing": (lambda _: Reply(200, b"no", {"Content-Encoding": "br"}), "compression"),
    "a redirect loop": (trouble.redirect_loop, "redirect"),
    "a web page": (trouble.html, ""),
    "nothing": (trouble.empty, ""),
    "noise": (lambda _: Reply(200, bytes(range(256)) * 9), ""),
}


@pytest.mark.parametrize("day", FAILING)
async def test_a_bad_day_is_a_sentence_for_each_and_the_others_go_on(
    simulation: Simulation, machine: Machine, day: str
) -> None:
    mishap, sentence = FAILING[day]
    for prefix, _ in SERVICES.values():
        simulation.trouble.plan(prefix, range(1, 30), mishap)
    sources = [source_of(simulation) for _, source_of in SERVICES.values()]
    other = blogs(simulation)[1]
    told = await machine.refresh(*sources, other)
    assert told.statuses == dict.fromkeys((source.name for source in sources), "failed") | {
        other.name: "fetched"
    }
    assert (told.summary.failed, told.summary.offline) == (len(sources), False)
    for source in sources:
        reason = told.sources[source.name]["reason"]
        assert sentence in reason
        assert len(reason) > 15
        assert "\n" not in reason
        state = machine.state(source)
        assert (state.failing, state.failures, state.reason) == (True, 1, reason)
        again = utc(state.due.removesuffix("Z")) - simulation.world.now
        assert timedelta(minutes=2) < again < timedelta(minutes=6)
    assert simulation.rules.broken == []


@pytest.mark.parametrize("mishap", [trouble.miscoded, trouble.one_bad_item])
async def test_what_is_partly_bad_is_kept_for_the_rest(
    simulation: Simulation, machine: Machine, mishap: Mishap
) -> None:
    for prefix, _ in SERVICES.values():
        simulation.trouble.plan(prefix, range(1, 30), mishap)
    sources = [source_of(simulation) for _, source_of in SERVICES.values()]
    told = await machine.refresh(*sources)
    taken = [source for source in sources if told.statuses[source.name] == "fetched"]
    assert simulation.world.expected(taken, since=BEGIN) <= set(machine.ids)
    failing = {
        event["source"]: event["reason"] for event in told.sources.values() if event["status"] == "failed"
    }
    if mishap is trouble.one_bad_item:
        assert not failing
        assert all(told.sources[source.name]["left_out"] for source in sources)
    else:
        assert {"blog 0", "blog 3"} <= {source.name for source in taken}
        assert all(failing.values())


async def test_an_address_at_which_nothing_listens(simulation: Simulation, machine: Machine) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = Source("closed", "feed", f"http://127.0.0.1:{closed.getsockname()[1]}/feed")
        told = await machine.refresh(source, blogs(simulation)[0])
    assert told.statuses == {"closed": "failed", "blog 0": "fetched"}
    assert told.sources["closed"]["reason"] == "127.0.0.1 refused the connection: no server runs there"


async def test_an_address_without_tls(simulation: Simulation, machine: Machine) -> None:
    address = simulation.feed(1).replace("http:", "https:")
    told = await machine.refresh(Source("secure", "feed", address), blogs(simulation)[0])
    assert told.statuses == {"secure": "failed", "blog 0": "fetched"}
    assert "can't be talked to securely" in told.reasons


async def test_a_server_that_takes_too_long(
    simulation: Simulation, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Client.get, "__kwdefaults__", {**(Client.get.__kwdefaults__ or {}), "deadline": 0.5})
    slow, dripping, good = blogs(simulation, range(3))
    simulation.trouble.plan("/blog/0.xml", 1, simulation.trouble.late(5))
    simulation.trouble.plan("/blog/1.xml", 1, simulation.trouble.dripping())
    told = await machine.refresh(slow, dripping, good)
    assert told.statuses == {"blog 0": "failed", "blog 1": "failed", "blog 2": "fetched"}
    assert told.reasons.count("127.0.0.1 did not answer in time") == 2


async def test_an_address_that_is_none(machine: Machine) -> None:
    told = await machine.refresh(Source("typo", "feed", "htp://blog.example/feed"))
    assert told.statuses == {"typo": "failed"}
    assert "is no web address" in told.reasons


UNKNOWN = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
NO_NETWORK = socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
FAR = (
    Source("lab", "feed", "https://lab.invalid/feed"),
    Source("other", "feed", "https://other.invalid/feed"),
)


@pytest.fixture
def nowhere(tmp_path: Path, simulation: Simulation, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A machine on which no name can be looked up, and all services have names."""

    async def resolve(*_: object) -> tuple[str, ...]:
        raise request.param

    with Machine(tmp_path / "home", simulation, resolve=resolve) as found:
        found.services = replace(
            found.services,
            huggingface="https://huggingface.invalid",
            arxiv_api="https://arxiv.invalid",
            arxiv_rss="https://arxiv.invalid",
            paperswithcode="https://paperswithcode.invalid",
        )
        yield found


@pytest.mark.parametrize("nowhere", [UNKNOWN, NO_NETWORK], indirect=True)
async def test_where_nothing_can_be_reached_no_source_is_failing(nowhere: Machine) -> None:
    told = await nowhere.refresh(*FAR, DAILY_PAPERS, LANGUAGE)
    assert set(told.statuses.values()) == {"offline"}
    assert told.summary.offline
    assert told.summary.failed == 0
    assert told.events[-1] == {"event": "done", "new": 0, "changed": 0, "failed": 0, "offline": True}
    for source in (*FAR, DAILY_PAPERS, LANGUAGE):
        state = nowhere.state(source)
        assert not state.failing
        assert state.failures == 0
        assert utc(state.due.removesuffix("Z")) == BEGIN + timedelta(minutes=5)


@pytest.mark.parametrize("nowhere", [NO_NETWORK], indirect=True)
async def test_a_file_needs_no_network(nowhere: Machine, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text('{"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": []}', "utf-8")
    told = await nowhere.refresh(*FAR, Source("file", "feed", str(path)))
    assert told.statuses == {"lab": "offline", "other": "offline", "file": "fetched"}
    assert told.summary.offline


@pytest.mark.parametrize("nowhere", [UNKNOWN], indirect=True)
async def test_a_name_that_is_unknown_is_a_failure_where_others_answer(
    simulation: Simulation, nowhere: Machine
) -> None:
    told = await nowhere.refresh(*FAR, blogs(simulation)[0])
    assert told.statuses == {"lab": "failed", "other": "failed", "blog 0": "fetched"}
    assert "lab.invalid can't be found" in told.reasons
    assert nowhere.state(FAR[0]).failures == 1


@pytest.mark.parametrize("nowhere", [NO_NETWORK], indirect=True)
async def test_a_paper_can_not_be_looked_up_offline(nowhere: Machine) -> None:
    told = await nowhere.look_up("2511.00001")
    assert told.summary.offline


async def test_the_samples_of_hostile_answers_end_nothing(
    simulation: Simulation, machine: Machine, shared: Path
) -> None:
    samples = sorted((shared / "hostile" / "files" / "hf").glob("*"))
    if not samples:
        pytest.skip("hostile samples are not here")
    bodies = iter([path.read_bytes() for path in samples])
    simulation.trouble.plan(
        "/api/daily_papers", range(1, len(samples) + 1), lambda _: Reply(200, next(bodies))
    )
    source = Source("list", "daily-papers", "trending")
    for _ in samples:
        told = await machine.refresh(source, force=True)
        assert told.statuses["list"] in ("fetched", "failed", "nothing-yet")
        machine.wait(minutes=1)
    assert not simulation.trouble.unmet
    told = await machine.refresh(source, force=True)
    assert told.statuses == {"list": "fetched"}


async def test_a_bug_in_one_source_is_kept_for_its_mender_and_the_others_go_on(
    simulation: Simulation, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trip(job: Job) -> Outcome:
        raise ZeroDivisionError(job.source.name)

    monkeypatch.setitem(FETCH, "arxiv", trip)
    arxiv, blog = Source("cs.CL", "arxiv", "cs.CL"), Source("blog", "feed", simulation.feed(0))
    told = await machine.refresh(arxiv, blog)
    assert told.summary.failed == 1
    assert told.summary.new > 0
    (traceback,) = machine.bugs
    assert "ZeroDivisionError: cs.CL" in traceback
    machine.bugs.clear()
    assert machine.library.intake.states()[arxiv.ref].reason.endswith("ZeroDivisionError")
