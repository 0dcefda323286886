"""How the panes are arranged: what the user chose, as far as it fits."""

from __future__ import annotations

LAYOUTS = ("auto", "columns", "rows", "list")
"""What can be chosen: by width, side by side, list above detail, the list alone."""

WIDE = 110
"""Columns from which the sidebar stands beside the others."""

_SIDE_BY_SIDE = 150
"""Columns from which list and detail stand side by side: both then hold a title, and a good line of text.
Below that the list goes above the detail, where most titles still are whole on one line."""

NARROW = 80
"""Columns below which there is one pane at a time."""


def arrangement(width: int, height: int, choice: str) -> str:
    """Either "columns", "rows" or "list" for a terminal of this size."""
    if width < NARROW or height < 16:
        return "list"
    if choice == "auto":
        return "columns" if width >= _SIDE_BY_SIDE else "rows"
    return choice


def next_choice(width: int, height: int, choice: str) -> str:
    """The next choice that looks different from the present one; the same where there is none."""
    now = arrangement(width, height, choice)
    place = LAYOUTS.index(choice)
    others = (*LAYOUTS[place + 1 :], *LAYOUTS[:place])
    return next((other for other in others if arrangement(width, height, other) != now), choice)
