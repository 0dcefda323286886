"""Taking back what was done last, to papers or to the user's files, and doing it again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Entry, count_papers
from papers_tui.library import Done, Library
from papers_tui.ui.edits import Edit, Edits
from papers_tui.ui.screens.carrying import AT_ONCE, CarryingScreen
from papers_tui.ui.triage import named


class UndoingScreen(CarryingScreen):
    """`u` and `ctrl+r`. Acts on papers are known from the journal, changes to files for as long as the screen is."""

    _edits_made: Edits | None = None

    @property
    def _edits(self) -> Edits:
        self._edits_made = self._edits_made or Edits()
        return self._edits_made

    def _remember(self, edit: Edit) -> None:
        """From now on it is what is taken back next."""
        self._edits.add(edit, self._library.undoable())

    async def _go_by_files(self) -> None:
        """Shows and follows what the user's files say now."""

    def _do_undo(self) -> None:
        entry = self._library.undoable()
        if self._turns or self._edits.to_undo(entry) or _papers(entry) > AT_ONCE:
            self._in_turn(_papers(entry), self._undo_next)
        else:
            self._undone(self._library.undo())

    def _do_redo(self) -> None:
        undone = self._library.redoable()
        if self._turns or self._edits.taken_back or _papers(undone) > AT_ONCE:
            self._in_turn(_papers(undone), self._redo_next)
        else:
            self._redone(self._library.redo())

    async def _undo_next(self) -> None:
        entry = self._library.undoable()
        edit = self._edits.to_undo(entry)
        if edit:
            await self._turned(edit, back=True)
            self.say(f"undone: {edit.text}")
        if edit is None or self._edits.belongs(edit, entry):
            await self._carried(_papers(entry), Library.undo, self._undone)

    async def _redo_next(self) -> None:
        undone = self._library.redoable()
        edit = self._edits.to_redo(self._library.undoable(), undone)
        if edit:
            await self._turned(edit, back=False)
            self.say(f"redone: {edit.text}")
            return
        await self._carried(_papers(undone), Library.redo, self._redone)
        edit = self._edits.to_redo(self._library.undoable(), self._library.redoable())
        if edit and self._edits.belongs(edit, undone):
            await self._turned(edit, back=False)

    async def _turned(self, edit: Edit, *, back: bool) -> None:
        """Takes a change to files back, or makes it again; what can't be is told, and not tried again."""
        try:
            await asyncio.to_thread(edit.back if back else edit.again)
        except PapersError:
            self._edits.drop(edit)
            raise
        self._edits.turn(edit)
        await self._go_by_files()

    def _undone(self, done: Done | None) -> None:
        self._again(done, "nothing to undo")

    def _redone(self, done: Done | None) -> None:
        self._again(done, "nothing to redo")

    def _again(self, done: Done | None, nothing: str) -> None:
        if done is None:
            self.say(nothing)
            return
        self.papers.bring_back(done.rows)
        self._complete()
        listed = not self.papers.listing.whole or not set(done.rows).isdisjoint(self.papers.ids)
        many = f"{len(done.rows):,} papers" if len(done.rows) > 1 else named(self._rows(done.rows))
        about = f" · {many}{'' if listed else ' (not in this list)'}" if done.rows else ""
        self._tell(replace(done, text=f"{done.text}{about}"))
        if len(done.rows) == 1:  # of many none is the one to go to: nothing jumps
            self._when(lambda: self.papers.move_to_row(done.rows[0]), "")


def _papers(entry: Entry | None) -> int:
    return count_papers(entry.changes) if entry else 0
