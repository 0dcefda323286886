"""The keys of a dialog, at its foot; a click does what the key does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.events import Click
from textual.message import Message

from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part
from papers_tui.ui.panes.lines import LinePane

Action = tuple[str, str, str]
"""A key as people write it, what it does, and the action of the dialog that it stands for."""


class Actions(LinePane):
    """The keys one after the other, over as many lines as it takes."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"actions--key", "actions--words"}
    DEFAULT_CSS = """
    Actions { height: 1; overflow-y: hidden; background: $panel; }
    Actions > .actions--key { color: $text-accent; background: $panel; text-style: bold; }
    Actions > .actions--words { color: $text-muted; background: $panel; }
    """

    class Chosen(Message):
        """A key was clicked: the `action` of the dialog that it stands for."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self) -> None:
        super().__init__()
        self._actions: tuple[Action, ...] = ()
        self._lines: list[list[Action]] = []

    def show(self, actions: Sequence[Action]) -> None:
        self._actions = tuple(actions)
        self._lay()

    def line_count(self) -> int:
        return len(self._lines)

    def line_parts(self, line: int) -> list[Part]:
        parts: list[Part] = []
        for key, words, _ in self._lines[line]:
            parts += [(key, "actions--key"), (f" {words}   ", "actions--words")]
        return parts

    def on_resize(self) -> None:
        self._lay()

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if place is None or place.y >= len(self._lines):
            return
        start = 0
        for action in self._lines[place.y]:
            if start <= place.x < start + _width(action):
                self.post_message(self.Chosen(action[2]))
            start += _width(action)

    def _lay(self) -> None:
        lines: list[list[Action]] = [[]]
        for action in self._actions:
            # The gap after the last one may be cut.
            if lines[-1] and sum(map(_width, (*lines[-1], action))) - 3 > self.text_width:
                lines.append([])
            lines[-1].append(action)
        self._lines = lines
        self.styles.height = len(lines)
        self.resize_lines()
        self.refresh()


def _width(action: Action) -> int:
    return cell_len(action[0]) + cell_len(action[1]) + 4
