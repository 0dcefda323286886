"""Papers with their state, in one user's directories: what the user does to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Act, Change, Entry, Stamp, State
from papers_tui.domain.notes import NoteEdit
from papers_tui.domain.query import Label, Query
from papers_tui.domain.record import to_record
from papers_tui.domain.topics import folded
from papers_tui.library.keeping import Keeper
from papers_tui.library.overlay import Overlay
from papers_tui.library.values import Done, Holding

if TYPE_CHECKING:
    from papers_tui.domain.roll import Keys

_TOGETHER = 5_000
"""Papers that are looked up at a time."""


class Library(Keeper):
    """Papers with their state, in one user's directories.

    Not for use from two threads at once; several libraries on the same directories, in one process or in
    several, may be open together: `sync` brings in what the others did.
    """

    def mark(
        self,
        rows: Sequence[int],
        act: Act,
        *,
        deliberate: bool = True,
        knowing: Iterable[NoteEdit] | None = None,
    ) -> Done:
        """Does an act to some papers: journal first, on disk, and then the store.

        `knowing` are the edits of a note that its writer had before them, where those may not be the present ones.
        A row that was merged into another stands for that one. Nothing is written where nothing would change.
        Where the journal can't be written the act is kept in memory, `Done.saved` is False, `trouble` says
        why, and `flush` tries again.
        """
        changes = self._changes(rows, act)
        if not changes:
            return Done((), "")
        carried = any(
            value and register.startswith(marks.CARRIED)
            for change in changes
            for register, value in change.now
        )
        records = tuple(map(_carried, self.holdings(self._rows_of(changes)))) if carried else ()
        seen = self._replaced(changes)
        if seen is not None and knowing is not None:
            seen = tuple(edit.stamp for edit in knowing)
        entry = Entry("", 0, (0, 0), act.kind, changes, deliberate, records=records, seen=seen)
        return self._do(entry, marks.describe(act.kind, changes))

    def changed_by(self, rows: Sequence[int], act: Act) -> tuple[int, ...]:
        """Those of the rows on whose papers the act would change something. Nothing is done."""
        return self._rows_of(self._changes(rows, act))

    def retag(self, old: str, new: str) -> Done:
        """Calls a tag something else on every paper that carries it, as one act; a name that is taken joins the two.

        Spellings that differ in case or accents are one tag. Raises PapersError where no paper carries `old`, or
        `new` holds no name.
        """
        known, name = self.tag(old), marks.tag_name(new)
        if not name:
            raise PapersError("tag", f"{new!r} holds no name for a tag", "give it letters or digits")
        if folded(name) != folded(known.name):
            name = next((tag.name for tag in self._tags() if folded(tag.name) == folded(name)), name)
        act = marks.tags([name], [known.name, name], implies_read=False)
        return self._to_all_tagged(known.name, act, f"{known.name} is now {name}")

    def untag_all(self, name: str) -> Done:
        """Takes a tag off every paper, as one act. Raises PapersError where no paper carries it."""
        known = self.tag(name)
        act = marks.tags([], [known.name], implies_read=False)
        return self._to_all_tagged(known.name, act, f"{known.name} is deleted")

    def keep_note(self, row: int) -> Done:
        """Drops the other versions of a paper's note; `undo` brings them back. Nothing where there are none."""
        row = self.survivors([row]).get(row, row)
        held = self.holding(row)
        if not held.state.other_notes:
            return Done((), "")
        note = (("note", held.state.note),)
        changes = (Change((self._keys([row])[row],), now=note, was=note),)
        entry = Entry("", 0, (0, 0), "note", changes, records=(_carried(held),), seen=self._replaced(changes))
        return self._do(entry, "the other version of the note is dropped")

    def undo(self) -> Done | None:
        """Takes back this device's last deliberate act, whichever instance did it; None where there is none."""
        last = self.undoable()
        if not last:
            return None
        text = f"undone: {marks.describe(last.kind, last.changes)}"
        if self._journal.take_back(last):
            self._overlay = Overlay.of(self._journal.unsettled, self._rows_of)
            return Done(self._rows_of(last.changes), text)
        changes = marks.reversed_changes(last)
        seen = self._replaced(changes, undoing=True)
        entry = Entry("", 0, (0, 0), last.kind, changes, undoes=last.name, seen=seen)
        return self._do(entry, text)

    def redo(self) -> Done | None:
        """Does again what the last `undo` took back; None where there is nothing, or something was done since."""
        last = self.redoable()
        if not last:
            return None
        seen = self._replaced(last.changes)
        entry = Entry("", 0, (0, 0), last.kind, last.changes, redoes=last.name, seen=seen)
        return self._do(entry, f"redone: {marks.describe(last.kind, last.changes)}")

    def undoable(self) -> Entry | None:
        """The act that `undo` would take back now."""
        undo, _ = marks.history(self._own_entries())
        return undo[-1] if undo else None

    def redoable(self) -> Entry | None:
        """The act that `redo` would do again now."""
        _, redo = marks.history(self._own_entries())
        return redo[-1] if redo else None

    def withdraw(self) -> None:
        """Forgets the acts that could not be written, as if they had never been asked for."""
        for entry in self._journal.waiting:
            self._journal.take_back(entry)

    def _to_all_tagged(self, tag: str, act: Act, text: str) -> Done:
        """Does an act to all papers that carry a tag; what gave it to them carried the papers themselves."""
        fresh = self._overlay.tagged(tag)
        changes = self._changes([*self.find(Query((Label("tag", tag),))), *fresh], act)
        return self._do(Entry("", 0, (0, 0), act.kind, changes), text) if changes else Done((), "")

    def _own_entries(self) -> list[Entry]:
        """This device's acts. Raises PapersError where not all of them can be read: another one would be undone."""
        try:
            return self._journal.own_entries()
        except OSError as error:
            named, why = str(error.filename or self.paths.journal), error.strerror or str(error)
            raise PapersError(named, f"it can't be read: {why}", "let yourself read it, then undo") from error

    def _do(self, entry: Entry, text: str) -> Done:
        rows = self._rows_of(entry.changes)
        self._write(lambda: self._journal.add(entry))
        return Done(rows, text, saved=not self.trouble)

    def _changes(self, rows: Sequence[int], act: Act) -> tuple[Change, ...]:
        survivors = self.survivors(rows)
        return marks.changes(act, self._keys_and_states([survivors.get(row, row) for row in rows], act))

    def _keys_and_states(self, rows: Sequence[int], act: Act) -> Iterator[tuple[Keys, State]]:
        """What `marks.changes` decides by; tags and notes need the whole state, the rest only the flags."""
        whole = any(register == "note" or register.startswith("tag:") for register, _ in act.sets)
        by_flags = {flags: _state_of(flags) for flags in range(2 * marks.NOTED)}
        rows = list(dict.fromkeys(rows))
        for start in range(0, len(rows), _TOGETHER):
            part = rows[start : start + _TOGETHER]
            keys = self._keys(part)
            if whole:
                states = self._states({row: keys[row] for row in part if row in keys})
                yield from ((keys[row], states[row][0]) for row in states)
            else:
                flags = self.flags(part)
                yield from ((keys[row], by_flags[flags[row]]) for row in part if row in flags)

    def _replaced(self, changes: Iterable[Change], *, undoing: bool = False) -> tuple[Stamp, ...] | None:
        """The edits of notes that an entry with these changes replaces; see `marks.replaces`."""
        found: list[Stamp] | None = None
        for change in changes:
            if any(register == "note" for register, _ in change.now):
                keys = self._keys(self._rows_of((change,)))
                states = [state for state, _ in self._states(keys).values()]
                replaced = marks.replaces(states, change.now, undone=change.was if undoing else None)
                found = [*(found or ()), *(replaced or ())]
        return None if found is None else tuple(dict.fromkeys(found))


def _carried(holding: Holding) -> dict[str, Any]:
    return to_record(holding.paper) | {"sources": list(holding.sources), "added": holding.added}


def _state_of(flags: int) -> State:
    return State(
        read=bool(flags & marks.READ),
        starred=bool(flags & marks.STARRED),
        later=bool(flags & marks.LATER),
        dismissed=bool(flags & marks.DISMISSED),
    )
