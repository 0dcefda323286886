"""A disk that is really full, really read-only, or really fails (strace), at a program of its own."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.tallying import Tally
from tests.terminal import Start
from tests.ui.desk import fill, identity, paper

from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make

_PAPERS = range(1, 41)

_TRIAGE = """
import json, sys
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import find_paths
try:
    with Library(find_paths({"PAPERS_TUI_HOME": sys.argv[1]})) as library:
        for number in range(1, 41):
            row = library.resolve(f"arxiv:2506.{number:05}")
            done = library.mark([row], marks.note("x" * 400))
            print(number if done.saved and not library.unsaved else 0, flush=True)
        print(json.dumps({"trouble": library.trouble, "unsaved": library.unsaved}), flush=True)
except PapersError as error:
    print(json.dumps({"said": str(error)}), flush=True)
"""
"""Notes on forty papers: the number of each that is told to be saved, and in the end what is wrong."""


@pytest.fixture
def forty(home: Paths) -> Paths:
    fill(home, [paper(number) for number in _PAPERS])
    return home


def _triage(home: Path, *before: str, most_bytes: int = 0) -> tuple[list[int], dict[str, object]]:
    """Runs the program of above: the papers whose notes were told to be saved, and its last words."""

    def limited() -> None:
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    done = subprocess.run(
        [*before, sys.executable, "-c", _TRIAGE, str(home)],
        preexec_fn=limited,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    words = next((line for line in lines if isinstance(line, dict)), {})
    return [line for line in lines if isinstance(line, int) and line], words


def _noted(paths: Paths) -> set[int]:
    with Library(paths) as library:
        assert library.notice == ""
        assert library.catch_up() == []
        return {number for number in _PAPERS if library.holding(library.resolve(identity(number))).state.note}


@pytest.mark.parametrize("room", [0, 1, 500, 4_000, 16_000, 100_000])
def test_where_no_file_can_grow_what_was_told_to_be_saved_is(forty: Paths, room: int, tally: Tally) -> None:
    """RLIMIT_FSIZE: a write beyond so many bytes fails, whoever is at it."""
    tally("faults")
    saved, words = _triage(forty.data.parent, most_bytes=max(1, room))
    assert set(saved) <= _noted(forty)
    assert words, "it ended without a word"
    if room <= 16_000:
        assert len(saved) < len(_PAPERS)
        assert "said" in words or words["trouble"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of sixteen megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if not mount or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    options = ["-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    if subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up_keeps_what_was_told_to_be_saved(small_disk: Path, tally: Tally) -> None:
    tally("faults")
    paths = find_paths({"PAPERS_TUI_HOME": str(small_disk / "home")})
    make(paths)
    fill(paths, [paper(number) for number in _PAPERS])
    filler = small_disk / "filler"
    free = shutil.disk_usage(small_disk).free
    filler.write_bytes(b"x" * (free - 8192))
    saved, words = _triage(small_disk / "home")
    assert len(saved) < len(_PAPERS)
    assert (
        words == {"said": words["said"]} if "said" in words else words["trouble"] == "No space left on device"
    )
    filler.unlink()
    assert set(saved) <= _noted(paths)
    saved, words = _triage(small_disk / "home")
    assert words == {"trouble": "", "unsaved": 0}
    assert _noted(paths) == set(_PAPERS)


def test_a_disk_that_is_read_only_is_named_and_shows_everything(small_disk: Path, tally: Tally) -> None:
    tally("faults")
    paths = find_paths({"PAPERS_TUI_HOME": str(small_disk / "home")})
    make(paths)
    fill(paths, [paper(number) for number in _PAPERS])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    saved, words = _triage(small_disk / "home")
    assert saved == []
    assert "said" in words
    assert str(paths.cache) in str(words["said"])


def test_the_app_opens_on_a_read_only_disk(small_disk: Path, start: Start, tally: Tally) -> None:
    tally("faults")
    paths = find_paths({"PAPERS_TUI_HOME": str(small_disk / "home")})
    make(paths)
    fill(paths, [paper(number) for number in _PAPERS])
    paths.config_file.write_text('read_after = 0\nrefresh = "manual"\n', "utf-8")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    terminal = start(small_disk / "home", (120, 40))
    terminal.wait("Paper 1", "passing cache")
    terminal.press("s", "NOT SAVED", "Read-only file", "★")
    terminal.press("q", "Make room, or quit again to lose it")
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    terminal.wait("saved now")
    terminal.type("q")
    assert terminal.end() == 0
    with Library(paths) as library:
        library.sync()
        assert library.holding(library.resolve(identity(1))).state.starred


# By strace, below Python and SQLite

_CALLS = "write,pwrite64,fsync,fdatasync,ftruncate,openat,rename,unlink,mkdir,flock"


@pytest.mark.parametrize(
    "fault", ["error=ENOSPC:when={}+", "error=EIO:when={}", "error=EACCES:when={}+", "signal=SIGKILL:when={}"]
)
@pytest.mark.parametrize("call", ["write", "pwrite64", "fsync", "fdatasync", "rename"])
def test_system_calls_that_fail_lose_nothing(forty: Paths, call: str, fault: str, tally: Tally) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("strace is not here")
    probe = subprocess.run([strace, "-qq", "-e", "trace=write", "true"], capture_output=True, check=False)
    if probe.returncode:
        pytest.skip("strace may not trace here")
    home = forty.data.parent
    for number in (1, 2, 7):
        again = Path(f"{home}-{number}")
        shutil.copytree(home, again)
        inject = f"inject={call}:{fault.format(number)}"
        saved, _ = _triage(
            again,
            strace,
            "-f",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            f"trace={_CALLS}",
            "-e",
            inject,
            *_watched(again),
        )
        tally("faults")
        assert set(saved) <= _noted(find_paths({"PAPERS_TUI_HOME": str(again)}))
        if call == "write" and "EIO" not in fault:
            assert len(saved) < len(_PAPERS)


def _watched(home: Path) -> list[str]:
    """The files of a home, which alone the faults are for."""
    paths = find_paths({"PAPERS_TUI_HOME": str(home)})
    with Library(paths) as library:
        library.stand_aside()  # it has its file of the journal from now on
    files = [*paths.journal.iterdir(), *paths.cache.iterdir(), *paths.log.iterdir()]
    log = next(path for path in files if path.suffix == ".sqlite3")
    return [part for path in (*files, log.with_name(f"{log.name}-wal")) for part in ("-P", str(path))]
