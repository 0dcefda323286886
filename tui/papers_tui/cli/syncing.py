"""`papers-tui sync`: the marks of several machines, through a folder."""

from __future__ import annotations

import argparse

from papers_tui import syncing
from papers_tui.cli import streams
from papers_tui.cli.commands import Act
from papers_tui.cli.reading import acts, opened
from papers_tui.journal.exchange import Exchanged
from papers_tui.paths import Paths, make

_ABOUT = (
    "Any folder will do that something carries between your machines: Syncthing, Dropbox, a git work tree, rsync, "
    "a USB stick.\nMarks, notes and tags go there, with the papers that bear them; settings, views and sources do not."
)


def _init_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", help="the folder; the same one on each machine")
    parser.epilog = _ABOUT


def _init(args: argparse.Namespace, paths: Paths) -> int:
    make(paths)
    folder = syncing.begin(paths, args.folder)
    streams.say(f"this machine meets your others in {folder}")
    return _sync(paths)


def _nothing(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _ABOUT


def _status(_: argparse.Namespace, paths: Paths) -> int:
    make(paths)
    found = syncing.status(paths)
    streams.put("folder\t")
    streams.put_text(f"{found.folder}\n")
    streams.put_text(f"to fetch\t{acts(found.plan.fetched)}\n")
    streams.put_text(f"to give\t{_files(len(found.plan.give))}\n")
    for fault in found.faults:
        streams.say(fault)
    return 0


def _now(_: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        library.compact()
    return _sync(paths)


def _stop(_: argparse.Namespace, paths: Paths) -> int:
    folder = syncing.end(paths)
    streams.say(
        f"{folder} is shared no longer; all that was fetched stays" if folder else "nothing was shared"
    )
    return 0


ACTS = (
    Act("init", "name the folder, and sync", _init_arguments, _init),
    Act("status", "the folder, and what there is to fetch and to give", _nothing, _status),
    Act("now", "fetch what other machines did, give them what you did", _nothing, _now),
    Act("stop", "share no longer; what was fetched stays", _nothing, _stop),
)


def _sync(paths: Paths) -> int:
    done = syncing.sync(paths)
    if done.fetched:
        with opened(paths):
            pass
    streams.say(told(done))
    for fault in done.faults:
        streams.say(fault)
    return 0


def told(done: Exchanged) -> str:
    """What came of a sync, in words."""
    said = (
        f"{acts(done.fetched)} fetched, {_files(done.given)} given"
        if done.fetched or done.given
        else "up to date"
    )
    if done.renewed:
        said += "; another machine went by this one's id, which has a new one now: both histories are kept"
    return said


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
