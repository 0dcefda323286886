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

from papers_tui.domain.fitting import fitting
from papers_tui.domain.text import fold_name
from papers_tui.late import dataclass
from papers_tui.ui.screens.dialog import Dialog
from papers_tui.ui.typing import Complete, Completer, Former


class Prompt(Dialog[str | None]):
    """Gives what was typed, or None after Esc.

    `known` are words that the answer may be made of, separated by commas: those that go on what is being
    typed (see `fitting`, loosely) are shown, the most used first if they come so; Tab takes the first, and Tab again
    the next in its place. With `paths`, Tab completes the path; with `complete`, what that offers. With `switch`, Tab
    gives `Prompt.SWITCH` and what was typed. The arrows bring back the `former` answers, the latest of which is last.
    """

    SWITCH: ClassVar[str] = "\t"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "close", "Cancel"),
        Binding("tab", "tab", "Complete", priority=True),
        Binding("up", "recall(-1)", "Former", priority=True),
        Binding("down", "recall(1)", "Later", priority=True),
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
        complete: Complete | None = None,
        former: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._question = question
        self._value = value
        self._hint = hint
        self._known = known
        self._paths = paths
        self._switch = switch
        self._taken: _Taken | None = None
        self._completer = Completer(complete) if complete else None
        self._former = Former(former)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False, id="question")
            yield Input(self._value, select_on_focus=False)
            yield Static(self._hint, markup=False, id="hint")

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._suggest(self._value)

    def on_input_changed(self, event: Input.Changed) -> None:
        value = event.input.value  # what the event tells of may be a key or two ago
        if self._taken and value != self._taken.value:
            self._taken = None
        self._suggest(value)

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
        if self._completer:
            put = self._completer.next(line.value, line.cursor_position)
            self.query_one("#hint", Static).update(
                self._hint if put else f"nothing completes this   ·   {self._hint}"
            )
            if put:
                line.value, line.cursor_position = put
            return
        if self._taken:
            self._taken = self._taken.next()
        elif matches := self._matches(line.value):
            before, comma, _ = line.value.rpartition(",")
            self._taken = _Taken(f"{before}{comma}{' ' if comma else ''}", tuple(matches))
        else:
            return
        line.value = self._taken.value
        line.cursor_position = len(line.value)

    def action_recall(self, step: int) -> None:
        line = self.query_one(Input)
        line.value = self._former.step(step, line.value)
        line.cursor_position = len(line.value)

    def _matches(self, value: str) -> list[str]:
        *done, typed = [fold_name(part) for part in value.split(",")]
        return [
            name
            for name in fitting(self._known, typed.lstrip("# "), loosely=True)
            if fold_name(name) not in done
        ]

    def _suggest(self, value: str) -> None:
        if self._known:
            matches = self._taken.others if self._taken else self._matches(value)
            none = "that is the only one" if self._taken else "a new tag"
            words = f"Tab: {'  '.join(matches[:12])}" if matches else none
            self.query_one("#hint", Static).update(f"{words}   ·   {self._hint}")


@dataclass(frozen=True, slots=True)
class _Taken:
    """The first of some names, put in behind what stood `before`; the others may take its place."""

    before: str
    names: tuple[str, ...]

    @property
    def value(self) -> str:
        return f"{self.before}{self.names[0]}, "

    @property
    def others(self) -> list[str]:
        return list(self.names[1:])

    def next(self) -> _Taken:
        return _Taken(self.before, (*self.names[1:], self.names[0]))


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
