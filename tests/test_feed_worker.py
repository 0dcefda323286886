"""The parsing process: what goes through it, and that it may die, hang or lie without harm."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tallying import Tally

from papers_tui.domain.errors import FeedError
from papers_tui.domain.paper import Link, Paper
from papers_tui.sources.feeds import Parsed, Parser
from papers_tui.sources.feeds.message import Job, length_of, pack_job, pack_result, read_job, result_of

FEED = b"<rss version='2.0'><channel><title>Lab &amp;amp; co</title><link>https://lab.example/</link><item>\
<title>Tides</title><guid isPermaLink='false'>1</guid></item></channel></rss>"
TIDES = Parsed((Paper(("guid:lab:1",), "Tides"),), "Lab & co", "https://lab.example/")

BUSY = b"<rss><channel><item><title>" + b"&" * 6_000_000
"""Harmless in shape and within all limits, but many seconds of work."""


def stand_in(code: str) -> tuple[str, ...]:
    """A command for a worker of other habits: it greets, reads the first job's header length, and runs `code`."""
    start = "import os, sys, time; o = sys.stdout.buffer; o.write(b'ready'); o.flush(); sys.stdin.buffer.read(4); "
    return (sys.executable, "-c", start + code)


async def test_a_feed_through_the_process() -> None:
    async with Parser() as parser:
        assert await parser.parse(FEED, source="lab") == TIDES


async def test_what_came_with_the_feed_reaches_it() -> None:
    data = (
        "<rss version='2.0'><channel><item><title>café</title><link>a</link></item></channel></rss>".encode(
            "latin-1"
        )
    )
    async with Parser() as parser:
        parsed = await parser.parse(
            data,
            content_type="application/rss+xml; charset=latin-1",
            base_url="https://lab.example/x/",
            source="lab",
        )
    assert isinstance(parsed, Parsed)
    (paper,) = parsed.papers
    assert (paper.title, paper.links[0].url) == ("café", "https://lab.example/x/a")


async def test_a_refusal_is_a_value() -> None:
    async with Parser() as parser:
        refusal = await parser.parse(b"<html>", source="lab")
        assert isinstance(refusal, FeedError)
        assert "HTML page" in refusal.message
        assert await parser.parse(FEED, source="lab") == TIDES


async def test_many_at_once_take_turns() -> None:
    async with Parser() as parser:
        parsed = await asyncio.gather(*(parser.parse(FEED, source="lab") for _ in range(20)))
    assert parsed == [TIDES] * 20


async def test_one_process_serves_many_feeds() -> None:
    async with Parser() as parser:
        await parser.parse(FEED, source="lab")
        first = parser.process_id
        await parser.parse(FEED, source="lab")
        assert parser.process_id == first is not None
    assert parser.process_id is None


async def test_a_feed_that_takes_too_long_ends_in_a_value_and_the_next_is_read() -> None:
    async with Parser(seconds=1) as parser:
        refusal = await parser.parse(BUSY, source="lab")
        assert isinstance(refusal, FeedError)
        assert refusal.message == "it takes more than 1 seconds to read"
        assert await parser.parse(FEED, source="lab") == TIDES


async def test_a_process_that_used_up_its_time_says_so() -> None:
    async with Parser(command=stand_in("os.kill(os.getpid(), __import__('signal').SIGXCPU)")) as parser:
        refusal = await parser.parse(FEED, source="lab")
    assert isinstance(refusal, FeedError)
    assert refusal.message == "it takes more than 5 seconds to read"


async def test_a_process_that_was_killed_is_replaced() -> None:
    async with Parser() as parser:
        await parser.parse(FEED, source="lab")
        assert parser.process_id
        os.kill(parser.process_id, 9)
        results = [await parser.parse(FEED, source="lab") for _ in range(2)]
    assert results[-1] == TIDES


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("sys.exit(3)", id="dies"),
        pytest.param("os.kill(os.getpid(), 11)", id="crashes"),
        pytest.param("o.write(b'\\xff\\xff\\xff\\xff'); o.flush(); time.sleep(60)", id="announces too much"),
        pytest.param("o.write(b'\\0\\0\\0\\2[]'); o.flush(); time.sleep(60)", id="answers something else"),
        pytest.param("o.write(b'\\0\\0\\0\\2\\xff\\xfe'); o.flush(); time.sleep(60)", id="answers no text"),
    ],
)
async def test_a_process_that_breaks_down(code: str) -> None:
    async with Parser(command=stand_in(code)) as parser:
        refusal = await parser.parse(FEED, source="lab")
    assert isinstance(refusal, FeedError)
    assert refusal.message == "it can't be read: the parser broke down over it"


