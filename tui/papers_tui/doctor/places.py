"""Whether the directories can be used, and how much room is left."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from papers_tui.doctor.finding import Finding, note, ok, problem
from papers_tui.paths import Paths

_LEAST, _LITTLE = 20 << 20, 200 << 20
"""Bytes of free space below which little more can be kept, and below which that comes near."""


def look_at_places(paths: Paths) -> Iterator[Finding]:
    """What is wrong with the program's directories; those that are not there yet are made at the first start."""
    for name in ("config", "data", "cache", "log"):
        folder: Path = getattr(paths, name)
        faults = [*_faults(folder)]
        yield from faults or [ok("folders", f"{name}: {folder}")]
    for folder in filter(Path.exists, (paths.journal, paths.imported)):
        yield from _faults(folder)
    for file in _files_of_others(paths):
        text = f"{file} can't be written: it belongs to somebody else, or is read-only"
        yield problem(
            "folders", text, "make it yours again (chown, chmod u+rw); was the program run by sudo?"
        )
    yield from _room(paths)


def _faults(folder: Path) -> Iterator[Finding]:
    try:
        mode = folder.stat().st_mode
    except FileNotFoundError:
        yield from _unmade(folder)
        return
    except OSError as error:
        yield problem(
            "folders", f"{folder} can't be looked at: {error.strerror}", "let yourself in (chmod u+rwx)"
        )
        return
    if not stat.S_ISDIR(mode):
        yield problem("folders", f"{folder} is not a folder, and one is needed there", "move it away")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield problem(
            "folders", f"{folder} can't be written", "let yourself write there (chown, chmod u+rwx)"
        )
    elif mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield note("folders", f"{folder}: others may look into it", "chmod 700, if they are not to")


def _unmade(folder: Path) -> Iterator[Finding]:
    above = next(parent for parent in folder.parents if os.path.lexists(parent))
    if not above.is_dir():
        yield problem("folders", f"{above} is not a folder, and {folder} is to be in it", "move it away")
    elif os.access(above, os.W_OK | os.X_OK):
        yield note("folders", f"{folder} is not there yet; it is made when it is needed")
    else:
        hint = "let yourself write there, or set PAPERS_TUI_HOME to a folder of your own"
        yield problem("folders", f"{folder} can't be made: {above} can't be written", hint)


def _files_of_others(paths: Paths) -> Iterator[Path]:
    for folder in (paths.config, paths.journal, paths.cache, paths.log):
        try:
            files = sorted(folder.iterdir())
        except OSError:  # told above
            continue
        written = (file for file in files if file.suffix in (".toml", ".jsonl", ".sqlite3", ".lock", ".log"))
        # A config.toml that can't be written is as good as any: the program only reads it.
        yield from (
            file for file in written if file != paths.config_file and not os.access(file, os.R_OK | os.W_OK)
        )


def _room(paths: Paths) -> Iterator[Finding]:
    """The free space of each disk that the directories are on."""
    seen = set()
    for folder in (paths.data, paths.cache, paths.log, paths.config):
        there = next(place for place in (folder, *folder.parents) if place.exists())
        try:
            device, free = there.stat().st_dev, shutil.disk_usage(there).free
        except OSError as error:
            yield note("disk", f"nobody knows what is free at {there}: {error.strerror}")
            continue
        if device in seen:
            continue
        seen.add(device)
        if free >= _LITTLE:
            yield ok("disk", f"{free / (1 << 30):,.1f} GiB free at {there}")
        else:
            say = problem if free < _LEAST else note
            yield say(
                "disk", f"only {free >> 20} MiB free at {there}", "free some space, or acts can't be saved"
            )
