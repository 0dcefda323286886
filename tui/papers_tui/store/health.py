"""The cache as it is: whether it is whole, what was set aside, and what it knows of the sources."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import field
from pathlib import Path
from urllib.parse import quote

from papers_tui.domain.sources import SourceState
from papers_tui.late import dataclass
from papers_tui.store.schema import VERSION
from papers_tui.store.standing import load_states

_CACHE = re.compile(r"library-v([0-9]{1,9})\.sqlite3")
_MOST_FAULTS = 3
_WAIT_SECONDS = 5


@dataclass(frozen=True, slots=True)
class CacheHealth:
    """What was found: `file` by name, whether it is `there`, the `papers` in it, its `size` in bytes, and the `states`
    of sources by their `ref`.

    `faults` are sentences on what is damaged, or why nothing can be read. `marked` says that a process met damage,
    so that the file is set aside at the next start; `aside` are files that were, `older` and `newer` caches of other
    versions of the program.
    """

    file: str
    there: bool = False
    papers: int = 0
    size: int = 0
    faults: tuple[str, ...] = ()
    marked: bool = False
    aside: tuple[str, ...] = ()
    older: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()
    states: Mapping[str, SourceState] = field(default_factory=dict)


def cache_health(folder: Path) -> CacheHealth:
    """Reads the whole cache in `folder`, and changes nothing; that takes seconds where it is large.

    Raises OSError where the folder can't be read.
    """
    path = folder / f"library-v{VERSION}.sqlite3"
    names = sorted(file.name for file in folder.iterdir()) if folder.exists() else []
    there = path.name in names
    versions = [(name, int(found[1])) for name in names if (found := _CACHE.fullmatch(name))]
    faults, papers, states = _read(path) if there else ((), 0, {})
    return CacheHealth(
        path.name,
        there,
        papers,
        path.stat().st_size if there else 0,
        faults,
        marked=f"{path.name}.damaged" in names,
        aside=tuple(name for name in names if ".broken-" in name),
        older=tuple(name for name, version in versions if version < VERSION),
        newer=tuple(name for name, version in versions if version > VERSION),
        states=states,
    )


def sqlite_health() -> tuple[str, bool]:
    """SQLite's version, and whether it can search texts (FTS5)."""
    with closing(sqlite3.connect(":memory:")) as db:
        try:
            db.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        except sqlite3.OperationalError:
            return sqlite3.sqlite_version, False
    return sqlite3.sqlite_version, True


def _read(path: Path) -> tuple[tuple[str, ...], int, Mapping[str, SourceState]]:
    if not path.is_file():
        return ("it is no file",), 0, {}
    # A file that nobody has open is read as it stands: else SQLite would leave its own log and index beside it.
    open_elsewhere = path.with_name(f"{path.name}-wal").exists()
    address = f"file:{quote(str(path))}?{'mode=ro' if open_elsewhere else 'immutable=1'}"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS)) as db:
            db.execute("PRAGMA trusted_schema=OFF")
            if db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                return ("it is not of this version",), 0, {}
            papers = int(db.execute("SELECT count(*) FROM paper").fetchone()[0])
            states = load_states(db)
            said = [row[0] for row in db.execute(f"PRAGMA quick_check({_MOST_FAULTS})")]
    except (sqlite3.Error, ValueError) as error:
        return (str(error),), 0, {}
    return tuple(text for text in said if text != "ok"), papers, states
