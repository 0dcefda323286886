"""A question with a line for the answer, at the foot of the screen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from papers_tui.ui.screens.dialog import Dialog


class Prompt(Dialog[str | None]):
    """Gives what was typed, or None after Esc.

    `known` are words that the answer may be made of, separated by commas: those that go on what is being
    typed are shown, and Tab takes the first. With `paths`, Tab completes the path. With `switch`, Tab gives
    `Prompt.SWITCH` and what was typed.
    """

    SWITCH: ClassVar[str] = "\t"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "Cancel"),
        Binding("tab", "tab", "Complete", priority=True),
    ]
    DEFAULT_CSS = """
    Prompt Vertical { height: auto; background: $panel; padding: 0 1; }
    Prompt Static { height: auto; width: 1fr; color: $text; }
    Prompt #question { color: $text; text-style: bold; }
    Prompt Input, Prompt Input:focus {
        border: none; height: 1; padding: 0; background: $surface;
        color: $text; background-tint: transparent;
    }
    """

    def __init__(
        self,
        question: str,
        value: str = "",
        *,
        hint: str = "",
        known: Sequence[str] = (),
        paths: bool = False,
        switch: bool = False,
    ) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint
        self._known = known
        self._paths = paths
        self._switch = switch

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False, id="question")
            yield Input(self._value, select_on_focus=False)
            yield Static(self._hint, markup=False, id="hint")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._suggest(self._value)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._suggest(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value)

    def action_tab(self) -> None:
        line = self.query_one(Input)
        if self._switch:
            self.dismiss(self.SWITCH + line.value)
            return
        if self._paths:
            line.value = completed_path(line.value)
            line.cursor_position = len(line.value)
            return
        matches = self._matches(line.value)
        if matches:
            before, comma, _ = line.value.rpartition(",")
            line.value = f"{before}{comma}{' ' if comma else ''}{matches[0]}, "
            line.cursor_position = len(line.value)

    def _matches(self, value: str) -> list[str]:
        *done, typed = [part.strip().casefold() for part in value.split(",")]
        return [
            name for name in self._known if name.casefold().startswith(typed) and name.casefold() not in done
        ]

    def _suggest(self, value: str) -> None:
        if self._known:
            matches = self._matches(value)
            words = f"Tab: {'  '.join(matches[:12])}" if matches else "a new tag"
            self.query_one("#hint", Static).update(f"{words}   ·   {self._hint}")


def completed_path(text: str) -> str:
    """The path as far as what is there leaves no choice; as it is where nothing begins so."""
    path = Path(text).expanduser()
    folder, start = (path, "") if text.endswith("/") else (path.parent, path.name)
    try:
        names = [f"{found.name}/" if found.is_dir() else found.name for found in folder.iterdir()]
    except OSError:
        return text
    matches = [name for name in names if name.startswith(start) and (start or not name.startswith("."))]
    shared = os.path.commonprefix(matches)  # noqa: RUF071 a name is completed by characters
    return text[: len(text) - len(start)] + (shared or start)
