"""`papers-tui source`: what the user follows, in `sources.toml`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce

from papers_tui import subscriptions
from papers_tui.cli import checking, streams
from papers_tui.cli.commands import Act
from papers_tui.cli.reading import opened, papers
from papers_tui.cli.table import cells, fit
from papers_tui.domain.confidential import holds_secret, without_secrets
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import tag_name
from papers_tui.domain.sources import Source
from papers_tui.domain.text import for_terminal
from papers_tui.paths import Paths, home_folder, make

Sources = tuple[Source, ...]

_WIDEST = 32
"""Cells that a column of the table takes at most where another one needs the room."""

_CHECKED = """\
It is asked first, and added if it answers; of a web page the first good feed is. --unchecked adds it unasked."""

_FORMS = """\
What can be followed:
  cs.CL+cs.LG                       arXiv's daily announcements in these categories
  author:"Yann LeCun"               what arXiv has by an author
  arxiv:some words                  what arXiv finds; arxiv:search?title=…&category=… is more exact
  daily-papers week month trending  Daily Papers on Hugging Face
  daily:search:some words           what Daily Papers finds
  https://example.org/blog          any feed, or the page of one
  ~/feeds/lab.xml                   a feed in a file"""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="+", metavar="WHAT", help="a category, an author, an address; see below"
    )
    parser.add_argument("--name", help="what to call it (default: what it is)")
    parser.add_argument("--tag", action="append", default=[], metavar="T", help="may be given several times")
    parser.add_argument(
        "--every", type=_minutes, metavar="MINUTES", help="how often to ask it for new papers"
    )
    parser.add_argument("--unchecked", action="store_true", help="don't ask it first")
    parser.epilog = f"{_FORMS}\n\n{_CHECKED}"


def _add(args: argparse.Namespace, paths: Paths) -> int:
    source = subscriptions.source_from(" ".join(args.what), home=home_folder())
    if args.name is not None:
        source = replace(source, name=_name(args.name))
    source = replace(source, tags=_tags(args.tag), every=args.every)
    if not args.unchecked:
        source = _looked_at(source, paths, named=args.name is not None)
    sources = _edited(paths, lambda known: subscriptions.added(known, source))
    streams.say(f"added: {_described(sources[-1])}")
    return 0


def _looked_at(source: Source, paths: Paths, *, named: bool) -> Source:
    """The source as it is to be kept, once it has shown what is in it: with the address of the feed behind a page, and
    with the feed's own name unless the user `named` it. Raises PapersError where it has nothing to show."""

    def is_new(known: Sources) -> Sources:
        subscriptions.added(known, source)
        return known

    _edited(paths, is_new)
    checked = checking.look_at(source, paths)
    if checked.error:
        raise checking.trouble(checked, "not added; --unchecked adds it all the same")
    if streams.is_terminal(sys.stderr):
        for line in checking.titles(checked):
            streams.say(line)
    return replace(source, address=checked.address, name=source.name if named else checked.name)


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print them as JSON, one a line")
    form.add_argument("--opml", action="store_true", help="print the feeds as OPML, for other feed readers")
    parser.epilog = "Without a terminal: name, kind, address, tags and state, with tabs between them."


def _list(args: argparse.Namespace, paths: Paths) -> int:
    sources, problems = subscriptions.load(paths.sources_file)
    for problem in problems:
        streams.say(problem)
    if args.opml:
        _put_opml(sources)
        return 0
    for line in _records(sources) if args.json else _table(sources):
        streams.put_text(f"{line}\n")
    if not (sources or problems):
        streams.say("nothing is followed; `papers-tui source add WHAT` changes that")
    return 0


def _names_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names", nargs="+", metavar="NAME", help="a source's name, or the beginning of a word in it"
    )


def _remove(args: argparse.Namespace, paths: Paths) -> int:
    gone = _change_each(args.names, paths, subscriptions.removed)
    with opened(paths) as library:
        library.intake.rename(gone)
        for source in gone:
            listed, _ = library.intake.at_stake(source)
            lost = library.intake.forget(source)
            streams.say(f"removed: {_described(source)}; {_left(listed, lost)}")
    return 0


def _left(listed: int, lost: int) -> str:
    """What became of the papers of a source: so many that it listed, of which so many are gone."""
    if not listed:
        return "it had no papers"
    if not lost:
        return f"its {papers(listed)} stay{'s' if listed == 1 else ''}"
    return f"{papers(lost)} gone, {listed - lost:,} stay"


def _pause(args: argparse.Namespace, paths: Paths, *, on: bool) -> int:
    changed = _change_each(args.names, paths, partial(subscriptions.paused, on=on))
    for source in changed:
        as_it_was = "already " if source.paused == on else ""
        streams.say(f"{source.name}: {as_it_was}{'paused' if on else 'asked again when it is due'}")
    return 0


def _rename_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="its name so far, or the beginning of a word in it")
    parser.add_argument("new", metavar="NEW", help="its new name")


def _rename(args: argparse.Namespace, paths: Paths) -> int:
    (source,) = _change_each([args.name], paths, partial(subscriptions.renamed, new=args.new))
    with opened(paths) as library:
        library.intake.rename(subscriptions.load(paths.sources_file)[0])
    streams.say(f"{source.name}: now called {subscriptions.source_name(args.new)}")
    return 0


