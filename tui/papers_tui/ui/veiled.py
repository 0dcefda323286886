"""An app whose first frame is the whole screen, and the one that was painted before it, if any was."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from textual._compositor import LayoutUpdate
from textual.driver import Driver
from textual.screen import Screen

from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.prepaint.painting import Painted
from papers_tui.session import Session
from papers_tui.ui.first_frame import Drawn, Shot, keep, look_of, painted_by, runs_of, shot_of
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.main import MainScreen
from papers_tui.ui.typing_ahead import TypingAheadApp

_AT_LAST_SECONDS = 0.5
"""After how long what there is is shown, if it should not have become whole."""
_KEEP_AFTER_SECONDS = 0.3
"""When the look of the first frame is seen to: not while the first keys are."""


class VeiledApp(TypingAheadApp):
    """Draws nothing until the first papers are in their places, where Textual would begin with empty panes; and where
    the first screen was painted already, until there is all of it."""

    paths: Paths
    main: MainScreen
    library: Library
    former: Session
    """What the last run left."""
    encoding: str
    """That of the screen."""

    def __init__(
        self, *, driver_class: type[Driver], painted: Painted | None, now: Callable[[], datetime]
    ) -> None:
        """`painted` is the first screen that is on the terminal already; `now` is the clock."""
        super().__init__(driver_class)
        self.painted = painted
        self._now = now
        self._veiled = True
        self._whole = False
        self._problems: list[str] = []

    @property
    def sampling(self) -> bool:
        """Whether the sample papers are on show."""
        raise NotImplementedError

    def get_default_screen(self) -> Screen[Any]:
        """The main screen: an empty one below it would be styled and laid out first, for nobody to see."""
        self.main._push_result_callback(self.main, None)  # `switch_screen` takes what a pushed one has
        self.main.hold(True)
        return self.main

    def on_mount(self) -> None:
        if self.is_headless:
            self._lift()

    def begun(self) -> None:
        """All of the first screen was given to its panes."""
        self._whole = True
        if self._veiled:
            self._show_first(self.main)
            self.set_timer(_AT_LAST_SECONDS, self._show_at_last)
        elif not self.is_headless and self.screen is self.main:
            self._draw_bars_anew()
            self._look_at([list(strip) for strip in self.main._compositor.render_strips()])

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if self._veiled:
            self._show_first(screen)
        else:
            super()._display(screen, renderable)

    def _show_first(self, screen: Screen[Any]) -> None:
        """Shows the screen, if it was laid out, and, where it was painted before, all of it is there."""
        ready = screen is not self.main or (self.main.papers.laid_out and (self._whole or not self.painted))
        if self._veiled and ready and not self._batch_count:
            self._lift()
            self._draw_bars_anew()
            frame = screen._compositor.render_update(full=True)
            super()._display(screen, frame)
            if screen is self.main and self._whole and isinstance(frame, LayoutUpdate):
                self._look_at([[cell for strip in line for cell in strip] for line in frame.strips])

    def _show_at_last(self) -> None:
        """Shows what there is: in a window of a few cells no list may ever be laid out."""
        if self._veiled:
            self._lift()
            self.refresh()

    def _draw_bars_anew(self) -> None:
        """Scrollbars hear of the lines of their panes only after the first frame."""
        for pane in self.main.query(LinePane):
            pane.vertical_scrollbar.draw_anew()

    def _lift(self) -> None:
        self._veiled = False
        self.main.hold(False)
        self.main.call_later(self._furnish)

    async def _furnish(self) -> None:
        await self.main.furnish()
        self.let_keys_in()

    def _look_at(self, drawn: Drawn) -> None:
        """Holds the first frame against what was painted before; what was wrong is not painted again."""
        lines = runs_of(drawn, self)
        if self.painted and self.painted.size == tuple(self.size):
            if self.painted.lines == lines:
                return
            wrong = [y for y, line in enumerate(lines) if self.painted.lines[y : y + 1] != [line]]
            self._note(f"lines {wrong} of the first screen were painted otherwise than they are")
            self._note(keep(self.paths, self.painted.size, None))
        if not self.sampling and not self._problems:
            shot = shot_of(self.main, drawn)
            self.set_timer(_KEEP_AFTER_SECONDS, lambda: self._keep_look(shot))

    def _keep_look(self, shot: Shot) -> None:
        """Keeps the look of the first frame, if by it the same would be painted now."""
        look = look_of(self.main, shot, paths=self.paths, former=self.former, encoding=self.encoding)
        try:
            if look and painted_by(look, self.library, self.former, self._now()) == runs_of(shot.drawn, self):
                self._note(keep(self.paths, shot.size, look))
        except (PapersError, KeyError):
            return  # nothing is painted then

    def _note(self, words: str) -> None:
        if words:
            with (
                contextlib.suppress(OSError),
                self.paths.log_file.open("a", encoding="utf-8", errors="backslashreplace") as log,
            ):
                log.write(f"{self._now():%Y-%m-%dT%H:%M:%SZ} {words}\n")
