"""The application: opens the library, shows the main screen, and leaves the terminal as it was."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.color import Color
from textual.filter import LineFilter
from textual.screen import Screen

from papers_tui import session
from papers_tui.config import Config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import for_terminal
from papers_tui.library import ImportedFile, Library
from papers_tui.paths import Paths
from papers_tui.prepaint.painting import Painted
from papers_tui.ui import garbage
from papers_tui.ui.cache import LARGE, Cache
from papers_tui.ui.commands import keymap
from papers_tui.ui.farewell import Farewell
from papers_tui.ui.glyphs import glyphs_for, plain, screen_encoding
from papers_tui.ui.legible import legible
from papers_tui.ui.palette import PaperCommands
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.refresh import COMMAND
from papers_tui.ui.screens.main import MainScreen
from papers_tui.ui.syncing import SyncingApp
from papers_tui.ui.terminal import TerminalDriver

_RETRY_SECONDS = 5
_EXAMINE_AFTER_SECONDS = 3
_LOOK_SECONDS = 60
"""How often it is seen to whether a source is due."""

_COLLECT_SECONDS, _REST_SECONDS = 2, 1
"""How often garbage may be looked for, and how long nobody has typed by then."""

_WAIT_MS = 200
"""How long a key may wait for another process that writes to the cache; what it did is shown all the same."""


class ForTerminal(LineFilter):
    """The last look at what is drawn: it can be read, and carries no control character, nor, where the terminal
    has no Unicode, anything else that it can't show."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = "" if encoding.startswith("utf") else encoding

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002
        cleaned = [
            Segment(for_terminal(text), legible(style) if style else style, control)
            for text, style, control in segments
        ]
        if not self._encoding:
            return cleaned
        return [Segment(plain(text, self._encoding), style, control) for text, style, control in cleaned]


