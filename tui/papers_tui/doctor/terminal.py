"""Whether the terminal can show the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from papers_tui.doctor.finding import Finding, note, ok, problem
from papers_tui.late import dataclass

_SMALLEST = (20, 8)
_SIZES = ("COLUMNS", "LINES")


@dataclass(frozen=True, slots=True)
class Screen:
    """What is known of the terminal: `size` in columns and rows, None without a terminal; the `encoding` of what is
    written to it, as Python calls it; and the environment."""

    size: tuple[int, int] | None
    encoding: str
    environ: Mapping[str, str]


def look_at_terminal(screen: Screen) -> Iterator[Finding]:
    """What there is to be said of a terminal."""
    if screen.size is None:
        text = "this is a pipe or a file; what follows is what the environment says"
        yield note("terminal", text, "run `papers-tui doctor` in the terminal itself")
    elif screen.size < _SMALLEST or screen.size[1] < _SMALLEST[1]:
        text = f"{_shown(screen.size)} is too small to read in"
        yield problem("terminal", text, f"make it {_shown(_SMALLEST)} at least; three panes need 110 columns")
    else:
        yield ok("terminal", _shown(screen.size))
    yield _kind(screen.environ)
    yield _encoding(screen.encoding)
    yield from _settings(screen.environ)


def _kind(environ: Mapping[str, str]) -> Finding:
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        said = f"TERM is {term}" if term else "TERM is not set"
        hint = "set it to what the terminal is, as xterm-256color"
        return problem("terminal", f"{said}: no screen can be drawn", hint)
    if environ.get("COLORTERM", "") in ("truecolor", "24bit"):
        return ok("terminal", f"{term}, 16 million colours")
    if "256color" in term or "direct" in term:
        return ok("terminal", f"{term}, 256 colours")
    hint = "if it has more, set TERM, as to xterm-256color"
    if term in ("screen", "tmux") or environ.get("TMUX"):
        hint = 'in tmux: set -g default-terminal "tmux-256color"'
    return note("terminal", f"{term}, 16 colours or fewer", hint)


def _encoding(encoding: str) -> Finding:
    if encoding.startswith("utf"):
        return ok("terminal", "UTF-8")
    hint = "choose a UTF-8 locale, as LC_ALL=C.UTF-8"
    return note(
        "terminal", f"it is written to in {encoding or 'ascii'}: signs beyond that are shown as ?", hint
    )


def _settings(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Variables that stand in the way."""
    if sizes := [name for name in _SIZES if environ.get(name)]:
        said = " and ".join(sizes)
        yield note("terminal", f"{said} stand over the size that the terminal itself tells", f"unset {said}")
    if environ.get("NO_COLOR"):
        yield note("terminal", "NO_COLOR is set: everything is shown in one colour")
    for name in sorted(environ):
        if name.startswith("TEXTUAL") and name != "TEXTUAL_FPS":
            yield note(
                "terminal", f"{name} is set, which changes how the app draws or reads keys", f"unset {name}"
            )


def _shown(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
