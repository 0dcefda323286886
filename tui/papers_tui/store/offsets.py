"""How far the files of the journal were read."""

from __future__ import annotations

import sqlite3


def read_offsets(db: sqlite3.Connection) -> dict[str, int]:
    """How far each journal file has been read, by file name."""
    return dict(db.execute("SELECT name, read_to FROM journal_file"))


def latest_clock(db: sqlite3.Connection) -> tuple[int, int]:
    """The latest reading of the clock in anything that was read."""
    row = db.execute("SELECT ms, counter FROM journal_file ORDER BY ms DESC, counter DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, 0)


def set_offset(db: sqlite3.Connection, file: str, read_to: int, clock: tuple[int, int]) -> None:
    """Remembers that a file was read up to an offset, and the latest clock it held behind the former one."""
    ms, counter = max(clock, _clock_of(db, file))
    db.execute("INSERT OR REPLACE INTO journal_file VALUES(?,?,?,?)", (file, read_to, ms, counter))


def _clock_of(db: sqlite3.Connection, file: str) -> tuple[int, int]:
    row = db.execute("SELECT ms, counter FROM journal_file WHERE name=?", (file,)).fetchone()
    return (row[0], row[1]) if row else (0, 0)