async def test_a_process_that_dies_while_it_is_written_to() -> None:
    async with Parser(command=stand_in("sys.exit(3)")) as parser:
        refusal = await parser.parse(FEED * 20_000, source="lab")
    assert isinstance(refusal, FeedError)
    assert refusal.message == "it can't be read: the parser broke down over it"


@pytest.mark.parametrize(
    "command",
    [("/nowhere/python",), (sys.executable, "-c", "pass"), (sys.executable, "-c", "print('hello')")],
)
async def test_a_process_that_does_not_start(command: tuple[str, ...]) -> None:
    async with Parser(command=command) as parser:
        refusal = await parser.parse(FEED, source="lab")
    assert isinstance(refusal, FeedError)
    assert refusal.message.startswith("the parser can't be started: ")


async def test_who_waits_may_be_cancelled() -> None:
    async with Parser() as parser:
        await parser.parse(FEED, source="lab")
        waiting = asyncio.create_task(parser.parse(BUSY, source="lab"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await parser.parse(FEED, source="lab") == TIDES


async def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "s3cret")
    answer = """b = b'{"refused": ["", "' + ','.join(os.environ).encode() + b'", ""]}'"""
    code = f"{answer}; o.write(len(b).to_bytes(4, 'big') + b); o.flush(); time.sleep(60)"
    async with Parser(command=stand_in(code)) as parser:
        names = await parser.parse(FEED, source="lab")
    assert isinstance(names, FeedError)
    assert "PATH" in names.message
    assert "HF_TOKEN" not in names.message


async def test_hostile_files_end_in_a_value(shared: Path, tally: Tally) -> None:
    folder = shared / "hostile" / "files"
    files = [
        path for path in sorted(folder.rglob("*")) if path.suffix in (".rss", ".atom", ".json", ".gz", ".bin")
    ]
    assert files
    tally("hostile inputs", len(files))
    async with Parser() as parser:
        for path in files:
            result = await parser.parse(path.read_bytes(), base_url="https://lab.example/", source="lab")
            assert isinstance(result, Parsed | FeedError), path


# -- the messages ------------------------------------------------------------------------------------------------

_TEXT = st.text(max_size=20)
_PAPERS = st.builds(
    Paper,
    keys=st.just(("guid:lab:1",)),
    title=st.text(min_size=1, max_size=20),
    abstract=_TEXT,
    authors=st.lists(_TEXT, max_size=3).map(tuple),
    version=st.none() | st.integers(1, 9),
    links=st.just((Link("https://lab.example/", "project", "Lab", "abstract", doubtful=True),)),
)


@given(st.lists(_PAPERS, max_size=3).map(tuple), _TEXT, st.none() | st.integers(1, 10_000))
def test_results_come_back_as_they_went(papers: tuple[Paper, ...], title: str, every: int | None) -> None:
    sent = Parsed(papers, title, "https://lab.example/", every, ("entry 1: it has no title",))
    packed = pack_result(sent)
    assert length_of(packed[:4]) == len(packed) - 4
    assert result_of(packed[4:]) == sent


def test_refusals_come_back_as_they_went() -> None:
    found = result_of(pack_result(FeedError("feed", "it is empty", "try again"))[4:])
    assert str(found) == "feed: it is empty (try again)"


@given(st.binary(max_size=50), st.none() | _TEXT, st.none() | _TEXT, _TEXT)
def test_jobs_come_as_they_went(
    data: bytes, content_type: str | None, base_url: str | None, source: str
) -> None:
    job = Job(data, content_type, base_url, source)
    stream = io.BytesIO(pack_job(job) * 2)
    assert [read_job(stream), read_job(stream), read_job(stream)] == [job, job, None]


def test_a_job_that_breaks_off_is_the_end() -> None:
    assert read_job(io.BytesIO(pack_job(Job(b"data", None, None, "lab"))[:-1])) is None


_FIELDS = st.sampled_from(("papers", "refused", "title", "home", "every", "faults"))
_ANSWERS = st.recursive(
    st.none() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=5),
    max_leaves=8,
)


@given(_ANSWERS)
def test_any_answer_is_a_result_or_a_fault(value: object) -> None:
    try:
        found = result_of(json.dumps(value).encode())
    except ValueError:
        return
    assert isinstance(found, Parsed | FeedError)
