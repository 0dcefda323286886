"""Text on the screen, as it is written to a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from papers_tui.domain.text import for_terminal
from papers_tui.prepaint.look import Pane
from papers_tui.ui.cells import cell_len, set_cell_size
from papers_tui.ui.drawing import Part
from papers_tui.ui.glyphs import plain

Piece = tuple[int, int, str, str]
"""The column and the line where a text stands, the text, and the numbers of its SGR sequence."""

Run = tuple[str, str]
"""Text, and the numbers of its SGR sequence, which that of its neighbours differs from."""


def pieces_of(pane: Pane, lines: Sequence[Sequence[Part]], encoding: str) -> list[Piece]:
    """The lines of a pane, which they fill from its top; `encoding` is that of the screen."""
    found = []
    for y in range(pane.height):
        x, style = 0, pane.styles[""]
        for text, name in lines[y] if y < len(lines) else ():
            style = pane.styles[name]
            text = for_terminal(text)
            cells = cell_len(text)
            if x + cells > pane.width:
                text, cells = set_cell_size(text, pane.width - x), pane.width - x
            if text:
                found.append((pane.x + x, pane.y + y, _shown(text, encoding), style))
            x += cells
        if x < pane.width:
            found.append((pane.x + x, pane.y + y, " " * (pane.width - x), style))
    return found


def bar_pieces(pane: Pane, cells: Sequence[Part], encoding: str) -> list[Piece]:
    """The scrollbar of a pane."""
    return [
        (pane.bar, pane.y + y, _shown(text, encoding), pane.styles[name])
        for y, (text, name) in enumerate(cells)
    ]


def overlaid(pieces: Iterable[Piece], others: Iterable[Piece]) -> list[Piece]:
    """The pieces with others in the place of those that begin where these do."""
    above = list(others)
    where = {piece[:2] for piece in above}
    return [*(piece for piece in pieces if piece[:2] not in where), *above]


def sequence(pieces: Iterable[Piece]) -> str:
    """What writes them to a terminal."""
    return "".join(
        f"\x1b[{y + 1};{x + 1}H\x1b[{style}m{text}\x1b[0m" if style else f"\x1b[{y + 1};{x + 1}H{text}"
        for x, y, text, style in pieces
    )


def lines_of(pieces: Iterable[Piece]) -> list[list[Run]]:
    """The lines of the screen that these pieces make up, of whatever pieces a line was put together."""
    ordered = sorted(pieces, key=lambda piece: (piece[1], piece[0]))
    return [
        joined((text, style) for _, _, text, style in line)
        for _, line in groupby(ordered, key=lambda piece: piece[1])
    ]


def joined(runs: Iterable[Run]) -> list[Run]:
    """The same, where no two neighbours look alike."""
    return [
        ("".join([text for text, _ in several]), style)
        for style, several in groupby(runs, key=lambda run: run[1])
    ]


def _shown(text: str, encoding: str) -> str:
    return text if encoding.startswith("utf") else plain(text, encoding)
