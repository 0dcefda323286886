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
from papers_tui.ui.drawing import ELLIPSIS, fit, wrap

Part = tuple[str, str, str]
"""Text, the name of its style, and the id of the command that a click on it does, or nothing."""

_MOST_LINES = 4
_LEAST_WORDS = 16
"""Cells that words which may be cut want beside the place; where there are fewer they take its room."""


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
        self._chips: tuple[Part, ...] = ()
        self._keys: tuple[tuple[str, str], ...] = ()
        self._warning = ""
        self._lines: list[list[Part]] = []

    @property
    def said(self) -> str:
        return self._said

    def show(
        self,
        *,
        place: str | None = None,
        said: str | None = None,
        whole: bool = True,
        chips: tuple[Part, ...] | None = None,
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
        words, style = (self._warning, "warning") if self._warning else (self._said, "said")
        beside = width - cell_len(self._place) - 4
        if cell_len(words) > beside and not self._whole and not self._warning:
            words = fit(words, beside if beside >= _LEAST_WORDS else width - 2).rstrip()
        if not words or cell_len(words) <= beside:
            self._lines = [self._one_line(words, style, width)]
        else:
            lines = wrap(words, max(1, width - 2))
            if len(lines) > _MOST_LINES:
                lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: width - 3]}{ELLIPSIS}"]
            self._lines = [[(fit(f" {line}", width), style, "")] for line in lines]
        if self.styles.height is None or self.styles.height.value != len(self._lines):
            self.styles.height = len(self._lines)
        self.refresh()

    def _one_line(self, words: str, said: str, width: int) -> list[Part]:
        """The place, the words and as many of the chips and keys as there is room for."""
        place = f" {self._place} "
        if cell_len(place) > width:
            place = f" {self._place.partition(' · ')[0]} "
        room = width - cell_len(place) - (cell_len(words) + 2 if words else 0)
        hints = [*self._chips, *((text, "hint", command) for text, command in self._keys)]
        while hints and sum(cell_len(text) + 2 for text, _, _ in hints) > room:
            text, style, command = hints.pop()
            brief = text.partition(" · ")[0]
            if brief != text and sum(cell_len(part[0]) + 2 for part in hints) + cell_len(brief) + 2 <= room:
                hints.append((brief, style, command))
                break
        hint = [(f" {text} ", style, command) for text, style, command in hints]
        middle = max(0, width - cell_len(place) - sum(cell_len(text) for text, _, _ in hint))
        return [(place, "place", "left"), (fit(f" {words}", middle), said, ""), *hint]
