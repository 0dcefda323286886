"""How many papers a listing or a file brought."""

from __future__ import annotations

from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of the records of one file: every record is one of the three."""

    new: int = 0
    merged: int = 0
    unchanged: int = 0

    @property
    def read(self) -> int:
        return self.new + self.merged + self.unchanged

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.new + other.new, self.merged + other.merged, self.unchanged + other.unchanged)


NOTHING = Tally()
