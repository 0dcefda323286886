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

PANES = """
MainScreen { layers: base over; }
MainScreen > Horizontal { height: 1fr; margin-bottom: 1; }
MainScreen #reading { width: 1fr; height: 1fr; layout: horizontal; }
MainScreen Sidebar { width: 27; display: none; border-right: solid $panel; }
MainScreen.-wide Sidebar { display: block; }
MainScreen.-drawer Sidebar {
    display: block; layer: over; dock: left; width: 34; max-width: 100%; border-right: solid $primary;
}
MainScreen PaperList { width: 6fr; }
MainScreen Detail { width: 5fr; }
MainScreen.-rows #reading { layout: vertical; }
MainScreen.-rows PaperList { width: 1fr; height: 2fr; }
MainScreen.-rows Detail { width: 1fr; height: 3fr; border-left: none; border-top: solid $panel; }
MainScreen.-rows Detail:focus { border-top: solid $primary; }
MainScreen.-list Detail { display: none; }
MainScreen.-whole Detail, MainScreen.-rows.-whole Detail { display: block; border: none; }
MainScreen.-whole Detail:focus, MainScreen.-rows.-whole Detail:focus { border: none; }
MainScreen.-whole PaperList { display: none; }
"""
"""The panes by the classes that the main screen has in an arrangement."""


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
