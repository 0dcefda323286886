"""`papers-tui refresh` as a process: exit codes, lines of JSON, the lock, signals, the environment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.refresh.machine import blogs
from tests.services import trouble
from tests.services.server import Asked, Reply, Server
from tests.services.simulation import SERVICES, Simulation
from tests.services.world import World

from papers_tui.cli import main
from papers_tui.domain.query import parse
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.subscriptions import load

TOKEN = "hf_tidesAndClocks0123456789"
FEED = '<rss version="2.0"><channel><title>t</title><item><title>Tides</title><guid>1</guid></item></channel></rss>'


@pytest.fixture
def simulation() -> Iterator[Simulation]:
    """The services as of the real time of day, which is the program's."""
    now = datetime.now(UTC)
    world = World(2, first=now.date() - timedelta(days=20), days=22, holidays=())
    world.now = now
    with Simulation(world) as found:
        yield found


def follow(home: Paths, *sources: Source, config: str = "") -> None:
    tables = (
        f"[[source]]\nname = {json.dumps(source.name)}\nkind = {json.dumps(source.kind)}\n"
        f"address = {json.dumps(source.address)}\n"
        for source in sources
    )
    home.sources_file.write_text("\n".join(tables), encoding="utf-8")
    home.config_file.write_text(config, encoding="utf-8")
    assert load(home.sources_file) == (sources, ())


def command(*argv: str) -> list[str]:
    return [sys.executable, "-m", "papers_tui", "refresh", *argv]


def refresh(*argv: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **more}
    return subprocess.run(
        command(*argv), capture_output=True, text=True, timeout=60, check=False, env=environment
    )


def events(done: subprocess.CompletedProcess[str]) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def ids(home: Paths) -> set[str]:
    with Library(home) as library:
        return {library.holding(row).paper.id for row in library.find(parse(""))}


def wait_for(process: subprocess.Popen[str], server: Server, path: str) -> None:
    """Until the process has asked for this path."""
    while not server.asked(path):
        assert process.poll() is None, f"it ended without asking for {path}"
        time.sleep(0.02)


# What is said


