"""Keeping this device's files in proportion to what they say.

At every moment the folder says the same: the new file is whole and on disk, under a name of its own, before the
former one gets a name that nobody reads.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from papers_tui.durable import sync_folder
from papers_tui.journal.compaction import compacted
from papers_tui.journal.device import finish_renewal, known_device_id, slot_of
from papers_tui.journal.names import FileName, own_files

KEPT = 1000
"""Entries at the end of a file that stay as they are: what can be undone is among them."""

_LEAST = 1 << 18
_RATIO = 4
_LOOKED = "compacted.json"

Placing = Callable[[Mapping[str, int], str, int], None]
"""Told before a new file gets its name: the former files with their sizes, the new one's name and its size."""


def compact(
    journal: Path,
    device_folder: Path,
    placing: Placing,
    *,
    least: int = _LEAST,
    ratio: int = _RATIO,
    keep: int = KEPT,
) -> int:
    """Compacts the files of this device's writers that are `ratio` times what they say; how many that were.

    Files below `least` bytes are left alone, and those that another instance writes to. The former files stay
    beside the new one as `….previous` until the next time. Raises OSError; all is then as it was, or said twice.
    """
    finish_renewal(device_folder, journal)
    device = known_device_id(device_folder)
    if not device:
        return 0
    looked = _looked(device_folder)
    done = 0
    for slot, size in _grown(journal, device, looked, least):
        with slot_of(device_folder, slot) as free:
            if free:
                files = [file for file in own_files(journal, device) if file.slot == slot]
                left = _compact(journal, files, placing, ratio, keep)
                done += left is not None
                looked[files[-1].writer] = size if left is None else left
    _remember(device_folder, looked)
    return done


def is_due(journal: Path, device_folder: Path) -> bool:
    """Whether there are files that `compact` would look into. Raises OSError."""
    device = known_device_id(device_folder)
    return bool(device) and any(_grown(journal, device, _looked(device_folder), _LEAST))


def _grown(journal: Path, device: str, looked: Mapping[str, int], least: int) -> list[tuple[int, int]]:
    """The slots whose files have grown enough to be looked into, with the bytes of those."""
    found = []
    for slot, several in groupby(own_files(journal, device), key=lambda file: file.slot):
        files = list(several)
        size = sum((journal / file.name).stat().st_size for file in files)
        if size >= max(least, 2 * looked.get(files[-1].writer, 0)):
            found.append((slot, size))
    return found


def _compact(journal: Path, files: list[FileName], placing: Placing, ratio: int, keep: int) -> int | None:
    """Puts one file in the place of these, and gives its size; None where that would save too little."""
    sizes: dict[str, int] = {}
    lines: list[bytes] = []
    for file in files:
        data = (journal / file.name).read_bytes()
        sizes[file.name] = len(data)
        lines += data.split(b"\n")
    content = b"".join(line + b"\n" for line in compacted(lines, keep))
    if len(content) * ratio > sum(sizes.values()):
        return None
    put_in_place(journal, files, content, lambda name: placing(sizes, name, len(content)))
    return len(content)


def put_in_place(
    journal: Path, files: Sequence[FileName], content: bytes, placing: Callable[[str], None] = lambda _: None
) -> None:
    """Puts one file with this content in the place of a writer's files, which say the same. Raises OSError.

    `placing` is told its name just before the file has it.
    """
    new = FileName(files[-1].device, files[-1].slot, files[-1].generation + 1)
    draft = journal / f".{new.name}.tmp"
    try:
        with draft.open("wb") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        placing(new.name)
        draft.rename(journal / new.name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(journal)
    former = [journal / f"{file.name}.previous" for file in files]
    for file, previous in zip(files, former, strict=True):
        (journal / file.name).replace(previous)
    for older in _previous(journal, new.writer):
        if older not in former:
            older.unlink(missing_ok=True)


def _previous(journal: Path, writer: str) -> Iterable[Path]:
    return [*journal.glob(f"{writer}.jsonl.previous"), *journal.glob(f"{writer}.*.jsonl.previous")]


def _looked(device_folder: Path) -> dict[str, int]:
    """The size of each writer's files when they were last looked into."""
    try:
        found = json.loads((device_folder / _LOOKED).read_bytes())
        return {str(writer): size for writer, size in found.items() if isinstance(size, int)}
    except (OSError, ValueError, AttributeError):
        return {}


def _remember(device_folder: Path, looked: Mapping[str, int]) -> None:
    with contextlib.suppress(OSError):  # they are looked into again, no more
        (device_folder / _LOOKED).write_text(json.dumps(looked), "ascii")
