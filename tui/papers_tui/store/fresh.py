"""Papers that are new in a transaction: gathered, and written a table at a time, which is quicker than one by one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from papers_tui.late import dataclass, field, replace
from papers_tui.store.putting import put
from papers_tui.store.wording import Wording

SEE_VERSION = "INSERT OR IGNORE INTO version VALUES(?,?,?)"
"""Remembers when a version of a row's paper was first seen, which tells the one that was read."""


@dataclass(slots=True)
class Fresh:
    """The rows of papers that are still to be written, by their tables."""

    wordings: dict[int, Wording] = field(default_factory=dict)
    """Each row's words, at the place it would have were that free."""

    papers: list[tuple[object, ...]] = field(default_factory=list)
    """Their columns behind `id` and `place`, in the same order."""

    bodies: list[tuple[int, str, str]] = field(default_factory=list)
    keys: list[tuple[str, int]] = field(default_factory=list)
    versions: list[tuple[int, int, str]] = field(default_factory=list)
    readings: list[tuple[int, int | None, int, str, str | None]] = field(default_factory=list)

    def write(self, db: sqlite3.Connection) -> dict[int, Wording]:
        """Writes all of them; the words of each row, at the place it got."""
        places = _free(db, [wording.place for wording in self.wordings.values()])
        papers = [
            (id_, place, *columns)
            for id_, place, columns in zip(self.wordings, places, self.papers, strict=True)
        ]
        put(db, "INSERT OR FAIL INTO paper", papers)
        put(db, "INSERT OR FAIL INTO body", self.bodies)
        put(db, "INSERT OR FAIL INTO key", sorted(self.keys))
        put(db, "INSERT OR IGNORE INTO version", self.versions)
        put(db, "INSERT OR FAIL INTO reading", self.readings)
        return {
            id_: wording if wording.place == place else replace(wording, place=place)
            for (id_, wording), place in zip(self.wordings.items(), places, strict=True)
        }


def free_place(db: sqlite3.Connection, wanted: int) -> int:
    """The place that was wanted, or the nearest below it that no paper has."""
    (place,) = _free(db, (wanted,))
    return place


def _free(db: sqlite3.Connection, listed: Sequence[int]) -> list[int]:
    """The same for several, one after the other."""
    found = db.execute(
        "SELECT place FROM paper WHERE place IN (SELECT value FROM json_each(?))", (json.dumps(listed),)
    )
    asked, taken = set(listed), {place for (place,) in found}
    places = []
    for place in listed:
        nearest = place
        while nearest in taken or (nearest not in asked and _is_taken(db, nearest)):
            nearest -= 1
        taken.add(nearest)
        places.append(nearest)
    return places


def _is_taken(db: sqlite3.Connection, place: int) -> bool:
    return db.execute("SELECT 1 FROM paper WHERE place=?", (place,)).fetchone() is not None
