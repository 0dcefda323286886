"""Giving papers to a program of the user's choice: text in, what it said out; never a shell."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import shlex
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import IO, cast

from papers_tui.domain.errors import PapersError
from papers_tui.domain.text import clean_lines, for_terminal
from papers_tui.late import dataclass

MOST_KEPT = 64 * 1024
"""Bytes that are kept of each of a program's outputs; it may write as many more as it likes."""

_TICK = 0.05
_GRACE = 0.5
_BLOCK = 64 * 1024
_LONGEST_SHOWN = 200

_QUOTED = re.compile(r"""\\.|'[^']*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_OF_A_SHELL = re.compile(r"(?<!\S)(?:\d*(?:&?>|<)\S*|\|[|&]?|&&?|;;?)(?!\S)|;(?!\S)")


@dataclass(frozen=True, slots=True)
class Piped:
    """What came of a program: its exit code (minus the signal's number if one ended it) and its outputs.

    `output` and `errors` are the beginnings of its standard output and error, cleaned text; `cut` says that
    it wrote more, `unread` that it ended before it had read all it was given, which is its own affair.
    """

    program: str
    code: int
    output: str = ""
    errors: str = ""
    cut: bool = False
    unread: bool = False

    def __str__(self) -> str:
        """For the status line: `wc: done`, or how it ended and the last it said about that."""
        name = for_terminal(self.program[:_LONGEST_SHOWN])
        if self.code == 0:
            return f"{name}: done{', without reading everything' if self.unread else ''}"
        ended = f"ended by signal {-self.code}" if self.code < 0 else f"ended with {self.code}"
        said = (self.errors.strip() or self.output.strip()).rpartition("\n")[2]
        return f"{name}: {ended}{f': {said[:_LONGEST_SHOWN]}' if said else ''}"


def argument_list(line: str) -> tuple[str, ...]:
    """The program and its arguments that a person typed; quotes and backslashes group, nothing else is read.

    Raises PapersError for an empty line, a quote that is not closed, and what only a shell would understand
    (`|`, `>`, `&&`, `;` outside quotes).
    """
    shown = for_terminal(line.strip()[:_LONGEST_SHOWN])
    try:
        words = tuple(shlex.split(line))
    except ValueError as error:
        what = "a quote is not closed" if "quotation" in str(error) else "nothing follows the last backslash"
        raise PapersError(shown, what, "to mean the sign itself, put a backslash before it") from error
    if found := _OF_A_SHELL.search(_QUOTED.sub("x", line)):
        hint = "put it in quotes if the program is to have it, or begin with sh -c"
        raise PapersError(shown, f"no shell reads this, so {for_terminal(found[0])} has no meaning", hint)
    if not words or not words[0]:
        raise PapersError("command", "it names no program", "type one with its arguments, such as wc -l")
    return words


def pipe(argv: Sequence[str], text: str, *, timeout: float) -> Piped:
    """Runs a program with `text` on its standard input, and waits at most `timeout` seconds for its end.

    It has a session of its own and no terminal. What it leaves running in the background does not hold us.
    Raises PapersError where it can't be started, or had to be stopped because the time was up.
    """
    program = argv[0]
    process = _started(argv)
    with process:
        exchange = _Exchange(process, text.encode("utf-8", "replace"))
        if not exchange.run(time.monotonic() + timeout):
            _stop(process)
            name = for_terminal(program[:_LONGEST_SHOWN])
            message = f"it did not end within {timeout:g} s and was stopped"
            raise PapersError(name, message, "give it fewer papers, or let it do its work in the background")
    return Piped(
        program,
        process.returncode,
        exchange.said(process.stdout),
        exchange.said(process.stderr),
        cut=exchange.cut,
        unread=exchange.unread,
    )


def _started(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            argv,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        message, hint = (
            "there is no such program",
            "check its name; ~ and $NAME are not read, for no shell is",
        )
        raise PapersError(for_terminal(argv[0][:_LONGEST_SHOWN]), message, hint) from error
    except (OSError, ValueError) as error:  # a ValueError is for a zero byte in an argument
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        hint = "choose another program, or make this one executable"
        raise PapersError(
            for_terminal(argv[0][:_LONGEST_SHOWN]), f"it can't be started: {reason}", hint
        ) from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a program and what it started: politely, then not."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)


class _Exchange:
    """Writing to a program while reading from it, so that neither side waits for the other for ever."""

    def __init__(self, process: subprocess.Popen[bytes], data: bytes) -> None:
        self._process = process
        self._rest = memoryview(data)
        self._kept: dict[IO[bytes] | None, bytearray] = {}
        self.cut = False

    @property
    def unread(self) -> bool:
        """Whether the program did not take all it was to be given."""
        return bool(self._rest)

    def run(self, deadline: float) -> bool:
        """Goes on until the program has ended, or the monotonic clock shows `deadline`; whether it has ended."""
        with selectors.DefaultSelector() as selector:
            if stdin := self._process.stdin:
                os.set_blocking(stdin.fileno(), False)
                selector.register(stdin, selectors.EVENT_WRITE, self._write)
            for stream in filter(None, (self._process.stdout, self._process.stderr)):
                os.set_blocking(stream.fileno(), False)
                self._kept[stream] = bytearray()
                selector.register(stream, selectors.EVENT_READ, self._read)
            while self._process.poll() is None:
                if time.monotonic() >= deadline:
                    return False
                self._turn(selector, _TICK)
            # What it wrote is all there to be read now; a stream that stays open belongs to what it left running.
            while self._turn(selector, 0) and time.monotonic() < deadline:
                pass
        return True

    def said(self, stream: IO[bytes] | None) -> str:
        """What is kept of an output, as clean text."""
        return clean_lines(self._kept.get(stream, b"").decode("utf-8", "replace"))

    def _turn(self, selector: selectors.BaseSelector, patience: float) -> bool:
        """Serves the streams that are ready, waiting for them at most so many seconds; whether one was."""
        if not selector.get_map():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
            return False
        ready = selector.select(patience)
        for key, _ in ready:
            stream = cast(IO[bytes], key.fileobj)
            if not key.data(stream):
                selector.unregister(stream)
                stream.close()
        return bool(ready)

    def _write(self, stream: IO[bytes]) -> bool:
        """Writes what fits; whether there is more to come."""
        try:
            self._rest = self._rest[os.write(stream.fileno(), self._rest[:_BLOCK]) :]
        except BrokenPipeError:
            return False
        return bool(self._rest)

    def _read(self, stream: IO[bytes]) -> bool:
        """Reads what there is and keeps its beginning; whether there may be more to come."""
        data = os.read(stream.fileno(), _BLOCK)
        kept = self._kept[stream]
        room = MOST_KEPT - len(kept)
        kept += data[:room]
        self.cut = self.cut or len(data) > room
        return bool(data)
