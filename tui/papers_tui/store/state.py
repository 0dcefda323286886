"""The user's marks as the store keeps them: the state of a paper, and bringing its row up to it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import Stamp, State, Value, fold
from papers_tui.domain.moments import stamp
from papers_tui.domain.notes import EDIT
from papers_tui.domain.rules import Ruled, in_force, state_under


def load_state(db: sqlite3.Connection, keys: Iterable[str]) -> State:
    """What the user did to the paper that has these keys: a mark on any of them counts.

    Not so a mark that was made on a paper with another arXiv id: two papers may share a text.
    """
    return fold(_marks(db, keys))


def load_ruled(db: sqlite3.Connection, id_: int, keys: Iterable[str]) -> tuple[State, tuple[Ruled, ...]]:
    """The state of a row's paper, which has these keys, and what of it is the doing of rules."""
    found = _marks(db, keys)
    rows = db.execute(
        "SELECT register, number, name FROM ruled WHERE paper=? ORDER BY number, register", (id_,)
    )
    ruled = in_force((Ruled(*row) for row in rows), (register for register, _, _ in found))
    return state_under(ruled, found), ruled


def _marks(db: sqlite3.Connection, keys: Iterable[str]) -> list[tuple[str, Value, Stamp]]:
    named = tuple(keys)
    rows = db.execute(
        "SELECT register, value, ms, counter, writer, seq FROM mark "
        "WHERE key IN (SELECT value FROM json_each(:keys)) AND (about IN ('', :own) OR :own = '')",
        {"keys": json.dumps(named), "own": key_arxiv_id(named) or ""},
    )
    return [(register, _value(value, register), (ms, c, w, n)) for register, value, ms, c, w, n in rows]


def version_read(db: sqlite3.Connection, id_: int, keys: Iterable[str]) -> int | None:
    """The version of a row's paper that was there when it was marked read; None where nobody knows."""
    (ms,) = db.execute(
        "SELECT max(ms) FROM mark WHERE register='read' AND value AND key IN (SELECT value FROM json_each(?))",
        (json.dumps(tuple(keys)),),
    ).fetchone()
    if ms is None:
        return None
    when = stamp(datetime.fromtimestamp(ms / 1000, UTC))
    (version,) = db.execute(
        "SELECT max(version) FROM version WHERE paper=? AND seen <= ?", (id_, when)
    ).fetchone()
    return int(version) if version is not None else None


def _value(value: object, register: str) -> bool | str:
    if register == "note" or register.startswith(EDIT):
        return str(value)
    return bool(value)
