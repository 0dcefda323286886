"""Which writer this process is: a lasting device id, and a slot that no other process here holds.

Two running instances write to two files, so that each file has one writer and is only ever appended to.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from papers_tui.journal.names import own_files

_SLOTS = 64
_FORMER = "device-id-before"


def device_id(folder: Path) -> str:
    """The id of this device, made on first use. `folder` is not synced between machines."""
    path = folder / "device-id"
    if found := known_device_id(folder):
        return found
    made = _chosen()
    draft = folder / f".device-id-{made}"
    draft.write_text(made + "\n", "ascii")
    try:
        path.hardlink_to(draft)  # unlike a rename, it fails where another instance was first
    except OSError:
        if not known_device_id(folder):
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return known_device_id(folder)


def renew_device_id(folder: Path, journal: Path) -> str:
    """Gives this device another id, since another machine goes by its own; the files it wrote go with it.

    What stands in them stays as it is. Where this is cut short, `finish_renewal` does the rest.
    """
    if former := known_device_id(folder):
        (folder / _FORMER).write_text(former + "\n", "ascii")
    draft = folder / f".device-id-{_chosen()}"
    draft.write_text(_chosen() + "\n", "ascii")
    draft.replace(folder / "device-id")
    finish_renewal(folder, journal)
    return known_device_id(folder)


def finish_renewal(folder: Path, journal: Path) -> None:
    """Ends a renewal that was cut short, if there is one."""
    try:
        former = (folder / _FORMER).read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return
    present = known_device_id(folder)
    if former.isalnum() and present != former:
        for file in own_files(journal, former):
            wanted = replace(file, device=present)
            while (journal / wanted.name).exists():
                wanted = replace(wanted, generation=wanted.generation + 1)
            (journal / file.name).rename(journal / wanted.name)
    (folder / _FORMER).unlink(missing_ok=True)


def _chosen() -> str:
    """An id that no other device has."""
    return os.urandom(4).hex()


def known_device_id(folder: Path) -> str:
    """The id of this device, or "" where it has none yet."""
    try:
        found = (folder / "device-id").read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return found if found.isalnum() else ""


@contextlib.contextmanager
def slot_of(folder: Path, number: int) -> Iterator[bool]:
    """Holds one slot meanwhile; False where a writer has it."""
    descriptor = os.open(folder / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


class Slot:
    """A number that this process alone holds on this device until it ends; the system frees it after a crash."""

    def __init__(self, folder: Path) -> None:
        """Takes the lowest free slot. Raises OSError where no lock can be had."""
        for number in range(_SLOTS):
            descriptor = os.open(folder / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                continue
            except OSError:
                os.close(descriptor)
                raise
            self.number = number
            self._descriptor = descriptor
            return
        raise OSError(f"all {_SLOTS} slots of {folder} are taken")

    def release(self) -> None:
        os.close(self._descriptor)
