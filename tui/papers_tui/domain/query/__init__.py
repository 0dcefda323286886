"""The search language: a query as a value, read from text and written back.

What reads and writes it comes with its first use: most queries of a start are made by the program itself.
"""

from __future__ import annotations

from papers_tui.domain.query.values import (
    BELONGINGS,
    COUNTS,
    NAMED,
    ORDERS,
    PLACES,
    STATES,
    AllOf,
    AnyOf,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Leaf,
    Not,
    Query,
    Term,
    Within,
    Words,
    leaves,
)
from papers_tui.late import TYPE_CHECKING

if TYPE_CHECKING:
    from papers_tui.domain.query.beginnings import asks_for_words, is_begun
    from papers_tui.domain.query.reading import parse
    from papers_tui.domain.query.writing import format

__all__ = [
    "BELONGINGS",
    "COUNTS",
    "NAMED",
    "ORDERS",
    "PLACES",
    "STATES",
    "AllOf",
    "AnyOf",
    "Between",
    "Count",
    "Dated",
    "Has",
    "Is",
    "Label",
    "Leaf",
    "Not",
    "Query",
    "Term",
    "Within",
    "Words",
    "asks_for_words",
    "format",
    "is_begun",
    "leaves",
    "parse",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from papers_tui.domain.query import beginnings, reading, writing

    room = {"parse": reading, "format": writing}.get(name, beginnings)
    return getattr(room, name)