class PapersApp(SyncingApp):
    """papers-tui in a terminal."""

    TITLE = "papers-tui"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS = App.COMMANDS | {PaperCommands}
    BINDINGS: ClassVar[list[BindingType]] = []
    # Textual's own margin leaves the palette no line for a command in a low window.
    CSS = "CommandPalette > Vertical { margin-top: 0; max-height: 100%; }"

    def __init__(
        self,
        paths: Paths,
        config: Config,
        problems: Sequence[str] = (),
        *,
        demo: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        refresher: Sequence[str] = COMMAND,
        painted: Painted | None = None,
    ) -> None:
        """Opens the library in `paths`, or the sample papers for a `demo`.

        `problems` are told to the user at the start; `now` is the clock; `refresher` is the command that asks the
        sources, `painted` the first screen where that is on the terminal already. Raises PapersError.
        """
        cache = Cache(paths)
        own = None if demo else cache.library(wait_ms=_WAIT_MS)
        keys = keymap(config.keys)
        problems = (*problems, *cache.problems, *keys.problems)
        super().__init__(own, config, keys, problems, refresher=refresher, painted=painted, now=now)
        self._cache = cache
        self.paths = cache.paths
        self.encoding = screen_encoding(sys.__stdout__.encoding if sys.__stdout__ else None, os.environ)
        self._for_terminal = ForTerminal(self.encoding)
        self.library = own or self._sample()
        if self.library.notice:
            self._problems.append(self.library.notice)
        self.former = session.load(self.paths.session_file)
        self._away_since = self.former.opened
        self._session = replace(self.former, opened=f"{now():%Y-%m-%dT%H:%M:%SZ}", before=self.former.opened)
        self._refused = 0
        self._told_to_end = 0
        self._farewell = Farewell(self._end, help_on=self._unstick, last=self._give_back)
        self.main = self._new_screen()

    def _sample(self) -> Library:
        self._sample_folder = tempfile.TemporaryDirectory(prefix="papers-tui-sample-")
        from papers_tui.sample import sample_library

        return sample_library(Path(self._sample_folder.name))

    def on_load(self) -> None:
        terminal = None if self.is_headless or sys.__stdin__ is None else sys.__stdin__.fileno()
        self._farewell.begin(asyncio.get_running_loop(), terminal)

    def on_mount(self) -> None:
        self._choose_theme()
        self.call_after_refresh(self._begin)

    def on_resize(self, event: events.Resize) -> None:
        if event.size == self.size:  # what was cut off meanwhile, in sizes that nobody saw, is drawn again
            self.refresh()

    @property
    def exit_code(self) -> int:
        """0, or 1 after a bug; 128 and its number where a signal ended the app, whatever broke on the way out."""
        return self._told_to_end or self.return_code or 0

    def close(self) -> None:
        """Gives back what is open, and throws the sample papers away."""
        self._farewell.over()
        self.library.close()
        self.give_at_the_end()
        if self.sampling:
            self._sample_folder.cleanup()
            if self._own is not None:
                self._own.close()
        self._cache.throw_away()

    def _new_screen(self) -> MainScreen:
        behind = bool(self.library.behind())
        if not behind:
            try:
                self.library.sync()
            except PapersError as error:  # what it has is shown, and what was done goes to the journal
                self._problems.append(str(error))
        return MainScreen(
            self.library,
            self._config,
            self._keys,
            glyphs_for(self.encoding),
            paths=self.paths,
            today=self._now().astimezone().date(),
            since=self._session.before,
            chosen=self._session,
            start=None if behind else (self._session.view, self._session.paper),
            banner=self._banner(),
            keeps_nothing=self._own is None,
        )

    def _banner(self) -> str:
        if self._own is None:
            return "DEMO · nothing is kept"
        return f"SAMPLE PAPERS · {self._keys.shown('add')} brings in yours" if self.sampling else ""

    def get_line_filters(self) -> Sequence[LineFilter]:
        # The very same filter each time: Textual keeps what it has drawn by the filters that it went through.
        return [*super().get_line_filters(), self._for_terminal]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for command in super().get_system_commands(screen):
            if command.title == "Theme":
                yield command

    def on_reading_screen_chosen(self, event: MainScreen.Chosen) -> None:
        self._session = replace(self._session, **event.places)
        self._keep_session()

    async def on_taking_screen_brought(self, event: MainScreen.Brought) -> None:
        """Imports the files that the user named, in a thread with a library of its own."""
        self.main.say(f"reading {event.text} …")
        self.run_worker(self._import(event.text), exclusive=True)

    async def _import(self, text: str) -> None:
        def work() -> list[ImportedFile]:
            with Library(self.paths) as library:
                return [library.import_file(path.name, path.read_bytes(), _day(path)) for path in paths]

        try:
            paths = named_files(text)
            results = await asyncio.to_thread(work)
        except PapersError as error:
            self.main.say(str(error))
        except OSError as error:
            self.main.say(f"{error.filename}: {error.strerror}")
        else:
            if self.sampling and any(result.tally.read for result in results):
                await self.leave_sample()
            if not self.sampling:
                self.main.look_again()
                self.main.arrived()
            self.main.say(_told_all(results))
            if any(result.followed for result in results):
                self.follow_anew()
                self._refresh_due()

    async def leave_sample(self) -> None:
        """From the sample papers to the user's own, the first that came in."""
        assert self._own is not None, "a demo imports nothing"
        sample, self.library = self.library, self._own
        self._session = replace(self._session, view="", paper="")
        await self._show_library()
        sample.close()
        self._sample_folder.cleanup()

    async def on_reading_screen_sample_wanted(self) -> None:
        """From a library without papers to the sample, until papers come in."""
        if not self.sampling:
            self.library = self._sample()
            await self._show_library()

    async def _show_library(self) -> None:
        while self.screen is not self.main:
            await self.pop_screen()
        self.main = self._new_screen()
        await self.switch_screen(self.main)
        await self.main.furnish()
        self.main.show_following(self._following)

    def _keep_session(self) -> None:
        if not self.sampling:
            session.save(self.paths.session_file, self._session)

    def on_reading_screen_left(self) -> None:
        """Quits, once all acts are done; where one can't be put on disk, only when asked a second time."""
        if self.main.stays_for_acts():
            return
        self.main.finish()
        saved = self.library.flush()
        many = self.library.unsaved
        if not saved and self._refused != many:
            self._refused = many
            acts = "1 act is" if many == 1 else f"{many} acts are"
            self.main.warn(f"{acts} NOT SAVED: {self.library.trouble}. Make room, or quit again to lose it.")
        else:
            self.exit()

    async def on_app_focus(self) -> None:
        """What other instances did meanwhile is shown."""
        if self.sampling and self._own is not None and not self._own.is_empty():
            await self.leave_sample()
        self.follow_anew()
        with self.main.telling():
            self.library.sync()
            self.main.look_again()
            self.main.follow_rules()
            if not self.sampling:
                self.main.arrived()
        self.sync_machines()

    async def action_quit(self) -> None:
        self.on_reading_screen_left()

    def action_command_palette(self) -> None:
        if self.screen is self.main:
            super().action_command_palette()

    def _begin(self) -> None:
        self.follow_anew()
        self.main.complete_first()
        self.begun()
        if self.library.behind():
            self.run_worker(self._catch_up(), exclusive=True)
        else:
            self._tell_problems()
            self.main.follow_rules()
            self.sync_machines()
            self._refresh_due()
            if not self._following.running:
                self._tell_missed()
        self.set_interval(_RETRY_SECONDS, self._retry)
        self.set_timer(_EXAMINE_AFTER_SECONDS, self._examine)
        self.set_interval(_LOOK_SECONDS, self._refresh_due)
        garbage.begin()
        self.set_interval(_COLLECT_SECONDS, self._collect)

    def _collect(self) -> None:
        if self.quiet_for >= _REST_SECONDS:
            garbage.collect()

    async def _catch_up(self) -> None:
        """Fills an empty cache from what is kept, in a thread with a library of its own."""
        loop = asyncio.get_running_loop()

        def told(what: str, done: int, of: int) -> None:
            loop.call_soon_threadsafe(self.main.say, f"reading {what}: {done:,} of {of:,}")

        def work() -> list[str]:
            with Library(self.paths) as library:
                return library.catch_up(told)

        try:
            self._problems += await asyncio.to_thread(work)
        except PapersError as error:
            self._problems.append(str(error))
        with self.main.telling():
            self.library.sync()
            self.main.open_at(self._session.view, self._session.paper)
        self.sync_machines()
        self._tell_problems()

    def _tell_problems(self) -> None:
        for problem in self._problems:
            self.notify(problem, severity="warning", timeout=12, markup=False)
        self._keep_session()

    def _retry(self) -> None:
        if not self.library.unsaved:
            self._refused = 0
        elif self.library.flush():
            self.main.warn("")
            self.main.say("saved now")

    def _examine(self) -> None:
        """Sees in a thread whether the cache is sound, where that is soon done."""

        async def examined() -> None:
            with self.main.telling():
                if problem := await asyncio.to_thread(self._cache.examined):
                    self.notify(problem, severity="warning", timeout=12, markup=False)

        if not self.sampling and self.library.size() < LARGE:
            self.run_worker(examined(), group="examining")

    def _choose_theme(self) -> None:
        wanted = self._session.theme or self._config.theme
        if wanted in self.available_themes:
            self.theme = wanted
        elif wanted:
            self._problems.append(f"there is no theme {wanted}; the palette (ctrl+p) lists them")
        self.theme_changed_signal.subscribe(self, self._theme_chosen)

    def _theme_chosen(self, theme: object) -> None:  # noqa: ARG002
        if self.theme != self._session.theme:
            self._session = replace(self._session, theme=self.theme)
            self._keep_session()

    def _fatal_error(self) -> None:
        """A bug: the traceback goes to the log, without values and secrets, and the terminal is given back.

        A cache that can be read no longer is none; what mends that is said.
        """
        from papers_tui.domain.confidential import environment_secrets, without_secrets

        error = sys.exception()
        text = without_secrets(traceback.format_exc(), environment_secrets(os.environ))
        with self.paths.log_file.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{self._now():%Y-%m-%dT%H:%M:%SZ}\n{text}\n")
        if (
            not self._told_to_end
        ):  # else a screen was still coming while all was going, and nobody may be there
            self._exit_renderables.append(
                f"papers-tui: {error}. What you did is kept"
                if isinstance(error, PapersError)
                else f"papers-tui stopped at a bug. What you did is kept; see {self.paths.log_file}"
            )
        self._close_messages_no_wait()

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """The terminal is somebody else's meanwhile, and a signal to us ends nothing before they are done."""
        with self._farewell.held(), super().suspend():
            yield

    def _end(self, code: int) -> None:
        self._told_to_end = code
        if self.main.is_mounted:
            self.main.finish()
            self.library.flush()
        self.exit(return_code=code)

    def _unstick(self) -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.unstick()

    def _give_back(self) -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.give_back()


