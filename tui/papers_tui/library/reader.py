"""Looking up papers with their state, what the journal holds and the store does not show yet included."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import as_key
from papers_tui.domain.marks import Change, State
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.query import Query
from papers_tui.domain.rules import Ruled
from papers_tui.domain.sources import SourceState
from papers_tui.domain.topics import folded
from papers_tui.late import TYPE_CHECKING
from papers_tui.library.overlay import Overlay
from papers_tui.store import Store, finding, views
from papers_tui.store.finding import Search
from papers_tui.store.standing import load_states
from papers_tui.store.state import load_ruled, version_read
from papers_tui.store.views import Counted, Counts

if TYPE_CHECKING:
    from papers_tui.library.values import Holding
    from papers_tui.store.finder import Finder

_CHUNK, _TOGETHER = 500, 5_000
"""Papers that are read at a time, and of which no more is asked than where they are."""


class Reader:
    """What a library can be asked. Not for use from two threads at once."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._overlay = Overlay()

    def find(self, query: Query, *, sort: str = "date", since: str = "") -> array[int]:
        """The rows of the papers that a query holds for, in the order it asks for, else that of `sort`.

        `sort` is one of `query.ORDERS`; `since` is a UTC time that `is:new` compares with. Relative dates
        count from today's UTC day, as `published` does. Raises QueryError where the query is too long.
        """
        with self._store.reading() as db:
            return finding.find(db, Search(query, self._today(), sort, since))

    def first(
        self, query: Query, *, sort: str = "date", since: str = "", many: int = 256
    ) -> tuple[array[int], bool]:
        """The first rows that `find` gives, at once, and whether there are more: those are for `Finder.rest`."""
        with self._store.reading() as db:
            return finding.first(db, Search(query, self._today(), sort, since), many)

    def finder(self) -> Finder:
        """Finds papers on the side, from another thread if need be; whoever asks for it closes it."""
        from papers_tui.store.finder import Finder

        return Finder(self._store.path, self._today)

    def newest(self) -> int:
        """The highest row number there ever was; papers that come later have higher ones."""
        with self._store.reading() as db:
            return views.newest(db)

    def count_newer(self, query: Query, row: int, *, since: str = "") -> int:
        """How many papers that a query holds for came after a row; `since` as for `find`."""
        with self._store.reading() as db:
            return finding.count(db, Search(query, self._today(), since=since), above=row)

    def breakdown(self, query: Query, kind: str, *, since: str = "") -> tuple[tuple[str, int], ...]:
        """The labels of a kind on the papers that a query holds for, each with how many carry it, most first."""
        with self._store.reading() as db:
            return views.breakdown(db, Search(query, self._today(), since=since), kind)

    def rows(self, ids: Iterable[int]) -> dict[int, PaperRow]:
        """List rows by their number; numbers of papers that are no more are left out."""
        with self._store.reading() as db:
            found = views.rows(db, ids)
        return {id_: self._overlay.row(row) for id_, row in found.items()} if self._overlay else found

    def flags(self, ids: Iterable[int]) -> dict[int, int]:
        """The flags of papers by their rows; numbers of papers that are no more are left out."""
        with self._store.reading() as db:
            found = views.flags(db, ids)
        if self._overlay:
            return {id_: self._overlay.flags(id_, flags) for id_, flags in found.items()}
        return found

    def heads(self, ids: Sequence[int], by: str) -> list[tuple[int, str | int | None]]:
        """Where in a list of rows that is sorted by `by`, a name in `views.GROUPED`, another group may begin.

        The places, each with the value that the papers from there on have; a group can take in several.
        """
        with self._store.reading() as db:
            return views.heads(db, ids, by)

    def unread(self, ids: Sequence[int], *, dismissed: bool = False) -> set[int]:
        """Those of the rows that are neither read nor dismissed, or, with `dismissed`, that are not read."""
        flags = marks.READ if dismissed else marks.READ | marks.DISMISSED
        with self._store.reading() as db:
            found = views.without(db, ids, flags)
        overlaid = self._overlay.rows & set(ids) if self._overlay else set()
        rows = self.rows(overlaid).values() if overlaid else ()
        return (found - overlaid) | {row.row for row in rows if not row.flags & flags}

    def survivors(self, ids: Iterable[int]) -> dict[int, int]:
        """Which rows were merged into another one, and into which."""
        with self._store.reading() as db:
            return views.survivors(db, ids)

    def holdings(self, ids: Sequence[int]) -> Iterator[Holding]:
        """All that is held of these papers, in this order."""
        for start in range(0, len(ids), _CHUNK):
            part = ids[start : start + _CHUNK]
            with self._store.reading() as db:
                keys = views.keys(db, part)
                states = self._states(keys)
                found = views.holdings(db, part)
                if any(row not in keys for row, *_ in found):
                    raise self._store.damaged("a paper in it has no key")
                held = [self._held(one, keys[one[0]], *states[one[0]]) for one in found]
            yield from held

    def holding(self, row: int) -> Holding:
        """All that is held of one paper. Raises KeyError where there is none."""
        for found in self.holdings([row]):
            return found
        raise KeyError(row)

    def counts(self) -> Counts:
        with self._store.reading() as db:
            return views.counts(db)

    def source_states(self) -> dict[str, SourceState]:
        """What is remembered of each source that was ever asked, by its `ref`."""
        with self._store.reading() as db:
            return load_states(db)

    def tag(self, name: str) -> Counted:
        """The tag of this name, however it is spelt. Raises PapersError, with the nearest, where there is none."""
        tags = self._tags()
        known = next((tag for tag in tags if folded(tag.name) == folded(marks.tag_name(name))), None)
        if known:
            return known
        from difflib import get_close_matches

        near = get_close_matches(name, [tag.name for tag in tags], n=1)
        raise PapersError(
            "tag",
            f"no paper carries {name!r}",
            f"perhaps {near[0]} is meant" if near else "`t` in the app gives tags",
        )

    def resolve(self, text: str) -> int:
        """The row of the paper that an id, an address or the beginning of a key names.

        Raises PapersError where there is none, or more than one.
        """
        key = as_key(text)
        candidates = (key, f"arxiv:{key}", f"doi:{key.lower()}", f"url:{key}", f"text:{key}") if key else ()
        with self._store.reading() as db:
            found = dict(match for candidate in candidates for match in views.by_key(db, candidate))
        if len(found) == 1:
            return next(iter(found))
        if not found:
            raise PapersError(text, "no paper has this id", "`papers-tui list --format ids` shows them all")
        names = ", ".join(list(found.values())[:4])
        raise PapersError(text, f"several papers have an id that begins so: {names}", "give more of the id")

    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _tags(self) -> tuple[Counted, ...]:
        return self.counts().labels["tag"]

    def _held(
        self, found: views.Held, keys: tuple[str, ...], state: State, ruled: tuple[Ruled, ...]
    ) -> Holding:
        from papers_tui.library.values import Holding  # a list needs none

        row, paper, added, sources = found
        read = version_read(self._store.db, row, keys) if state.read and paper.version else None
        return Holding(row, paper, state, sources, added, read, ruled)

    def _states(self, keys: Mapping[int, tuple[str, ...]]) -> dict[int, tuple[State, tuple[Ruled, ...]]]:
        """The states of rows' papers, which are given with their keys, and what of each is the doing of rules."""
        with self._store.reading() as db:
            found = load_ruled(db, keys)
        return self._overlay.states(found)

    def _keys(self, rows: Iterable[int]) -> dict[int, tuple[str, ...]]:
        with self._store.reading() as db:
            return views.keys(db, rows)

    def _rows_of(self, changes: Iterable[Change]) -> tuple[int, ...]:
        rows: dict[int, None] = {}
        keys = (paper[0] for change in changes for paper in change.papers)
        while part := list(islice(keys, _TOGETHER)):
            with self._store.reading() as db:
                found = views.rows_of_keys(db, part)
            rows.update((found[key], None) for key in part if key in found)
        return tuple(rows)
