"""What a paper looks like in the list."""

from __future__ import annotations

from datetime import date

from papers_tui.domain.marks import DISMISSED, LATER, NOTED, READ, STARRED, TAGGED
from papers_tui.domain.paper import PaperRow
from papers_tui.late import dataclass
from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part, fit, right, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import NONE, Hits
from papers_tui.ui.panes.paper_list.words import authors, brief_date, briefly, counted

MARKS = 3
"""Columns before the title: what became of the paper; its star, tags or note; whether it is selected."""

MOST_TITLE_LINES = 8
_LEAST_DATED = 64
"""Cells of a line from which on it has a date, and the name of a watched author."""
_LEAST_SIGNED = 100
"""Cells of a line from which on it says who wrote the paper, in so many:"""
_NAME = 20
_LEAST_BADGED = 40
"""Cells below which a line is for its title alone."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as it is drawn: its row, its `title` in Unicode, and the `watched` author among those named, or ""."""

    row: PaperRow
    title: str
    watched: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """How papers are drawn: in lines of `width` cells, one each, or `tall` in two.

    `upvotes`: there is a column for them. A date of the year of `today` is shown without it.
    """

    glyphs: Glyphs
    today: date
    tall: bool
    width: int = 80
    upvotes: bool = False
    hits: Hits = NONE

    @property
    def height(self) -> int:
        """Lines that a paper takes, but for the rest of a long title."""
        return 2 if self.tall else 1

    def title_lines(self, paper: Shown) -> list[str]:
        """The whole title, over as many lines as it takes."""
        return wrap(paper.title, self._title_width(paper))

    def parts(self, paper: Shown, part: int, *, whole: bool, chosen: bool, suffix: str) -> list[Part]:
        """A line of a paper: the `part` of those it has, from 0 on.

        `whole`: its title is shown to its end; `chosen`: it is selected; `suffix` ends the names of its styles.
        """
        row, width = paper.row, self.width
        by, badges = ("", "") if self.tall else (self._by(paper), self._badges(row))
        title_width = self._title_width(paper)
        meta = f"paper-list--meta{suffix}"
        named = f"paper-list--watched{suffix}" if paper.watched else meta
        titles = self.title_lines(paper)[:MOST_TITLE_LINES] if whole else [paper.title]
        style = f"paper-list--{'read' if row.flags & (READ | DISMISSED) else 'unread'}{suffix}"
        if part < len(titles):
            marks = (
                self._marks(row, suffix, chosen=chosen)
                if part == 0
                else [("   ", f"paper-list--mark{suffix}")]
            )
            title = fit(titles[part], title_width)
            shown = [
                (piece, f"paper-list--hit{suffix}" if hit else style) for piece, hit in self.hits.parts(title)
            ]
            if part:
                return [*marks, *shown, (" " * (width - MARKS - title_width), meta)]
            return [*marks, *shown, *([(by, named)] if by else []), (badges + " ", meta)]
        below = fit("   " + self._meta(paper), width)
        end = MARKS + len(authors(row, paper.watched))
        return [(below[:end], named), (below[end:], meta)]

    def _marks(self, row: PaperRow, suffix: str, *, chosen: bool) -> list[Part]:
        glyphs = self.glyphs
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
        third = glyphs.selected if chosen else " "
        return [
            (state, f"paper-list--mark{suffix}"),
            (second, f"paper-list--star{suffix}"),
            (third, f"paper-list--mark{suffix}"),
        ]

    def _by(self, paper: Shown) -> str:
        """Who wrote it, where the width bears that column; a watched author is named in a narrower list, too."""
        if self.width >= _LEAST_SIGNED:
            return f"  {fit(briefly(paper.row, paper.watched, _NAME), _NAME)}"
        if paper.watched and self.width >= _LEAST_DATED:
            named = briefly(paper.row, paper.watched, _NAME)
            return f"  {fit(named, min(_NAME, cell_len(named)))}"
        return ""

    def _badges(self, row: PaperRow) -> str:
        """The columns at the right end: as many as the width bears, each always as wide."""
        if self.width < _LEAST_BADGED:
            return ""
        upvotes = f"{self.glyphs.upvotes}{row.upvotes}" if row.upvotes else ""
        code = self.glyphs.code if row.code else ""
        badges = f" {right(code, 2)}"
        if self.upvotes:
            badges = f" {right(upvotes, 5)}{badges}"
        if self.width >= _LEAST_DATED:
            badges = f" {right(brief_date(row.published, self.today), 9)}{badges}"
        return badges

    def _meta(self, paper: Shown) -> str:
        row = paper.row
        parts = [
            authors(row, paper.watched),
            brief_date(row.published, self.today),
            f"{self.glyphs.upvotes}{row.upvotes}" if row.upvotes else "",
            counted(row.comments, "comment") if row.comments else "",
            "code" if row.code else "",
        ]
        return " · ".join(part for part in parts if part)

    def _title_width(self, paper: Shown) -> int:
        beside = "" if self.tall else self._by(paper) + self._badges(paper.row)
        return self.width - 4 - cell_len(beside)
