"""The figures: what is measured, in which unit, and beside which target."""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.feeds import unchanged_feeds
from tests.bench.library import papers
from tests.bench.terminal import Spent, Terminal, run

from papers_tui.domain.record import to_record
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.views import INBOX

PROGRAM = Path(sys.executable).parent / "papers-tui"
_SIZE = (160, 45)
_FEEDS = 100
_HOME, _PAGE_DOWN = "\x1b[H", "\x1b[6~"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `target` is the most it may be, or with `least` the least (None: it is for information)."""

    name: str
    value: float
    unit: str
    target: float | None = None
    least: bool = False

    @property
    def verdict(self) -> str:
        if self.target is None:
            return "-"
        kept = self.value >= self.target if self.least else self.value <= self.target
        return "kept" if kept else "MISSED"

    def __str__(self) -> str:
        target = "-" if self.target is None else f"{'>=' if self.least else '<='}{self.target:g}"
        return f"{self.name} {_shown(self.value)} {self.unit} {target} {self.verdict}"


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"


@dataclass(frozen=True, slots=True)
class Setting:
    """What is measured on: a library of so many papers, whose building took the store so many CPU seconds.

    `rounds` is how often most things are measured.
    """

    paths: Paths
    environment: Mapping[str, str]
    papers: int
    build_seconds: float
    rounds: int = 60


def ingest(setting: Setting) -> Iterator[Figure]:
    yield Figure("ingest", setting.papers / setting.build_seconds, "papers/CPU-s", 10_000, least=True)
    size = sum(path.stat().st_size for path in setting.paths.cache.iterdir())
    yield Figure("ingest.size", size / setting.papers / 1024, "KiB/paper")


def start(setting: Setting) -> Iterator[Figure]:
    """The first frame with papers in it against the import that no Textual program can do without."""
    bare: list[Spent] = []
    ours: list[Spent] = []
    for _ in range(max(2, setting.rounds // 6)):
        bare.append(run([sys.executable, "-c", "import textual.app"], setting.environment))
        terminal = Terminal([str(PROGRAM)], setting.environment, _SIZE)
        ours.append(terminal.first(r"P\d{7} "))
        terminal.kill()
    yield Figure("start.import-textual", _middle([one.wall for one in bare]), "ms")
    yield Figure("start.first-rows", _middle([one.wall for one in ours]), "ms")
    yield Figure(
        "start.wall",
        _ratio([(one.wall, other.wall) for one, other in zip(ours, bare, strict=True)]),
        "x",
        1.2,
    )
    if all(one.cpu for one in ours):
        yield Figure(
            "start.CPU",
            _ratio([(one.cpu, other.cpu) for one, other in zip(ours, bare, strict=True)]),
            "x",
            1.2,
        )


def keys(setting: Setting) -> Iterator[Figure]:
    """Keys that move the cursor, from the key to the frame that shows the paper (`whole`: to the last of them)."""
    marks = _inbox(setting)
    with _app(setting) as terminal:
        last = len(marks)
        far = setting.rounds + 1
        before = terminal.cpu()
        down = [terminal.press("j", mark) for mark in marks[1:far]]
        terminal.quiet()
        spent = terminal.cpu() - before
        up = [terminal.press("k", mark) for mark in reversed(marks[far // 2 : far - 1])]
        yield from _two("keys.j", down, 4, 12)
        yield from _two("keys.k", up, 4, 12)
        if before:
            yield Figure("keys.j.CPU", spent / len(down), "ms/key")
        terminal.quiet()
        here = _shown_place(terminal)
        whole = [terminal.press("j", _place(here + step)) for step in range(1, setting.rounds // 2 + 1)]
        yield from _two("keys.j.whole", whole, None, None)
        terminal.press(_HOME, _place(1))
        before = terminal.cpu()
        many = min(500, last - 1)
        burst = terminal.press("j" * many, _place(1 + many))
        yield Figure("keys.at-once", many / burst * 1e3, "keys/s", 2_500, least=True)
        if before:
            yield Figure("keys.at-once.CPU", (terminal.cpu() - before) / many, "ms/key")
        terminal.press(_HOME, _place(1))
        terminal.press(_PAGE_DOWN, r"Inbox [\d,]+/")
        page = _shown_place(terminal) - 1
        pages = [
            terminal.press(_PAGE_DOWN, mark)
            for mark in marks[2 * page : (2 + setting.rounds // 3) * page : page]
        ]
        if pages:
            yield from _two("keys.PgDn", pages, None, 20)
        terminal.press(_HOME, _place(1))
        ends = []
        for _ in range(max(2, setting.rounds // 6)):
            ends.append(terminal.press("G", marks[-1]))
            terminal.quiet()
            terminal.press(_HOME, _place(1))
        yield Figure("keys.G.p50", _middle(ends), "ms", 15)


def views(setting: Setting) -> Iterator[Figure]:
    """Opening views: the one that holds every paper, and editions one after another."""
    with _app(setting) as terminal:
        terminal.press("]]]", r"Later 0/0")
        whole = []
        for _ in range(max(2, setting.rounds // 6)):
            whole.append(terminal.press("]", rf"All 1/{setting.papers:,}"))
            terminal.press("[", r"Later 0/0")
        yield Figure("views.all.p50", _middle(whole), "ms", 30)
        edition = r"\w{3} +\d+ \w{3} \d{4} 1/[\d,]+"
        terminal.press("]]]", edition)
        yield Figure(
            "views.edition.p50", _middle([terminal.press("]", edition) for _ in range(20)]), "ms", 30
        )


def acts(setting: Setting) -> Iterator[Figure]:
    """Deciding and taking back; the file system's fsync is in it."""
    with _app(setting) as terminal:
        many = setting.rounds
        yield from _two(
            "acts.star", [terminal.press("s", "starred|star removed") for _ in range(many)], 4, 12
        )
        yield from _two("acts.undo", [terminal.press("u", "undone") for _ in range(many)], None, None)


