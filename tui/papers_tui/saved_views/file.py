"""`views.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.saved_views.changes import Views
from papers_tui.saved_views.entries import VIEWS


def load(path: Path) -> tuple[Views, tuple[str, ...]]:
    """The views in the file at `path`, and what is wrong with them, a sentence each. Nothing in it is fatal.

    A missing file means the suggested ones, one that lists none means none. A view that can't be used is named
    and left out, and so is a later one of the same name; of a bad key, or one that is taken, none holds.
    """
    try:
        return VIEWS.load(path)
    except PapersError as error:
        return (), (str(error),)


def edit(path: Path, change: Callable[[Views], Views]) -> Views:
    """Changes the views in the file by `change`, and gives them as they are now. Raises as `Tables.edit` does."""
    return VIEWS.edit(path, change)
