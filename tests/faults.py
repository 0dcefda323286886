"""A disk that fails on demand, without root: every call that touches it is counted, and each can be made to fail.

SQLite's calls are among them, by the table of system calls that its own tests replace (`xSetSystemCall` in
https://sqlite.org/c3ref/vfs.html); they are left out where the library is not to be had by ctypes. Its fsync is not in
that table; tests/test_strace.py reaches it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import io
import os
import stat
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_READING, _NAMING = {"open", "lock"}, {"create", "mkdir", "link", "rename", "unlink", "chmod"}
_WRITING = {"write", "page", "truncate"}
_EVERY = _READING | _NAMING | _WRITING | {"fsync"}
"""The kinds of calls; a page is what SQLite writes."""

APPLIES = {
    "full": _WRITING | {"create", "mkdir", "link", "rename", "fsync"},
    "full from then on": _WRITING | {"create", "mkdir", "link", "fsync"},
    "broken": _EVERY,
    "refused from then on": _NAMING | {"open"},
    "short": {"write", "page"},
    "killed": _EVERY - _READING,
    "killed within": {"write", "page"},
    "power cut": _EVERY - _READING,
}
"""What can go wrong, and in which calls: an error once or for good, half of what is written, the end of the process
before the call or in the middle of it, or of the whole machine: what was written and not made safe is gone. (Not so
what SQLite wrote: all that is lost with the cache comes back.)"""

_ERRORS = {
    "full": errno.ENOSPC,
    "full from then on": errno.ENOSPC,
    "broken": errno.EIO,
    "refused from then on": errno.EACCES,
}
KILLED = 77
"""The exit code of a process that was ended so."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, a name in APPLIES, and in which call, from 0 on: the first from there on that it applies to."""

    kind: str
    at: int


