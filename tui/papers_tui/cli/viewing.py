"""`papers-tui view`: the saved views, in `views.toml`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import reduce

from papers_tui import saved_views
from papers_tui.cli import streams
from papers_tui.cli.commands import Act
from papers_tui.cli.table import cells, fit
from papers_tui.domain.text import for_terminal
from papers_tui.paths import Paths, make
from papers_tui.saved_views import SavedView, Views

_WIDEST = 32
"""Cells that a column of the table takes at most where another one needs the room."""

_EXAMPLE = """\
As in `papers-tui view add "Past week" is:unread after:7d --key w`, and then `papers-tui list view:past`.
A view of that name gets the new query, and keeps its key unless another is given. A query that begins with -
comes after --."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what to call it")
    parser.add_argument(
        "query", nargs="+", metavar="QUERY", help="which papers; `papers-tui list --help` tells"
    )
    parser.add_argument("--key", metavar="K", help='the key that opens it after g in the app; "" for none')
    parser.epilog = _EXAMPLE


def _add(args: argparse.Namespace, paths: Paths) -> int:
    view = SavedView(args.name, " ".join(args.query), args.key or "")
    name = saved_views.view_name(view.name)
    before: Views = ()

    def change(views: Views) -> Views:
        nonlocal before
        before = views
        keeps = {} if args.key is not None else {known.name.casefold(): known.key for known in views}
        return saved_views.added(views, replace(view, key=view.key or keeps.get(name.casefold(), "")))

    after = _edited(paths, change)
    (now,) = (known for known in after if known.name == name)
    there = any(known.name.casefold() == name.casefold() for known in before)
    streams.say(f"{'changed' if there else 'saved'}: {_described(now)}")
    for known in before:
        if now.key and known.key == now.key and known.name.casefold() != name.casefold():
            streams.say(f"{known.name}: its key is {now.name}'s now")
    return 0


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print them as JSON, one a line")
    parser.epilog = "Without a terminal: name, query and key, with tabs between them."


def _list(args: argparse.Namespace, paths: Paths) -> int:
    views, problems = saved_views.load(paths.views_file)
    for problem in problems:
        streams.say(problem)
    for line in _records(views) if args.json else _table(views):
        streams.put_text(f"{line}\n")
    if not (views or problems):
        streams.say("no view is saved; `papers-tui view add NAME QUERY` changes that")
    return 0


def _names_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="+", metavar="NAME", help="a view's name, or the beginning of it")


def _remove(args: argparse.Namespace, paths: Paths) -> int:
    gone = _change_each(args.names, paths, saved_views.removed)
    for view in gone:
        streams.say(f"removed: {_described(view)}")
    return 0


def _rename_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its name so far, or the beginning of it")
    parser.add_argument("new", metavar="NEW", help="its new name")


def _rename(args: argparse.Namespace, paths: Paths) -> int:
    def change(views: Views, name: str) -> Views:
        return saved_views.renamed(views, name, args.new)

    (view,) = _change_each([args.name], paths, change)
    streams.say(f"{view.name}: now called {saved_views.view_name(args.new)}")
    return 0


def _move_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a view's name, or the beginning of it")
    parser.add_argument(
        "place", type=_place, metavar="PLACE", help="where it is to stand, from 1; beyond the end: last"
    )
    parser.epilog = (
        'As in `papers-tui view move "Past week" 1`; `papers-tui view list` shows them in their order.'
    )


def _move(args: argparse.Namespace, paths: Paths) -> int:
    def change(views: Views, name: str) -> Views:
        here = views.index(saved_views.named(views, name))
        return saved_views.moved(views, name, args.place - 1 - here)

    (view,) = _change_each([args.name], paths, change)
    views, _ = saved_views.load(paths.views_file)
    names = [known.name for known in views]
    streams.say(f"{view.name}: now {names.index(view.name) + 1} of {len(names)}")
    return 0


def _place(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a place; the first one is 1")


ACTS = (
    Act("add", "save a query under a name, or give a view another query", _add_arguments, _add, queries=True),
    Act("list", "the saved views", _list_arguments, _list),
    Act("move", "let it stand elsewhere in the sidebar", _move_arguments, _move),
    Act("remove", "save it no longer", _names_arguments, _remove),
    Act("rename", "call it something else", _rename_arguments, _rename),
)


def _edited(paths: Paths, change: Callable[[Views], Views]) -> Views:
    make(paths)
    return saved_views.edit(paths.views_file, change)


def _change_each(
    names: Sequence[str], paths: Paths, change: Callable[[Views, str], Views]
) -> list[SavedView]:
    """Does it to all that are named, or to none; those views as they were."""
    meant: list[SavedView] = []

    def change_all(views: Views) -> Views:
        meant.extend(dict.fromkeys(saved_views.named(views, name) for name in names))
        return reduce(change, (view.name for view in meant), views)

    _edited(paths, change_all)
    return meant


def _records(views: Views) -> Iterator[str]:
    for view in views:
        record = {"name": view.name, "query": view.query, "key": view.key}
        yield json.dumps(record, ensure_ascii=False)


def _table(views: Views) -> Iterator[str]:
    rows = [_columns(view) for view in views]
    width = shutil.get_terminal_size().columns if streams.is_terminal(sys.stdout) else 0
    return _aligned(rows, width) if width and rows else ("\t".join(row) for row in rows)


def _columns(view: SavedView) -> tuple[str, ...]:
    columns = (view.name, view.query, view.key)
    return tuple(for_terminal(column).replace("\t", " ") for column in columns)


def _aligned(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Key, name and query: the query may be cut, and where room is short the name as well."""
    widest = max(cells(name) for name, _, _ in rows)
    if widest + max(cells(query) for _, query, _ in rows) + 6 > width:
        widest = min(widest, _WIDEST)
    for name, query, key in rows:
        yield fit(f"{fit(key, 2)}  {fit(name, widest)}  {query}", width).rstrip()


def _described(view: SavedView) -> str:
    key = f", key g {view.key}" if view.key else ""
    return f"{view.name} ({for_terminal(view.query) or 'every paper'}{key})"
