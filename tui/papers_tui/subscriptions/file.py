"""`sources.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from papers_tui.domain.errors import PapersError
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.problems import line
from papers_tui.subscriptions.entries import read, unlisted, updated, written

Sources = tuple[Source, ...]

_LARGEST = 16 << 20
_TRIES, _PAUSE = 250, 0.02
"""How often, and after how many seconds, the lock is asked for: a change takes a few milliseconds."""


def load(path: Path) -> tuple[Sources, tuple[str, ...]]:
    """The sources in the file at `path`, and what is wrong with them, a sentence each.

    A missing file means Daily Papers alone, one that lists none means none. Nothing in it is fatal: an entry
    that can't be used is named and left out, and so is a later one of the same name or place; of a bad optional
    field the default holds. Of a file that can't be read at all no source is followed.
    """
    try:
        data = _bytes(path)
        if data is None:
            return (DAILY_PAPERS,), ()
        listed = read(_document(path, data))
    except PapersError as error:
        return (), (f"{error}; until then no source is followed",)
    return listed.sources, tuple(f"{path}: {problem}" for problem in listed.problems)


def edit(path: Path, change: Callable[[Sources], Sources]) -> Sources:
    """Reads the sources, changes them by `change`, writes them back, and gives them as they are now.

    Other processes wait meanwhile, so that no change is lost. What the file holds beyond readable sources stays in
    it; its former version is kept beside it as `sources.toml.bak`. Nothing is written where nothing changed.
    Raises PapersError, and leaves the file as it was, where it is not TOML or can't be written, and whatever
    `change` raises.
    """
    with _locked(path):
        data = _bytes(path)
        document: dict[str, Any] = {} if data is None else _document(path, data)
        if unlisted(document):
            hint = "write [[source]], in double brackets, before each of them"
            raise PapersError(str(path), "what it calls source is no list of tables", hint)
        listed = read(document)
        before = (DAILY_PAPERS,) if data is None else listed.sources
        after = change(before)
        if after == before:
            return after
        text = written(updated(document, listed, after))
        try:
            if data is not None:
                _put(path.with_name(f"{path.name}.bak"), data)
            _put(path, text.encode("utf-8"))
        except OSError as error:
            raise _unwritten(path, error) from error
        return after


def _bytes(path: Path) -> bytes | None:
    """What the file holds, None where there is none. Raises PapersError where that can't be had."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"it can't be read ({error.strerror or error})"
        raise PapersError(str(path), message, "see to it that you may read it") from error
    if len(data) > _LARGEST:
        raise PapersError(str(path), f"it is larger than {_LARGEST >> 20} MiB", "move it away")
    return data


def _document(path: Path, data: bytes) -> dict[str, Any]:
    import tomllib

    hint = f"mend it, or put {path.name}.bak in its place"
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"found byte {error.start + 1} not to be UTF-8, expected UTF-8 text"
        raise PapersError(str(path), message, hint) from None
    except (ValueError, RecursionError) as error:
        raise PapersError(str(path), f"it is not TOML: {line(str(error), 200)}", hint) from None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Alone with the file, among all processes and threads that ask here; the system lets go after a crash."""
    import fcntl
    import time

    try:
        lock = path.with_name(f".{path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _unwritten(path, error) from error
    try:
        for _ in range(_TRIES):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(_PAUSE)
            except OSError as error:
                raise _unwritten(path, error) from error
        else:
            raise PapersError(str(path), "another papers-tui has been changing it for seconds", "try again")
        yield
    finally:
        os.close(descriptor)


def _put(path: Path, data: bytes) -> None:
    """Makes `data` the content of the file at `path`, on the disk before it takes the old one's place."""
    import tempfile

    target = Path(os.path.realpath(path))  # a link to a file elsewhere stays a link
    mode = _mode(target)
    descriptor, draft = tempfile.mkstemp(prefix=".sources-", dir=target.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(draft).unlink()
        raise
    with suppress(OSError):  # the file is in its place; some file systems can't sync a folder
        folder = os.open(target.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _mode(target: Path) -> int:
    """The permissions of the file that is there. Raises OSError where it may not be replaced."""
    try:
        mode = target.stat().st_mode & 0o777
    except FileNotFoundError:
        return 0o600
    if not os.access(target, os.W_OK):  # the folder alone would allow it, but the file was made read-only
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return mode


def _unwritten(path: Path, error: OSError) -> PapersError:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            message, hint = "not changed: the disk is full", "free some space and try again"
        case errno.EACCES | errno.EPERM:
            message, hint = "not changed: no permission to write it", "let yourself write there"
        case errno.EROFS:
            message, hint = "not changed: its disk is read-only", "set PAPERS_TUI_HOME to another place"
        case errno.ENOENT | errno.ENOTDIR:
            message, hint = f"not changed: there is no folder {path.parent}", "make it"
        case _:
            message, hint = f"not changed: {error.strerror or error}", "see to it, and try again"
    return PapersError(str(path), message, hint)
