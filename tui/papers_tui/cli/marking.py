"""`papers-tui mark`: one act on some papers."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from papers_tui.cli import streams
from papers_tui.cli.reading import opened, papers, row_of
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Act
from papers_tui.domain.orders import read_which
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.session import last_opened

_FLAGS = (
    ("read", "read", "unread"),
    ("star", "star", "unstar"),
    ("dismiss", "dismiss", "restore"),
    ("later", "later", "unlater"),
)
"""Each flag's register, and the options that set and clear it."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="an id, or - for ids on standard input, one a line"
    )
    parser.add_argument(
        "--query",
        metavar="Q",
        help="instead of ids: all papers that it finds; one that begins with - as in --query=-is:read",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="change nothing, print only how many papers would change"
    )
    for register, on, off in _FLAGS:
        group = parser.add_mutually_exclusive_group()
        group.add_argument(f"--{on}", dest=register, action="store_const", const=True)
        group.add_argument(f"--{off}", dest=register, action="store_const", const=False)
    parser.add_argument("--tag", action="append", default=[], metavar="T", help="may be given several times")
    parser.add_argument(
        "--untag", action="append", default=[], metavar="T", help="may be given several times"
    )
    parser.add_argument("--note", metavar="TEXT", help="the whole note; an empty one takes it away")


def run(args: argparse.Namespace, paths: Paths) -> int:
    _check(args)
    with opened(paths) as library:
        act = _act(args, [tag.name for tag in library.counts().labels["tag"]])
        rows = _rows(library, args, last_opened(paths))
        if args.dry_run:
            streams.put(f"{len(library.changed_by(rows, act))}\n")
            return 0
        done = library.mark(rows, act)
        if not done.saved:
            streams.say(f"papers-tui: not saved: {library.trouble}")
            return 1
        nothing = (
            "no ids came in, nothing to do" if args.query is None else "no paper is found, nothing to do"
        )
        streams.say(_words(rows, done.rows, done.text) if rows else nothing)
    return 0


def _check(args: argparse.Namespace) -> None:
    if args.ids and args.query is not None:
        raise PapersError("mark", "ids and --query both say which papers", "give one of them")
    if not args.ids and args.query is None:
        raise PapersError("mark", "nothing says which papers", "give ids, - or --query Q")
    flagged = any(getattr(args, register) is not None for register, _, _ in _FLAGS)
    if not (flagged or args.tag or args.untag or args.note is not None):
        options = " ".join(f"--{on} --{off}" for _, on, off in _FLAGS)
        raise PapersError("mark", "nothing to do", f"say what: {options} --tag T --untag T --note TEXT")


def _act(args: argparse.Namespace, known: Iterable[str]) -> Act:
    """All that is asked for as one act; it is about the first thing set, and about `read` where that is named."""
    acts: dict[str, Callable[[bool], Act]] = {
        "read": marks.read,
        "star": partial(marks.star, implies_read=False),
        "dismiss": partial(marks.dismiss, implies_read=False),
        "later": partial(marks.later, implies_read=False),
    }
    asked = [
        acts[register](value) for register, _, _ in _FLAGS if (value := getattr(args, register)) is not None
    ]
    spelt = {name.casefold(): name for name in known}
    add, remove = _tags(args.tag, spelt), _tags(args.untag, spelt)
    if both := [tag for tag in add if tag in remove]:
        raise PapersError("mark", f"--tag and --untag both name {both[0]}", "give one of them")
    if add or remove:
        asked.append(marks.tags(add, remove, implies_read=False))
    if args.note is not None:
        asked.append(marks.note(args.note))
    return Act(asked[0].kind, tuple(pair for act in asked for pair in act.sets))


def _tags(given: Iterable[str], spelt: dict[str, str]) -> list[str]:
    """The tags as they are kept: one that is there already keeps its spelling."""
    names = []
    for text in given:
        name = marks.tag_name(text)
        if not name:
            raise PapersError("mark", f"{text!r} holds no name for a tag", "give it letters or digits")
        names.append(spelt.setdefault(name.casefold(), name))
    return list(dict.fromkeys(names))


def _rows(library: Library, args: argparse.Namespace, since: str) -> list[int]:
    """The papers that are meant. Raises PapersError where an id or the query can't be followed."""
    if args.query is None:
        return list(dict.fromkeys(row_of(library, identifier) for identifier in _identifiers(args.ids)))
    return list(library.find(read_which(args.query), since=since))


def _identifiers(given: Sequence[str]) -> list[str]:
    identifiers: list[str] = []
    for identifier in given:
        if identifier == "-":
            lines = streams.read_input().decode("utf-8", "replace").splitlines()
            identifiers.extend(line.strip() for line in lines if line.strip())
        else:
            identifiers.append(identifier)
    return identifiers


def _words(asked: Sequence[int], changed: Sequence[int], text: str) -> str:
    if not changed:
        return f"{papers(len(asked))}: nothing to change"
    same = len(asked) - len(changed)
    return f"{papers(len(changed))}: {text}" + (f" ({same:,} as it was)" if same else "")
