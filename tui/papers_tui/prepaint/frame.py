"""The first screen: the view that the last run left, as the library has it now, in the look that the panes have."""

from __future__ import annotations

from datetime import date

from papers_tui.domain.query import Query
from papers_tui.domain.sources import Source
from papers_tui.domain.watched import Watched
from papers_tui.library.reader import Reader
from papers_tui.prepaint.look import Look
from papers_tui.prepaint.pieces import Piece, bar_pieces, pieces_of
from papers_tui.session import Session
from papers_tui.ui.drawing import Part, in_sight
from papers_tui.ui.following import Following
from papers_tui.ui.glyphs import glyphs_for
from papers_tui.ui.hits import hits_of
from papers_tui.ui.opening import first_papers, group_first, in_groups, order_of, row_of, view_of
from papers_tui.ui.panes.bar import bar_parts
from papers_tui.ui.panes.entries import entry_parts
from papers_tui.ui.panes.foot import Foot, failing_chip, place_words
from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.panes.paper_list.sheet import Sheet
from papers_tui.ui.views import (
    INBOX,
    WATCHED,
    Entry,
    View,
    entries,
    groups_of,
    has_papers,
    sorts_of,
    totals,
    why_empty,
)


class Frame:
    """What stands on the first screen. Every method raises PapersError where the cache can't be read, KeyError where
    something is to be drawn that the look knows nothing of."""

    def __init__(self, look: Look, reader: Reader, session: Session, today: date) -> None:
        """`session` is what the last run left, `today` the user's day."""
        self._look = look
        self._reader = reader
        self._glyphs = glyphs_for(look.encoding)
        self._since = session.opened
        self._today = today
        self._watched = Watched(tuple(look.watched))
        counts = reader.counts()
        following = Following(
            tuple(Source(**{**fields, "tags": tuple(fields["tags"])}) for fields in look.sources),
            reader.source_states(),
        )
        saved = [(self._saved_view(key, title, query, session), 0) for key, title, query in look.saved]
        self._entries = entries(counts, following, saved)
        self._following = following
        self.empty = not has_papers(counts)
        self._totals = totals(counts)
        self._sheet = Sheet(reader.rows, self._glyphs, unread=reader.unread, tall=look.tall, today=today)
        self._sheet.stand_out(self._watched)
        self._open(session)

    def begin(self) -> list[Piece]:
        """All but what the detail says."""
        look, panes = self._look, self._look.panes
        found = [*self._list(), *self._sidebar(), *self._foot()]
        if pane := panes.get("detail"):
            found += pieces_of(pane, (), look.encoding)
            found += bar_pieces(pane, bar_parts(pane.height, pane.height, pane.height, 0), look.encoding)
        found += [(x, y, text, style) for x, y, text, style in look.rest]
        return found

    def detail(self) -> list[Piece]:
        """What the detail says, in all its cells."""
        from papers_tui.ui.panes.page import Page

        pane = self._look.panes.get("detail")
        if pane is None:
            return []
        page = Page(pane.width, self._glyphs, hits_of(self._marked), self._watched)
        if self._sheet.ids:
            for holding in self._reader.holdings([self._sheet.ids[self._sheet.cursor]]):
                page.write(holding)
        bar = bar_parts(pane.height, max(len(page.lines), pane.height), pane.height, 0)
        encoding = self._look.encoding
        return [*pieces_of(pane, page.lines, encoding), *bar_pieces(pane, bar, encoding)]

    def _saved_view(self, key: str, title: str, query: str, session: Session) -> View:
        """A view of the user's; its query matters only where it is the one to be opened."""
        if key != session.view:
            return View(key, title, Query(()))
        from papers_tui.domain.query import parse

        return View(key, title, parse(query))

    def _open(self, session: Session) -> None:
        """Lists the papers as the main screen does at its start."""
        view = view_of(self._entries, session.view) if session.view else INBOX
        self._list_view(view, session, row_of(self._reader, session.paper))
        if not self._sheet.ids and self._view is not INBOX:
            self._list_view(INBOX, session, None)

    def _list_view(self, view: View, session: Session, keep: int | None) -> None:
        self._view, self._marked = view, Query(()) if view.key == WATCHED else view.query
        sort = order_of(view, sorts_of(session.sorts))
        ids, more = first_papers(self._reader, view.query, sort=sort, since=self._since)
        by = in_groups(view, sort, groups_of(session.groups))
        listing = Listing(ids, view.query, sort, whole=not more, by=by)
        group_first(self._reader, listing, self._today)
        self._sheet.mark_hits(hits_of(self._marked))
        self._sheet.list_papers(listing, keep=keep, message=())

    def _list(self) -> list[Piece]:
        pane, sheet = self._look.panes["papers"], self._sheet
        if not sheet.ids:
            sheet.list_papers(sheet.listing, keep=None, message=why_empty(self._view, self._following))
        sheet.lay(pane.width)
        many = sheet.all_lines()
        top = in_sight(0, pane.height, *sheet.wanted_lines(pane.height))
        lines = [sheet.parts_of(line, focused=True) for line in range(top, min(many, top + pane.height))]
        bar = bar_parts(pane.height, max(many, pane.height), pane.height, top)
        return [*pieces_of(pane, lines, self._look.encoding), *bar_pieces(pane, bar, self._look.encoding)]

    def _sidebar(self) -> list[Piece]:
        pane = self._look.panes.get("sidebar")
        if pane is None:
            return []
        shown: list[Entry] = list(self._entries[: pane.height])
        lines = [entry_parts(entry, pane.width, self._view.key, focused=False) for entry in shown]
        bar = bar_parts(pane.height, max(len(self._entries), pane.height), pane.height, 0)
        return [*pieces_of(pane, lines, self._look.encoding), *bar_pieces(pane, bar, self._look.encoding)]

    def _foot(self) -> list[Piece]:
        pane, sheet = self._look.panes["status"], self._sheet
        place = place_words(self._view, self._entries, sheet.listing, sheet.cursor, self._totals)
        chip = failing_chip(len(self._following.failing), self._look.failures)
        keys = tuple((text, command) for text, command in self._look.keys)
        foot = Foot(place, chips=(chip,) if chip else (), keys=keys)
        lines: list[list[Part]] = [
            [(text, f"status--{style}") for text, style, _ in line] for line in foot.lines(pane.width)
        ]
        return pieces_of(pane, lines, self._look.encoding)
