"""Putting papers into the store: new, merged, or unchanged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from papers_tui.domain.identity import by_strength, key_arxiv_id
from papers_tui.domain.marks import DISMISSED, READ, State
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import CARRIED, Reading, combined, papers_of, same_paper
from papers_tui.domain.tally import Tally
from papers_tui.late import replace
from papers_tui.store.batch import Batch
from papers_tui.store.readings import begin_readings, keep_readings, latest, load_readings
from papers_tui.store.rows import delete, insert, load_paper, owned_keys, project_states, record_of, update
from papers_tui.store.ruling import apply_rules
from papers_tui.store.state import load_state

_MOST_RELATED = 64
"""Papers that may hang together by their keys: an address that everything shares says nothing."""


def add_papers(
    db: sqlite3.Connection,
    papers: Iterable[Paper],
    *,
    source: str,
    added: str,
    rank: int = CARRIED,
    read: str = "",
) -> Tally:
    """Adds the papers as read in `source` (empty: not known), inside the caller's transaction.

    `added` is a UTC time; `rank` and `read` are those of a `plan.Reading`, the latter `added` where it is not given.
    The order in which readings come makes no difference to what is kept of them, nor to what rules do to them.
    """
    coming = ((Reading(paper, source, rank, read or added), added) for paper in papers)
    tally, touched = put_readings(db, coming)
    apply_rules(db, touched)
    return tally


def put_readings(db: sqlite3.Connection, readings: Iterable[tuple[Reading, str]]) -> tuple[Tally, set[int]]:
    """Adds readings, each with the UTC time when its paper first came in, inside the caller's transaction.

    The rules are still to be applied to the rows that it gives.
    """
    new = changed = unchanged = 0
    touched: set[int] = set()
    coming = [(_in_order(reading), added) for reading, added in readings]
    met, marked = _met(db, coming)
    unmarked = State()
    with Batch(db) as batch:
        for reading, added in coming:
            paper = reading.paper
            rows = []
            if not met.isdisjoint(paper.keys):
                batch.settle()
                rows = _related(db, paper.keys)
            met.update(paper.keys)
            if not rows:
                state = unmarked if marked.isdisjoint(paper.keys) else load_state(db, paper.keys)
                id_ = insert(batch, paper, paper.keys, state, record_of(paper), added)
                begin_readings(batch, id_, reading)
                touched.add(id_)
                new += 1
            elif len(rows) == 1 and same_paper(owned_keys(db, rows[0]), paper.keys):
                if _join(batch, rows[0], reading, added):
                    touched.add(rows[0])
                    changed += 1
                else:
                    unchanged += 1
            else:
                what, homes = _regroup(batch, _hanging_together(db, rows), reading, added)
                touched |= homes
                new += what == "new"
                changed += what == "changed"
                unchanged += what == "unchanged"
    return Tally(new, changed, unchanged), touched


def remove_source(db: sqlite3.Connection, name: str) -> int:
    """Forgets what a source said, inside the caller's transaction; how many papers are gone with it.

    A paper that no other source has stays where it is starred, tagged, noted or put on Later.
    """
    listed, lone = papers_of_source(db, name)
    with Batch(db) as batch:
        for id_ in lone:
            delete(batch, id_)
        for id_ in set(listed) - set(lone):
            readings = load_readings(db, id_)
            left = [reading for reading in readings if reading.source != name]
            kept = left or [Reading(reading.paper, "", CARRIED, reading.read) for reading in readings]
            keep_readings(batch, id_, kept, record_of(load_paper(db, id_)))
    db.execute("DELETE FROM label WHERE kind='source' AND folded=?", (name,))
    apply_rules(db, set(listed) - set(lone))
    return len(lone)


def papers_of_source(db: sqlite3.Connection, name: str) -> tuple[list[int], list[int]]:
    """The rows that a source lists, and those of them that nothing else lists and that bear no mark."""
    members = db.execute(
        "SELECT m.paper FROM member m JOIN label l ON l.id = m.label WHERE l.kind='source' AND l.folded=?",
        (name,),
    )
    listed = [row for (row,) in members.fetchall()]
    lone = []
    for id_ in listed:
        if any(reading.source != name for reading in load_readings(db, id_)):
            continue
        state = load_state(db, owned_keys(db, id_))
        if not (state.note or state.tags or state.flags & ~(READ | DISMISSED)):
            lone.append(id_)
    return listed, lone


def _in_order(reading: Reading) -> Reading:
    keys = by_strength(reading.paper.keys)
    return (
        reading if keys == reading.paper.keys else replace(reading, paper=replace(reading.paper, keys=keys))
    )


def _met(db: sqlite3.Connection, coming: Iterable[tuple[Reading, str]]) -> tuple[set[str], set[str]]:
    """Those of the readings' keys that some paper here has, and those that bear a mark."""
    keys = json.dumps([key for reading, _ in coming for key in reading.paper.keys])
    among = "IN (SELECT value FROM json_each(?))"
    known = db.execute(
        f"SELECT key FROM key WHERE key {among} UNION ALL SELECT key FROM shared_key WHERE key {among}",
        (keys, keys),
    )
    marked = db.execute(f"SELECT key FROM mark WHERE key {among}", (keys,))
    return {key for (key,) in known}, {key for (key,) in marked}


