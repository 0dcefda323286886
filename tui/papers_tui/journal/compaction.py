"""What a journal file says, in fewer lines: what no later line of the same file has overruled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import CARRIED, Change, Entry, Registers, Stamp
from papers_tui.journal.line import decode, encode
from papers_tui.late import dataclass

Paper = tuple[str, ...]
_Undone = dict[tuple[str, int], list[tuple[Stamp, Paper]]]
"""Of what was undone, by its name, when that was and on which papers."""

_Place = tuple[str, str, str]
"""A key, the arXiv id of the paper that was meant, and a register: what the store keeps one mark of."""


def compacted(lines: Sequence[bytes], keep: int) -> list[bytes]:
    """Lines, without their ends, that say what these say; the entries of the last `keep` are untouched.

    Whoever reads the former lines, the new ones, or both, in any order, sees the same state. What is older than
    the last `keep` can't be undone any more. A line that this program does not understand wholly stays as it is.
    A damaged one goes.
    """
    read = {line: decode(line) for line in dict.fromkeys(lines)}
    found = [_Line(line, entry) for line, entry in read.items() if entry]
    foreign = [line for line, entry in read.items() if entry is None and is_whole(line)]
    edge = max(0, len(found) - keep)
    recent = found[edge:]
    old = [one for one in found[:edge] if one.is_ours]
    aside = [one for one in found[:edge] if not one.is_ours]
    latest = _latest([one.entry for one in found])
    notes = _Notes([one.entry for one in old], [one.entry for one in found])
    marked = {
        key for (key, _, register), (_, value) in latest.items() if value and register.startswith(CARRIED)
    }
    told = [_narrowed(one.entry, latest, notes) for one in old]
    carried = {_keys(record) for one in (*recent, *aside) for record in one.entry.records}
    kept: list[bytes] = []
    for entry in reversed(told):
        records = []
        for record in entry.records:
            if _keys(record) not in carried and not marked.isdisjoint(_keys(record)):
                carried.add(_keys(record))
                records.append(record)
        if entry.changes or records:
            kept.append(encode(replace(entry, records=tuple(records)))[:-1])
    return [*foreign, *(one.data for one in aside), *reversed(kept), *(one.data for one in recent)]


def says(lines: Sequence[bytes]) -> object:
    """What lines say, as something to compare: equal where whoever reads them sees the same."""
    fewer = compacted(lines, 0)
    entries = [entry for line in fewer if (entry := decode(line))]
    return (
        {(entry.stamp, entry.changes, entry.seen) for entry in entries if entry.changes},
        {_keys(record) for entry in entries for record in entry.records},
        {line for line in fewer if (entry := decode(line)) is None or not _Line(line, entry).is_ours},
    )


@dataclass(frozen=True, slots=True)
class _Line:
    data: bytes
    entry: Entry

    @property
    def is_ours(self) -> bool:
        """Whether nothing stands in the line but what this program would write."""
        return encode(self.entry) == self.data + b"\n"


def is_whole(line: bytes) -> bool:
    """Whether a line is as it was written, be it understood or not."""
    import zlib

    checksum, _, data = line.partition(b" ")
    try:
        return len(checksum) == 8 and int(checksum, 16) == zlib.crc32(data)
    except ValueError:
        return False


def _latest(entries: Iterable[Entry]) -> dict[_Place, tuple[Stamp, object]]:
    """The latest stamp of each register of each key, and what it was set to."""
    latest: dict[_Place, tuple[Stamp, object]] = {}
    for entry in entries:
        for change in entry.changes:
            for paper in change.papers:
                for register, value in change.now:
                    for place in _places(paper, register):
                        if place not in latest or entry.stamp > latest[place][0]:
                            latest[place] = (entry.stamp, value)
    return latest


def _places(paper: Paper, register: str) -> list[_Place]:
    about = key_arxiv_id(paper) or ""
    return [(key, about, register) for key in paper]


def _narrowed(entry: Entry, latest: Mapping[_Place, tuple[Stamp, object]], notes: _Notes) -> Entry:
    """The entry with no more than what still counts, and no longer one that undo knows."""

    def counts(paper: Paper, register: str) -> bool:
        if register == "note":
            return not notes.is_covered(entry, paper)
        return any(latest[place][0] == entry.stamp for place in _places(paper, register))

    groups: dict[tuple[Registers, Registers], list[Paper]] = {}
    for change in entry.changes:
        for paper in change.papers:
            now = tuple(pair for pair in change.now if counts(paper, pair[0]))
            names = {register for register, _ in now}
            if now:
                was = tuple(pair for pair in change.was if pair[0] in names)
                groups.setdefault((now, was), []).append(paper)
    changes = tuple(Change(tuple(papers), now, was) for (now, was), papers in groups.items())
    return replace(entry, changes=changes, deliberate=False, seen=notes.seen.get(entry.stamp, entry.seen))


@dataclass(slots=True)
class _Notes:
    """Which edits of notes among old entries another old one covers.

    What an edit replaced, the one that covers it replaces as well (`seen`), unless it was undone.
    """

    old: list[Entry]
    every: list[Entry]
    seen: dict[Stamp, tuple[Stamp, ...]] = field(default_factory=dict)
    _covered: set[tuple[Stamp, Paper]] = field(default_factory=set)

    def __post_init__(self) -> None:
        edits = sorted(
            ((entry, paper) for entry in self.old for paper in _noted(entry)), key=lambda edit: edit[0].stamp
        )
        undone: _Undone = {}
        for entry in self.every:
            if entry.undoes:
                undone.setdefault(entry.undoes, []).extend((entry.stamp, paper) for paper in _noted(entry))
        by_stamp: dict[Stamp, list[tuple[Entry, Paper]]] = {}
        by_key: dict[str, list[tuple[Entry, Paper]]] = {}
        for entry, paper in edits:
            if entry.seen is None:
                for key in paper:
                    by_key[key] = [one for one in by_key.get(key, ()) if not self.is_covered(*one)]
                near = [one for key in paper for one in by_key[key]]
            else:
                near = [one for stamp in entry.seen for one in by_stamp.get(stamp, ())]
            for former, of in near:
                if self.is_covered(former, of) or not self._covers(entry, paper, former, of, undone):
                    continue
                if entry.seen is not None and not _is_void(former, of, undone):
                    mine = self.seen.get(entry.stamp, entry.seen)
                    theirs = self.seen.get(former.stamp, former.seen or ())
                    both = tuple(dict.fromkeys((*mine, *theirs)))
                    # What a bulk edit replaces, it replaces on each of its papers.
                    if both != mine and len(_noted(entry)) > 1:
                        continue
                    self.seen[entry.stamp] = both
                self._covered.add((former.stamp, of))
            by_stamp.setdefault(entry.stamp, []).append((entry, paper))
            for key in paper:
                by_key.setdefault(key, []).append((entry, paper))

    def is_covered(self, entry: Entry, paper: Paper) -> bool:
        return (entry.stamp, paper) in self._covered

    def _covers(self, entry: Entry, paper: Paper, former: Entry, of: Paper, undone: _Undone) -> bool:
        if not set(of) <= set(paper) or key_arxiv_id(of) != key_arxiv_id(paper):
            return False
        if entry.seen is None:
            return True
        return former.stamp in entry.seen and former.seen is not None and not _is_void(entry, paper, undone)


def _is_void(entry: Entry, paper: Paper, undone: _Undone) -> bool:
    """Whether an edit of a paper's note was undone since."""
    named = [*undone.get(entry.name, ()), *(undone.get(entry.redoes, ()) if entry.redoes else ())]
    return any(stamp > entry.stamp and not set(of).isdisjoint(paper) for stamp, of in named)


def _noted(entry: Entry) -> list[Paper]:
    return [
        paper
        for change in entry.changes
        if any(register == "note" for register, _ in change.now)
        for paper in change.papers
    ]


def _keys(record: Mapping[str, Any]) -> tuple[str, ...]:
    keys = record.get("keys")
    return tuple(map(str, keys)) if isinstance(keys, list) else (str(record.get("id")),)
