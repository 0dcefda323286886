"""What the next keys will show, read from a slow disk before they are pressed."""

from __future__ import annotations

import asyncio
import contextlib
from array import array

from textual.worker import WorkType

from papers_tui.domain.errors import PapersError
from papers_tui.store.finder import Finder
from papers_tui.ui.panes.paper_list import Listing
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.screens.grouping import GroupingScreen

_SETTLED_SECONDS = 0.05
_ROWS, _TEXTS = 256, 8
"""Papers on either side of the cursor whose row, and whose whole text, is read."""


class AheadScreen(GroupingScreen):
    """Reads papers around the cursor in a thread, once the keys rest, and keeps nothing of them.

    What was read is in the system's memory then, so that a key does not wait for the disk.
    """

    _ahead: Finder | None = None
    _looked_at: tuple[Listing, int] | None = None
    """The list, and the place in it, about which rows were read."""

    def on_paper_list_cursor_moved(self, event: PaperList.CursorMoved) -> None:  # noqa: ARG002 Textual calls the base's, too
        self._soon("ahead", _SETTLED_SECONDS, self._look_ahead)

    def _look_ahead(self) -> None:
        work: WorkType[None] = self._read_ahead  # no coroutine: it may be superseded before it begins
        self.run_worker(work, group="ahead", exclusive=True)

    async def _read_ahead(self) -> None:
        listing, cursor = self.papers.listing, self.papers.cursor
        rows, known = _ROWS, self._looked_at
        if known and known[0] is listing and abs(known[1] - cursor) < _ROWS // 2:
            rows = 0
        self._ahead = self._ahead or self._library.finder()
        self._ahead.give_up()
        with contextlib.suppress(PapersError):  # whoever needs what can't be read says so
            await asyncio.to_thread(
                self._ahead.touch, _about(listing, cursor, rows), _about(listing, cursor, _TEXTS)
            )
            if rows:
                self._looked_at = (listing, cursor)

    def finish(self) -> None:
        """Lets go of what a screen that is left holds open."""
        self._let_go()

    def on_unmount(self) -> None:
        self._let_go()

    def _let_go(self) -> None:
        if self._ahead:
            self._ahead.close()
            self._ahead = None


def _about(listing: Listing, place: int, many: int) -> array[int]:
    """So many papers of a list on either side of a place."""
    return listing.ids[max(0, place - many) : place + many]
