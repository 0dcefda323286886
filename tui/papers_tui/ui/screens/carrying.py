"""Acts on papers, carried out one after the other: on few of them at once, on many beside the keys."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from papers_tui.library import Done, Library
from papers_tui.paths import Paths
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.taking import TakingScreen
from papers_tui.ui.triage import Chosen, Triage

AT_ONCE = 200
"""Papers that are changed while a key waits."""

_Given = TypeVar("_Given")


class CarryingScreen(TakingScreen):
    """While an act on many papers is under way, every later one waits for its turn, and so does leaving."""

    _turns: tuple[tuple[int, Callable[[], Awaitable[None]]], ...] = ()
    _leaving = False

    def stays_for_acts(self) -> bool:
        """Whether acts are under way; then it leaves by itself as soon as they are done."""
        if self._turns:
            self._leaving = True
            self.say("leaving when this is done …")
        return bool(self._turns)

    def _act(
        self,
        rows: Sequence[int],
        do: Callable[[Triage, Chosen], _Given],
        show: Callable[[_Given], None],
    ) -> None:
        """Does an act to the papers of these rows. What few of them look like now is what it decides by."""
        papers = self._triage.papers(rows) if len(rows) <= AT_ONCE else None

        def work(library: Library) -> _Given:
            triage = self._triage.on(library)
            return do(triage, triage.papers(rows) if papers is None else papers)

        self._carry(len(rows), work, show)

    def _carry(self, many: int, do: Callable[[Library], _Given], show: Callable[[_Given], None]) -> None:
        """Does something to so many papers of a library, and shows what came of it: at once, or in its turn."""
        if self._turns or (many > AT_ONCE and not self._library.unsaved):
            self._in_turn(many, partial(self._carried, many, do, show))
        else:
            show(do(self._library))

    async def _carried(
        self, many: int, do: Callable[[Library], _Given], show: Callable[[_Given], None]
    ) -> None:
        """The same, in a turn that has come."""
        if many <= AT_ONCE or self._library.unsaved:
            show(do(self._library))
            return
        self._library.stand_aside()
        gc.disable()  # looking through thousands of papers for garbage would hold up the keys, and there is none
        try:
            given, saved = await asyncio.to_thread(_done_beside, self._library.paths, do)
            await asyncio.to_thread(self._library.undoable)  # the journal alone is read, for the next `u`
        finally:
            gc.enable()
            self._library.deferring = False
            self._library.sync()
        show(given if saved else do(self._library))

    def _find_out(self, many: int, find: Callable[[Library], _Given], then: Callable[[_Given], None]) -> None:
        """Finds something out about so many papers, and goes on with that: at once, or when it is known.

        Keys that are pressed meanwhile do nothing, but for Esc, which calls it off.
        """
        if many <= AT_ONCE or self._library.unsaved:
            then(find(self._library))
            return

        async def look() -> None:
            with self.telling():
                found = await asyncio.to_thread(_found_beside, self._library.paths, find)
                if self.app.screen is looking:
                    looking.dismiss(False)
                    then(found)

        looking = Confirm(f"Looking at {counted(many, 'paper')} …", pending=True)
        self.app.push_screen(looking)
        self.run_worker(look(), group="looking", exclusive=True)

    def _in_turn(self, many: int, do: Callable[[], Awaitable[None]]) -> None:
        """Does it when all is done that was begun before; it is about so many papers."""
        self._turns = (*self._turns, (many, do))
        self._show_busy()
        if len(self._turns) == 1:
            self.run_worker(self._take_turns(), group="acts")

    async def _take_turns(self) -> None:
        while self._turns:
            with self.telling():
                await self._turns[0][1]()
            self._turns = self._turns[1:]
            self._show_busy()
        if self._leaving:
            self._do_quit()

    def _show_busy(self) -> None:
        many = sum(many for many, _ in self._turns)
        self._busy = f"changing {counted(many, 'paper')} …" if many else "changing …" if self._turns else ""
        self._show_chips()

    def _tell(self, done: Done) -> None:
        """Shows what was done, and where it could not be kept, why."""
        self._repaint(done.rows)
        self.say(done.text, whole=False)
        trouble = self._library.trouble if self._library.unsaved else ""
        self.warn(f"NOT SAVED: {trouble}. It is kept in memory and tried again." if trouble else "")


def _found_beside(paths: Paths, find: Callable[[Library], _Given]) -> _Given:
    """Looks into a library that is open elsewhere."""
    with Library(paths) as library:
        return find(library)


def _done_beside(paths: Paths, do: Callable[[Library], _Given]) -> tuple[_Given, bool]:
    """Does it to a library that is open elsewhere; whether it is saved.

    What can't be written is left to the other one, which keeps it in memory.
    """
    with Library(paths) as library:
        library.sync()
        given = do(library)
        saved = not library.unsaved
        library.withdraw()
        return given, saved
