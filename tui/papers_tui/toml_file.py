"""TOML files that the program writes and people edit: read whole, changed whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from papers_tui.domain.errors import PapersError
from papers_tui.durable import sync_folder
from papers_tui.problems import line

Document = dict[str, Any]

_LARGEST = 16 << 20
_TRIES, _PAUSE = 250, 0.02
"""How often, and after how many seconds, the lock is asked for: a change takes a few milliseconds."""


def read_document(path: Path) -> Document | None:
    """What the file holds; None where there is none. Raises PapersError where it can't be read or is not TOML."""
    data = _bytes(path)
    return None if data is None else _document(path, data)


def edit_document(path: Path, change: Callable[[Document | None], str | None]) -> None:
    """Gives what the file holds to `change`, and writes what that gives in its place; nothing where it gives None.

    Other processes wait meanwhile, so that no change is lost. The former version is kept beside it as `….bak`.
    Raises PapersError, and leaves the file as it was, where it is not TOML or can't be written, and whatever
    `change` raises.
    """
    with _locked(path):
        data = _bytes(path)
        try:
            text = change(None if data is None else _document(path, data))
        except RecursionError:  # TOML is read with fewer frames a level than it is written with
            message = "not changed: what stands in it is nested too deep to be written back"
            raise PapersError(str(path), message, "take that out") from None
        if text is None:
            return
        try:
            if data is not None:
                _put(path.with_name(f"{path.name}.bak"), data)
            _put(path, text.encode("utf-8"))
        except OSError as error:
            raise _unwritten(path, error) from error


def tables_of(path: Path, document: Mapping[str, object], array: str) -> list[Any]:
    """What the file lists as [[array]]. Raises PapersError where it holds something else under that name."""
    tables = document.get(array, [])
    if isinstance(tables, list):
        return tables
    hint = f"write [[{array}]], in double brackets, before each of them"
    raise PapersError(str(path), f"what it calls {array} is no list of tables", hint)


def text_of(document: Mapping[str, Any], array: str, header: str) -> str:
    """The document as TOML under a header of comments, with one [[table]] for each item of its `array`.

    So another can be added by hand; the library alone would write short ones as an inline array. Items that are
    no tables, which somebody else put there, make it one all the same.
    """
    import tomli_w

    items = document[array]
    if not all(isinstance(item, dict) for item in items):
        return f"{header}\n{tomli_w.dumps(document)}"
    rest = {name: value for name, value in document.items() if name != array}
    tables = (_table_text(array, item) for item in items)
    return "\n".join([header, *([tomli_w.dumps(rest)] if rest else []), *tables])


def _table_text(array: str, table: Mapping[str, Any]) -> str:
    import tomli_w

    own, nested = [f"[[{array}]]\n"], []
    for name, value in table.items():
        text = tomli_w.dumps({name: value})
        if text.startswith("["):
            nested.append(tomli_w.dumps({array: {name: value}}))
        else:
            own.append(text)
    return "\n".join(["".join(own), *nested])


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
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=target.parent)
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
    sync_folder(target.parent)


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
