"""The tables of `views.toml` as views and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from papers_tui.domain.errors import QueryError
from papers_tui.domain.query import parse
from papers_tui.problems import UnfitError, line, unfit
from papers_tui.saved_views.changes import SUGGESTED, SavedView, is_key, view_name
from papers_tui.toml_tables import Claim, Tables, written_anew

_HEADER = """\
# The saved views of papers-tui. It rewrites this file when views change, without comments, and keeps
# the former version beside it as views.toml.bak.
"""
_LONGEST_FAULT = 200


def _view(table: Mapping[str, object]) -> tuple[SavedView, tuple[str, ...]]:
    name, query, key = (table.get(field, "") for field in ("name", "query", "key"))
    if not isinstance(name, str) or not (called := view_name(name)):
        raise UnfitError(unfit("name", name, "a name that can be shown") if name else "it has no name")
    if not isinstance(query, str):
        raise UnfitError(unfit("query", query, "a text"))
    try:
        parse(query)
    except QueryError as error:
        raise UnfitError(line(f"its {error}", _LONGEST_FAULT)) from None
    if is_key(key):
        return SavedView(called, query, key), ()
    return SavedView(called, query), (unfit("key", key, "one character"),) if key != "" else ()


def _table(view: SavedView, former: SavedView | None, table: dict[str, Any]) -> dict[str, Any]:
    table = written_anew(view, former, table)
    # A key that did not hold, since another view had it, must not come to hold when that one is gone.
    if not view.key and is_key(table.get("key")):
        del table["key"]
    return table


def _claims(view: SavedView) -> list[Claim[SavedView]]:
    name: Claim[SavedView] = ("has the same name", view.name.casefold(), None)
    return [name, ("has the same key", view.key, replace(view, key=""))] if view.key else [name]


VIEWS = Tables(
    kind=SavedView,
    array="view",
    noun="view",
    header=_HEADER,
    parsed=_view,
    written=_table,
    claims=_claims,
    likeness=lambda view: view.query,
    suggested=SUGGESTED,
)
