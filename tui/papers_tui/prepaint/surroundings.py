"""What decides how the first screen looks: the terminal, the program, the settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib.machinery import PathFinder

from papers_tui import __version__
from papers_tui.late import TYPE_CHECKING
from papers_tui.paths import Paths
from papers_tui.session import Session

if TYPE_CHECKING:
    from typing import Any

_OF_THE_TERMINAL = (
    *(
        "TERM",
        "COLORTERM",
        "TERM_PROGRAM",
        "TERM_PROGRAM_VERSION",
        "LC_ALL",
        "LC_CTYPE",
        "LC_TIME",
        "LANG",
        "TZ",
    ),
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS", "LINES", "UNICODE_VERSION"),
)


def surroundings(
    paths: Paths, environ: Mapping[str, str], size: tuple[int, int], session: Session
) -> dict[str, Any]:
    """All of it, as JSON has it: a look that was made in others may not be right here."""
    files = (paths.config_file, paths.sources_file, paths.views_file, paths.authors_file)
    return {
        "size": list(size),
        "terminal": {name: environ[name] for name in _OF_THE_TERMINAL if name in environ},
        "program": [
            __version__,
            sys.version,
            *(_package(name) for name in ("papers_tui", "textual", "rich")),
        ],
        "encodings": [stream.encoding for stream in (sys.__stdout__, sys.__stderr__) if stream],
        "files": [_stamp(str(path)) for path in files],
        "session": [session.theme, session.layout, session.density],
    }


def _package(name: str) -> list[Any]:
    """Where a package stands, and since when; it is not loaded for that."""
    found = PathFinder.find_spec(name)
    origin = found.origin if found else None
    return [origin, _stamp(origin)] if origin else []


def _stamp(path: str) -> list[int]:
    """What changes with a file; empty where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 a path of text
    except OSError:
        return []
    return [found.st_mtime_ns, found.st_size, found.st_ino]
