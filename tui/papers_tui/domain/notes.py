"""The versions of a note: which of its edits nobody has replaced knowingly.

Every edit names the edits that its writer saw and replaced (a multi-value register; Shapiro et al., "A
comprehensive study of Convergent and Commutative Replicated Data Types", 2011). So two edits that did not know
of each other both stay, in whatever order they are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from papers_tui.domain.text import clean_line
from papers_tui.late import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Final

    from papers_tui.domain.marks import Entry, Stamp, Value

EDIT: Final = "note@"
"""How the registers begin that the store keeps edits of notes under, one register an edit."""


@dataclass(frozen=True, slots=True)
class NoteEdit:
    """One edit of a paper's note. `seen` are the edits that it replaces.

    An edit by a program that knew nothing of versions has None there: it replaces all that are earlier. `undoes`
    and `redoes` are those of its entry: what an edit replaced is there again once it is undone.
    """

    text: str
    stamp: Stamp
    seen: tuple[Stamp, ...] | None = None
    undoes: tuple[str, int] | None = None
    redoes: tuple[str, int] | None = None

    @property
    def name(self) -> tuple[str, int]:
        return self.stamp[2:]

    @property
    def whose(self) -> str:
        """Its writer and its UTC day, for people."""
        ms, _, writer, _ = self.stamp
        try:
            day = f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms):%Y-%m-%d}"
        except OverflowError:  # a clock that no calendar knows
            day = "on an unknown day"
        return f"{clean_line(writer)}, {day}"


def edit_mark(entry: Entry, text: str) -> tuple[str, Value]:
    """An entry's edit of a note as a register of its own, with its value."""
    ms, counter, writer, seq = entry.stamp
    value = json.dumps([text, entry.seen, entry.undoes, entry.redoes], ensure_ascii=False)
    return f"{EDIT}{ms}.{counter}.{writer}.{seq}", value


def edit_of(value: Value, stamp: Stamp) -> NoteEdit:
    """The edit that `edit_mark` made a value of."""
    text, seen, undoes, redoes = json.loads(str(value))
    return NoteEdit(
        text,
        stamp,
        None if seen is None else tuple((ms, counter, writer, seq) for ms, counter, writer, seq in seen),
        (undoes[0], undoes[1]) if undoes else None,
        (redoes[0], redoes[1]) if redoes else None,
    )


def standing(edits: Iterable[NoteEdit]) -> tuple[NoteEdit, ...]:
    """The edits that none replaced, the latest first: that one is the note, the rest are its other versions."""
    known = {edit.stamp: edit for edit in edits}
    undone: dict[tuple[str, int], Stamp] = {}
    for edit in known.values():
        if edit.undoes:
            undone[edit.undoes] = max(edit.stamp, undone.get(edit.undoes, edit.stamp))
    replaced: set[Stamp] = set()
    for edit in known.values():
        names = [edit.name, *([edit.redoes] if edit.redoes else [])]
        if not any(name in undone and edit.stamp < undone[name] for name in names):
            replaced.update(edit.seen or ())
    last = max((edit.stamp for edit in known.values() if edit.seen is None), default=None)
    left = (stamp for stamp in known if stamp not in replaced and (last is None or stamp >= last))
    return tuple(known[stamp] for stamp in sorted(left, reverse=True))


def others(note: str, edits: Sequence[NoteEdit]) -> tuple[NoteEdit, ...]:
    """Of the edits that stand those that say something else than the note, each text once, the latest first."""
    texts = {edit.text: edit for edit in sorted(edits, key=lambda edit: edit.stamp)}
    found = (edit for text, edit in texts.items() if text and text != note)
    return tuple(sorted(found, key=lambda edit: edit.stamp, reverse=True))


_DIVIDER = "--- other version"


def merged_text(note: str, versions: Sequence[NoteEdit]) -> str:
    """The note with its other versions below it, for whoever makes one of them."""
    parts = [f"{_DIVIDER} ({edit.whose}):\n{edit.text}" for edit in versions]
    return "\n\n".join([*([note] if note else []), *parts])
