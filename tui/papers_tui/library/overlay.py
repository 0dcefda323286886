"""What was done and the store does not show yet: it waits for the journal, or for another process's writing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from papers_tui.domain import marks
from papers_tui.domain.marks import Change, Entry, Registers, State
from papers_tui.domain.notes import NoteEdit
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.rules import Ruled, in_force
from papers_tui.domain.topics import folded
from papers_tui.late import dataclass, field, replace

_Ruled = tuple[State, tuple[Ruled, ...]]


@dataclass(slots=True)
class Overlay:
    """Registers of papers, by row, and the edits of notes among them."""

    _registers: dict[int, dict[str, bool | str]] = field(default_factory=dict)
    _edits: dict[int, tuple[NoteEdit, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry], rows_of: Callable[[Iterable[Change]], tuple[int, ...]]) -> Overlay:
        """What these entries did, in their order; `rows_of` gives the rows of the papers that changes are about."""
        overlay = cls()
        for entry in entries:
            for change in entry.changes:
                text = dict(change.now).get("note")
                for row in rows_of((change,)):
                    overlay._registers.setdefault(row, {}).update(change.now)
                    if text is not None:
                        overlay._edits[row] = (NoteEdit(str(text), entry.stamp, entry.seen),)
        return overlay

    def __bool__(self) -> bool:
        return bool(self._registers)

    @property
    def rows(self) -> set[int]:
        """The rows about whose papers it knows more than the store."""
        return set(self._registers)

    def tagged(self, name: str) -> list[int]:
        """The rows of papers that were given a tag of this name, however it is spelt."""
        register = f"tag:{folded(name)}"
        return [
            row
            for row, registers in self._registers.items()
            if any(value is True and folded(known) == register for known, value in registers.items())
        ]

    def row(self, row: PaperRow) -> PaperRow:
        """A row with the flags that its paper has by now."""
        if row.row not in self._registers:
            return row
        return replace(row, flags=self.flags(row.row, row.flags))

    def flags(self, row: int, flags: int) -> int:
        """The flags that a row's paper has by now, which had these."""
        registers = self._registers.get(row)
        return marks.flags_after(flags, tuple(registers.items())) if registers else flags

    def states(self, known: Mapping[int, _Ruled]) -> dict[int, _Ruled]:
        """The states of rows, and what of each is the doing of rules, as they are by now."""
        found = dict(known)
        for row in self._registers.keys() & found.keys():
            state, ruled = found[row]
            registers = self._registers[row]
            shown = _with_registers(state, tuple(registers.items()))
            edits = self._edits.get(row, state.note_edits)
            found[row] = replace(shown, note_edits=edits), in_force(ruled, registers)
        return found


def _with_registers(state: State, registers: Registers) -> State:
    stamped = [
        (name, state.register(name), (0, 0, "", 0)) for name in ("read", "star", "later", "dismiss", "note")
    ]
    stamped += [(f"tag:{tag}", True, (0, 0, "", 0)) for tag in state.tags]
    return marks.fold([*stamped, *((name, value, (1, 0, "", 0)) for name, value in registers)])
