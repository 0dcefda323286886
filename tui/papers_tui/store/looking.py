"""The cache for whoever only looks: nothing is made, mended, marked or locked, and what is odd is left to others."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from papers_tui.domain.errors import PapersError
from papers_tui.store.offsets import read_offsets
from papers_tui.store.schema import Store, cache_path, is_ours, marked_damaged
from papers_tui.store.standing import imported_names


class LookingStore(Store):
    """A cache file that is open for reading alone."""

    def _told(self, error: sqlite3.DatabaseError) -> PapersError:
        return PapersError(str(self.path), f"it can't be looked into: {error}", "start papers-tui")

    def is_whole(self, *, journal: dict[str, int], imported: set[str]) -> bool:
        """Whether it holds all of the `journal`, files with their sizes, of these imported files, and of the cache of
        a former version."""
        if any(path != self.path for path in self.path.parent.glob("library-v*.sqlite3")):
            from papers_tui.store.former import due

            if due(self):
                return False
        with self.reading() as db:
            read, present = read_offsets(db), imported_names(db)
        return imported <= present and all(read.get(name) == size for name, size in journal.items())


def look_into(folder: Path) -> LookingStore | None:
    """The cache in a folder; None where there is none of this version that can be read as it stands."""
    path = cache_path(folder)
    log, index = (path.with_name(path.name + suffix) for suffix in ("-wal", "-shm"))
    if not path.is_file() or marked_damaged(path) or log.exists() != index.exists():
        return None
    # A file that nobody has open is read as it stands: else SQLite would leave its own log and index beside it.
    address = f"file:{quote(str(path))}?{'mode=ro' if log.exists() else 'immutable=1'}"
    try:
        db = sqlite3.connect(address, uri=True, timeout=0, isolation_level=None)
    except sqlite3.Error:
        return None
    try:
        db.execute("PRAGMA trusted_schema=OFF")
        sound = is_ours(db)
    except sqlite3.Error:
        sound = False
    if not sound:
        db.close()
        return None
    return LookingStore(db, path)
