"""`authors.toml`: the authors that the user watches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import clean_line
from papers_tui.domain.watched import Watched
from papers_tui.toml_file import Document, edit_document, read_document, tables_of, text_of

HEADER = """\
# The authors that papers-tui watches. It rewrites this file when they change, without comments, and keeps
# the former version beside it as authors.toml.bak.
"""

MOST = 200
"""Authors that can be watched: a query asks for all of them at once."""

Names = tuple[str, ...]


def load(path: Path) -> tuple[Names, Names]:
    """The names in the file at `path`, and what is wrong with it, a sentence each. Nothing in it is fatal.

    No file means none. What is no name is told and left out, and so are names beyond MOST.
    """
    try:
        tables = tables_of(path, read_document(path) or {}, "author")
    except PapersError as error:
        return (), (str(error),)
    found = [_name(table) for table in tables]
    problems = [f"{path}: author {place}: no name" for place, name in enumerate(found, 1) if not name]
    names = tuple(dict.fromkeys(name for name in found if name))
    if len(names) > MOST:
        problems.append(f"{path}: only the first {MOST} authors are watched, of {len(names):,}")
    return names[:MOST], tuple(problems)


def watch(path: Path, name: str) -> Names:
    """Watches an author from now on; all that are watched. Raises PapersError where that can't be kept."""
    name = _clean(name)
    if not name:
        raise PapersError("author", "that holds no name", "give it letters")

    def change(tables: list[Any]) -> list[Any]:
        if len(tables) >= MOST:
            raise PapersError(str(path), f"{MOST} authors are watched already", "watch another one no longer")
        return tables if name in map(_name, tables) else [*tables, {"name": name}]

    return _edit(path, change)


def unwatch(path: Path, name: str) -> Names:
    """Watches an author no longer, in whatever spelling; all that still are. Raises PapersError as `watch` does."""

    def change(tables: list[Any]) -> list[Any]:
        return [table for table in tables if not Watched((_name(table),)).has(name)]

    return _edit(path, change)


def _edit(path: Path, change: Callable[[list[Any]], list[Any]]) -> Names:
    def changed(document: Document | None) -> str | None:
        held = document or {}
        before = tables_of(path, held, "author")
        after = change(before)
        return None if after == before else text_of({**held, "author": after}, "author", HEADER)

    edit_document(path, changed)
    return load(path)[0]


def _name(table: object) -> str:
    """The name in an entry of the file, or "" where it has none."""
    name = table.get("name") if isinstance(table, Mapping) else None
    return _clean(name) if isinstance(name, str) else ""


def _clean(text: str) -> str:
    name = " ".join(clean_line(text).split())
    return name if any(sign.isalnum() for sign in name) else ""
