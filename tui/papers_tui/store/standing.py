"""How the asking of each source went, as it is remembered."""

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
