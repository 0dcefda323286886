"""A scrollbar as cells: which of them are its thumb, and how the ends of that are drawn within a cell."""

from __future__ import annotations

from math import ceil

from papers_tui.ui.drawing import Part

NONE, ABOVE, THUMB, HEAD, TAIL, BELOW = (
    f"bar--{name}" for name in ("none", "above", "thumb", "head", "tail", "below")
)
"""A cell of a bar without a thumb; one above the thumb; one of the thumb, a blank in reverse; the one that it begins
in, which holds a lower part in the thumb's colour; the one that it ends in, which holds such a part in reverse; one
below it."""

_EIGHTHS = "▁▂▃▄▅▆▇ "


def bar_parts(size: int, lines: float, page: float, top: float) -> list[Part]:
    """The cells of a bar of this `size` from top to bottom, where `page` of so many `lines` are seen from `top` on."""
    if not (page and size and lines) or lines in (size, page):
        return [(" ", NONE)] * size
    thumb = max(1, page / (lines / size))
    start = int((size - thumb) * (top / (lines - page)) * 8)
    first, begun = divmod(max(0, start), 8)
    last, ended = divmod(max(0, start + ceil(thumb * 8)), 8)
    cells = [(" ", ABOVE if y < first else THUMB if y < last else BELOW) for y in range(size)]
    if first < size and begun:
        cells[first] = (_EIGHTHS[7 - begun], HEAD)
    if last < size and ended:
        cells[last] = (_EIGHTHS[7 - ended], TAIL)
    return cells
