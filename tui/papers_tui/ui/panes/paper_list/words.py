"""How numbers, days and authors are said in few words."""

from __future__ import annotations

from datetime import date

from papers_tui.domain.paper import PaperRow
from papers_tui.ui.cells import cell_len


def authors(row: PaperRow, watched: str = "") -> str:
    """Who wrote it, briefly: the first author, or the watched one with the place among several, and how many more."""
    if not row.authors:
        return counted(row.author_count, "author") if row.author_count else ""
    others = row.author_count - 1
    named = f"{watched}{_place(row, watched)}" if watched else row.authors[0]
    return f"{named} +{others}" if others > 0 else named


def briefly(row: PaperRow, watched: str, width: int) -> str:
    """The same in so many cells, if need be without the number, and then the place."""
    ways = [authors(row, watched), *([f"{watched}{_place(row, watched)}", watched] if watched else [])]
    return next((way for way in ways if cell_len(way) <= width), ways[-1])


def _place(row: PaperRow, name: str) -> str:
    """Where a name stands that is the first or the last of several."""
    if row.author_count < 2:
        return ""
    if name == row.authors[0]:
        return " (first)"
    last = row.last_author or (row.authors[-1] if len(row.authors) == row.author_count else "")
    return " (last)" if name == last else ""


def counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}{'es' if noun.endswith('s') else 's'}"


def brief_date(published: str | None, today: date) -> str:
    """A day as a reader of a list wants it: `17 Mar`, or `Mar 2025` where it was in another year."""
    day = day_of(published)
    if day is None:
        return ""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day:%b %Y}"


def full_date(published: str | None) -> str:
    """A day in full: `17 Mar 2025`."""
    day = day_of(published)
    return f"{day.day} {day:%b %Y}" if day else ""


def day_of(published: str | None) -> date | None:
    """The day of a date or a moment as papers have them; None where it is none."""
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None
