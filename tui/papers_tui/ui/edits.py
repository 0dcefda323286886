"""Changes to the user's files that can be taken back, in one order with what was done to papers."""

from __future__ import annotations

from collections.abc import Callable

from papers_tui.domain.marks import Entry, Stamp
from papers_tui.late import dataclass

_BEFORE_ALL: Stamp = (-1, 0, "", 0)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that was made, in words, and what takes it back and makes it `again`; both raise PapersError.

    One that is `joined` belongs to the act on papers right before it, and goes and comes with that.
    """

    text: str
    back: Callable[[], object]
    again: Callable[[], object]
    joined: bool = False


class Edits:
    """The changes of one sitting. Each stands behind the act on papers that could be undone when it was made."""

    def __init__(self) -> None:
        self._done: list[tuple[Stamp, Edit]] = []
        self._undone: list[tuple[Stamp, Edit]] = []

    def add(self, edit: Edit, last: Entry | None) -> None:
        """Remembers one that was just made, with `last` as the act that would be undone next."""
        self._done.append((_stamp(last), edit))
        self._undone.clear()

    def to_undo(self, last: Entry | None) -> Edit | None:
        """The change to be taken back next; None where the act `last`, to be undone next, is later than all."""
        if self._done and self._done[-1][0] >= _stamp(last):
            return self._done[-1][1]
        return None

    def to_redo(self, last: Entry | None, undone: Entry | None) -> Edit | None:
        """The change to be made again next; None where the act `undone` comes before it.

        Where something was done to papers since, the act `last`, nothing is made again.
        """
        if self._undone and self._undone[-1][0] < _stamp(last):
            self._undone.clear()
        if not self._undone or (undone and undone.stamp <= self._undone[-1][0]):
            return None
        return self._undone[-1][1]

    def belongs(self, edit: Edit, act: Entry | None) -> bool:
        """Whether the change goes and comes with this very act."""
        stamps = (stamp for stamp, known in (*self._done, *self._undone) if known is edit)
        return edit.joined and act is not None and act.stamp in stamps

    @property
    def taken_back(self) -> bool:
        """Whether there is one that was taken back, whatever comes before it."""
        return bool(self._undone)

    def turn(self, edit: Edit) -> None:
        """The change, one of the two above, was taken back, or made again."""
        here, there = (
            (self._done, self._undone)
            if self._done and self._done[-1][1] is edit
            else (self._undone, self._done)
        )
        there.append(here.pop())

    def drop(self, edit: Edit) -> None:
        """The change can't be turned: what was asked for next time is the one before it."""
        self._done = [pair for pair in self._done if pair[1] is not edit]
        self._undone = [pair for pair in self._undone if pair[1] is not edit]


def _stamp(entry: Entry | None) -> Stamp:
    return entry.stamp if entry else _BEFORE_ALL
