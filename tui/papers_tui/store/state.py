"""The user's marks as the store keeps them, and the state of a paper that they and the rules add up to."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import Stamp, State, Value, fold
from papers_tui.domain.moments import stamp
from papers_tui.domain.notes import EDIT
from papers_tui.domain.rules import Ruled, in_force, state_under
from papers_tui.store.stored import stored

_Mark = tuple[str, Value, Stamp]


def load_state(db: sqlite3.Connection, keys: Iterable[str]) -> State:
    """What the user did to the paper that has these keys: a mark on any of them counts.

    Not so a mark that was made on a paper with another arXiv id: two papers may share a text.
    """
    return fold(_marks(db, {0: tuple(keys)})[0])


def load_ruled(
    db: sqlite3.Connection, papers: Mapping[int, tuple[str, ...]]
) -> dict[int, tuple[State, tuple[Ruled, ...]]]:
    """The states of rows' papers, which are given with their keys, and what of each is the doing of rules."""
    marks = _marks(db, papers)
    rules: dict[int, list[Ruled]] = {}
    for id_, *ruled in db.execute(
        "SELECT paper, register, number, name FROM ruled WHERE paper IN (SELECT value FROM json_each(?)) "
        "ORDER BY number, register",
        (json.dumps(list(papers)),),
    ):
        rules.setdefault(id_, []).append(Ruled(*ruled))
    found = {}
    for id_, marked in marks.items():
        ruling = in_force(rules.get(id_, ()), (register for register, _, _ in marked))
        found[id_] = (state_under(ruling, marked), ruling)
    return found


def _marks(db: sqlite3.Connection, papers: Mapping[int, tuple[str, ...]]) -> dict[int, list[_Mark]]:
    found: dict[str, list[tuple[str, _Mark]]] = {}
    every = [key for keys in papers.values() for key in keys]
    for key, about, register, value, *when in db.execute(
        "SELECT key, about, register, value, ms, counter, writer, seq FROM mark "
        "WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(every),),
    ):
        ms, counter, writer, seq = when
        mark = register, _value(value, register), (ms, counter, writer, seq)
        found.setdefault(key, []).append((about, mark))
    marks = {}
    for id_, keys in papers.items():
        own = key_arxiv_id(keys) or ""
        several = (entry for key in keys for entry in found.get(key, ()))
        marks[id_] = [mark for about, mark in several if not own or about in ("", own)]
    return marks


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
    if register.startswith(EDIT):
        stored(str(value))
    if register == "note" or register.startswith(EDIT):
        return str(value)
    return bool(value)
