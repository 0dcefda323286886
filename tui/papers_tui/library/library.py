"""Papers with their state, in one user's directories."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Act, Change, Entry, Stamp, State
from papers_tui.domain.moments import stamp
from papers_tui.domain.notes import NoteEdit
from papers_tui.domain.query import Label, Query
from papers_tui.domain.record import to_record
from papers_tui.domain.roll import Keys
from papers_tui.domain.topics import folded
from papers_tui.journal import Journal
from papers_tui.library.imports import Imports
from papers_tui.library.intake import Intake
from papers_tui.library.overlay import Overlay
from papers_tui.library.reader import Reader
from papers_tui.library.rulings import Rulings
from papers_tui.library.values import Done, Holding, ImportedFile
from papers_tui.paths import Paths, make
from papers_tui.store import StoreBusy, checking, inheritance, open_store, projection
from papers_tui.store.bulk import is_bulk, project_bulk

_CHUNK, _TOGETHER = 500, 5_000
"""Journal entries that are applied, and papers that are looked up, at a time."""


class Library(Reader):
    """Papers with their state, in one user's directories.

    Not for use from two threads at once; several libraries on the same directories, in one process or in
    several, may be open together: `sync` brings in what the others did.
    """

    def __init__(
        self, paths: Paths, *, now: Callable[[], datetime] | None = None, wait_ms: int = 5000
    ) -> None:
        """Opens the directories, made where they are missing. `wait_ms`: how long to wait for other writers.

        Raises PapersError where that can't be. `catch_up` is due afterwards.
        """
        make(paths)
        self.paths = paths
        store, self.notice = open_store(paths.cache, wait_ms=wait_ms)
        super().__init__(store, now or (lambda: datetime.now(UTC)))
        self.intake = Intake(self._store, self._now)
        self._rulings = Rulings(self._store, paths, self._today)
        self._imports = Imports(self._store, paths, self._now)
        self._journal = Journal(paths.journal, paths.log, now_ms=lambda: int(self._now().timestamp() * 1000))
        try:
            with self._store.reading() as db:
                self._journal.see(projection.latest_clock(db))
        except PapersError:
            self._store.close()
            raise
        self.trouble = ""
        self.deferring = False
        """Another library is bringing the store up to date: what this one does waits for that, and is shown at once."""

    def close(self) -> None:
        """Lets go of all files; what waits to be written is tried once more."""
        if self.unsaved:
            self.flush()
        self._journal.close()
        self._store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_empty(self) -> bool:
        """Whether there is no paper, neither here nor in what would fill a lost cache."""
        fixed = self.counts().fixed
        papers = fixed["all"][0] + fixed["dismissed"][0]
        return not papers and not self.behind() and not any(self._journal.tails({}))

    # Acts

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

    def stand_aside(self) -> None:
        """Another library of this program is going to do an act on many papers: what it writes is not to stand in
        the file of this one, which would have to read it when it takes that up."""
        with contextlib.suppress(OSError):  # the next act meets it again, and tells
            self._journal.open()
        self.deferring = True

    def withdraw(self) -> None:
        """Forgets the acts that could not be written, as if they had never been asked for."""
        for entry in self._journal.waiting:
            self._journal.take_back(entry)

    @property
    def unsaved(self) -> int:
        """How many acts the journal could not be given yet."""
        return len(self._journal.waiting)

    def flush(self) -> bool:
        """Tries again to write the acts that wait; whether none waits any more."""
        self._write(self._journal.flush)
        return not self.trouble

    def sync(self) -> set[int]:
        """Brings in what this and other instances and devices wrote; the rows that it touched.

        Where another process writes for too long, the rest follows at the next call; raises PapersError where
        the store can't be written. What this instance did is shown all the same.
        """
        try:
            return set() if self.deferring else self._project()
        finally:
            self._overlay = Overlay.of(self._journal.unsettled, self._rows_of)

    def _project(self) -> set[int]:
        db = self._store.db
        found = list(self._journal.tails(self._read_offsets()))
        tails = [tail for tail in found if not tail.fault]
        touched: set[int] = set()
        try:
            for tail in tails:
                parts = _parts(tail.entries)
                for number, part in enumerate(parts, 1):
                    clock = max((entry.clock for entry in part), default=(0, 0))
                    bulk, added = any(map(is_bulk, part)), stamp(self._now())
                    for entry in part if bulk else ():
                        for rows in project_bulk(self._store, entry, added=added):
                            touched |= rows
                    with self._store.transaction():
                        if not bulk:
                            touched |= projection.project(db, part, added=added)
                        projection.set_offset(
                            db, tail.file, tail.end if number == len(parts) else tail.start, clock
                        )
        except StoreBusy:
            return touched
        with self._store.reading():
            self._journal.see(projection.latest_clock(db))
        if len(tails) == len(found):  # else what this instance did may stand in a file that can't be read now
            self._journal.settle()
        return touched

    def compact(self) -> int:
        """Makes files of this device's that are many times what they say smaller; how many that were.

        Nothing of what was done changes, and the last acts can still be undone. Raises OSError.
        """
        from papers_tui.journal.compacting import compact, is_due

        if not is_due(self.paths.journal, self.paths.log):
            return 0

        def placing(former: Mapping[str, int], name: str, size: int) -> None:
            # Where all of the former ones is known, there is nothing to read in what says the same.
            self.sync()
            read = self._read_offsets()
            if all(read.get(file, 0) >= held for file, held in former.items()):
                with self._store.transaction() as db:
                    projection.set_offset(db, name, size, (0, 0))

        return compact(self.paths.journal, self.paths.log, placing)

    # In and out

    def behind(self) -> list[str]:
        """What the store lacks: the cache of a former version, and kept copies of imported files.

        The store was deleted, the program is a new version of it, or another machine has them.
        """
        former = inheritance.due(self._store)
        return [*([former.name] if former else []), *self._imports.behind()]

    def catch_up(self, progress: Callable[[str, int, int], None] | None = None) -> list[str]:
        """Fills the store from the former cache and the kept copies it lacks, and from the journal.

        A sentence for each bad file. `progress` is told what is read in, how much of it is done, and of how much.
        """
        tell = progress or (lambda *_: None)
        problems = []
        if former := inheritance.due(self._store):
            try:
                for done, total in inheritance.inherit(self._store, former):
                    tell("papers of the former version", done, total)
            except StoreBusy:
                pass  # it is as due the next time
            except PapersError as error:
                problems.append(str(error))
        names = self._imports.behind()
        for number, name in enumerate(names):
            tell("imported files", number, len(names))
            try:
                self._imports.bring_back(name)
            except PapersError as error:
                problems.append(str(error))
        self.sync()
        with contextlib.suppress(StoreBusy):  # it is as due the next time
            problems += self.follow_rules()
        for tail in self._journal.tails(self._read_offsets()):
            if tail.fault:
                problems.append(f"{self.paths.journal / tail.file}: it can't be read: {tail.fault}")
        return problems

    def size(self) -> int:
        """How many bytes the cache and the journal have."""
        found = 0
        for path in (self._store.path, *self.paths.journal.glob("*.jsonl")):
            with contextlib.suppress(OSError):
                found += path.stat().st_size
        return found

    def examine(self) -> str:
        """Whether the cache still says what the journal told it: a sentence where it doesn't, "" where all is well.

        Where it doesn't, it is set aside when it is opened the next time, and all it held comes back. Takes seconds
        for a large library. Raises PapersError as `sync` does.
        """
        self.sync()
        read = self._read_offsets()
        whole = [tail for tail in self._journal.tails({}) if tail.end == read.get(tail.file)]
        told = [entry for tail in whole for entry in tail.entries]
        with self._store.reading() as db:
            wrong = checking.check(db, told)
        return str(self._store.damaged(wrong)) if wrong else ""

    def follow_rules(self) -> tuple[str, ...]:
        """Does to all papers what the user's rules say, where they changed; see `Rulings.follow`."""
        return self._rulings.follow()

    def rules_due(self) -> bool:
        """Whether the user's rules are others than those that the papers were ruled by, or something is wrong there."""
        return self._rulings.due()

    def import_file(self, name: str, data: bytes, modified: date) -> ImportedFile:
        """Brings in the papers of one file, or follows the feeds of a list (OPML).

        `name` is its base name, `modified` the day of its last change. A file that holds neither is a value with
        `skipped`; raises PapersError where nothing can be kept.
        """
        return self._imports.import_file(name, data, modified)

    # Inside

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

    def _read_offsets(self) -> dict[str, int]:
        with self._store.reading() as db:
            return projection.read_offsets(db)

    def _do(self, entry: Entry, text: str) -> Done:
        rows = self._rows_of(entry.changes)
        self._write(lambda: self._journal.add(entry))
        return Done(rows, text, saved=not self.trouble)

    def _write(self, attempt: Callable[[], object]) -> None:
        """Writes to the journal; `trouble` says what came of it. The store follows as soon as it can."""
        try:
            attempt()
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            self.trouble = f"{where}{error.strerror or error}"
        else:
            self.trouble = ""
        with contextlib.suppress(PapersError):  # what is in the journal is safe; `sync` tries again and tells
            self.sync()

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


def _parts(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries, in their order, as they are applied together: one about very many papers by itself."""
    parts: list[list[Entry]] = [[]]
    for entry in entries:
        if parts[-1] and (len(parts[-1]) == _CHUNK or is_bulk(entry) or is_bulk(parts[-1][-1])):
            parts.append([])
        parts[-1].append(entry)
    return parts


def _carried(holding: Holding) -> dict[str, Any]:
    return to_record(holding.paper) | {"sources": list(holding.sources), "added": holding.added}


def _state_of(flags: int) -> State:
    return State(
        read=bool(flags & marks.READ),
        starred=bool(flags & marks.STARRED),
        later=bool(flags & marks.LATER),
        dismissed=bool(flags & marks.DISMISSED),
    )
