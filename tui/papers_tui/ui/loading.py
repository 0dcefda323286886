"""Finding out about a list what takes longer than a key may wait: beside the keys, piece by piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date

from papers_tui.library import Library
from papers_tui.store import Finder
from papers_tui.ui.panes.paper_list import Listing

_AT_ONCE = 1_000
"""Papers whose groups are found while the key waits: 1 ms."""
_PIECE = 5_000


class Loader:
    """Completes one list at a time: the one that was asked for last."""

    def __init__(self, library: Library, *, today: date, grown: Callable[[Listing], None]) -> None:
        """`grown` is told of a list that there is more of; `today` is the user's day."""
        self._library = library
        self._today = today
        self._grown = grown
        self._finder: Finder | None = None
        self._turn = object()

    def group(self, listing: Listing) -> None:
        """Finds the first groups of a list at once. Raises PapersError where the cache can't be read."""
        piece = listing.ids[:_AT_ONCE]
        heads = self._library.heads(piece, listing.by)
        listing.groups = listing.groups.extended(heads, len(piece), listing.by, self._today)

    async def complete(self, listing: Listing) -> None:
        """Finds the rest of the groups. Raises PapersError where the cache can't be read."""
        turn = self._turn = object()
        finder = self._finder = self._finder or self._library.finder()
        while not listing.settled:
            by, known = listing.by, listing.groups.known
            piece = listing.ids[known : known + _PIECE]
            heads = await asyncio.to_thread(finder.heads, piece, by)
            if heads is None or turn is not self._turn:
                return
            placed = ((known + place, value) for place, value in heads)
            listing.groups = listing.groups.extended(placed, len(piece), by, self._today)
            self._grown(listing)

    def give_up(self) -> None:
        """Leaves the list that is being completed as it is by now."""
        self._turn = object()
        if self._finder:
            self._finder.give_up()

    def close(self) -> None:
        """Lets go of the cache."""
        self._turn = object()
        if self._finder:
            self._finder.close()
            self._finder = None
