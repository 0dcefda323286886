"""`papers-tui export`: the papers of a query as Markdown (a document, or a file each), BibTeX or JSON Lines."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime

from papers_tui.cli import streams
from papers_tui.cli.querying import query_of
from papers_tui.cli.reading import acts, opened, papers
from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import format as format_query
from papers_tui.exporting import (
    FORMS,
    Exported,
    Heading,
    bibtex,
    document,
    expanded,
    export,
    form_of,
    json_lines,
    write_whole,
)
from papers_tui.paths import Paths
from papers_tui.session import last_opened

_STARRED = "is:starred"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help=f"which papers (default: {_STARRED})")
    parser.add_argument(
        "--format",
        choices=tuple(FORMS),
        help="what to write (default: what the name of FILE ends in, else markdown)",
    )
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help="a file, or for markdown a folder for one file a paper (with a / at its end where it is still "
        "to be made) (default: -, standard output)",
    )
    parser.add_argument(
        "--all",
        metavar="FILE",
        help="write everything instead: papers, marks, notes, views, sources and rules; `import` reads it",
    )
    parser.epilog = "A query is written as for `papers-tui list`. One that begins with - comes after --."


def run(args: argparse.Namespace, paths: Paths) -> int:
    if args.all is not None:
        return _all(args, paths)
    words = args.query if any(args.query) else [_STARRED]
    query = " ".join(words)
    if not args.output:
        raise PapersError("-o", "it names no file", "name one, a folder with a slash at its end, or -")
    form = args.format or form_of(args.output)
    parsed = query_of(words, paths)
    news = ""
    title = "Starred papers" if query == _STARRED else f"Papers: {query}"
    with opened(paths) as library:
        found = library.find(parsed, since=last_opened(paths))
        heading = Heading(title, format_query(parsed), f"{date.today()}")
        if args.output == "-" and form == "markdown":
            streams.put_text(document(library, found, heading))
        elif args.output == "-":
            streams.put_text((bibtex if form == "bibtex" else json_lines)(library, found))
        elif form != "markdown":
            write_whole(library, found, args.output, form)
        else:
            news = _news(export(library, found, args.output, heading), query)
    where = "" if args.output == "-" else f" → {args.output}"
    streams.say(f"{papers(len(found))}{where}{news}")
    return 0


def _all(args: argparse.Namespace, paths: Paths) -> int:
    """Everything in one file."""
    from papers_tui.moving import export_all, lines_of

    if args.query or args.format or args.output != "-":
        raise PapersError("--all", "it takes everything, in one form, to one FILE", "leave out the rest")
    if not args.all:
        raise PapersError("--all", "it names no file", "name one, or - for standard output")
    now = datetime.now(UTC)
    with opened(paths) as library:
        if args.all == "-":
            lines, moved = lines_of(library, now)
            for line in lines:
                streams.put_text(line)
        else:
            moved = export_all(library, expanded(args.all), now)
    where = "" if args.all == "-" else f" → {args.all}"
    streams.say(f"{', '.join((papers(moved.papers), acts(moved.acts), *moved.settings))}{where}")
    for fault in moved.faults:
        streams.say(fault)
    return 0


def _news(exported: Exported, query: str) -> str:
    """What became of an older export in the same place, in brackets; empty where there was nothing to say."""
    from papers_tui.export.living import is_starred

    left = "starred" if is_starred(query) else "in this list"
    new = f"{exported.new:,} new" if exported.new else ""
    gone = f"{exported.gone:,} no longer {left}" if exported.gone else ""
    kept = "your edits kept" if exported.edited else ""
    counts = ", ".join(filter(None, (new, gone)))
    return f" ({'; '.join(filter(None, (counts, kept)))})" if counts or kept else ""
