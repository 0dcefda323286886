"""`papers-tui config`: every setting with its explanation."""

from __future__ import annotations

import argparse

from papers_tui.cli import streams
from papers_tui.config import EXAMPLE
from papers_tui.paths import Paths


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "What it prints may be kept as config.toml in the config folder; `papers-tui paths` names it."
    )


def run(_args: argparse.Namespace, _paths: Paths) -> int:
    streams.put(EXAMPLE)
    return 0
