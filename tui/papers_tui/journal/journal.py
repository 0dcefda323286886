"""The journal: one append-only file per writer in one folder that a file mover may sync."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from papers_tui.domain.marks import Entry, Stamp, tick
from papers_tui.durable import sync_folder
from papers_tui.journal.device import Slot, device_id, known_device_id
from papers_tui.journal.line import decode, encode
from papers_tui.journal.names import latest_name
from papers_tui.late import dataclass

_TAIL = 1 << 20
"""How many bytes of each of this device's files the undo stack is read from (several thousand acts)."""


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands in one file behind an offset: the entries, the offset after them, and damaged lines.

    `fault` says why a file could not be read at all, or is empty.
    """

    file: str
    start: int
    end: int
    entries: tuple[Entry, ...]
    damaged: int
    fault: str = ""


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
        self._added = 0
        self._unsettled: list[Entry] = []
        self._own: dict[str, tuple[int, list[Entry]]] = {}
        self._names: dict[int, Stamp] = {}

    @property
    def waiting(self) -> tuple[Entry, ...]:
        """Entries that could not be written yet, oldest first."""
        return tuple(self._waiting)

    @property
    def unsettled(self) -> tuple[Entry, ...]:
        """Entries that were added since the last `settle`, oldest first, those that wait included."""
        return (*self._unsettled, *self._waiting)

    def settle(self) -> None:
        """All that was written so far has been read back (see `tails`)."""
        self._unsettled.clear()

    def see(self, clock: tuple[int, int]) -> None:
        """Later entries of ours are to be later than this reading of the clock."""
        self._clock = max(self._clock, clock)

    def add(self, entry: Entry) -> Entry:
        """The entry with its name and time, on disk and fsynced.

        Raises OSError where it could not be written; it is then kept (see `waiting`) and tried again, in
        order, by the next `add` or `flush`.
        """
        self._clock = tick(self._clock, self._now_ms())
        self._added += 1
        # Until it is written it has no writer, and a number that none of the written ones has.
        self._waiting.append(replace(entry, writer="", seq=-self._added, clock=self._clock))
        return self.flush()[-1]

    def open(self) -> None:
        """Takes this process's file now rather than at the first act. Raises OSError where there is none to be had."""
        if self._writer is None:
            self._writer = _Writer(self.folder, self._device_folder)
            self.see(self._writer.clock)

    def flush(self) -> tuple[Entry, ...]:
        """Writes what waits, and gives it. Raises OSError where that still fails."""
        written: list[Entry] = []
        while self._waiting:
            if self._writer is not None and not self._writer.is_current:
                self.close()
            if self._writer is None:
                self.open()
                self._waiting = [
                    entry if entry.writer else replace(entry, clock=self._after(entry))
                    for entry in self._waiting
                ]
            assert self._writer
            waiting = self._waiting[0]
            named = self._writer.named(self._seen_by_name(waiting))
            if not waiting.writer:
                self._names[waiting.seq] = named.stamp
            try:
                self._writer.append(named)
            except OSError:
                if self._writer.torn:  # it may stand in the file, whole, under this name
                    self._waiting[0] = named
                raise
            written.append(named)
            self._unsettled.append(named)
            del self._waiting[0]
        return tuple(written)

    def tails(self, offsets: Mapping[str, int]) -> Iterator[Tail]:
        """What every file holds behind its offset (0 where none is given), files in the order of their names.

        A file that is shorter than its offset, or has no line's end there, is another one: it is read from
        its beginning.
        """
        for path, size in self._files("*.jsonl"):
            start = offsets.get(_name(path), 0)
            if size == start:
                continue
            try:
                tail = _read_tail(path, start if size > start else 0)
            except OSError as error:
                tail = Tail(_name(path), start, start, (), 0, fault=error.strerror or str(error))
            if tail.end != start or tail.fault:
                yield tail

    def own_entries(self) -> list[Entry]:
        """The recent entries of this device, whichever of its instances made them, in no particular order.

        Files are read once; later calls read what was added since. What waits to be written is among them. The papers
        that they carried are left out: they are many, and undoing needs none.
        """
        device = known_device_id(self._device_folder)
        own = {}
        for path, size in self._files(f"{device}-*.jsonl") if device else ():
            read_to, entries = self._own.get(path.name, (0, []))
            if size < read_to or not read_to:
                read_to, entries = _last_entries(path)
            elif size > read_to:
                tail = _read_tail(path, read_to)
                read_to, entries = tail.end, [*(entries if tail.start == read_to else ()), *tail.entries]
            own[path.name] = (read_to, [replace(entry, records=()) for entry in entries])
        self._own = own
        return [*(entry for _, entries in own.values() for entry in entries), *self._waiting]

    def take_back(self, entry: Entry) -> bool:
        """Whether this entry was still to be written, no part of it being in the file; it then waits no more."""
        if entry.writer or entry not in self._waiting:
            return False
        self._waiting.remove(entry)
        return True

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _seen_by_name(self, entry: Entry) -> Entry:
        """The entry with those that it saw waiting under the names that they were written under."""
        if not entry.seen or all(writer for _, _, writer, _ in entry.seen):
            return entry
        known = (stamp if stamp[2] else self._names.get(stamp[3]) for stamp in entry.seen)
        return replace(entry, seen=tuple(stamp for stamp in known if stamp))

    def _after(self, entry: Entry) -> tuple[int, int]:
        self._clock = tick(self._clock, entry.clock[0])
        return self._clock

    def _files(self, pattern: str) -> Iterator[tuple[Path, int]]:
        """The journal files with their sizes; what only has the name of one (a folder, a pipe) is passed over."""
        for path in sorted(self.folder.glob(pattern)):
            with contextlib.suppress(OSError):
                found = path.stat()
                if stat.S_ISREG(found.st_mode):
                    yield path, found.st_size