class Disk:
    """Counts the calls by their kinds, and lets them fail as the fault says; None: none fails."""

    def __init__(self, fault: Fault | None) -> None:
        self.calls: list[str] = []
        self.struck = False
        self._fault = fault
        self._write, self._dup, self._truncate = os.write, os.dup, os.ftruncate
        self._unsafe: dict[tuple[int, int], tuple[int, int]] = {}

    def call(self, kind: str) -> bool:
        """Counts a call; True where only half of it is to be done. Raises OSError where it fails."""
        place = len(self.calls)
        self.calls.append(kind)
        fault = self._fault
        if fault is None or place < fault.at or kind not in APPLIES[fault.kind]:
            return False
        if self.struck and not fault.kind.endswith("from then on"):
            return False
        self.struck = True
        if fault.kind == "power cut":
            for descriptor, size in self._unsafe.values():
                self._truncate(descriptor, size)
        if fault.kind in ("killed", "power cut"):
            os._exit(KILLED)
        if fault.kind in ("short", "killed within"):
            return True
        code = _ERRORS[fault.kind]
        raise OSError(code, os.strerror(code))

    def fsync(self, descriptor: int) -> None:
        self.call("fsync")
        known = os.fstat(descriptor)
        self._unsafe.pop((known.st_dev, known.st_ino), None)

    def write(self, descriptor: int, data: Any) -> int:
        known = os.fstat(descriptor)
        if stat.S_ISREG(known.st_mode):
            self._unsafe.setdefault((known.st_dev, known.st_ino), (self._dup(descriptor), known.st_size))
        if not self.call("write"):
            return self._write(descriptor, data)
        written = self._write(descriptor, bytes(data)[: max(1, len(data) // 2)])
        self.half_done()
        return written

    def half_done(self) -> None:
        """Half of a write was done."""
        if self._fault and self._fault.kind == "killed within":
            os._exit(KILLED)


@contextmanager
def faulty(disk: Disk) -> Iterator[None]:
    """Lets all calls of this process go through that disk meanwhile, those of SQLite too.

    Nothing is really made safe (fsync): no test cuts the power.
    """
    with pytest.MonkeyPatch.context() as patch:
        _patch_python(disk, patch)
        with _patched_sqlite(disk):
            yield


def cases(calls: list[str]) -> list[Fault]:
    """Every fault that a run with these calls can meet."""
    return [
        Fault(kind, at) for at, call in enumerate(calls) for kind, kinds in APPLIES.items() if call in kinds
    ]


def _patch_python(disk: Disk, patch: pytest.MonkeyPatch) -> None:
    for name, kind in (
        ("mkdir", "mkdir"), ("link", "link"), ("rename", "rename"), ("replace", "rename"), ("unlink", "unlink"),
        ("remove", "unlink"), ("chmod", "chmod"), ("fchmod", "chmod"), ("ftruncate", "truncate"),
    ):  # fmt: skip
        patch.setattr(os, name, _counted(disk, kind, getattr(os, name)))
    patch.setattr(fcntl, "flock", _counted(disk, "lock", fcntl.flock))
    patch.setattr(os, "write", disk.write)
    patch.setattr(os, "fsync", disk.fsync)
    really_open, open_file = os.open, io.open

    def opened(path: Any, flags: int, *more: Any, **named: Any) -> int:
        disk.call("create" if flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR) else "open")
        return really_open(path, flags, *more, **named)

    def file_opened(file: Any, mode: str = "r", *more: Any, **named: Any) -> Any:
        if not isinstance(file, int):
            disk.call("open" if mode in ("r", "rb") else "create")
        if mode in ("r", "rb"):
            return open_file(file, mode, *more, **named)
        raw = io.BufferedWriter(_File(disk, file, mode.replace("b", "").replace("t", "")))
        return raw if "b" in mode else io.TextIOWrapper(raw, *more[1:], **named)

    patch.setattr(os, "open", opened)
    patch.setattr(io, "open", file_opened)
    patch.setattr("builtins.open", file_opened)


def _counted(disk: Disk, kind: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:
        disk.call(kind)
        return call(*arguments, **named)

    return counted


class _File(io.FileIO):
    """A file that is written to through the disk."""

    def __init__(self, disk: Disk, file: Any, mode: str) -> None:
        super().__init__(file, mode)
        self._disk = disk

    def write(self, data: Any) -> int:
        return self._disk.write(self.fileno(), data)


# SQLite's own calls

_INT, _LONG, _TEXT, _POINTER = ctypes.c_int, ctypes.c_long, ctypes.c_char_p, ctypes.c_void_p
_OFFSET = ctypes.c_int64
_CALLS: dict[str, tuple[Any, ...]] = {
    "open": (_INT, _TEXT, _INT, _INT),
    "write": (_LONG, _INT, _POINTER, ctypes.c_size_t),
    "pwrite": (_LONG, _INT, _POINTER, ctypes.c_size_t, _OFFSET),
    "pwrite64": (_LONG, _INT, _POINTER, ctypes.c_size_t, _OFFSET),
    "ftruncate": (_INT, _INT, _OFFSET),
    "unlink": (_INT, _TEXT),
}
"""What each of them gives and takes."""


class _Vfs(ctypes.Structure):
    """As in sqlite3.h, version 3 of the structure."""

    _fields_ = (
        ("version", _INT), ("size", _INT), ("longest", _INT), ("next", _POINTER), ("name", _TEXT),
        ("data", _POINTER), ("others", _POINTER * 13),
        ("set", ctypes.CFUNCTYPE(_INT, _POINTER, _TEXT, _POINTER)),
        ("get", ctypes.CFUNCTYPE(_POINTER, _POINTER, _TEXT)),
    )  # fmt: skip


def _vfs() -> Any:
    """SQLite's way to the files, or None where the library that Python uses is out of reach."""
    import _sqlite3

    try:
        library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
        find = library.sqlite3_vfs_find
    except (OSError, AttributeError):
        return None
    find.restype = ctypes.POINTER(_Vfs)
    found = find(None)
    return found if found and found.contents.version >= 3 else None


@contextmanager
def _patched_sqlite(disk: Disk) -> Iterator[None]:
    vfs = _vfs()
    kept = []
    for name, (gives, *takes) in _CALLS.items() if vfs else ():
        where = vfs.contents.get(vfs, name.encode())
        if not where:
            continue
        shape = ctypes.CFUNCTYPE(gives, *takes, use_errno=True)
        call = shape(_through(disk, name, shape(where)))
        kept.append(call)
        vfs.contents.set(vfs, name.encode(), ctypes.cast(call, _POINTER))
    try:
        yield
    finally:
        for name in _CALLS if vfs else ():
            vfs.contents.set(vfs, name.encode(), None)


def _through(disk: Disk, name: str, call: Callable[..., int]) -> Callable[..., int]:
    def through(*arguments: Any) -> int:
        kind = {"open": "open", "ftruncate": "truncate", "unlink": "unlink"}.get(name, "page")
        if kind == "open" and arguments[1] & (os.O_CREAT | os.O_RDWR):
            kind = "create"
        try:
            half = disk.call(kind)
        except OSError as error:
            ctypes.set_errno(error.errno or 0)
            return -1
        if not half:
            return call(*arguments)
        descriptor, data, size, *offset = arguments
        done = call(descriptor, data, max(1, size // 2), *offset)
        disk.half_done()
        return done

    return through


def in_a_process_of_its_own(work: Callable[[Callable[[str], None]], None]) -> tuple[list[str], int]:
    """Runs `work` in a forked process: the lines that it told before it ended, and its exit code."""
    import warnings

    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # forking beside threads, which the child has no use for
        child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            tell = os.write

            def telling(line: str) -> None:
                tell(writing, line.encode() + b"\n")

            work(telling)
            code = 0
        finally:  # a forked process may not go on with what its parent was at
            if code:
                traceback.print_exc()
            os._exit(code)
    os.close(writing)
    with Path(f"/dev/fd/{reading}").open("rb") as told:
        os.close(reading)
        lines = told.read().decode().splitlines()
    return lines, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
