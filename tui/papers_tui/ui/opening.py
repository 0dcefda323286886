"""How a view opens: which one, sorted and grouped by what, and which of its papers come first."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from datetime import date

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import Query
from papers_tui.late import TYPE_CHECKING
from papers_tui.store.views import GROUPED
from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.views import INBOX, Entry, View

if TYPE_CHECKING:
    from papers_tui.library.reader import Reader

FIRST = 256
"""Papers of a list that are found while the key waits."""
_NEAR = 10_000
"""Papers that may be found while the key waits, where the cursor is to be among them: 7 ms."""
_GROUPED_AT_ONCE = 1_000
"""Papers whose groups are found while the key waits: 1 ms."""


def view_of(entries: Iterable[Entry], key: str) -> View:
    """The view of a key among those of the sidebar; the inbox where there is none."""
    return next((entry.view for entry in entries if entry.view and entry.view.key == key), INBOX)


def row_of(reader: Reader, paper_id: str) -> int | None:
    """The row of a paper; None where it is no more, or none is named."""
    try:
        return reader.resolve(paper_id) if paper_id else None
    except PapersError:
        return None


def order_of(view: View, sorts: Mapping[str, str]) -> str:
    """What a view is sorted by; `sorts` are the orders that views were given, by key."""
    return view.query.sort or sorts.get(view.key) or sorts.get(view.within) or "date"


def first_papers(
    reader: Reader, query: Query, *, sort: str, since: str, near: int = 0
) -> tuple[array[int], bool]:
    """The first papers of a list, those about the place `near` too unless it is far down; whether there are more.

    `since` is what `is:new` compares with. Raises PapersError.
    """
    return reader.first(query, sort=sort, since=since, many=FIRST + (near if near <= _NEAR else 0))


def in_groups(view: View, sort: str, grouped: Mapping[str, bool]) -> str:
    """What the papers of a view that is sorted so are grouped by, or ""; `grouped` says which views are, by key."""
    return sort if grouped.get(view.key, grouped.get(view.within, False)) and sort in GROUPED else ""


def group_first(reader: Reader, listing: Listing, today: date) -> None:
    """Finds the first groups of a list that has none yet. Raises PapersError where the cache can't be read."""
    if listing.by and not listing.groups.known:
        piece = listing.ids[:_GROUPED_AT_ONCE]
        listing.groups = listing.groups.extended(
            reader.heads(piece, listing.by), len(piece), listing.by, today
        )
