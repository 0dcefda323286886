"""Programs under a stopwatch: at the end of a pseudo-terminal, or from start to exit."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect

_PATIENCE = 180.0
_SYNC_QUERY, _SYNC_ANSWER = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
_FRAME_END = b"\x1b[?2026l"
"""A terminal that says it can draw whole frames is told where each of them ends."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Milliseconds on the clock and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Used:
    """MB of memory of a process: all that is in it, what no other process shares, and what no file stands behind.

    The last two are 0 where the system doesn't tell.
    """

    resident: float
    private: float
    anonymous: float


@dataclass(frozen=True, slots=True)
class Launched:
    """A program that runs, and when it began."""

    argv: tuple[str, ...]
    pid: int
    start: float


def launch(argv: Sequence[str], environment: Mapping[str, str]) -> Launched:
    """Starts a program that is given nothing to read and whose words nobody reads."""
    silence = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], list(argv), dict(environment), file_actions=silence)
    return Launched(tuple(argv), pid, start)


def finished(program: Launched, *, wait: bool = False) -> Spent | None:
    """What a program took, or None while it still runs. It has to end well."""
    pid, status, usage = os.wait4(program.pid, 0 if wait else os.WNOHANG)
    if not pid:
        return None
    wall = time.perf_counter() - program.start
    if status:
        raise RuntimeError(f"{' '.join(program.argv)[:200]} ended with {os.waitstatus_to_exitcode(status)}")
    return Spent(wall * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3)


def run(argv: Sequence[str], environment: Mapping[str, str]) -> Spent:
    """What a program takes from its start to its exit. It has to end well."""
    spent = finished(launch(argv, environment), wait=True)
    assert spent, "it was waited for"
    return spent


class Terminal:
    """A program on a pseudo-terminal. Times leave out what either side waited for a processor, where that is told."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], size: tuple[int, int]) -> None:
        columns, rows = size
        self._start = time.perf_counter()
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            argv[0], list(argv[1:]), env=dict(environment), dimensions=(rows, columns)
        )
        self._fd = self._child.child_fd
        self._pid = int(self._child.pid or 0)
        self._answered = False
        self.last = b""

    def first(self, pattern: str) -> Spent:
        """Until the frame with this in it was written, from the start of the program."""
        self._until(re.compile(pattern.encode()))
        return Spent((time.perf_counter() - self._start) * 1e3, self.cpu())

    def press(self, keys: str, pattern: str, *, quiet: float = 0.08) -> float:
        """Milliseconds from the keys to the end of the frame in which the pattern is painted.

        The keys are pressed once nothing was written for `quiet` seconds.
        """
        self.quiet(quiet)
        waited, start = self._waited(), time.perf_counter()
        self.type(keys)
        self._until(re.compile(pattern.encode()))
        wall = (time.perf_counter() - start) * 1e3
        return max(0.0, wall - _held_up(waited, self._waited()))

    def type(self, keys: str) -> None:
        """Presses keys, and waits for nothing."""
        os.write(self._fd, keys.encode())

    def quiet(self, seconds: float = 0.08) -> None:
        """Waits until nothing is written any more for so long: longer than anything the app puts off."""
        while self._read(seconds):
            pass

    def cpu(self) -> float:
        """Milliseconds of processor that the program took so far; 0 where the system doesn't tell."""
        return sum(_scheduled(task)[0] for task in _tasks(self._pid))

    def memory(self) -> Used:
        shown = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self._pid)], capture_output=True, text=True, check=True
        ).stdout
        rollup = Path(f"/proc/{self._pid}/smaps_rollup")
        told = (
            dict(re.findall(r"^(\w+): +(\d+) kB", rollup.read_text(), re.MULTILINE))
            if rollup.exists()
            else {}
        )
        kilobytes = {name: int(value) for name, value in told.items()}
        private = sum(kilobytes.get(f"Private_{kind}", 0) for kind in ("Clean", "Dirty"))
        return Used(int(shown) / 1024, private / 1024, kilobytes.get("Anonymous", 0) / 1024)

    def kill(self) -> None:
        self._child.kill(signal.SIGKILL)
        self._child.wait()
        self._child.close()

    def _until(self, pattern: re.Pattern[bytes]) -> None:
        """Reads until the end of the first frame with the pattern in it; `last` is all that was read."""
        self.last = b""
        deadline = time.monotonic() + _PATIENCE
        while True:
            if not self._read(0.5) and time.monotonic() > deadline:
                raise TimeoutError(f"{pattern.pattern!r} was never painted; last: {self.last[-400:]!r}")
            found = pattern.search(self.last)
            if found and self.last.find(_FRAME_END, found.end()) >= 0:
                return

    def _read(self, seconds: float) -> bool:
        """Takes in what the program writes within so long; whether it was anything."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        data = os.read(self._fd, 1 << 17)
        if not self._answered and _SYNC_QUERY in data:
            self._answered = True
            os.write(self._fd, _SYNC_ANSWER)
        self.last += data
        return True

    def _waited(self) -> dict[str, float]:
        """Milliseconds that each thread of the program, and we, could have run and were not let to."""
        tasks = [*_tasks(self._pid), *_tasks(os.getpid())]
        return {str(task): _scheduled(task)[1] for task in tasks}


def _held_up(before: Mapping[str, float], after: Mapping[str, float]) -> float:
    """What the thread waited that had to wait longest: several may have waited at the same time."""
    return max((waited - before.get(task, 0.0) for task, waited in after.items()), default=0.0)


def _tasks(pid: int) -> list[Path]:
    with contextlib.suppress(OSError):
        return list(Path(f"/proc/{pid}/task").iterdir())
    return []


def _scheduled(task: Path) -> tuple[float, float]:
    """Milliseconds that a thread ran, and that it waited to run (Linux: Documentation/scheduler/sched-stats)."""
    with contextlib.suppress(OSError):
        ran, waited, _ = (task / "schedstat").read_text().split()
        return int(ran) / 1e6, int(waited) / 1e6
    return 0.0, 0.0
