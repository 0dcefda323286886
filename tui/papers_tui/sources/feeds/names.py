"""The names of authors, where a feed writes several of them as one text."""

from __future__ import annotations

import re

_IN_BRACKETS = re.compile(r"\s*\([^()]{0,500}\)")
_JR = re.compile(r",\s+((?:Jr|Sr)\.?|I{2,3}|IV)(?=,|;|$)")
_AND = re.compile(r",?\s+(?:and|&)\s+")
_DEEPEST_BRACKETS = 3
_PUNCTUATION = str.maketrans("", "", ". -'’")
_MOST_INITIALS = 6
_MOST = 5_000


def split_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The single names in what a feed gives for authors.

    Told apart are "A B; C D", "Last, F., Last, G. H." (bioRxiv) and "A B, C D and E F" (arXiv, with affiliations in
    brackets, which go). "Last, First" alone stays one name, and so does what has no comma.
    """
    found = [name for text in names for name in _split(text)]
    return tuple(dict.fromkeys(found))[:_MOST]


def _split(text: str) -> list[str]:
    for _ in range(_DEEPEST_BRACKETS):
        text = _IN_BRACKETS.sub("", text)
    text = _JR.sub(r" \1", text)
    if ";" in text:
        return _tidy(text.split(";"))
    parts = _tidy(_AND.sub(", ", text).split(","))
    family, given = parts[::2], parts[1::2]
    if len(parts) > 1 and len(family) == len(given) and all(map(_is_initials, given)):
        return [f"{first} {last}" for last, first in zip(family, given, strict=True)]
    if len(parts) > 1 and all(" " in part for part in parts):
        return parts
    if len(parts) == 2 and "," in text:
        return _tidy([text])
    return parts if len(parts) > 2 or " and " in text else _tidy([text])


def _is_initials(part: str) -> bool:
    letters = part.translate(_PUNCTUATION)
    return len(letters) <= _MOST_INITIALS and letters.isalpha() and letters.isupper()


def _tidy(parts: list[str]) -> list[str]:
    return [name for part in parts if (name := " ".join(part.split()).strip(" ,"))]
