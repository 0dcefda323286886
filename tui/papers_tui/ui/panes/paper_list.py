"""The list: a frozen sequence of papers, drawn by line from their row numbers."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import ClassVar

from rich.cells import cell_len
from textual.events import Click
from textual.message import Message

from papers_tui.domain.marks import DISMISSED, LATER, NOTED, READ, STARRED, TAGGED
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import unicode_tex
from papers_tui.domain.watched import Watched
from papers_tui.ui.drawing import fit, right, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import NONE, Hits
from papers_tui.ui.panes.lines import OTHER_BUTTON, LinePane, Part

_WINDOW = 128
_MOST_CACHED = 4096
_MOST_TITLE_LINES = 8
_LEAST_DATED = 64
"""Cells of a line from which on it has a date, and the name of a watched author."""
_LEAST_SIGNED = 100
"""Cells of a line from which on it says who wrote the paper, in so many:"""
_NAME = 20
_LEAST_BADGED = 40
"""Cells below which a line is for its title alone."""
_MARKS = 3
"""Columns before the title: what became of the paper; its star, tags or note; whether it is selected."""


class PaperList(LinePane):
    """Papers in the order in which the view was opened; only `open` changes which are there and where.

    The cursor belongs to a paper. The paper under it shows its whole title, whatever the width.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"paper-list--{name}{suffix}"
        for name in ("unread", "read", "meta", "watched", "mark", "star", "message", "hit")
        for suffix in ("", "-cursor", "-focused")
    }
    DEFAULT_CSS = """
    PaperList > .paper-list--unread { color: $foreground; text-style: bold; }
    PaperList > .paper-list--read { color: $text-muted; }
    PaperList > .paper-list--meta { color: $text-muted; }
    PaperList > .paper-list--watched { color: $foreground; text-style: bold; }
    PaperList > .paper-list--mark { color: $text-accent; }
    PaperList > .paper-list--star { color: $text-warning; }
    PaperList > .paper-list--message { color: $text-muted; }
    PaperList > .paper-list--hit { color: $text-accent; text-style: bold underline; }
    PaperList > .paper-list--hit-cursor { background: $panel; color: $text-accent; text-style: bold underline; }
    PaperList > .paper-list--unread-cursor { background: $panel; color: $foreground; text-style: bold; }
    PaperList > .paper-list--read-cursor { background: $panel; color: $foreground; }
    PaperList > .paper-list--meta-cursor { background: $panel; color: $foreground; }
    PaperList > .paper-list--watched-cursor { background: $panel; color: $foreground; text-style: bold; }
    PaperList > .paper-list--mark-cursor { background: $panel; color: $text-accent; }
    PaperList > .paper-list--star-cursor { background: $panel; color: $text-warning; }
    PaperList > .paper-list--unread-focused,
    PaperList > .paper-list--read-focused,
    PaperList > .paper-list--meta-focused,
    PaperList > .paper-list--watched-focused,
    PaperList > .paper-list--mark-focused,
    PaperList > .paper-list--star-focused,
    PaperList > .paper-list--hit-focused {
        background: $primary-darken-2; color: $text;
    }
    PaperList > .paper-list--unread-focused, PaperList > .paper-list--watched-focused { text-style: bold; }
    PaperList > .paper-list--hit-focused { text-style: bold underline; }
    """

    class CursorMoved(Message):
        """Another paper is under the cursor (or none: the list is empty).

        `opened`: because another list was opened, not because the cursor was moved.
        """

        def __init__(self, *, opened: bool = False) -> None:
            super().__init__()
            self.opened = opened

    class Opened(Message):
        """The paper under the cursor was clicked once more."""

    class MarkClicked(Message):
        """The column of a mark was clicked in the line of the paper under the cursor: the `place` of the column."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    class MenuWanted(Message):
        """The other mouse button was pressed on the paper under the cursor."""

    def __init__(
        self,
        fetch: Callable[[Iterable[int]], Mapping[int, PaperRow]],
        glyphs: Glyphs,
        *,
        tall: bool,
        today: date,
    ) -> None:
        """`fetch` gives rows by number; `tall` shows authors and date below each title;
        a date of the year of `today` is shown without it."""
        super().__init__(id="papers")
        self._fetch = fetch
        self._glyphs = glyphs
        self._height = 2 if tall else 1
        self._rows: dict[int, PaperRow] = {}
        self._titles: dict[int, str] = {}
        self._watched = Watched()
        self._standing_out: dict[int, str] = {}
        self.ids: array[int] = array("q")
        self.cursor = 0
        self._measured: tuple[tuple[int, ...], int] = ((), 0)
        self._message: tuple[str, ...] = ()
        self._selected: set[int] = set()
        self._before_drop: array[int] = array("q")
        self._anchor: int | None = None
        self._upvotes = False
        self._today = today
        self._hits = NONE

    # What is shown

    def open(self, ids: array[int], *, keep: int | None = None, message: Iterable[str] = ()) -> None:
        """Shows these papers, with the cursor on the row `keep` if it is among them. `message`: for an empty list."""
        self.ids = ids
        self._message = tuple(message)
        self._before_drop = array("q")
        self._measured = ((), 0)
        self._selected.clear()
        self._anchor = None
        self.forget()
        self.cursor = ids.index(keep) if keep is not None and keep in ids else 0
        self._upvotes = any(row.upvotes for row in self._fetch(ids[:_WINDOW]).values())
        self.resize_lines()
        self.scroll_to_line(0)
        self._follow()
        self.refresh()
        self.post_message(self.CursorMoved(opened=True))

    def show_hits(self, hits: Hits) -> None:
        """Marks what is looked for in the titles."""
        if hits != self._hits:
            self._hits = hits
            self.refresh()

    def show_watched(self, watched: Watched) -> None:
        """Lets the names of these authors stand out."""
        self._watched = watched
        self._standing_out.clear()
        self._measured = ((), 0)
        self.resize_lines()
        self._follow()
        self.refresh()

    def set_height(self, *, tall: bool) -> None:
        """Shows authors and date below each title, or no longer."""
        self._height = 2 if tall else 1
        self.resize_lines()
        self._follow()
        self.refresh()

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Reads these rows (or all) again when they are next drawn."""
        if rows is None:
            self._rows.clear()
            self._titles.clear()
            self._standing_out.clear()
        else:
            for row in rows:
                self._rows.pop(row, None)
        self.refresh()

    @property
    def current(self) -> int | None:
        """The row number of the paper under the cursor."""
        return self.ids[self.cursor] if self.ids else None

    def row_at(self, index: int) -> PaperRow | None:
        id_ = self.ids[index]
        if id_ not in self._rows:
            if len(self._rows) > _MOST_CACHED:
                self._rows.clear()
                self._titles.clear()
            self._rows.update(self._fetch(self.ids[max(0, index - _WINDOW // 2) : index + _WINDOW]))
        return self._rows.get(id_)

    def is_unread(self, index: int) -> bool:
        row = self.row_at(index)
        return row is not None and not row.flags & (READ | DISMISSED)

    # Moving

    def move_to(self, index: int) -> bool:
        """Puts the cursor on a place, as near as there is one; whether it moved."""
        index = max(0, min(len(self.ids) - 1, index))
        if index == self.cursor or not self.ids:
            return False
        former, extra = self.cursor, self._extra
        self.cursor = index
        self.resize_lines()
        before = self.first_line
        self._follow()
        if extra != self._extra or before != self.first_line or self._anchor is not None:
            self.refresh()
        else:
            first, last = sorted((former, index))
            self.refresh_lines(first * self._height, (last - first + 1) * self._height + extra)
        self.post_message(self.CursorMoved())
        return True

    def move_to_row(self, row: int) -> bool:
        """Puts the cursor on a paper if it is in the list; whether it is."""
        if row not in self.ids:
            return False
        self.move_to(self.ids.index(row))
        return True

    def papers_in_page(self) -> int:
        return max(1, self.page // self._height)

    def seek_unread(self, step: int) -> int | None:
        """The place of the nearest unread paper after (before) the cursor."""
        place = self.cursor + step
        while 0 <= place < len(self.ids):
            if self.is_unread(place):
                return place
            place += step
        return None

    # Selecting

    @property
    def selected(self) -> list[int]:
        """The row numbers of the selected papers, a range that is being drawn included, in the order of the list."""
        chosen = self._selected | {self.ids[place] for place in self._range()}
        return [row for row in self.ids if row in chosen] if chosen else []

    @property
    def drawing_range(self) -> bool:
        return self._anchor is not None

    def turn_selected(self) -> None:
        """Selects the paper under the cursor, or no longer."""
        if self.current is not None:
            self._selected ^= {self.current}
            self.refresh()

    def turn_range(self) -> None:
        """Begins a range at the cursor, or ends it: what lies between stays selected."""
        if self._anchor is None:
            self._anchor = self.cursor
        else:
            self._selected |= {self.ids[place] for place in self._range()}
            self._anchor = None
        self.refresh()

    def select_all(self) -> None:
        self._selected = set(self.ids)
        self.refresh()

    def select_none(self) -> None:
        self._selected.clear()
        self._anchor = None
        self.refresh()

    def drop(self, unwanted: Callable[[PaperRow], bool]) -> int:
        """Takes papers out of the list, all but the one under the cursor, and gives how many went."""
        rows = self._fetch(self.ids)
        kept = array("q", (id_ for id_ in self.ids if id_ == self.current or not unwanted(rows[id_])))
        gone = len(self.ids) - len(kept)
        selected = set(self.selected)
        if gone:
            before = self._before_drop or self.ids
            self.open(kept, keep=self.current)
            self._before_drop = before
            self._selected = selected & set(kept)
        return gone

    def bring_back(self, rows: Sequence[int]) -> None:
        """Lists again what `drop` took out, if any of these papers is among it."""
        if self._before_drop and not set(rows) <= set(self.ids) and set(rows) & set(self._before_drop):
            self.open(self._before_drop, keep=self.current)

    def _range(self) -> range:
        if self._anchor is None or not self.ids:
            return range(0)
        first, last = sorted((self._anchor, self.cursor))
        return range(first, last + 1)

    # Drawing

    def line_count(self) -> int:
        return len(self.ids) * self._height + self._extra if self.ids else len(self._message)

    def line_parts(self, line: int) -> list[Part]:
        if not self.ids:
            return [("  " + self._message[line], "paper-list--message")]
        index, part = self._locate(line)
        row = self.row_at(index)
        suffix = "" if index != self.cursor else "-focused" if self.has_focus else "-cursor"
        if row is None:
            return [("   (merged into another paper)" if not part else "", f"paper-list--meta{suffix}")]
        width = self.text_width
        by, badges = (self._by(row), self._badges(row)) if self._height == 1 else ("", "")
        title_width = self._title_width(row)
        meta = f"paper-list--meta{suffix}"
        named = f"paper-list--watched{suffix}" if self._watched_name(row) else meta
        titles = self._title_lines(row, title_width) if index == self.cursor else [self._title(row)]
        style = f"paper-list--{'read' if row.flags & (READ | DISMISSED) else 'unread'}{suffix}"
        if part < len(titles):
            marks = self._marks(row, index, suffix) if part == 0 else [("   ", f"paper-list--mark{suffix}")]
            title = fit(titles[part], title_width)
            shown = [
                (piece, f"paper-list--hit{suffix}" if hit else style)
                for piece, hit in self._hits.parts(title)
            ]
            if part:
                return [*marks, *shown, (" " * (width - 3 - title_width), meta)]
            return [*marks, *shown, *([(by, named)] if by else []), (badges + " ", meta)]
        below = fit("   " + self._meta(row), width)
        end = 3 + len(authors(row, self._watched_name(row)))
        return [(below[:end], named), (below[end:], meta)]

    def _locate(self, line: int) -> tuple[int, int]:
        top = self.cursor * self._height
        if line < top:
            return divmod(line, self._height)
        if line < top + self._height + self._extra:
            return self.cursor, line - top
        return divmod(line - self._extra, self._height)

    def _title(self, row: PaperRow) -> str:
        if row.row not in self._titles:
            self._titles[row.row] = unicode_tex(row.title)
        return self._titles[row.row]

    def _title_lines(self, row: PaperRow, width: int) -> list[str]:
        return wrap(self._title(row), width)

    def _marks(self, row: PaperRow, index: int, suffix: str) -> list[Part]:
        glyphs = self._glyphs
        flags = row.flags
        state = glyphs.unread
        if flags & DISMISSED:
            state = glyphs.dismissed
        elif flags & LATER:
            state = glyphs.later
        elif flags & READ:
            state = " "
        second = " "
        if flags & STARRED:
            second = glyphs.star
        elif flags & NOTED:
            second = glyphs.note
        elif flags & TAGGED:
            second = glyphs.tag
        chosen = row.row in self._selected or index in self._range()
        third = glyphs.selected if chosen else " "
        return [
            (state, f"paper-list--mark{suffix}"),
            (second, f"paper-list--star{suffix}"),
            (third, f"paper-list--mark{suffix}"),
        ]

    def _watched_name(self, row: PaperRow) -> str:
        """The watched author among those that the row names, or ""."""
        if row.row not in self._standing_out:
            self._standing_out[row.row] = self._watched.among((*row.authors, row.last_author))
        return self._standing_out[row.row]

    def _by(self, row: PaperRow) -> str:
        """Who wrote it, where the width bears that column; a watched author is named in a narrower list, too."""
        watched = self._watched_name(row)
        if self.text_width >= _LEAST_SIGNED:
            return f"  {fit(_briefly(row, watched, _NAME), _NAME)}"
        if watched and self.text_width >= _LEAST_DATED:
            named = _briefly(row, watched, _NAME)
            return f"  {fit(named, min(_NAME, cell_len(named)))}"
        return ""

    def _badges(self, row: PaperRow) -> str:
        """The columns at the right end: as many as the width bears, each always as wide."""
        width = self.text_width
        if width < _LEAST_BADGED:
            return ""
        upvotes = f"{self._glyphs.upvotes}{row.upvotes}" if row.upvotes else ""
        code = self._glyphs.code if row.code else ""
        badges = f" {right(code, 2)}"
        if self._upvotes:
            badges = f" {right(upvotes, 5)}{badges}"
        if width >= _LEAST_DATED:
            badges = f" {right(brief_date(row.published, self._today), 9)}{badges}"
        return badges

    def _meta(self, row: PaperRow) -> str:
        glyphs = self._glyphs
        parts = [
            authors(row, self._watched_name(row)),
            brief_date(row.published, self._today),
            f"{glyphs.upvotes}{row.upvotes}" if row.upvotes else "",
            counted(row.comments, "comment") if row.comments else "",
            "code" if row.code else "",
        ]
        return " · ".join(part for part in parts if part)

    @property
    def _extra(self) -> int:
        """How many lines more than the others the paper under the cursor takes, for its whole title."""
        if not self.ids:
            return 0
        known = (self.ids[self.cursor], self.text_width, self._height)
        if known != self._measured[0]:
            row = self.row_at(self.cursor)
            lines = self._title_lines(row, self._title_width(row)) if row else [""]
            self._measured = (known, min(len(lines), _MOST_TITLE_LINES) - 1)
        return self._measured[1]

    def _title_width(self, row: PaperRow) -> int:
        beside = self._by(row) + self._badges(row) if self._height == 1 else ""
        return self.text_width - 4 - cell_len(beside)

    def _follow(self) -> None:
        top = self.cursor * self._height
        self.show_lines(top, top + self._height + self._extra - 1)

    def on_resize(self) -> None:
        self.resize_lines()
        self._follow()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        line = place.y + self.first_line
        if not self.ids or line >= self.line_count():
            return
        index, part = self._locate(line)
        moved = self.move_to(index)
        if event.button == OTHER_BUTTON:
            self.post_message(self.MenuWanted())
        elif not part and place.x < _MARKS:
            self.post_message(self.MarkClicked(place.x))
        elif not moved:
            self.post_message(self.Opened())


def authors(row: PaperRow, watched: str = "") -> str:
    """Who wrote it, briefly: the first author, or the watched one with the place among several, and how many more."""
    if not row.authors:
        return counted(row.author_count, "author") if row.author_count else ""
    others = row.author_count - 1
    named = f"{watched}{_place(row, watched)}" if watched else row.authors[0]
    return f"{named} +{others}" if others > 0 else named


def _briefly(row: PaperRow, watched: str, width: int) -> str:
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
    day = _day(published)
    if day is None:
        return ""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day:%b %Y}"


def full_date(published: str | None) -> str:
    """A day in full: `17 Mar 2025`."""
    day = _day(published)
    return f"{day.day} {day:%b %Y}" if day else ""


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None
