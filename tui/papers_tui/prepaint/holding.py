"""The terminal from the first screen on until the app has it: what is typed waits, and all is put back if need be."""

from __future__ import annotations

import contextlib
import os
import signal
import termios
from types import FrameType

from papers_tui.late import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
_IFLAG, _LFLAG, _CC = 0, 3, 6
"""Where `termios.tcgetattr` has them."""

ENTER = "\x1b[?1049h"
"""The alternate screen. Some terminals clear it each time it is asked for."""
_BEGIN = f"{ENTER}\x1b[?25l\x1b[?7l"
_LEAVE = b"\x1b[?2026l\x1b[?7h\x1b[?1049l\x1b[?25h"


class Hold:
    """Has the terminal from `begin` on, until it is handed over or given back. Both may be done any number of times."""

    def __init__(self, source: int, target: int, encoding: str) -> None:
        """`source` and `target` are the descriptors that keys are read from and the screen is written to, which is
        in this `encoding`."""
        self._source = source
        self._target = target
        self._encoding = encoding
        self._former: dict[signal.Signals, Any] = {}
        self._ours = False
        self.settings: list[Any] = []
        """Those that the terminal had before, as in `termios.tcgetattr`."""

    def begin(self) -> None:
        """Takes the terminal: keys are neither echoed nor acted on by it any more, and none of them gets lost.

        Raises OSError or termios.error where that can't be.
        """
        self.settings = termios.tcgetattr(self._source)
        with contextlib.suppress(ValueError):  # signals are for the main thread
            for number in _SIGNALS:
                known = signal.getsignal(number)
                if known in (signal.SIG_DFL, signal.default_int_handler):
                    self._former[number] = signal.signal(number, self._end)
        self._ours = True
        termios.tcsetattr(self._source, termios.TCSANOW, _for_keys(self.settings))
        self.write(_BEGIN)

    def write(self, text: str) -> None:
        """Writes to the screen, all of it. Raises OSError."""
        data = text.encode(self._encoding, "backslashreplace")
        while data:
            data = data[os.write(self._target, data) :]

    def hand_over(self) -> None:
        """The app has the terminal, and will put it back itself."""
        self._ours = False

    def give_back(self) -> None:
        """Leaves the terminal as it was, unless the app has it; signals mean again what they did."""
        if self._ours:
            self._restore()
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._former.clear()

    def _restore(self) -> None:
        self._ours = False
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(self._source, termios.TCSANOW, self.settings)
        with contextlib.suppress(OSError):  # also where nobody reads what is written
            os.set_blocking(self._target, False)
            try:
                os.write(self._target, _LEAVE)
            finally:
                os.set_blocking(self._target, True)  # the shell shares it

    def _end(self, number: int, _: FrameType | None) -> None:
        if self._ours:
            self._restore()
        os._exit(128 + number)


def _for_keys(settings: list[Any]) -> list[Any]:
    """The settings of a terminal by which each key comes as it is typed, and does nothing else."""
    changed = [*settings[:_CC], list(settings[_CC])]
    changed[_LFLAG] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    changed[_IFLAG] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    changed[_CC][termios.VMIN] = 1
    return changed
