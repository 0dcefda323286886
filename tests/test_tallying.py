"""The counts that stand under a run of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = """
from hypothesis import given, strategies as st

def test_one(tally): tally("hostile inputs", 1_200)
def test_bad(tally):
    tally("hostile inputs")
    assert False
@given(st.binary())
def test_many(tally, data): tally("faults")
def test_none(): pass
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["here", "elsewhere"])
def test_all_counts_are_told_in_the_end(tmp_path: Path, workers: tuple[str, ...]) -> None:
    file = tmp_path / "test_these.py"
    file.write_text(TESTS)
    options = ("-p", "tests.tallying", "-c", os.devnull, "--rootdir", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, *workers, str(file)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1,201 hostile inputs tried, 1 got through" in done.stdout
    assert "100 faults survived, 0 with a loss" in done.stdout
    assert "merged" not in done.stdout


def test_without_counts_nothing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "test_these.py"
    file.write_text("def test_none(): pass")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.tallying", "-c", os.devnull, str(file)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "tried" not in done.stdout
