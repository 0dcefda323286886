"""Keys that move about in the list, and keys that decide."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.figure import Figure, median, times
from tests.bench.setting import Setting
from tests.bench.terminal import Terminal

HOME, PAGE_DOWN = "\x1b[H", "\x1b[6~"


def keys(setting: Setting) -> Iterator[Figure]:
    """Moving the cursor: `whole` is to the last frame of a key, all others to the one that shows the paper."""
    marks = setting.marks()
    with setting.app() as terminal:
        far = setting.rounds + 1
        before = terminal.cpu()
        down = [terminal.press("j", mark) for mark in marks[1:far]]
        terminal.quiet()
        spent = terminal.cpu() - before
        up = [terminal.press("k", mark) for mark in reversed(marks[far // 2 : far - 1])]
        yield from times("keys.j", down, 4, 12)
        yield from times("keys.k", up, 4, 12)
        if before:
            yield Figure("keys.j.CPU", spent / len(down), "ms/key")
        terminal.quiet()
        here = _shown_place(terminal)
        whole = [terminal.press("j", place(here + step)) for step in range(1, setting.rounds // 2 + 1)]
        yield from times("keys.j.whole", whole, None, None)
        terminal.press(HOME, place(1))
        before = terminal.cpu()
        many = min(500, len(marks) - 1)
        burst = terminal.press("j" * many, place(1 + many))
        yield Figure("keys.at-once", many / burst * 1e3, "keys/s", 2_500, least=True)
        if before:
            yield Figure("keys.at-once.CPU", (terminal.cpu() - before) / many, "ms/key")
        yield from times("keys.PgDn", pages(terminal, marks, setting.rounds // 3), None, 20)
        terminal.press(HOME, place(1))
        ends = []
        for _ in range(max(2, setting.rounds // 6)):
            ends.append(terminal.press("G", marks[-1]))
            terminal.quiet()
            terminal.press(HOME, place(1))
        yield Figure("keys.G.p50", median(ends), "ms", 15)


def acts(setting: Setting) -> Iterator[Figure]:
    """Deciding and taking back, on one paper and on all; the file system's fsync is in it."""
    setting.spoil()
    with setting.app() as terminal:
        many = setting.rounds
        yield from times(
            "acts.star", [terminal.press("s", "starred|star removed") for _ in range(many)], 4, 12
        )
        yield from times("acts.undo", [terminal.press("u", "undone") for _ in range(many)], None, None)
        before = _journal(setting)
        asked = f"Mark {setting.papers:,} papers read"
        yield Figure("acts.read-all.asks", terminal.press("A", asked), "ms")
        yield Figure("acts.read-all", terminal.press("\r", rf"marked read · {setting.papers:,} papers"), "ms")
        terminal.quiet(1)
        yield Figure("acts.read-all.journal", (_journal(setting) - before) / setting.papers, "B/paper")
        yield Figure("acts.read-all.undo", terminal.press("u", "undone"), "ms")


def pages(terminal: Terminal, marks: list[str], many: int) -> list[float]:
    """What so many pages down from the top take."""
    terminal.press(HOME, place(1))
    terminal.press(PAGE_DOWN, r"Inbox (?!1/)[\d,]+/")
    page = _shown_place(terminal) - 1
    return [terminal.press(PAGE_DOWN, mark) for mark in marks[2 * page : (2 + many) * page : page]]


def place(number: int) -> str:
    """The status line says that the cursor is on this paper."""
    return f"Inbox {number:,}/"


def _shown_place(terminal: Terminal) -> int:
    places = re.findall(rb"Inbox ([\d,]+)/", terminal.last)
    return int(places[-1].replace(b",", b""))


def _journal(setting: Setting) -> int:
    """Bytes of all that is recorded."""
    return sum(path.stat().st_size for path in setting.paths.journal.iterdir())
