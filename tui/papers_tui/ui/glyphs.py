"""The signs on the screen, in a set that the terminal's encoding can show."""

from __future__ import annotations

import codecs
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One sign for each state, so that no state is told by colour alone."""

    unread: str = "●"
    later: str = "◷"
    dismissed: str = "×"
    star: str = "★"
    note: str = "✎"
    tag: str = "#"
    upvotes: str = "▲"
    code: str = "<>"
    bullet: str = "•"
    selected: str = "▐"


ASCII = Glyphs(
    unread="o", later="L", dismissed="x", star="*", note="n", upvotes="^", bullet="-", selected="+"
)


def glyphs_for(encoding: str | None) -> Glyphs:
    """The set for an output encoding: Unicode's where it is one of Unicode's."""
    try:
        name = codecs.lookup(encoding or "ascii").name
    except LookupError:
        return ASCII
    return Glyphs() if name.startswith("utf") else ASCII
