"""Marking what a search was for, where it stands on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from papers_tui.domain.query import AllOf, AnyOf, Query, Term, Within, Words
from papers_tui.domain.text import spellings
from papers_tui.late import dataclass, pattern

_WORD = pattern(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hits:
    """Folded words that are looked for; a word may also begin with one of the `prefixes`."""

    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is a hit."""
        if not (self.words or self.prefixes):
            yield text, False
            return
        end = 0
        for word in _WORD.finditer(text):
            if self._is_hit(word[0]):
                if word.start() > end:
                    yield text[end : word.start()], False
                yield word[0], True
                end = word.end()
        if end < len(text):
            yield text[end:], False

    def _is_hit(self, word: str) -> bool:
        folded = _folded(word)
        return folded in self.words or bool(self.prefixes and folded.startswith(self.prefixes))


NONE = Hits()


def hits_of(query: Query) -> Hits:
    """What a query looks for in the text of papers."""
    words: set[str] = set()
    prefixes: set[str] = set()
    for term in _wanted(query.terms):
        for spelling in spellings(term.text):
            words.update(spelling)
            if term.prefix:
                prefixes.add(spelling[-1])
    return Hits(frozenset(words), tuple(sorted(prefixes)))


def _wanted(terms: Iterable[Term]) -> Iterator[Words | Within]:
    """The terms for text, but for what is not to be there."""
    for term in terms:
        match term:
            case Words() | Within():
                yield term
            case AllOf(several) | AnyOf(several):
                yield from _wanted(several)


@lru_cache(maxsize=8192)
def _folded(word: str) -> str:
    """A word as it is searched. Each letter that is typed asks for those on the screen again."""
    return "".join(next(iter(spellings(word)), ()))