def _related(db: sqlite3.Connection, keys: Iterable[str]) -> list[int]:
    """The rows whose papers carry any of the keys, the oldest first."""
    found: set[int] = set()
    for key in keys:
        rows = db.execute(
            "SELECT paper FROM key WHERE key=:key UNION ALL SELECT paper FROM shared_key WHERE key=:key",
            {"key": key},
        )
        found.update(row for (row,) in rows)
    return sorted(found)


def _hanging_together(db: sqlite3.Connection, rows: Iterable[int]) -> list[int]:
    """The rows with all those that share a key with them, and so on."""
    found: set[int] = set()
    fresh = set(rows)
    while fresh and len(found) < _MOST_RELATED:
        found |= fresh
        keys = {key for row in fresh for key in load_paper(db, row).keys}
        fresh = set(_related(db, keys)) - found
    return sorted(found)


def _join(batch: Batch, id_: int, reading: Reading, added: str) -> bool:
    """Adds a reading to the one paper it can be of; whether that changed anything."""
    db = batch.db
    known = load_paper(db, id_)
    before = load_readings(db, id_)
    after = latest([*before, reading])
    if after == before:
        return False
    paper = combined(after)
    record = record_of(paper)
    sources = keep_readings(batch, id_, after, record)
    if paper == known:
        return sources
    update(batch, id_, known, paper, record, added)
    if set(paper.keys) - set(known.keys):
        db.executemany("INSERT OR IGNORE INTO key VALUES(?,?)", ((key, id_) for key in paper.keys))
        project_states(batch, (id_,))
    return True


def _regroup(batch: Batch, rows: Sequence[int], reading: Reading, added: str) -> tuple[str, set[int]]:
    """Sorts readings that hang together by papers anew, with one more; what became of that one, and the rows of all.

    A row whose readings went to another one forwards to it.
    """
    db = batch.db
    readings = [(row, held) for row in rows for held in load_readings(db, row)]
    before = {row: [held for place, held in readings if place == row] for row in rows}
    every = [*readings, (0, reading)]
    groups = papers_of([held.paper.keys for _, held in every])
    homes = _homes(rows, groups, every)
    owners = _owners(groups, every)
    for row in rows:
        db.execute("DELETE FROM key WHERE paper=?", (row,))
        db.execute("DELETE FROM shared_key WHERE paper=?", (row,))
    what = "unchanged"
    survivors: dict[int, int] = {}
    kept: set[int] = set()
    for number, places in enumerate(groups):
        mine = latest([every[place][1] for place in places])
        paper = combined(mine)
        record = record_of(paper)
        owned = [key for key in paper.keys if owners[key] == number]
        olds = [row for row, home in homes.items() if home == number]
        ours = len(every) - 1 in places
        if not olds:
            id_ = insert(batch, paper, owned, load_state(db, owned), record, added)
            batch.settle()
            keep_readings(batch, id_, mine, record)
            what = "new" if ours else what
        else:
            id_ = olds[0]
            known = load_paper(db, id_)
            sources = keep_readings(batch, id_, mine, record)
            if paper != known:
                update(batch, id_, known, paper, record, added)
            db.executemany("INSERT INTO key VALUES(?,?)", ((key, id_) for key in owned))
            if ours and (paper != known or sources or mine != before[id_] or len(olds) > 1):
                what = "changed"
        kept.add(id_)
        survivors |= dict.fromkeys(olds[1:], id_)
        db.executemany(
            "INSERT INTO shared_key VALUES(?,?)", ((key, id_) for key in paper.keys if key not in owned)
        )
    for old, survivor in survivors.items():
        db.execute("UPDATE OR IGNORE version SET paper=? WHERE paper=?", (survivor, old))
        delete(batch, old)
        db.execute("UPDATE forward SET survivor=? WHERE survivor=?", (survivor, old))
        db.execute("INSERT INTO forward VALUES(?,?)", (old, survivor))
    project_states(batch, [row for row in rows if row not in survivors])
    return what, kept


def _homes(
    rows: Sequence[int], groups: Sequence[tuple[int, ...]], every: Sequence[tuple[int, Reading]]
) -> dict[int, int]:
    """The group that each row goes on as: the one of its arXiv id, else of its first reading."""
    group_of = {place: number for number, places in enumerate(groups) for place in places}
    homes: dict[int, int] = {}
    for row in rows:
        places = [place for place, (of, _) in enumerate(every) if of == row]
        identified = [place for place in places if key_arxiv_id(every[place][1].paper.keys)]
        homes[row] = group_of[(identified or places)[0]]
    return homes


def _owners(groups: Sequence[tuple[int, ...]], every: Sequence[tuple[int, Reading]]) -> dict[str, int]:
    """The group that each key stands for: of several with that key the one with the lowest arXiv id."""
    owners: dict[str, tuple[str, int]] = {}
    for number, places in enumerate(groups):
        keys = [key for place in places for key in every[place][1].paper.keys]
        identified = key_arxiv_id(tuple(keys)) or ""
        for key in keys:
            owners[key] = min((identified, number), owners.get(key, (identified, number)))
    return {key: number for key, (_, number) in owners.items()}
