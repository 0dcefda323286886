"""What the journal says, brought into the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from papers_tui.domain.marks import Entry
from papers_tui.journal import Tail
from papers_tui.store import Store
from papers_tui.store.bulk import is_bulk, project_bulk
from papers_tui.store.offsets import set_offset
from papers_tui.store.projection import project as project_entries

_CHUNK = 500
"""Journal entries of one transaction: another process that marks a paper waits no longer than for these."""


def project(store: Store, tails: Sequence[Tail], *, added: str) -> Iterator[set[int]]:
    """Applies what files of the journal say behind what was read of them: after each step the rows that it touched.

    `added` is when papers that a mark carried came in. Raises StoreBusy where another process writes for too long;
    what is left is as due the next time.
    """
    for tail in tails:
        parts = _parts(tail.entries)
        for number, part in enumerate(parts, 1):
            clock = max((entry.clock for entry in part), default=(0, 0))
            bulk = any(map(is_bulk, part))
            for entry in part if bulk else ():
                yield from project_bulk(store, entry, added=added)
            with store.transaction() as db:
                touched = set() if bulk else project_entries(db, part, added=added)
                set_offset(db, tail.file, tail.end if number == len(parts) else tail.start, clock)
            yield touched


def _parts(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries, in their order, as they are applied together: one about very many papers by itself."""
    parts: list[list[Entry]] = [[]]
    for entry in entries:
        if parts[-1] and (len(parts[-1]) == _CHUNK or is_bulk(entry) or is_bulk(parts[-1][-1])):
            parts.append([])
        parts[-1].append(entry)
    return parts
