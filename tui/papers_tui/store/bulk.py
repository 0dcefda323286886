"""What one entry of the journal says of thousands of papers, brought into the store by statement.

It goes in by many short transactions, so that others can write meanwhile: first all marks, in the order of their
keys, then the flags of the papers that have these keys, in the order of their rows. A process that ends in between
does no harm as long as the entry counts as read only after the last of them: applying it again ends in the same
state, and a paper that comes or changes meanwhile is given its marks as ever.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping
from itertools import chain

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import DISMISSED, LATER, READ, STARRED, Entry, count_papers, flags_after, kept
from papers_tui.store.batch import Batch, count_moved
from papers_tui.store.projection import LATEST_WINS, add_records, given_tags, spell_tags
from papers_tui.store.rows import project_states
from papers_tui.store.ruling import apply_rules
from papers_tui.store.schema import Store

_LEAST = 1_000
"""Papers up to which an entry is better applied with others, in one transaction."""

_KEYS, _ROWS, _RECORDS = 20_000, 5_000, 500
"""Keys, rows and carried papers that one transaction is about."""

_FLAGS = {"read": READ, "star": STARRED, "later": LATER, "dismiss": DISMISSED}

_MAKE = (
    "CREATE TEMP TABLE told(key TEXT, about TEXT, change INTEGER)",
    "CREATE TEMP TABLE told_sets(change INTEGER, register TEXT, value, PRIMARY KEY(change, register)) WITHOUT ROWID",
    "CREATE TEMP TABLE told_flags(change INTEGER PRIMARY KEY, keeps INTEGER, sets INTEGER)",
    "CREATE TEMP TABLE touched(id INTEGER, change INTEGER)",
    "CREATE TEMP TABLE moved(id INTEGER PRIMARY KEY, before INTEGER, after INTEGER)",
)
_SORT = (
    "CREATE TEMP TABLE told_in_order AS SELECT key, about, change FROM told "
    "GROUP BY key, about, change ORDER BY key, about, change"
)
_TABLES = ("told", "told_sets", "told_flags", "told_in_order", "touched", "moved")

_MARK = LATEST_WINS.replace(
    "VALUES(?,?,?,?,?,?,?,?)",
    "SELECT t.key, t.about, s.register, s.value, :ms, :counter, :writer, :seq FROM told_in_order t "
    "CROSS JOIN told_sets s ON s.change = t.change WHERE t.rowid BETWEEN :first AND :last",
)

_FIND = """INSERT INTO touched
    SELECT paper, CASE WHEN NOT max(special) AND min(change) = max(change) AND min(about) = max(about)
        AND count(*) = (SELECT count(*) FROM key k WHERE k.paper = named.paper)
        AND NOT EXISTS (SELECT 1 FROM ruled r WHERE r.paper = named.paper)
        THEN min(change) END
    FROM (SELECT k.paper, t.change, t.about, t.key > 'arxiv:' AND t.key < 'arxiv;' AND substr(t.key, 7) <> t.about
            OR EXISTS (SELECT 1 FROM mark m CROSS JOIN told_sets s
                ON s.change = t.change AND s.register = m.register
                WHERE m.key = t.key AND (m.ms, m.counter, m.writer, m.seq) >= (:ms, :counter, :writer, :seq)
                    AND (m.ms, m.counter, m.writer, m.seq, m.about, m.value)
                        IS NOT (:ms, :counter, :writer, :seq, t.about, s.value)) AS special
        FROM told_in_order t CROSS JOIN key k ON k.key = t.key LIMIT -1) AS named
    GROUP BY paper ORDER BY paper"""
"""The rows that have any of the keys: with the one change that says all of their flags, or NULL.

