"""`python -m tests.bench`: a line for each figure, with its target and whether that is kept."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import tests.bench as method
from tests.bench.figure import Figure
from tests.bench.loading import busy, ingest, memory, refresh
from tests.bench.moving import acts, keys
from tests.bench.searching import search
from tests.bench.setting import LEAST_PAPERS, Setting, prepare
from tests.bench.sizes import ratios
from tests.bench.starting import catch_up, cold, commands, start
from tests.bench.viewing import views

GROUPS: Mapping[str, Callable[[Setting], Iterator[Figure]]] = {
    "ingest": ingest,
    "start": start,
    "cold": cold,
    "keys": keys,
    "views": views,
    "search": search,
    "memory": memory,
    "ratio": ratios,
    "open": catch_up,
    "commands": commands,
    "acts": acts,
    "busy": busy,
    "refresh": refresh,
}
"""What can be measured, in this order; the last three change the library."""


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    if unknown := set(args.names) - set(GROUPS):
        _parser().error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    folder = args.library or Path(tempfile.mkdtemp(prefix="papers-tui-bench-"))
    figures: list[Figure] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        setting = prepare(folder.resolve(), max(LEAST_PAPERS, args.papers))
        for name in [name for name in GROUPS if name in args.names or not args.names]:
            for figure in GROUPS[name](setting):
                figures.append(figure)
                print(figure, flush=True)
    finally:
        if not args.library:
            shutil.rmtree(folder, ignore_errors=True)
    if args.json:
        rows = [asdict(figure) | {"verdict": figure.verdict} for figure in figures]
        args.json.write_text(json.dumps({"papers": setting.papers, "figures": rows}, indent=1) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measures the installed program: `name value unit target verdict`, a line for each figure.",
        epilog=(method.__doc__ or "").partition("\n\n")[2],
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {' '.join(GROUPS)}; none: all"
    )
    parser.add_argument(
        "--papers",
        type=int,
        default=100_000,
        metavar="N",
        help="size of the library (100000; a full run: 1000000)",
    )
    parser.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        help="build the library there, or use the one that is there, and keep it",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
