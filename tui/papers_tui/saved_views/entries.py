"""The tables of `views.toml` as views and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from papers_tui.domain.errors import QueryError
from papers_tui.domain.query import parse
from papers_tui.late import dataclass
from papers_tui.problems import UnfitError, line, nearest, shown, unfit
from papers_tui.saved_views.changes import SavedView, Views, is_key, view_name

_FIELDS = tuple(field.name for field in fields(SavedView))
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the array `view`: what stands there, and the view it is, if any.

    One that repeats an earlier name does not hold.
    """

    table: object
    view: SavedView | None
    holds: bool


def holding(entries: Sequence[Entry]) -> Views:
    """The views among them that hold."""
    return tuple(entry.view for entry in entries if entry.view and entry.holds)


def read(document: Mapping[str, object]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """What a document lists, in its order, and what is wrong with it."""
    problems = [
        f"{shown(name)} is not known here, expected [[view]] tables" for name in document if name != "view"
    ]
    tables = document.get("view", [])
    if not isinstance(tables, list):
        return (), (*problems, unfit("view", tables, "[[view]] tables, in double brackets"))
    entries: list[Entry] = []
    names: dict[str, int] = {}
    keys: dict[str, int] = {}
    for number, table in enumerate(tables, 1):
        label = _label(number, table)
        try:
            view, faults = _view(table)
        except UnfitError as reason:
            problems.append(f"{label}: {reason}; it is left out")
            entries.append(Entry(table, None, holds=False))
            continue
        problems += [f"{label}: {fault}" for fault in faults]
        first = names.setdefault(view.name.casefold(), number)
        if first != number:
            problems.append(f"{label}: view {first} has the same name, and the first holds")
        elif view.key and keys.setdefault(view.key, number) != number:
            problems.append(f"{label}: view {keys[view.key]} has the same key, and the first holds")
            view = replace(view, key="")
        entries.append(Entry(table, view, holds=first == number))
    return tuple(entries), tuple(problems)


def _view(table: object) -> tuple[SavedView, list[str]]:
    """The view that a table says, and what is wrong with what it could do without. Raises UnfitError."""
    if not isinstance(table, dict):
        raise UnfitError(f"found {shown(table)}, expected a table")
    name, query, key = (table.get(field, "") for field in _FIELDS)
    if not isinstance(name, str) or not (called := view_name(name)):
        raise UnfitError(unfit("name", name, "a name that can be shown") if name else "it has no name")
    if not isinstance(query, str):
        raise UnfitError(unfit("query", query, "a text"))
    try:
        parse(query)
    except QueryError as error:
        raise UnfitError(line(f"its {error}", _LONGEST_FAULT)) from None
    faults = [
        f"{shown(field)} is not known here, {nearest(field[:40], _FIELDS)}"
        for field in table
        if field not in _FIELDS
    ]
    if key != "" and not is_key(key):
        faults.append(unfit("key", key, "one character"))
    return SavedView(called, query, key if is_key(key) else ""), faults


def updated(entries: Sequence[Entry], after: Views) -> list[object]:
    """The items of the array with the views `after` in place of those that hold.

    What could not be read stays where it is; only what repeats the name of a view that is gone goes with it. Of a
    view that stays, only what changed is written anew.
    """
    held = [(entry.view, entry) for entry in entries if entry.view and entry.holds]
    wanted = {view.name.casefold() for view in after}
    by_name = {view.name.casefold(): entry for view, entry in held}
    # A view may have another name now, which its query then tells.
    by_query = {view.query: entry for view, entry in held if view.name.casefold() not in wanted}
    stay = [(view, by_name.get(view.name.casefold()) or by_query.pop(view.query, None)) for view in after]
    staying = {id(entry) for _, entry in stay if entry}
    tables = (_table(view, entry) for view, entry in stay)
    kept: list[object] = []
    for entry in entries:
        if id(entry) in staying:
            kept.append(next(tables))
        elif not entry.view or (not entry.holds and entry.view.name.casefold() in wanted):
            kept.append(entry.table)
    return [*kept, *tables]


def _table(view: SavedView, entry: Entry | None) -> dict[str, Any]:
    former = entry.view if entry else None
    table = dict(entry.table) if entry and isinstance(entry.table, dict) else {}
    for field in _FIELDS:
        text = getattr(view, field)
        if former and text == getattr(former, field):
            continue
        if text:
            table[field] = text
        else:
            table.pop(field, None)
    # A key that did not hold, since another view had it, must not come to hold when that one is gone.
    if not view.key and is_key(table.get("key")):
        del table["key"]
    return table


def _label(number: int, table: object) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return f"view {number}" + (f" ({shown(name)})" if isinstance(name, str) else "")
