"""Painting the first screen, where it is certain to be what the app shows first."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from papers_tui import session
from papers_tui.late import dataclass
from papers_tui.paths import Paths
from papers_tui.prepaint import look as looks
from papers_tui.prepaint.holding import Hold
from papers_tui.prepaint.surroundings import surroundings
from papers_tui.session import Session

_FRAME = ("\x1b[?2026h", "\x1b[?2026l")
"""Around what is to be shown at once (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036)."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A first screen of this size (columns, lines) that is on a terminal, line by line as runs of text and the
    numbers of its SGR sequence, and what holds that terminal."""

    size: tuple[int, int]
    lines: list[list[tuple[str, str]]]
    hold: Hold


def paint(paths: Paths, environ: Mapping[str, str]) -> Painted | None:
    """Paints it; None where it isn't known to be right, or anything goes wrong: the app then tells what."""
    size = _terminal()
    if size is None or "NO_COLOR" in environ or _for_textual(environ):
        return None
    look = looks.load(paths.log, size)
    if look is None:
        return None
    chosen = session.load(paths.session_file)
    if look.where != surroundings(paths, environ, size, chosen):
        return None
    return _painted(paths, look, chosen, size)


def _for_textual(environ: Mapping[str, str]) -> bool:
    """Whether Textual is asked to do something otherwise than it does by itself."""
    return any(name.startswith("TEXTUAL") and name != "TEXTUAL_FPS" for name in environ)


def _terminal() -> tuple[int, int] | None:
    """The columns and lines of the terminal; None where there is none that is ours alone."""
    if sys.__stdin__ is None or sys.__stderr__ is None:
        return None
    source, target = sys.__stdin__.fileno(), sys.__stderr__.fileno()
    try:
        if not os.isatty(source) or os.ttyname(source) != os.ttyname(target):
            return None
        size = os.get_terminal_size(target)
        return (size.columns, size.lines) if os.tcgetpgrp(source) == os.getpgrp() else None
    except OSError:
        return None


def _painted(paths: Paths, look: looks.Look, chosen: Session, size: tuple[int, int]) -> Painted | None:
    from papers_tui.library.reader import Reader
    from papers_tui.prepaint.frame import Frame
    from papers_tui.prepaint.pieces import lines_of, overlaid, sequence
    from papers_tui.store.looking import look_into

    assert sys.__stdin__ is not None
    assert sys.__stderr__ is not None
    store = look_into(paths.cache)
    if store is None:
        return None
    hold = Hold(sys.__stdin__.fileno(), sys.__stderr__.fileno(), sys.__stderr__.encoding)
    try:
        if not store.is_whole(journal=_journal(paths), imported=_imported(paths)):
            return None
        reader = Reader(store, lambda: datetime.now(UTC))
        frame = Frame(look, reader, chosen, datetime.now(UTC).astimezone().date())
        if frame.empty:
            return None
        begun = frame.begin()
        text = sequence(begun)
        hold.begin()
        hold.write(f"{_FRAME[0]}{text}{_FRAME[1]}")
        detail = frame.detail()
        hold.write(f"{_FRAME[0]}{sequence(detail)}{_FRAME[1]}")
    except Exception:  # noqa: BLE001 whatever it is, the app meets it again, and tells
        hold.give_back()
        return None
    finally:
        store.close()
    return Painted(size, lines_of(overlaid(begun, detail)), hold)


def _journal(paths: Paths) -> dict[str, int]:
    """The files of the journal, with their sizes."""
    with os.scandir(paths.journal) as found:
        return {entry.name: entry.stat().st_size for entry in found if entry.name.endswith(".jsonl")}


def _imported(paths: Paths) -> set[str]:
    """The kept copies of imported files."""
    with os.scandir(paths.imported) as found:
        return {entry.name for entry in found if entry.name.endswith(".gz")}
