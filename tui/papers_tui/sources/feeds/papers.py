"""The entries of a feed, as papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from papers_tui.domain.identity import arxiv_id, arxiv_key, by_strength, text_key
from papers_tui.domain.links import classify, find_links, order_links, safe_url
from papers_tui.domain.paper import Link, Paper
from papers_tui.domain.plan import merged, same_paper
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources.feeds.keys import (
    ambiguous,
    arxiv_version,
    entry_arxiv_id,
    entry_doi,
    guid_key,
    url_key,
)
from papers_tui.sources.feeds.names import split_names
from papers_tui.sources.feeds.values import Feed, FeedEntry, Text
from papers_tui.sources.html_text import to_markdown, to_text

_FEWEST_LETTERS = 100
"""Below that a text is "Read more" or the like: no sign of a paper, and no abstract where there is a longer one."""
_LONGEST_ABSTRACT = 20_000
_ARXIV_NOTICE = re.compile(r"\AarXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.IGNORECASE)
_ARXIV_SUFFIX = re.compile(r"\s*\(arXiv:\S{4,30}(?: \[[^\]]{1,20}\])?(?: [A-Z -]{1,30})?\)\Z")
_HEADING = re.compile(
    r"\A(?:#+\s*Abstract\b:?|\*\*Abstract[:.]?\*\*[:.]?|Abstract[:.]\s|Abstract\n)\s*", re.IGNORECASE
)
_AI_SUMMARY = re.compile(r"(.{20,1500}?)\s+AI-generated summary\s+(?=\S)", re.DOTALL)
_LIST_ITEM = re.compile(r"\n(?=\s*(?:[-*+]|\d{1,3}[.)]) )")
_BYLINE = re.compile(r"([^\n]{3,20000}) in ([A-Z0-9][^\n]{3,400})")
_ANNOUNCES = ("new", "cross", "replace", "replace-cross")
_ERROR = "/api/errors"


def papers_from_feed(feed: Feed, *, source: str) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The papers of `feed`, each once, and one sentence for each entry that is none or was left out.

    `source` names where the feed stands, and tells its entries' ids from those of others. An address or id under which
    the feed itself has several entries is the key of none of them, and no more is the address of its home.
    """
    entries = feed.entries
    addresses = ((url_key(entry.link) or "", entry.id or entry.title.value) for entry in entries)
    identifiers = ((entry.id, f"{entry.link}\n{entry.title.value}") for entry in entries if entry.id)
    vague = ambiguous(addresses) | {url_key(feed.home) or ""}
    vague_ids = ambiguous(identifiers)
    papers: list[Paper] = []
    faults = [*feed.faults]
    for number, entry in enumerate(entries, start=1):
        if _ERROR in entry.id:
            faults.append(f"entry {number}: arXiv says: {_line(entry.summary or entry.title)[:200]}")
        elif _line(entry.title) in ("", entry.link if entry.link_is_home else ""):
            faults.append(f"entry {number}: it has no title, text or address")
        else:
            own_id = "" if entry.id in vague_ids else entry.id
            papers.append(_paper(entry, source, own_id, vague))
    return _each_once(papers), tuple(faults)


def _paper(entry: FeedEntry, source: str, own_id: str, vague: frozenset[str]) -> Paper:
    title, abstract = _line(entry.title), _abstract(entry)
    authors, summary = split_names(tuple(map(clean_line, entry.authors))), None
    identifier = entry_arxiv_id(entry)
    if identifier:
        title = _ARXIV_SUFFIX.sub("", title) or title
    if identifier and (told := _AI_SUMMARY.match(abstract)):
        abstract, summary = abstract[told.end() :], clean_line(told[1])
    if not authors and _host(entry.link) == "aclanthology.org" and (byline := _BYLINE.fullmatch(abstract)):
        authors, abstract = split_names((byline[1],)), ""
    announce = entry.announce.lower() if entry.announce.lower() in _ANNOUNCES else None
    return Paper(
        keys=_keys(entry, source, own_id, vague, title, abstract),
        title=title,
        abstract=abstract,
        authors=authors,
        published=_published(entry, identifier),
        summary=summary,
        categories=entry.categories if identifier and _is_arxivs(entry) else (),
        keywords=() if identifier and _is_arxivs(entry) else entry.categories,
        version=arxiv_version(entry),
        announce=announce,
        links=_links(entry, identifier, abstract),
    )


