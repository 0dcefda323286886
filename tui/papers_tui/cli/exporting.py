"""`papers-tui export`: the papers of a query as Markdown, in one document or one file a paper."""

from __future__ import annotations

import argparse

from papers_tui.cli import streams
from papers_tui.cli.reading import opened, papers
from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import parse
from papers_tui.paths import Paths
from papers_tui.session import last_opened

_STARRED = "is:starred"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", nargs="*", metavar="QUERY", help=f"which papers (default: {_STARRED})")
    parser.add_argument(
        "--format", choices=("markdown",), default="markdown", help="what to write (default: markdown)"
    )
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help="a file, or a folder for one file a paper (with a / at its end where it is still to be made) "
        "(default: -, standard output)",
    )
    parser.epilog = "A query that begins with - comes after --."


def run(args: argparse.Namespace, paths: Paths) -> int:
    query = " ".join(args.query) or _STARRED
    if not args.output:
        raise PapersError("-o", "it names no file", "name one, a folder with a slash at its end, or -")
    parsed = parse(query)
    title = "Starred papers" if query == _STARRED else f"Papers: {query}"
    with opened(paths) as library:
        since = last_opened(paths)
        if args.output == "-":
            text, many = library.document(parsed, title=title, since=since)
            streams.put_text(text)
        else:
            many = library.export(parsed, args.output, title=title, since=since)
    where = "" if args.output == "-" else f" → {args.output}"
    streams.say(f"{papers(many)}{where}")
    return 0
