"""What one transaction does to papers' flags, labels and words: gathered, and written all at once at its end."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from types import TracebackType
from typing import Self

from papers_tui.domain.marks import DISMISSED, READ
from papers_tui.domain.text import split_words
from papers_tui.domain.topics import folded
from papers_tui.late import dataclass
from papers_tui.store.fresh import Fresh
from papers_tui.store.putting import put
from papers_tui.store.wording import Wording, but_abstract, label_words


@dataclass(slots=True)
class _Row:
    """A paper's flags (None: it is not there) and labels, as the store has them and as they are to be."""

    flags_before: int | None
    labels_before: frozenset[int]
    flags: int | None
    labels: set[int]


class Batch:
    """A context inside the caller's transaction; at its end everything is written, unless it ended by an error.

    Until then flags, members and the two indexes of words are as they were in the store, and rows of new papers are
    not there unless it was settled.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.fresh = Fresh()
        self._last = 0
        self._ids: dict[tuple[str, str], int] = {}
        self._kinds: dict[int, str] = {}
        self._rows: dict[int, _Row] = {}
        self._flagged: set[int] = set()
        self._indexed: dict[int, Wording] = {}
        self._wanted: dict[int, Wording] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._write()

    # Labels

    def labels(self, named: Iterable[tuple[str, str]]) -> set[int]:
        """The rows of several labels, each given as its kind and its name."""
        return {self._ids.get(one) or self.label(*one) for one in named}

    def label(self, kind: str, name: str) -> int:
        """The row of a label, made where there is none. Names of sources differ by their case."""
        known = self._ids.get((kind, name))
        if known is None:
            known = self._ids[kind, name] = self._find(kind, name)
            self._kinds[known] = kind
        return known

    def _find(self, kind: str, name: str) -> int:
        key = name if kind == "source" else folded(name)
        row = self.db.execute("SELECT id FROM label WHERE kind=? AND folded=?", (kind, key)).fetchone()
        if row:
            return int(row[0])
        cursor = self.db.execute(
            "INSERT INTO label(kind, folded, name, words) VALUES(?,?,?,?)",
            (kind, key, name, label_words(name)),
        )
        return int(cursor.lastrowid or 0)

    def set_labels(self, id_: int, kinds: Collection[str], wanted: set[int]) -> bool:
        """Makes `wanted` the labels of these kinds that a paper carries; whether that changes anything."""
        row = self._row(id_)
        present = {label for label in row.labels if self._kinds[label] in kinds}
        row.labels.difference_update(present - wanted)
        row.labels.update(wanted)
        return present != wanted

    def add_label(self, id_: int, label: int) -> None:
        """Gives a label to a paper."""
        self._row(id_).labels.add(label)

    def exchange(self, id_: int, former: int, label: int) -> None:
        """Gives a paper a label in place of another one."""
        row = self._row(id_)
        row.labels.discard(former)
        row.labels.add(label)

    # Rows

    def next_row(self) -> int:
        """The number of a new row: higher than any there ever was."""
        if not self._last:
            found = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name='paper'").fetchone()
            self._last = int(found[0]) if found else 0
        self._last += 1
        return self._last

    def begin(self, id_: int, flags: int, labels: set[int]) -> None:
        """A row that is new in the store."""
        self._rows[id_] = _Row(None, frozenset(), flags, labels)

    def settle(self) -> None:
        """Puts the rows of new papers into the store, where they can be looked at."""
        fresh, self.fresh = self.fresh, Fresh()
        if fresh.wordings:
            self._wanted |= fresh.write(self.db)

    def set_flags(self, id_: int, flags: int) -> None:
        """Makes these the flags of a row."""
        row = self._row(id_)
        if row.flags != flags:
            row.flags = flags
            self._flagged.add(id_)

    def end(self, id_: int) -> None:
        """A row is taken out of the store."""
        row = self._row(id_)
        row.flags = None
        row.labels.clear()

    def know(self, ids: Iterable[int]) -> None:
        """Looks up at once what the store has of rows that are to change."""
        wanted = json.dumps([id_ for id_ in ids if id_ not in self._rows])
        labels: dict[int, set[int]] = {}
        for id_, label, kind in self.db.execute(
            "SELECT m.paper, m.label, l.kind FROM member m JOIN label l ON l.id = m.label "
            "WHERE m.paper IN (SELECT value FROM json_each(?))",
            (wanted,),
        ):
            labels.setdefault(id_, set()).add(label)
            self._kinds[label] = kind
        for id_, flags in self.db.execute(
            "SELECT id, flags FROM paper WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
        ):
            present = labels.get(id_, set())
            self._rows[id_] = _Row(flags, frozenset(present), flags, present)

    def _row(self, id_: int) -> _Row:
        if id_ not in self._rows:
            self.know((id_,))
        return self._rows[id_]

    # Words

    def index(self, id_: int, wording: Wording) -> None:
        """A row is to be found by these words; `unindex` has told by which it was before."""
        self._wanted[id_] = wording

    def unindex(self, id_: int, wording: Wording) -> None:
        """A row is to be found no more by the words it has been found by."""
        if self._wanted.pop(id_, None) is None:
            self._indexed.setdefault(id_, wording)

    # Writing

    def _write(self) -> None:
        self.settle()
        db = self.db
        before: dict[int, list[Collection[int]]] = {}
        after: dict[int, list[Collection[int]]] = {}
        moved: list[tuple[int, int]] = []
        gone: list[tuple[int, int]] = []
        come: dict[int, list[int]] = {}
        for id_, row in self._rows.items():
            if row.flags == row.flags_before and row.labels == row.labels_before:
                continue
            if row.flags_before is not None:
                before.setdefault(row.flags_before, []).append(row.labels_before)
            if row.flags is not None:
                after.setdefault(row.flags, []).append(row.labels)
                if id_ in self._flagged:
                    moved.append((row.flags, id_))
            gone += [(label, id_) for label in row.labels_before - row.labels]
            for label in row.labels - row.labels_before:
                come.setdefault(label, []).append(id_)
        tally, totals, unread = _counted(after)
        for counts, former in zip((tally, totals, unread), _counted(before), strict=True):
            counts.subtract(former)
        db.executemany("UPDATE paper SET flags=? WHERE id=?", moved)
        db.executemany("DELETE FROM member WHERE label=? AND paper=?", sorted(gone))
        members = [(label, id_) for label in sorted(come) for id_ in sorted(come[label])]
        put(db, "INSERT OR FAIL INTO member", members)
        count_moved(db, tally, totals, unread)
        self._write_words()

    def _write_words(self) -> None:
        before = {id_: (wording.place, wording.columns()) for id_, wording in self._indexed.items()}
        after = {id_: (wording.place, wording.columns()) for id_, wording in self._wanted.items()}
        _rewrite(self.db, "search(search, rowid, title, authors, abstract, tags, note)", before, after)
        headings = {id_: (place, (but_abstract(columns),)) for id_, (place, columns) in after.items()}
        _rewrite(
            self.db,
            "heading(heading, rowid, words)",
            {id_: (place, (but_abstract(columns),)) for id_, (place, columns) in before.items()},
            headings,
        )
        # Most words stand in several texts, and what parts them is quicker at finding spaces than a pattern is.
        pieces = set(" ".join(text for _, (text,) in headings.values()).split(" "))
        put(self.db, "INSERT OR IGNORE INTO word", list(zip(sorted(set(split_words(" ".join(pieces)))))))


def count_moved(
    db: sqlite3.Connection, tally: Counter[int], totals: Counter[int], unread: Counter[int]
) -> None:
    """Adds to how many papers have each flags, and carry each label, all and unread ones."""
    db.executemany(
        "UPDATE label SET total = total + ?, unread = unread + ? WHERE id=?",
        [
            (totals[label], unread[label], label)
            for label in totals.keys() | unread.keys()
            if totals[label] or unread[label]
        ],
    )
    db.executemany(
        "INSERT INTO tally VALUES(?,?) ON CONFLICT(flags) DO UPDATE SET n = n + excluded.n",
        [(mask, many) for mask, many in tally.items() if many],
    )


def _counted(
    labels: Mapping[int, Sequence[Collection[int]]],
) -> tuple[Counter[int], Counter[int], Counter[int]]:
    """How many rows have each flags, carry each label, and do so unread; given are the rows' labels by their flags."""
    every = chain.from_iterable(chain.from_iterable(labels.values()))
    unread = chain.from_iterable(
        chain.from_iterable(rows for flags, rows in labels.items() if not flags & (READ | DISMISSED))
    )
    return Counter({flags: len(rows) for flags, rows in labels.items()}), Counter(every), Counter(unread)


def _rewrite(
    db: sqlite3.Connection,
    index: str,
    before: Mapping[int, tuple[int, tuple[str, ...]]],
    after: Mapping[int, tuple[int, tuple[str, ...]]],
) -> None:
    """Lets an index find rows at these places by these words, where it found them by those before.

    In the order of places: the index begins a segment anew whenever one comes that is lower than the last. Being
    contentless, it forgets a row only when it is told the very words it was given.
    """
    gone = [("delete", old[0], *old[1]) for id_, old in before.items() if after.get(id_) != old]
    come = [(None, new[0], *new[1]) for id_, new in after.items() if before.get(id_) != new]
    # Sorting keeps the order of equals: a place is given up before another paper takes it.
    changes = sorted((*gone, *come), key=itemgetter(1))
    if changes:
        db.executemany(f"INSERT INTO {index} VALUES({','.join('?' * len(changes[0]))})", changes)
