"""Authors whose names are to stand out, however a paper spells them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from papers_tui.domain.text import fold_name, spelt_out
from papers_tui.late import dataclass, field, pattern

_WORD = pattern(r"[^\W_]+")
_INITIALS = "ajmescdlrpbgwhtkfnyvioqzxu"
"""Of middle names, the most frequent first."""

Given = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """Names of authors, to hold others against.

    Two names are one where the last word is the same and the words before it go together, an initial standing for
    any word that begins so; middle names may be missing. Case, accents and umlauts don't count: `G. Hinton` is
    `Geoffrey E. Hinton`, and `LeCun, Yann` is `Yann LeCun`.
    """

    names: tuple[str, ...] = ()
    _by_last: Mapping[str, tuple[Given, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found: dict[str, tuple[Given, ...]] = {}
        for name in self.names:
            for given, last in _spellings(name):
                found[last] = (*found.get(last, ()), given)
        object.__setattr__(self, "_by_last", found)

    def has(self, name: str) -> bool:
        """Whether it is one of them."""
        return bool(self._by_last) and any(
            _go_together(given, other)
            for given, last in _spellings(name)
            for other in self._by_last.get(last, ())
        )

    def among(self, names: Iterable[str]) -> str:
        """The first of `names` that is one of them, or ""."""
        return next((name for name in names if self.has(name)), "")


def spellings_of(name: str) -> Iterator[str]:
    """The ways in which papers may spell a name, each of which is one with it: the likeliest first.

    In whole and by initials, with the last name first, too; without middle names, or with any initial for one.
    """
    found: dict[str, None] = {}
    several = sorted(_spellings(name), key=str)
    for given, last in several:
        words = [" ".join(way) for way in _ways(given)]
        found |= dict.fromkeys(f"{way} {last}".strip() for way in words)
        found |= dict.fromkeys(f"{last}, {way}" for way in words if way)
    for given, last in several:
        if len(given) == 1:
            found |= dict.fromkeys(f"{given[0]} {initial} {last}" for initial in _INITIALS)
    watched = Watched((name,))
    yield from filter(watched.has, found)


def _ways(given: Given) -> tuple[Given, ...]:
    """The words before the last one, in whole, by initials, and without those in the middle."""
    if not given:
        return (given,)
    first, *middle = given
    initials = [word[0] for word in middle]
    ways = (given, (first[0], *middle), (first[0], *initials), (first, *initials), (first,), (first[0],))
    return tuple(dict.fromkeys(ways))


def _spellings(name: str) -> set[tuple[Given, str]]:
    """The words before the last one, and the last, in each way of writing umlauts."""
    last, comma, first = name.partition(",")
    ordered = f"{first} {last}" if comma and "," not in first else name
    words = (tuple(_WORD.findall(fold_name(text))) for text in {ordered, spelt_out(ordered)})
    return {(several[:-1], several[-1]) for several in words if several}


def _go_together(one: Sequence[str], other: Sequence[str]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short or not _alike(short[0], long[0]):
        return not long
    rest = iter(long[1:])
    return all(any(_alike(word, candidate) for candidate in rest) for word in short[1:])


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))
