"""`sources.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.subscriptions.changes import Sources
from papers_tui.subscriptions.entries import SOURCES


def load(path: Path) -> tuple[Sources, tuple[str, ...]]:
    """The sources in the file at `path`, and what is wrong with them, a sentence each.

    A missing file means Daily Papers alone, one that lists none means none. Nothing in it is fatal: an entry
    that can't be used is named and left out, and so is a later one of the same name or place; of a bad optional
    field the default holds. Of a file that can't be read at all no source is followed.
    """
    try:
        return SOURCES.load(path)
    except PapersError as error:
        return (), (f"{error}; until then no source is followed",)


def edit(path: Path, change: Callable[[Sources], Sources]) -> Sources:
    """Changes the sources in the file by `change`, and gives them as they are now. Raises as `Tables.edit` does."""
    return SOURCES.edit(path, change)
