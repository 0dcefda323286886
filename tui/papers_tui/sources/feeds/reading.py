"""Bytes as a feed, of whatever format, with something in the place of what it leaves out."""

from __future__ import annotations

from dataclasses import replace

from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_line
from papers_tui.sources.feeds.structure import WAY_OUT, refused, unpacked
from papers_tui.sources.feeds.values import Feed, FeedEntry, Text
from papers_tui.sources.html_text import to_text

_LONGEST_TITLE = 100
_BEFORE = b" \t\r\n\0\xef\xbb\xbf\xfe\xff"
"""White space and the bytes of a byte order mark."""


def parse(data: bytes, *, content_type: str | None = None, base_url: str | None = None) -> Feed:
    """The feed that `data` is: RSS 0.9x-2.0, RDF, Atom, CDF or JSON Feed, also packed with gzip.

    `content_type` is the header that came with it, `base_url` where it came from: relative addresses stand to it. Words
    are harmless HTML or plain text, addresses http(s). Where the feed leaves something out, an entry's title is the
    beginning of its text or its address, its page the one that its id names or else the feed's home, its authors the
    feed's; a feed's home is where it came from, and its title the address of that.

    Raises FeedError, with a sentence, where `data` is empty, too much, damaged or no feed.
    """
    data = unpacked(data)
    start = data.lstrip(_BEFORE)[:8]
    if not start:
        raise refused("it is empty")
    if start.startswith(b"%PDF-"):
        raise refused("it is a PDF, not a feed", WAY_OUT)
    if start[:1] in (b"{", b"["):
        from papers_tui.sources.feeds.json_feed import read_json

        return _completed(read_json(data, base_url=base_url), base_url)
    from papers_tui.sources.feeds.syndication import read_xml

    return _completed(read_xml(data, content_type=content_type, base_url=base_url), base_url)


def _completed(feed: Feed, base_url: str | None) -> Feed:
    home = feed.home or (base_url or "")
    return replace(
        feed,
        home=home,
        title=feed.title or Text(home),
        entries=tuple(_complete(entry, home, feed.authors) for entry in feed.entries),
    )


def _complete(entry: FeedEntry, home: str, authors: tuple[str, ...]) -> FeedEntry:
    own = next(filter(safe_url, (entry.link, entry.id)), "")
    link = own or home
    return replace(
        entry,
        link=link,
        link_is_home=not own and bool(home),
        title=entry.title or Text(_beginning(entry.content or entry.summary) or link or entry.id),
        authors=entry.authors or authors,
    )


def _beginning(text: Text) -> str:
    """The first hundred characters of a text, whole words of it where there are any."""
    line = to_text(text.value) if text.html else clean_line(text.value)
    if len(line) <= _LONGEST_TITLE:
        return line
    words, space, _ = line[: _LONGEST_TITLE + 1].rpartition(" ")
    return f"{words if space else line[:_LONGEST_TITLE]}…"
