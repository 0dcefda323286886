"""Any feed: bytes in, papers out, in a process that may die of them."""

from papers_tui.domain.errors import FeedError
from papers_tui.sources.feeds.discovery import find_feeds
from papers_tui.sources.feeds.message import Parsed
from papers_tui.sources.feeds.papers import papers_from_feed
from papers_tui.sources.feeds.parser import Parser
from papers_tui.sources.feeds.reading import parse
from papers_tui.sources.feeds.values import Attachment, Feed, FeedEntry, Found, Text

__all__ = [
    "Attachment",
    "Feed",
    "FeedEntry",
    "FeedError",
    "Found",
    "Parsed",
    "Parser",
    "Text",
    "find_feeds",
    "papers_from_feed",
    "parse",
]
