"""One paper's row with all that hangs on it: body, keys, labels, and its words in the index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from papers_tui.domain.links import offers
from papers_tui.domain.marks import State
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import from_record, to_record
from papers_tui.domain.text import index_words, spelt_out, split_words
from papers_tui.domain.topics import folded, topics
from papers_tui.store.state import load_ruled, load_state

_UNDATED = -(10**12)
"""Sort time of the first paper without a date: below every date, and one less for each that came later."""

_OWN_LABELS = ("edition", "cat", "org", "topic", "announce")
"""The kinds of label that follow from a paper's record."""


HAS = {"code": 1, "pdf": 2, "project": 4, "model": 8, "dataset": 16}
"""The bits of a paper's `has`."""


class Labels:
    """The rows of labels, each looked up once: for as long as no label is taken away, a transaction at most."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[str, str], int] = {}

    def id_of(self, kind: str, name: str) -> int:
        """The row of a label, made where there is none. Names of sources differ by their case."""
        known = self._known.get((kind, name))
        if known is None:
            known = self._known[kind, name] = self._find(kind, name)
        return known

    def _find(self, kind: str, name: str) -> int:
        key = name if kind == "source" else folded(name)
        row = self._db.execute("SELECT id FROM label WHERE kind=? AND folded=?", (kind, key)).fetchone()
        if row:
            return int(row[0])
        cursor = self._db.execute(
            "INSERT INTO label(kind, folded, name, words) VALUES(?,?,?,?)",
            (kind, key, name, label_words(name)),
        )
        return int(cursor.lastrowid or 0)


def load_paper(db: sqlite3.Connection, id_: int) -> Paper:
    """The whole paper of a row. Raises KeyError where there is no such row."""
    row = db.execute("SELECT record FROM body WHERE id=?", (id_,)).fetchone()
    if row is None:
        raise KeyError(id_)
    return from_record(json.loads(row[0]))


def owned_keys(db: sqlite3.Connection, id_: int) -> tuple[str, ...]:
    """The keys that stand for this row; of those that several papers carry, only one's."""
    return tuple(key for (key,) in db.execute("SELECT key FROM key WHERE paper=?", (id_,)))


def record_of(paper: Paper) -> str:
    """A paper as the store writes it."""
    return json.dumps(to_record(paper), ensure_ascii=False, separators=(",", ":"))


def insert(
    db: sqlite3.Connection, labels: Labels, paper: Paper, owned: Iterable[str], record: str, added: str
) -> int:
    """A new row with the paper's `record`; `owned` are those of its keys that stand for it."""
    owned = tuple(owned)
    state = load_state(db, owned)
    mine = _mine(state)
    cursor = db.execute(
        "INSERT INTO paper(ident, ts, title, authors, published, edition, upvotes, comments, stars, has, flags, "
        "added) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        (*_row(paper), state.flags, added),
    )
    id_ = int(cursor.lastrowid or 0)
    if paper.published is None:
        db.execute("UPDATE paper SET ts=? WHERE id=?", (_UNDATED - id_, id_))
    db.execute("INSERT INTO body VALUES(?,?,?)", (id_, record, mine))
    db.executemany("INSERT INTO key VALUES(?,?)", ((key, id_) for key in owned))
    _index(db, id_, paper, mine)
    own = _labels(labels, paper) | {labels.id_of("tag", tag) for tag in state.tags}
    db.executemany("INSERT INTO member VALUES(?,?)", ((label, id_) for label in sorted(own)))
    _see_version(db, id_, paper, added)
    return id_


def update(
    db: sqlite3.Connection, labels: Labels, id_: int, known: Paper, paper: Paper, record: str, when: str
) -> None:
    """Makes the row's paper and its `record` these, where it was `known`; its keys are the caller's."""
    db.execute(
        "UPDATE paper SET ident=?, ts=?, title=?, authors=?, published=?, edition=?, upvotes=?, comments=?, stars=?, "
        "has=? WHERE id=?",
        (*_row(paper), id_),
    )
    if paper.published is None:
        db.execute("UPDATE paper SET ts=? WHERE id=?", (_UNDATED - id_, id_))
    (mine,) = db.execute("SELECT mine FROM body WHERE id=?", (id_,)).fetchone()
    db.execute("UPDATE body SET record=? WHERE id=?", (record, id_))
    if _words(paper, mine) != _words(known, mine):
        _unindex(db, id_, known, mine)
        _index(db, id_, paper, mine)
    set_labels(db, id_, _OWN_LABELS, _labels(labels, paper))
    _see_version(db, id_, paper, when)


