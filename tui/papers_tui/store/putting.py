"""Putting many rows into a table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain

_VALUES = 500
"""Values of one statement: rows that come by the hundred take SQLite half the time of rows that come one by one."""


def put(db: sqlite3.Connection, into: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Inserts rows of equal length in their order, inside the caller's transaction.

    `into` is how the statement begins: with `INSERT OR FAIL`, or `INSERT OR IGNORE`. To be able to take a failing
    statement of many rows back, SQLite would copy the pages it writes to; here whoever fails takes all back.
    """
    if not rows:
        return
    columns = len(rows[0])
    many = _VALUES // columns
    row = f"({','.join('?' * columns)})"
    whole = len(rows) // many * many
    values = list(chain.from_iterable(rows[:whole]))
    db.executemany(
        f"{into} VALUES{','.join([row] * many)}",
        [values[start : start + many * columns] for start in range(0, len(values), many * columns)],
    )
    db.executemany(f"{into} VALUES{row}", rows[whole:])
