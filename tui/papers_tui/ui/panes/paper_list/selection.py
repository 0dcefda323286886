"""The selected papers of a list, and the range that is being drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from papers_tui.late import dataclass, field


@dataclass(slots=True)
class Selection:
    """Row numbers, and the place (`anchor`) at which a range was begun that ends at the cursor, wherever that goes."""

    rows: set[int] = field(default_factory=set)
    anchor: int | None = None

    def range(self, cursor: int) -> range:
        """The places from the anchor to the cursor; none where no range is drawn."""
        if self.anchor is None:
            return range(0)
        first, last = sorted((self.anchor, cursor))
        return range(first, last + 1)

    def of(self, ids: Sequence[int], cursor: int) -> list[int]:
        """All that is selected, the range included, in the order of the list."""
        chosen = self.rows | {ids[place] for place in self.range(cursor) if place < len(ids)}
        return [row for row in ids if row in chosen] if chosen else []

    def count(self, ids: Sequence[int], cursor: int) -> int:
        """How many that are, without looking through the list; `rows` are all in it."""
        drawn = {ids[place] for place in self.range(cursor) if place < len(ids)}
        return len(self.rows | drawn) if drawn else len(self.rows)

    def turn(self, rows: Iterable[int]) -> None:
        """Selects these, or, where all of them are selected, no longer."""
        turned = set(rows)
        self.rows = self.rows - turned if turned <= self.rows else self.rows | turned

    def turn_range(self, ids: Sequence[int], cursor: int) -> None:
        """Begins a range at the cursor, or ends it: what lies between stays selected."""
        if self.anchor is None:
            self.anchor = cursor
        else:
            self.rows |= {ids[place] for place in self.range(cursor) if place < len(ids)}
            self.anchor = None

    def clear(self) -> None:
        self.rows.clear()
        self.anchor = None
