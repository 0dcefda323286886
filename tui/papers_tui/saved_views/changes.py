"""A saved view, and changes to the views that a user has: views in, views out."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from papers_tui import naming
from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import parse
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.problems import shown

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


def added(views: Views, view: SavedView) -> Views:
    """The views and this one, last, or in place of the one of its name. Its key is taken from another that has it.

    Raises PapersError where its name can't be shown or its key is no single character, and QueryError where its
    query can't be read.
    """
    name = view_name(view.name)
    if not name:
        message = "a name of nothing that can be shown is none"
        raise PapersError("view", message, "give it letters or digits")
    if view.key and not is_key(view.key):
        raise PapersError("key", f"{shown(view.key)} is not one character", "give it a letter or a digit")
    parse(view.query)
    kept = (replace(other, key="") if view.key and other.key == view.key else other for other in views)
    return naming.added(tuple(kept), replace(view, name=name))


def removed(views: Views, name: str) -> Views:
    """Without the view that is named. Raises PapersError as `named` does."""
    return naming.without(views, named(views, name))


def renamed(views: Views, name: str, new: str) -> Views:
    """With another name for one of them. Raises PapersError where that is empty, or another view's."""
    old = named(views, name)
    return naming.renamed(views, old, replace(old, name=view_name(new)), "view")


def moved(views: Views, name: str, step: int) -> Views:
    """With one of them further down by so many places, or up. Raises PapersError as `named` does."""
    return naming.moved(views, named(views, name), step)


def named(views: Views, text: str) -> SavedView:
    """The view that a person means: by its name or the beginning of it. Raises PapersError as `naming.named` does."""
    return naming.named(views, view_name(text), "view")


def view_name(text: str) -> str:
    """A name as it is kept: one line of at most 60 characters."""
    return clean_line(text)[:_LONGEST].strip()


def is_key(found: object) -> TypeGuard[str]:
    """Whether something is a key that a person can press: one character that can be seen."""
    return isinstance(found, str) and len(found) == 1 and found.isprintable() and not found.isspace()
