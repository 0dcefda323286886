"""The table of commands, and finding the one that is meant."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NoReturn, Protocol, TypeVar, cast

from papers_tui.cli import streams
from papers_tui.domain.errors import PapersError
from papers_tui.late import dataclass
from papers_tui.paths import Paths, find_paths


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it does in a few words, and the module of this package that does it.

    `queries` says that its arguments are a query, which may well begin with a `-`; `anywhere` that it runs even where
    nobody knows the directories, which it is not given.
    """

    name: str
    summary: str
    module: str
    queries: bool = False
    anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One of the things that a command can do, named by the word after it: `papers-tui source add`.

    `queries` as for a command.
    """

    name: str
    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Paths], int]
    queries: bool = False


COMMANDS = (
    Command("import", "read saved pages, feeds, OPML or JSON Lines into the library", "importing"),
    Command("refresh", "ask the sources for new papers", "refreshing"),
    Command("list", "list the papers of a query", "listing", queries=True),
    Command("show", "show one paper", "showing"),
    Command("mark", "mark papers read, starred, dismissed, for later; tag or note them", "marking"),
    Command("undo", "take back the last act made on this device", "undoing"),
    Command("export", "write papers as Markdown, BibTeX or JSON Lines", "exporting", queries=True),
    Command("open", "open a paper's page, code or PDF", "opening"),
    Command("source", "add, list, change and remove what you follow", "sourcing"),
    Command("view", "save queries under a name; list, rename and remove such views", "viewing"),
    Command("rule", "dismiss, tag, read or keep for later by itself what a query finds", "ruling"),
    Command("tag", "list your tags; rename, join and delete them", "tagging"),
    Command("sync", "share your marks between machines through a folder", "syncing"),
    Command("paths", "where config, data, cache and log are", "places"),
    Command("config", "print a config.toml with every setting, commented out", "settings"),
    Command("doctor", "look for what is wrong, and say what to do", "doctoring", anywhere=True),
)


_Named = TypeVar("_Named", Command, Act)
_DISGUISE = "\0"
_MAYBE_A_QUERY = (
    "unrecognized arguments",
    "argument -h/--help: ignored",
    "the following arguments are required: QUERY",
)
"""How argparse begins when it takes a query that begins with a `-` for an option."""

_NO_QUERY = "argument --query: expected one argument"


class _Module(Protocol):
    """What the module of a command offers; one that does several things offers ACTS instead."""

    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Paths], int]


class _Wanderer(Protocol):
    """What the module of a command offers that runs anywhere."""

    run: Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are PapersErrors: one line that names the way out."""

    def __init__(self, command: Command) -> None:
        super().__init__(
            prog=f"papers-tui {command.name}",
            description=_sentence(command.summary),
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._command = command

    def read(self, words: list[str]) -> argparse.Namespace:
        """What the words after the command say. Options may stand anywhere before `--`, nothing after it is one."""
        if "--" not in words:
            return self.parse_intermixed_args(words)
        # Intermixed parsing knows no `--`: what follows is disguised, by what no argument can hold.
        place = words.index("--")
        namespace = self.parse_intermixed_args(
            [*words[:place], *(f"{_DISGUISE}{word}" for word in words[place + 1 :])]
        )
        return argparse.Namespace(**{name: _undisguised(value) for name, value in vars(namespace).items()})

    def error(self, message: str) -> NoReturn:
        hint = f"`{self.prog} --help` shows what there is"
        if self._command.queries and message.startswith(_MAYBE_A_QUERY):
            hint = f"a query that begins with - comes after --, as in `{self.prog} -- -is:read`; {hint}"
        if message.startswith(_NO_QUERY):
            hint = "one that begins with - comes after a =, as in --query=-is:read"
        raise PapersError(self._command.name, message, hint)

    def print_help(self, file: object = None) -> None:  # noqa: ARG002 argparse's signature
        streams.put(self.format_help())


def run(argv: Sequence[str]) -> int:
    """Does what the arguments ask for; its exit code. Raises PapersError, or SystemExit after printing help."""
    first, *rest = argv
    if first in ("-h", "--help"):
        streams.put(_help())
        return 0
    if first == "--version":
        from papers_tui import __version__

        streams.put(f"papers-tui {__version__}\n")
        return 0
    command = _named(first, COMMANDS, "papers-tui")
    module = import_module(f"papers_tui.cli.{command.module}")
    if acts := cast(tuple[Act, ...], getattr(module, "ACTS", ())):
        return _run_act(command, acts, rest)
    return _run(command, cast(_Module, module), rest)


def _run_act(command: Command, acts: tuple[Act, ...], words: Sequence[str]) -> int:
    program = f"papers-tui {command.name}"
    if not words:
        names = ", ".join(act.name for act in acts)
        raise PapersError(command.name, f"say what to do: {names}", f"`{program} --help` tells more")
    first, *rest = words
    if first in ("-h", "--help"):
        streams.put(f"usage: {program} ACT [...]\n\n{_sentence(command.summary)}\n\nacts:\n{_table(acts)}\n")
        return 0
    act = _named(first, acts, program)
    return _run(Command(f"{command.name} {act.name}", act.summary, command.module, act.queries), act, rest)


def _run(command: Command, module: _Module | Act, words: list[str]) -> int:
    parser = Parser(command)
    module.arguments(parser)
    given = parser.read(words)
    if command.anywhere:
        return cast(_Wanderer, module).run(given)
    return module.run(given, find_paths(os.environ))


def _named(name: str, known: Sequence[_Named], program: str) -> _Named:
    for one in known:
        if one.name == name:
            return one
    if name.startswith("-"):
        raise PapersError(name, "there is no such option", f"`{program} --help` shows what there is")
    from difflib import get_close_matches

    near = get_close_matches(name, [one.name for one in known], n=1)
    nearest = f"perhaps {near[0]} is meant; " if near else ""
    raise PapersError(name, "there is no such command", f"{nearest}`{program} --help` shows them all")


def _undisguised(value: object) -> object:
    if isinstance(value, list):
        return [_undisguised(item) for item in value]
    return value.removeprefix(_DISGUISE) if isinstance(value, str) else value


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."


def _table(named: Sequence[Command] | Sequence[Act]) -> str:
    widest = max(len(one.name) for one in named)
    return "\n".join(f"  {one.name:{widest}}  {one.summary}" for one in named)


def _help() -> str:
    return f"""\
usage: papers-tui [COMMAND] [...]

A terminal feed reader for research papers. Without a command: the app.

commands:
{_table(COMMANDS)}

options:
  -h, --help  show this; `papers-tui COMMAND --help` shows a command's own
  --version   show the version
  --demo      the app on the sample papers; keeps nothing

Data goes to standard output, words to standard error. Exit codes: 0 done, 1 error, 2 something that you can
mend, 75 try again later.
"""
