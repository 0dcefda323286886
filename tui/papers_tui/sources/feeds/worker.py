"""The process that parses feeds: `python -m papers_tui.sources.feeds.worker`, jobs on stdin, results on stdout."""

from __future__ import annotations

import contextlib
import os
import resource
import sys

from papers_tui.domain.errors import FeedError
from papers_tui.domain.text import clean_line
from papers_tui.sources.feeds.message import CPU_SECONDS, READY, Job, Parsed, pack_result, read_job
from papers_tui.sources.feeds.papers import papers_from_feed
from papers_tui.sources.feeds.reading import parse
from papers_tui.sources.html_text import to_markdown, to_text

MEMORY = 768 << 20


def main() -> int:
    """Parse one job after another until stdin ends; 0."""
    # Whatever a library prints must not get between the messages.
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _load()
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    results.write(READY)
    results.flush()
    while job := read_job(sys.stdin.buffer):
        _allow_cpu(CPU_SECONDS)
        results.write(pack_result(_result(job)))
        results.flush()
    return 0


def _result(job: Job) -> Parsed | FeedError:
    try:
        feed = parse(job.data, content_type=job.content_type, base_url=job.base_url)
        papers, faults = papers_from_feed(feed, source=job.source)
    except FeedError as refusal:
        return refusal
    except MemoryError:
        return FeedError("feed", "it takes too much memory to read")
    title = to_text(feed.title.value) if feed.title.html else clean_line(feed.title.value)
    return Parsed(papers, title, feed.home, feed.every, faults)


def _load() -> None:
    """Import now what the first job would have to wait for, and what the limits may be too narrow for."""
    papers_from_feed(
        parse(b"<rss version='2.0'><channel><item><title>ready</title></item></channel></rss>"), source=""
    )
    parse(b'{"items": [{"content_html": "<p>ready</p>"}]}')
    to_markdown("<p>ready</p>")


def _limit(what: int, most: int) -> None:
    # macOS refuses some of them; the parent's clock holds there.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _allow_cpu(seconds: int) -> None:
    """End this process when it has worked for so long from now on, or up to a second less."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


if __name__ == "__main__":
    raise SystemExit(main())
