"""`papers-tui paths`: where things are."""

from __future__ import annotations

import argparse

from papers_tui.cli import streams
from papers_tui.paths import Paths


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "One a line: its name, a tab and its absolute path. PAPERS_TUI_HOME puts all four in one folder."
    )


def run(_: argparse.Namespace, paths: Paths) -> int:
    for name in ("config", "data", "cache", "log"):
        streams.put(f"{name}\t")
        streams.put_text(f"{getattr(paths, name)}\n")
    return 0
