"""What the sources bring: papers, and what is to be remembered of the asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from papers_tui.domain.moments import stamp
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source, SourceState
from papers_tui.domain.tally import NOTHING, Tally
from papers_tui.store import Store
from papers_tui.store.papers import add_papers, papers_of_source, remove_source
from papers_tui.store.sources import forget_state, name_source, save_state
from papers_tui.store.standing import load_states

_CHUNK = 1000
"""Papers of one transaction: another process that marks a paper waits no longer than for these."""


class Intake:
    """The door by which a refresh brings papers into the store. Like the library, for one thread at a time."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def states(self) -> dict[str, SourceState]:
        """What is remembered of each source that was ever asked, by its `ref`."""
        with self._store.reading() as db:
            return load_states(db)

    def keep(self, source: str, papers: Sequence[Paper], *, rank: int) -> Tally:
        """Keeps what a source of this name (empty: none of the user's) says of papers now; see `plan.Reading`."""
        tally = NOTHING
        now = stamp(self._now())
        for start in range(0, len(papers), _CHUNK):
            part = papers[start : start + _CHUNK]
            with self._store.transaction() as db:
                tally += add_papers(db, part, source=source, added=now, rank=rank, read=now)
        return tally

    def remember(self, source: Source, state: SourceState) -> None:
        """Remembers how the asking of a source went."""
        with self._store.transaction() as db:
            save_state(db, source, state)

    def rename(self, sources: Iterable[Source]) -> None:
        """Lets the papers of sources that were asked before go by the sources' present names."""
        with self._store.reading() as db:
            names = dict(db.execute("SELECT s.ref, l.name FROM source s JOIN label l ON l.id = s.label"))
        renamed = [source for source in sources if names.get(source.ref, source.name) != source.name]
        if renamed:
            with self._store.transaction() as db:
                for source in renamed:
                    name_source(db, source)

    def at_stake(self, source: Source) -> tuple[int, int]:
        """How many papers a source lists, and how many of them `forget` would take away."""
        with self._store.reading() as db:
            listed, lone = papers_of_source(db, source.name)
        return len(listed), len(lone)

    def forget(self, source: Source) -> int:
        """Forgets a source with what it alone brought, but for papers that bear a mark; how many are gone."""
        with self._store.transaction() as db:
            forget_state(db, source.ref)
            return remove_source(db, source.name)
