"""Copying: to every clipboard that the user may paste from, and saying which those were."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping

from papers_tui.domain.text import clean_lines
from papers_tui.late import dataclass

_PATIENCE = 1.0
"""Seconds that a tool is given: it has a text to take, nothing to do."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that takes a text for a clipboard on its standard input, in `encoding`.

    `argv` are its name and arguments; `sets` are variables that it needs in its environment.
    """

    argv: tuple[str, ...]
    encoding: str = "utf-8"
    sets: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return self.argv[0]


@dataclass(frozen=True, slots=True)
class Copied:
    """The ways that took the text, by name, and those that failed, a sentence each."""

    ways: tuple[str, ...]
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        """For the status line: `copied (tmux, OSC 52)`."""
        faults = "; ".join(self.faults)
        if not self.ways:
            return f"not copied: {faults}"
        return f"copied ({', '.join(self.ways)}{f'; {faults}' if faults else ''})"


_LINUX = (
    (Tool(("wl-copy",)), "WAYLAND_DISPLAY"),
    (Tool(("xclip", "-selection", "clipboard", "-in")), "DISPLAY"),
    (Tool(("xsel", "--clipboard", "--input")), "DISPLAY"),
)
_MACOS = Tool(("pbcopy",), sets=(("LC_ALL", "en_US.UTF-8"),))  # it reads its input in the locale's encoding
_WINDOWS = Tool(("clip.exe",), "utf-16-le")
_TMUX = Tool(("tmux", "load-buffer", "-w", "-"))


def local_tools(environ: Mapping[str, str], platform: str) -> tuple[Tool, ...]:
    """The tools for this machine's clipboard, the best first; `platform` is as in `sys.platform`.

    None over SSH: that clipboard is not where the user sits.
    """
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return ()
    if platform == "darwin":
        return (_MACOS,)
    windows = environ.get("WSL_DISTRO_NAME") or environ.get("WSL_INTEROP")
    return (*((_WINDOWS,) if windows else ()), *(tool for tool, needs in _LINUX if environ.get(needs)))


def copy(
    text: str,
    environ: Mapping[str, str],
    *,
    write_osc52: Callable[[str], None],
    platform: str = sys.platform,
    which: Callable[[str], str | None] = shutil.which,
) -> Copied:
    """Puts `text`, cleaned, where it can be pasted; never raises for what a tool or the terminal does.

    The terminal is told first (OSC 52, xterm's ctlseqs), by `write_osc52` in the calling thread: it gives no
    answer, so nobody knows whether it listens. Then the first local tool that takes the text, then tmux, which
    hands it on to the terminals it is shown on (`load-buffer -w`). A tool gets a second each.
    """
    cleaned = clean_lines(text)
    terminal: list[str] = []
    faults: list[str] = []
    try:
        write_osc52(cleaned)
    except OSError as error:
        faults.append(f"OSC 52 failed: {error.strerror or error}")
    else:
        terminal.append("OSC 52")
    ways: list[str] = []
    rounds = (local_tools(environ, platform), (_TMUX,) if environ.get("TMUX") else ())
    for tools in rounds:
        for tool in tools:
            if program := which(tool.name):
                fault = _give(program, tool, cleaned, environ)
                if not fault:
                    ways.append(tool.name)
                    break
                faults.append(f"{tool.name} {fault}")
    return Copied((*ways, *terminal), tuple(faults))


def _give(program: str, tool: Tool, text: str, environ: Mapping[str, str]) -> str:
    """Hands the text to a tool; what went wrong, or nothing.

    Its output leads nowhere and its session is its own: wl-copy and xclip leave a process behind that holds
    the text, which must neither keep us waiting nor end with our terminal.
    """
    try:
        process = subprocess.Popen(
            [program, *tool.argv[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**environ, **dict(tool.sets)},
            start_new_session=True,
        )
    except OSError as error:
        return f"can't be started: {error.strerror or error}"
    with process:
        try:
            process.communicate(text.encode(tool.encoding, "replace"), timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            return "did not answer in time"
    return f"ended with {process.returncode}" if process.returncode else ""
