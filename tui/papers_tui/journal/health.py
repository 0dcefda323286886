"""The journal's files as they are: how much of each can be read."""

from __future__ import annotations

from pathlib import Path

from papers_tui.journal.line import decode
from papers_tui.late import dataclass

_MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class FileHealth:
    """What one file holds: whole `acts`, and `damaged` lines, of which `places` are the numbers of the first few.

    `latest` is the time of the latest act in milliseconds since 1970, 0 where there is none. `fault` says why it
    could not be read, or is empty.
    """

    name: str
    acts: int = 0
    damaged: int = 0
    places: tuple[int, ...] = ()
    latest: int = 0
    fault: str = ""


def journal_health(folder: Path) -> tuple[FileHealth, ...]:
    """All files of the journal in `folder`, none where it is not there. Changes nothing.

    A last line without its end is no damage: somebody may be writing it. Raises OSError where the folder can't be
    read.
    """
    if not folder.exists():
        return ()
    return tuple(map(_file, sorted(file for file in folder.iterdir() if file.suffix == ".jsonl")))


def _file(path: Path) -> FileHealth:
    name = path.name.encode("utf-8", "backslashreplace").decode()
    acts = latest = damaged = 0
    places: list[int] = []
    try:
        if not path.is_file():
            return FileHealth(name, fault="it is no file")
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n") or line == b"\n":
                    continue
                if entry := decode(line[:-1]):
                    acts += 1
                    latest = max(latest, entry.clock[0])
                else:
                    damaged += 1
                    places += [number] if len(places) < _MOST_PLACES else []
    except OSError as error:
        return FileHealth(name, fault=error.strerror or str(error))
    return FileHealth(name, acts, damaged, tuple(places), latest)
