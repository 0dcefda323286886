"""The status line: where one is, what the last act did, and what needs attention."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from papers_tui.domain.text import for_terminal
from papers_tui.ui.cells import cell_len
from papers_tui.ui.panes.foot import Foot, FootPart


class StatusLine(Widget):
    """One line: the place on the left, words about the last act, chips and keys on the right. A warning stays.

    Words that don't fit between the others take the whole width, and more lines over the panes if need be.
    """

    class PartClicked(Message):
        """The place was clicked, or one of the keys to remember: the id of its `command`."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "status--place",
        "status--said",
        "status--hint",
        "status--chip",
        "status--trouble",
        "status--warning",
    }
    DEFAULT_CSS = """
    StatusLine { height: 1; dock: bottom; layer: over; background: $panel; color: $foreground; }
    StatusLine > .status--place { background: $panel; color: $text-muted; }
    StatusLine > .status--said { background: $panel; color: $foreground; text-style: bold; }
    StatusLine > .status--hint { background: $panel; color: $text-muted; }
    StatusLine > .status--chip { background: $success; color: $text; text-style: bold; }
    StatusLine > .status--trouble { background: $panel; color: $text-warning; text-style: bold; }
    StatusLine > .status--warning { background: $error; color: $text; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__(id="status")
        self._place = ""
        self._said = ""
        self._whole = True
        self._chips: tuple[FootPart, ...] = ()
        self._keys: tuple[tuple[str, str], ...] = ()
        self._warning = ""
        self._lines: list[list[FootPart]] = []

    @property
    def keys_shown(self) -> tuple[tuple[str, str], ...]:
        """The keys to remember, with the ids of their commands."""
        return self._keys

    @property
    def said(self) -> str:
        return self._said

    def show(
        self,
        *,
        place: str | None = None,
        said: str | None = None,
        whole: bool = True,
        chips: tuple[FootPart, ...] | None = None,
        keys: tuple[tuple[str, str], ...] | None = None,
        warning: str | None = None,
    ) -> None:
        """Changes the parts that are given; a warning stands in place of what was said until it is emptied.

        Unless all of what is said matters (`whole`), it is cut rather than taking a second line.

        `chips` are what there is to see to, the weightiest first, in a style each: "chip" for what has come,
        "trouble" for what went wrong, "hint" for what goes on. `keys` are what is shown and the id of the command
        that a click on it does; they give way to chips.
        """
        self._place = self._place if place is None else place
        if said is not None:
            self._said, self._whole = said, whole
        self._chips = self._chips if chips is None else chips
        self._keys = self._keys if keys is None else keys
        self._warning = self._warning if warning is None else warning
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def render_line(self, y: int) -> Strip:
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        segments = [
            Segment(for_terminal(text), self.get_component_rich_style(f"status--{name}"))
            for text, name, _ in self._lines[y]
        ]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: Click) -> None:
        start = 0
        for text, _, command in self._lines[event.y] if event.y < len(self._lines) else ():
            if command and start <= event.x < start + cell_len(text):
                self.post_message(self.PartClicked(command))
            start += cell_len(text)

    def _fill(self) -> None:
        width = max(1, self.size.width)
        foot = Foot(self._place, self._said, self._whole, self._chips, self._keys, self._warning)
        self._lines = foot.lines(width)
        if self.styles.height is None or self.styles.height.value != len(self._lines):
            self.styles.height = len(self._lines)
        self.refresh()
