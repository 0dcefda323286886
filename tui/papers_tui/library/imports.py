"""Files in: saved pages, feeds and lists of feeds; of what brought papers a copy is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from papers_tui.domain.errors import NotAPage
from papers_tui.domain.moments import stamp
from papers_tui.domain.plan import CARRIED, Reading
from papers_tui.domain.sources import Source
from papers_tui.domain.tally import Tally
from papers_tui.domain.text import clean_line
from papers_tui.library.values import ImportedFile
from papers_tui.paths import Paths
from papers_tui.store import Store
from papers_tui.store.batch import Batch
from papers_tui.store.papers import add_papers, put_readings
from papers_tui.store.ruling import apply_rules

if TYPE_CHECKING:
    from papers_tui.domain.whole import Whole
    from papers_tui.sources.archive import Imported
    from papers_tui.sources.saved_page import Page


class Imports:
    """The door by which files come into the store. Like the library, for one thread at a time."""

    def __init__(self, store: Store, paths: Paths, now: Callable[[], datetime]) -> None:
        self._store = store
        self._paths = paths
        self._now = now

    def _has(self, kept: str) -> bool:
        """Whether the papers of this kept copy are in the store."""
        with self._store.reading() as db:
            return db.execute("SELECT 1 FROM imported WHERE name=?", (kept,)).fetchone() is not None

    def import_file(self, name: str, data: bytes, modified: date) -> ImportedFile:
        """See `Library.import_file`."""
        from papers_tui.sources import archive
        from papers_tui.sources.opml import is_opml
        from papers_tui.sources.saved_page import read_page
        from papers_tui.sources.whole_library import is_whole

        now = self._now()
        name = clean_line(name) or "file"
        try:
            if is_opml(data):
                return self._follow_listed(name, data)
            if is_whole(data):
                return self._import_whole(archive.Imported(name, modified, now, data))
            page = read_page(data, name=name, modified=modified, today=now.date())
        except NotAPage as error:
            reason = f"{error.message} ({error.hint})" if error.hint else error.message
            return ImportedFile(name, skipped=reason)
        file = archive.Imported(name, modified, now, data)
        kept, new = archive.keep(self._paths.imported, file)
        if self._has(kept):
            return ImportedFile(name, Tally(unchanged=len(page.papers)), page.faults)
        when = now if new else archive.load(self._paths.imported, kept).imported
        return ImportedFile(name, self._add(kept, replace(file, imported=when), page), page.faults)

    def bring_back(self, name: str) -> None:
        """Puts the papers of a kept copy into the store. Raises PapersError where it can't be read."""
        from papers_tui.sources import archive
        from papers_tui.sources.saved_page import read_page
        from papers_tui.sources.whole_library import is_whole, read_whole

        file = archive.load(self._paths.imported, name)
        if is_whole(file.data):
            self._add_whole(name, read_whole(file.data, name=file.name, now=stamp(file.imported)))
            return
        page = read_page(file.data, name=file.name, modified=file.modified, today=file.imported.date())
        self._add(name, file, page)

    def _import_whole(self, file: Imported) -> ImportedFile:
        """Brings in the papers of a whole library, and tells what else is in it. Raises NotAPage."""
        from papers_tui.sources import archive
        from papers_tui.sources.whole_library import read_whole

        whole = read_whole(file.data, name=file.name, now=stamp(file.imported))
        kept, _ = archive.keep(self._paths.imported, file)
        apart = (len(whole.acts), tuple(whole.settings))
        if self._has(kept):
            return ImportedFile(file.name, Tally(unchanged=len(whole.papers)), whole.faults, apart=apart)
        return ImportedFile(file.name, self._add_whole(kept, whole), whole.faults, apart=apart)

    def _add_whole(self, kept: str, whole: Whole) -> Tally:
        """Puts the papers of a whole library into the store; each counts once, however many sources it had."""
        first, further = [], []
        for carried in whole.papers:
            source, *others = carried.sources or ("",)
            first.append((Reading(carried.paper, source, CARRIED, carried.added), carried.added))
            further += [
                (Reading(carried.paper, name, CARRIED, carried.added), carried.added) for name in others
            ]
        with self._store.transaction() as db:
            with Batch(db) as batch:
                for name in whole.sources:  # in the order in which they first came
                    batch.label("source", name)
            tally, touched = put_readings(db, first)
            _, again = put_readings(db, further)
            apply_rules(db, touched | again)
            db.execute("INSERT OR IGNORE INTO imported VALUES(?)", (kept,))
        return tally

    def _add(self, kept: str, file: Imported, page: Page) -> Tally:
        """Puts a file's papers into the store; `kept` is the name of its kept copy."""
        with self._store.transaction() as db:
            tally = add_papers(
                db,
                page.papers,
                source=file.name,
                added=stamp(file.imported),
                rank=page.rank,
                read=file.modified.isoformat(),
            )
            db.execute("INSERT OR IGNORE INTO imported VALUES(?)", (kept,))
        return tally

    def _follow_listed(self, name: str, data: bytes) -> ImportedFile:
        """Raises NotAPage where the list has no feeds that can be followed."""
        from papers_tui.subscriptions import edit, joined, sources_of

        found, faults = sources_of(data)
        if not found:
            why = f" that can be followed ({faults[0]})" if faults else ""
            raise NotAPage(name, f"it is OPML, but lists no feeds{why}")
        before: list[int] = []

        def change(sources: tuple[Source, ...]) -> tuple[Source, ...]:
            before.append(len(sources))
            return joined(sources, found)

        added = len(edit(self._paths.sources_file, change)) - before[0]
        return ImportedFile(name, faults=faults, followed=(added, len(found) - added))
