"""What a large library costs more than a small one."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, median
from tests.bench.moving import pages
from tests.bench.setting import Setting, prepare
from tests.bench.starting import ROWS
from tests.bench.viewing import sidebar

from papers_tui.ui.views import ALL, INBOX

SMALL = 1_000


def ratios(setting: Setting) -> Iterator[Figure]:
    """The library against one of a thousand papers, in turns."""
    small = prepare(setting.folder / "small", min(SMALL, setting.papers))
    starts: list[tuple[float, float]] = []
    for _ in range(max(2, setting.rounds // 6)):
        starts.append((_first(setting), _first(small)))
    yield Figure("ratio.first-rows", median([large / little for large, little in starts]), "x", 1.3)
    large, little = _keys(setting), _keys(small)
    for name in large:
        yield Figure(f"ratio.{name}", large[name] / little[name], "x", 1.3)


def _first(setting: Setting) -> float:
    """Milliseconds to the first rows: of the processor, where that is told."""
    terminal = setting.begun()
    spent = terminal.first(ROWS)
    terminal.kill()
    return spent.cpu or spent.wall


def _keys(setting: Setting) -> dict[str, float]:
    """What a key of each kind takes, by name."""
    marks = setting.marks(many=1_000)
    order = sidebar(setting)
    tops = {view: setting.top(view.query) for view in (ALL, INBOX)}
    with setting.app() as terminal:
        down = [terminal.press("j", mark) for mark in marks[1 : setting.rounds]]
        paged = pages(terminal, marks, min(setting.rounds // 3, 15))
        opened = []
        for _ in range(max(2, setting.rounds // 6)):
            opened.append(terminal.press("]" * order.index(ALL), tops[ALL]))
            terminal.quiet(0.3)
            terminal.press("[" * order.index(ALL), tops[INBOX])
            terminal.quiet(0.3)
    return {"j": median(down), "PgDn": median(paged), "view": median(opened)}
