"""RSS, RDF, Atom and CDF by feedparser, which alone is known here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urljoin

import feedparser
from feedparser.encodings import convert_to_utf8

from papers_tui.domain.text import clean_line
from papers_tui.sources.encoding import decoded
from papers_tui.sources.feeds.dates import bare_day, from_parts
from papers_tui.sources.feeds.structure import MOST_ENTRIES, WAY_OUT, is_web, refused, too_many
from papers_tui.sources.feeds.values import Attachment, Feed, FeedEntry, Text
from papers_tui.sources.feeds.xml_shape import check, legal_xml, root_name
from papers_tui.sources.html_text import sanitised, to_text

_Said = Mapping[str, Any]

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}
_DOI_FIELDS = ("prism_doi", "arxiv_doi", "dc_identifier", "citation_doi", "dcterms_identifier", "bibo_doi")
_HTML = ("text/html", "application/xhtml+xml", "html", "xhtml")
_OPENS = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSES = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ROOTS = ("rss", "rdf", "feed", "channel")
_WITH_ADDRESS = re.compile(r"\S+@\S+\s+\(([^()]*[^()\s][^()]*)\)|([^<>@]*[^<>@\s][^<>@]*)<\S+@\S+>")
"""A name and a mail address as RSS has them; feedparser knows only domains of up to four letters."""
_LONGEST_PAUSE = 10_080
_LONGEST_LINE = 200


def read_xml(data: bytes, *, content_type: str | None = None, base_url: str | None = None) -> Feed:
    """The feed that `data` writes in XML, without fall-backs for what it does not say.

    A wrong or missing charset is guessed as feedparser guesses it; a document that is not well-formed is read as far as
    it goes, but an entry in which it breaks off is left out. Raises FeedError where it is no feed.
    """
    text = legal_xml(_in_utf8(data, content_type))
    root = root_name(text)
    if root == "html":
        raise refused("it is an HTML page, not a feed", WAY_OUT)
    check(text)
    said = _parsed(text)
    entries = said["entries"]
    if not said.get("version") and not entries and root not in _ROOTS:
        raise refused("it is no feed", WAY_OUT)
    faults = too_many(len(entries))
    if entries and _breaks_off(text):
        entries, faults = entries[:-1], (*faults, "the feed breaks off in its last entry, which is left out")
    whole: _Said = said["feed"]
    is_atom = said.get("version", "").startswith("atom")
    home = _first_address((_word(whole, "link"), *_addresses(whole, "alternate")), base_url)
    # An address in RSS stands to the site's; in Atom to that of the feed itself (RFC 4287 §2).
    base = base_url if is_atom else home or base_url
    return Feed(
        title=_said_in_words(whole, base, "title"),
        home=home,
        language=clean_line(_word(whole, "language")),
        every=_every(whole),
        authors=_authors(whole) if is_atom else (),
        entries=tuple(_entry(entry, base) for entry in entries[:MOST_ENTRIES]),
        faults=faults,
    )


def _in_utf8(data: bytes, content_type: str | None) -> bytes:
    """The document in UTF-8, decoded as feedparser would, so that what is checked is what it gets."""
    try:
        return bytes(convert_to_utf8({"content-type": content_type} if content_type else {}, data, {}))
    except ValueError:  # the name of the encoding is itself broken
        return decoded(data, content_type).encode("utf-8", "replace")


def _parsed(text: bytes) -> _Said:
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # Sanitising and resolving are left to html_text, which does both many times faster.
        said: _Said = feedparser.parse(
            io.BytesIO(text), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except MemoryError:
        raise
    except Exception as fault:
        # On broken input the parser's own faults are of any kind.
        raise refused(f"it can't be read ({type(fault).__name__})") from fault
    return said


def _breaks_off(text: bytes) -> bool:
    """Whether the document ends within an entry."""
    last = 0
    for found in _CLOSES.finditer(text):
        last = found.end()
    return _OPENS.search(text, last) is not None


def _entry(said: _Said, base: str | None) -> FeedEntry:
    content = [_text(part, base) for part in said.get("content", ()) if isinstance(part, Mapping)]
    kept = [text for text in content if text]
    return FeedEntry(
        id=_identifier(said, base),
        link=_first_address(
            (_word(said, "feedburner_origlink"), _own_link(said), *_addresses(said, "alternate")), base
        ),
        title=_said_in_words(said, base, "title"),
        authors=_authors(said),
        published=_date(said, "published") or _date(said, "created") or _prism_date(said),
        updated=_date(said, "updated"),
        summary=_said_in_words(
            said, base, "summary", "googleplay_description", "subtitle", "media_description"
        ),
        content=next((text for text in kept if text.html), kept[0] if kept else Text()),
        categories=_categories(said),
        attachments=_attachments(said, base),
        doi=next(filter(None, (_word(said, name).strip() for name in _DOI_FIELDS)), ""),
        announce=clean_line(_word(said, "arxiv_announce_type")),
        comment=clean_line(_word(said, "arxiv_comment")),
    )


def _identifier(said: _Said, base: str | None) -> str:
    """The entry's own word for itself; one that is a path stands for an address."""
    written = _word(said, "id").strip()
    return (_joined(written, base) or written) if written.startswith("/") else written


