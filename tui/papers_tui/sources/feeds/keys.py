"""What an entry of a feed is known by: the keys of `domain.identity`, from its address, its id and its DOI."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from papers_tui.domain.identity import arxiv_id
from papers_tui.domain.links import safe_url
from papers_tui.sources.feeds.values import FeedEntry

_OAI = re.compile(r"oai:arxiv\.org:", re.IGNORECASE)
_VERSION = re.compile(r"v([1-9][0-9]{0,2})(?:\.pdf)?/?\Z")
_DOI = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|(?:info:)?doi[:/]\s*)?(10\.[0-9]{4,9}/[!-~]{1,300})", re.IGNORECASE
)
_DOI_IN_PATH = re.compile(
    r"/(?:doi|article|content|book|chapter)/(?:[a-z]+/)?(10\.[0-9]{4,9}/[!-.0-~]+)\Z", re.IGNORECASE
)
_PREPRINT = re.compile(r"v[0-9]{1,2}(?:\.(?:full|abstract|short)(?:-text)?)?\Z")
_PREPRINT_HOST = re.compile(r"(?:www\.)?(?:bio|med)rxiv\.org")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|rss", re.IGNORECASE)
_LONGEST_ID = 200


def entry_arxiv_id(entry: FeedEntry) -> str | None:
    """The arXiv id that the entry itself stands for: by its page, its id or its DOI.

    A page that it merely mentions says nothing: a post about a paper is not that paper.
    """
    return next(filter(None, (arxiv_id(_OAI.sub("", text)) for text in _own(entry))), None)


def arxiv_version(entry: FeedEntry) -> int | None:
    """The version of the arXiv paper that the entry's id or address names."""
    found = (_VERSION.search(text) for text in _own(entry) if arxiv_id(_OAI.sub("", text)))
    return max((int(version[1]) for version in found if version), default=None)


def entry_doi(entry: FeedEntry) -> str | None:
    """The entry's DOI in lower case, from what it states or from an address that holds one."""
    for text in _own(entry):
        if found := _DOI.fullmatch(text.strip()):
            return found[1].rstrip(".,;").lower()
    parts = urlsplit(safe_url(entry.link) or "")
    in_path = _DOI_IN_PATH.search(parts.path) if not entry.link_is_home else None
    if not in_path:
        return None
    preprint = _PREPRINT_HOST.fullmatch(parts.hostname or "")
    return (_PREPRINT.sub("", in_path[1]) if preprint else in_path[1]).lower()


def url_key(address: str) -> str | None:
    """The key of a page: its address without fragment and without what only counts where readers come from."""
    safe = safe_url(address)
    if safe is None:
        return None
    parts = urlsplit(safe)
    query = parts.query
    if _TRACKING.search(query):
        pairs = parse_qsl(query, keep_blank_values=True)
        query = urlencode([pair for pair in pairs if not _TRACKING.fullmatch(pair[0])])
    return f"url:{urlunsplit((parts.scheme, parts.netloc, parts.path or '/', query, ''))}"


def guid_key(source: str, identifier: str) -> str:
    """The key of what one source calls `identifier`, in printable ASCII; of a long one its fingerprint."""
    name = quote(identifier, safe="/:?=&%#+,@~")
    if len(name) > _LONGEST_ID:
        name = hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest()
    return f"guid:{quote(source, safe='')}:{name}"


def ambiguous(named: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The names that stand for several things, among pairs of a name and a thing."""
    things: dict[str, str] = {}
    several = {name for name, thing in named if things.setdefault(name, thing) != thing}
    return frozenset(several)


def _own(entry: FeedEntry) -> tuple[str, ...]:
    """What the entry says of itself."""
    link = "" if entry.link_is_home else entry.link
    return tuple(filter(None, (link, entry.id, entry.doi)))
