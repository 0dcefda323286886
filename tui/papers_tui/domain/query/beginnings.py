"""Words that are still being typed."""

from __future__ import annotations

from papers_tui.domain.query.values import Query, Words, leaves
from papers_tui.domain.text import spellings

_LEAST_LETTERS = 4


def asks_for_words(query: Query) -> bool:
    """Whether it looks for words without saying where."""
    return any(isinstance(leaf, Words) for leaf in leaves(query.terms))


def is_begun(query: Query) -> bool:
    """Whether a word of it is no more than a few letters yet: hardly an abstract has none that begins so."""
    words = (leaf for leaf in leaves(query.terms) if isinstance(leaf, Words) and leaf.prefix)
    return any(len(form[-1]) < _LEAST_LETTERS for word in words for form in spellings(word.text))