def test_a_line_for_each_source_and_a_last_one(home: Paths, simulation: Simulation) -> None:
    sources = (DAILY_PAPERS, *blogs(simulation))
    follow(home, *sources, config=simulation.config_toml())
    done = refresh("--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = events(done)
    assert [event["event"] for event in told if event["event"] != "progress"] == ["source"] * 5 + ["done"]
    by_name = {event["source"]: event for event in told if event["event"] == "source"}
    assert by_name.keys() == {source.name for source in sources}
    for event in by_name.values():
        assert event.keys() <= {
            "event",
            "source",
            "status",
            "new",
            "changed",
            "reason",
            "retry_at",
            "left_out",
        }
        assert event["status"] == "fetched"
    last = told[-1]
    assert last == {"event": "done", "new": len(ids(home)), "changed": last["changed"], "failed": 0}
    assert simulation.world.expected(sources, since=simulation.world.now) <= ids(home)
    assert simulation.rules.broken == []


def test_it_is_quiet_where_nobody_looks(home: Paths, simulation: Simulation) -> None:
    follow(home, *blogs(simulation))
    for _ in range(2):
        done = refresh()
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_some_that_fail_are_named(home: Paths, simulation: Simulation) -> None:
    follow(home, *blogs(simulation))
    simulation.trouble.plan("/blog/1.xml", 1, trouble.failed(500))
    simulation.trouble.plan("/blog/2.xml", 1, trouble.html)
    done = refresh()
    assert (done.returncode, done.stdout) == (3, "")
    assert sorted(done.stderr.splitlines()) == [
        "blog 1: 127.0.0.1 answered 500 (internal server error)",
        "blog 2: it is no feed: it is an HTML page, not a feed",
    ]


def test_a_refusal_is_part_of_the_failures(home: Paths, simulation: Simulation) -> None:
    follow(home, *blogs(simulation, [0]))
    simulation.trouble.plan("/blog/0.xml", 1, trouble.refused(600))
    done = refresh("--json")
    assert done.returncode == 3
    (event,) = [event for event in events(done) if event["event"] == "source"]
    assert event["status"] == "refused"
    assert event["retry_at"].endswith("Z")
    done = refresh("--json", "--force")
    assert done.returncode == 0
    assert [event["event"] for event in events(done)] == ["progress", "done"]
    assert len(simulation.servers["blogs"].requests) == 1


def test_offline_is_temporary(home: Paths) -> None:
    follow(home, Source("lab", "feed", "http://lab.invalid/feed"))
    done = refresh()
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr == "nothing could be reached: this machine seems to be offline\n"
    done = refresh("--json", "--force")
    assert (done.returncode, done.stderr) == (75, "")
    assert events(done)[-1] == {"event": "done", "new": 0, "changed": 0, "failed": 0, "offline": True}


@pytest.mark.parametrize(
    ("argv", "named"),
    [
        (["no-such-source"], "no-such-source"),
        (["--paper", "2511.00001", "blog 0"], "--paper"),
        (["--paper", "2511.00001", "--since", "7d"], "--paper"),
        (["--paper", "tides"], "tides"),
        (["--since", "yesterday"], "yesterday"),
        (["--since", "99999999999d"], "99999999999d"),
        (["--since", "2026-13-01"], "2026-13-01"),
        (["--no-such-option"], "--no-such-option"),
    ],
)
def test_what_the_user_can_mend(
    home: Paths,
    argv: list[str],
    named: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    follow(home, Source("blog 0", "feed", "http://127.0.0.1:9/feed"))
    assert main(["refresh", *argv]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert named in said.err


def test_a_source_by_name_is_asked_whether_it_is_due_or_not(home: Paths, simulation: Simulation) -> None:
    follow(home, *blogs(simulation))
    for _ in range(2):
        assert refresh("blog 2").returncode == 0
    assert [asked.path for asked in simulation.servers["blogs"].requests] == ["/blog/2.xml"] * 2
    assert simulation.rules.counts["blogs", 304] == 1


def test_arxiv_is_asked_as_arxiv_wants_it(home: Paths, simulation: Simulation) -> None:
    source = Source("learning", "arxiv", "search?category=cs.LG")
    follow(home, source, config=simulation.config_toml())
    done = refresh("--json")
    assert done.returncode == 0
    assert len(ids(home)) == min(100, len(simulation.world.expected([source])))
    (asked,) = simulation.servers["arxiv"].requests
    assert asked.headers["user-agent"].startswith("papers-tui/")
    assert simulation.rules.broken == []


def test_one_paper(home: Paths, simulation: Simulation) -> None:
    follow(home, config=simulation.config_toml())
    paper = next(paper for paper in simulation.world.on_hub() if paper.models)
    done = refresh("--json", "--paper", f"https://arxiv.org/abs/{paper.id}v1")
    assert done.returncode == 0
    told = {event["source"]: event["status"] for event in events(done) if event["event"] == "source"}
    assert told["Hugging Face"] == told["arXiv"] == "fetched"
    assert ids(home) == {f"arxiv:{paper.id}"}
    assert simulation.rules.broken == []


# One at a time, and how it ends


def test_a_second_refresh_says_who_is_first(home: Paths, simulation: Simulation) -> None:
    follow(home, *blogs(simulation, [0]))
    simulation.trouble.plan("/blog/0.xml", 1, simulation.trouble.late(50))
    with subprocess.Popen(command("--json"), stdout=subprocess.PIPE, text=True) as first:
        wait_for(first, simulation.servers["blogs"], "/blog/0.xml")
        second = refresh("--json")
        assert (second.returncode, second.stdout) == (75, "")
        assert f"another refresh is running: process {first.pid}, since 2" in second.stderr
        simulation.trouble.ended.set()
        said, _ = first.communicate(timeout=50)
    assert first.returncode == 0
    assert json.loads(said.splitlines()[-1])["new"] > 0
    assert refresh().returncode == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_a_refresh_that_is_ended_is_completed_by_the_next(
    home: Paths, simulation: Simulation, number: signal.Signals, code: int
) -> None:
    sources = (DAILY_PAPERS, *blogs(simulation, [0, 1]))
    follow(home, *sources, config=simulation.config_toml())
    simulation.trouble.plan("/blog/1.xml", 1, simulation.trouble.late(50))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command("--json"), text=True, **pipes) as first:  # type: ignore[call-overload]
        wait_for(first, simulation.servers["blogs"], "/blog/1.xml")
        began = time.monotonic()
        first.send_signal(number)
        _, err = first.communicate(timeout=50)
    assert time.monotonic() - began < 25, "it did not wait for who is late"
    assert (first.returncode, err) == (code, "")
    with Library(home) as library:
        assert library.notice == ""
    simulation.trouble.ended.set()
    simulation.rules.new_refresh()
    done = refresh("--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert simulation.world.expected(sources, since=simulation.world.now) <= ids(home)
    assert set(_broken(simulation)) <= {"no If-None-Match, though an ETag was given before"}


def _broken(simulation: Simulation) -> list[str]:
    """What was wrong; an answer that was sent to a program that is no more is known to nobody."""
    return [problem.partition(": ")[2] for problem in simulation.rules.broken]


def test_sigterm_at_any_moment_ends_it(home: Paths, simulation: Simulation) -> None:
    follow(home, DAILY_PAPERS, *blogs(simulation), config=simulation.config_toml())
    for tenths in range(1, 8):
        simulation.rules.new_refresh()
        with subprocess.Popen(command("--force"), stderr=subprocess.PIPE, text=True) as process:
            time.sleep(tenths / 10)
            process.terminate()
            _, err = process.communicate(timeout=50)
        assert process.returncode in (0, 143, -signal.SIGTERM)  # it was done before, or had not begun
        assert err == ""
    assert refresh("--force").returncode == 0


# The environment


def test_the_token_goes_to_hugging_face_alone_and_is_told_nobody(home: Paths, simulation: Simulation) -> None:
    follow(home, DAILY_PAPERS, *blogs(simulation, [0]), config=simulation.config_toml())
    echoed = Reply(
        403, f'{{"error": "no rights for {TOKEN}"}}'.encode(), {"Content-Type": "application/json"}
    )
    done = [refresh("--json", HF_TOKEN=TOKEN)]
    simulation.trouble.plan("/api/daily_papers", range(1, 20), lambda _: echoed)
    done += [refresh("Daily Papers", HF_TOKEN=TOKEN), refresh("--json", "--force", HF_TOKEN=f" {TOKEN}\n")]
    done += [refresh("--paper", simulation.world.on_arxiv()[0].id, HF_TOKEN=TOKEN)]
    assert [each.returncode for each in done[:2]] == [0, 3]
    assert "no rights for …" in done[1].stderr
    for service in SERVICES:
        assert simulation.servers[service].requests
        for asked in simulation.servers[service].requests:
            sent = [value for value in asked.headers.values() if TOKEN in value]
            assert sent == ([f"Bearer {TOKEN}"] if service == "huggingface" else [])
    assert not any(TOKEN in each.stdout + each.stderr for each in done)
    files = [path for path in home.config.parent.rglob("*") if path.is_file()]
    assert files
    assert not any(TOKEN.encode() in path.read_bytes() for path in files)


def test_a_token_that_is_none_is_not_sent(home: Paths, simulation: Simulation) -> None:
    follow(home, DAILY_PAPERS, config=simulation.config_toml())
    done = refresh(HF_TOKEN="two\nlines")
    assert done.returncode == 3
    assert "a token?" in done.stderr
    assert simulation.servers["huggingface"].requests == []


def test_the_proxy_of_the_environment_is_asked(home: Paths) -> None:
    def proxy(_: Asked) -> Reply:
        return Reply(200, FEED.encode(), {"Content-Type": "application/rss+xml"})

    with Server(proxy) as server:
        follow(home, Source("lab", "feed", "http://lab.example/feed.xml"))
        done = refresh("--json", http_proxy=server.url(""))
        assert done.returncode == 0
        assert [asked.target for asked in server.requests] == ["http://lab.example/feed.xml"]
        assert len(ids(home)) == 1


def test_a_proxy_that_is_not_there_is_named(home: Paths) -> None:
    follow(home, Source("lab", "feed", "http://lab.example/feed.xml"))
    done = refresh(http_proxy="http://127.0.0.1:9")
    assert done.returncode == 3
    assert done.stderr.startswith("lab: lab.example was not asked: the proxy 127.0.0.1:9 ")


def test_a_new_library_fills_itself(home: Paths, simulation: Simulation) -> None:
    home.config_file.write_text(simulation.config_toml(), encoding="utf-8")
    assert not home.sources_file.exists()
    done = refresh("--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert simulation.world.expected([DAILY_PAPERS], since=simulation.world.now) <= ids(home)
    assert ids(home)
