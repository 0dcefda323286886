"""Data on standard output, words on standard error, and quiet ends of both."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable

from papers_tui.domain.errors import PapersError
from papers_tui.late import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def prepare() -> None:
    """Makes both streams able to carry any text: UTF-8 in a pipe or file, the terminal's own encoding there."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # A closed one would be given to the next file that is opened, which stray output would then spoil.
            os.open(os.devnull, os.O_RDWR)
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = sys.stdout.encoding if is_terminal(sys.stdout) else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream leads to a terminal; one that is closed does not."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def put(text: str) -> None:
    """Writes to standard output as it stands. Raises PapersError where that can't be written to."""
    _on_stdout(lambda stream: stream.write(text))


def put_text(text: str) -> None:
    """Writes lines that come from outside to standard output; a terminal gets nothing that could act on it."""
    if is_terminal(sys.stdout):
        from papers_tui.domain.text import for_terminal

        text = "\n".join(map(for_terminal, text.split("\n")))
    put(text)


def finish() -> None:
    """Writes what still waits in standard output. Raises as `put` does."""
    if sys.stdout is not None:
        _on_stdout(lambda stream: stream.flush())


def abandon() -> None:
    """Lets what still waits in standard output go nowhere, now and when the program ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        descriptor = sys.stdout.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def say(line: str) -> None:
    """Writes a line of words to standard error, cleaned; where that is closed, nobody wants to hear it."""
    from papers_tui.domain.text import for_terminal

    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{for_terminal(line)}\n")
            sys.stderr.flush()


def read_input(most: int = -1) -> bytes:
    """What standard input holds, at most so many bytes. Raises PapersError where it is closed or unreadable."""
    if sys.stdin is None:
        raise PapersError("standard input", "it is closed", "give the names as arguments")
    try:
        return sys.stdin.buffer.read(most)
    except OSError as error:
        raise PapersError("standard input", f"it can't be read: {error.strerror or error}") from error


class Progress:
    """A line on standard error that is overwritten as work goes on, and wiped at its end; on a terminal only."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = False

    def show(self, done: int, total: int, detail: str = "") -> None:
        """So many are done, of so many; `detail` is what is being done now."""
        if is_terminal(sys.stderr):
            from papers_tui.domain.text import for_terminal

            text = f"{self._what} {min(done + 1, total)}/{total} {for_terminal(detail)}".rstrip()
            import shutil

            width = shutil.get_terminal_size().columns
            self._write(f"\r{text[: width - 1]}\x1b[K")
            self._shown = True

    def wipe(self) -> None:
        """Nothing of it stays on the screen."""
        if self._shown:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()


def _on_stdout(act: Callable[[TextIO], object]) -> None:
    if sys.stdout is None:
        raise PapersError("standard output", "it is closed, so there is nowhere to write to")
    try:
        act(sys.stdout)
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon()
        raise PapersError("standard output", error.strerror or str(error)) from error
