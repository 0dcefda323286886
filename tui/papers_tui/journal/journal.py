"""The journal: one append-only file per writer in one folder that a file mover may sync."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from papers_tui.domain.marks import Entry, tick
from papers_tui.journal.device import Slot, device_id
from papers_tui.journal.line import decode, encode

_TAIL = 1 << 20
"""How many bytes of each of this device's files the undo stack is read from (several thousand acts)."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands in one file behind an offset: the entries, the offset after them, and damaged lines."""

    file: str
    start: int
    end: int
    entries: tuple[Entry, ...]
    damaged: int


class Journal:
    """The files of all writers, and the one that this process appends to.

    The writer's slot is taken at the first append, so that programs that only read take none.
    """

    def __init__(self, folder: Path, device_folder: Path, *, now_ms: Callable[[], int]) -> None:
        self.folder = folder
        self._device_folder = device_folder
        self._now_ms = now_ms
        self._clock = (0, 0)
        self._writer: _Writer | None = None
        self._waiting: list[Entry] = []
        self._own: dict[str, tuple[int, list[Entry]]] = {}

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Entries that could not be written yet, oldest first."""
        return tuple(self._waiting)

    def see(self, clock: tuple[int, int]) -> None:
        """Later entries of ours are to be later than this reading of the clock."""
        self._clock = max(self._clock, clock)

    def add(self, entry: Entry) -> Entry:
        """The entry with its name and time, on disk and fsynced.

        Raises OSError where it could not be written; it is then kept (see `waiting`) and tried again, in
        order, by the next `add` or `flush`.
        """
        self._clock = tick(self._clock, self._now_ms())
        self._waiting.append(replace(entry, clock=self._clock))
        return self.flush()[-1]

    def flush(self) -> tuple[Entry, ...]:
        """Writes what waits, and gives it. Raises OSError where that still fails."""
        written: list[Entry] = []
        while self._waiting:
            if self._writer is None:
                self._writer = _Writer(self.folder, self._device_folder)
                self.see(self._writer.clock)
                self._waiting = [replace(entry, clock=self._after(entry)) for entry in self._waiting]
            written.append(self._writer.append(self._waiting[0]))
            del self._waiting[0]
        return tuple(written)

    def tails(self, offsets: Mapping[str, int]) -> Iterator[Tail]:
        """What every file holds behind its offset (0 where none is given), files in the order of their names."""
        for path in sorted(self.folder.glob("*.jsonl")):
            start = offsets.get(path.name, 0)
            size = path.stat().st_size
            if size < start:
                start = 0
            if size > start:
                yield _read_tail(path, start)

    def own_entries(self) -> list[Entry]:
        """The recent entries of this device, whichever of its instances made them, in no particular order.

        Files are read once; later calls read what was added since.
        """
        for path in sorted(self.folder.glob(f"{device_id(self._device_folder)}-*.jsonl")):
            if path.name not in self._own:
                self._own[path.name] = (path.stat().st_size, list(_last_entries(path)))
            read_to, entries = self._own[path.name]
            if path.stat().st_size > read_to:
                tail = _read_tail(path, read_to)
                entries.extend(tail.entries)
                self._own[path.name] = (tail.end, entries)
        return [entry for _, entries in self._own.values() for entry in entries]

    def take_back(self) -> Entry | None:
        """The latest entry that waits to be written, which then waits no more."""
        return self._waiting.pop() if self._waiting else None

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _after(self, entry: Entry) -> tuple[int, int]:
        self._clock = tick(self._clock, entry.clock[0])
        return self._clock


class _Writer:
    """The end of the one file that this process appends to."""

    def __init__(self, folder: Path, device_folder: Path) -> None:
        self._slot = Slot(device_folder)
        self.name = f"{device_id(device_folder)}-{self._slot.number}"
        path = folder / f"{self.name}.jsonl"
        known = path.exists()
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        except OSError:
            self._slot.release()
            raise
        if not known:
            _sync_folder(folder)
        last = _last_entries(path)
        self._seq = max((entry.seq for entry in last), default=0)
        self.clock = max((entry.clock for entry in last), default=(0, 0))
        self._torn = not _ends_a_line(self._descriptor)

    def append(self, entry: Entry) -> Entry:
        named = replace(entry, writer=self.name, seq=self._seq + 1)
        data = (b"\n" if self._torn else b"") + encode(named)
        self._torn = True
        if os.write(self._descriptor, data) != len(data):
            raise OSError(28, "No space left on device")
        os.fsync(self._descriptor)
        self._torn = False
        self._seq += 1
        return named

    def close(self) -> None:
        os.close(self._descriptor)
        self._slot.release()


def _read_tail(path: Path, start: int) -> Tail:
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    whole = data.rfind(b"\n") + 1
    entries, damaged = _decode_lines(data[:whole])
    return Tail(path.name, start, start + whole, tuple(entries), damaged)


def _decode_lines(data: bytes) -> tuple[list[Entry], int]:
    lines = [line for line in data.split(b"\n") if line]
    entries = [entry for line in lines if (entry := decode(line)) is not None]
    return entries, len(lines) - len(entries)


def _last_entries(path: Path) -> Sequence[Entry]:
    """The entries of the last `_TAIL` bytes, or of as many more as it takes to find one."""
    size = path.stat().st_size
    window = _TAIL
    while True:
        start = max(0, size - window)
        with path.open("rb") as file:
            file.seek(start)
            data = file.read()
        if start:
            data = data[data.find(b"\n") + 1 :]
        entries, _ = _decode_lines(data[: data.rfind(b"\n") + 1])
        if entries or not start:
            return entries
        window *= 4


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
