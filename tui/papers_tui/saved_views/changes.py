"""A saved view, and changes to the views that a user has: views in, views out."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import parse
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.problems import shown

_LONGEST = 60
_NAMED = 4
"""Views that are named where several could be meant."""


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


def added(views: Views, view: SavedView) -> Views:
    """The views and this one, last, or in place of the one of its name. Its key is taken from another that has it.

    Raises PapersError where its name can't be shown or its key is no single character, and QueryError where its
    query can't be read.
    """
    name = view_name(view.name)
    if not name:
        raise _nameless("view")
    if view.key and not is_key(view.key):
        raise PapersError("key", f"{shown(view.key)} is not one character", "give it a letter or a digit")
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
        raise _nameless(old.name)
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
    title = view_name(text) or "view"
    if found:
        more = ", …" if len(found) > _NAMED else ""
        several = ", ".join(f"“{view.name}”" for view in found[:_NAMED])
        raise PapersError(title, f"several views begin so: {several}{more}", "give more of the name")
    raise PapersError(title, "no view has this name", _way_out(views, wanted))


def view_name(text: str) -> str:
    """A name as it is kept: one line of at most 60 characters."""
    return clean_line(text)[:_LONGEST].strip()


def is_key(found: object) -> TypeGuard[str]:
    """Whether something is a key that a person can press: one character that can be seen."""
    return isinstance(found, str) and len(found) == 1 and found.isprintable() and not found.isspace()


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _nameless(title: str) -> PapersError:
    return PapersError(title, "a name of nothing that can be shown is none", "give it letters or digits")


def _way_out(views: Views, wanted: str) -> str:
    from difflib import get_close_matches

    if not views:
        return "`papers-tui view add` saves one"
    names: dict[str, str] = {}
    for view in views:
        name = view.name.casefold()
        names |= {name[: len(wanted)]: view.name, name: view.name}  # the beginning of a name will do
    near = get_close_matches(wanted, names, n=1)
    perhaps = f"perhaps “{names[near[0]]}” is meant; " if near else ""
    return f"{perhaps}`papers-tui view list` shows them all"
