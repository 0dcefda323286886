"""Choosing one of several things by its letter."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase, digits
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click, Key
from textual.widgets import Static

from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part, fit
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.dialog import Dialog

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
_SIGNS = LETTERS + digits + ascii_uppercase
_KINDS = 17
_NAMES = 40
"""Cells that names want before what choices are is given more than it needs."""
_NO_LETTER = "  "
"""What stands for those of many choices for which there is no letter left: the mouse picks them."""


def keys_for(many: int) -> tuple[str, ...]:
    """Keys for so many choices, all of which are to be offered."""
    return (*_SIGNS[:many], *[_NO_LETTER] * (many - len(_SIGNS)))


class Choices(LinePane):
    """A line for each choice: its letter, what it is, and its name."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--letter", "choices--kind", "choices--name"}
    DEFAULT_CSS = """
    Choices, Choices > .choices--letter, Choices > .choices--kind, Choices > .choices--name { background: $panel; }
    Choices > .choices--letter { color: $text-accent; text-style: bold; }
    Choices > .choices--kind { color: $text-muted; }
    Choices > .choices--name { color: $foreground; }
    """

    def __init__(self, choices: Sequence[tuple[str, str]], keys: Sequence[str], most_lines: int) -> None:
        super().__init__()
        self.choices = choices
        self._keys = keys
        self._width = max(map(cell_len, keys), default=0)
        self.styles.height = max(1, min(len(choices), most_lines))

    def line_count(self) -> int:
        return len(self.choices)

    def line_parts(self, line: int) -> list[Part]:
        kind, name = self.choices[line]
        room = self.text_width - self._width - 4
        kinds = self._kinds_width(room)
        return [
            (f" {fit(self._keys[line], self._width)}  ", "choices--letter"),
            (fit(kind, kinds), "choices--kind"),
            (fit(name, room - kinds), "choices--name"),
        ]

    def _kinds_width(self, room: int) -> int:
        """The cells for what choices are: where there is little room, no more than they need, nor half of it."""
        needed = 2 + max((cell_len(kind) for kind, _ in self.choices), default=0)
        return min(_KINDS, max(room - _NAMES, min(needed, room // 2)))


class Picker(Dialog[int | None]):
    """Gives the place of the chosen thing, or None after Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "Cancel"),
        Binding("down,pagedown", "scroll(1)", "Down"),
        Binding("up,pageup", "scroll(-1)", "Up"),
    ]
    DEFAULT_CSS = """
    Picker Vertical { height: auto; max-height: 100%; background: $panel; padding: 0 1; }
    Picker Static { height: auto; width: 1fr; color: $text; text-style: bold; }
    """

    def __init__(
        self, question: str, choices: Sequence[tuple[str, str]], *, keys: Sequence[str] = LETTERS
    ) -> None:
        """`choices` are (kind, name) pairs; one for which there is no key left is not offered.

        A key that is more than a character is shown, for those who want to learn it, and not listened to.
        """
        super().__init__()
        self._question = question
        self._keys = keys
        self._choices = choices[: len(keys)]

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(f"{self._question} · a key or a click picks · Esc cancels", markup=False)
            yield Choices(self._choices, self._keys, self.app.size.height - 4)

    def renew(self, choices: Sequence[tuple[str, str]]) -> None:
        """Shows other words for the same choices, as soon as they are known."""
        self._choices = choices[: len(self._keys)]
        for lines in self.query(Choices):
            lines.choices = self._choices
            lines.refresh()

    def on_key(self, event: Key) -> None:
        keys = list(self._keys[: len(self._choices)])
        if event.character in keys:
            event.stop()
            self.dismiss(keys.index(event.character))

    def on_click(self, event: Click) -> None:
        lines = self.query_one(Choices)
        place = event.get_content_offset(lines)
        if place is not None and place.y + lines.first_line < len(self._choices):
            self.dismiss(place.y + lines.first_line)

    def action_scroll(self, direction: int) -> None:
        lines = self.query_one(Choices)
        last = max(0, lines.line_count() - lines.page)
        lines.scroll_to_line(max(0, min(last, lines.first_line + direction * lines.page // 2)))
        lines.refresh()
