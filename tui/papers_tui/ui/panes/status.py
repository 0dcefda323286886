"""The status line: where one is, what the last act did, and what needs attention."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from papers_tui.domain.text import for_terminal
from papers_tui.ui.drawing import fit


class StatusLine(Widget):
    """One line: the place on the left, words about the last act, keys to remember on the right. A warning stays."""

    class PartClicked(Message):
        """The place was clicked, or one of the keys to remember: the id of its `command`."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

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
        self._keys: tuple[tuple[str, str], ...] = ()
        self._warning = ""

    @property
    def said(self) -> str:
        return self._said

    def show(
        self,
        *,
        place: str | None = None,
        said: str | None = None,
        keys: tuple[tuple[str, str], ...] | None = None,
        warning: str | None = None,
    ) -> None:
        """Changes the parts that are given; a warning stands in place of what was said until it is emptied.

        `keys` are what is shown and the id of the command that a click on it does.
        """
        self._place = self._place if place is None else place
        self._said = self._said if said is None else said
        self._keys = self._keys if keys is None else keys
        self._warning = self._warning if warning is None else warning
        self.refresh()

    def render_line(self, _: int) -> Strip:
        width = self.size.width
        place = f" {self._place} "
        hint = self._hint
        middle = max(0, width - cell_len(place) - cell_len(hint))
        words, style = (self._warning, "warning") if self._warning else (self._said, "said")
        parts = ((place, "place"), (fit(fit(" " + words, middle - 1), middle), style), (hint, "hint"))
        segments = [
            Segment(for_terminal(text), self.get_component_rich_style(f"status--{name}"))
            for text, name in parts
        ]
        return Strip(segments).adjust_cell_length(width)

    @property
    def _hint(self) -> str:
        return f" {'  '.join(words for words, _ in self._keys)} " if self.size.width >= 60 else ""

    def on_click(self, event: Click) -> None:
        if event.x < cell_len(self._place) + 2:
            self.post_message(self.PartClicked("left"))
            return
        start = self.size.width - cell_len(self._hint) + 1
        for words, command in self._keys if self._hint else ():
            if start <= event.x < start + cell_len(words):
                self.post_message(self.PartClicked(command))
            start += cell_len(words) + 2
