"""The benchmark runs and prints its lines; what they say is not for a test to judge."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_LINE = re.compile(
    r"(?P<name>[\w.-]+) (?P<value>[\d.e+-]+) \S+ (?P<target>-|[<>]=[\d.]+) (?P<verdict>kept|MISSED|-)"
)


def test_benchmark_prints_a_line_for_each_figure(tmp_path: Path) -> None:
    figures = _figures(tmp_path, "ingest", "keys", "search", "memory", "acts", "commands", "busy", "refresh")
    assert {
        "ingest",
        "keys.j.p50",
        "keys.j.p95",
        "keys.at-once",
        "keys.PgDn.p95",
        "keys.G.p50",
        "acts.star.p50",
        "acts.undo.p50",
        "acts.read-all.undo",
        "search.key.p95",
        "memory",
        "version.wall",
        "list.count.CPU",
        "busy.j.p95",
        "busy.import",
        "refresh.100-unchanged.wall",
    } <= figures.keys()
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert kept["papers"] == 300
    assert {figure["name"] for figure in kept["figures"]} == figures.keys()


def test_benchmark_measures_only_what_is_named(tmp_path: Path) -> None:
    assert _figures(tmp_path, "ingest").keys() == {"ingest", "ingest.size", "ingest.size-to-text"}


def test_benchmark_keeps_a_library_and_goes_on_with_it(tmp_path: Path) -> None:
    kept = tmp_path / "library"
    first = _lines(tmp_path, "ingest", "--library", str(kept))
    assert _lines(tmp_path, "ingest", "--library", str(kept)) == first


def test_benchmark_names_what_there_is_to_measure() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "no-such-thing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no no-such-thing; there are ingest, start, cold, keys" in done.stderr


def _figures(folder: Path, *names: str) -> dict[str, str]:
    """The verdicts by the name of the figure."""
    lines = _lines(folder, *names)
    found = [_LINE.fullmatch(line) for line in lines]
    assert all(found), lines
    return {line["name"]: line["verdict"] for line in found if line}


def _lines(folder: Path, *arguments: str) -> list[str]:
    """What the benchmark prints for a small library."""
    command = [sys.executable, "-m", "tests.bench", "--papers", "300", "--json", str(folder / "figures.json")]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()
