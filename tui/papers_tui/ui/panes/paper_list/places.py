"""Which line a paper stands on, and which paper stands on a line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from papers_tui.late import dataclass, replace

HEADER = -1
"""The part of a group's header, among the parts of papers."""


@dataclass(frozen=True, slots=True)
class Lines:
    """So `many` papers one below the other, on `height` lines each; the one at the place `cursor` takes `extra` more.

    Above each of the places in `starts` (ascending) stands a header, on a line of its own. Places and lines are
    counted from 0. Every question is answered in time logarithmic in the number of headers.
    """

    many: int = 0
    height: int = 1
    starts: Sequence[int] = ()
    cursor: int = 0
    extra: int = 0

    @property
    def count(self) -> int:
        """All the lines."""
        return self.many * self.height + len(self.starts) + self.extra if self.many else 0

    def of(self, place: int) -> int:
        """The first line of a paper."""
        after = self.extra if place > self.cursor else 0
        return place * self.height + bisect_right(self.starts, place) + after

    def at(self, line: int) -> tuple[int, int]:
        """The paper on a line and which of its lines that is; of a header, the paper below it and HEADER."""
        above = bisect_right(range(len(self.starts)), line, key=self._header) - 1
        first = self.starts[above] if above >= 0 else 0
        top = self.of(first)
        if line < top:
            return first, HEADER
        if self.cursor >= first and line >= (cursor := self.of(self.cursor)):
            if line < cursor + self.height + self.extra:
                return self.cursor, line - cursor
            line -= self.extra
        place, part = divmod(line - top, self.height)
        return first + place, part

    def headed(self, place: int) -> bool:
        """Whether a paper is the first of its group."""
        group = self.group(place)
        return group >= 0 and self.starts[group] == place

    def group(self, place: int) -> int:
        """Which group a paper is in, counted from 0; -1 where it is in none."""
        return bisect_right(self.starts, place) - 1

    def further(self, place: int, lines: int) -> int:
        """The paper so many lines below (above, by a negative number), at least one and as far as there are any.

        None is passed over that was out of sight in a window of so many lines.
        """
        even = replace(self, extra=0)
        found, part = even.at(max(0, min(even.count - 1, even.of(place) + lines)))
        if lines > 0:
            return min(self.many - 1, max(place + 1, found - (part == HEADER)))
        return max(0, min(place - 1, found + (part > 0)))

    def _header(self, group: int) -> int:
        return self.of(self.starts[group]) - 1
