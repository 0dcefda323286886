"""The user's rules, brought to bear on all papers whenever they are other rules, or it is another day for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from papers_tui import rulebook
from papers_tui.domain.rules import Rules, moves
from papers_tui.paths import Paths
from papers_tui.store import Store
from papers_tui.store.ruling import Ruling, apply_rules, load_ruling, out_of_line, save_ruling

_CHUNK = 500
"""Papers of one transaction: another process that marks a paper waits no longer than for these."""


class Rulings:
    """The door by which rules come into the store. Like the library, for one thread at a time."""

    def __init__(self, store: Store, paths: Paths, today: Callable[[], date]) -> None:
        self._store = store
        self._paths = paths
        self._today = today

    def due(self) -> bool:
        """Whether there is something to do for `follow`, or to say."""
        book = rulebook.load(self._paths)
        return bool(book.problems) or (book.known and not self._is_done(book.rules))

    def follow(self) -> tuple[str, ...]:
        """Lets the store go by the rules in the user's files; what is wrong with rules.toml, a sentence each.

        Where a file can't be read at all the rules stay as they are. Raises StoreBusy where another process
        writes for too long, PapersError where the store can't be written; what is left is done the next time.
        """
        book = rulebook.load(self._paths)
        if not book.known:
            return book.problems
        wanted = Ruling(book.rules, self._today())
        if self._is_done(book.rules):
            return book.problems
        with self._store.transaction() as db:
            save_ruling(db, replace(wanted, done=False))
        with self._store.reading() as db:
            rows = out_of_line(db)
        for start in range(0, len(rows), _CHUNK):
            with self._store.transaction() as db:
                apply_rules(db, rows[start : start + _CHUNK])
        with self._store.transaction() as db:
            # Another process may have begun with other rules meanwhile, and has to finish with them.
            if load_ruling(db) == replace(wanted, done=False):
                save_ruling(db, wanted)
        return book.problems

    def _is_done(self, rules: Rules) -> bool:
        with self._store.reading() as db:
            present = load_ruling(db)
        same_day = present.day == self._today() or not any(map(moves, rules))
        return present.done and present.rules == rules and same_day
