"""What the first screen looks like but for what it says: where the panes stand, in which colours."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from papers_tui.late import TYPE_CHECKING, dataclass

if TYPE_CHECKING:
    from typing import Any

_MOST_SIZES = 8
"""Sizes of the terminal whose looks are kept."""


@dataclass(frozen=True, slots=True)
class Pane:
    """The lines of a pane: its upper left cell, its size without border and scrollbar, and the column of that, -1
    where there is none. `styles` are by name, as the numbers of an SGR sequence; that of the name "" fills."""

    x: int
    y: int
    width: int
    height: int
    bar: int
    styles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a first screen.

    `where` is what it was made in (see `surroundings`): it is not true elsewhere. `panes` has "papers" and "status",
    and "sidebar" and "detail" where they are seen; `rest` is what stands around them, as (column, line, text, SGR).
    `encoding` is that of the screen, `tall`: a paper has two lines. `keys` are those that the status line names,
    with their commands, `failures` the one that tells of failing sources. `saved` are the user's views as (key,
    title, query), `sources` what is followed, as the fields of a `Source`, and `watched` names of authors.
    """

    where: Mapping[str, Any]
    panes: Mapping[str, Pane]
    rest: tuple[tuple[int, int, str, str], ...]
    encoding: str
    tall: bool
    keys: tuple[tuple[str, str], ...]
    failures: str
    saved: tuple[tuple[str, str, str], ...]
    sources: tuple[Mapping[str, Any], ...]
    watched: tuple[str, ...]


def load(folder: Path, size: tuple[int, int]) -> Look | None:
    """The look that is kept in a folder for a terminal of this size; None where there is none, or it is of no use."""
    try:
        table = json.loads(_file(folder, size).read_text("utf-8"))
        panes = {name: Pane(**fields) for name, fields in table.pop("panes").items()}
        look = Look(panes=panes, **table)
        numbers = "".join([style for pane in panes.values() for style in pane.styles.values()])
        numbers += "".join([style for _, _, _, style in look.rest])
        texts = "".join([text for _, _, text, _ in look.rest])
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return None
    return look if not numbers.strip("0123456789;") and texts.isprintable() else None


def keep(folder: Path, size: tuple[int, int], look: Look) -> None:
    """Keeps a look, whole or not at all. Raises OSError."""
    import tempfile
    from dataclasses import asdict

    data = json.dumps(asdict(look), separators=(",", ":")).encode("ascii")
    descriptor, draft = tempfile.mkstemp(prefix=".look-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(draft).replace(_file(folder, size))
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    known = sorted(folder.glob("look-*.json"), key=lambda path: path.stat().st_mtime)
    for path in known[:-_MOST_SIZES]:
        path.unlink(missing_ok=True)


def forget(folder: Path, size: tuple[int, int]) -> None:
    """Keeps a look no longer. Raises OSError."""
    _file(folder, size).unlink(missing_ok=True)


def _file(folder: Path, size: tuple[int, int]) -> Path:
    return folder / f"look-{size[0]}x{size[1]}.json"
