"""One paper's row with all that hangs on it: body, keys, labels, and the words it is found by."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from json.encoder import encode_basestring as quoted

from papers_tui.domain.links import offers
from papers_tui.domain.marks import State
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import quoted_all, record_text
from papers_tui.domain.timeline import place
from papers_tui.domain.topics import topics
from papers_tui.store.batch import Batch
from papers_tui.store.columns import HAS
from papers_tui.store.fresh import SEE_VERSION, free_place
from papers_tui.store.state import load_ruled
from papers_tui.store.stored import stored_paper
from papers_tui.store.wording import Wording

_OWN_LABELS = frozenset({"edition", "cat", "org", "topic", "announce"})
"""The kinds of label that follow from a paper's record."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def load_paper(db: sqlite3.Connection, id_: int) -> Paper:
    """The whole paper of a row. Raises KeyError where there is no such row."""
    row = db.execute("SELECT record FROM body WHERE id=?", (id_,)).fetchone()
    if row is None:
        raise KeyError(id_)
    return stored_paper(row[0])


def owned_keys(db: sqlite3.Connection, id_: int) -> tuple[str, ...]:
    """The keys that stand for this row; of those that several papers carry, only one's."""
    return tuple(key for (key,) in db.execute("SELECT key FROM key WHERE paper=?", (id_,)))


def record_of(paper: Paper) -> str:
    """A paper as the store writes it."""
    return record_text(paper)


def insert(batch: Batch, paper: Paper, owned: Iterable[str], state: State, record: str, added: str) -> int:
    """A new row with the paper's `record`; `owned` are those of its keys that stand for it, `state` is theirs.

    It is there when the batch has settled.
    """
    mine, flags = _mine(state), state.flags
    id_ = batch.next_row()
    labels = _labels(batch, paper)
    if state.tags:
        labels |= _tags(batch, state)
    batch.begin(id_, flags, labels)
    fresh = batch.fresh
    fresh.wordings[id_] = Wording(place(paper.published, paper.id, id_), paper, mine)
    fresh.papers.append((*_row(paper), flags, added))
    fresh.bodies.append((id_, record, mine))
    fresh.keys += [(key, id_) for key in owned]
    if paper.version:
        fresh.versions.append((id_, paper.version, added))
    return id_


def update(batch: Batch, id_: int, known: Paper, paper: Paper, record: str, when: str) -> None:
    """Makes the row's paper and its `record` these, where it was `known`; its keys are the caller's."""
    db = batch.db
    former, mine = _where_and_mine(db, id_)
    wanted = place(paper.published, paper.id, id_)
    where = former if wanted == place(known.published, known.id, id_) else free_place(db, wanted)
    db.execute(
        "UPDATE paper SET place=?, ident=?, title=?, authors=?, published=?, edition=?, upvotes=?, comments=?, "
        "stars=?, has=? WHERE id=?",
        (where, *_row(paper), id_),
    )
    db.execute("UPDATE body SET record=? WHERE id=?", (record, id_))
    batch.unindex(id_, Wording(former, known, mine))
    batch.index(id_, Wording(where, paper, mine))
    batch.set_labels(id_, _OWN_LABELS, _labels(batch, paper))
    if paper.version:
        db.execute(SEE_VERSION, (id_, paper.version, when))


def delete(batch: Batch, id_: int) -> None:
    """Takes the row away, with all but its keys' owner: those are the caller's to give to another."""
    db = batch.db
    where, mine = _where_and_mine(db, id_)
    batch.unindex(id_, Wording(where, load_paper(db, id_), mine))
    batch.end(id_)
    for table in ("reading", "shared_key", "version", "ruled", "key"):
        db.execute(f"DELETE FROM {table} WHERE paper=?", (id_,))
    db.execute("DELETE FROM body WHERE id=?", (id_,))
    db.execute("DELETE FROM paper WHERE id=?", (id_,))


def project_states(batch: Batch, ids: Iterable[int]) -> None:
    """Brings papers' flags, tags and searchable words up to what their marks and the rules say."""
    db = batch.db
    listed = list(ids)
    marks = json.dumps(listed)
    among = "IN (SELECT value FROM json_each(?))"
    keys: dict[int, list[str]] = {}
    for id_, key in db.execute(f"SELECT paper, key FROM key WHERE paper {among}", (marks,)):
        keys.setdefault(id_, []).append(key)
    former = dict(db.execute(f"SELECT id, mine FROM body WHERE id {among}", (marks,)))
    batch.know(listed)
    states = load_ruled(db, {id_: tuple(keys.get(id_, ())) for id_ in listed})
    changed = []
    for id_, (state, _) in states.items():
        batch.set_flags(id_, state.flags)
        batch.set_labels(id_, ("tag",), _tags(batch, state))
        mine = _mine(state)
        if mine != former[id_]:
            (where,) = db.execute("SELECT place FROM paper WHERE id=?", (id_,)).fetchone()
            paper = load_paper(db, id_)
            batch.unindex(id_, Wording(where, paper, former[id_]))
            batch.index(id_, Wording(where, paper, mine))
            changed.append((mine, id_))
    db.executemany("UPDATE body SET mine=? WHERE id=?", changed)


def _where_and_mine(db: sqlite3.Connection, id_: int) -> tuple[int, str]:
    where, mine = db.execute(
        "SELECT p.place, b.mine FROM paper p JOIN body b ON b.id = p.id WHERE p.id=?", (id_,)
    ).fetchone()
    return where, mine


def _row(paper: Paper) -> tuple[object, ...]:
    first, rest = paper.authors[:3], paper.authors[3:]
    count = len(paper.authors) or paper.author_count or 0
    authors = f"[{','.join([quoted_all(first), str(count), *map(quoted, rest[-1:])])}]"
    has = sum(map(HAS.__getitem__, offers(paper)))
    counts = (paper.upvotes, paper.comments, paper.stars)
    return (paper.id, paper.title, authors, paper.published, paper.edition, *counts, has)


def _labels(batch: Batch, paper: Paper) -> set[int]:
    own = (("edition", paper.edition), ("announce", paper.announce))
    return batch.labels([*topics(paper), *[(kind, name) for kind, name in own if name]])


def _tags(batch: Batch, state: State) -> set[int]:
    return batch.labels([("tag", tag) for tag in state.tags])


def _mine(state: State) -> str:
    """The user's words on a paper, as they are indexed: the note, then the tags; empty where there are none."""
    if not state.note and not state.tags:
        return ""
    return _ENCODER.encode((state.note, *state.tags))
