"""The caches of former versions that lie beside the one of this version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from papers_tui.late import pattern
from papers_tui.store.schema import VERSION, Store

_OLDEST = 4
_NAME = pattern(r"library-v([0-9]{1,4})\.sqlite3")


def due(store: Store) -> Path | None:
    """The latest of the former caches beside this one, if not all of it has been taken over."""
    version, path = next(iter(caches_before(store.path.parent).items()), (0, store.path))
    if version < _OLDEST:
        return None
    with store.reading() as db:
        return path if position(db, path.name) is not None else None


def caches_before(folder: Path) -> dict[int, Path]:
    """The former caches by version, the latest first."""
    found = {}
    for path in folder.glob("library-v*.sqlite3"):
        name = _NAME.fullmatch(path.name)
        if name and int(name[1]) < VERSION and path.is_file():
            found[int(name[1])] = path
    return dict(sorted(found.items(), reverse=True))


def position(db: sqlite3.Connection, name: str) -> int | None:
    """The last row of a former cache that was taken over; None where all were."""
    known = db.execute("SELECT row FROM inherited WHERE name=?", (name,)).fetchone()
    return known[0] if known else 0