That is for a paper all of whose keys the change names, and whose marks in its registers are then those of the change.
The limit has the keys looked at in their own order, in which the marks stand.
"""

_FOLLOW = """INSERT INTO moved
    SELECT p.id, p.flags, (SELECT p.flags & f.keeps | f.sets FROM told_flags f WHERE f.change = t.change)
    FROM touched t CROSS JOIN paper p ON p.id = t.id WHERE t.rowid BETWEEN :first AND :last"""
"""What the flags of rows were and are to be: NULL for a paper that it takes more to know of than the entry."""

_SEEN = READ | DISMISSED
_SET = "".join(
    f", min(m.value) FILTER (WHERE m.register = '{name}') AS {name}_least"
    f", max(m.value) FILTER (WHERE m.register = '{name}') AS {name}_most"
    for name in _FLAGS
)
_AGREED = " AND ".join(f"{name}_least IS {name}_most" for name in _FLAGS)
_AFTER = " | ".join(
    f"iif({name}_most IS NULL, flags & {bit}, {name}_most * {bit})" for name, bit in _FLAGS.items()
)
_JUDGE = f"""INSERT INTO moved
    SELECT id, flags, CASE WHEN simple AND least = most AND coalesce(own, '') IN ('', most) AND {_AGREED}
        AND NOT EXISTS (SELECT 1 FROM ruled r WHERE r.paper = id)
        THEN flags & ~{sum(_FLAGS.values())} | {_AFTER} END
    FROM (SELECT p.id, p.flags, min(substr(k.key, 7)) FILTER (WHERE k.key GLOB 'arxiv:*') AS own,
            min(m.ms = :ms AND m.counter = :counter AND m.writer = :writer AND m.seq = :seq
                AND m.register IN {tuple(_FLAGS)} AND typeof(m.value) = 'integer') AS simple,
            min(m.about) AS least, max(m.about) AS most {_SET}
        FROM touched t CROSS JOIN paper p ON p.id = t.id CROSS JOIN key k ON k.paper = p.id
        LEFT JOIN mark m ON m.key = k.key AND m.register IN (SELECT register FROM told_sets)
            AND (m.ms, m.counter, m.writer, m.seq) >= (:ms, :counter, :writer, :seq)
        WHERE t.rowid BETWEEN :first AND :last GROUP BY p.id)"""
"""The same where another process wrote since they were found: what their marks say now is looked up."""


def is_bulk(entry: Entry) -> bool:
    """Whether an entry is for `project_bulk`."""
    return count_papers(entry.changes) > _LEAST


def project_bulk(store: Store, entry: Entry, *, added: str) -> Generator[set[int], None, None]:
    """Applies an entry as `projection.project` does, in transactions of its own; the rows that each of them touched.

    Raises as `Store.transaction` does; what was done until then is done again the next time.
    """
    for start in range(0, len(entry.records), _RECORDS):
        with store.transaction() as db:
            brought = add_records(db, entry.records[start : start + _RECORDS], added)
            apply_rules(db, brought)
    try:
        with store.reading() as db:
            many = _tell(db, entry)
        ms, counter, writer, seq = entry.stamp
        stamp = {"ms": ms, "counter": counter, "writer": writer, "seq": seq}
        for start in range(1, many + 1, _KEYS):
            with store.transaction() as db:
                db.execute(_MARK, {**stamp, "first": start, "last": start + _KEYS - 1})
        with store.reading() as db:
            found_at = _version(db)
            db.execute(_FIND, stamp)
            (many,) = db.execute("SELECT count(*) FROM touched").fetchone()
        for start in range(1, many + 1, _ROWS):
            with store.transaction() as db:
                judge = _FOLLOW if _version(db) == found_at else _JUDGE
                shown = _show(db, judge, {**stamp, "first": start, "last": start + _ROWS - 1})
            yield shown
    finally:
        for table in _TABLES:
            store.db.execute(f"DROP TABLE IF EXISTS temp.{table}")
    with store.transaction() as db:
        spell_tags(db, given_tags(entry))


def _version(db: sqlite3.Connection) -> int:
    """A number that is another one as soon as another connection wrote (https://sqlite.org/pragma.html)."""
    (version,) = db.execute("PRAGMA data_version").fetchone()
    return int(version)


def _tell(db: sqlite3.Connection, entry: Entry) -> int:
    """Puts what the entry says where statements can use it; of how many keys."""
    for statement in _MAKE:
        db.execute(statement)
    db.execute("BEGIN")  # of nothing but these tables: without it each row would be a transaction
    try:
        for number, change in enumerate(entry.changes):
            sets = kept(entry, change)
            values = [(number, register, value) for register, value in sets]
            db.executemany("INSERT OR REPLACE INTO told_sets VALUES(?,?,?)", values)
            if all(register in _FLAGS and isinstance(value, bool) for register, value in sets):
                keeps = flags_after(-1, tuple((register, False) for register, _ in sets))
                db.execute("INSERT INTO told_flags VALUES(?,?,?)", (number, keeps, flags_after(0, sets)))
            db.executemany("INSERT INTO told VALUES(?,?,?)", _told(change.papers, number))
    finally:
        db.execute("COMMIT")
    db.execute(_SORT)
    (many,) = db.execute("SELECT count(*) FROM told_in_order").fetchone()
    return int(many)


def _told(papers: Iterable[tuple[str, ...]], number: int) -> Iterator[tuple[str, str, int]]:
    for paper in papers:
        about = paper[0][6:] if paper[:1] and paper[0].startswith("arxiv:") else key_arxiv_id(paper) or ""
        for key in paper:
            yield key, about, number


def _show(db: sqlite3.Connection, judge: str, values: Mapping[str, object]) -> set[int]:
    """Brings some of the touched papers' flags, and what is counted by them, up to their marks."""
    db.execute("DELETE FROM moved")
    db.execute(judge, values)
    special = [id_ for (id_,) in db.execute("SELECT id FROM moved WHERE after IS NULL")]
    if special:
        with Batch(db) as batch:
            project_states(batch, special)
    touched = {id_ for (id_,) in db.execute("SELECT id FROM moved")}
    db.execute("DELETE FROM moved WHERE after IS NULL OR after = before")
    _count(db)
    db.execute(
        "UPDATE paper SET flags = (SELECT after FROM moved v WHERE v.id = paper.id) "
        "WHERE id IN (SELECT id FROM moved)"
    )
    return touched


def _count(db: sqlite3.Connection) -> None:
    """Counts the papers whose flags move by their new flags, and as unread where they are."""
    tally: Counter[int] = Counter()
    for before, after, many in db.execute("SELECT before, after, count(*) FROM moved GROUP BY before, after"):
        tally[before] -= many
        tally[after] += many
    unread: Counter[int] = Counter()
    for then, now, count in (("=", "<>", unread.subtract), ("<>", "=", unread.update)):
        found = db.execute(
            "SELECT m.label FROM moved v CROSS JOIN member m ON m.paper = v.id "
            f"WHERE v.before & {_SEEN} {then} 0 AND v.after & {_SEEN} {now} 0"
        )
        count(chain.from_iterable(found))
    count_moved(db, tally, Counter(), unread)
