"""Putting papers into the store: new, merged, or unchanged, with all that hangs on them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.links import repository
from papers_tui.domain.marks import State, fold
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import merged, same_paper
from papers_tui.domain.record import from_record, to_record
from papers_tui.domain.text import fold_words
from papers_tui.domain.topics import folded, topics

_UNDATED = -(10**12)
"""Sort time of the first paper without a date: below every date, and one less for each that came later."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the records of one file: every record is one of the three."""

    new: int = 0
    merged: int = 0
    unchanged: int = 0

    @property
    def read(self) -> int:
        return self.new + self.merged + self.unchanged

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.new + other.new, self.merged + other.merged, self.unchanged + other.unchanged)


NOTHING = Tally()


def add_papers(db: sqlite3.Connection, papers: Iterable[Paper], *, source: str | None, added: str) -> Tally:
    """Adds the papers as seen in `source`, inside the caller's transaction. `added` is a UTC time as text."""
    new = merged_count = unchanged = 0
    label = label_id(db, "source", source) if source else None
    for paper in papers:
        ids = _matching(db, paper)
        if not ids:
            id_ = _insert(db, paper, added)
            new += 1
            changed = True
        else:
            id_ = ids[0]
            changed = _merge_rows(db, id_, ids[1:]) | _update(db, id_, paper)
        if label is not None:
            seen = db.execute("INSERT OR IGNORE INTO member VALUES(?,?)", (label, id_)).rowcount > 0
            changed = changed or seen
        if ids:
            merged_count += changed
            unchanged += not changed
    return Tally(new, merged_count, unchanged)


def label_id(db: sqlite3.Connection, kind: str, name: str) -> int:
    """The row of a label, made where there is none. Names of files differ by their case."""
    key = name if kind == "source" else folded(name)
    row = db.execute("SELECT id FROM label WHERE kind=? AND folded=?", (kind, key)).fetchone()
    if row:
        return int(row[0])
    cursor = db.execute("INSERT INTO label(kind, folded, name) VALUES(?,?,?)", (kind, key, name))
    return int(cursor.lastrowid or 0)


def load_paper(db: sqlite3.Connection, id_: int) -> Paper:
    """The whole paper of a row. Raises KeyError where there is no such row."""
    row = db.execute("SELECT record FROM body WHERE id=?", (id_,)).fetchone()
    if row is None:
        raise KeyError(id_)
    return from_record(json.loads(row[0]))


def load_state(db: sqlite3.Connection, keys: Iterable[str]) -> State:
    """What the user did to the paper that has these keys: a mark on any of them counts.

    Not so a mark that was made on a paper with another arXiv id: two papers may share a text.
    """
    named = tuple(keys)
    rows = db.execute(
        "SELECT register, value, ms, counter, writer, seq FROM mark "
        "WHERE key IN (SELECT value FROM json_each(:keys)) AND (about IN ('', :own) OR :own = '')",
        {"keys": json.dumps(named), "own": key_arxiv_id(named) or ""},
    )
    return fold((register, _value(value, register), (ms, c, w, n)) for register, value, ms, c, w, n in rows)


def project_state(db: sqlite3.Connection, id_: int) -> None:
    """Brings a paper's flags, tags and searchable words up to what its marks say."""
    paper = load_paper(db, id_)
    state = load_state(db, _keys(db, id_))
    db.execute("UPDATE paper SET flags=? WHERE id=? AND flags<>?", (state.flags, id_, state.flags))
    wanted = {label_id(db, "tag", tag) for tag in state.tags}
    _set_members(db, id_, ("tag",), wanted)
    mine = _mine(state)
    (former,) = db.execute("SELECT mine FROM body WHERE id=?", (id_,)).fetchone()
    if mine != former:
        _unindex(db, id_, paper, former)
        _index(db, id_, paper, mine)
        db.execute("UPDATE body SET mine=? WHERE id=?", (mine, id_))


def _value(value: object, register: str) -> bool | str:
    if register == "note":
        return str(value)
    return bool(value)


def _matching(db: sqlite3.Connection, paper: Paper) -> list[int]:
    """The rows that are this paper, the oldest first; never two with an arXiv id each."""
    found: set[int] = set()
    keys = paper.keys
    for row in _owners(db, paper.keys).values():
        if row not in found and same_paper(theirs := _keys(db, row), keys):
            found.add(row)
            keys = (*keys, *theirs)
    return sorted(found)


def _owners(db: sqlite3.Connection, keys: Iterable[str]) -> dict[str, int]:
    """The rows of those of the keys that are known; a key has one row, the first paper that brought it."""
    found = ((key, db.execute("SELECT paper FROM key WHERE key=?", (key,)).fetchone()) for key in keys)
    return {key: row[0] for key, row in found if row}


def _keys(db: sqlite3.Connection, id_: int) -> tuple[str, ...]:
    return tuple(key for (key,) in db.execute("SELECT key FROM key WHERE paper=?", (id_,)))


