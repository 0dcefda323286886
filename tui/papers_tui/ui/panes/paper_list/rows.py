"""The rows that are drawn, kept as long as they are likely to be drawn again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from papers_tui.domain.paper import PaperRow
from papers_tui.domain.text import unicode_tex
from papers_tui.domain.watched import Watched
from papers_tui.ui.panes.paper_list.look import Shown

_AROUND = 64
"""Papers on either side that are read along with one: more would take longer than a key may."""
_MOST_KEPT = 4096


class Rows:
    """Rows by their numbers, read some around each other; their titles in Unicode; the watched names among them."""

    def __init__(self, fetch: Callable[[Iterable[int]], Mapping[int, PaperRow]]) -> None:
        """`fetch` gives rows by number, without those that are no more."""
        self._fetch = fetch
        self._rows: dict[int, PaperRow] = {}
        self._titles: dict[int, str] = {}
        self._watched = Watched()
        self._standing_out: dict[int, str] = {}

    def at(self, ids: Sequence[int], place: int) -> PaperRow | None:
        """The row of the paper at a place of a list; None where it is no more."""
        id_ = ids[place]
        if id_ not in self._rows:
            if len(self._rows) > _MOST_KEPT:
                self._rows.clear()
                self._titles.clear()
            around = ids[max(0, place - _AROUND) : place + _AROUND]
            self._rows.update(self._fetch([other for other in around if other not in self._rows]))
        return self._rows.get(id_)

    def shown(self, row: PaperRow) -> Shown:
        """A row as it is drawn."""
        if row.row not in self._titles:
            self._titles[row.row] = unicode_tex(row.title)
        if row.row not in self._standing_out:
            self._standing_out[row.row] = self._watched.among((*row.authors, row.last_author))
        return Shown(row, self._titles[row.row], self._standing_out[row.row])

    def watch(self, watched: Watched) -> None:
        """Lets the names of these authors stand out."""
        self._watched = watched
        self._standing_out.clear()

    def have_upvotes(self, ids: Sequence[int]) -> bool:
        """Whether any of the first papers of a list has some; they are kept, as they are likely to be drawn."""
        first = self._fetch(ids[:_AROUND])
        self._rows.update(first)
        return any(row.upvotes for row in first.values())

    def forget(self, rows: Iterable[int] | None = None) -> None:
        """Reads these rows (or all) again when they are next asked for."""
        if rows is None:
            self._rows.clear()
            self._titles.clear()
            self._standing_out.clear()
        else:
            for row in rows:
                self._rows.pop(row, None)
