"""Words that are still being typed."""

from __future__ import annotations

from papers_tui.domain.query.values import Query, Within, Words, leaves
from papers_tui.domain.text import spellings

_LEAST_LETTERS = 4


def asks_for_words(query: Query) -> bool:
    """Whether it looks for words, anywhere or in one place."""
    return any(isinstance(leaf, Words | Within) for leaf in leaves(query.terms))


def is_begun(query: Query) -> bool:
    """Whether a word of it is no more than a few letters yet: hardly an abstract has none that begins so.

    What stands behind a hyphen is no such word: it narrows down what stands before it.
    """
    begun = (leaf.text for leaf in leaves(query.terms) if isinstance(leaf, Words) and leaf.prefix)
    return any(
        all(len(form) == 1 for form in forms) and any(len(form[0]) < _LEAST_LETTERS for form in forms)
        for forms in map(spellings, begun)
    )
