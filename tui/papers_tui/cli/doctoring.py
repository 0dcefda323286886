"""`papers-tui doctor`: what is wrong around the program, and what to do about it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from papers_tui.cli import streams
from papers_tui.doctor import OK, PROBLEM, Finding, examine
from papers_tui.doctor.finding import problem
from papers_tui.doctor.terminal import Screen
from papers_tui.domain.errors import PapersError
from papers_tui.paths import find_paths, home_folder

_DONE, _FAILED = 0, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print what is found as JSON, one object a line")
    parser.add_argument("--quiet", action="store_true", help="print only what is not as it should be")
    parser.epilog = (
        "It changes nothing and asks no source. What it prints may be shown to others: it holds no passwords, tokens\n"
        "or titles. Exit code 1 where there is a problem."
    )


def run(args: argparse.Namespace) -> int:
    code = _DONE
    for finding in _findings():
        code = _FAILED if finding.level == PROBLEM else code
        if args.quiet and finding.level == OK:
            continue
        streams.put_text(
            (json.dumps(asdict(finding), ensure_ascii=False) if args.json else _line(finding)) + "\n"
        )
    return code


def _findings() -> Iterator[Finding]:
    paths = None
    try:
        paths = find_paths(os.environ)
    except PapersError as error:
        yield problem("folders", f"{error.title}: {error.message}", error.hint)
    yield from examine(paths, _screen(), now=datetime.now(UTC), home=home_folder())


def _screen() -> Screen:
    from papers_tui.ui.glyphs import screen_encoding

    terminal = next((stream for stream in (sys.stdout, sys.stderr) if streams.is_terminal(stream)), None)
    size = None
    if terminal is not None:
        size = os.get_terminal_size(terminal.fileno())
    encoding = screen_encoding(terminal.encoding if terminal else "utf-8", os.environ)
    return Screen((size.columns, size.lines) if size else None, encoding, os.environ)


def _line(finding: Finding) -> str:
    from papers_tui.problems import line

    advice = f" → {finding.advice}" if finding.advice else ""
    return line(f"{finding.level:8} {finding.about:9} {finding.text}{advice}", 2_000)
