"""The rules as the store keeps them, and what they do to its papers."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date

from papers_tui.domain.errors import QueryError
from papers_tui.domain.rules import Rule, Ruled, Rules, query_of
from papers_tui.domain.topics import folded
from papers_tui.late import dataclass
from papers_tui.store.batch import Batch
from papers_tui.store.conditions import Condition
from papers_tui.store.rows import project_states
from papers_tui.store.stored import stored


@dataclass(frozen=True, slots=True)
class Ruling:
    """The `rules` that hold, the UTC `day` that their relative dates count from, and whether all is `done`.

    Papers that come or change are ruled at once; `done` is about those that were here when the rules changed.
    """

    rules: Rules = ()
    day: date = date.min
    done: bool = True


def load_ruling(db: sqlite3.Connection) -> Ruling:
    """The rules that hold in this store."""
    row = db.execute("SELECT rules, day, done FROM ruling").fetchone()
    if row is None:
        return Ruling()
    rules = tuple(Rule(name, when, tuple(do)) for name, when, do in stored(row[0]))
    return Ruling(rules, date.fromisoformat(row[1]), bool(row[2]))


def save_ruling(db: sqlite3.Connection, ruling: Ruling) -> None:
    """Puts other rules in place of those that hold, inside the caller's transaction; no paper is touched."""
    text = json.dumps([(rule.name, rule.when, rule.do) for rule in ruling.rules])
    db.execute("DELETE FROM ruling")
    db.execute("INSERT INTO ruling VALUES(?,?,?)", (text, ruling.day.isoformat(), ruling.done))


def apply_rules(db: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Brings these rows up to what the rules say, inside the caller's transaction."""
    moved = []
    for id_, wanted, former in _differences(db, list(rows)):
        db.execute("DELETE FROM ruled WHERE paper=?", (id_,))
        values = ((id_, one.register, one.number, one.name) for one in wanted)
        db.executemany("INSERT INTO ruled VALUES(?,?,?,?)", values)
        if {one.register for one in wanted} != {one.register for one in former}:
            moved.append(id_)
    with Batch(db) as batch:
        project_states(batch, moved)


def out_of_line(db: sqlite3.Connection) -> list[int]:
    """The rows to which the rules did not do yet what they say."""
    return [id_ for id_, _, _ in _differences(db, None)]


def _differences(
    db: sqlite3.Connection, rows: list[int] | None
) -> list[tuple[int, tuple[Ruled, ...], tuple[Ruled, ...]]]:
    """Of these rows, or of all, those for which rules say another thing than is kept: both, in order."""
    if rows is not None and not rows:
        return []
    wanted: dict[int, dict[str, Ruled]] = {}
    ruling = load_ruling(db)
    for number, rule in enumerate(ruling.rules, 1):
        sets = {folded(register): Ruled(register, number, rule.name) for register in rule.do}
        for id_ in _hits(db, rule, rows, ruling.day):
            wanted[id_] = sets | wanted.get(id_, {})
    kept = _kept(db, rows)
    plain = {id_: _sorted(sets) for id_, sets in wanted.items()}
    return [
        (id_, plain.get(id_, ()), kept.get(id_, ()))
        for id_ in sorted(plain.keys() | kept.keys())
        if plain.get(id_, ()) != kept.get(id_, ())
    ]


def _hits(db: sqlite3.Connection, rule: Rule, rows: list[int] | None, today: date) -> list[int]:
    try:
        condition = Condition(db, query_of(rule), since="", today=today, span=_span(db, rows))
    except QueryError:  # kept by a version that could read it; whoever reads the file anew is told
        return []
    among, values = _among("p.id", rows)
    found = db.execute(
        f"SELECT p.id FROM paper p WHERE {among} AND {condition.sql}", condition.values | values
    )
    return [id_ for (id_,) in found]


def _span(db: sqlite3.Connection, rows: list[int] | None) -> tuple[int, int] | None:
    """The places between which these rows are; None for all rows."""
    if rows is None:
        return None
    among, values = _among("id", rows)
    first, last = db.execute(f"SELECT min(place), max(place) FROM paper WHERE {among}", values).fetchone()
    return first or 0, last or 0


def _kept(db: sqlite3.Connection, rows: list[int] | None) -> Mapping[int, tuple[Ruled, ...]]:
    among, values = _among("paper", rows)
    kept: dict[int, dict[str, Ruled]] = {}
    for id_, *ruled in db.execute(f"SELECT paper, register, number, name FROM ruled WHERE {among}", values):
        kept.setdefault(id_, {})[ruled[0]] = Ruled(*ruled)
    return {id_: _sorted(sets) for id_, sets in kept.items()}


def _among(column: str, rows: list[int] | None) -> tuple[str, dict[str, object]]:
    if rows is None:
        return "1", {}
    return f"{column} IN (SELECT value FROM json_each(:rows))", {"rows": json.dumps(rows)}


def _sorted(sets: Mapping[str, Ruled]) -> tuple[Ruled, ...]:
    return tuple(sorted(sets.values(), key=lambda one: one.register))
