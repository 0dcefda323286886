"""The end that somebody else decides on (SIGTERM, SIGHUP, SIGINT, SIGQUIT), which comes even where the app hangs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

_TICK = 0.1
_PATIENCE, _LIMIT = 1.0, 5.0
"""Seconds until what hangs is helped on, and until the process ends all the same."""


class Farewell:
    """Hears the signals from `begin` until `over`, and sees to it that the process ends after the first.

    The app may be waiting for a terminal that takes nothing: its event loop, and whatever hears signals there, then
    stands still. So a thread of its own waits for them.
    """

    def __init__(
        self,
        end: Callable[[int], None],
        *,
        help_on: Callable[[], None],
        last: Callable[[], None],
        leave: Callable[[int], Any] = os._exit,
    ) -> None:
        """`end` ends the app with an exit code, in its event loop. From then on `help_on` frees it of what it may be
        waiting for; where that is of no use, `last` is called and then `leave`, with the exit code."""
        self._end = end
        self._help_on = help_on
        self._last = last
        self._leave = leave
        self._pipe = -1
        self._former: dict[signal.Signals, Any] = {}
        self._held = 0

    def begin(self, loop: asyncio.AbstractEventLoop, terminal: int | None = None) -> None:
        """Hears the signals from now on. To be called in the main thread, which `loop` runs in.

        That the `terminal` behind a descriptor is gone counts as a SIGHUP, which not every process is sent.
        """
        read, self._pipe = os.pipe()
        os.set_blocking(self._pipe, False)
        for number in SIGNALS:
            self._former[number] = signal.signal(number, self._hear)
        threading.Thread(target=self._wait, args=(read, terminal, loop), name="farewell", daemon=True).start()

    def over(self) -> None:
        """Hears them no longer. To be called in the main thread."""
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._former.clear()
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is hurried meanwhile: another program has the terminal, and the app waits for it with good reason."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    def _hear(self, number: int, _: FrameType | None) -> None:
        with contextlib.suppress(OSError):  # full, when the same was said thousands of times
            os.write(self._pipe, bytes([number]))

    def _wait(self, pipe: int, terminal: int | None, loop: asyncio.AbstractEventLoop) -> None:
        number = _first(pipe, terminal)
        if number is None:
            return
        code = 128 + number
        with contextlib.suppress(RuntimeError):  # the loop is closed: the end has come
            loop.call_soon_threadsafe(self._end, code)
        waited = 0.0
        while waited < _LIMIT:
            time.sleep(_TICK)
            waited += 0 if self._held else _TICK
            if not self._former:
                return
            if waited >= _PATIENCE:
                self._help_on()
        self._last()
        self._leave(code)


def _first(pipe: int, terminal: int | None) -> int | None:
    """The first signal that comes through the pipe, which it closes, SIGHUP where the terminal goes; None where the
    pipe ends before."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    if terminal is not None:
        poll.register(terminal, 0)
    with open(pipe, "rb", buffering=0) as told:
        while True:
            for descriptor, event in poll.poll():
                if descriptor == pipe:
                    number = told.read(1)
                    return number[0] if number else None
                if event & select.POLLHUP:
                    return signal.SIGHUP
                poll.unregister(descriptor)  # some systems can't tell of terminals
