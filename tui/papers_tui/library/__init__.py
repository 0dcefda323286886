"""The library: the only door between the outside and papers, marks and imports."""

from papers_tui.library.intake import Intake
from papers_tui.library.library import Library
from papers_tui.library.values import Done, Holding, ImportedFile

__all__ = ["Done", "Holding", "ImportedFile", "Intake", "Library"]
