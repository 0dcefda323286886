"""A question that is answered with yes or no."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import Static


class Confirm(ModalScreen[bool]):
    """Whether the user wants it: `y` or Enter says so, anything like `n` or Esc doesn't."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "answer(True)", "Yes"),
        Binding("n,q,escape,ctrl+c", "answer(False)", "No"),
    ]
    DEFAULT_CSS = """
    Confirm { align: left bottom; background: $background 40%; }
    Confirm Static { height: auto; width: 1fr; background: $warning; color: $text; text-style: bold; padding: 0 1; }
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        yield Static(f"{self._question}  Enter or y: yes · Esc or n: no", markup=False)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
