"""Pace: how long to wait, as tables; and turns kept, by this process and by several."""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.sources.http.address import Address, read_address
from papers_tui.sources.http.ledger import Ledger
from papers_tui.sources.http.pace import ARXIV, Hold, Manners, Rule, backoff, held, wait
from papers_tui.sources.http.turns import Clock, Turns

NOW = datetime(2025, 11, 6, 12, 0, tzinfo=UTC)


def address(url: str) -> Address:
    found = read_address(url)
    assert found is not None
    return found


# Decisions


@pytest.mark.parametrize(
    ("last", "now", "seconds"),
    [
        (None, 100.0, 0.0),
        (100.0, 100.0, 3.0),
        (100.0, 101.0, 2.0),
        (100.0, 103.0, 0.0),
        (100.0, 999.0, 0.0),
        (9999.0, 100.0, 3.0),
        (math.nan, 100.0, 0.0),
        (math.inf, 100.0, 0.0),
    ],
)
def test_the_wait_for_the_next_request(last: float | None, now: float, seconds: float) -> None:
    assert wait(last, now, 3.0) == seconds


def hold(since: float, until: float) -> Hold:
    return Hold(NOW + timedelta(seconds=since), NOW + timedelta(seconds=until), 429, stated=True)


@pytest.mark.parametrize(
    ("kept", "seconds"),
    [
        (None, 0),
        (hold(-10, 20), 20),
        (hold(-10, 0), 0),
        (hold(-100, -50), 0),
        (hold(30, 60), 60),
        (hold(3600, 7200), 0),  # written before the clock was put back
        (hold(-10, 400 * 86_400), 0),  # longer than any that we write
    ],
)
def test_how_long_a_refusal_holds(kept: Hold | None, seconds: float) -> None:
    assert held(kept, NOW) == seconds


@pytest.mark.parametrize(
    ("failures", "jitter", "seconds"),
    [
        (0, 1, 0),
        (-1, 1, 0),
        (1, 1, 60),
        (1, 0, 30),
        (2, 1, 120),
        (3, 0.5, 180),
        (99, 1, 3600),
        (10**9, 0, 1800),
    ],
)
def test_backoff(failures: int, jitter: float, seconds: float) -> None:
    assert backoff(failures, base=60, cap=3600, jitter=jitter) == seconds


@given(st.integers(1, 1000), st.floats(0, 1))
def test_backoff_stays_in_bounds(failures: int, jitter: float) -> None:
    assert 30 <= backoff(failures, base=60, cap=3600, jitter=jitter) <= 3600


@pytest.mark.parametrize(
    ("url", "family", "rule"),
    [
        ("https://arxiv.org/list/cs.CL/new", ARXIV, Rule(3.0, 1, shared=True)),
        ("https://export.arxiv.org/api/query", ARXIV, Rule(3.0, 1, shared=True)),
        ("http://rss.arxiv.org./rss/cs.CL", ARXIV, Rule(3.0, 1, shared=True)),
        ("http://127.0.0.1:8001/", ARXIV, Rule(3.0, 1, shared=True)),
        ("https://notarxiv.org/", "notarxiv.org", Rule(0.2)),
        ("https://arxiv.org.example.org/", "arxiv.org.example.org", Rule(0.2)),
        ("https://a.org:8443/", "a.org:8443", Rule(0.2)),
        ("http://127.0.0.1:8002/", "127.0.0.1:8002", Rule(0.0)),
        ("http://localhost/", "localhost", Rule(0.0)),
    ],
)
def test_families_and_their_rules(url: str, family: str, rule: Rule) -> None:
    manners = Manners(services={"127.0.0.1:8001": ARXIV})
    assert manners.family(address(url)) == family
    assert manners.rule(address(url)) == rule


# The files


def test_a_refusal_is_known_to_all(tmp_path: Path) -> None:
    folder = tmp_path / "hosts"
    kept = Hold(NOW, NOW + timedelta(seconds=90), 503, stated=False, refusals=3)
    Ledger(folder).keep("a.org", kept)
    assert Ledger(folder).hold("a.org") == kept
    assert Ledger(folder).hold("b.org") is None
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())] == ["0o700", "0o600"]
    Ledger(folder).forget("a.org")
    assert Ledger(folder).hold("a.org") is None
    Ledger(folder).forget("a.org")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b"[" * 4096,
        b'{"since": 1e999, "until": 1, "status": 429, "stated": true, "refusals": 1}',
        b'{"since": "x", "until": 1, "status": 429, "stated": true, "refusals": 1}',
        b'{"since": 0, "until": 1e15, "status": 429, "stated": true, "refusals": 1}',
    ],
)
def test_a_file_that_is_of_no_use_holds_nothing(tmp_path: Path, content: bytes) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep("a.org", hold(0, 60))
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert ledger.hold("a.org") is None


