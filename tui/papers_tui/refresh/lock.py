"""One refresh at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from papers_tui.domain.errors import TryLater
from papers_tui.domain.moments import stamp


class RefreshRunning(TryLater):
    """Another refresh is at work; this one can be tried again later."""


@contextlib.contextmanager
def only_one(folder: Path, now: datetime) -> Iterator[None]:
    """Holds the lock of the refresh, which the system takes back from a process that is killed.

    Raises RefreshRunning, which says who holds it and since when.
    """
    path = folder / "refresh.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefreshRunning("refresh", _holder(descriptor), "wait until it is done") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({"process": os.getpid(), "since": stamp(now)}).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _holder(descriptor: int) -> str:
    try:
        held = json.loads(os.pread(descriptor, 200, 0))
        return f"another refresh is running: process {int(held['process'])}, since {str(held['since'])[:20]}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another refresh is running"
