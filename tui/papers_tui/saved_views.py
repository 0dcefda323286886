"""The views that the user saved, in `views.toml`: a name for a query, and perhaps a key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.query import parse
from papers_tui.domain.text import clean_line
from papers_tui.problems import UnfitError, nearest, shown, unfit
from papers_tui.toml_file import Document, edit_document, read_document

HEADER = """\
# The saved views of papers-tui. It rewrites this file when views change, without comments, and keeps
# the former version beside it as views.toml.bak.
"""

_FIELDS = ("name", "query", "key")
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view by its `name`: what `query`, in the search language, finds. `key` opens it after `g`; empty: none does."""

    name: str
    query: str
    key: str = ""


Views = tuple[SavedView, ...]

SUGGESTED: Views = (
    SavedView("Unread with code", "is:unread has:code", "c"),
    SavedView("Talked about", "is:unread upvotes:>=10 sort:upvotes", "u"),
    SavedView("Past week", "is:unread after:7d -is:later", "w"),
)
"""What a new library begins with; each shows a part of the language."""


def load(path: Path) -> tuple[Views, tuple[str, ...]]:
    """The views in the file at `path`, and what is wrong with them, a sentence each. Nothing in it is fatal.

    A missing file means the suggested ones, one that lists none means none.
    """
    try:
        document = read_document(path)
    except PapersError as error:
        return (), (str(error),)
    if document is None:
        return SUGGESTED, ()
    views, _, problems = _read(document)
    return views, tuple(f"{path}: {problem}" for problem in problems)


def edit(path: Path, change: Callable[[Views], Views]) -> Views:
    """Reads the views, changes them by `change`, writes them back, and gives them as they are now.

    What the file holds beyond readable views stays in it. Raises PapersError as `toml_file.edit_document` does.
    """
    after: Views = ()

    def changed(document: Document | None) -> str | None:
        nonlocal after
        before, others, _ = (SUGGESTED, (), ()) if document is None else _read(document)
        after = change(before)
        return None if after == before else _written(document or {}, after, others)

    edit_document(path, changed)
    return after


def added(views: Views, view: SavedView) -> Views:
    """The views and this one, last, or in place of the one of its name. Its key is taken from another that has it.

    Raises PapersError where its name can't be shown, and QueryError where its query can't be read.
    """
    name = view_name(view.name)
    if not name:
        raise PapersError("view", "a name of nothing that can be shown is none", "give it letters or digits")
    parse(view.query)
    view = replace(view, name=name)
    kept = tuple(replace(other, key="") if view.key and other.key == view.key else other for other in views)
    if any(_same(other.name, name) for other in kept):
        return tuple(view if _same(other.name, name) else other for other in kept)
    return (*kept, view)


def removed(views: Views, name: str) -> Views:
    """Without the view that is named. Raises PapersError as `named` does."""
    gone = named(views, name)
    return tuple(view for view in views if view is not gone)


def renamed(views: Views, name: str, new: str) -> Views:
    """With another name for one of them. Raises PapersError where that is empty, or another view's."""
    old = named(views, name)
    called = view_name(new)
    if not called:
        raise PapersError(
            old.name, "a name of nothing that can be shown is none", "give it letters or digits"
        )
    if any(view is not old and _same(view.name, called) for view in views):
        raise PapersError(called, "another view has this name", "choose a different one")
    return tuple(replace(view, name=called) if view is old else view for view in views)


def moved(views: Views, name: str, step: int) -> Views:
    """With one of them further down by so many places, or up. Raises PapersError as `named` does."""
    view = named(views, name)
    rest = [other for other in views if other is not view]
    rest.insert(max(0, min(len(rest), views.index(view) + step)), view)
    return tuple(rest)


def named(views: Views, text: str) -> SavedView:
    """The view that a person means: by its name or the beginning of it, where case doesn't count.

    Raises PapersError, with the nearest name, where there is none, or more than one.
    """
    wanted = view_name(text).casefold()
    exact = [view for view in views if view.name.casefold() == wanted]
    found = exact or [view for view in views if wanted and view.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(f"“{view.name}”" for view in found[:4])
        raise PapersError(text, f"several views begin so: {names}", "give more of the name")
    hint = nearest(wanted, [view.name for view in views]) if views else "`papers-tui view add` saves one"
    raise PapersError(text or "view", "no view has this name", hint)


def view_name(text: str) -> str:
    """A name as it is kept: one line of at most 60 characters."""
    return clean_line(text)[:_LONGEST].strip()


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _read(document: Mapping[str, object]) -> tuple[Views, tuple[object, ...], tuple[str, ...]]:
    """The views of a document, the entries that are none, and what is wrong."""
    problems = [
        f"{shown(name)} is not known here, expected [[view]] tables" for name in document if name != "view"
    ]
    tables = document.get("view", [])
    if not isinstance(tables, list):
        return (), (), (*problems, unfit("view", tables, "[[view]] tables, in double brackets"))
    views: list[SavedView] = []
    others: list[object] = []
    for number, table in enumerate(tables, 1):
        try:
            view = _view(table)
            if any(_same(view.name, known.name) for known in views):
                raise UnfitError(f"another view is called {shown(view.name)}, and the first holds")
        except UnfitError as reason:
            problems.append(f"view {number}: {reason}")
            others.append(table)
        else:
            views.append(view)
    return tuple(views), tuple(others), tuple(problems)


def _view(table: object) -> SavedView:
    if not isinstance(table, dict):
        raise UnfitError(f"found {shown(table)}, expected a table")
    texts = {name: table.get(name, "") for name in _FIELDS}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise UnfitError(unfit(name, text, "a text"))
    for name in table:
        if name not in _FIELDS:
            raise UnfitError(f"{shown(name)} is not known here, {nearest(name, _FIELDS)}")
    name = view_name(texts["name"])
    if not name:
        raise UnfitError("it has no name")
    try:
        parse(texts["query"])
    except QueryError as error:
        raise UnfitError(f"its {error}") from None
    if len(texts["key"]) > 1 or not (texts["key"] or "a").isprintable():
        raise UnfitError(unfit("key", texts["key"], "one character"))
    return SavedView(name, texts["query"], texts["key"])


def _written(document: Mapping[str, Any], views: Views, others: tuple[object, ...]) -> str:
    import tomli_w

    rest = {name: value for name, value in document.items() if name != "view"}
    tables = [{name: getattr(view, name) for name in _FIELDS if getattr(view, name)} for view in views]
    parts = [HEADER, *([tomli_w.dumps(rest)] if rest else [])]
    if all(isinstance(other, dict) for other in others):
        parts += [f"[[view]]\n{tomli_w.dumps(table)}" for table in [*tables, *others]]  # type: ignore[arg-type]
        return "\n".join(parts) if len(parts) > 1 else f"{HEADER}\nview = []\n"
    return f"{HEADER}\n{tomli_w.dumps({**rest, 'view': [*tables, *others]})}"
