"""What the columns of the cache hold: SQLite keeps a value of any type in them, and damage can change its type."""

from __future__ import annotations

import sqlite3

HAS = {"code": 1, "pdf": 2, "project": 4, "model": 8, "dataset": 16}
"""The bits of a paper's `has`."""

_TYPES = {"TEXT": "text", "INTEGER": "integer"}


def mistyped(db: sqlite3.Connection) -> str:
    """A column that holds a value of another type than it was made for, or "". Looks at every row."""
    tables = db.execute(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%' AND name NOT GLOB 'sqlite_*' "
        "AND name NOT GLOB 'search_*' AND name NOT GLOB 'heading_*'"
    ).fetchall()
    for (table,) in tables:
        for _, column, declared, *_ in db.execute(f"PRAGMA table_info({table})").fetchall():
            if declared in _TYPES:
                odd = f"SELECT 1 FROM {table} WHERE typeof({column}) NOT IN (?, 'null') LIMIT 1"
                if db.execute(odd, (_TYPES[declared],)).fetchone():
                    return f"{table}.{column}"
    return ""
