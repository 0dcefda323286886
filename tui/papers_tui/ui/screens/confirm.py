"""A question that is answered with yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Click
from textual.widgets import Static

from papers_tui.ui.screens.dialog import Dialog


class Confirm(Dialog[bool]):
    """Whether the user wants it: `y`, Enter or a click on yes says so; `n`, Esc or a click elsewhere doesn't.

    Nobody can say yes to one that is `pending`: what it is about is still being found out.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer", "Yes"),
        Binding("n,q,escape,ctrl+c", "close", "No"),
    ]
    DEFAULT_CSS = """
    Confirm Vertical, Confirm Horizontal { height: auto; background: $warning; }
    Confirm Static { height: auto; background: $warning; color: $text; text-style: bold; padding-left: 1; }
    Confirm Horizontal Static { width: auto; }
    """

    def __init__(self, question: str, *, pending: bool = False) -> None:
        super().__init__()
        self._question = question
        self._pending = pending

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(self._question, markup=False)
            with Horizontal():
                yield Static("Enter: yes", id="yes")
                yield Static("Esc: no", id="no")

    def on_click(self, event: Click) -> None:
        answer = self.under(event).id
        if answer == "yes":
            self.action_answer()
        elif answer == "no":
            self.action_close()

    def action_answer(self) -> None:
        if not self._pending:
            self.dismiss(True)

    def action_close(self) -> None:
        self.dismiss(False)
