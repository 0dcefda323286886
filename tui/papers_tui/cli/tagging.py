"""`papers-tui tag`: the user's tags, each on all the papers that carry it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys

from papers_tui.cli import streams
from papers_tui.cli.commands import Act
from papers_tui.cli.reading import opened, papers
from papers_tui.cli.table import fit
from papers_tui.domain.text import for_terminal
from papers_tui.domain.topics import folded
from papers_tui.library import Done, Library
from papers_tui.paths import Paths
from papers_tui.tag_mentions import follow, mentions

_SAME = "Case and accents don't count: rl and RL are one tag. `papers-tui undo` takes it back."


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print them as JSON, one a line")
    parser.epilog = "How many papers carry it, and its name; without a terminal with a tab between them."


def _list(args: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        tags = library.counts().labels["tag"]
    width = shutil.get_terminal_size().columns if streams.is_terminal(sys.stdout) else 0
    widest = max((len(f"{tag.total:,}") for tag in tags), default=0)
    for tag in tags:
        name = for_terminal(tag.name)
        if args.json:
            record = {"name": tag.name, "papers": tag.total, "unread": tag.unread}
            streams.put_text(f"{json.dumps(record, ensure_ascii=False)}\n")
        elif width:
            streams.put_text(f"{fit(f'{tag.total:{widest},}  {name}', width).rstrip()}\n")
        else:
            streams.put_text(f"{tag.total}\t{name}\n")
    if not tags:
        streams.say("no paper is tagged; `papers-tui mark ID --tag T` changes that")
    return 0


def _rename_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="its name so far")
    parser.add_argument("new", metavar="NEW", help="its new name; that of another tag joins the two")
    parser.epilog = _SAME


def _rename(args: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        old = library.tag(args.old).name
        done = library.retag(old, args.new)
        if code := _told(library, done):
            return code
        new = library.tag(args.new).name if done.rows else old
        followed = follow(paths, old, new)
        library.follow_rules()
    if followed.names:
        streams.say(f"{followed.names.words}: now with {new}; `papers-tui undo` leaves that as it is")
    if folded(new) != folded(old) and (still := mentions(paths, old).by_hand):
        streams.say(f"{paths.config_file} still gives {old}, in the rule {', '.join(still)}: change it there")
    return 0


def _delete_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the tag; the papers stay")
    parser.epilog = _SAME


def _delete(args: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        name = library.tag(args.name).name
        code = _told(library, library.untag_all(name))
    if named := mentions(paths, name).words:
        streams.say(f"{name} is still named by {named}")
    return code


ACTS = (
    Act("list", "your tags, with how many papers carry each", _list_arguments, _list),
    Act(
        "rename", "call it something else on all papers, or join it with another", _rename_arguments, _rename
    ),
    Act("delete", "take it off all papers", _delete_arguments, _delete),
)


def _told(library: Library, done: Done) -> int:
    """Says what was done; the exit code."""
    if not done.saved:
        streams.say(f"papers-tui: not saved: {library.trouble}")
        return 1
    streams.say(f"{papers(len(done.rows))}: {done.text}" if done.rows else "nothing to change")
    return 0
