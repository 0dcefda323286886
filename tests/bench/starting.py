"""From the start of the program: to its first papers on the screen, or to its exit."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, median, ratio, times
from tests.bench.setting import PROGRAM, Setting
from tests.bench.terminal import Spent, run

from papers_tui.library import Library

ROWS = r"P\d{7} "
"""There are papers on the screen."""
_TEXTUAL = "import textual.app"


def start(setting: Setting) -> Iterator[Figure]:
    """The first frame with papers in it against the import that no Textual program can do without.

    `settled` is to the end of all that follows on the first frame; `answer` to the frame that answers a key that was
    typed before there was anything to see. These are of an app that doesn't know yet what its first screen looks
    like; where it does, `painted` is to the first papers on the screen, and `painted.answer` to that answer.
    """
    yield from _starts(setting, painted=False)
    yield from _starts(setting, painted=True)


def _starts(setting: Setting, *, painted: bool) -> Iterator[Figure]:
    bare: list[Spent] = []
    ours: list[Spent] = []
    settled: list[float] = []
    answers: list[float] = []
    if painted:
        terminal = setting.begun()
        terminal.first(ROWS)
        terminal.quiet(0.5)  # its look is kept in that time
        terminal.kill()
    for _ in range(max(2, setting.rounds // 6)):
        bare.append(run([sys.executable, "-c", _TEXTUAL], setting.environment))
        terminal = setting.begun(painted=painted)
        ours.append(terminal.first(ROWS))
        terminal.quiet(0.5)
        settled.append(terminal.cpu())
        terminal.kill()
        terminal = setting.begun(painted=painted)
        terminal.type("j")
        answers.append(terminal.first(r"Inbox 2/").wall)
        terminal.kill()
    walls, bare_walls = [one.wall for one in ours], [one.wall for one in bare]
    spent, bare_spent = [one.cpu for one in ours], [one.cpu for one in bare]
    name, target = ("start.painted", 0.25) if painted else ("start.first-rows", 1.2)
    if not painted:
        yield Figure("start.import-textual", median(bare_walls), "ms")
    yield Figure(name, median(walls), "ms")
    yield Figure(f"{name}.wall", ratio(walls, bare_walls), "x", target)
    if all(spent):
        yield Figure(f"{name}.CPU", ratio(spent, bare_spent), "x", target)
        yield Figure(f"start.{'painted.' if painted else ''}settled.CPU", ratio(settled, bare_spent), "x")
    yield Figure(f"start.{'painted.' if painted else ''}answer.wall", ratio(answers, bare_walls), "x")


def cold(setting: Setting) -> Iterator[Figure]:
    """The first papers where nothing of the library is in memory any more, as far as the system lets go of it."""
    if not hasattr(os, "posix_fadvise"):
        return
    files = [
        path for folder in (setting.paths.cache, setting.folder / "compiled") for path in folder.rglob("*")
    ]
    walls = []
    for _ in range(max(2, setting.rounds // 12)):
        for path in files:
            _forget(path)
        terminal = setting.begun()
        walls.append(terminal.first(ROWS).wall)
        terminal.kill()
    yield Figure("start.cold", median(walls), "ms")


def _forget(path: Path) -> None:
    """Asks the system to drop a file from its memory (posix_fadvise)."""
    if path.is_file():
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def commands(setting: Setting) -> Iterator[Figure]:
    """The command line, from start to exit."""
    program, environment = str(PROGRAM), setting.environment
    bare: list[Spent] = []
    version: list[Spent] = []
    for _ in range(max(2, setting.rounds // 4)):
        bare.append(run([sys.executable, "-c", "pass"], environment))
        version.append(run([program, "--version"], environment))
    yield Figure("version.wall", ratio([one.wall for one in version], [one.wall for one in bare]), "x", 6)
    yield Figure("version.CPU", ratio([one.cpu for one in version], [one.cpu for one in bare]), "x", 6)
    for name, arguments in (
        ("count", ["list", "--count"]),
        ("search", ["list", "--count", "diffusion"]),
        ("ids", ["list", "--format", "ids", "--limit", "100"]),
    ):
        rounds = range(max(2, setting.rounds // 12))
        yield Figure(
            f"list.{name}.CPU", median([run([program, *arguments], environment).cpu for _ in rounds]), "ms"
        )


def catch_up(setting: Setting) -> Iterator[Figure]:
    """A library whose journal is whole already, opened as the app opens it."""
    taken = []
    for _ in range(20):
        before = time.process_time()
        with Library(setting.paths) as library:
            library.sync()
        taken.append((time.process_time() - before) * 1e3)
    yield from times("open.CPU", taken, None, None)
