"""Narrowing the list down while one types."""

from __future__ import annotations

import asyncio
from array import array
from dataclasses import dataclass

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.query import Query, parse
from papers_tui.domain.query.completion import complete
from papers_tui.store import Finder
from papers_tui.ui.panes.filter_line import FilterLine
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.moving import MovingScreen
from papers_tui.ui.typing import Completer, remembered
from papers_tui.ui.views import ALL, View


@dataclass(slots=True)
class _Filtering:
    """A filter that is being typed: the list as it was before it, and what it shows by now.

    `listed` are the words whose papers are shown.
    """

    view: View
    ids: array[int]
    row: int | None
    everything: bool = False
    text: str = ""
    listed: str = ""
    shown: View | None = None


class FilteringScreen(MovingScreen):
    """`/` narrows the view down, a second `/` everything; Enter keeps what is left, Esc brings back what was."""

    _filtering: _Filtering | None = None
    _filters: tuple[str, ...] = ()
    _finder: Finder | None = None
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
            self._filtering = _Filtering(self.view, self.papers.ids, self.papers.current)
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
            self.view = filtering.view
            self._mark_hits(self.view.query)
            self.papers.open(filtering.ids, keep=filtering.row)
            self._count()

    def on_filter_line_kept(self) -> None:
        filtering = self._filtering
        if not filtering:
            return
        if filtering.text != filtering.listed:  # the next key is not to wait for what is still looked for
            self._give_up()
            try:
                words, query = self._asked(filtering.text)
                self._list(filtering, words, query, self._library.find(query, since=self._since))
            except PapersError as error:
                self._explain(error)
                return
        self._end()
        if filtering.shown is None:
            self._count()
            return
        text = filtering.text.strip()
        self._filters = remembered(self._filters, text)
        self._former.append((filtering.view, filtering.ids, filtering.row))
        self.view = filtering.shown
        self._count()
        self.say(f"{counted(len(self.papers.ids), 'paper')} · Esc goes back")

    def read_query(self, text: str) -> Query:
        """What somebody is typing, as a query. Raises QueryError where it can't be read."""
        return parse(text, typing=True)

    def _scope(self) -> View:
        assert self._filtering
        return ALL if self._filtering.everything else self._filtering.view

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

    def finish(self) -> None:
        """Lets go of what a screen that is left holds open."""
        if self._finder:
            self._finder.close()
            self._finder = None

    def _give_up(self) -> None:
        if self._finder:
            self._finder.give_up()

    def _look_for(self) -> None:
        self._give_up()
        self.run_worker(self._found(), group="filter", exclusive=True)

    async def _found(self) -> None:
        """Lists what the words find, as soon as it is found; where they can't be read the last list stays."""
        filtering, finder = self._filtering, self._finder
        if filtering is None or finder is None:
            return
        try:
            words, query = self._asked(filtering.text)
            ids = await asyncio.to_thread(finder.find, query, since=self._since)
        except PapersError as error:
            self._explain(error)
            return
        if ids is not None and self._filtering is filtering:
            self._list(filtering, words, query, ids)

    def _asked(self, text: str) -> tuple[Query, Query]:
        """What the words ask for, and the same within the scope. Raises QueryError where they can't be read."""
        words, scope = self.read_query(text), self._scope().query
        return words, Query((*scope.terms, *words.terms), words.sort or scope.sort)

    def _list(self, filtering: _Filtering, words: Query, query: Query, ids: array[int]) -> None:
        self._mark_hits(words)
        keep = self.papers.current if self.papers.current in ids else filtering.row
        self.papers.open(ids, keep=keep, message=() if ids else ("", "Nothing found."))
        filtering.listed = filtering.text
        scope, text = self._scope(), filtering.text.strip()
        filtering.shown = (
            View(f"filter:{scope.key}/{text}", f"{scope.title} / {text}", query) if text else None
        )
        of = "" if filtering.everything else f" of {len(filtering.ids):,}"
        self._line.tell(f"{len(ids):,}{of}")

    def _explain(self, error: PapersError) -> None:
        where = f"column {error.column}: " if isinstance(error, QueryError) else ""
        hint = f" ({error.hint})" if error.hint else ""
        self._line.tell(f"{where}{error.message}{hint}")
