"""`views.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.saved_views.changes import SUGGESTED, Views
from papers_tui.saved_views.entries import holding, read, updated
from papers_tui.toml_file import Document, edit_document, read_document, text_of

HEADER = """\
# The saved views of papers-tui. It rewrites this file when views change, without comments, and keeps
# the former version beside it as views.toml.bak.
"""


def load(path: Path) -> tuple[Views, tuple[str, ...]]:
    """The views in the file at `path`, and what is wrong with them, a sentence each. Nothing in it is fatal.

    A missing file means the suggested ones, one that lists none means none. A view that can't be used is named
    and left out, and so is a later one of the same name; of a bad key, or one that is taken, none holds.
    """
    try:
        document = read_document(path)
    except PapersError as error:
        return (), (str(error),)
    if document is None:
        return SUGGESTED, ()
    entries, problems = read(document)
    return holding(entries), tuple(f"{path}: {problem}" for problem in problems)


def edit(path: Path, change: Callable[[Views], Views]) -> Views:
    """Reads the views, changes them by `change`, writes them back, and gives them as they are now.

    What the file holds beyond readable views stays in it. Nothing is written where nothing changed. Raises
    PapersError as `toml_file.edit_document` does, and where the file holds something else in place of the views.
    """
    after: Views = ()

    def changed(document: Document | None) -> str | None:
        nonlocal after
        held = document or {}
        if not isinstance(held.get("view", []), list):
            hint = "write [[view]], in double brackets, before each of them"
            raise PapersError(str(path), "what it calls view is no list of tables", hint)
        entries, _ = read(held)
        before = SUGGESTED if document is None else holding(entries)
        after = change(before)
        if after == before:
            return None
        return text_of({**held, "view": updated(entries, after)}, "view", HEADER)

    edit_document(path, changed)
    return after
