"""The marks of several machines, brought together through a folder that something else carries between them."""

from __future__ import annotations

import errno
from pathlib import Path

from papers_tui.domain.errors import PapersError, TryLater
from papers_tui.journal.exchange import Busy, Exchanged, exchange, pending, signature
from papers_tui.journal.meeting import Plan
from papers_tui.late import dataclass
from papers_tui.paths import Paths, home_folder
from papers_tui.toml_file import edit_document, read_document

_MARK = "papers-tui-sync.txt"
_TOLD = (
    "papers-tui keeps the marks of your machines in this folder, a file for each.\n"
    "`papers-tui sync init` with this folder makes another machine one of them.\n"
)
_HEADER = "# Where this machine meets your others; `papers-tui sync init DIR` writes it.\n"


@dataclass(frozen=True, slots=True)
class Status:
    """The `folder` that is shared, what there is to do with it, and what in it can't be read."""

    folder: Path
    plan: Plan
    faults: tuple[str, ...]


class SyncBusy(TryLater):
    """Another process is bringing the same folders together."""


def folder_of(paths: Paths) -> Path | None:
    """The folder that this machine shares; None where none was named. Raises PapersError for an unreadable file."""
    found = (read_document(paths.sync_file) or {}).get("folder")
    if not isinstance(found, str) or not found:
        return None
    return _expanded(found)


def begin(paths: Paths, target: str) -> Path:
    """Makes a folder the one that is shared, and gives its path; the folder itself is made where its parent is there.

    Raises PapersError where it can't be one.
    """
    folder = _expanded(target) if target else None
    if folder is None or not target.strip():
        raise PapersError("sync", "no folder is named", "name one that your file mover carries")
    own = (paths.config, paths.data, paths.journal, paths.imported, paths.cache, paths.log)
    if (
        folder.resolve() in {place.resolve() for place in own}
        or paths.journal.resolve() in folder.resolve().parents
    ):
        hint = "name another one: this machine's own files are copied into it"
        raise PapersError(target, "this folder is the program's own", hint)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        (folder / _MARK).write_text(_TOLD, "utf-8")
    except FileNotFoundError:
        raise PapersError(
            target, f"there is no folder {folder.parent}", "make it, or mend the name"
        ) from None
    except OSError as error:
        raise _explained(folder, error) from error
    home = home_folder()
    kept = f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) and folder != home else str(folder)

    def named(_: object) -> str:
        import tomli_w

        return f"{_HEADER}{tomli_w.dumps({'folder': kept})}"

    edit_document(paths.sync_file, named)
    return folder


def end(paths: Paths) -> Path | None:
    """Shares nothing any more; the folder that was shared stays as it is, None where there was none."""
    folder = folder_of(paths)
    paths.sync_file.unlink(missing_ok=True)
    return folder


def sync(paths: Paths) -> Exchanged:
    """Fetches what the other machines did, and gives them what was done here.

    Raises PapersError, TryLater where the folder is not there now (a stick, a net) or another process is at it.
    """
    folder = _present(paths)
    try:
        return exchange(paths.journal, folder, paths.log)
    except Busy:
        raise SyncBusy("sync", "another papers-tui is at it", "try again in a moment") from None
    except OSError as error:
        raise _explained(folder, error) from error


def status(paths: Paths) -> Status:
    """How things stand; nothing is changed. Raises PapersError as `sync` does."""
    folder = _present(paths)
    try:
        return Status(folder, *pending(paths.journal, folder, paths.log))
    except OSError as error:
        raise _explained(folder, error) from error


def look(paths: Paths) -> tuple[tuple[str, int, int], ...]:
    """Something that stays the same as long as `sync` has nothing to do; empty where nothing is shared or there.

    Raises PapersError for an unreadable file of ours.
    """
    folder = folder_of(paths)
    if folder is None or not (folder / _MARK).is_file():
        return ()
    try:
        return signature(paths.journal, folder)
    except OSError:
        return ()


def _present(paths: Paths) -> Path:
    folder = folder_of(paths)
    if folder is None:
        raise PapersError("sync", "no folder is shared yet", "`papers-tui sync init DIR` names one")
    if not (folder / _MARK).is_file():
        hint = "what you do is kept here and goes there once it is back; `papers-tui sync init DIR` names another"
        raise TryLater(str(folder), "the folder that is shared is not there now", hint)
    return folder


def _expanded(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise PapersError(text, "there is no such user", "name the folder by its path") from error


def _explained(folder: Path, error: OSError) -> PapersError:
    place = str(error.filename or folder)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return PapersError(place, "the disk is full", "free some space and sync again; nothing is lost")
        case errno.EACCES | errno.EPERM:
            return PapersError(
                place, "no permission to read or write it", "let yourself do so, and sync again"
            )
        case errno.EROFS:
            return PapersError(place, "its disk is read-only", "nothing can be given to your other machines")
        case errno.EEXIST | errno.ENOTDIR:
            return PapersError(place, "it is not a folder", "name a folder")
    return PapersError(place, f"it can't be used: {error.strerror or error}", "see to it, and sync again")
