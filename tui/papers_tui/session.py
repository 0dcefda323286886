"""What the app remembers from one run to the next, in `session.toml`."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

from papers_tui.late import TYPE_CHECKING, dataclass, pattern
from papers_tui.paths import Paths

if TYPE_CHECKING:
    from typing import Any

_TIMES = ("opened", "before")
_TIME = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """Where the user was and what they chose in the app; empty is unknown, or the default.

    `opened` is when the app was last opened and `before` when it was the time before that, UTC times as
    `YYYY-MM-DDTHH:MM:SSZ`; `view` and `paper` are their keys, `export` the file they
    last wrote to; `layout`, `density` and `theme` their names; `sorts` a line for each view that has an order of
    its own: the order, a space, and the view's key; `groups` the key of each view that is shown in groups, a line each.
    """

    opened: str = ""
    before: str = ""
    view: str = ""
    paper: str = ""
    export: str = ""
    layout: str = ""
    density: str = ""
    theme: str = ""
    sorts: str = ""
    groups: str = ""


def load(path: Path) -> Session:
    """The session kept at `path`; what is missing there or of no use is empty."""
    try:
        table = _table(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return Session()
    texts = {name: table.get(name) for name in Session.__slots__}
    kept = {name: text for name, text in texts.items() if isinstance(text, str)}
    return Session(
        **{name: text for name, text in kept.items() if name not in _TIMES or _TIME.fullmatch(text)}
    )


def _table(text: str) -> dict[str, Any]:
    """The table of a TOML document. Raises ValueError, RecursionError where it is none.

    What `save` writes, a text a line, is read as JSON, which has the same strings: to load the reader of TOML takes
    longer than all else that is read for the first screen.
    """
    pairs = [line.partition(" = ") for line in text.splitlines()]
    if all(name.isidentifier() and value[:1] == '"' for name, _, value in pairs):
        with contextlib.suppress(ValueError):
            return {name: json.loads(value) for name, _, value in pairs}
    import tomllib

    return tomllib.loads(text)


def save(path: Path, session: Session) -> bool:
    """Keeps the session at `path`, whole or not at all; whether that could be done."""
    import os
    import tempfile
    from dataclasses import asdict

    import tomli_w

    try:
        data = tomli_w.dumps(asdict(session)).encode("utf-8")
        descriptor, draft = tempfile.mkstemp(prefix=".session-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(draft).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(draft).unlink()
            raise
    except (OSError, UnicodeEncodeError):
        return False
    return True


def last_opened(paths: Paths) -> str:
    """When the app was last opened, as a UTC time; empty where it never was, or nobody knows."""
    return load(paths.session_file).opened
