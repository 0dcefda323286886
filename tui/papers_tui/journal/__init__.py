"""The record of what the user did: append-only files, the truth."""

from papers_tui.journal.journal import Journal, Tail

__all__ = ["Journal", "Tail"]
