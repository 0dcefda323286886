"""Narrowing the list down while one types."""

from __future__ import annotations

import asyncio

from textual.worker import WorkType

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.query import Query, asks_for_words, is_begun, parse
from papers_tui.domain.query.completion import complete
from papers_tui.late import dataclass
from papers_tui.store.finder import Finder
from papers_tui.ui import opening
from papers_tui.ui.panes.filter_line import FilterLine
from papers_tui.ui.panes.paper_list import Listing, counted
from papers_tui.ui.screens.ahead import AheadScreen
from papers_tui.ui.screens.listing import Place
from papers_tui.ui.typing import Completer, remembered
from papers_tui.ui.views import ALL, FILTER, View

_MOMENT_SECONDS = 0.005
"""So long the abstracts are waited for before what titles and authors hold is listed without them."""
_MANY = 300_000
"""Papers whose abstracts always take longer than that."""


@dataclass(slots=True)
class _Filtering:
    """A filter that is being typed: the list as it was before it, and what it shows by now.

    `listed` are the words whose papers are shown, and whether they were looked for in everything.
    """

    former: Place
    everything: bool = False
    text: str = ""
    listed: tuple[str, bool] = ("", False)
    shown: View | None = None

    @property
    def asked(self) -> tuple[str, bool]:
        return self.text, self.everything

    @property
    def narrows(self) -> bool:
        """Whether it asks for anything but the list as it was before."""
        return self.everything or bool(self.text.strip())


