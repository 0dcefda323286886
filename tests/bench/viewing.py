"""Opening views of every kind, and putting them into another order."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, median
from tests.bench.moving import HOME
from tests.bench.setting import Setting, top_rows
from tests.bench.terminal import Terminal

from papers_tui import subscriptions
from papers_tui.library import Library
from papers_tui.saved_views import load
from papers_tui.ui.following import Following
from papers_tui.ui.views import ALL, View, entries, saved_view

_ONCE_A_KEY = 30
"""What opening a view may take, in ms: the budget of the filter."""


def views(setting: Setting) -> Iterator[Figure]:
    """All entries of the sidebar one after the other, down and up again; then orders of the one with every paper."""
    shown = sidebar(setting)
    expected = [setting.top(view.query) or f"{view.title} 0/0" for view in shown]
    taken: dict[str, list[float]] = {}
    with setting.app() as terminal:
        for key, places in (("]", range(1, len(shown))), ("[", range(len(shown) - 2, -1, -1))):
            for at in places:
                kind = shown[at].key.partition(":")[0]
                taken.setdefault(kind, []).append(terminal.press(key, expected[at]))
        for kind, several in taken.items():
            yield Figure(f"views.{kind}.p50", median(several), "ms", _ONCE_A_KEY)
        terminal.press("]" * shown.index(ALL), expected[shown.index(ALL)])
        for order, several in _orders(terminal, setting).items():
            yield Figure(f"views.by-{order}.p50", median(several), "ms", _ONCE_A_KEY)


def sidebar(setting: Setting) -> list[View]:
    """The views of the sidebar from top to bottom."""
    saved, _ = load(setting.paths.views_file)
    sources, _ = subscriptions.load(setting.paths.sources_file)
    with Library(setting.paths) as library:
        lines = entries(library.counts(), Following(sources), [(saved_view(view), 0) for view in saved])
    return [entry.view for entry in lines if entry.view]


def _orders(terminal: Terminal, setting: Setting) -> dict[str, list[float]]:
    """What it takes to sort all papers by upvotes, and by date again."""
    tops = {order: top_rows(setting.marks(ALL.query, sort=order, many=256)) for order in ("upvotes", "date")}
    taken: dict[str, list[float]] = {order: [] for order in tops}
    for _ in range(max(2, setting.rounds // 12)):
        for order, top in tops.items():
            terminal.press("\\", "Sort by")
            taken[order].append(terminal.press(order[0], top))
            terminal.quiet(0.3)
            terminal.press(HOME, r"All 1/")
    return taken
