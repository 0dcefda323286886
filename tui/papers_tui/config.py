"""The user's settings, read from `config.toml`; the program never writes that file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from papers_tui.late import dataclass, pattern
from papers_tui.problems import UnfitError, line, nearest, shown, unfit

if TYPE_CHECKING:
    from papers_tui.domain.rules import Rule

DENSITIES = ("compact", "comfortable")
"""Papers one line each, or two."""

REFRESHES = ("auto", "manual")
"""Sources are asked when they are due, or only when the user says so."""

_LONGEST = 86_400
_LONGEST_CONTACT = 200
_USER_INFO = pattern(r"//.*@")
_TABLES = ("keys", "services", "rules")


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services are asked: http(s) origins, with a path before the services' own where a mirror has one.

    None ends in a slash.
    """

    huggingface: str = "https://huggingface.co"
    arxiv_api: str = "https://export.arxiv.org"
    arxiv_rss: str = "https://rss.arxiv.org"
    paperswithcode: str = "https://paperswithcode.co"


@dataclass(frozen=True, slots=True)
class Config:
    """What the user set, and the defaults of the rest.

    `theme` is a theme's name, empty for the app's own; `read_after` the seconds under the cursor after which
    a paper counts as read, 0 for never; `density` one of DENSITIES. `browser` and `pdf` are argument lists in
    which `{url}` stands for the address, empty for the system's own programs. `keys` maps a command's id to
    the keys that replace its default ones; the table of commands knows whether they exist. `contact`, a mail
    address or a page, tells servers whom to complain to; `refresh` is one of REFRESHES. `rules` are those written
    by hand, None where the file can't be read, so that nobody knows them.
    """

    theme: str = ""
    read_after: float = 2.0
    density: str = DENSITIES[0]
    browser: tuple[str, ...] = ()
    pdf: tuple[str, ...] = ()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    contact: str = ""
    refresh: str = REFRESHES[0]
    services: Services = Services()
    rules: tuple[Rule, ...] | None = ()


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

# When sources are asked for new papers: "auto" (whenever they are due) or "manual" (when you say so).
#refresh = "auto"

# A mail address or a page of yours. Servers are told it with every request, so that they can write to you
# before they lock you out. Empty: they are told the program's name alone.
#contact = "you@example.org"

# Keys of your own, by the id of the command: one, or a list of them. They replace the default ones;
# an empty list leaves the command without a key. The help (?) shows the ids.
#[keys]
#star = "s"
#later = ["L", "f5"]

# Where the services are asked, if not at their own addresses: a mirror, or a server of your own.
#[services]
#huggingface = "https://huggingface.co"
#arxiv_api = "https://export.arxiv.org"
#arxiv_rss = "https://rss.arxiv.org"
#paperswithcode = "https://paperswithcode.co"

