"""`sources.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.subscriptions.entries import read, unlisted, updated, written
from papers_tui.toml_file import Document, edit_document, read_document

Sources = tuple[Source, ...]


def load(path: Path) -> tuple[Sources, tuple[str, ...]]:
    """The sources in the file at `path`, and what is wrong with them, a sentence each.

    A missing file means Daily Papers alone, one that lists none means none. Nothing in it is fatal: an entry
    that can't be used is named and left out, and so is a later one of the same name or place; of a bad optional
    field the default holds. Of a file that can't be read at all no source is followed.
    """
    try:
        document = read_document(path)
    except PapersError as error:
        return (), (f"{error}; until then no source is followed",)
    if document is None:
        return (DAILY_PAPERS,), ()
    listed = read(document)
    return listed.sources, tuple(f"{path}: {problem}" for problem in listed.problems)


def edit(path: Path, change: Callable[[Sources], Sources]) -> Sources:
    """Reads the sources, changes them by `change`, writes them back, and gives them as they are now.

    What the file holds beyond readable sources stays in it. Nothing is written where nothing changed. Raises
    PapersError as `edit_document` does.
    """
    after: Sources = ()

    def changed(document: Document | None) -> str | None:
        nonlocal after
        held = document or {}
        if unlisted(held):
            hint = "write [[source]], in double brackets, before each of them"
            raise PapersError(str(path), "what it calls source is no list of tables", hint)
        listed = read(held)
        before = (DAILY_PAPERS,) if document is None else listed.sources
        after = change(before)
        return None if after == before else written(updated(held, listed, after))

    edit_document(path, changed)
    return after
