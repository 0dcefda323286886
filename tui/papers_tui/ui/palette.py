"""The palette: every command by its name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from papers_tui.ui.commands import Command, shown_key
from papers_tui.ui.screens.reading import ReadingScreen


class PaperCommands(Provider):
    """Offers the table of commands, each with its keys."""

    async def discover(self) -> Hits:
        for command in self._offered():
            yield DiscoveryHit(_line(command), partial(self._run, command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._offered():
            line = _line(command)
            if (score := matcher.match(f"{line} {command.help}")) > 0:
                yield Hit(score, matcher.highlight(line), partial(self._run, command), help=command.help)

    def _offered(self) -> list[Command]:
        return [command for command in self._screen.keys.commands if command.id != "palette"]

    def _run(self, command: Command) -> None:
        self._screen.run_command(command.id)

    @property
    def _screen(self) -> ReadingScreen:
        screen = self.screen
        assert isinstance(screen, ReadingScreen), "the app opens the palette over the main screen only"
        return screen


def _line(command: Command) -> str:
    return f"{command.title}  ({', '.join(shown_key(key) for key in command.keys)})"
