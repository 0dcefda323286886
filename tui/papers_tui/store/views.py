"""Looking into the store: rows for a list, all that is held of a paper, and what the sidebar counts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from papers_tui.domain.identity import by_strength
from papers_tui.domain.marks import DISMISSED, LATER, READ, STARRED
from papers_tui.domain.paper import Paper, PaperRow
from papers_tui.late import TYPE_CHECKING, dataclass
from papers_tui.store.columns import HAS
from papers_tui.store.finding import Search, condition
from papers_tui.store.stored import stored, stored_paper

if TYPE_CHECKING:
    from typing import Any

GROUPED: Mapping[str, str] = {
    "date": "substr(p.published, 1, 10)",
    "edition": "p.edition",
    "upvotes": "p.upvotes",
    "comments": "p.comments",
    "stars": "p.stars",
    "title": "substr(p.title, 1, 1)",
    "added": "p.added",
}
"""What papers that are sorted so can be grouped by: a value that those of a group, and of several, have in common."""

_COLUMNS = "id, ident, title, authors, published, edition, upvotes, comments, stars, has, flags"

Held = tuple[int, Paper, str, tuple[str, ...]]
"""A paper's row, its record, when it first came in, and its sources."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A label with how many papers carry it and how many of them are neither read nor dismissed."""

    kind: str
    name: str
    total: int
    unread: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sidebar shows: the fixed views by name, as (total, unread), and the labels by kind.

    `labels` has "edition" (latest first), "source", "tag", "cat", "org" and "topic"; the last three hold only
    labels that several papers share, the most frequent first.
    """

    fixed: Mapping[str, tuple[int, int]]
    labels: Mapping[str, tuple[Counted, ...]]


def newest(db: sqlite3.Connection) -> int:
    """The highest row number there ever was; papers that come later have higher ones."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name='paper'").fetchone()
    return int(row[0]) if row else 0


def breakdown(db: sqlite3.Connection, search: Search, kind: str) -> tuple[tuple[str, int], ...]:
    """The labels of a kind on the papers that are looked for, each with how many of them carry it, most first."""
    asked = condition(db, search)
    found = db.execute(
        "SELECT l.name, count(*) FROM paper p JOIN member m ON m.paper = p.id JOIN label l ON l.id = m.label "
        f"WHERE l.kind = :kind AND {asked.sql} GROUP BY l.id ORDER BY count(*) DESC, l.folded",
        {**asked.values, "kind": kind},
    )
    return tuple(found.fetchall())


