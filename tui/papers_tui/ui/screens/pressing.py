"""What keys stand for: commands, one key or two."""

from __future__ import annotations

from textual.binding import BindingsMap
from textual.dom import DOMNode

from papers_tui.ui.commands import Keymap, shown_key
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.listing import ListingScreen


class PressingScreen(ListingScreen):
    """Runs commands: the method `_do_NAME` does what the one of this id does."""

    def __init__(self, keys: Keymap) -> None:
        super().__init__()
        self.keys = keys
        self._prefix = ""
        for key in keys.every():
            self._bind(key)

    def _bind(self, key: str) -> None:
        """Lets a key mean something: before the next one is looked at, which may be the first letter of a filter."""
        self._bindings.bind(key, f"press_first('{key}')", show=False, priority=True)
        self._bindings.bind(key, f"press('{key}')", show=False)

    @property
    def _binding_chain(self) -> list[tuple[DOMNode, BindingsMap]]:
        if not isinstance(self.focused, LinePane):
            return super()._binding_chain
        # Textual would ask all that lies above for each of hundreds of keys whether it is a letter that it takes.
        return [(node, node._bindings) for node in self.focused.ancestors_with_self]

    def action_press_first(self, key: str) -> None:
        """Does what a key stands for. Raises SkipAction where it is to go to the pane that has the focus."""
        raise NotImplementedError

    def action_press(self, key: str) -> None:
        """Does what a key stands for; after the first of two keys, what both stand for."""
        first, self._prefix = self._prefix, ""
        if first:
            command = self.keys.chords[first].get(key)
        elif key in self.keys.chords:
            self._prefix = key
            self.say(f"{shown_key(key)} …  {'   '.join(map(' '.join, self.meant_by(key)))}")
            return
        else:
            command = self.keys.single.get(key)
        if command:
            self.run_command(command)
        elif first:
            self.open_by_key(first, key)

    def meant_by(self, first: str) -> list[tuple[str, str]]:
        """What the keys behind the first of two mean, each beside what it stands for."""
        titles = {command.id: command.title for command in self.keys.commands}
        return [(shown_key(second), titles[id_]) for second, id_ in self.keys.chords[first].items()]

    def open_by_key(self, first: str, key: str) -> None:
        """What a key means behind the first of two, where no command has it."""
        if key != "escape":
            self.say(f"{shown_key(first)} {shown_key(key)} means nothing")

    def run_command(self, command: str) -> None:
        """Does what the command of this id does."""
        self._wish = None
        with self.telling():
            getattr(self, f"_do_{command}")()
