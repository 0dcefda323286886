"""What the cache of a former version held, for the one of this version: nothing that was fetched is lost with it.

A former cache is only read. Whatever a later version changes, this has to go on reading the tables of version 4 and
later as they were; tests/caches has one of each.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.domain.plan import CARRIED, Reading
from papers_tui.store.batch import Batch
from papers_tui.store.former import caches_before, position
from papers_tui.store.papers import put_readings
from papers_tui.store.ruling import apply_rules
from papers_tui.store.schema import Store
from papers_tui.store.stored import stored_paper

_CHUNK = 500
"""Papers of one transaction: another process that marks a paper waits no longer than for these."""


def inherit(store: Store, path: Path) -> Generator[tuple[int, int], None, None]:
    """Takes over what a former cache holds: after each piece, how many papers are done, and of how many.

    What is done is kept, wherever it is broken off; several may do it at once. In the end caches that are older
    still are deleted. Raises PapersError where the former cache can't be read, which is then not due any more, and
    where this one can't be written.
    """
    try:
        with _opened(path) as former:
            begun = position(store.db, path.name)
            (total,) = former.execute("SELECT count(*) FROM paper").fetchone()
            (done,) = former.execute("SELECT count(*) FROM paper WHERE id <= ?", (begun,)).fetchone()
            while True:
                with store.transaction() as db:
                    last = position(db, path.name)
                    rows = [] if last is None else _papers(former, last)
                    if rows:
                        _take(db, former, rows)
                    elif last is not None:
                        _take_sources(db, former)
                    if last is not None:
                        _move(db, path.name, rows[-1][0] if rows else None)
                if not rows:
                    break
                done += len(rows)
                yield done, total
    except sqlite3.Error as error:
        with store.transaction() as db:
            _move(db, path.name, None)
        raise PapersError(
            str(path),
            f"the former cache can't be read: {error}",
            "what the sources still list comes back from them",
        ) from error
    for older in list(caches_before(path.parent).values())[1:]:
        for suffix in ("", "-wal", "-shm"):
            older.with_name(older.name + suffix).unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as former:
        former.execute("PRAGMA trusted_schema=OFF")
        yield former


def _move(db: sqlite3.Connection, name: str, row: int | None) -> None:
    db.execute("INSERT OR REPLACE INTO inherited VALUES(?,?)", (name, row))


def _papers(former: sqlite3.Connection, last: int) -> list[tuple[int, str, str]]:
    """The next papers: row, record, and when it came in."""
    return former.execute(
        "SELECT p.id, b.record, p.added FROM paper p JOIN body b ON b.id = p.id WHERE p.id > ? ORDER BY p.id LIMIT ?",
        (last, _CHUNK),
    ).fetchall()


def _take(db: sqlite3.Connection, former: sqlite3.Connection, rows: list[tuple[int, str, str]]) -> None:
    marks = json.dumps([id_ for id_, _, _ in rows])
    among = "IN (SELECT value FROM json_each(?))"
    readings: dict[int, list[tuple[str, int, str, str | None]]] = {}
    for id_, *reading in former.execute(
        "SELECT r.paper, coalesce(l.name, ''), r.rank, r.read, r.record FROM reading r "
        f"LEFT JOIN label l ON l.id = r.label WHERE r.paper {among}",
        (marks,),
    ):
        source, rank, read, record = reading
        readings.setdefault(id_, []).append((source, rank, read, record))
    coming = []
    names: dict[int, str] = {}
    for id_, own, added in rows:
        for source, rank, read, record in readings.get(id_, [("", CARRIED, added, None)]):
            paper = stored_paper(record or own)
            names[id_] = paper.id
            coming.append((Reading(paper, source, rank, read), added))
    _, touched = put_readings(db, coming)
    for id_, version, seen in former.execute(
        f"SELECT paper, version, seen FROM version WHERE paper {among}", (marks,)
    ):
        db.execute(
            "INSERT INTO version SELECT paper, ?, ? FROM key WHERE key=? "
            "ON CONFLICT(paper, version) DO UPDATE SET seen=min(seen, excluded.seen)",
            (version, seen, names.get(id_)),
        )
    apply_rules(db, touched)


def _take_sources(db: sqlite3.Connection, former: sqlite3.Connection) -> None:
    """What is remembered of the sources, unless they were asked since, and which files have been read in."""
    with Batch(db) as batch:
        for ref, name, state in former.execute(
            "SELECT s.ref, l.name, s.state FROM source s JOIN label l ON l.id = s.label"
        ):
            db.execute(
                "INSERT OR IGNORE INTO source VALUES(?,?,?)", (ref, batch.label("source", name), state)
            )
    db.executemany("INSERT OR IGNORE INTO imported VALUES(?)", former.execute("SELECT name FROM imported"))
