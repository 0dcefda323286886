"""`papers-tui show`: all that is known of one paper."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Iterator

from papers_tui.cli import streams
from papers_tui.cli.reading import opened, row_of
from papers_tui.cli.table import states
from papers_tui.domain.paper import TRUST, Paper
from papers_tui.domain.rules import reasons
from papers_tui.domain.text import unicode_tex
from papers_tui.library import Holding
from papers_tui.paths import Paths

_WIDEST = 100
"""Cells a line of text may have on a terminal, however wide it is."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="arxiv:2402.16107, 2402.16107, or the beginning of an id")
    parser.add_argument("--json", action="store_true", help="print it as `list --format jsonl` does")


def run(args: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        holding = library.holding(row_of(library, args.id))
        if args.json:
            streams.put_text(json.dumps(holding.record(), ensure_ascii=False) + "\n")
            return 0
    width = min(_WIDEST, shutil.get_terminal_size().columns) if streams.is_terminal(sys.stdout) else 0
    for line in _lines(holding):
        for part in _wrapped(line, width):
            streams.put_text(f"{part}\n")
    return 0


def _lines(holding: Holding) -> Iterator[str]:
    paper, state = holding.paper, holding.state
    yield unicode_tex(paper.title)
    yield from filter(None, (_authors(paper), _facts(paper)))
    yield " · ".join((paper.id, *states(state.flags)))
    if state.tags:
        yield "tags: " + ", ".join(state.tags)
    yield from reasons(holding.ruled)
    if paper.abstract:
        yield ""
        yield from unicode_tex(paper.abstract).split("\n")
    if holding.links:
        yield ""
    for link in holding.links:
        trust = "may be cut short" if link.doubtful else TRUST.get(link.origin, "")
        yield f"{link.kind}: {link.url}{f' ({trust})' if trust else ''}"
    if paper.author_comment:
        yield ""
        yield f"comment: {paper.author_comment}"
    if state.note:
        yield ""
        yield from f"note: {state.note}".split("\n")
    for edit in state.other_notes:
        yield ""
        yield from f"other version of the note ({edit.whose}): {edit.text}".split("\n")
    if holding.sources:
        yield ""
        yield f"from {', '.join(holding.sources)}, added {holding.added[:10]}"


def _authors(paper: Paper) -> str:
    if paper.authors or not paper.author_count:
        return ", ".join(paper.authors)
    return "1 author" if paper.author_count == 1 else f"{paper.author_count} authors"


def _facts(paper: Paper) -> str:
    organization = paper.organization
    counted = ((paper.upvotes, "upvotes"), (paper.comments, "comments"), (paper.stars, "stars"))
    return " · ".join(
        filter(
            None,
            (
                (paper.published or "")[:10],
                f"edition {paper.edition}" if paper.edition else "",
                organization.fullname or organization.name if organization else "",
                *(f"{count} {what}" for count, what in counted if count),
                f"v{paper.version}" if paper.version else "",
                ", ".join(paper.categories),
            ),
        )
    )


def _wrapped(line: str, width: int) -> list[str]:
    """The line in parts of at most `width` characters; an address stays whole. Width 0: as it is."""
    if not width or len(line) <= width:
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