class FilteringScreen(AheadScreen):
    """`/` narrows the view down, a second `/` everything; Enter keeps what is left, Esc brings back what was."""

    _filtering: _Filtering | None = None
    _filters: tuple[str, ...] = ()
    _finder: Finder | None = None
    _glancing: Finder | None = None
    """What looks into all but the abstracts, while these are looked into."""
    _completes: Completer | None = None

    @property
    def _completer(self) -> Completer:
        self._completes = self._completes or Completer(
            lambda text, cursor: complete(text, cursor, self._names())
        )
        return self._completes

    def _names(self) -> dict[str, list[str]]:
        """The names that a query can ask for, by field."""
        return {
            kind: [label.name for label in several] for kind, several in self._library.counts().labels.items()
        }

    def _do_filter(self) -> None:
        if self._filtering is None:
            self._searching()
            self._filtering = _Filtering(self._here())
            self._status.display = False  # the line takes its place
            self._line.begin(self.view.title, self._filters)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        if self._filtering:
            self._filtering.text = event.text
            self._look_for()

    def on_filter_line_widened(self) -> None:
        if self._filtering:
            self._filtering.everything = not self._filtering.everything
            self._line.show_scope(self._scope().title)
            self._look_for()

    def on_filter_line_completion_wanted(self) -> None:
        """Completes the word at the cursor; asked again at once, by the next candidate."""
        if put := self._completer.next(*self._line.typed):
            self._line.put(*put)
        else:
            self._line.tell("nothing completes this")

    def on_filter_line_moved(self, event: FilterLine.Moved) -> None:
        self.papers.move_to(self.papers.cursor + event.step)

    def on_filter_line_dropped(self) -> None:
        if filtering := self._end():
            self._return_to(filtering.former)

    def on_filter_line_kept(self) -> None:
        filtering = self._filtering
        if not filtering:
            return
        if not filtering.narrows:
            self.on_filter_line_dropped()
            return
        if filtering.asked != filtering.listed:  # the next key is not to wait for what is still looked for
            self._give_up()
            try:
                words, query = self._asked(filtering.text)
                self._list(filtering, words, self._list_of(self._scope(), query, self._library.newest()))
            except PapersError as error:
                self._explain(error)
                return
        assert filtering.shown
        self._end()
        self._complete()
        if text := filtering.text.strip():
            self._filters = remembered(self._filters, text)
        self._former.append(filtering.former)
        self.view = filtering.shown
        self._count()
        self._join_abstracts()
        self._say_found()

    def _say_found(self) -> None:
        many = len(self.papers.ids)
        whole = self.papers.listing.whole and not self._joining
        self.say(f"{counted(many, 'paper') if whole else f'{many:,}+ papers'} · Esc goes back")

    def _return_to(self, place: Place) -> None:
        super()._return_to(place)
        self._join_abstracts()  # that may have been called off when the place was left

    def read_query(self, text: str) -> Query:
        """What somebody is typing, as a query. Raises QueryError where it can't be read."""
        return parse(text, typing=True)

    def _scope(self) -> View:
        assert self._filtering
        return ALL if self._filtering.everything else self._filtering.former.view

    def _end(self) -> _Filtering | None:
        filtering, self._filtering = self._filtering, None
        if filtering:
            self._give_up()
            self._line.end()
            self._status.display = True
            self.set_focus(self.papers)
        return filtering

    def _searching(self) -> Finder:
        """What looks papers up beside the keys."""
        self._finder = self._finder or self._library.finder()
        return self._finder

    def _let_go(self) -> None:
        super()._let_go()
        self._loader.close()
        for finder in (self._finder, self._glancing):
            if finder:
                finder.close()
        self._finder = self._glancing = None

    def _give_up(self) -> None:
        for finder in (self._finder, self._glancing):
            if finder:
                finder.give_up()

    def _look_for(self) -> None:
        self._give_up()
        work: WorkType[None] = self._found  # no coroutine: it may be superseded before it begins
        self.run_worker(work, group="filter", exclusive=True)

    async def _found(self) -> None:
        """Lists what the words find, as soon as it is found; where they can't be read the last list stays."""
        filtering, finder = self._filtering, self._finder
        if filtering is None or finder is None:
            return
        if not filtering.narrows:
            self._narrow_no_longer(filtering)
            return
        try:
            words, query = self._asked(filtering.text)
        except PapersError as error:
            self._explain(error)
            return
        self._loader.give_up()  # the list on the screen is as good as gone
        scope, begun = self._scope(), is_begun(words)
        try:
            if begun:
                found = await self._as_found(finder, scope, query, headings=True)
            else:
                found = await self._look_whole(filtering, finder, scope, words, query)
            if found and self._filtering is filtering:
                self._list(filtering, words, found)
        except PapersError as error:
            self._explain(error)
            self._complete()

    async def _look_whole(
        self, filtering: _Filtering, finder: Finder, scope: View, words: Query, query: Query
    ) -> Listing | None:
        """Looks in the abstracts, too. Where that takes a moment, what all else holds is listed meanwhile."""
        whole = asyncio.ensure_future(self._as_found(finder, scope, query))
        try:
            if self._library.newest() < _MANY:
                await asyncio.wait({whole}, timeout=_MOMENT_SECONDS)
            if not whole.done() and asks_for_words(words):
                self._glancing = self._glancing or self._library.finder()
                found = await self._as_found(self._glancing, scope, query, headings=True)
                if found and not whole.done() and self._filtering is filtering:
                    self._list(filtering, words, found)
            return await whole
        finally:
            whole.cancel()

    def _narrow_no_longer(self, filtering: _Filtering) -> None:
        """Shows what was there before it: what is read by now still stands in that."""
        self._return_to(filtering.former)
        filtering.listed, filtering.shown = filtering.asked, None
        self._line.tell("")

    async def _as_found(
        self, finder: Finder, scope: View, query: Query, *, headings: bool = False
    ) -> Listing | None:
        """What a query finds, as a list of `scope`; with `headings` in all but the abstracts, which takes no time."""
        newest, sort = self._library.newest(), self._sort_of(scope)
        found = await asyncio.to_thread(
            finder.first, query, sort=sort, since=self._since, many=opening.FIRST, headings=headings
        )
        if found is None:
            return None
        ids, more = found
        return self._listing(scope, query, newest, ids, more=more, headings=headings)

    def _join_abstracts(self) -> None:
        """Looks into the abstracts, too, for the words of the list on show, where only headings were looked into."""
        self._joining = self.papers.listing.headings
        if self._joining:
            work: WorkType[None] = self._in_full
            self.run_worker(work, group="abstracts", exclusive=True)

    async def _in_full(self) -> None:
        listing, finder, found = self.papers.listing, self._searching(), None
        told = self._status.said
        with self.telling():
            found = await asyncio.to_thread(
                finder.first, listing.query, sort=listing.sort, since=self._since, many=opening.FIRST
            )
        if self.papers.listing is not listing:
            return
        wish, self._joining = self._wish, False
        with self.telling():
            if found is not None:
                ids, more = found
                full = self._listing(self.view, listing.query, listing.newest, ids, more=more)
                selected = self.papers.selected
                self._show(full, keep=self.papers.current)
                self.papers.select(selected)
                if told and self._status.said == told:
                    self._say_found()
        self._try(wish)

    def _asked(self, text: str) -> tuple[Query, Query]:
        """What the words ask for, and the same within the scope. Raises QueryError where they can't be read."""
        words, scope = self.read_query(text), self._scope().query
        return words, Query((*scope.terms, *words.terms), words.sort or scope.sort)

    def _list(self, filtering: _Filtering, words: Query, listing: Listing) -> None:
        self._mark_hits(words)
        keep = next((row for row in (self.papers.current, filtering.former.row) if row in listing.ids), None)
        scope, text = self._scope(), filtering.text.strip()
        self._show(listing, keep=keep, message=() if listing.ids else ("", "Nothing found."))
        filtering.listed = filtering.asked
        filtering.shown = (
            View(f"{FILTER}{scope.key}/{text}", f"{scope.title} / {text}", listing.query, scope.key)
            if text
            else scope
        )
        self._tell_size(filtering)

    def _tell_size(self, filtering: _Filtering) -> None:
        former = filtering.former.listing
        of = f" of {former.size}" if former.whole and not filtering.everything else ""
        listing = self.papers.listing
        self._line.tell(f"{listing.size}{of}{' in titles and authors' if listing.headings else ''}")

    def _grown(self, listing: Listing) -> None:
        super()._grown(listing)
        if self._filtering and self._filtering.shown and listing is self.papers.listing:
            self._tell_size(self._filtering)

    def _explain(self, error: PapersError) -> None:
        where = f"column {error.column}: " if isinstance(error, QueryError) else ""
        hint = f" ({error.hint})" if error.hint else ""
        self._line.tell(f"{where}{error.message}{hint}")
