"""The program's own parsers, under the names that the runners beside the sample suites ask for."""

from __future__ import annotations

from dataclasses import dataclass

from papers_tui.domain.errors import FeedError
from papers_tui.domain.paper import Paper
from papers_tui.sources.feeds.reading import parse as parse_feed
from papers_tui.sources.feeds.values import Feed, FeedEntry
from papers_tui.sources.huggingface import papers_from_rows
from papers_tui.sources.json_text import load

__all__ = ["FeedError", "parse", "parse_daily"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in the runners' words."""

    id: str
    title: str
    link: str
    authors: list[str]
    published: str | None
    updated: str | None
    summary: str
    content: str


@dataclass(frozen=True, slots=True)
class Head:
    title: str
    link: str


@dataclass(frozen=True, slots=True)
class Result:
    feed: Head
    entries: list[Entry]


def parse(data: bytes, *, content_type: str | None = None, base_url: str | None = None) -> Result:
    """The feed as the program reads it; raises FeedError as the program does."""
    feed = parse_feed(data, content_type=content_type, base_url=base_url)
    return Result(_head(feed), [_entry(entry) for entry in feed.entries])


def parse_daily(data: bytes) -> list[Paper]:
    """The papers of the service's JSON; FeedError where it is no list of rows."""
    try:
        rows = load(data.decode("utf-8-sig", "replace"))
    except ValueError as fault:
        raise FeedError("Daily Papers", str(fault)) from None
    if not isinstance(rows, list):
        raise FeedError("Daily Papers", "it is no list of papers")
    return list(papers_from_rows(rows)[0])


def _head(feed: Feed) -> Head:
    return Head(feed.title.value, feed.home)


def _entry(entry: FeedEntry) -> Entry:
    return Entry(
        id=entry.id,
        title=entry.title.value,
        link=entry.link,
        authors=list(entry.authors),
        published=entry.published,
        updated=entry.updated,
        summary=entry.summary.value,
        content=entry.content.value,
    )
