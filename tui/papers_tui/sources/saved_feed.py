"""A feed that was saved to a file: arXiv's answers, RSS, RDF, Atom or JSON Feed."""

from __future__ import annotations

import re

from papers_tui.domain.errors import FeedError, NotAPage
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import ARXIV, FEED
from papers_tui.late import dataclass

_ROOTS = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_BEFORE_ROOT = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<![^>]*>\s*)*", re.DOTALL)
_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\\?/version')
_ARXIV_NAMESPACE = b"//arxiv.org/schemas/atom"
_API = b"arxiv.org/api/"
_HEAD = 4096
"""Bytes of a file within which it says what it is."""


@dataclass(frozen=True, slots=True)
class SavedFeed:
    """What a saved feed holds: its papers, and one sentence for each entry that could not be read.

    `rank` says how near it is to the papers' own text, as `plan.Reading.rank` does.
    """

    kind: str
    papers: tuple[Paper, ...]
    faults: tuple[str, ...]
    rank: int


def is_feed(data: bytes) -> bool:
    """Whether the bytes begin as a feed does."""
    head = data[:_HEAD]
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _JSON_FEED.search(head) is not None
    start = _BEFORE_ROOT.match(head)
    return start is not None and _ROOTS.match(head, start.end()) is not None


def read_feed(data: bytes, name: str) -> SavedFeed:
    """The papers of a saved feed; `name` is the file's, and tells its entries' ids from those of other feeds.

    Raises NotAPage where it is broken as a whole.
    """
    if _ARXIV_NAMESPACE in data[:_HEAD]:
        return _arxiv(data, name)
    from papers_tui.sources.feeds import papers_from_feed, parse

    try:
        feed = parse(data)
    except FeedError as error:
        raise NotAPage(name, error.message, error.hint) from None
    return SavedFeed("a feed", *papers_from_feed(feed, source=name), FEED)


def _arxiv(data: bytes, name: str) -> SavedFeed:
    from papers_tui.sources.arxiv import parse_api, parse_rss

    listing = (parse_api if _API in data[:_HEAD] else parse_rss)(data)
    if listing.error and not listing.papers:
        raise NotAPage(name, listing.error)
    cut = (listing.error,) if listing.error else ()
    return SavedFeed("a feed of arXiv", listing.papers, (*listing.faults, *cut), ARXIV)
