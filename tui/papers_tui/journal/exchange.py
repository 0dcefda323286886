"""Bringing two folders of journal files together: this machine's, and one that a file mover carries."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from papers_tui.journal.compacting import put_in_place
from papers_tui.journal.device import device_id, finish_renewal, known_device_id, renew_device_id
from papers_tui.journal.meeting import Plan, outgrown, plan
from papers_tui.journal.names import latest_name, own_files, parsed_name
from papers_tui.late import dataclass

_LARGEST = 512 << 20
_LEAST = 1 << 18
_RATIO = 3


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came of an exchange: lines that came here, files that were written there, what could not be read.

    `renewed` is True where another machine wrote under this device's id, which has a new one now. `shortened` counts
    the other machines' files here that gave way to shorter ones: those machines had compacted theirs.
    """

    fetched: int = 0
    given: int = 0
    faults: tuple[str, ...] = ()
    renewed: bool = False
    shortened: int = 0


class Busy(Exception):
    """Another process is at it."""


def exchange(journal: Path, shared: Path, device_folder: Path) -> Exchanged:
    """Fetches what stands in `shared` and not here, and gives what this device wrote.

    Files there are replaced whole, files here only ever appended to. Raises OSError where a folder can't be
    read or written, which leaves nothing half done that the next time does not mend, and Busy.
    """
    with _alone(device_folder):
        finish_renewal(device_folder, journal)
        device = device_id(device_folder)
        there, faults = contents(shared)
        found = _plan(journal, there, device)
        for name, lines in found.fetch.items():
            _append(_home(journal, name), lines)
        give = found.give
        if found.twins:
            give = _plan(journal, there, renew_device_id(device_folder, journal)).give
        for name, data in give.items():
            _put(shared / name, data)
        shortened = _shorten(journal, there, known_device_id(device_folder)) if found.fetched else 0
        return Exchanged(found.fetched, len(give), faults, found.twins, shortened)


def append_unknown(journal: Path, device_folder: Path, lines: Sequence[bytes]) -> int:
    """Adds those of these lines that the journal lacks, as another machine's; how many that were. Raises OSError."""
    data = b"".join(line + b"\n" for line in lines)
    found = _plan(journal, {"moved here.jsonl": data}, device_id(device_folder))
    for name, fresh in found.fetch.items():
        _append(_home(journal, name), fresh)
    return found.fetched


def pending(journal: Path, shared: Path, device_folder: Path) -> tuple[Plan, tuple[str, ...]]:
    """What `exchange` would do, and what could not be read. Raises OSError."""
    there, faults = contents(shared)
    return _plan(journal, there, device_id(device_folder)), faults


def signature(*folders: Path) -> tuple[tuple[str, int, int], ...]:
    """Something that is the same as long as no journal file of these folders changes. Raises OSError."""
    found = []
    for folder in folders:
        for entry in os.scandir(folder):
            if entry.name.endswith(".jsonl"):
                with contextlib.suppress(FileNotFoundError):
                    known = entry.stat()
                    found.append((entry.path, known.st_size, known.st_mtime_ns))
    return tuple(sorted(found))


def _plan(journal: Path, there: dict[str, bytes], device: str) -> Plan:
    here, faults = contents(journal)
    if faults:
        raise OSError(errno.EIO, faults[0])
    former = [path.read_bytes() for path in sorted(journal.glob("*.jsonl.previous"))]
    return plan(here, there, device, former=former)


def contents(folder: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """The journal files of a folder by name, and a sentence for each that can't be read."""
    held, faults = {}, []
    for path in sorted(folder.iterdir()):
        name = path.name
        if not name.endswith(".jsonl") or not name.isprintable():
            continue
        try:
            known = path.stat()
            if not stat.S_ISREG(known.st_mode):
                continue
            if known.st_size > _LARGEST:
                faults.append(f"{path}: it is larger than {_LARGEST >> 20} MiB, which no journal is")
                continue
            held[name] = path.read_bytes()
        except FileNotFoundError:  # a file mover was faster
            continue
        except OSError as error:
            faults.append(f"{path}: it can't be read: {error.strerror or error}")
    return held, tuple(faults)


def _home(journal: Path, name: str) -> Path:
    """The file here that lines of this writer, or of none, are added to."""
    parsed = parsed_name(name)
    return journal / (latest_name(journal, parsed.device, parsed.slot) if parsed else name)


def _shorten(journal: Path, there: Mapping[str, bytes], device: str) -> int:
    """Puts what another machine compacted in the place of all that it ever said; how many files that were."""
    here, _ = contents(journal)
    names = outgrown(here, there, device, least=_LEAST, ratio=_RATIO)
    for name in names:
        if parsed := parsed_name(name):
            files = [file for file in own_files(journal, parsed.device) if file.slot == parsed.slot]
            put_in_place(journal, files, there[name][: there[name].rfind(b"\n") + 1])
    return len(names)


def _append(path: Path, lines: Sequence[bytes]) -> None:
    """Adds whole lines at the end of a file of this machine's journal, on disk."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        data = (b"\n" if torn else b"") + b"".join(line + b"\n" for line in lines)
        if os.write(descriptor, data) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(path: Path, data: bytes) -> None:
    """Makes `data` the content of a file in the shared folder, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


@contextlib.contextmanager
def _alone(device_folder: Path) -> Iterator[None]:
    descriptor = os.open(device_folder / "sync.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield
    finally:
        os.close(descriptor)
