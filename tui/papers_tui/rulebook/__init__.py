"""The rules that the user has: those in `config.toml`, by hand, then those that the program keeps in `rules.toml`."""

from papers_tui.rulebook.changes import added, moved, named, removed, renamed
from papers_tui.rulebook.file import Rulebook, edit, load

__all__ = ["Rulebook", "added", "edit", "load", "moved", "named", "removed", "renamed"]
