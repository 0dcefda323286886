"""The compressed copies of what was imported, so that a lost cache loses none of it."""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.durable import sync_folder
from papers_tui.late import dataclass

_HEADER = b"papers-tui import "


@dataclass(frozen=True, slots=True)
class Imported:
    """One imported file: its base name, the day it was last changed, when it was imported, and its bytes."""

    name: str
    modified: date
    imported: datetime
    data: bytes


def keep(folder: Path, file: Imported) -> tuple[str, bool]:
    """The name of the kept copy, and whether it is new. Two files of one name and content are one copy.

    A copy that is damaged is replaced.

    Raises PapersError where it can't be written; nothing half-written stays.
    """
    import gzip  # what is kept is looked up at every start, and seldom read or written
    import hashlib

    digest = hashlib.sha256(file.name.encode() + b"\0" + file.data).hexdigest()[:16]
    path = folder / f"{file.imported.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{digest}.gz"
    for known in sorted(folder.glob(f"*-{digest}.gz")):
        with contextlib.suppress(PapersError):
            load(folder, known.name)
            return known.name, False
        path = known
    header = {"name": file.name, "modified": str(file.modified), "imported": file.imported.isoformat()}
    content = _HEADER + json.dumps(header).encode("ascii") + b"\n" + file.data
    draft = path.with_suffix(".part")
    try:
        with draft.open("wb") as out:
            out.write(gzip.compress(content, 6, mtime=0))
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o600)
        draft.replace(path)
        sync_folder(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        problem = f"it can't be kept in {folder}: {error.strerror}"
        raise PapersError(file.name, problem, "nothing of it was imported") from error
    return path.name, True


def kept(folder: Path) -> list[str]:
    """The names of all kept copies, in the order in which they were imported."""
    return sorted(path.name for path in folder.glob("*.gz") if path.name.isprintable())


def load(folder: Path, name: str) -> Imported:
    """A kept copy. Raises PapersError where it is damaged."""
    import gzip

    path = folder / name
    try:
        content = gzip.decompress(path.read_bytes())
        first, _, data = content.partition(b"\n")
        if not first.startswith(_HEADER):
            raise ValueError("its first line is not ours")
        header = json.loads(first[len(_HEADER) :])
        modified = date.fromisoformat(header["modified"])
        return Imported(str(header["name"]), modified, datetime.fromisoformat(header["imported"]), data)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zlib.error) as error:
        raise PapersError(
            str(path), f"the kept copy can't be read: {error}", "import the file again"
        ) from error
