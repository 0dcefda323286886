"""arXiv's daily feeds as papers: RSS 2.0 and Atom of rss.arxiv.org, and the RDF that it sent before 2024.

What they hold is read off the server's own source (https://github.com/arXiv/arxiv-feed) and recorded bodies.
"""

from __future__ import annotations

import re
from html import unescape
from xml.etree.ElementTree import Element

from papers_tui.domain.text import clean_line
from papers_tui.sources.arxiv.document import Document, read_document
from papers_tui.sources.arxiv.entries import ARXIV, ATOM, DUBLIN_CORE, Entry, papers_of, text_of
from papers_tui.sources.arxiv.listing import Listing
from papers_tui.sources.arxiv.names import split_names
from papers_tui.sources.dates import written_day

_RSS1 = "{http://purl.org/rss/1.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ITEMS = ("item", f"{_RSS1}item", f"{ATOM}entry")

_PREFIX = re.compile(r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>[a-z-]+)\s+Abstract:\s?")
_RDF_TAIL = re.compile(
    r"\(arXiv:(?P<id>[^\s()]+)(?:\s+\[(?P<category>[^\]]+)\])?(?:\s+(?P<mark>UPDATED|CROSS LISTED))?\)\s*"
)
_ANNOUNCED = {
    "new": "new", "cross": "cross", "replace": "replace", "replace-cross": "replace",
    "UPDATED": "replace", "CROSS LISTED": "cross",
}  # fmt: skip
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_ERROR_TITLE = "Feed error for query:"


def parse_rss(data: bytes) -> Listing:
    """The listing of one day's feed. On a day without an announcement it is empty, and that is no error.

    A feed's dates are those of the announcement: they are the listing's, and never a paper's.
    """
    document = read_document(data)
    if document.root is None:
        items = [element for element in document.whole if element.tag in _ITEMS]
        return _listing(document, items, None)
    tag = document.root.tag
    if tag == "rss":
        channel = document.root.find("channel")
        return _listing(document, channel.findall("item") if channel is not None else [], channel)
    if tag == f"{_RDF}RDF":
        return _listing(
            document, document.root.findall(f"{_RSS1}item"), document.root.find(f"{_RSS1}channel")
        )
    if tag == f"{ATOM}feed":
        return _listing(document, document.root.findall(f"{ATOM}entry"), document.root)
    name = clean_line(tag.rpartition("}")[2])[:40]
    return Listing(error=f"the answer is no feed: it begins with <{name}>")


def _listing(document: Document, items: list[Element], head: Element | None) -> Listing:
    papers, faults = papers_of(items, _entry_of)
    days = () if head is None else tuple(text_of(day).strip() for day in head.findall("skipDays/day"))
    return Listing(
        papers,
        faults,
        rows=len(items),
        error=document.fault or _refusal(head),
        announced=_announced(head, items),
        skip_days=days,
    )


def _entry_of(element: Element) -> Entry:
    texts: dict[str, str] = {}
    categories: list[str] = []
    creators: list[str] = []
    for child in element:
        name = child.tag.rpartition("}")[2] if child.tag.startswith((ATOM, _RSS1)) else child.tag
        if name == "category":
            categories.append(child.get("term") or text_of(child))
        elif name == f"{DUBLIN_CORE}creator":
            creators.append(text_of(child))
        elif name == "link":
            texts.setdefault(name, child.get("href") or text_of(child))
        else:
            texts.setdefault(name, text_of(child))
    if element.tag == f"{_RSS1}item":
        return _old_entry(element, texts, creators)
    description = texts.get("description") or texts.get("summary", "")
    prefix = _PREFIX.match(description)
    told = texts.get(f"{ARXIV}announce_type", "").strip() or (prefix["type"] if prefix else "")
    identifiers = (texts.get("guid"), texts.get("id"), prefix and prefix["id"], texts.get("link"))
    return Entry(
        identifier=next(filter(None, identifiers), ""),
        title=texts.get("title", ""),
        abstract=description[prefix.end() :] if prefix else description,
        authors=tuple(name for text in creators for name in split_names(text)),
        categories=tuple(categories),
        doi=texts.get(f"{ARXIV}DOI", ""),
        announce=_ANNOUNCED.get(told),
    )


def _old_entry(element: Element, texts: dict[str, str], creators: list[str]) -> Entry:
    """An item of the RDF: what it has no element for stands in brackets behind its title."""
    title = texts.get("title", "")
    at = title.rfind("(arXiv:")
    tail = _RDF_TAIL.fullmatch(title, at) if at >= 0 else None
    mark = tail["mark"] if tail else None
    return Entry(
        identifier=tail["id"] if tail else element.get(f"{_RDF}about", "") or texts.get("link", ""),
        title=title[:at].rstrip().removesuffix(".") if tail else title,
        abstract=_without_tags(texts.get("description", "")),
        authors=tuple(name for text in creators for name in split_names(_without_tags(text))),
        categories=(tail["category"],) if tail and tail["category"] else (),
        announce=_ANNOUNCED.get(mark or "new") if tail else None,
    )


def _without_tags(html: str) -> str:
    return unescape(_TAG.sub("", html)).strip()


def _refusal(head: Element | None) -> str | None:
    if head is None:
        return "the answer is a feed without a channel"
    title = head.find("title") if head.tag == "channel" else head.find(f"{ATOM}title")
    if not text_of(title).lstrip().startswith(_ERROR_TITLE):
        return None
    said = text_of(head.find("description")) or text_of(head.find(f"{ATOM}subtitle"))
    return f'arXiv answers: "{(clean_line(said) or "an error without a word")[:300]}"'


def _announced(head: Element | None, items: list[Element]) -> str | None:
    if head is None:
        return None
    dated = [text_of(head.find(name)) for name in ("pubDate", f"{DUBLIN_CORE}date")]
    if items:
        dated += [text_of(items[0].find(name)) for name in ("pubDate", f"{ATOM}published")]
    return next(filter(None, map(written_day, dated)), None)
