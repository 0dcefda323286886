"""The first frame: held back until it is whole, held against what was painted before, and its look kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.widget import Widget

from papers_tui.domain.query import format as format_query
from papers_tui.domain.query import parse
from papers_tui.late import dataclass
from papers_tui.library.reader import Reader
from papers_tui.paths import Paths
from papers_tui.prepaint import look as looks
from papers_tui.prepaint.frame import Frame
from papers_tui.prepaint.look import Look, Pane
from papers_tui.prepaint.pieces import Piece, Run, joined, lines_of, overlaid
from papers_tui.prepaint.surroundings import surroundings
from papers_tui.session import Session
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.main import MainScreen
from papers_tui.ui.views import View

Drawn = list[list[Segment]]
"""What a frame draws, line by line."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame of the main screen: what it drew, and where its panes stood and the columns of their scrollbars."""

    drawn: Drawn
    places: Mapping[str, tuple[Region, int]]

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        return sum(cell.cell_length for cell in self.drawn[0]), len(self.drawn)


def shot_of(screen: MainScreen, drawn: Drawn) -> Shot:
    """The frame that has just been drawn."""
    places = {
        pane.id or "": (pane.scrollable_content_region, pane.vertical_scrollbar.region.x)
        for pane in screen.query(LinePane)
        if pane.display
    }
    return Shot(drawn, places | {"status": (screen.query_one("#status").region, -1)})


def runs_of(drawn: Drawn, app: App[Any]) -> list[list[Run]]:
    """The same as runs of text and the numbers of its SGR sequence."""
    colors = _colors(app)
    return [joined((cell.text, _numbers(cell.style, colors)) for cell in line if cell.text) for line in drawn]


def look_of(screen: MainScreen, shot: Shot, *, paths: Paths, former: Session, encoding: str) -> Look | None:
    """What a first frame looks like; None where it can't be told.

    `former` is the session that it began with, `encoding` that of the screen.
    """
    colors = _colors(screen.app)
    panes = {
        name: Pane(*region, bar=bar, styles=_styles(screen.query_one(f"#{name}"), colors))
        for name, (region, bar) in shot.places.items()
    }
    saved = [(view.key, view.title, format_query(view.query)) for view in screen.saved_views]
    if any(not _is_told(view, query) for view, (_, _, query) in zip(screen.saved_views, saved, strict=True)):
        return None
    return Look(
        where=surroundings(paths, os.environ, shot.size, former),
        panes=panes,
        rest=tuple(_rest(shot.drawn, panes.values(), colors)),
        encoding=encoding,
        tall=screen.papers.tall,
        keys=screen.foot_keys,
        failures=screen.keys.shown("failures"),
        saved=tuple(saved),
        sources=tuple(asdict(source) for source in screen.following.sources),
        watched=screen.watched_names,
    )


def painted_by(look: Look, reader: Reader, former: Session, now: datetime) -> list[list[Run]]:
    """What would be painted now. Raises as `Frame` does."""
    frame = Frame(look, reader, former, now.astimezone().date())
    return lines_of(overlaid(frame.begin(), frame.detail()))


def keep(paths: Paths, size: tuple[int, int], look: Look | None) -> str:
    """Keeps a look for the next start, or, where there is none, no longer one; what prevents that, or ""."""
    try:
        if look:
            looks.keep(paths.log, size, look)
        else:
            looks.forget(paths.log, size)
    except OSError as error:
        return f"the look of the first screen can't be kept: {error.strerror or error}"
    return ""


def _is_told(view: View, query: str) -> bool:
    """Whether a view's query can be read again from its text."""
    try:
        return parse(query) == view.query
    except ValueError:
        return False


def _styles(pane: Widget, colors: ColorSystem) -> dict[str, str]:
    """The looks of the parts of a pane, and of what is between them, by name."""
    parts = {name: pane.get_component_rich_style(name) for name in pane._get_component_classes()}
    looks = {name: _filtered(pane, style) for name, style in ({"": pane.rich_style} | parts).items()}
    if isinstance(pane, LinePane):
        bar = pane.vertical_scrollbar
        looks |= {name: _filtered(bar, style) for name, style in bar.looks().items()}
    return {name: _numbers(style, colors) for name, style in looks.items()}


def _filtered(widget: Widget, style: Style) -> Style | None:
    """A style as it is drawn."""
    segments = [Segment("x", style)]
    for look in widget.app.get_line_filters():
        segments = look.apply(segments, widget.background_colors[1])
    return segments[0].style


def _rest(drawn: Drawn, panes: Iterable[Pane], colors: ColorSystem) -> Iterable[Piece]:
    """What stands outside of the panes and their scrollbars."""
    taken = [(pane.x, pane.y, pane.width, pane.height) for pane in panes]
    taken += [(pane.bar, pane.y, 1, pane.height) for pane in panes if pane.bar >= 0]
    for y, line in enumerate(drawn):
        x = 0
        for cell in line:
            if not any(
                left <= x < left + width and top <= y < top + height for left, top, width, height in taken
            ):
                yield x, y, cell.text, _numbers(cell.style, colors)
            x += cell.cell_length


def _colors(app: App[Any]) -> ColorSystem:
    """As many as Textual draws with."""
    return app.console._color_system or ColorSystem.TRUECOLOR


def _numbers(style: Style | None, colors: ColorSystem) -> str:
    return style._make_ansi_codes(colors) if style else ""
