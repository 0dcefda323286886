"""Bringing the store up to what the journal says."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import Entry, kept
from papers_tui.domain.plan import CARRIED, Reading
from papers_tui.domain.record import from_record
from papers_tui.domain.topics import folded
from papers_tui.store.batch import Batch
from papers_tui.store.papers import put_readings
from papers_tui.store.rows import project_states
from papers_tui.store.ruling import apply_rules

LATEST_WINS = """INSERT INTO mark VALUES(?,?,?,?,?,?,?,?) ON CONFLICT(key, about, register) DO UPDATE
    SET value=excluded.value, ms=excluded.ms, counter=excluded.counter, writer=excluded.writer, seq=excluded.seq
    WHERE (excluded.ms, excluded.counter, excluded.writer, excluded.seq, excluded.value)
        > (ms, counter, writer, seq, value)"""
"""Keeps a mark where there is no later one: key, about, register, value, and the stamp."""


def project(db: sqlite3.Connection, entries: Iterable[Entry], *, added: str) -> set[int]:
    """Applies the entries, inside the caller's transaction, and gives the rows that they touched.

    Applying an entry twice, or entries in another order, ends in the same state. A mark on a paper that is not
    here yet waits under its keys until the paper comes.
    """
    keys: set[str] = set()
    brought: set[int] = set()
    given: set[str] = set()
    for entry in entries:
        brought |= add_records(db, entry.records, added)
        given |= given_tags(entry)
        for change in entry.changes:
            for paper in change.papers:
                keys.update(paper)
                about = key_arxiv_id(paper) or ""
                rows = [
                    (key, about, register, value, *entry.stamp)
                    for key in paper
                    for register, value in kept(entry, change)
                ]
                db.executemany(LATEST_WINS, rows)
    touched = {
        id_
        for (id_,) in db.execute(
            "SELECT DISTINCT paper FROM key WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
    }
    with Batch(db) as batch:
        project_states(batch, touched)
    apply_rules(db, brought)
    spell_tags(db, given)
    return touched


def given_tags(entry: Entry) -> set[str]:
    """The names of the tags that an entry gives."""
    sets = (pair for change in entry.changes for pair in change.now)
    return {register[4:] for register, value in sets if register.startswith("tag:") and value is True}


def spell_tags(db: sqlite3.Connection, names: Iterable[str]) -> None:
    """Lets the labels of these tags, just given, be spelt as they were spelt last, whichever entry came first."""
    for name in names:
        found = db.execute(
            "SELECT id FROM label WHERE kind='tag' AND folded=? AND name<>?", (folded(name), name)
        ).fetchone()
        if not found:
            continue
        spelt = db.execute(
            "SELECT register FROM mark WHERE value AND register LIKE 'tag:%' "
            "ORDER BY ms DESC, counter DESC, writer DESC, seq DESC, register"
        )
        latest = next(register[4:] for (register,) in spelt if folded(register[4:]) == folded(name))
        db.execute("UPDATE label SET name=? WHERE id=?", (latest, found[0]))


def add_records(db: sqlite3.Connection, records: Iterable[Mapping[str, Any]], added: str) -> set[int]:
    """Adds the papers of an entry's records, where no listing has brought them under these keys; their rows.

    The rules are still to be applied to those.
    """
    brought: set[int] = set()
    for record in records:
        try:
            paper = from_record(record)
        except ValueError:
            continue
        known = db.execute(
            "SELECT count(*) FROM key WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(paper.keys),),
        ).fetchone()
        if known == (len(set(paper.keys)),):
            continue
        first = str(record.get("added") or added)
        sources = record.get("sources")
        for source in [*map(str, sources if isinstance(sources, list) else ()), ""]:
            _, touched = put_readings(db, [(Reading(paper, source, CARRIED, first), first)])
            brought |= touched
    return brought
