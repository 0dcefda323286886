"""The terminal as the app uses it: left as it was, whatever becomes of it meanwhile."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Callable
from functools import partial
from typing import IO, Any

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from papers_tui.prepaint.holding import ENTER
from papers_tui.prepaint.painting import Painted

_LEAVE = (
    b"\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2048l\x1b[?2004l\x1b[?1004l"
    b"\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
"""Takes back all that the app switches on; what is off already stays off."""


class TerminalDriver(LinuxDriver):
    """Textual's own, for terminals that go away, that nobody reads any more, or that a shell took back meanwhile."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert sys.__stderr__ is not None, "there is a standard error, if only to nowhere"
        self._output = sys.__stderr__.fileno()
        self._file = _Output(sys.__stderr__)  # type: ignore[assignment] # all of a file that is asked for there
        self._at_work = True
        painted: Painted | None = getattr(self._app, "painted", None)
        self._held = painted.hold if painted else None
        self._settings = self._held.settings if self._held else self._found()

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._held:
            self._held.hand_over()
            self._held = None
        # Textual's own handler may be interrupted by the next signal before it has told its size: then the last size
        # that is told is a former one.
        self._loop.add_signal_handler(signal.SIGWINCH, self._resized)

    def write(self, data: str) -> None:
        # The first screen was painted on it, and some terminals clear it when it is asked for again.
        if not (self._held and data == ENTER):
            super().write(data)

    def resume_application_mode(self) -> None:
        if self._found() is None:  # to hang up continues those who are stopped
            return
        if self._at_work:  # stopped without a word (SIGSTOP): a shell has had the terminal since
            self.suspend_application_mode()
        # Before Textual looks for itself: one who is stopped and continued again may come back right here.
        self._at_work = True
        self._settings = self._found()
        super().resume_application_mode()

    def stop_application_mode(self) -> None:
        self._at_work = False
        self.attrs_before = self._settings
        super().stop_application_mode()

    def run_input_thread(self) -> None:
        """Reads keys until the end; a terminal that is gone has none, which is no bug."""
        with contextlib.suppress(OSError):
            super().run_input_thread()

    def unstick(self) -> None:
        """Throws away what the terminal was given and does not take: who waits for it can go on."""
        with contextlib.suppress(OSError, ValueError, termios.error):
            if not select.select([], [self._output], [], 0)[1]:
                termios.tcflush(self._output, termios.TCOFLUSH)
                # Nobody tells a writer that sleeps that there is room now, but stopping and starting output does.
                termios.tcflow(self._output, termios.TCOOFF)
                termios.tcflow(self._output, termios.TCOON)

    def give_back(self) -> None:
        """Leaves the terminal as it was, at once, whatever else hangs: for the last moment."""
        with contextlib.suppress(OSError, termios.error):
            if self._settings is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self._settings)
            os.set_blocking(self._output, False)
            try:
                os.write(self._output, _LEAVE)
            finally:
                os.set_blocking(self._output, True)  # the shell shares it

    # In a handler of signals, which may interrupt a write, Textual's own would wait for that write for ever.

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(super()._sigcont_application)

    def _resized(self) -> None:
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))

    def _soon(self, act: Callable[[], None]) -> None:
        """Does it in the event loop, or at once while another program has the terminal, which the loop waits for."""
        if not self._auto_restart:
            act()
            return
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(act)

    def _found(self) -> list[Any] | None:
        """The terminal's settings as they are; None where it is gone."""
        try:
            return termios.tcgetattr(self.fileno)
        except termios.error:
            return None


class _Output:
    """A file that takes everything: once the terminal behind it is gone, it goes nowhere.

    Textual's writer would end at the first error, and the app wait for it for ever.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> None:
        self._try(partial(self._file.write, text))

    def flush(self) -> None:
        self._try(self._file.flush)

    def fileno(self) -> int:
        return self._file.fileno()

    def _try(self, act: Callable[[], object]) -> None:
        if not self._gone:
            try:
                act()
            except OSError:
                self._gone = True
