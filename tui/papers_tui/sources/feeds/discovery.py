"""The feeds that a web page offers."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_line
from papers_tui.sources.encoding import decoded
from papers_tui.sources.feeds.values import Found

_LONGEST = 2_000_000
_MOST = 20
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
          "application/x-rss+xml", "text/xml", "application/xml", "text/rss+xml")  # fmt: skip
_TAG = re.compile(r"<(link|a|base)\b((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"']){1,4000})>([^<]{0,200})", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,20})\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""")
_LOOKS_LIKE_A_FEED = re.compile(
    r"\.(?:rss|atom|rdf)\Z|/(?:feed|rss|atom|index|feeds/all)\.(?:xml|rdf|json)\Z|/(?:feed|rss|atom)/?\Z",
    re.IGNORECASE,
)
_LOOKS_LIKE_JSON = re.compile(r"/feed\.json\Z", re.IGNORECASE)

_ARXIV = re.compile(r"/list/([a-z-]+(?:\.[A-Za-z-]+)?)/")
_PREPRINTS = re.compile(r"/collection/([a-z-]+)/?\Z")
_REPOSITORY = re.compile(r"/([\w.-]+/[\w.-]+)/?\Z")


def find_feeds(
    page: bytes, *, content_type: str | None = None, base_url: str | None = None
) -> tuple[Found, ...]:
    """The feeds that a page offers, the likeliest first: at most twenty, each once, http(s) alone.

    Read are links of the type of a feed, then links whose address looks like that of a feed, then what is known of the
    site that `base_url` is on (arXiv's lists, bioRxiv's and medRxiv's collections, GitHub's releases).
    """
    base = base_url or ""
    stated: list[Found] = []
    likely: list[Found] = []
    for found in _TAG.finditer(decoded(page, content_type)[:_LONGEST]):
        tag = found[1].lower()
        given = {
            name.lower(): html.unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(found[2])
        }
        if tag == "base":
            base = _joined(base, given.get("href", ""))
        elif tag == "link" and _is_stated(given):
            stated.append(Found(_joined(base, given.get("href", "")), clean_line(given.get("title", ""))))
        elif tag == "a" and _looks_like_a_feed(given.get("href", "")):
            name = given.get("title") or html.unescape(found[3])
            likely.append(Found(_joined(base, given["href"]), clean_line(name)))
    kept: dict[str, Found] = {}
    for offer in (*stated, *likely, *_known(base_url or "")):
        if address := safe_url(offer.address):
            kept.setdefault(address, Found(address, offer.title))
    return tuple(kept.values())[:_MOST]


def _is_stated(given: dict[str, str]) -> bool:
    relations = given.get("rel", "").lower().split()
    kind = given.get("type", "").lower().partition(";")[0].strip()
    if kind == "application/json":  # WordPress gives its own interface so, too
        return "alternate" in relations and bool(_LOOKS_LIKE_JSON.search(given.get("href", "")))
    return ("alternate" in relations and kind in _TYPES) or "feed" in relations


def _looks_like_a_feed(address: str) -> bool:
    return bool(_LOOKS_LIKE_A_FEED.search(address.partition("?")[0].partition("#")[0]))


def _known(address: str) -> tuple[Found, ...]:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ()
    if host == "arxiv.org" and (category := _ARXIV.match(parts.path)):
        return (Found(f"https://rss.arxiv.org/rss/{category[1]}", f"arXiv {category[1]}"),)
    if host in ("biorxiv.org", "medrxiv.org") and (subject := _PREPRINTS.match(parts.path)):
        name = host.partition(".")[0]
        slug = subject[1].replace("-", "_")
        title = f"{name.replace('rxiv', 'Rxiv')} {subject[1].replace('-', ' ')}"
        return (Found(f"https://connect.{host}/{name}_xml.php?subject={slug}", title),)
    if host == "aclanthology.org":
        return (Found("https://aclanthology.org/papers/index.xml", "ACL Anthology"),)
    if host == "github.com" and (repository := _REPOSITORY.match(parts.path)):
        name = repository[1]
        return (Found(f"https://github.com/{name}/releases.atom", f"{name}: releases"),)
    return ()


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""
