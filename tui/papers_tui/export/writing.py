"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
import shlex
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.durable import sync_folder


def write_text(path: Path, text: str) -> None:
    """Makes `text`, as UTF-8 with its line ends as they are, the content of the file at `path`.

    A reader sees the old file or the new one, never a part: the text goes to a hidden file in the same
    folder, which takes the old one's place once it is on the disk. An old file keeps its mode; a symbolic
    link stays, and its target is written. A device, a pipe or anything else under /dev is written to
    directly. Raises PapersError, titled with the path; the old file is then as it was.
    """
    try:
        if is_stream(path):
            with path.open("ab", buffering=0) as stream:
                _write_all(stream.fileno(), _encoded(text))
        else:
            target = Path(os.path.realpath(path))
            _replace(target, _encoded(text))
            sync_folder(target.parent)
    except OSError as error:
        raise _explained(path, error) from error


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Writes each of `files`, name to text, into `folder` as `write_text` does; nothing else in it is touched.

    The folder and its parents are made if absent. Raises PapersError, titled with what could not be
    written; the files before it are then there, whole. Raises ValueError for a name that is a path.
    """
    for name in files:
        if name != Path(name).name or name in ("", ".."):
            raise ValueError(f"not the name of a file: {name!r}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _explained(folder, error) from error
    for name, text in files.items():
        write_text(folder / name, text)


def is_stream(path: Path) -> bool:
    """Whether what is written there goes somewhere, rather than being kept: it is not to be read first."""
    # /dev/stdout may lead to a regular file that the shell holds open: to put another in its place would
    # lose what the shell writes there before and after.
    if path.parts[:2] == ("/", "dev"):
        return True
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="replace")


def _replace(target: Path, data: bytes) -> None:
    mode = _mode_of(target)
    draft = target.with_name(f".papers-tui-{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(draft, flags, 0o666 if mode is None else mode)
        try:
            if mode is not None:
                os.fchmod(descriptor, mode)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.replace(target)
    finally:
        with suppress(OSError):
            draft.unlink()


def _mode_of(target: Path) -> int | None:
    """The mode of the file that is there, if any; raises OSError where it must not be replaced."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not os.access(target, os.W_OK):  # the folder alone would allow it, but the file was made read-only
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


_REASONS = {
    errno.EISDIR: ("it is a folder", "name a file in it"),
    errno.EEXIST: ("it is a file, not a folder", "choose another name"),
    errno.EACCES: ("no permission to write it", "choose another place, or change its permissions"),
    errno.EPERM: ("no permission to write it", "choose another place, or change its permissions"),
    errno.ENOSPC: ("the disk is full", "free some space and export again"),
    errno.EDQUOT: ("your disk quota is used up", "free some space and export again"),
    errno.EROFS: ("its file system is read-only", "choose another place"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter one"),
    errno.ELOOP: ("its symbolic links lead in a circle", "remove one of them"),
}


def _explained(path: Path, error: OSError) -> PapersError:
    parent = path.parent
    if error.errno == errno.ENOENT:
        missing = Path(os.path.realpath(path)).parent if path.is_symlink() else parent
        return PapersError(
            str(path), f"there is no folder {missing}", f"mkdir -p {shlex.quote(str(missing))}"
        )
    if error.errno == errno.ENOTDIR:
        return PapersError(str(path), f"{parent} is not a folder", "choose another place")
    message, hint = _REASONS.get(error.errno or 0, (error.strerror or str(error), ""))
    return PapersError(str(path), message, hint)
