"""What all processes of this machine know about a family of hosts: whose turn it is, and until when it refuses.

Two small files a family, in the state directory; losing them costs nothing but one wait.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

from papers_tui.sources.http.pace import Hold

_LARGEST = 4096


class Baton:
    """The right to ask a family whose rule is shared. The system takes it back from a process that is killed."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def last(self) -> float | None:
        """When the last request of any process began or ended, by the steady clock; None where nobody knows."""
        try:
            return float(os.pread(self._descriptor, 64, 0))
        except (OSError, ValueError):
            return None

    def stamp(self, ticks: float) -> None:
        """Keeps the time of a request. A full disk costs the others the knowledge of it, no more."""
        with contextlib.suppress(OSError):
            # One write of fixed length: it is never seen half done and needs no truncation.
            os.pwrite(self._descriptor, f"{ticks:<32.6f}".encode(), 0)

    def release(self) -> None:
        # Closing alone would not do: a child that was forked meanwhile has the descriptor too.
        with contextlib.suppress(OSError):
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        os.close(self._descriptor)


class Ledger:
    """The files of all families, in `folder`, which is made when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, family: str) -> Baton:
        """The baton of a family. Raises BlockingIOError while another holds it, OSError where there can be none."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        descriptor = os.open(self._file(family, "turn"), flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
        return Baton(descriptor)

    def hold(self, family: str) -> Hold | None:
        """The last refusal of a family, over or not; None where there is none, or its file is of no use."""
        try:
            with self._file(family, "hold").open("rb") as file:
                kept = json.loads(file.read(_LARGEST))
            return Hold(
                since=datetime.fromtimestamp(float(kept["since"]), UTC),
                until=datetime.fromtimestamp(float(kept["until"]), UTC),
                status=int(kept["status"]),
                stated=bool(kept["stated"]),
                refusals=int(kept["refusals"]),
            )
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            return None

    def keep(self, family: str, hold: Hold) -> None:
        """Writes a refusal down for all processes, whole or not at all."""
        fields = {
            "since": hold.since.timestamp(),
            "until": hold.until.timestamp(),
            "status": hold.status,
            "stated": hold.stated,
            "refusals": hold.refusals,
        }
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(prefix=".hold-", dir=self._folder)
            try:
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    json.dump(fields, file)
                Path(draft).replace(self._file(family, "hold"))
            except OSError:
                Path(draft).unlink(missing_ok=True)

    def forget(self, family: str) -> None:
        """The family answers again."""
        with contextlib.suppress(OSError):
            self._file(family, "hold").unlink(missing_ok=True)

    def _file(self, family: str, kind: str) -> Path:
        """A name that is readable, and different for each family, however long or odd it is."""
        readable = re.sub(r"[^a-z0-9.-]", "_", family)[:60].lstrip(".")
        return self._folder / f"{readable}-{zlib.crc32(family.encode()):08x}.{kind}"
