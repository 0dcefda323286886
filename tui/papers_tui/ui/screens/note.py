"""Writing the note on a paper."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from papers_tui.ui.screens.dialog import Dialog


class NoteEditor(Dialog[str]):
    """Gives the note as it stands when it is closed: there is no way out of it that loses what was written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+s,ctrl+c", "close", "Save and close", priority=True)
    ]
    DEFAULT_CSS = """
    NoteEditor Vertical { height: 50%; min-height: 8; background: $panel; padding: 0 1; }
    NoteEditor Static { height: auto; max-height: 2; width: 1fr; color: $text; }
    NoteEditor #title { color: $text; text-style: bold; }
    NoteEditor TextArea, NoteEditor TextArea:focus {
        border: none; height: 1fr; padding: 0; color: $text; background-tint: transparent;
    }
    """

    def __init__(self, title: str, note: str) -> None:
        super().__init__()
        self._title = title
        self._note = note

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(f"Note · {self._title}", markup=False, id="title")
            yield TextArea(self._note, soft_wrap=True, tab_behavior="indent")
            yield Static("Markdown · Esc saves and closes · u takes it back", markup=False)

    def on_mount(self) -> None:
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()

    @property
    def text(self) -> str:
        """The note as it stands."""
        return self.query_one(TextArea).text

    def action_close(self) -> None:
        self.dismiss(self.text)