def delete(db: sqlite3.Connection, id_: int) -> None:
    """Takes the row away, with all but its keys' owner: those are the caller's to give to another."""
    paper = load_paper(db, id_)
    (mine,) = db.execute("SELECT mine FROM body WHERE id=?", (id_,)).fetchone()
    _unindex(db, id_, paper, mine)
    for table in ("member", "reading", "shared_key", "version", "ruled"):
        db.execute(f"DELETE FROM {table} WHERE paper=?", (id_,))
    db.execute("DELETE FROM key WHERE paper=?", (id_,))
    db.execute("DELETE FROM body WHERE id=?", (id_,))
    db.execute("DELETE FROM paper WHERE id=?", (id_,))


def project_state(db: sqlite3.Connection, id_: int) -> None:
    """Brings a paper's flags, tags and searchable words up to what its marks and the rules say."""
    state, _ = load_ruled(db, id_, owned_keys(db, id_))
    db.execute("UPDATE paper SET flags=? WHERE id=? AND flags<>?", (state.flags, id_, state.flags))
    set_labels(db, id_, ("tag",), {Labels(db).id_of("tag", tag) for tag in state.tags})
    mine = _mine(state)
    (former,) = db.execute("SELECT mine FROM body WHERE id=?", (id_,)).fetchone()
    if mine != former:
        paper = load_paper(db, id_)
        _unindex(db, id_, paper, former)
        _index(db, id_, paper, mine)
        db.execute("UPDATE body SET mine=? WHERE id=?", (mine, id_))


def set_labels(db: sqlite3.Connection, id_: int, kinds: tuple[str, ...], wanted: set[int]) -> bool:
    """Makes `wanted` the labels of these kinds that a paper carries; whether that changed anything."""
    marks = ",".join("?" * len(kinds))
    rows = db.execute(
        f"SELECT m.label FROM member m JOIN label l ON l.id = m.label WHERE m.paper=? AND l.kind IN ({marks})",
        (id_, *kinds),
    )
    present = {label for (label,) in rows}
    for label in present - wanted:
        db.execute("DELETE FROM member WHERE label=? AND paper=?", (label, id_))
    for label in wanted - present:
        db.execute("INSERT INTO member VALUES(?,?)", (label, id_))
    return present != wanted


def sort_time(published: str) -> int:
    """Seconds since 1970 of a date or a time; a bare day counts as its first second."""
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _row(paper: Paper) -> tuple[object, ...]:
    first, rest = paper.authors[:3], paper.authors[3:]
    count = len(paper.authors) or paper.author_count or 0
    authors = json.dumps([first, count, *rest[-1:]], ensure_ascii=False)
    has = sum(HAS[kind] for kind in offers(paper))
    counts = (paper.upvotes, paper.comments, paper.stars)
    time = sort_time(paper.published) if paper.published else 0
    return (paper.id, time, paper.title, authors, paper.published, paper.edition, *counts, has)


def _see_version(db: sqlite3.Connection, id_: int, paper: Paper, when: str) -> None:
    """Remembers when a version was first seen, which tells the one that was read."""
    if paper.version:
        db.execute("INSERT OR IGNORE INTO version VALUES(?,?,?)", (id_, paper.version, when))


def _labels(labels: Labels, paper: Paper) -> set[int]:
    own = (("edition", paper.edition), ("announce", paper.announce))
    named = [*topics(paper), *((kind, name) for kind, name in own if name)]
    return {labels.id_of(kind, name) for kind, name in named}


def label_words(name: str) -> str:
    """The words of a label's name in one text, a space on both sides of each, other spellings behind them."""
    return f" {' '.join(split_words(index_words((name,))))} "


def _mine(state: State) -> str:
    """The user's words on a paper, as they were indexed: the note, then the tags; empty where there are none."""
    if not state.note and not state.tags:
        return ""
    return json.dumps((state.note, *state.tags), ensure_ascii=False)


def _words(paper: Paper, mine: str) -> tuple[str, ...]:
    """The columns of the index. Names are also found with their umlauts spelt out."""
    note, *tags = json.loads(mine) if mine else [""]
    spelt = (spelt_out(name) for name in paper.authors if spelt_out(name) != name)
    return (
        index_words((paper.title,)),
        index_words((*paper.authors, *spelt)),
        index_words((paper.abstract,)),
        index_words(tags),
        index_words((note,)),
    )


def _index(db: sqlite3.Connection, id_: int, paper: Paper, mine: str) -> None:
    db.execute(
        "INSERT INTO search(rowid, title, authors, abstract, tags, note) VALUES(?,?,?,?,?,?)",
        (id_, *_words(paper, mine)),
    )


def _unindex(db: sqlite3.Connection, id_: int, paper: Paper, mine: str) -> None:
    """A contentless index forgets a row only when it is told the very words it was given."""
    db.execute(
        "INSERT INTO search(search, rowid, title, authors, abstract, tags, note) VALUES('delete',?,?,?,?,?,?)",
        (id_, *_words(paper, mine)),
    )
