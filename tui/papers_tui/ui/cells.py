"""How many cells text takes: what `rich.cells` says, which is loaded for the first sign that may take none or two."""

from __future__ import annotations

from papers_tui.domain.text import PLAIN_SIGNS


def is_narrow(text: str) -> bool:
    """Whether each sign of it is one character in one cell."""
    return (text.isascii() and text.isprintable()) or PLAIN_SIGNS.issuperset(text)


def cell_len(text: str) -> int:
    """The cells that it takes."""
    if is_narrow(text):
        return len(text)
    from rich import cells

    return cells.cell_len(text)


def set_cell_size(text: str, size: int) -> str:
    """The text cut, or filled up with spaces, to exactly as many cells."""
    if is_narrow(text):
        return text[:size].ljust(size)
    from rich import cells

    return cells.set_cell_size(text, size)


def split_signs(text: str) -> list[tuple[int, int, int]]:
    """What is drawn as one sign each: where it begins and ends in the text, and the cells that it takes."""
    if is_narrow(text):
        return [(place, place + 1, 1) for place in range(len(text))]
    from rich import cells

    return cells.split_graphemes(text)[0]
