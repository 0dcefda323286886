"""Fitting text into cells, and lines into a window."""

from __future__ import annotations

from papers_tui.ui.cells import cell_len, set_cell_size, split_signs

ELLIPSIS = "…"

Part = tuple[str, str]
"""Text and the name of the style that it is drawn in."""


def in_sight(top: int, page: int, first: int, last: int) -> int:
    """The line at the top of a window of `page` lines that is scrolled as little as it takes from `top` to show both
    of these (the first, where both don't fit)."""
    if last >= top + page:
        top = last - page + 1
    return min(top, first)


def fit(text: str, width: int) -> str:
    """The text in exactly `width` cells: filled up with spaces, or cut with an ellipsis."""
    if width <= 0:
        return ""
    size = cell_len(text)
    if size <= width:
        return text + " " * (width - size)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + ELLIPSIS, width)


def right(text: str, width: int) -> str:
    """The text at the right end of `width` cells."""
    return " " * max(0, width - cell_len(text)) + text


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells, broken at spaces, and inside words that are longer."""
    width = max(1, width)
    lines: list[str] = []
    line = ""
    used = 0
    for word in text.split(" "):
        size = cell_len(word)
        if line and used + 1 + size > width:
            lines.append(line)
            line, used = "", 0
        while size > width:
            head = _head(word, width)
            lines.append(head)
            word = word[len(head) :]
            size = cell_len(word)
        line = f"{line} {word}" if line else word
        used = cell_len(line)
    return [*lines, line]


def _head(word: str, width: int) -> str:
    """As much of a word as fits, but at least one sign: what is drawn as one is not parted."""
    signs = split_signs(word)
    used = 0
    for start, _, cells in signs:
        used += cells
        if used > width and start:
            return word[:start]
    return word
