"""Names that fit what somebody has typed of one."""

from __future__ import annotations

from collections.abc import Iterable

from papers_tui.domain.text import fold_name
from papers_tui.late import pattern

_WORD_START = pattern(r"(?<![^\W_])[^\W_]")


def fitting(names: Iterable[str], typed: str, *, loosely: bool = False) -> list[str]:
    """The names that begin with `typed`, then those in which a later word does, each in the order given.

    `loosely`: then also those that have its letters in this order, whatever stands between them (`wm` fits `world
    models`). Case and accents don't count.
    """
    wanted = fold_name(typed)
    ranks: tuple[dict[str, None], ...] = ({}, {}, {})
    for name in names:
        folded = fold_name(name)
        if folded.startswith(wanted):
            ranks[0][name] = None
        elif any(folded.startswith(wanted, start.start()) for start in _WORD_START.finditer(folded)):
            ranks[1][name] = None
        elif loosely and _has_letters(folded, wanted):
            ranks[2][name] = None
    return [name for rank in ranks for name in rank]


def _has_letters(name: str, wanted: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in wanted if not letter.isspace())
