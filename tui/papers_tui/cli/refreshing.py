"""`papers-tui refresh`: asks the sources that are due, and keeps what they bring."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from papers_tui.cli import streams
from papers_tui.cli.log import keep_traceback
from papers_tui.cli.reading import opened, papers
from papers_tui.config import Config, load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import arxiv_id, key_arxiv_id
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.subscriptions import load, named

DONE, PARTLY, TEMPORARY = 0, 3, 75

_Result = TypeVar("_Result")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="sources by name (default: all that are due)"
    )
    parser.add_argument(
        "--since", type=_day, metavar="DAY", help="fetch what was missed from this day on: 2026-11-01, or 7d"
    )
    parser.add_argument(
        "--paper", metavar="ID", help="fetch all there is on one paper: code, models, datasets"
    )
    parser.add_argument("--force", action="store_true", help="ask sources that are not due, too")
    parser.add_argument("--json", action="store_true", help="print what happens as JSON, one object a line")


def run(args: argparse.Namespace, paths: Paths) -> int:
    config, problems = load_config(paths.config_file)
    followed, more = load(paths.sources_file)
    for problem in (*problems, *more):
        streams.say(problem)
    wanted = [named(followed, name) for name in args.sources] if args.sources else list(followed)
    if args.paper and (args.sources or args.since):
        raise PapersError(
            "refresh", "--paper goes with neither a source nor --since", "give the one or the other"
        )
    from papers_tui.refresh.lock import only_one

    with opened(paths) as library:
        telling = _Telling(as_json=args.json)
        try:
            with only_one(paths.log, datetime.now(UTC)):
                library.intake.rename(followed)
                return _refreshed(library, config, paths, args, wanted, telling)
        finally:
            telling.progress.wipe()


def _refreshed(
    library: Library,
    config: Config,
    paths: Paths,
    args: argparse.Namespace,
    wanted: Sequence[Source],
    telling: _Telling,
) -> int:
    from papers_tui.refresh.refresher import Refresher, Summary, manners
    from papers_tui.sources.http.client import Client

    token = os.environ.get("HF_TOKEN", "").strip()

    async def work() -> Summary:
        client = Client(paths.log / "hosts", contact=config.contact, manners=manners(config.services))
        report = partial(keep_traceback, paths.log_file)
        refresher = Refresher(
            library.intake, config.services, client, emit=telling.hear, report=report, token=token
        )
        async with refresher:
            if args.paper:
                return await refresher.paper(*_paper(library, args.paper))
            return await refresher.run(wanted, force=args.force or bool(args.sources), since=args.since)

    summary = _run_until_sigterm(work())
    telling.end(summary)
    if summary.offline:
        return TEMPORARY
    return PARTLY if summary.failed else DONE


def _run_until_sigterm(work: Coroutine[Any, Any, _Result]) -> _Result:
    """Runs `work` in an event loop. SIGTERM cancels it, and ends the program once the loop is closed.

    An exception out of nowhere would be lost in some callback of the loop, or leave it open.
    """
    former = signal.getsignal(signal.SIGTERM)
    if not callable(former):  # whoever started us chose how it is to end
        return asyncio.run(work)
    asked = False
    cancel: Callable[[], object] = bool

    def end(*_: object) -> None:
        nonlocal asked
        asked = True
        cancel()

    async def watched() -> _Result:
        nonlocal cancel
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task
        cancel = partial(loop.call_soon_threadsafe, task.cancel)
        if asked:
            cancel()
        try:
            return await work
        finally:
            cancel = bool

    signal.signal(signal.SIGTERM, end)
    try:
        return asyncio.run(watched())
    finally:
        signal.signal(signal.SIGTERM, former)
        if asked:
            signal.raise_signal(signal.SIGTERM)


class _Telling:
    """What a refresh does, in JSON Lines on standard output, or in words on standard error: on a terminal as it goes,
    elsewhere only what went wrong."""

    def __init__(self, *, as_json: bool) -> None:
        self._json = as_json
        self._talking = streams.is_terminal(sys.stderr) and not as_json
        self.progress = streams.Progress("refreshing")

    def hear(self, event: Mapping[str, Any]) -> None:
        if self._json:
            streams.put_text(json.dumps(event, ensure_ascii=False) + "\n")
            streams.finish()
        elif event["event"] == "progress":
            self.progress.show(event["done"], event["total"], event.get("detail", ""))
        elif event["event"] == "source":
            self._source(event)

    def _source(self, event: Mapping[str, Any]) -> None:
        status, reason, name = event["status"], event.get("reason", ""), event["source"]
        self.progress.wipe()
        if status in ("failed", "refused"):
            again = f"; again after {event['retry_at']}" if "retry_at" in event else ""
            streams.say(f"{name}: {reason}{again}")
        elif self._talking and status != "offline":
            news = f"{papers(event['new'])} new" if event["new"] else reason or "nothing new"
            streams.say(f"{name}: {news}")
        for fault in event.get("left_out", ())[:3] if self._talking else ():
            streams.say(f"  left out: {fault}")

    def end(self, summary: Any) -> None:
        self.progress.wipe()
        if summary.offline and not self._json:
            streams.say("nothing could be reached: this machine seems to be offline")
        elif self._talking and not summary.asked:
            streams.say("no source is due; --force asks them all the same")


def _paper(library: Library, text: str) -> tuple[str, Paper | None]:
    """The arXiv id of the paper that is meant, and what is known of it."""
    identifier = arxiv_id(text.removeprefix("arxiv:"))
    try:
        known = library.holding(library.resolve(text)).paper
    except PapersError:
        known = None
    found = (key_arxiv_id(known.keys) if known else None) or identifier
    if not found:
        raise PapersError(
            text, "only papers with an arXiv id can be looked up", "give one, such as 2402.16107"
        )
    return found, known


def _day(text: str) -> date:
    try:
        if text.endswith("d") and text[:-1].isdigit():
            return datetime.now(UTC).date() - timedelta(days=int(text[:-1]))
        return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a day such as 2026-11-01, nor a span such as 7d"
        ) from None
