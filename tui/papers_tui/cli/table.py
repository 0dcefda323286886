"""Papers as lines of a table: aligned for a terminal's width, or with tabs between whole columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from papers_tui.domain import marks
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import for_terminal, unicode_tex

_WIDEST_ID = 25
"""Cells: an id that is a fingerprint. A longer one is cut, its beginning will do to name the paper."""

_ROOM_FOR_DATE = 24
"""Cells the title is to have before the date gets any."""


def aligned(rows: Sequence[PaperRow], width: int) -> Iterator[str]:
    """Lines of at most `width` cells: marks, date (where there is one, and room), title and id."""
    widest = min(_WIDEST_ID, max((cells(row.id) for row in rows), default=0))
    room = width - len("●★Lx") - 1 - 2 - widest
    dated = room - 12 >= _ROOM_FOR_DATE and any(map(_date, rows))
    room = max(1, room - 12 if dated else room)
    for row in rows:
        date = f"{_date(row):10}  " if dated else ""
        yield fit(f"{_marks(row)} {date}{fit(_title(row), room)}  {fit(row.id, widest)}", width).rstrip()


def tabbed(rows: Sequence[PaperRow]) -> Iterator[str]:
    """Lines of four whole columns with tabs between them: state in words, date, title and id."""
    for row in rows:
        yield "\t".join((",".join(states(row.flags)), _date(row), _title(row), for_terminal(row.id)))


def states(flags: int) -> list[str]:
    """What the flags of a paper say, in the words of the search language: `["unread", "starred"]`."""
    named = ((marks.STARRED, "starred"), (marks.LATER, "later"), (marks.DISMISSED, "dismissed"))
    return ["read" if flags & marks.READ else "unread", *(name for flag, name in named if flags & flag)]


def fit(text: str, width: int) -> str:
    """The text in exactly so many cells: filled up with spaces, or cut with an ellipsis."""
    size = cells(text)
    if size <= width:
        return text + " " * (width - size)
    kept, used = "", 0
    for character in text:
        used += cells(character)
        if used > width - 1:
            break
        kept += character
    return f"{kept}…" + " " * (width - 1 - cells(kept))


def cells(text: str) -> int:
    """How many cells a terminal gives a text: none to a combining mark, two to a wide character."""
    if text.isascii():
        return len(text)
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _marks(row: PaperRow) -> str:
    flags = row.flags
    return "".join(
        mark if on else " "
        for mark, on in (
            ("●", not flags & (marks.READ | marks.DISMISSED)),
            ("★", flags & marks.STARRED),
            ("L", flags & marks.LATER),
            ("x", flags & marks.DISMISSED),
        )
    )


def _date(row: PaperRow) -> str:
    return (row.published or "")[:10]


def _title(row: PaperRow) -> str:
    return for_terminal(unicode_tex(row.title))
