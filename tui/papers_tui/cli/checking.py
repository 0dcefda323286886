"""`papers-tui source check`: what a source is, before or while it is followed."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from papers_tui import subscriptions
from papers_tui.cli import streams
from papers_tui.cli.reading import papers
from papers_tui.config import load_config
from papers_tui.domain.checked import Checked, to_checked_record
from papers_tui.domain.confidential import without_secrets
from papers_tui.domain.errors import PapersError, TryLater
from papers_tui.domain.sources import Source
from papers_tui.paths import Paths, home_folder, make

_MOST_AUTHORS = 3
_MENDABLE, _TEMPORARY = 2, 75


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="+", metavar="WHAT", help="what could be followed, or the name of what is"
    )
    parser.add_argument("--json", action="store_true", help="print what is found as a JSON object")
    parser.add_argument(
        "--with-secrets", action="store_true", help="leave the secrets in addresses, for a program of yours"
    )
    parser.add_argument("--offered-by", default="", metavar="PAGE", help="the page that gave the address")


def run(args: argparse.Namespace, paths: Paths) -> int:
    followed, _ = subscriptions.load(paths.sources_file)
    source = _meant(" ".join(args.what), followed)
    checked = look_at(source, paths, offered_by=args.offered_by)
    if source in followed:
        checked = replace(checked, name=source.name)
    if args.json:
        text = json.dumps(to_checked_record(checked), ensure_ascii=False)
        streams.put_text((text if args.with_secrets else without_secrets(text)) + "\n")
    elif not checked.error:
        streams.put_text(without_secrets("".join(f"{line}\n" for line in _lines(checked))))
        for fault in checked.left_out[:3]:
            streams.say(f"left out: {fault}")
    if checked.error and not args.json:
        raise trouble(checked)
    return (_TEMPORARY if checked.temporary else _MENDABLE) if checked.error else 0


def look_at(source: Source, paths: Paths, *, offered_by: str = "") -> Checked:
    """Asks a source and keeps nothing; a terminal is told meanwhile. Raises PapersError where settings forbid it."""
    from papers_tui.refresh.check import check
    from papers_tui.refresh.refresher import manners
    from papers_tui.sources.http.client import Client

    config, problems = load_config(paths.config_file)
    for problem in problems:
        streams.say(problem)
    make(paths)
    client = Client(paths.log / "hosts", contact=config.contact, manners=manners(config.services))
    token = os.environ.get("HF_TOKEN", "").strip()
    progress = streams.Progress("asking")
    progress.show(0, 1, without_secrets(source.address) or source.name)
    try:
        return asyncio.run(check(source, client, config.services, token=token, offered_by=offered_by))
    finally:
        progress.wipe()


def trouble(checked: Checked, hint: str = "") -> PapersError:
    """What there is to be said of a source that gave nothing, as an exception of the fitting exit code."""
    kind = TryLater if checked.temporary else PapersError
    return kind(without_secrets(checked.address) or checked.name, checked.error, hint)


def titles(checked: Checked) -> Iterator[str]:
    """What a source holds, in a line for each of the first papers and one about all of them."""
    for entry in checked.entries:
        yield f"  {entry.title}"
    yield _count(checked)


def _lines(checked: Checked) -> Iterator[str]:
    yield f"{checked.title} · {checked.kind} {checked.address}".rstrip()
    for entry in checked.entries:
        authors = ", ".join(entry.authors[:_MOST_AUTHORS])
        if more := len(entry.authors) - _MOST_AUTHORS:
            authors += f" and {more} more" if more > 0 else ""
        yield f"  {entry.title}"
        yield "    " + " · ".join(filter(None, (authors, entry.published[:10])))
    yield _count(checked)
    if len(checked.offers) > 1:
        yield f"the page offers {len(checked.offers)} feeds:"
        for offer in checked.offers:
            yield f"  {offer.address}  {offer.title}".rstrip()


def _count(checked: Checked) -> str:
    return f"{papers(checked.count)} in it now" if checked.count else "nothing in it now"


def _meant(text: str, followed: Sequence[Source]) -> Source:
    """The followed source of this very name, what the text stands for, or the source whose name has its beginning."""
    wanted = subscriptions.source_name(text).casefold()
    if called := next((source for source in followed if source.name.casefold() == wanted), None):
        return called
    try:
        source = subscriptions.source_from(text, home=home_folder())
    except PapersError as error:
        try:
            return subscriptions.named(tuple(followed), text)
        except PapersError:
            raise error from None
    return next((known for known in followed if known.ref == source.ref), source)
