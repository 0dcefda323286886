"""Whether the cache still says what it was told: its pages by SQLite's own check, the user's marks by the journal.

SQLite keeps no checksums, so a letter that rotted in a title goes unseen; a mark that rotted does not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import Entry, Stamp, kept
from papers_tui.store.state import load_ruled

_CHUNK = 500
"""Entries, or papers, that are looked at together."""


def check(db: sqlite3.Connection, told: Sequence[Entry]) -> str:
    """What is wrong, or "". `told` are entries that were projected into it, in any order. Changes nothing."""
    (said,) = db.execute("PRAGMA integrity_check(1)").fetchone()  # the quick one looks at no index
    if said != "ok":
        return str(said)
    for start in range(0, len(told), _CHUNK):
        for key, register in _untrue(db, told[start : start + _CHUNK]):
            return f"of {key} it does not say what the journal says ({register})"
    for id_ in _shown_wrongly(db):
        return f"paper {id_} is not shown with the marks that it has"
    if lacking := db.execute("SELECT id FROM paper WHERE id NOT IN (SELECT id FROM body) LIMIT 1").fetchone():
        return f"paper {lacking[0]} has no record"
    return ""


def _untrue(db: sqlite3.Connection, entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """The keys and registers for which another value is kept than the latest of these entries gave them."""
    latest: dict[tuple[str, str, str], tuple[Stamp, list[object]]] = {}
    for entry in entries:
        for change in entry.changes:
            for paper in change.papers:
                for key in paper:
                    for register, value in kept(entry, change):
                        place = (key, key_arxiv_id(paper) or "", register)
                        stamp, values = latest.get(place, (entry.stamp, []))
                        if (
                            entry.stamp >= stamp
                        ):  # a copy of an entry may be another one, where somebody made it up
                            also = values if entry.stamp == stamp else []
                            latest[place] = (entry.stamp, [*also, value])
    keys = json.dumps(list({key for key, _, _ in latest}))
    found = {
        (key, about, register): ((ms, counter, writer, seq), value)
        for key, about, register, value, ms, counter, writer, seq in db.execute(
            "SELECT key, about, register, value, ms, counter, writer, seq FROM mark "
            "WHERE key IN (SELECT value FROM json_each(?))",
            (keys,),
        )
    }
    for place, (stamp, values) in latest.items():
        held = found.get(place)
        if held is None or held[0] < stamp or (held[0] == stamp and held[1] not in values):
            yield place[0], place[2]


def _shown_wrongly(db: sqlite3.Connection) -> Iterator[int]:
    """The rows whose flags are not those of their marks, and of the rules."""
    flags = dict(
        db.execute(
            "SELECT id, flags FROM paper WHERE flags <> 0 OR id IN "
            "(SELECT k.paper FROM mark m JOIN key k ON k.key = m.key)"
        )
    )
    ids = list(flags)
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        keys: dict[int, tuple[str, ...]] = dict.fromkeys(part, ())
        for id_, key in db.execute(
            "SELECT paper, key FROM key WHERE paper IN (SELECT value FROM json_each(?))", (json.dumps(part),)
        ):
            keys[id_] = (*keys[id_], key)
        for id_, (state, _) in load_ruled(db, keys).items():
            if state.flags != flags[id_]:
                yield id_