def _tag_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a source's name, or the beginning of a word in it")
    parser.add_argument(
        "tags", nargs="*", metavar="TAG", help="all the tags it is to have; none takes them away"
    )


def _tag(args: argparse.Namespace, paths: Paths) -> int:
    tags = _tags(args.tags)
    (source,) = _change_each([args.name], paths, partial(subscriptions.retagged, tags=tags))
    streams.say(f"{source.name}: {'tagged ' + ', '.join(tags) if tags else 'no tags'}")
    return 0


ACTS = (
    Act("add", "follow a category, an author, a search, a period or a feed", _add_arguments, _add),
    Act("check", "show what is newest in it, and keep nothing", checking.arguments, checking.run),
    Act("list", "what is followed", _list_arguments, _list),
    Act("remove", "follow it no longer; papers with your marks stay", _names_arguments, _remove),
    Act("rename", "call it something else", _rename_arguments, _rename),
    Act("pause", "keep it, but don't ask it", _names_arguments, partial(_pause, on=True)),
    Act("resume", "ask it again", _names_arguments, partial(_pause, on=False)),
    Act("tag", "give its papers these tags, and no others", _tag_arguments, _tag),
)


def _edited(paths: Paths, change: Callable[[Sources], Sources]) -> Sources:
    make(paths)
    return subscriptions.edit(paths.sources_file, change)


def _change_each(
    names: Sequence[str], paths: Paths, change: Callable[[Sources, str], Sources]
) -> list[Source]:
    """Does it to all that are named, or to none; those sources as they were."""
    meant: list[Source] = []

    def change_all(sources: Sources) -> Sources:
        meant.extend(dict.fromkeys(subscriptions.named(sources, name) for name in names))
        return reduce(change, (source.name for source in meant), sources)

    _edited(paths, change_all)
    return meant


def _put_opml(sources: Sources) -> None:
    from papers_tui.config import Services
    from papers_tui.sources.arxiv import Categories, parse_source, rss_address
    from papers_tui.sources.opml import OutlineFeed, write_opml

    feeds: list[OutlineFeed] = []
    secret: list[str] = []
    left_out: list[str] = []
    for source in sources:
        address = source.address if source.kind == "feed" and not source.address.startswith("/") else ""
        if source.kind == "arxiv":
            asked = parse_source(source.address)
            # Other readers are to ask arXiv itself, whatever this program asks.
            address = rss_address(Services().arxiv_rss, asked) if isinstance(asked, Categories) else ""
        if holds_secret(address):
            secret.append(source.name)
        elif address:
            feeds.append(OutlineFeed(address, source.name, source.tags))
        else:
            left_out.append(source.name)
    streams.put(write_opml(feeds).decode("utf-8"))
    if secret:
        streams.say(f"left out, since their addresses hold a password or a token: {', '.join(secret)}")
    if left_out:
        streams.say(f"left out, since no feed of the web is behind them: {', '.join(left_out)}")


def _records(sources: Sources) -> Iterator[str]:
    for source in sources:
        pace = {} if source.every is None else {"every": source.every}
        record = {
            "name": source.name,
            "kind": source.kind,
            "address": without_secrets(source.address),
            "tags": list(source.tags),
            "paused": source.paused,
        }
        yield json.dumps(record | pace, ensure_ascii=False)


def _table(sources: Sources) -> Iterator[str]:
    width = shutil.get_terminal_size().columns if streams.is_terminal(sys.stdout) else 0
    return _aligned(sources, width) if width and sources else _tabbed(sources)


def _columns(source: Source) -> tuple[str, ...]:
    state = "paused" if source.paused else ""
    columns = (source.name, source.kind, without_secrets(source.address), ",".join(source.tags), state)
    return tuple(for_terminal(column).replace("\t", " ") for column in columns)


def _tabbed(sources: Sources) -> Iterator[str]:
    return ("\t".join(_columns(source)) for source in sources)


def _aligned(sources: Sources, width: int) -> Iterator[str]:
    rows = [_columns(source) for source in sources]
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    for place in (2, 0, 3):  # where room is short, the address gives way first, then the name
        excess = sum(widths) + 2 * (len(widths) - 1) - width
        if excess > 0:
            widths[place] = max(min(widths[place], _WIDEST), widths[place] - excess)
    for row in rows:
        line = "  ".join(fit(text, size) for text, size in zip(row, widths, strict=True))
        yield fit(line, width).rstrip()


def _described(source: Source) -> str:
    place = without_secrets(f"{source.kind} {source.address}".rstrip())
    return f"{source.name} ({place})"


def _name(text: str) -> str:
    name = subscriptions.source_name(text)
    if not name:
        raise PapersError("--name", f"{text!r} holds nothing that can be shown", "give it letters or digits")
    return name


def _tags(given: Sequence[str]) -> tuple[str, ...]:
    for text in given:
        if not tag_name(text):
            raise PapersError("source", f"{text!r} holds no name for a tag", "give it letters or digits")
    return subscriptions.distinct_tags(given)


def _minutes(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= subscriptions.MOST_MINUTES:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is not a number of minutes from 1 to {subscriptions.MOST_MINUTES:,}"
    )
