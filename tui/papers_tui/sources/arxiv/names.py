"""The authors of a feed's entry, which arXiv writes as one text."""

from __future__ import annotations

import re

_PART = re.compile(r"[(),]")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV", re.IGNORECASE)


def split_names(text: str) -> tuple[str, ...]:
    """The names in "A. One, B. Two (Institute, City), C. Three", without what stands in brackets.

    A generation behind a comma ("Jr.") belongs to the name before it. Where brackets don't pair, an opening
    one that is never closed is taken for part of a name.
    """
    names: list[str] = []
    for part in _parts(text):
        name = " ".join(part.split())
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]} {name}"
        elif name:
            names.append(name)
    return tuple(names)


def _parts(text: str) -> list[str]:
    """What stands between the commas outside of brackets, without the brackets."""
    parts: list[str] = []
    kept = ""
    at = depth = 0
    opened = 0
    for sign in _PART.finditer(text):
        if sign[0] == "(":
            if not depth:
                kept += text[at : sign.start()]
                opened = sign.start()
            depth += 1
        elif sign[0] == ")":
            if depth:
                depth -= 1
                at = sign.end() if not depth else at
        elif not depth:
            parts.append(kept + text[at : sign.start()])
            kept, at = "", sign.end()
    if depth:
        return [*parts, *(kept + text[opened:]).split(",")]
    return [*parts, kept + text[at:]]
