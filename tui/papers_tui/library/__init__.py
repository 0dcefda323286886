"""The library: the only door between the outside and papers, marks and imports.

Its names come with their first use: who only looks papers up (`reader`) needs neither journal nor imports.
"""

from __future__ import annotations

from importlib import import_module

from papers_tui.late import TYPE_CHECKING

__all__ = ["Done", "Holding", "ImportedFile", "Intake", "Library"]

if TYPE_CHECKING:
    from papers_tui.library.intake import Intake
    from papers_tui.library.library import Library
    from papers_tui.library.values import Done, Holding, ImportedFile


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = {"Intake": "intake", "Library": "library"}.get(name, "values")
    return getattr(import_module(f"papers_tui.library.{room}"), name)
