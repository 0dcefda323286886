"""Looking papers up on the side: by a connection of its own, so that a search can be given up for the next one."""

from __future__ import annotations

import sqlite3
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import Query
from papers_tui.store import finding, views
from papers_tui.store.finding import Search


class Finder:
    """Finds papers, one search at a time, from whatever thread."""

    def __init__(self, path: Path, today: Callable[[], date]) -> None:
        """`path` is that of an open cache file, `today` gives the UTC day that relative dates count from.

        Raises PapersError where the file is no longer there.
        """
        self._today = today
        try:
            self._db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise PapersError(
                str(path), f"it can't be opened: {error}", "start again: it is built anew then"
            ) from error
        self._db.execute("PRAGMA trusted_schema=OFF")
        self._turn = threading.Lock()

    def find(self, query: Query, *, sort: str = "date", since: str = "") -> array[int] | None:
        """As `finding.find`; None where it was given up. Raises QueryError as that does, PapersError on damage."""
        with self._named():
            return finding.find(self._db, Search(query, self._today(), sort, since))
        return None

    def first(
        self, query: Query, *, sort: str = "date", since: str = "", many: int = 256, headings: bool = False
    ) -> tuple[array[int], bool] | None:
        """As `finding.first`; None where it was given up. Raises as `find` does."""
        with self._named():
            return finding.first(self._db, Search(query, self._today(), sort, since, headings), many)
        return None

    def rest(
        self,
        query: Query,
        *,
        sort: str = "date",
        since: str = "",
        after: Iterable[int] = (),
        headings: bool = False,
    ) -> Iterator[array[int]]:
        """What `find` gives without the rows `after` which it comes, in pieces; given up, it ends early.

        No other search can begin before it is at its end, or closed. Raises as `find` does.
        """
        known = set(after)
        missing = len(known)
        with self._named():
            for piece in finding.pieces(self._db, Search(query, self._today(), sort, since, headings)):
                fresh = piece
                if missing and not known.isdisjoint(piece):
                    fresh = array("q", [id_ for id_ in piece if id_ not in known])
                    missing -= len(piece) - len(fresh)
                yield fresh

    def count(self, query: Query, *, since: str = "") -> int | None:
        """How many papers a query holds for; None where it was given up. Raises as `find` does."""
        with self._named():
            return finding.count(self._db, Search(query, self._today(), since=since))
        return None

    def state(self) -> tuple[int, date]:
        """Another value than before, on this finder, where a query may find other papers than before.

        Raises PapersError on damage.
        """
        version = 0
        with self._named():
            (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return version, self._today()

    def heads(self, ids: Sequence[int], by: str) -> list[tuple[int, str | int | None]] | None:
        """As `views.heads`; None where it was given up. Raises PapersError on damage."""
        with self._named():
            return views.heads(self._db, ids, by)
        return None

    def touch(self, rows: Iterable[int], texts: Iterable[int]) -> None:
        """Reads these list rows, and all that is held of the papers of `texts`, for the system to keep in its memory.

        Ends early where it is given up. Raises PapersError on damage.
        """
        with self._named():
            views.touch(self._db, rows, texts)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """One search at a time; one that is given up ends without a word."""
        with self._turn:
            try:
                yield
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                    return
                raise PapersError(
                    "cache", f"it can't be read: {error}", "start again: it is mended then"
                ) from error

    def give_up(self) -> None:
        """Ends a search that is under way."""
        self._db.interrupt()

    def close(self) -> None:
        self.give_up()
        with self._turn:
            self._db.close()
