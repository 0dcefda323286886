"""OPML, the lists of feeds that feed readers exchange (http://opml.org/spec2.opml)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from papers_tui.domain.errors import FeedError
from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.sources.encoding import decoded

_LARGEST = 8 << 20
_MOST_TAGS = 10
_LONGEST_NAME = 500
# Nothing here is XML in earnest: nine of ten files have a bare "&" somewhere, and an entity is text that stays text.
_TOKEN = re.compile(r"<(/?)outline\b((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"'])*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:_]{1,40})\s*=\s*("[^"]*"|'[^']*')""")
_IS_OPML = re.compile(r"<opml\b|<outline\b", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(r"<([a-z][\w:.-]*)", re.IGNORECASE)
_HEAD = 1 << 16
_TITLE = re.compile(r"<title>([^<]{0,500})</title>", re.IGNORECASE)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)|feed:(?=//)", re.IGNORECASE)
_CREDENTIALS = re.compile(r"//[^/?#]*@")


@dataclass(frozen=True, slots=True)
class OutlineFeed:
    """A feed of a list: its address, its name or "", the groups it is in, and the page it belongs to or ""."""

    address: str
    title: str = ""
    tags: tuple[str, ...] = ()
    home: str = ""


@dataclass(frozen=True, slots=True)
class Outline:
    """A list of feeds, each once. `faults` has one sentence for each entry whose address can't be taken."""

    feeds: tuple[OutlineFeed, ...]
    title: str = ""
    faults: tuple[str, ...] = ()


def is_opml(data: bytes) -> bool:
    """Whether the bytes are markup whose first element is OPML's."""
    text = decoded(data[:_HEAD]).lstrip()
    first = _FIRST_ELEMENT.search(_without_comments(text)) if text.startswith("<") else None
    return first is not None and first[1].lower() == "opml"


def read_opml(data: bytes) -> Outline:
    """The feeds that an OPML file lists, well-formed or not; the names of the groups around a feed are its tags.

    A feed that is listed in several groups has the tags of all of them, and OPML's `category` adds to them. Addresses
    are http(s) without a password; `feed:` counts as http. Raises FeedError where `data` is no OPML, or over 8 MiB.
    """
    if len(data) > _LARGEST:
        raise FeedError("OPML", f"it is larger than {_LARGEST >> 20} MiB")
    text = _without_comments(decoded(data))
    if not _IS_OPML.search(text):
        raise FeedError("OPML", "it is no OPML", "export the list of feeds as OPML from your feed reader")
    feeds: dict[str, OutlineFeed] = {}
    faults: list[str] = []
    groups: list[str] = []
    for closing, written in _TOKEN.findall(text):
        if closing:
            groups[-1:] = []
            continue
        given = {name.lower(): _value(value) for name, value in _ATTRIBUTE.findall(written)}
        name = clean_line(given.get("title") or given.get("text") or "")[:_LONGEST_NAME]
        stated = given.get("xmlurl") or (given.get("url") if given.get("type", "").lower() == "rss" else "")
        if stated:
            address = safe_url(_FEED_SCHEME.sub(_scheme, stated.strip()))
            if address is None:
                faults.append(_fault(name, stated))
            else:
                tags = _distinct((*groups, *_categories(given.get("category", ""))))
                found = OutlineFeed(address, name, tags, safe_url(given.get("htmlurl", "")) or "")
                feeds[address] = _joined(feeds.get(address), found)
        if not written.rstrip().endswith("/"):
            groups.append("" if stated else name)
    titled = _TITLE.search(text)
    title = clean_line(html.unescape(titled[1])) if titled else ""
    return Outline(tuple(feeds.values()), title, tuple(faults))


def write_opml(feeds: Iterable[OutlineFeed], *, title: str = "papers-tui") -> bytes:
    """The feeds as OPML 2.0 in UTF-8: those without tags first, then one group a tag, a feed in each of its groups.

    Other readers take groups of one level for folders. Reading it again gives the same feeds with the same tags.
    """
    listed = list(feeds)
    tags = dict.fromkeys(tag for feed in listed for tag in feed.tags)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["<head>", f"<title>{_escaped(title)}</title>", "</head>", "<body>"]
    lines += [_outline(feed) for feed in listed if not feed.tags]
    for tag in tags:
        lines.append(f'<outline text="{_escaped(tag)}" title="{_escaped(tag)}">')
        lines += [_outline(feed) for feed in listed if tag in feed.tags]
        lines.append("</outline>")
    lines += ["</body>", "</opml>", ""]
    return "\n".join(lines).encode("utf-8")


def _outline(feed: OutlineFeed) -> str:
    home = f' htmlUrl="{_escaped(feed.home)}"' if feed.home else ""
    name = _escaped(feed.title)
    return f'<outline type="rss" text="{name}" title="{name}" xmlUrl="{_escaped(feed.address)}"{home}/>'


def _escaped(text: str) -> str:
    return html.escape(clean_line(text))


def _value(written: str) -> str:
    return html.unescape(written[1:-1])


def _scheme(found: re.Match[str]) -> str:
    return "http:" if found.string.startswith("//", found.end()) else ""


def _categories(written: str) -> list[str]:
    """The parts of OPML's `category`, which separates paths by commas and their parts by slashes."""
    return [part for path in written.split(",") for part in path.split("/")]


def _distinct(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (clean_line(tag)[:_LONGEST_NAME] for tag in tags))))[:_MOST_TAGS]


def _joined(known: OutlineFeed | None, found: OutlineFeed) -> OutlineFeed:
    if known is None:
        return found
    tags = _distinct((*known.tags, *found.tags))
    return OutlineFeed(found.address, known.title or found.title, tags, known.home or found.home)


def _fault(name: str, address: str) -> str:
    of = f"“{name[:80]}”: " if name else ""
    if _CREDENTIALS.search(address):
        return f"{of}its address holds a password, which is not kept; add the feed without it"
    return f"{of}{clean_line(address)[:80]} is not an http(s) address"


def _without_comments(text: str) -> str:
    before, *parts = text.split("<!--")
    return before + "".join(part.partition("-->")[2] for part in parts)
