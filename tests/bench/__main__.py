"""`python -m tests.bench [--papers N] [--json FILE] [NAME…]`: a line for each figure, with target and verdict."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.bench.figures import GROUPS, PROGRAM, Figure, Setting
from tests.bench.library import build
from tests.bench.terminal import run

from papers_tui.paths import find_paths

_DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "BROWSER", "NO_COLOR", "COLUMNS", "LINES", "TEXTUAL_FPS")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measures the installed program."
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {' '.join(GROUPS)}; none: all"
    )
    parser.add_argument("--papers", type=int, default=20_000, metavar="N", help="size of the library (20000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    args = parser.parse_args(argv)
    if unknown := set(args.names) - set(GROUPS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="papers-tui-bench-") as folder:
        setting = _setting(Path(folder), max(300, args.papers))
        for name in [name for name in GROUPS if name in args.names or not args.names]:
            for figure in GROUPS[name](setting):
                figures.append(figure)
                print(figure, flush=True)
    if args.json:
        rows = [asdict(figure) | {"verdict": figure.verdict} for figure in figures]
        args.json.write_text(json.dumps({"papers": setting.papers, "figures": rows}, indent=1) + "\n")
    return 0


def _setting(folder: Path, papers: int) -> Setting:
    """A library in `folder`, and an environment in which all modules are compiled, as those of a wheel are."""
    home = folder / "home"
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    environment = kept | {
        "PAPERS_TUI_HOME": str(home),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHONSAFEPATH": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
    }
    paths = find_paths(environment)
    seconds = build(paths, papers)
    paths.config_file.write_text(
        'read_after = 0\nrefresh = "manual"\n', encoding="utf-8"
    )  # only keys are to change anything
    run([sys.executable, "-c", "import textual.app, papers_tui.ui.app"], environment)
    run([str(PROGRAM), "list", "--count"], environment)
    return Setting(paths, environment, papers, seconds, rounds=60 if papers >= 1_000 else 4)


if __name__ == "__main__":
    sys.exit(main())
