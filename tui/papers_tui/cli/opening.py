"""`papers-tui open`: a paper's page, code or PDF in the user's own programs."""

from __future__ import annotations

import argparse
import os

from papers_tui.cli import streams
from papers_tui.cli.reading import opened, row_of
from papers_tui.config import load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.links import destination
from papers_tui.opener import Shown, open_url
from papers_tui.paths import Paths


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="arxiv:2402.16107, 2402.16107, or the beginning of an id")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--code", action="store_true", help="the repository instead of the page")
    which.add_argument("--pdf", action="store_true", help="the PDF instead of the page")


def run(args: argparse.Namespace, paths: Paths) -> int:
    config, problems = load_config(paths.config_file)
    for problem in problems:
        streams.say(problem)
    with opened(paths) as library:
        paper = library.holding(row_of(library, args.id)).paper
    kind = "code" if args.code else "pdf" if args.pdf else "paper"
    link = destination(paper, kind)
    if link is None:
        what = "no code repository is known" if args.code else "no PDF is known"
        raise PapersError(paper.id, what, "`papers-tui show` lists its links")
    if link.origin == "search":
        streams.say("no address of this paper is known, so this searches for its title")
    outcome = open_url(link.url, config, pdf=args.pdf, environ=os.environ)
    if isinstance(outcome, Shown):
        streams.put_text(f"{outcome.url}\n")
        streams.say("no browser can be opened from here; this is the address")
    else:
        streams.say(f"{outcome.program}: {link.url}")
    return 0
