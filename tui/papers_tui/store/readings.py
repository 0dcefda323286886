"""What each source said of each paper, from which the paper's row follows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from papers_tui.domain.identity import by_strength
from papers_tui.domain.plan import Reading, combined, strongest
from papers_tui.late import replace
from papers_tui.store.batch import Batch
from papers_tui.store.rows import record_of
from papers_tui.store.stored import stored_paper

_MOST_OF_A_SOURCE = 8
"""Readings of one paper by one source that are kept: a feed may change its text without end."""


def load_readings(db: sqlite3.Connection, id_: int) -> list[Reading]:
    """The readings of a row's paper. One that is told like the row itself is kept without its record."""
    (own,) = db.execute("SELECT record FROM body WHERE id=?", (id_,)).fetchone()
    rows = db.execute(
        "SELECT coalesce(l.name, ''), r.rank, r.read, r.record FROM reading r LEFT JOIN label l ON l.id = r.label "
        "WHERE r.paper=?",
        (id_,),
    )
    return [
        Reading(stored_paper(record or own), source, rank, read)
        for source, rank, read, record in rows.fetchall()
    ]


def keep_readings(batch: Batch, id_: int, readings: Iterable[Reading], own: str) -> bool:
    """Makes these the readings of a row whose record is `own`; whether its sources are others than before."""
    batch.db.execute("DELETE FROM reading WHERE paper=?", (id_,))
    found = set()
    for reading in readings:
        record = record_of(reading.paper)
        label = _label(batch, reading)
        batch.db.execute(
            "INSERT INTO reading VALUES(?,?,?,?,?)",
            (id_, label, reading.rank, reading.read, None if record == own else record),
        )
        found |= {label} if label else set()
    return batch.set_labels(id_, ("source",), found)


def begin_readings(batch: Batch, id_: int, reading: Reading) -> None:
    """Makes this the only reading of a row that was inserted just now, whose record is the same."""
    label = _label(batch, reading)
    batch.fresh.readings.append((id_, label, reading.rank, reading.read, None))
    if label:
        batch.add_label(id_, label)


def _label(batch: Batch, reading: Reading) -> int | None:
    return batch.label("source", reading.source) if reading.source else None


def latest(readings: Sequence[Reading]) -> list[Reading]:
    """Of each slot the reading that counts; of a source that changes its mind for ever the last few, all keys kept.

    What was announced as new stays so when it is announced again, replaced.
    """
    slots: dict[tuple[str, int, bool, tuple[str, ...]], Reading] = {}
    for reading in readings:
        known = slots.setdefault(reading.slot, reading)
        if known.read == reading.read:
            slots[reading.slot] = replace(known, paper=combined((known, reading)))
        else:
            newer, older = (reading, known) if known.read < reading.read else (known, reading)
            announce = strongest(newer.paper.announce, older.paper.announce)
            slots[reading.slot] = replace(newer, paper=replace(newer.paper, announce=announce))
    sources: dict[tuple[str, int], list[Reading]] = {}
    for reading in slots.values():
        sources.setdefault((reading.source, reading.rank), []).append(reading)
    return [reading for several in sources.values() for reading in _last(several)]


def _last(readings: list[Reading]) -> list[Reading]:
    if len(readings) <= _MOST_OF_A_SOURCE:
        return readings
    newest = sorted(readings, key=lambda reading: (reading.read, reading.weight), reverse=True)
    *kept, last = newest[:_MOST_OF_A_SOURCE]
    keys = by_strength(
        tuple(key for reading in newest[_MOST_OF_A_SOURCE - 1 :] for key in reading.paper.keys)
    )
    return [*kept, replace(last, paper=replace(last.paper, keys=keys))]