def run(
    paths: Paths,
    config: Config,
    problems: Sequence[str] = (),
    *,
    demo: bool = False,
    painted: Painted | None = None,
) -> int:
    """Shows the app until the user leaves it, and gives the exit code."""
    app = PapersApp(paths, config, problems, demo=demo, painted=painted)
    try:
        app.run()
    finally:
        app.close()
    return app.exit_code


def named_files(text: str) -> list[Path]:
    """The files that a person named: a path, or a pattern such as `~/pages/*.html`. Raises PapersError."""
    path = Path(text.strip()).expanduser()
    if path.is_file():
        return [path]
    found = sorted(match for match in path.parent.glob(path.name) if match.is_file()) if path.name else []
    if not found:
        raise PapersError(text, "there is no such file", "name a saved page, or several with *")
    return found


def _day(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _told_all(results: Sequence[ImportedFile]) -> str:
    """What came of the files: of several first how many papers are new, then what is wrong with which."""
    if len(results) == 1:
        return _told(results[0])
    new = sum(result.tally.new for result in results)
    skipped = [_told(result) for result in results if result.skipped]
    return " · ".join([f"{len(results) - len(skipped)} files: {new:,} new", *skipped])


def _told(result: ImportedFile) -> str:
    if result.skipped:
        return f"{result.name}: {result.skipped}"
    if result.followed:
        added, known = result.followed
        return f"{result.name}: {counted(added, 'source')} added" + (
            f", {known:,} there already" if known else ""
        )
    tally = result.tally
    news = f"{tally.new} new" if tally.new else "nothing new"
    if result.apart and result.apart[0]:
        news += f", {counted(result.apart[0], 'act')} left out (papers-tui import --with-marks takes them)"
    return f"{result.name}: {news}{f', {tally.merged} with something new' if tally.merged else ''}"