def _keys(
    entry: FeedEntry, source: str, own_id: str, vague: frozenset[str], title: str, abstract: str
) -> tuple[str, ...]:
    keys: list[str] = []
    identifier, doi = entry_arxiv_id(entry), entry_doi(entry)
    if identifier:
        keys.append(arxiv_key(identifier))
    elif doi:
        keys.append(f"doi:{doi}")
    page = None if entry.link_is_home else url_key(entry.link)
    if page and page not in vague and classify(page[4:]) not in ("paper", "pdf", "discussion"):
        keys.append(page)
    if own_id:
        keys.append(guid_key(source, own_id))
    if len(abstract) >= _FEWEST_LETTERS or not keys:
        keys.append(text_key(title, abstract))
    return by_strength(tuple(keys))


def _published(entry: FeedEntry, identifier: str | None) -> str | None:
    """The paper's own first date. Of an arXiv paper only arXiv's own query tells it: any other feed says when it
    announced the paper, and so does arXiv's RSS."""
    if not identifier:
        return entry.published or entry.updated
    return entry.published if _is_arxivs(entry) and not entry.announce and "oai:" not in entry.id else None


def _is_arxivs(entry: FeedEntry) -> bool:
    return _host(entry.link) in ("arxiv.org", "export.arxiv.org") and (
        bool(entry.announce)
        or _host(entry.id) == "arxiv.org"
        or entry.id.lower().startswith("oai:arxiv.org:")
    )


def _abstract(entry: FeedEntry) -> str:
    """The longer of summary and content where the summary is only a word or two; whole paragraphs, up to a length."""
    text = _text(entry.summary)
    if len(text) < _FEWEST_LETTERS and entry.content:
        text = max(text, _text(entry.content), key=len)
    text = _HEADING.sub("", _ARXIV_NOTICE.sub("", text))
    if len(text) > _LONGEST_ABSTRACT:
        whole, _, _ = text[:_LONGEST_ABSTRACT].rpartition("\n\n")
        text = f"{whole or text[:_LONGEST_ABSTRACT]} …"
    return text.strip()


def _text(text: Text) -> str:
    if not text.html:
        return clean_text(text.value)
    return clean_text(_LIST_ITEM.sub("\n\n", to_markdown(text.value)))


def _line(text: Text) -> str:
    return clean_line(to_text(text.value) if text.html else " ".join(text.value.split()))


def _links(entry: FeedEntry, identifier: str | None, abstract: str) -> tuple[Link, ...]:
    """The entry's own page, its files and the page that it is about, and what its text mentions."""
    found: list[Link] = []
    page = safe_url(entry.link)
    if page and not entry.link_is_home and not _is_of_arxiv(page):
        kind = classify(page)
        found.append(Link(page, "paper" if kind == "other" and not identifier else kind, origin="derived"))
    for other in entry.attachments:
        address = safe_url(other.url)
        if not address or other.relation not in ("enclosure", "related", "about") or _is_of_arxiv(address):
            continue
        is_pdf = other.type == "application/pdf" or urlsplit(address).path.lower().endswith(".pdf")
        kind = "pdf" if is_pdf else classify(address)
        if kind != "other" or other.relation != "enclosure":  # an enclosure may be a picture or a recording
            found.append(Link(address, kind, origin="derived" if is_pdf else "abstract"))
    comment = find_links(entry.comment, "comment")
    return order_links((*found, *comment, *find_links(abstract)))


def _is_of_arxiv(address: str) -> bool:
    """Whether an address follows from an arXiv id anyway (see `links.derived_links`)."""
    return arxiv_id(address) is not None and classify(address) in ("paper", "pdf")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _each_once(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers, those with a key in common as one, at the place of the first."""
    kept: list[Paper] = []
    places: dict[str, int] = {}
    for paper in papers:
        known = (places[key] for key in paper.keys if key in places)
        place = next((place for place in known if same_paper(kept[place].keys, paper.keys)), len(kept))
        if place == len(kept):
            kept.append(paper)
        else:
            kept[place] = merged(kept[place], paper)
        for key in kept[place].keys:
            places.setdefault(key, place)
    return tuple(kept)
