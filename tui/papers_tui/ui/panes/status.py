"""The status line: where one is, what the last act did, and what needs attention."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from papers_tui.domain.text import for_terminal
from papers_tui.ui.drawing import fit


class StatusLine(Widget):
    """One line: the place on the left, words about the last act, a hint on the right. A warning stays."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status--place",
        "status--said",
        "status--hint",
        "status--warning",
    }
    DEFAULT_CSS = """
    StatusLine { height: 1; dock: bottom; background: $panel; color: $foreground; }
    StatusLine > .status--place { background: $panel; color: $text-muted; }
    StatusLine > .status--said { background: $panel; color: $foreground; text-style: bold; }
    StatusLine > .status--hint { background: $panel; color: $text-muted; }
    StatusLine > .status--warning { background: $error; color: $text; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(id="status")
        self._place = ""
        self._said = ""
        self._hint = ""
        self._warning = ""

    @property
    def said(self) -> str:
        return self._said

    def show(
        self,
        *,
        place: str | None = None,
        said: str | None = None,
        hint: str | None = None,
        warning: str | None = None,
    ) -> None:
        """Changes the parts that are given; a warning stands in place of what was said until it is emptied."""
        self._place = self._place if place is None else place
        self._said = self._said if said is None else said
        self._hint = self._hint if hint is None else hint
        self._warning = self._warning if warning is None else warning
        self.refresh()

    def render_line(self, _: int) -> Strip:
        width = self.size.width
        place = f" {self._place} "
        hint = f" {self._hint} " if width >= 60 else ""
        middle = max(0, width - cell_len(place) - cell_len(hint))
        words, style = (self._warning, "warning") if self._warning else (self._said, "said")
        parts = ((place, "place"), (fit(" " + words, middle), style), (hint, "hint"))
        segments = [
            Segment(for_terminal(text), self.get_component_rich_style(f"status--{name}"))
            for text, name in parts
        ]
        return Strip(segments).adjust_cell_length(width)
