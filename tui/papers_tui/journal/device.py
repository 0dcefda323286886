"""Which writer this process is: a lasting device id, and a slot that no other process here holds.

Two running instances write to two files, so that each file has one writer and is only ever appended to.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path

_SLOTS = 64


def device_id(folder: Path) -> str:
    """The id of this device, made on first use. `folder` is not synced between machines."""
    path = folder / "device-id"
    if found := known_device_id(folder):
        return found
    made = secrets.token_hex(4)
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


def known_device_id(folder: Path) -> str:
    """The id of this device, or "" where it has none yet."""
    try:
        found = (folder / "device-id").read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return found if found.isalnum() else ""


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
