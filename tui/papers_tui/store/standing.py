"""What is remembered of where papers came from: how the asking of each source went, and which files were read in."""

from __future__ import annotations

import sqlite3

from papers_tui.domain.sources import SourceState, from_state_record
from papers_tui.store.stored import stored


def load_states(db: sqlite3.Connection) -> dict[str, SourceState]:
    """The states of all sources that were ever asked, by their `ref`."""
    found = {}
    for ref, text in db.execute("SELECT ref, state FROM source"):
        record = stored(text)
        found[ref] = from_state_record(ref, record if isinstance(record, dict) else {})
    return found


def imported_names(db: sqlite3.Connection) -> set[str]:
    """The kept copies of imported files whose papers are here."""
    return {name for (name,) in db.execute("SELECT name FROM imported")}
