"""The lines of a list: how many there are, what each says, and which of them are to be in sight."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from papers_tui.domain.paper import PaperRow
from papers_tui.domain.watched import Watched
from papers_tui.late import replace
from papers_tui.ui.drawing import Part, fit
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import Hits
from papers_tui.ui.panes.paper_list.groups import header
from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.panes.paper_list.look import MOST_TITLE_LINES, Look
from papers_tui.ui.panes.paper_list.places import HEADER, Lines
from papers_tui.ui.panes.paper_list.rows import Rows
from papers_tui.ui.panes.paper_list.selection import Selection

MOST_COUNTED = 2_000
"""Papers of a group up to which its header says how many of them are unread: they are counted anew after each act."""


class Sheet:
    """What is listed, and each line of it as text with the names of its styles; whoever draws it knows the size."""

    def __init__(
        self,
        fetch: Callable[[Iterable[int]], Mapping[int, PaperRow]],
        glyphs: Glyphs,
        *,
        unread: Callable[[Sequence[int]], set[int]],
        tall: bool,
        today: date,
    ) -> None:
        """`fetch` gives rows by number, `unread` those of some that are unread.

        `tall` shows authors and date below each title; a date of the year of `today` is shown without it.
        """
        self._rows = Rows(fetch)
        self._unread = unread
        self._unread_in: dict[int, int] = {}
        self._look = Look(glyphs, today, tall)
        self.listing = Listing()
        self._lines = Lines()
        self.cursor = 0
        self._measured: tuple[tuple[int, ...], int] = ((), 0)
        self._message: tuple[str, ...] = ()
        self._selection = Selection()

    @property
    def ids(self) -> array[int]:
        """The row numbers of the papers, in the order of the list."""
        return self.listing.ids

    def list_papers(self, listing: Listing, *, keep: int | None, message: Iterable[str]) -> None:
        """Lists these, with the cursor on the row `keep` if it is among them; `message`: for an empty list."""
        self.listing = listing
        self._message = tuple(message)
        self._measured = ((), 0)
        self._selection.clear()
        self._unread_in.clear()
        self._rows.forget()
        self.cursor = max(0, self._place(keep))
        self._look = replace(self._look, upvotes=self._rows.have_upvotes(self.ids))

    def mark_hits(self, hits: Hits) -> None:
        """Marks what is looked for in the titles."""
        self._look = replace(self._look, hits=hits)

    def stand_out(self, watched: Watched) -> None:
        """Lets the names of these authors stand out."""
        self._rows.watch(watched)
        self._measured = ((), 0)

    def lay(self, width: int) -> None:
        """Sees which line each paper stands on, in lines of so many cells."""
        if self._look.width != width:
            self._look = replace(self._look, width=width)
        starts = self.listing.groups.starts
        self._lines = Lines(len(self.ids), self._look.height, starts, self.cursor, self._extra)

    def wanted_lines(self, page: int) -> tuple[int, int]:
        """The first and the last line of what is to be in sight in so many lines: the paper under the cursor, and
        the header of the group that it begins."""
        lines = self._lines
        top = lines.of(self.cursor)
        size = lines.height + lines.extra
        headed = lines.headed(self.cursor) and size < page
        return top - headed, top + size - 1

    def row_at(self, index: int) -> PaperRow | None:
        return self._rows.at(self.ids, index)

    def all_lines(self) -> int:
        """How many lines there are."""
        return self._lines.count if self.ids else len(self._message)

    def parts_of(self, line: int, *, focused: bool) -> list[Part]:
        """What a line says; `focused`: the keys are for the list."""
        if not self.ids:
            return [("  " + self._message[line], "paper-list--message")]
        place, part = self._lines.at(line)
        if part == HEADER:
            return [(fit(self._header(place), self._look.width), "paper-list--group")]
        row = self.row_at(place)
        here = place == self.cursor
        suffix = "" if not here else "-focused" if focused else "-cursor"
        if row is None:
            return [("   (merged into another paper)" if not part else "", f"paper-list--meta{suffix}")]
        chosen = row.row in self._selection.rows or place in self._selection.range(self.cursor)
        return self._look.parts(self._rows.shown(row), part, whole=here, chosen=chosen, suffix=suffix)

    def _place(self, row: int | None) -> int:
        """Where in the list a paper is; -1 where it is not."""
        try:
            return self.ids.index(row) if row is not None else -1
        except ValueError:
            return -1

    def _header(self, place: int) -> str:
        """What stands above the group that begins at a place."""
        groups = self.listing.groups
        group = self._lines.group(place)
        end = groups.end(group)
        if end == groups.known and not self.listing.settled:
            return header(groups.titles[group], None, None)
        if end - place > MOST_COUNTED:
            return header(groups.titles[group], end - place, None)
        if group not in self._unread_in:
            self._unread_in[group] = len(self._unread(self.ids[place:end]))
        return header(groups.titles[group], end - place, self._unread_in[group])

    @property
    def _extra(self) -> int:
        """How many lines more than the others the paper under the cursor takes, for its whole title."""
        if not self.ids:
            return 0
        known = (self.ids[self.cursor], self._look.width, self._look.height)
        if known != self._measured[0]:
            row = self.row_at(self.cursor)
            lines = self._look.title_lines(self._rows.shown(row)) if row else [""]
            self._measured = (known, min(len(lines), MOST_TITLE_LINES) - 1)
        return self._measured[1]
