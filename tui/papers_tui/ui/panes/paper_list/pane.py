"""The pane: which papers are listed, where the cursor is, which are selected."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from papers_tui.domain.paper import PaperRow
from papers_tui.domain.watched import Watched
from papers_tui.ui.drawing import Part
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import Hits
from papers_tui.ui.panes.lines import OTHER_BUTTON, LinePane
from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.panes.paper_list.look import MARKS
from papers_tui.ui.panes.paper_list.places import HEADER
from papers_tui.ui.panes.paper_list.sheet import MOST_COUNTED, Sheet
from papers_tui.ui.panes.paper_list.style import CLASSES, CSS

_NEAR = 128
"""Papers among which the next unread one is mostly found."""


class PaperList(LinePane, Sheet):
    """Papers in the order in which the view was opened; only `open` changes which are there and where.

    The cursor belongs to a paper. The paper under it shows its whole title, whatever the width.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = CLASSES
    DEFAULT_CSS = CSS

    class CursorMoved(Message, bubble=False):
        """Another paper is under the cursor (or none: the list is empty).

        `opened`: because another list was opened, not because the cursor was moved. The screen alone is told: a frame
        waits for a clock as long as the app has something to read, which may be a key.
        """

        def __init__(self, *, opened: bool = False) -> None:
            super().__init__()
            self.opened = opened

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, PaperList.CursorMoved)

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
        unread: Callable[[Sequence[int]], set[int]],
        tall: bool,
        today: date,
    ) -> None:
        """As for a `Sheet`."""
        super().__init__(id="papers")
        self.laid_out = False
        Sheet.__init__(self, fetch, glyphs, unread=unread, tall=tall, today=today)
        self._before_drop: Listing | None = None

    @property
    def tall(self) -> bool:
        """Whether a paper takes two lines."""
        return self._look.tall

    # What is shown

    def open(
        self, listing: Listing, *, keep: int | None = None, line: int = 0, message: Iterable[str] = ()
    ) -> None:
        """Shows these papers from a line on, with the cursor on the row `keep` if it is among them, and in sight.

        `message`: for an empty list.
        """
        self._before_drop = None
        self.list_papers(listing, keep=keep, message=message)
        self.resize_lines()
        self.scroll_to_line(line)
        self._follow()
        self.refresh()
        self._tell_moved(opened=True)

    def grow(self) -> None:
        """Shows what came to the list: nothing that is in sight changes its place for it."""
        former, above = self._lines, self.first_line
        self.resize_lines()
        if self.ids and former.many:
            place, part = former.at(min(above, former.count - 1))
            if above <= former.of(self.cursor) < above + self.page:
                place, part = self.cursor, above - former.of(self.cursor)
            self.scroll_to_line(max(0, self._lines.of(place) + part))
        self._unread_in.clear()
        if self.listing.by or former.count < above + self.page:  # else all of it is out of sight
            self.refresh()

    def regroup(self) -> None:
        """Shows the groups that the list now has, or has no longer, with the cursor as near to its line as can be."""
        if self.first_line:
            self.grow()
        self.resize_lines()
        self._follow()
        self.refresh()

    def show_hits(self, hits: Hits) -> None:
        """Marks what is looked for in the titles."""
        if hits != self._look.hits:
            self.mark_hits(hits)
            self.refresh()

    def show_watched(self, watched: Watched) -> None:
        """Lets the names of these authors stand out."""
        self.stand_out(watched)
        self.resize_lines()
        self._follow()
        self.refresh()

    def set_height(self, *, tall: bool) -> None:
        """Shows authors and date below each title, or no longer."""
        self._look = replace(self._look, tall=tall)
        self.resize_lines()
        self._follow()
        self.refresh()

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Reads these rows (or all) again, and draws them anew where they are in sight."""
        self._unread_in.clear()
        known = None if rows is None else set(rows)
        self._rows.forget(known)
        if known is None or self.listing.by:
            self.refresh()
            return
        lines = self._lines
        first, _ = lines.at(min(self.first_line, max(0, lines.count - 1)))
        for place, row in enumerate(self.ids[first : first + self.page + 1], first):
            if row in known:
                self.refresh_lines(
                    lines.of(place), lines.height + (lines.extra if place == self.cursor else 0)
                )

    @property
    def current(self) -> int | None:
        """The row number of the paper under the cursor."""
        return self.ids[self.cursor] if self.ids else None

    # Moving

    def move_to(self, index: int, *, opened: bool = False) -> bool:
        """Puts the cursor on a place, as near as there is one; whether it moved. `opened`: as `open` would have."""
        index = max(0, min(len(self.ids) - 1, index))
        if index == self.cursor or not self.ids:
            return False
        former, extra, before = self.cursor, self._lines.extra, self.first_line
        self.cursor = index
        self.resize_lines()
        self._follow()
        lines = self._lines
        if extra != lines.extra or before != self.first_line or self.drawing_range:
            self.refresh()
        else:
            first, last = sorted((former, index))
            top = lines.of(first)
            self.refresh_lines(top, lines.of(last) + lines.height + lines.extra - top)
        self._tell_moved(opened=opened)
        return True

    def _tell_moved(self, *, opened: bool) -> None:
        """To the screen at once: each container on the way up would take as long as all the rest of a key."""
        self.screen.post_message(self.CursorMoved(opened=opened))

    def move_to_row(self, row: int, *, opened: bool = False) -> bool:
        """Puts the cursor on a paper if it is in the list; whether it is."""
        place = self._place(row)
        if place >= 0:
            self.move_to(place, opened=opened)
        return place >= 0

    def move_pages(self, pages: float) -> bool:
        """Moves the cursor by so much of what is in sight, by at least a paper; whether it moved."""
        lines = int(pages * self.page) or (1 if pages > 0 else -1)
        return bool(self.ids) and self.move_to(self._lines.further(self.cursor, lines))

    def move_group(self, step: int) -> bool:
        """Goes to the first paper of the next group, or of this one and then the previous ones; whether it moved."""
        groups = self.listing.groups
        at = bisect_left(groups.starts, self.cursor + (step > 0)) + (0 if step > 0 else -1)
        if not 0 <= at < len(groups.starts) or not self.move_to(groups.starts[at]):
            return False
        lines = self._lines
        if lines.of(groups.end(at) - 1) >= self.first_line + self.page:  # as much of the group as can be seen
            self.scroll_to_line(lines.of(self.cursor) - 1)
            self._follow()
        return True

    def seek_unread(self, step: int, *, anew: bool = False) -> int | None:
        """The place of the nearest unread paper after (before) the cursor; `anew`: of the first (last) in the list."""
        if anew:
            left = range(len(self.ids))[::step]
        else:
            left = range(self.cursor + step, len(self.ids) if step > 0 else -1, step)
        many = _NEAR
        while left:
            places, left = left[:many], left[many:]
            unread = self._unread([self.ids[place] for place in places])
            if unread:
                return next(place for place in places if self.ids[place] in unread)
            many = MOST_COUNTED
        return None

    # Selecting

    @property
    def selected(self) -> list[int]:
        """The row numbers of the selected papers, a range that is being drawn included, in the order of the list."""
        return self._selection.of(self.ids, self.cursor)

    @property
    def many_selected(self) -> int:
        """How many these are, which is known at once."""
        return self._selection.count(self.ids, self.cursor)

    @property
    def drawing_range(self) -> bool:
        return self._selection.anchor is not None

    def turn_selected(self) -> None:
        """Selects the paper under the cursor, or no longer."""
        if self.current is not None:
            self._selection.turn([self.current])
            self.refresh()

    def turn_group(self) -> bool:
        """Selects the papers of the group under the cursor, or no longer where all are.

        Whether that could be done: not of a group whose end is not there yet.
        """
        groups = self.listing.groups
        group = self._lines.group(self.cursor)
        if group < 0 or (groups.end(group) == groups.known and not self.listing.settled):
            return False
        self._selection.turn(self.ids[groups.starts[group] : groups.end(group)])
        self.refresh()
        return True

    def turn_range(self) -> None:
        """Begins a range at the cursor, or ends it: what lies between stays selected."""
        self._selection.turn_range(self.ids, self.cursor)
        self.refresh()

    def select_all(self) -> None:
        self._selection.rows = set(self.ids)
        self.refresh()

    def select(self, rows: Iterable[int]) -> None:
        """Selects these, as far as they are listed, and no others."""
        self._selection.rows = set(rows)
        if self._selection.rows:
            self._selection.rows.intersection_update(self.ids)
        self.refresh()

    def select_none(self) -> None:
        self._selection.clear()
        self.refresh()

    def drop_read(self) -> int:
        """Takes what is read or dismissed out of the list, but for the paper under the cursor; how many went."""
        unread = self._unread(self.ids)
        gone = [place for place, id_ in enumerate(self.ids) if place != self.cursor and id_ not in unread]
        selected = set(self.selected)
        if gone:
            before = self._before_drop or self.listing
            self._exchange(self.listing.without(gone))
            self._before_drop = before
            self._selection.rows = selected & set(self.ids)
        return len(gone)

    def bring_back(self, rows: Sequence[int]) -> None:
        """Lists again what `drop_read` took out, if any of these papers is among it."""
        before, wanted = self._before_drop, set(rows)
        if before and not wanted <= set(self.ids) and wanted & set(before.ids):
            self._exchange(before)

    def _exchange(self, listing: Listing) -> None:
        """Shows another list in place of this one, with the cursor on the same paper and on the same line."""
        below = self._lines.of(self.cursor) - self.first_line
        self.open(listing, keep=self.current)
        self.scroll_to_line(max(0, self._lines.of(self.cursor) - below))
        self._follow()

    # Drawing

    def line_count(self) -> int:
        return self.all_lines()

    def line_parts(self, line: int) -> list[Part]:
        return self.parts_of(line, focused=self.has_focus)

    def resize_lines(self) -> None:
        self.lay(self.text_width)
        super().resize_lines()

    def _follow(self) -> None:
        self.show_lines(*self.wanted_lines(self.page))

    def on_resize(self) -> None:
        self.resize_lines()
        self._follow()
        self.laid_out = True

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
        index, part = self._lines.at(line)
        moved = self.move_to(index)
        if part == HEADER:
            return
        if event.button == OTHER_BUTTON:
            self.post_message(self.MenuWanted())
        elif not part and place.x < MARKS:
            self.post_message(self.MarkClicked(place.x))
        elif not moved:
            self.post_message(self.Opened())
