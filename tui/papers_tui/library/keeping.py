"""Papers that are kept: a store that follows the journal, the rules, and what a lost cache would lack."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from papers_tui.domain.errors import PapersError
from papers_tui.domain.moments import stamp
from papers_tui.journal import Journal
from papers_tui.library.overlay import Overlay
from papers_tui.library.reader import Reader
from papers_tui.paths import Paths, make
from papers_tui.store import StoreBusy, open_store
from papers_tui.store.former import due
from papers_tui.store.offsets import latest_clock, read_offsets, set_offset
from papers_tui.store.standing import imported_names

if TYPE_CHECKING:
    from typing import Self

    from papers_tui.library.imports import Imports
    from papers_tui.library.intake import Intake
    from papers_tui.library.rulings import Rulings
    from papers_tui.library.values import ImportedFile


class Keeper(Reader):
    """The part of a library that keeps it; what writes to the store comes when there is something to write."""

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
        self._journal = Journal(paths.journal, paths.log, now_ms=lambda: int(self._now().timestamp() * 1000))
        try:
            with self._store.reading() as db:
                self._journal.see(latest_clock(db))
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def is_empty(self) -> bool:
        """Whether there is no paper, neither here nor in what would fill a lost cache."""
        fixed = self.counts().fixed
        papers = fixed["all"][0] + fixed["dismissed"][0]
        return not papers and not self.behind() and not any(self._journal.tails({}))

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
        found = list(self._journal.tails(self._read_offsets()))
        tails = [tail for tail in found if not tail.fault]
        touched: set[int] = set()
        if tails:
            from papers_tui.library.projecting import project

            try:
                for rows in project(self._store, tails, added=stamp(self._now())):
                    touched |= rows
            except StoreBusy:
                return touched
        with self._store.reading() as db:
            self._journal.see(latest_clock(db))
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
                    set_offset(db, name, size, (0, 0))

        return compact(self.paths.journal, self.paths.log, placing)

    def behind(self) -> list[str]:
        """What the store lacks: the cache of a former version, and kept copies of imported files.

        The store was deleted, the program is a new version of it, or another machine has them.
        """
        former = due(self._store)
        return [*([former.name] if former else []), *self._lacking()]

    def catch_up(self, progress: Callable[[str, int, int], None] | None = None) -> list[str]:
        """Fills the store from the former cache and the kept copies it lacks, and from the journal.

        A sentence for each bad file. `progress` is told what is read in, how much of it is done, and of how much.
        """
        tell = progress or (lambda *_: None)
        problems = []
        if former := due(self._store):
            from papers_tui.store.inheritance import inherit

            try:
                for done, total in inherit(self._store, former):
                    tell("papers of the former version", done, total)
            except StoreBusy:
                pass  # it is as due the next time
            except PapersError as error:
                problems.append(str(error))
        names = self._lacking()
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
        from papers_tui.store.checking import check

        self.sync()
        read = self._read_offsets()
        whole = [tail for tail in self._journal.tails({}) if tail.end == read.get(tail.file)]
        told = [entry for tail in whole for entry in tail.entries]
        with self._store.reading() as db:
            wrong = check(db, told)
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

    @cached_property
    def intake(self) -> Intake:
        """What takes in what the sources bring."""
        from papers_tui.library.intake import Intake

        return Intake(self._store, self._now)

    def stand_aside(self) -> None:
        """Another library of this program is going to do an act on many papers: what it writes is not to stand in
        the file of this one, which would have to read it when it takes that up."""
        with contextlib.suppress(OSError):  # the next act meets it again, and tells
            self._journal.open()
        self.deferring = True

    # Inside

    @cached_property
    def _rulings(self) -> Rulings:
        from papers_tui.library.rulings import Rulings

        return Rulings(self._store, self.paths, self._today)

    @cached_property
    def _imports(self) -> Imports:
        from papers_tui.library.imports import Imports

        return Imports(self._store, self.paths, self._now)

    def _lacking(self) -> list[str]:
        """The kept copies of imported files that the store lacks."""
        from papers_tui.sources import archive

        with self._store.reading() as db:
            present = imported_names(db)
        return [name for name in archive.kept(self.paths.imported) if name not in present]

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

    def _read_offsets(self) -> dict[str, int]:
        with self._store.reading() as db:
            return read_offsets(db)
