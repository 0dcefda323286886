"""What a line of the sidebar says."""

from __future__ import annotations

from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part, fit
from papers_tui.ui.views import Entry


def entry_parts(entry: Entry, width: int, open_key: str, *, focused: bool) -> list[Part]:
    """An entry in so many cells; the view of the key `open_key` is on show, `focused`: the keys are for the sidebar."""
    if entry.view is None:
        return [(" " + entry.title, "sidebar--heading")]
    count = entry.count
    sign = "!" if entry.trouble else " "
    title = fit(f"{sign}{entry.title}", width - cell_len(count) - 2)
    if entry.view.key == open_key:
        style = "sidebar--open-focused" if focused else "sidebar--open"
        return [(f"{title} {count} ", style)]
    quiet = "sidebar--trouble" if entry.trouble else "sidebar--quiet"
    return [
        (title, "sidebar--entry" if entry.unread and not entry.trouble else quiet),
        (f" {count} ", "sidebar--count"),
    ]