def _insert(db: sqlite3.Connection, paper: Paper, added: str) -> int:
    taken = _owners(db, paper.keys)
    owned = [key for key in paper.keys if key not in taken]
    state = load_state(db, owned)
    mine = _mine(state)
    row = _row(paper)
    cursor = db.execute(
        "INSERT INTO paper(ident, ts, title, authors, published, edition, upvotes, comments, stars, code, flags, "
        "added) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        (*row, state.flags, added),
    )
    id_ = int(cursor.lastrowid or 0)
    if paper.published is None:
        db.execute("UPDATE paper SET ts=? WHERE id=?", (_UNDATED - id_, id_))
    record = json.dumps(to_record(paper), ensure_ascii=False, separators=(",", ":"))
    db.execute("INSERT INTO body VALUES(?,?,?)", (id_, record, mine))
    db.executemany("INSERT OR IGNORE INTO key VALUES(?,?)", ((key, id_) for key in owned))
    _index(db, id_, paper, mine)
    labels = _labels(db, paper) | {label_id(db, "tag", tag) for tag in state.tags}
    db.executemany("INSERT OR IGNORE INTO member VALUES(?,?)", ((label, id_) for label in sorted(labels)))
    return id_


def _update(db: sqlite3.Connection, id_: int, parsed: Paper) -> bool:
    known = load_paper(db, id_)
    paper = merged(known, parsed)
    if paper == known:
        return False
    row = _row(paper)
    db.execute(
        "UPDATE paper SET ident=?, ts=?, title=?, authors=?, published=?, edition=?, upvotes=?, comments=?, stars=?, "
        "code=? WHERE id=?",
        (*row, id_),
    )
    if paper.published is None:
        db.execute("UPDATE paper SET ts=? WHERE id=?", (_UNDATED - id_, id_))
    record = json.dumps(to_record(paper), ensure_ascii=False, separators=(",", ":"))
    (mine,) = db.execute("SELECT mine FROM body WHERE id=?", (id_,)).fetchone()
    db.execute("UPDATE body SET record=? WHERE id=?", (record, id_))
    if _words(paper, mine) != _words(known, mine):
        _unindex(db, id_, known, mine)
        _index(db, id_, paper, mine)
    _set_members(db, id_, ("edition", "cat", "org", "topic"), _labels(db, paper))
    if paper.keys != known.keys:
        db.executemany("INSERT OR IGNORE INTO key VALUES(?,?)", ((key, id_) for key in paper.keys))
        project_state(db, id_)
    return True


def _merge_rows(db: sqlite3.Connection, survivor: int, others: list[int]) -> bool:
    """Makes several rows that turned out to be one paper one row; the others forward to it."""
    for other in others:
        paper = load_paper(db, other)
        (mine,) = db.execute("SELECT mine FROM body WHERE id=?", (other,)).fetchone()
        sources = db.execute(
            "SELECT m.label FROM member m JOIN label l ON l.id = m.label WHERE m.paper=? AND l.kind='source'",
            (other,),
        ).fetchall()
        _unindex(db, other, paper, mine)
        db.execute("DELETE FROM member WHERE paper=?", (other,))
        db.execute("DELETE FROM body WHERE id=?", (other,))
        db.execute("UPDATE key SET paper=? WHERE paper=?", (survivor, other))
        db.execute("DELETE FROM paper WHERE id=?", (other,))
        db.execute("UPDATE forward SET survivor=? WHERE survivor=?", (survivor, other))
        db.execute("INSERT INTO forward VALUES(?,?)", (other, survivor))
        db.executemany(
            "INSERT OR IGNORE INTO member VALUES(?,?)", ((label, survivor) for (label,) in sources)
        )
        _update(db, survivor, paper)
    return bool(others)


def _row(paper: Paper) -> tuple[object, ...]:
    authors = json.dumps(
        [paper.authors[:3], len(paper.authors) or paper.author_count or 0], ensure_ascii=False
    )
    code = int(repository(paper.links) is not None)
    counts = (paper.upvotes, paper.comments, paper.stars)
    time = sort_time(paper.published) if paper.published else 0
    return (paper.id, time, paper.title, authors, paper.published, paper.edition, *counts, code)


def sort_time(published: str) -> int:
    """Seconds since 1970 of a date or a time; a bare day counts as its first second."""
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _labels(db: sqlite3.Connection, paper: Paper) -> set[int]:
    labels = {label_id(db, kind, name) for kind, name in topics(paper)}
    return labels | {label_id(db, "edition", paper.edition)} if paper.edition else labels


def _set_members(db: sqlite3.Connection, id_: int, kinds: tuple[str, ...], wanted: set[int]) -> None:
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


def _mine(state: State) -> str:
    return "\n".join((*state.tags, state.note)).strip()


def _words(paper: Paper, mine: str) -> tuple[str, str, str, str]:
    return (
        fold_words(paper.title),
        fold_words("\n".join(paper.authors)),
        fold_words(paper.abstract),
        fold_words(mine),
    )


def _index(db: sqlite3.Connection, id_: int, paper: Paper, mine: str) -> None:
    db.execute(
        "INSERT INTO search(rowid, title, authors, abstract, mine) VALUES(?,?,?,?,?)",
        (id_, *_words(paper, mine)),
    )


def _unindex(db: sqlite3.Connection, id_: int, paper: Paper, mine: str) -> None:
    """A contentless index forgets a row only when it is told the very words it was given."""
    db.execute(
        "INSERT INTO search(search, rowid, title, authors, abstract, mine) VALUES('delete',?,?,?,?,?)",
        (id_, *_words(paper, mine)),
    )
