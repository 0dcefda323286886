"""Three versions of some lines as one: what we wrote, what the user made of it, what we would write now.

No line of the user's is lost, or moved past another: the result is what they have, without those of our lines
that are no longer said, and with those that are new.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from papers_tui.export.fingerprints import BLANK, key
from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, its key, and the blank lines above it; texts carry their line ends."""

    key: str
    text: str
    gap: tuple[str, ...] = ()


def read(lines: Iterable[str]) -> tuple[list[Line], tuple[str, ...]]:
    """The lines that are not blank, and the blank ones below the last of them."""
    found: list[Line] = []
    gap: list[str] = []
    for text in lines:
        known = key(text)
        if known == BLANK:
            gap.append(text)
        else:
            found.append(Line(known, text, tuple(gap)))
            gap = []
    return found, tuple(gap)


def recalled(keys: Iterable[str], blank: str) -> list[Line]:
    """Lines of which only the keys are known, without their texts; `blank` is a blank line."""
    found: list[Line] = []
    gap = 0
    for known in keys:
        if known == BLANK:
            gap += 1
        else:
            found.append(Line(known, "", (blank,) * gap))
            gap = 0
    return found


def texts(lines: Iterable[Line]) -> list[str]:
    """The lines with the blank ones between them: what `read` reads."""
    return [text for line in lines for text in (*line.gap, line.text)]


def merged(wrote: Sequence[str], found: Sequence[Line], now: Sequence[Line], blank: str) -> list[Line]:
    """The lines found, renewed. `wrote` are the keys of what we wrote; `now` is what we would write.

    Where a line of ours is no longer said, it goes, and what is said in its place stands there; what is new
    stands beside its neighbours in `now`, below the user's lines that are there. A line of ours that the
    user took out stays out until it says something else. `blank` is a blank line.
    """
    wrote = [known for known in wrote if known != BLANK]
    kept = dict(common(wrote, [line.key for line in found]))
    said = dict(common(wrote, [line.key for line in now]))
    dead = {place for ours, place in kept.items() if ours not in said}
    news = sorted(set(range(len(now))) - set(said.values()))
    ties = [(place, said[ours]) for ours, place in kept.items() if ours in said]
    ties = sorted([*ties, *_said_by_both(found, now, news, ties)])
    result: list[Line] = []
    for (above, above_now), (below, below_now) in _spans(ties, found, now):
        theirs = [(found[place], place in dead) for place in range(above + 1, below)]
        stretch = _Stretch(theirs, found[below : below + 1], now, above_now, below_now)
        result += stretch.joined(_between(news, above_now, below_now), blank)
    return result


def common(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Places of equal items in both, rising in both: a long common subsequence, in n log n time.

    Between what both begin and end with, the n-th of some equal items in one can only match the n-th in the
    other; what that misses is taken for changed.
    """
    most = min(len(one), len(other))
    start = next((place for place in range(most) if one[place] != other[place]), most)
    most -= start
    end = next((back for back in range(most) if one[-1 - back] != other[-1 - back]), most)
    head = [(place, place) for place in range(start)]
    tail = [(len(one) - back, len(other) - back) for back in range(end, 0, -1)]
    places = {item: place for place, item in _numbered(other[start : len(other) - end])}
    pairs = [
        (start + place, start + places[item])
        for place, item in _numbered(one[start : len(one) - end])
        if item in places
    ]
    return [*head, *_rising(pairs), *tail]


def _numbered(items: Sequence[str]) -> Iterator[tuple[int, tuple[str, int]]]:
    counts: Counter[str] = Counter()
    for place, item in enumerate(items):
        counts[item] += 1
        yield place, (item, counts[item])


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of `pairs`, which rise in the first number, that rises in the second too."""
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(lowest, place)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [place]
        ends[length : length + 1] = [number]
    chain: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


_Tie = tuple[int, int]
"""The places of one line in what was found and in what is said now."""


def _spans(ties: Sequence[_Tie], found: Sequence[Line], now: Sequence[Line]) -> Iterator[tuple[_Tie, _Tie]]:
    return pairwise([(-1, -1), *ties, (len(found), len(now))])


def _between(places: Sequence[int], above: int, below: int) -> Sequence[int]:
    return places[bisect_left(places, above + 1) : bisect_left(places, below)]


def _said_by_both(
    found: Sequence[Line], now: Sequence[Line], news: Sequence[int], ties: Sequence[_Tie]
) -> Iterator[_Tie]:
    """Ties of lines that are new to us, and that the file has already."""
    for (above, above_now), (below, below_now) in _spans(ties, found, now):
        new = _between(news, above_now, below_now)
        theirs = [line.key for line in found[above + 1 : below]]
        for one, other in common(theirs, [now[place].key for place in new]):
            yield above + 1 + one, new[other]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What stands between two ties.

    `theirs` are the lines found there, each with whether it is one of ours that goes, and `last` is the line
    of the lower tie, if that is one; `above` and `below` are the places of the ties in `now`.
    """

    theirs: Sequence[tuple[Line, bool]]
    last: Sequence[Line]
    now: Sequence[Line]
    above: int
    below: int

    def joined(self, news: Sequence[int], blank: str) -> list[Line]:
        """The lines that stay with the new ones among them; blank lines part what is not of one piece."""
        spots = self._spots(news)
        lines: list[Line] = []
        gap: tuple[str, ...] = ()
        before, mine = self.above, False
        for index in range(len(self.theirs) + 1):
            for place in spots.get(index, ()):
                line = self.now[place]
                parted = mine or self._are_one_piece(before, place)
                lines.append(replace(line, gap=line.gap or gap or (() if parted else (blank,))))
                gap, before, mine = (), place, False
            for line, goes in self.theirs[index : index + 1]:
                if goes:
                    gap = line.gap or gap
                else:
                    lines.append(replace(line, gap=line.gap or gap))
                    gap, mine = (), True
        for line in self.last:
            gap = line.gap or gap
            if news and not mine:
                gap = () if self._are_one_piece(before, self.below) else gap or (blank,)
            lines.append(replace(line, gap=gap))
        return lines

    def _spots(self, news: Sequence[int]) -> dict[int, list[int]]:
        """The new lines by how many of `theirs` stand above them.

        They take the places of the lines that go, each that of one that begins a paragraph as it does; what
        goes on from the line before it stands with that, and what is left over stands below.
        """
        loose = [index for index, (line, _) in enumerate(self.theirs) if line.gap]
        going = [index for index, (_, goes) in enumerate(self.theirs) if goes]
        spot = loose[0] if loose else len(self.theirs)
        spots: dict[int, list[int]] = {}
        for before, place in pairwise([self.above, *news]):
            goes_on = self._are_one_piece(before, place)
            while going and not goes_on and not self.theirs[going[0]][0].gap:
                going.pop(0)
            if going and goes_on is not bool(self.theirs[going[0]][0].gap):
                spot = going.pop(0) + 1
            elif not goes_on:
                spot = len(self.theirs)
            spots.setdefault(spot, []).append(place)
        return spots

    def _are_one_piece(self, above: int, below: int) -> bool:
        """Whether no blank line parts these two lines of `now`, or any between them."""
        return above >= 0 and not any(line.gap for line in self.now[above + 1 : below + 1])