def _own_link(said: _Said) -> str:
    """The entry's link; an id that nobody called one, as "post 7" in RSS, is none."""
    link = _word(said, "link")
    return "" if said.get("guidislink") and link == _word(said, "id") and not is_web(link) else link


def _word(said: _Said, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _said_in_words(said: _Said, base: str | None, *names: str) -> Text:
    for name in names:
        detail = said.get(f"{name}_detail")
        text = _text(detail, base) if isinstance(detail, Mapping) else Text(_word(said, name).strip())
        if text:
            return text
    return Text()


def _text(detail: _Said, base: str | None) -> Text:
    value = _word(detail, "value")
    if _word(detail, "type") not in _HTML:
        return Text(value.strip())
    return Text(sanitised(value, base_url=_joined(_word(detail, "base"), base)).strip(), html=True)


def _authors(said: _Said) -> tuple[str, ...]:
    people = [person for person in said.get("authors", ()) if isinstance(person, Mapping)]
    names = [_name(_word(person, "name") or _word(person, "email")) for person in people]
    written = (_word(said, "author") or _word(said, "googleplay_author")).strip()
    found = _WITH_ADDRESS.fullmatch(written) if len(names) <= 1 and len(written) < _LONGEST_LINE else None
    if found:
        return (_name(found[1] or found[2]),)
    return tuple(dict.fromkeys(filter(None, names or [_name(written)])))


def _name(written: str) -> str:
    """A name, of which some feeds make a link."""
    return to_text(written) if "<" in written else clean_line(written)


def _date(said: _Said, name: str) -> str | None:
    # `in` and [] would map an absent `updated` to `published`, with a warning.
    written, parts = dict.get(said, name), dict.get(said, f"{name}_parsed")  # type: ignore[call-overload]
    if not parts or not isinstance(written, str) or len(written) > _LONGEST_LINE:
        return None
    return bare_day(written) or from_parts(parts)


def _prism_date(said: _Said) -> str | None:
    return bare_day(_word(said, "prism_publicationdate")[:10])


def _categories(said: _Said) -> tuple[str, ...]:
    tags = [tag for tag in said.get("tags", ()) if isinstance(tag, Mapping)]
    names = (clean_line(_word(tag, "term") or _word(tag, "label")) for tag in tags)
    return tuple(dict.fromkeys(filter(None, names)))


def _attachments(said: _Said, base: str | None) -> tuple[Attachment, ...]:
    links = [link for link in said.get("links", ()) if isinstance(link, Mapping)]
    return tuple(
        Attachment(url, _word(link, "rel"), clean_line(_word(link, "type")))
        for link in links
        if _word(link, "rel") not in ("alternate", "self")
        and (url := _first_address([_word(link, "href")], base))
    )


def _addresses(said: _Said, relation: str) -> list[str]:
    links = [link for link in said.get("links", ()) if isinstance(link, Mapping)]
    return [_word(link, "href") for link in links if _word(link, "rel") == relation]


def _first_address(addresses: Iterable[str], base: str | None) -> str:
    """The first of the addresses that is http(s), as it stands to `base`."""
    joined = (_joined(address.strip(), base) for address in addresses if address.strip())
    return next((address for address in joined if address and is_web(address)), "")


def _joined(address: str, base: str | None) -> str | None:
    try:
        return urljoin(base or "", address) or None
    except ValueError:
        return None


def _every(said: _Said) -> int | None:
    """The minutes of RSS's `ttl`, or of the syndication module's period over its frequency; a week at most."""
    ttl = _natural(_word(said, "ttl"))
    period = _PERIODS.get((_word(said, "sy_updateperiod") or _word(said, "syn_updateperiod")).strip().lower())
    times = _natural(_word(said, "sy_updatefrequency") or _word(said, "syn_updatefrequency")) or 1
    minutes = ttl or (period // times if period else None)
    return min(minutes, _LONGEST_PAUSE) if minutes else None


def _natural(written: str) -> int | None:
    digits = written.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else None