class _Writer:
    """The end of the one file that this process appends to.

    `torn` is True while the file may end in something that is no whole line, or not safely on the disk.
    """

    def __init__(self, folder: Path, device_folder: Path) -> None:
        self._device_folder = device_folder
        self._slot = Slot(device_folder)
        try:
            self._device = device_id(device_folder)
            self.name = f"{self._device}-{self._slot.number}"
            self._path = folder / latest_name(folder, self._device, self._slot.number)
            self._descriptor = _opened(self._path)
            _, last = _last_entries(self._path)
        except OSError:
            self._slot.release()
            raise
        self._seq = max((entry.seq for entry in last), default=0)
        self.clock = max((entry.clock for entry in last), default=(0, 0))
        self.torn = not _ends_a_line(self._descriptor)

    def named(self, entry: Entry) -> Entry:
        """The entry under its lasting name; one that has its name keeps it."""
        return entry if entry.writer else replace(entry, writer=self.name, seq=self._seq + 1)

    def append(self, entry: Entry) -> None:
        """The entry as the last line, on disk. Raises OSError; then it is to be appended again."""
        self._follow()
        torn = self.torn or not _ends_a_line(self._descriptor)
        data = (b"\n" if torn else b"") + encode(entry)
        written = os.write(self._descriptor, data)
        self.torn = True
        self._seq = max(self._seq, entry.seq)
        if written != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(self._descriptor)
        self.torn = False

    def close(self) -> None:
        os.close(self._descriptor)
        self._slot.release()

    @property
    def is_current(self) -> bool:
        """Whether the device still goes by the id that it had when this writer began."""
        return known_device_id(self._device_folder) in (self._device, "")

    def _follow(self) -> None:
        """Opens the file anew where another one took its place (git and syncers replace files) or it is gone.

        What is appended to a file that has no name any more is lost.
        """
        try:
            same = os.path.samestat(self._path.stat(), os.fstat(self._descriptor))
        except FileNotFoundError:
            same = False
        if not same:
            former, self._descriptor = self._descriptor, _opened(self._path)
            os.close(former)


def _name(path: Path) -> str:
    """The file's name as text, whatever bytes it has."""
    return path.name.encode("utf-8", "backslashreplace").decode()


def _opened(path: Path) -> int:
    known = path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    if not known:
        sync_folder(path.parent)
    return descriptor


def _read_tail(path: Path, start: int) -> Tail:
    with path.open("rb") as file:
        file.seek(max(0, start - 1))
        if start and file.read(1) != b"\n":
            start = 0
            file.seek(0)
        data = file.read()
    whole = data.rfind(b"\n") + 1
    entries, damaged = _decode_lines(data[:whole])
    return Tail(_name(path), start, start + whole, tuple(entries), damaged)


def _decode_lines(data: bytes) -> tuple[list[Entry], int]:
    lines = [line for line in data.split(b"\n") if line]
    entries = [entry for line in lines if (entry := decode(line)) is not None]
    return entries, len(lines) - len(entries)


def _last_entries(path: Path) -> tuple[int, list[Entry]]:
    """The entries of the last `_TAIL` bytes, or of as many more as it takes to find one, after where they end."""
    size = path.stat().st_size
    window = _TAIL
    while True:
        start = max(0, size - window)
        with path.open("rb") as file:
            file.seek(start)
            data = file.read()
        whole = data.rfind(b"\n") + 1
        first = data.find(b"\n") + 1 if start else 0
        entries, _ = _decode_lines(data[first:whole])
        if entries or not start:
            return start + whole, entries
        window *= 4


def _ends_a_line(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size == 0 or os.pread(descriptor, 1, size - 1) == b"\n"
