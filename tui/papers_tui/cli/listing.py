"""`papers-tui list`: the papers of a query as a table, as JSON Lines, as ids or as a number."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence

from papers_tui.cli import streams
from papers_tui.cli.querying import query_of
from papers_tui.cli.reading import opened
from papers_tui.cli.table import aligned, tabbed
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.query import ORDERS
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.session import last_opened

_CHUNK = 500
"""Papers that are read, and aligned with each other, at a time."""

_EPILOG = """\
A query: words, "a phrase", begin*, -without, this OR that, ( ); and
  title: abstract: author: note:   words in that place
  tag: source: org: cat: topic:    a name; org:=Google is that very one
  edition: announce:               2026-11-20 or latest; new, cross or replace
  is: has:                         unread, starred, …; code, pdf, project, model, dataset, note, tag
  after: before: date:             2026-11-20, 2026-11, 2026, 7d, 2w, 3m, 1y, today; date:A..B
  upvotes: comments: stars:        10, >10, <=5, 1..5, >1k
  sort:                            date, edition, upvotes, comments, stars, relevance, title, added
  view:                            a saved view, by its name or the beginning of it
One that begins with - comes after --. The marks in the table: ● unread, ★ starred, L later, x dismissed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "query", nargs="*", metavar="QUERY", help="which papers (default: all, dismissed ones too)"
    )
    parser.add_argument(
        "--format",
        choices=("table", "jsonl", "ids"),
        default="table",
        help="how to print them (default: table)",
    )
    parser.add_argument("--limit", type=_natural, metavar="N", help="at most so many")
    parser.add_argument(
        "--sort",
        choices=ORDERS,
        help="in which order, whatever the query says (default: its own, else latest first)",
    )
    parser.add_argument("--count", action="store_true", help="print only how many there are")
    parser.epilog = _EPILOG


def run(args: argparse.Namespace, paths: Paths) -> int:
    query = query_of(args.query, paths, sort=args.sort or "")
    with opened(paths) as library:
        found = library.find(query, since=last_opened(paths))[: args.limit]
        if args.count:
            streams.put(f"{len(found)}\n")
        else:
            for line in _LINES[args.format](library, found):
                streams.put_text(f"{line}\n")
    return 0


def _table(library: Library, found: Sequence[int]) -> Iterator[str]:
    width = shutil.get_terminal_size().columns if streams.is_terminal(sys.stdout) else 0
    for rows in _rows(library, found):
        yield from aligned(rows, width) if width else tabbed(rows)


def _ids(library: Library, found: Sequence[int]) -> Iterator[str]:
    return (row.id for rows in _rows(library, found) for row in rows)


def _records(library: Library, found: Sequence[int]) -> Iterator[str]:
    return (json.dumps(holding.record(), ensure_ascii=False) for holding in library.holdings(found))


_LINES = {"table": _table, "jsonl": _records, "ids": _ids}


def _rows(library: Library, found: Sequence[int]) -> Iterator[list[PaperRow]]:
    for start in range(0, len(found), _CHUNK):
        part = found[start : start + _CHUNK]
        rows = library.rows(part)
        yield [rows[id_] for id_ in part if id_ in rows]


def _natural(text: str) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of papers")
