"""The part of the app that meets the user's other machines."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.refreshing import RefreshingApp

if TYPE_CHECKING:
    from papers_tui.journal.exchange import Exchanged

_PATIENCE_SECONDS = 2
"""How long the end of the program waits for a folder that does not answer."""


class SyncingApp(RefreshingApp):
    """Syncs in a thread, at the start, when the terminal gets the focus, and when asked to."""

    _met: object = None
    _meeting = False
    _begun = False
    _sync_trouble = ""

    def on_main_screen_sync_wanted(self) -> None:
        if self._own is None:
            self.main.say("a demo keeps nothing: start papers-tui without --demo to sync")
        else:
            self.sync_machines(aloud=True)

    def sync_machines(self, *, aloud: bool = False) -> None:
        """Brings in what other machines did, and gives them what was done here; says what came of it if `aloud`.

        Otherwise only trouble is told, and once; nothing is done where nothing changed since the last time. The first
        time the journal is compacted before that, if need be.
        """
        if self._own is None:
            return
        if self._meeting:
            if aloud:
                self.main.say("a sync is running already")
            return
        first, self._begun = not self._begun, True
        if first or aloud or self.paths.sync_file.exists():
            self._meeting = True
            self.run_worker(self._meet(aloud=aloud, first=first), group="sync")

    def give_at_the_end(self) -> None:
        """Gives the other machines what was done since the last time, unless that takes too long."""
        if self._own is not None:
            giving = threading.Thread(target=_given, args=(self.paths, self._met), daemon=True)
            giving.start()
            giving.join(_PATIENCE_SECONDS)

    async def _meet(self, *, aloud: bool, first: bool) -> None:
        paths = self.paths

        def work() -> tuple[Exchanged | None, object]:
            from papers_tui import syncing

            if first:
                _compact(paths)
            seen = syncing.look(paths)
            if not aloud and (syncing.folder_of(paths) is None or (seen and seen == self._met)):
                return None, self._met
            done = syncing.sync(paths)
            if done.fetched or done.shortened:
                with Library(paths) as library:
                    library.sync()
            return done, None if done.fetched or done.given or done.shortened else seen

        try:
            done, self._met = await asyncio.to_thread(work)
        except PapersError as error:
            told, self._sync_trouble = self._sync_trouble, str(error)
            if aloud or (told != str(error) and not _is_busy(error)):
                self.main.say(str(error))
            return
        finally:
            self._meeting = False
        self._sync_trouble = ""
        if done is None:
            return
        if done.fetched:
            await self._show_fetched()
        for fault in done.faults:
            self.notify(fault, severity="warning", timeout=12, markup=False)
        if aloud or done.fetched or done.renewed:
            self.main.say(_told(done))

    async def _show_fetched(self) -> None:
        assert self._own is not None, "a demo meets nobody"
        with self.main.telling():
            self._own.sync()
            if self.sampling and not self._own.is_empty():
                await self.leave_sample()
            if not self.sampling:
                self.main.look_again()
                self.main.arrived()


def _is_busy(error: PapersError) -> bool:
    from papers_tui.syncing import SyncBusy

    return isinstance(error, SyncBusy)


def _compact(paths: Paths) -> None:
    """Makes the journal smaller where it has grown out of proportion; what prevents that now is no trouble."""
    from papers_tui.journal.compacting import is_due

    with contextlib.suppress(OSError, PapersError):
        if is_due(paths.journal, paths.log):
            with Library(paths) as library:
                library.compact()


def _given(paths: Paths, met: object) -> None:
    from papers_tui import syncing

    with contextlib.suppress(PapersError):  # it is as due at the next start, which tells
        if syncing.folder_of(paths) and syncing.look(paths) != met:
            syncing.sync(paths)


def _told(done: Exchanged) -> str:
    said = f"synced: {counted(done.fetched, 'act')} from your other machines" if done.fetched else "synced"
    if done.renewed:
        said += (
            " · another machine went by this one's id; this one has a new id now, and both histories are kept"
        )
    return said
