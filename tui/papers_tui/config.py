"""The user's settings, read from `config.toml`; the program never writes that file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

DENSITIES = ("compact", "comfortable")
"""Papers one line each, or two."""

_LONGEST = 86_400
_LATER = ("contact", "refresh", "services", "rules")  # written ahead of what they set; let them stand


@dataclass(frozen=True, slots=True)
class Config:
    """What the user set, and the defaults of the rest.

    `theme` is a theme's name, empty for the app's own; `read_after` the seconds under the cursor after which
    a paper counts as read, 0 for never; `density` one of DENSITIES. `browser` and `pdf` are argument lists in
    which `{url}` stands for the address, empty for the system's own programs. `keys` maps a command's id to
    the keys that replace its default ones; the table of commands knows whether they exist.
    """

    theme: str = ""
    read_after: float = 2.0
    density: str = DENSITIES[0]
    browser: tuple[str, ...] = ()
    pdf: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


EXAMPLE = """\
# Settings of papers-tui. Every one is optional: take away the # in front of a line to set it.

# The colours: the name of a theme, as the palette (ctrl+p) lists them. Empty: the app's own.
#theme = "textual-dark"

# Seconds under the cursor after which a paper counts as read. 0: never by itself.
#read_after = 2.0

# How much room a paper takes in the list: "compact" (one line) or "comfortable" (two).
#density = "compact"

# The programs that open web pages and PDFs: a list of the program and its arguments, each in its own quotes.
# {url} stands for the address and comes last where it is missing. No shell reads them.
# Unset: the system's own.
#browser = ["firefox", "--new-tab", "{url}"]
#pdf = ["zathura", "{url}"]

# Keys of your own, by the id of the command: one, or a list of them. They replace the default ones;
# an empty list leaves the command without a key. The help (?) shows the ids.
#[keys]
#star = "s"
#later = ["L", "f5"]
"""
"""A `config.toml` with every setting, commented out; with the marks taken away it loads without problems."""


class _UnfitError(Exception):
    """A value that a setting can't have; its text says what is expected."""


def load_config(path: Path) -> tuple[Config, tuple[str, ...]]:
    """The settings in the file at `path`, and what is wrong with them, a line each.

    A missing file means the defaults. Nothing that a file holds is fatal: a setting that can't be used is
    reported (file, key, what was found, what is expected) and keeps its default.
    """
    try:
        table = _read(path)
    except FileNotFoundError:
        return Config(), ()
    except OSError as error:
        return Config(), (f"{path}: can't be read ({error.strerror or error}), the defaults hold",)
    except UnicodeDecodeError as error:
        return Config(), (f"{path}: found byte {error.start + 1} not to be UTF-8, expected UTF-8 text",)
    except (ValueError, RecursionError) as error:
        return Config(), (f"{path}: it is not TOML, so the defaults hold: {_line(str(error), 200)}",)
    values, problems = _checked(table)
    return Config(**values), tuple(f"{path}: {problem}" for problem in problems)


def _read(path: Path) -> dict[str, Any]:
    import tomllib

    # Some editors begin a file with a byte order mark, which TOML does not know.
    return tomllib.loads(path.read_bytes().decode("utf-8-sig"))


def _checked(table: Mapping[str, object]) -> tuple[dict[str, Any], list[str]]:
    """The fields of Config that `table` sets, and what is wrong with the rest of it."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, found in table.items():
        try:
            if name in _SETTINGS:
                values[name] = _SETTINGS[name](found)
            elif name == "keys":
                values[name], faults = _key_table(found)
                problems += faults
            elif name not in _LATER:
                problems.append(f"{_shown(name)} is not a setting, {_nearest(name)}")
        except _UnfitError as unfit:
            problems.append(_unfit(name, found, unfit))
    return values, problems


def _key_table(found: object) -> tuple[Mapping[str, tuple[str, ...]], list[str]]:
    if not isinstance(found, dict):
        raise _UnfitError("a table, [keys], with a line for each command")
    keys: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for command, chosen in found.items():
        try:
            keys[command] = _keys(chosen)
        except _UnfitError as unfit:
            problems.append(_unfit(f"keys.{command}", chosen, unfit))
    return MappingProxyType(keys), problems


def _theme(found: object) -> str:
    if isinstance(found, str):
        return found
    raise _UnfitError('the name of a theme, such as "textual-dark"')


def _read_after(found: object) -> float:
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= _LONGEST:
        return float(found)
    raise _UnfitError(f"seconds from 0 (never) to {_LONGEST}, such as 2.0")


def _density(found: object) -> str:
    if isinstance(found, str) and found in DENSITIES:
        return found
    raise _UnfitError(" or ".join(f'"{density}"' for density in DENSITIES))


def _program(found: object) -> tuple[str, ...]:
    if isinstance(found, str):
        words = [word.strip("\"'") for word in found.split()] or ["firefox"]
        quoted = ", ".join(f'"{word}"' for word in _with_url(words))
        raise _UnfitError(f"a list: {_line(f'[{quoted}]', 200)}")
    arguments = _texts(found)
    if arguments is None or (arguments and "{url}" in arguments[0]):
        raise _UnfitError('a list of a program and its arguments: ["firefox", "{url}"]')
    return _with_url(arguments) if arguments else ()


def _with_url(arguments: Iterable[str]) -> tuple[str, ...]:
    given = tuple(arguments)
    return given if any("{url}" in argument for argument in given) else (*given, "{url}")


def _keys(found: object) -> tuple[str, ...]:
    keys = _texts([found] if isinstance(found, str) else found)
    if keys is None:
        raise _UnfitError('a key, "s", or a list of keys, ["s", "f5"]')
    return keys


def _texts(found: object) -> tuple[str, ...] | None:
    """`found` where it is a list of printable texts, none of them blank; else None."""
    if not isinstance(found, list):
        return None
    fit = all(isinstance(text, str) and text.isprintable() and text.strip() for text in found)
    return tuple(found) if fit else None


_SETTINGS: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {
        "theme": _theme,
        "read_after": _read_after,
        "density": _density,
        "browser": _program,
        "pdf": _program,
    }
)


def _nearest(name: str) -> str:
    from difflib import get_close_matches

    known = (*_SETTINGS, "keys", *_LATER)
    near = get_close_matches(name, known, n=1)
    return f"perhaps {near[0]} is meant" if near else f"expected one of {', '.join(known)}"


def _unfit(name: str, found: object, unfit: _UnfitError) -> str:
    return f"{_line(name)}: found {_shown(found)}, expected {unfit}"


def _shown(found: object) -> str:
    """What stands in the file, short and on one line."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dict):
        return "a table"
    try:
        return _line(repr(found))
    except (ValueError, RecursionError):  # Python won't write out numbers of thousands of digits
        return "something too long to show"


def _line(text: str, longest: int = 60) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"