@pytest.mark.parametrize("family", ["..", "a/b", "A.org", "[::1]:8000", "x" * 5000, "", "\x00", "é"])
def test_any_family_has_a_file_of_its_own(tmp_path: Path, family: str) -> None:
    ledger = Ledger(tmp_path / "hosts")
    ledger.keep(family, hold(0, 60))
    ledger.keep("a_b", hold(0, 90))
    assert ledger.hold(family) == hold(0, 60)
    assert {path.parent for path in tmp_path.rglob("*.hold")} == {tmp_path / "hosts"}


def test_one_baton_at_a_time(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    baton = ledger.take(ARXIV)
    assert baton.last() is None
    baton.stamp(12345.5)
    baton.stamp(7.25)
    with pytest.raises(BlockingIOError):
        Ledger(tmp_path).take(ARXIV)
    other = ledger.take("a.org")
    other.release()
    baton.release()
    again = Ledger(tmp_path).take(ARXIV)
    assert again.last() == 7.25
    again.release()


def test_a_child_does_not_keep_the_baton(tmp_path: Path) -> None:
    baton = Ledger(tmp_path).take(ARXIV)
    inherited = os.dup(baton._descriptor)
    baton.release()
    Ledger(tmp_path).take(ARXIV).release()
    os.close(inherited)


# Turns, by a clock that moves only when somebody sleeps


class Time:
    """A steady clock and a time of day that move together, and what was slept."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(
            now=lambda: NOW + timedelta(seconds=self.seconds - 1000),
            ticks=lambda: self.seconds,
            sleep=self.sleep,
            chance=lambda: 1.0,
        )


QUERY = address("https://export.arxiv.org/api/query")
RSS = address("https://rss.arxiv.org/rss/cs.CL")
ELSEWHERE = address("https://a.org/")


async def test_arxiv_is_asked_every_three_seconds_and_by_one(tmp_path: Path) -> None:
    time = Time()
    turns = Turns(tmp_path, Manners(), time.clock)
    starts: list[float] = []
    inside = 0

    async def ask(where: Address) -> None:
        nonlocal inside
        async with turns.turn(where) as hold:
            assert hold is None
            starts.append(time.seconds)
            inside += 1
            assert inside == 1
            time.seconds += 0.5
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask(where) for where in (QUERY, RSS, QUERY)))
    assert starts == [1000.0, 1003.5, 1007.0]


async def test_the_pace_is_that_of_all_processes(tmp_path: Path) -> None:
    time = Time()
    for _ in range(3):
        async with Turns(tmp_path, Manners(), time.clock).turn(QUERY):
            pass
    assert time.slept == [3.0, 3.0]


async def test_a_restart_of_the_machine_costs_one_interval(tmp_path: Path) -> None:
    time = Time()
    async with Turns(tmp_path, Manners(), time.clock).turn(QUERY):
        pass
    time.seconds = 5.0
    async with Turns(tmp_path, Manners(), time.clock).turn(QUERY):
        pass
    assert time.slept == [3.0]


@pytest.mark.parametrize("stamp", [b"", b"nonsense", b"nan", b"inf", b"-inf", b"1e308", b"\xff" * 64])
async def test_a_stamp_that_is_of_no_use_costs_one_interval_at_most(tmp_path: Path, stamp: bytes) -> None:
    time = Time()
    Ledger(tmp_path).take(ARXIV).release()
    (file,) = tmp_path.iterdir()
    file.write_bytes(stamp)
    async with Turns(tmp_path, Manners(), time.clock).turn(QUERY):
        pass
    assert time.slept in ([], [3.0])


async def test_others_are_asked_two_at_once(tmp_path: Path) -> None:
    time = Time()
    turns = Turns(tmp_path, Manners(), time.clock)
    starts: list[float] = []
    inside = most = 0

    async def ask() -> None:
        nonlocal inside, most
        async with turns.turn(ELSEWHERE):
            starts.append(time.seconds)
            inside += 1
            most = max(most, inside)
            for _ in range(3):
                await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(ask() for _ in range(6)))
    assert most == 2
    assert min(after - before for before, after in pairwise(starts)) == pytest.approx(0.2)
    assert list(tmp_path.iterdir()) == []


async def test_a_refusal_holds_for_the_family_and_for_other_processes(tmp_path: Path) -> None:
    time = Time()
    turns = Turns(tmp_path, Manners(), time.clock)
    kept = turns.refused(QUERY, 429, 90)
    assert kept == Hold(NOW, NOW + timedelta(seconds=90), 429, stated=True, refusals=1)
    for others in (turns, Turns(tmp_path, Manners(), time.clock)):
        async with others.turn(RSS) as hold:
            assert hold == kept
        async with others.turn(ELSEWHERE) as hold:
            assert hold is None
    assert time.slept == [0.2] or time.slept == []
    time.seconds += 91
    async with turns.turn(RSS) as hold:
        assert hold is None


async def test_a_short_hold_is_waited_out(tmp_path: Path) -> None:
    time = Time()
    turns = Turns(tmp_path, Manners(), time.clock, patience=5.0)
    turns.refused(ELSEWHERE, 503, 4)
    async with turns.turn(ELSEWHERE) as hold:
        assert hold is None
    assert time.slept == [4.0]


async def test_refusals_without_a_time_wait_longer_each_time(tmp_path: Path) -> None:
    time = Time()
    waits = []
    for _ in range(12):
        hold = Turns(tmp_path, Manners(), time.clock).refused(QUERY, 429, None)
        assert not hold.stated
        waits.append((hold.until - hold.since).total_seconds())
        time.seconds += waits[-1] + 1
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == 6 * 3600
    turns = Turns(tmp_path, Manners(), time.clock)
    turns.answered(QUERY, 200, None)
    assert turns.refused(QUERY, 429, None).refusals == 1


async def test_two_refusals_together_are_one(tmp_path: Path) -> None:
    turns = Turns(tmp_path, Manners(), Time().clock)
    first = turns.refused(ELSEWHERE, 429, 90)
    assert turns.refused(ELSEWHERE, 429, 30) == first
    longer = turns.refused(ELSEWHERE, 429, 120)
    assert (longer.refusals, longer.until) == (1, NOW + timedelta(seconds=120))


async def test_the_last_request_of_a_window_is_followed_by_a_pause(tmp_path: Path) -> None:
    time = Time()
    turns = Turns(tmp_path, Manners(), time.clock)
    turns.answered(ELSEWHERE, 200, (1, 240))
    async with turns.turn(ELSEWHERE) as hold:
        assert hold is None
    turns.answered(ELSEWHERE, 200, (0, 240))
    turns.answered(ELSEWHERE, 200, None)  # asked before, answered after
    async with turns.turn(ELSEWHERE) as hold:
        assert hold == Hold(NOW, NOW + timedelta(seconds=240), 200, stated=True)


async def test_where_nothing_can_be_written_a_process_keeps_the_rules_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    time = Time()
    turns = Turns(tmp_path / "file", Manners(), time.clock)
    for _ in range(2):
        async with turns.turn(QUERY) as hold:
            assert hold is None
    assert time.slept == [3.0]
    kept = turns.refused(QUERY, 429, 60)
    async with turns.turn(QUERY) as hold:
        assert hold == kept


async def test_who_gives_up_leaves_the_turn_to_others(tmp_path: Path) -> None:
    turns = Turns(tmp_path, Manners(rules={ARXIV: Rule(60.0, 1, shared=True)}), Clock())
    async with turns.turn(QUERY):
        waiting = asyncio.create_task(_take(turns))
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    Ledger(tmp_path).take(ARXIV).release()


async def _take(turns: Turns) -> None:
    async with turns.turn(RSS):
        pass


PROCESS = """
import asyncio, sys, time
from pathlib import Path
from papers_tui.sources.http.address import read_address
from papers_tui.sources.http.pace import ARXIV, Manners, Rule
from papers_tui.sources.http.turns import Clock, Turns
async def main():
    turns = Turns(Path(sys.argv[1]), Manners(rules={ARXIV: Rule(0.05, 1, shared=True)}), Clock())
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(4):
        async with turns.turn(read_address("https://arxiv.org/")):
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            print(begun, time.monotonic(), flush=True)
asyncio.run(main())
"""


def process(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_take_turns(tmp_path: Path) -> None:
    with process(tmp_path) as one, process(tmp_path) as other:
        for each in (one, other):
            assert each.stdout
            assert each.stdout.readline() == "ready\n"
        said = []
        for each in (one, other):
            assert each.stdin
            each.stdin.write("go\n")
            each.stdin.flush()
        for each in (one, other):
            said.append(each.communicate(timeout=60)[0].splitlines())
    assert [len(lines) for lines in said] == [4, 4]
    spans = sorted(tuple(map(float, line.split())) for lines in said for line in lines)
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    assert min(gaps) >= 0.05


def test_a_killed_process_leaves_the_turn_to_others(tmp_path: Path) -> None:
    hold = PROCESS.replace("await asyncio.sleep(0.01)", "print(1, flush=True); await asyncio.sleep(600)")
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin
        assert holder.stdout
        holder.stdin.write("go\n")
        holder.stdin.flush()
        assert [holder.stdout.readline() for _ in range(2)] == ["ready\n", "1\n"]
        with pytest.raises(BlockingIOError):
            Ledger(tmp_path).take(ARXIV)
        holder.kill()
        holder.wait(timeout=60)
    Ledger(tmp_path).take(ARXIV).release()
