"""Papers that come in: what that takes, and what a key takes meanwhile; what all of it needs on disk and in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.bench.feeds import unchanged_feeds
from tests.bench.figure import Figure, median, times
from tests.bench.library import papers
from tests.bench.moving import PAGE_DOWN
from tests.bench.setting import PROGRAM, Setting
from tests.bench.terminal import finished, launch, run

from papers_tui.domain.record import to_record

_FEEDS = 100
_MOST_COMING = 100_000
_A_FILE = 1_000
"""Papers of one file: about what a refresh brings in one transaction."""


def ingest(setting: Setting) -> Iterator[Figure]:
    """What the library was filled with: identity, plan, rows, labels, counters and both indexes of words."""
    built = setting.built
    target = 10_000 if setting.papers < 500_000 else 7_500
    yield Figure("ingest", built.papers / built.seconds, "papers/CPU-s", target, least=True)
    yield Figure("ingest.size", built.stored / built.papers / 1024, "KiB/paper")
    yield Figure("ingest.size-to-text", built.stored / built.text, "x")


def memory(setting: Setting) -> Iterator[Figure]:
    """After a walk through list and views. What files stand behind counts for a process as long as nobody needs it."""
    with setting.app() as terminal:
        terminal.press("G", r"Inbox [\d,]+/")
        terminal.press("]]]]", rf"All 1/{setting.papers:,}")
        for _ in range(min(30, setting.papers // 60)):
            terminal.press(PAGE_DOWN, r"All [\d,]+/")
        terminal.quiet()
        used = terminal.memory()
        yield Figure("memory", used.resident, "MB", 140)
        if used.private:
            yield Figure("memory.private", used.private, "MB")
            yield Figure("memory.without-files", used.anonymous, "MB")


def busy(setting: Setting) -> Iterator[Figure]:
    """A key in the app while another process brings papers in, a file of a thousand after the other."""
    setting.spoil()
    files = _files(setting.folder / "coming", min(_MOST_COMING, setting.papers), setting.papers)
    marks = setting.marks(many=2)
    taken = []
    with setting.app() as terminal:
        coming = launch([str(PROGRAM), "import", *map(str, files)], setting.environment)
        while not (spent := finished(coming)):
            taken += [terminal.press("j", marks[1], quiet=0.03), terminal.press("k", marks[0], quiet=0.03)]
    many = min(_MOST_COMING, setting.papers)
    yield from times("busy.j", taken, None, 16)
    yield Figure("busy.import", many / spent.cpu * 1e3, "papers/CPU-s")
    yield Figure(
        "import.known.CPU", run([str(PROGRAM), "import", str(files[0])], setting.environment).cpu, "ms"
    )


def refresh(setting: Setting) -> Iterator[Figure]:
    """A hundred feeds, from start to exit: the first refresh brings their papers, to the others nothing is new."""
    setting.spoil()
    argv, environment = [str(PROGRAM), "refresh", "--json", "--force"], setting.environment
    with unchanged_feeds(_FEEDS) as (sources, server):
        setting.paths.sources_file.write_text(sources, encoding="utf-8")
        yield Figure("refresh.100-new.wall", run(argv, environment).wall, "ms")
        again = [run(argv, environment) for _ in range(max(2, setting.rounds // 12))]
        known = sum("if-none-match" in asked.headers for asked in server.requests)
        if known != _FEEDS * len(again):
            raise RuntimeError(f"{known} of {_FEEDS * len(again)} requests were conditional")
    yield Figure("refresh.100-unchanged.wall", median([one.wall for one in again]), "ms", 1_000)
    yield Figure("refresh.100-unchanged.CPU", median([one.cpu for one in again]), "ms")


def _files(folder: Path, many: int, first: int) -> list[Path]:
    """So many papers that the library has not, older than all of it, in files of JSON Lines."""
    folder.mkdir()
    coming = papers(many, first=first)
    files: list[Path] = []
    while part := list(islice(coming, _A_FILE)):
        files.append(folder / f"{len(files):03}.jsonl")
        lines = (json.dumps(to_record(paper), ensure_ascii=False) for paper in part)
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files