def rows(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, PaperRow]:
    """The list rows of some papers; a row that is no longer there is left out."""
    found = db.execute(
        f"SELECT {_COLUMNS} FROM paper WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {row[0]: _paper_row(row) for row in found}


def touch(db: sqlite3.Connection, ids: Iterable[int], texts: Iterable[int]) -> None:
    """Reads the list rows of some papers, and the records, keys and labels of others, for whoever wants them soon."""
    for table, row, column, wanted in (
        ("paper", "id", "title", ids),
        ("body", "id", "record", texts),
        ("key INDEXED BY key_paper", "paper", "key", texts),
        ("member INDEXED BY member_paper", "paper", "label", texts),
    ):
        db.execute(
            f"SELECT total(length({column})) FROM {table} WHERE {row} IN (SELECT value FROM json_each(?))",
            (json.dumps(list(wanted)),),
        ).fetchone()


def heads(db: sqlite3.Connection, ids: Sequence[int], by: str) -> list[tuple[int, str | int | None]]:
    """Where in a list the value of GROUPED[by] changes: the places, and the value of the papers from there on.

    A row that is no longer there goes with the one before it.
    """
    values = dict(
        db.execute(
            f"SELECT p.id, {GROUPED[by]} FROM paper p WHERE p.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )
    found: list[tuple[int, str | int | None]] = []
    for place, id_ in enumerate(ids):
        if id_ in values and (not found or values[id_] != found[-1][1]):
            found.append((place, values[id_]))
    return found


def without(db: sqlite3.Connection, ids: Iterable[int], flags: int) -> set[int]:
    """Those of the rows that have none of these flags."""
    found = db.execute(
        "SELECT id FROM paper WHERE id IN (SELECT value FROM json_each(?)) AND flags & ? = 0",
        (json.dumps(list(ids)), flags),
    )
    return {id_ for (id_,) in found}


def flags(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """The flags of some papers (`marks.READ` and so on); a row that is no longer there is left out."""
    return dict(
        db.execute(
            "SELECT id, flags FROM paper WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )


def survivors(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, int]:
    """Which of these rows were merged into another, and into which."""
    return dict(
        db.execute(
            "SELECT id, survivor FROM forward WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
    )


def keys(db: sqlite3.Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The keys of some papers, strongest first."""
    found: dict[int, list[str]] = {}
    for id_, key in db.execute(
        "SELECT paper, key FROM key WHERE paper IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    ):
        found.setdefault(id_, []).append(key)
    return {id_: _in_order(several) for id_, several in found.items()}


def _in_order(keys: list[str]) -> tuple[str, ...]:
    keys.sort()
    # As with most papers, and it takes a fifth of the time.
    if len(keys) == 2 and keys[0].startswith("arxiv:"):
        return (keys[0], keys[1])
    return by_strength(tuple(keys))


def holdings(db: sqlite3.Connection, ids: Iterable[int]) -> list[Held]:
    """What is held of some papers in the order given; sources in the order they first came."""
    wanted = list(ids)
    marks = json.dumps(wanted)
    sources: dict[int, list[str]] = {}
    for id_, name in db.execute(
        "SELECT m.paper, l.name FROM member m JOIN label l ON l.id = m.label WHERE l.kind='source' "
        "AND m.paper IN (SELECT value FROM json_each(?)) ORDER BY l.id",
        (marks,),
    ):
        sources.setdefault(id_, []).append(name)
    found = {
        id_: (id_, stored_paper(record), added, tuple(sources.get(id_, ())))
        for id_, record, added in db.execute(
            "SELECT p.id, b.record, p.added FROM paper p JOIN body b ON b.id = p.id "
            "WHERE p.id IN (SELECT value FROM json_each(?))",
            (marks,),
        )
    }
    return [found[id_] for id_ in wanted if id_ in found]


def by_key(db: sqlite3.Connection, key: str) -> tuple[tuple[int, str], ...]:
    """The (row, id) of papers with this key; failing that, of those with a key that begins so, at most nine."""
    exact = db.execute(
        "SELECT p.id, p.ident FROM key k JOIN paper p ON p.id = k.paper WHERE k.key=?", (key,)
    ).fetchall()
    if exact or not key:
        return tuple(exact)
    found = db.execute(
        "SELECT DISTINCT p.id, p.ident FROM key k JOIN paper p ON p.id = k.paper "
        "WHERE k.key >= ? AND k.key < ? LIMIT 9",
        (key, key + "\U0010ffff"),
    )
    return tuple(found.fetchall())


def rows_of_keys(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, int]:
    """The rows of the papers that have these very keys."""
    return dict(
        db.execute(
            "SELECT key, paper FROM key WHERE key IN (SELECT value FROM json_each(?))",
            (json.dumps(list(keys)),),
        )
    )


def counts(db: sqlite3.Connection) -> Counts:
    tally = db.execute("SELECT flags, n FROM tally WHERE n > 0").fetchall()
    fixed = {
        "inbox": _count(tally, READ | DISMISSED | LATER, 0),
        "starred": _count(tally, STARRED, STARRED),
        "later": _count(tally, LATER, LATER),
        "all": _count(tally, DISMISSED, 0),
        "dismissed": _count(tally, DISMISSED, DISMISSED),
    }
    labels = {
        "edition": _labels(db, "edition", "total > 0 ORDER BY folded DESC"),
        "source": _labels(db, "source", "total > 0 ORDER BY id DESC"),
        "tag": _labels(db, "tag", "total > 0 ORDER BY folded"),
        "cat": _labels(db, "cat", "total > 1 ORDER BY total DESC, folded LIMIT 12"),
        "org": _labels(db, "org", "total > 1 ORDER BY total DESC, folded LIMIT 16"),
        "topic": _labels(db, "topic", "total > 2 ORDER BY total DESC, folded LIMIT 24"),
    }
    return Counts(fixed, labels)


def _count(tally: list[tuple[int, int]], mask: int, wanted: int) -> tuple[int, int]:
    inside = [(flags, n) for flags, n in tally if flags & mask == wanted]
    return sum(n for _, n in inside), sum(n for flags, n in inside if flags & (READ | DISMISSED) == 0)


def _labels(db: sqlite3.Connection, kind: str, which: str) -> tuple[Counted, ...]:
    found = db.execute(f"SELECT kind, name, total, unread FROM label WHERE kind=? AND {which}", (kind,))
    return tuple(Counted(*row) for row in found)


def _paper_row(row: tuple[Any, ...]) -> PaperRow:
    id_, ident, title, authors, published, edition, upvotes, comments, stars, has, flags = row
    names, count, *last = stored(authors)
    first = tuple(names)
    return PaperRow(
        id_,
        ident,
        title,
        first,
        count,
        published,
        edition,
        upvotes,
        comments,
        stars,
        bool(has & HAS["code"]),
        flags,
        *last,
    )
