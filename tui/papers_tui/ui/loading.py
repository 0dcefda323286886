"""Listing papers without letting a key wait for all of them: the first ones at once, the rest beside the keys."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable
from datetime import date

from papers_tui.domain.query import Query
from papers_tui.library import Library
from papers_tui.store.finder import Finder
from papers_tui.ui.opening import first_papers, group_first
from papers_tui.ui.panes.paper_list import Listing
from papers_tui.ui.panes.paper_list.groups import Groups

_PIECE = 5_000
"""Papers whose groups are found at a time."""


class Loader:
    """Completes one list at a time: the one that was asked for last."""

    def __init__(
        self, library: Library, *, since: str, today: date, grown: Callable[[Listing], None]
    ) -> None:
        """`since` is what `is:new` compares with, `today` the user's day; `grown` is told of a list that there is
        more of."""
        self._library = library
        self._since = since
        self._today = today
        self._grown = grown
        self._finder: Finder | None = None
        self._turn = object()

    def first(self, query: Query, *, sort: str, near: int = 0) -> tuple[array[int], bool]:
        """The first papers of a list, those about the place `near` too unless it is far down; whether there are more.

        Raises PapersError.
        """
        return first_papers(self._library, query, sort=sort, since=self._since, near=near)

    def group(self, listing: Listing) -> None:
        """Finds the first groups of a list that has none yet. Raises PapersError where the cache can't be read."""
        group_first(self._library, listing, self._today)

    async def complete(self, listing: Listing) -> None:
        """Finds the rest of a list and of its groups. Raises PapersError where the cache can't be read."""
        turn = self._turn = object()
        finder = self._finder = self._finder or self._library.finder()
        if not listing.whole:
            await self._fill(finder, listing, turn)
        while turn is self._turn and not listing.settled:
            known = listing.groups.known
            piece = listing.ids[known : known + _PIECE]
            groups = await asyncio.to_thread(self._next_groups, finder, listing.groups, piece, listing.by)
            if groups is None or turn is not self._turn:
                return
            listing.groups = groups
            self._grown(listing)

    def give_up(self) -> None:
        """Leaves the list that is being completed as it is by now; it can be gone on with later."""
        self._turn = object()
        if self._finder:
            self._finder.give_up()

    def close(self) -> None:
        """Lets go of the cache."""
        self._turn = object()
        if self._finder:
            self._finder.close()
            self._finder = None

    def _next_groups(self, finder: Finder, groups: Groups, piece: array[int], by: str) -> Groups | None:
        """The groups with those of the next papers; None where that was given up."""
        heads = finder.heads(piece, by)
        if heads is None:
            return None
        placed = ((groups.known + place, value) for place, value in heads)
        return groups.extended(placed, len(piece), by, self._today)

    async def _fill(self, finder: Finder, listing: Listing, turn: object) -> None:
        """Brings the rest of the rows from a thread, each time as many as are there by then: it is seldom told."""
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[array[int] | None] = asyncio.Queue()
        known = listing.ids[:]

        def drain() -> None:
            there, found = len(known), array("q")
            for piece in finder.rest(
                listing.query, sort=listing.sort, since=self._since, after=known, headings=listing.headings
            ):
                if turn is not self._turn:
                    return
                found += _up_to(listing.newest, piece)
                if len(found) >= there:
                    loop.call_soon_threadsafe(pieces.put_nowait, found)
                    there, found = there + len(found), array("q")
            if found:
                loop.call_soon_threadsafe(pieces.put_nowait, found)

        draining = asyncio.ensure_future(asyncio.to_thread(drain))
        draining.add_done_callback(lambda _: pieces.put_nowait(None))
        try:
            while (piece := await pieces.get()) is not None:
                if turn is not self._turn:
                    return
                listing.ids.extend(piece)
                self._grown(listing)
            await draining
        finally:
            draining.cancel()
        if turn is self._turn:
            listing.whole = True
            self._grown(listing)


def _up_to(newest: int, rows: array[int]) -> array[int]:
    """Those of the rows that are not above the `newest`."""
    return array("q", [id_ for id_ in rows if id_ <= newest]) if rows and max(rows) > newest else rows
