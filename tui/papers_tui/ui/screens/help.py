"""Every key, by what it is for; typing narrows it down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from papers_tui.ui.commands import Command, shown_key
from papers_tui.ui.drawing import Part, fit, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.dialog import Dialog

_SIGNS = (
    "{unread} unread  {star} starred  {note} has a note  {tag} has tags  {later} later  {dismissed} dismissed"
)

_KEYS_WIDTH = 19
_ID_WIDTH = 17
_WITH_IDS = 96
"""Cells of a line from which on it has the command's id, too, which `[keys]` in config.toml wants."""
_LEAST_ROOM = 24
"""Cells that the words beside the keys want; where there are fewer they stand below."""


class HelpLines(LinePane):
    """The commands that match what was typed, under the headings of their groups."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"help--heading", "help--key", "help--text", "help--id"}
    DEFAULT_CSS = """
    HelpLines { background: $surface; }
    HelpLines > .help--heading { color: $text-accent; background: $surface; text-style: bold; }
    HelpLines > .help--key { color: $foreground; background: $surface; text-style: bold; }
    HelpLines > .help--text { color: $foreground; background: $surface; }
    HelpLines > .help--id { color: $text-muted; background: $surface; }
    """

    def __init__(self, commands: Sequence[Command]) -> None:
        super().__init__()
        self._commands = commands
        self._lines: list[list[Part]] = []
        self._typed = ""

    def narrow(self, text: str) -> None:
        """Shows the commands that every word of `text` occurs in."""
        self._typed = text
        words = text.casefold().split()
        ids = self.text_width >= _WITH_IDS
        room = self.text_width - _KEYS_WIDTH - (_ID_WIDTH if ids else 0)
        self._lines = []
        group = ""
        for command in self._commands:
            keys = " ".join(map(shown_key, command.keys))
            searched = f"{keys} {command.id} {command.title} {command.help} {command.group}".casefold()
            if not all(word in searched for word in words):
                continue
            if command.group != group:
                group = command.group
                self._lines += [[("", "help--text")]] if self._lines else []
                self._lines.append([(" " + group, "help--heading")])
            if room < _LEAST_ROOM:
                self._lines.append([(f"   {keys}", "help--key"), ("", "help--text")])
                self._lines += [
                    [(f"     {line}", "help--text")] for line in wrap(command.help, self.text_width - 5)
                ]
                continue
            for number, line in enumerate(wrap(command.help, room)):
                start = fit("" if number else f"   {keys}", _KEYS_WIDTH)
                name = "" if number or not ids else command.id
                self._lines.append(
                    [(start, "help--key"), (fit(line, room), "help--text"), (name, "help--id")]
                )
        if not self._lines:
            self._lines = [[(" no key does that", "help--text")]]
        self.resize_lines()
        self.scroll_to_line(0)
        self.refresh()

    def on_resize(self) -> None:
        self.narrow(self._typed)

    def line_count(self) -> int:
        return len(self._lines)

    def line_parts(self, line: int) -> list[Part]:
        return self._lines[line]


class Help(Dialog[None]):
    """The keys. Esc and `?` close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,ctrl+c", "close", "Close", priority=True),
        Binding("down", "scroll(1)", "Down", priority=True),
        Binding("up", "scroll(-1)", "Up", priority=True),
        Binding("pagedown,ctrl+d,ctrl+f", "scroll(10)", "Page down", priority=True),
        Binding("pageup,ctrl+u,ctrl+b", "scroll(-10)", "Page up", priority=True),
    ]
    DEFAULT_CSS = """
    Help { align: center middle; background: $background 60%; }
    Help Vertical { width: 100; max-width: 100%; height: 90%; background: $surface; border: round $primary; }
    Help Input, Help Input:focus {
        border: none; height: 1; padding: 0 1; background: $panel;
        color: $text; background-tint: transparent;
    }
    Help Static { height: 1; color: $text; padding: 0 1; }
    """

    def __init__(self, commands: Sequence[Command], glyphs: Glyphs, *, first: Sequence[str] = ()) -> None:
        """`first` are the groups to begin with, the ones that are about the pane one was in."""
        super().__init__()
        self._commands = sorted(commands, key=lambda command: _place(command.group, first))
        self._glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input(placeholder="type to find a key · ↑ ↓ scroll · Esc closes")
            yield HelpLines(self._commands)
            yield Static(_SIGNS.format(**asdict(self._glyphs)), markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.query_one(HelpLines).narrow("")

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value == "?":  # an input line takes the key before any binding
            self.dismiss()
        else:
            self.query_one(HelpLines).narrow(event.value)

    def action_scroll(self, lines: int) -> None:
        pane = self.query_one(HelpLines)
        pane.scroll_to_line(max(0, min(pane.line_count() - pane.page, pane.first_line + lines)))
        pane.refresh()


def _place(group: str, first: Sequence[str]) -> int:
    return first.index(group) if group in first else len(first)