def memory(setting: Setting) -> Iterator[Figure]:
    """After a walk through list and views."""
    with _app(setting) as terminal:
        terminal.press("G", r"Inbox [\d,]+/")
        terminal.press("]]]]", rf"All 1/{setting.papers:,}")
        for _ in range(min(30, setting.papers // 60)):
            terminal.press(_PAGE_DOWN, r"All [\d,]+/")
        terminal.quiet()
        everything, anonymous = terminal.memory()
        yield Figure("memory", everything, "MB", 140)
        if anonymous:
            yield Figure("memory.without-files", anonymous, "MB")


def commands(setting: Setting) -> Iterator[Figure]:
    """The command line, from start to exit."""
    program, environment = str(PROGRAM), setting.environment
    bare: list[Spent] = []
    version: list[Spent] = []
    for _ in range(max(2, setting.rounds // 4)):
        bare.append(run([sys.executable, "-c", "pass"], environment))
        version.append(run([program, "--version"], environment))
    yield Figure(
        "version.wall", _ratio([(one.wall, two.wall) for one, two in zip(version, bare, strict=True)]), "x", 6
    )
    yield Figure(
        "version.CPU", _ratio([(one.cpu, two.cpu) for one, two in zip(version, bare, strict=True)]), "x", 6
    )
    for name, arguments in (
        ("count", ["list", "--count"]),
        ("search", ["list", "--count", "baner"]),
        ("ids", ["list", "--format", "ids", "--limit", "100"]),
    ):
        spent = _middle(
            [run([program, *arguments], environment).cpu for _ in range(max(2, setting.rounds // 12))]
        )
        yield Figure(f"list.{name}.CPU", spent, "ms")
    rows = setting.paths.log / "rows.jsonl"
    with rows.open("w", encoding="utf-8") as file:
        for paper in papers(1_000, first=setting.papers):
            file.write(json.dumps(to_record(paper), ensure_ascii=False) + "\n")
    yield Figure("import.1000-new.CPU", run([program, "import", str(rows)], environment).cpu, "ms")
    yield Figure("import.1000-known.CPU", run([program, "import", str(rows)], environment).cpu, "ms")


def catch_up(setting: Setting) -> Iterator[Figure]:
    """A library whose journal is whole already, opened as the app opens it."""
    import time

    before = time.process_time()
    for _ in range(20):
        with Library(setting.paths) as library:
            library.sync()
    yield Figure("open.CPU", (time.process_time() - before) / 20 * 1e3, "ms")


def refresh(setting: Setting) -> Iterator[Figure]:
    """A hundred feeds, from start to exit: the first refresh brings their papers, to the others nothing is new."""
    argv, environment = [str(PROGRAM), "refresh", "--json", "--force"], setting.environment
    with unchanged_feeds(_FEEDS) as (sources, server):
        setting.paths.sources_file.write_text(sources, encoding="utf-8")
        yield Figure("refresh.100-new.wall", run(argv, environment).wall, "ms")
        again = [run(argv, environment) for _ in range(max(2, setting.rounds // 12))]
        known = sum("if-none-match" in asked.headers for asked in server.requests)
        if known != _FEEDS * len(again):
            raise RuntimeError(f"{known} of {_FEEDS * len(again)} requests were conditional")
    yield Figure("refresh.100-unchanged.wall", _middle([one.wall for one in again]), "ms", 1_000)
    yield Figure("refresh.100-unchanged.CPU", _middle([one.cpu for one in again]), "ms")


GROUPS: Mapping[str, Callable[[Setting], Iterator[Figure]]] = {
    "ingest": ingest,
    "start": start,
    "keys": keys,
    "views": views,
    "acts": acts,
    "memory": memory,
    "open": catch_up,
    "commands": commands,
    "refresh": refresh,
}
"""What can be measured, in this order; the last two change the library."""


@contextmanager
def _app(setting: Setting) -> Iterator[Terminal]:
    """The program with its first papers on the screen."""
    terminal = Terminal([str(PROGRAM)], setting.environment, _SIZE)
    try:
        terminal.first(r"Inbox 1/[\d,]+")
        terminal.quiet(0.5)
        yield terminal
    finally:
        terminal.kill()


def _inbox(setting: Setting) -> list[str]:
    """The mark in the title of each paper of the first view, in order: a frame with it in shows that paper."""
    with Library(setting.paths) as library:
        ids = library.find(INBOX.query)
        rows = library.rows(ids)
        return [rows[id_].title[:8] for id_ in ids]


def _place(number: int) -> str:
    """The status line says that the cursor is on this paper."""
    return f"Inbox {number:,}/"


def _shown_place(terminal: Terminal) -> int:
    places = re.findall(rb"Inbox ([\d,]+)/", terminal.last)
    return int(places[-1].replace(b",", b""))


def _two(name: str, times: Sequence[float], middle: float | None, most: float | None) -> Iterator[Figure]:
    ordered = sorted(times)
    yield Figure(f"{name}.p50", _middle(ordered), "ms", middle)
    yield Figure(f"{name}.p95", ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], "ms", most)


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def _ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The middle one of the ratios of pairs that were measured right after each other."""
    return _middle([one / other for one, other in pairs])
