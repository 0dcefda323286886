"""Marking what a search was for, where it stands on the screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from papers_tui.domain.query import Query, Words
from papers_tui.domain.text import fold_words

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hits:
    """Folded words that are looked for; `prefix` may also be the beginning of a word: it is still being typed."""

    words: frozenset[str] = frozenset()
    prefix: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.prefix)

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is a hit."""
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
        folded = _plain(word)
        return folded in self.words or bool(self.prefix and folded.startswith(self.prefix))


NONE = Hits()


def hits_of(query: Query, *, typing: bool = False) -> Hits:
    """What a query looks for in the text; its last word may go on where it is still being typed."""
    words = [word for term in query.terms if isinstance(term, Words) for word in _WORD.findall(term.text)]
    folded = [_plain(word) for word in words]
    last = folded[-1] if folded and typing else ""
    return Hits(frozenset(folded), last)


def _plain(word: str) -> str:
    """A word without case and accents."""
    if word.isascii():
        return word.lower()
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", fold_words(word)) if not unicodedata.combining(sign)
    ).strip()
