"""Lists on the screen: what they are sorted and grouped by, and what waits until so much of them is there."""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from textual.worker import WorkType

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import Query
from papers_tui.late import dataclass
from papers_tui.ui.loading import Loader
from papers_tui.ui.opening import in_groups, order_of
from papers_tui.ui.panes.paper_list import Listing
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.views import View

if TYPE_CHECKING:
    from papers_tui.ui.screens.painting import PaintingScreen as Part
else:
    Part = object
"""The screen that the main screen's parts are of. For Python they are plain classes, which only `MainScreen` makes one:
a class of Textual's takes as long to make as a module to load."""

T = TypeVar("T")

_COMING = "the rest of the list is coming …"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody was: in which view and list, on which row, and which line of the list was the first in sight.

    `selected` are the rows that were.
    """

    view: View
    listing: Listing
    row: int | None
    line: int
    selected: tuple[int, ...] = ()


class ListingScreen(Part):
    """A list opens with its first papers; the rest comes below them, and nothing in sight moves for that.

    What needs more of the list than is there waits for it; the next command takes its place.
    """

    papers: PaperList
    _loader: Loader
    _sorts: dict[str, str]
    _grouped: dict[str, bool]
    _wish: Callable[[], bool] | None = None
    _joining = False
    """Whether the abstracts are still to join in, by which this list is as good as another one soon."""

    def say(self, text: str, *, whole: bool = True) -> None:
        """Words that stay until the next key."""
        raise NotImplementedError

    @contextlib.contextmanager
    def telling(self) -> Iterator[None]:
        """What the user can mend is told in the status line."""
        try:
            yield
        except PapersError as error:
            self.say(str(error))

    def _looked_up(self, look: Callable[[], T], otherwise: T) -> T:
        """What is needed to draw; `otherwise` where the cache can't be read, which is told: what draws may not fail."""
        try:
            return look()
        except PapersError as error:
            self.say(str(error))
            return otherwise

    def _show_place(self) -> None:
        """Shows where in which list the cursor is."""
        raise NotImplementedError

    def _sort_of(self, view: View) -> str:
        """What a view is sorted by."""
        return order_of(view, self._sorts)

    def _list_of(self, view: View, query: Query, newest: int, *, near: int = 0) -> Listing:
        """The papers that a query holds for, as a view would list them: the first ones, with their groups.

        None is above the row `newest`; those about the place `near` are wanted first, too. Raises PapersError.
        """
        ids, more = self._loader.first(query, sort=self._sort_of(view), near=near)
        return self._listing(view, query, newest, ids, more=more)

    def _listing(
        self, view: View, query: Query, newest: int, ids: array[int], *, more: bool, headings: bool = False
    ) -> Listing:
        """These rows as a list, in groups where the view is."""
        sort = query.sort or self._sort_of(view)
        by = in_groups(view, sort, self._grouped)
        return Listing(ids, query, sort, newest, not more, headings, by=by)

    def _show(
        self, listing: Listing, *, keep: int | None = None, line: int = 0, message: Iterable[str] = ()
    ) -> None:
        """Shows a list as far as it is there, from a line on, with the cursor on the row `keep` as soon as that is.

        `message`: for an empty list.
        """
        self._wish, self._joining = None, False
        self._loader.give_up()
        self._loader.group(listing)
        self.papers.open(listing, keep=keep, line=line, message=message)
        if keep is not None and self.papers.current != keep and not listing.whole:
            self._when(lambda: self.papers.move_to_row(keep, opened=True), "")
        self._complete()

    def _complete(self) -> None:
        """Finds what the list lacks, beside the keys, once what there is of it was drawn."""
        listing = self.papers.listing
        if not listing.settled:
            self.call_after_refresh(self._complete_now, listing)

    def _complete_now(self, listing: Listing) -> None:
        async def rest() -> None:
            with self.telling():
                await self._loader.complete(listing)

        if listing is self.papers.listing:
            # No coroutine: one that is superseded before it began would never be awaited.
            work: WorkType[None] = rest
            self.run_worker(work, group="list", exclusive=True)

    def _grown(self, listing: Listing) -> None:
        """There is more of a list."""
        if listing is not self.papers.listing:
            return
        self.papers.grow()
        self._show_place()
        self._try(self._wish)

    def _try(self, wish: Callable[[], bool] | None) -> None:
        """Does what waited, or lets it wait on."""
        self._wish = None
        if wish:
            with self.telling():
                self._when(wish, "")

    def _when(self, attempt: Callable[[], bool], words: str = _COMING) -> None:
        """Does something now, or, while it can't be done, as soon as enough of the list is there.

        `attempt` gives whether it was done; `words` are said where that may be later.
        """
        if not attempt() and (self._joining or not self.papers.listing.settled):
            self._wish = attempt
            if words:
                self.say(words)

    def _when_whole(self, do: Callable[[], None]) -> None:
        """Does something to the whole list."""

        def attempt() -> bool:
            whole = self.papers.listing.whole and not self._joining
            if whole:
                do()
            return whole

        self._when(attempt)

    def on_click(self) -> None:
        self._wish = None