# What is to be done to papers by themselves, as often as you like: when a query finds them, dismiss them, put
# them on Later, mark them read or tag them. Whatever you do to a paper yourself counts for more, and a rule that
# is gone takes back what it did. `papers-tui rule try QUERY` counts the papers that it would touch.
#[[rules]]
#name = "no surveys"
#when = "title:survey"
#do = ["dismiss"]
#[[rules]]
#name = "mixture of experts"
#when = '"mixture of experts" OR moe'
#do = ["tag:moe", "later"]
"""
"""A `config.toml` with every setting, commented out; with the marks taken away it loads without problems."""


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
        return Config(rules=None), (f"{path}: can't be read ({error.strerror or error}), the defaults hold",)
    except UnicodeDecodeError as error:
        return Config(rules=None), (
            f"{path}: found byte {error.start + 1} not to be UTF-8, expected UTF-8 text",
        )
    except (ValueError, RecursionError) as error:
        return Config(rules=None), (f"{path}: it is not TOML, so the defaults hold: {line(str(error), 200)}",)
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
            elif name == "services":
                values[name], faults = _services(found)
                problems += faults
            elif name == "rules":
                values[name], faults = _rules(found)
                problems += faults
            else:
                problems.append(f"{shown(name)} is not a setting, {nearest(name, (*_SETTINGS, *_TABLES))}")
        except UnfitError as expected:
            problems.append(unfit(name, found, expected))
    return values, problems


def _key_table(found: object) -> tuple[Mapping[str, tuple[str, ...]], list[str]]:
    if not isinstance(found, dict):
        raise UnfitError("a table, [keys], with a line for each command")
    keys: dict[str, tuple[str, ...]] = {}
    problems: list[str] = []
    for command, chosen in found.items():
        try:
            keys[command] = _keys(chosen)
        except UnfitError as expected:
            problems.append(unfit(f"keys.{command}", chosen, expected))
    return MappingProxyType(keys), problems


def _services(found: object) -> tuple[Services, list[str]]:
    if not isinstance(found, dict):
        raise UnfitError("a table, [services], with a line for each service")
    known = tuple(field.name for field in fields(Services))
    origins: dict[str, str] = {}
    problems: list[str] = []
    for service, address in found.items():
        if service not in known:
            problems.append(f"services.{line(service)} is not a service, {nearest(service, known)}")
            continue
        try:
            origins[service] = _origin(address)
        except UnfitError as expected:
            # A password is not for the screen, nor for the log.
            public = _USER_INFO.sub("//…@", address) if isinstance(address, str) else address
            problems.append(unfit(f"services.{service}", public, expected))
    return Services(**origins), problems


def _rules(found: object) -> tuple[tuple[Rule, ...], list[str]]:
    from papers_tui.rulebook.entries import RULES

    if not isinstance(found, list):
        raise UnfitError("[[rules]] tables, in double brackets")
    rules, problems = RULES.read(found)
    return rules, list(problems)


def _origin(found: object) -> str:
    from papers_tui.domain.links import safe_url

    address = safe_url(found) if isinstance(found, str) else None
    if address is None or "?" in address or "#" in address:
        raise UnfitError('an http(s) address without user, query or fragment: "https://huggingface.co"')
    return address.rstrip("/")


def _theme(found: object) -> str:
    if isinstance(found, str):
        return found
    raise UnfitError('the name of a theme, such as "textual-dark"')


def _read_after(found: object) -> float:
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 <= found <= _LONGEST:
        return float(found)
    raise UnfitError(f"seconds from 0 (never) to {_LONGEST}, such as 2.0")


def _density(found: object) -> str:
    if isinstance(found, str) and found in DENSITIES:
        return found
    raise UnfitError(" or ".join(f'"{density}"' for density in DENSITIES))


def _contact(found: object) -> str:
    if isinstance(found, str) and found.isprintable() and len(found) <= _LONGEST_CONTACT:
        return found.strip()
    raise UnfitError('a mail address or a page, on one line: "you@example.org"')


def _refresh(found: object) -> str:
    if isinstance(found, str) and found in REFRESHES:
        return found
    raise UnfitError(" or ".join(f'"{when}"' for when in REFRESHES))


def _program(found: object) -> tuple[str, ...]:
    if isinstance(found, str):
        words = [word.strip("\"'") for word in found.split()] or ["firefox"]
        quoted = ", ".join(f'"{word}"' for word in _with_url(words))
        raise UnfitError(f"a list: {line(f'[{quoted}]', 200)}")
    arguments = _texts(found)
    if arguments is None or (arguments and "{url}" in arguments[0]):
        raise UnfitError('a list of a program and its arguments: ["firefox", "{url}"]')
    return _with_url(arguments) if arguments else ()


def _with_url(arguments: Iterable[str]) -> tuple[str, ...]:
    given = tuple(arguments)
    return given if any("{url}" in argument for argument in given) else (*given, "{url}")


def _keys(found: object) -> tuple[str, ...]:
    keys = _texts([found] if isinstance(found, str) else found)
    if keys is None:
        raise UnfitError('a key, "s", or a list of keys, ["s", "f5"]')
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
        "contact": _contact,
        "refresh": _refresh,
    }
)
