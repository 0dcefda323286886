"""The line at the foot of the screen in which a filter is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.events import Key
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from papers_tui.ui.cells import cell_len
from papers_tui.ui.typing import Former

_MOST_BESIDE = 0.5
"""The part of the width that words may take beside what is typed."""
_BESIDE_STEP = 12
"""Cells by which the room for these words grows: to lay out the screen anew takes longer than to draw a list."""


class FilterLine(Widget):
    """What is filtered, the words, and what came of them. Enter keeps the filter, Esc takes it back."""

    class Typed(Message):
        """Other words stand there now."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Widened(Message):
        """The filter is to look at everything, or at the view again."""

    class Kept(Message):
        """The list is to stay as it is filtered."""

    class Dropped(Message):
        """The list is to be as it was before."""

    class CompletionWanted(Message):
        """The word at the cursor is to be completed."""

    class Moved(Message):
        """The cursor of the list is to go down by so many papers, or up."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    DEFAULT_CSS = """
    FilterLine { dock: bottom; layer: over; height: auto; background: $panel; }
    FilterLine Horizontal { height: 1; }
    FilterLine Static { height: 1; background: $panel; }
    FilterLine #complaint {
        display: none; height: auto; max-height: 6; width: 1fr; color: $text-warning; padding: 0 1;
    }
    FilterLine #scope { width: auto; color: $text-accent; text-style: bold; padding: 0 1; }
    FilterLine #found { max-width: 50%; color: $text-muted; padding: 0 1; text-align: right; }
    FilterLine Input, FilterLine Input:focus {
        width: 1fr; border: none; height: 1; padding: 0; background: $panel; color: $text; background-tint: transparent;
    }
    """

    def __init__(self) -> None:
        super().__init__(id="filter")
        self._input = FilterInput(select_on_focus=False)
        self._found = Static("", markup=False, id="found")
        self._scope = Static("", markup=False, id="scope")
        self._complaint = Static("", markup=False, id="complaint")
        self._former = Former()
        self._room = 0
        self.display = False

    def compose(self) -> ComposeResult:
        yield self._complaint
        with Horizontal():
            yield self._scope
            yield self._input
            yield self._found

    def begin(self, scope: str, history: Sequence[str]) -> None:
        """Comes up, empty, for the papers of a scope."""
        self._former = Former(history)
        with self.prevent(Input.Changed):
            self._input.value = ""
        self._room = 0
        self.tell("")
        self.show_scope(scope)
        self.display = True
        self.screen.set_focus(self._input)  # at once: the next key is the first letter

    def end(self) -> None:
        self.display = False

    def tell(self, words: str) -> None:
        """Says what came of the words: beside them, or, what takes more room, above them, over the panes."""
        room = cell_len(words) + 2
        beside = room <= self.app.size.width * _MOST_BESIDE
        self._found.update(words if beside else "", layout=False)
        if beside and room > self._room:
            self._room = -(-room // _BESIDE_STEP) * _BESIDE_STEP
            self._found.styles.width = self._room
        if not beside or self._complaint.display:
            self._complaint.update("" if beside else words)
            self._complaint.display = not beside

    def show_scope(self, scope: str) -> None:
        self._scope.update(f"{scope} /")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Kept())

    @property
    def typed(self) -> tuple[str, int]:
        """What stands there, and where the cursor is in it."""
        return self._input.value, self._input.cursor_position

    def put(self, text: str, cursor: int) -> None:
        """Puts a text there."""
        self._input.value = text
        self._input.cursor_position = cursor

    def recall(self, step: int) -> None:
        """Puts a former filter there, or the words that were being typed."""
        text = self._former.step(step, self._input.value)
        self.put(text, len(text))


class FilterInput(Input):
    """The words, and the keys that are about the filter as a whole."""

    virtual_size = Reactive(Size(0, 0))  # Textual's own has the screen laid out anew for each letter

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "drop", "Cancel", priority=True),
        Binding("up", "recall(-1)", "Former", priority=True),
        Binding("down", "recall(1)", "Later", priority=True),
        Binding("tab", "complete", "Complete", priority=True),
        Binding("pagedown,ctrl+n", "move(1)", "Next paper", priority=True),
        Binding("pageup,ctrl+p", "move(-1)", "Paper before", priority=True),
    ]

    @property
    def _line(self) -> FilterLine:
        return next(node for node in self.ancestors if isinstance(node, FilterLine))

    def action_drop(self) -> None:
        self.post_message(FilterLine.Dropped())

    def action_recall(self, step: int) -> None:
        self._line.recall(step)

    def action_complete(self) -> None:
        self.post_message(FilterLine.CompletionWanted())

    def action_move(self, step: int) -> None:
        self.post_message(FilterLine.Moved(step))

    def on_key(self, event: Key) -> None:
        if event.key == "slash" and not self.value:
            event.prevent_default()
            event.stop()
            self.post_message(FilterLine.Widened())
