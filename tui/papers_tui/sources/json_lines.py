"""Our own JSON Lines, or the service's rows one a line, as papers that are safe to keep.

What we wrote ourselves may have been edited since, or was never ours: each line is checked as if it came from afar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeGuard

from papers_tui.domain.identity import as_key, by_strength, doi_key, text_key
from papers_tui.domain.links import order_links, safe_url
from papers_tui.domain.paper import ORIGINS, Link, Organization, Paper
from papers_tui.domain.record import from_record
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources.huggingface import paper_from_row
from papers_tui.sources.json_text import load

_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z)?")
_KEY = re.compile(r"guid:\S+|text:[0-9a-f]{20}")
_NEW_LINE = re.compile(r"\r\n|\r|\n")


def papers_from_lines(text: str) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The good papers of a file with one object a line, and one sentence for each line that is none."""
    values: list[tuple[str, object]] = []
    faults: list[str] = []
    lines = _NEW_LINE.split(text) if "\r" in text else text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            values.append((f"line {number}", load(line, line=number)))
        except ValueError as fault:
            faults.append(f"line {number}: {fault}")
    papers, more = papers_from_values(values)
    return papers, tuple(sorted((*faults, *more), key=_place))


def papers_from_values(values: Iterable[tuple[str, object]]) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The same for values that are read already, each with the name of its place."""
    papers: dict[str, Paper] = {}
    faults: list[str] = []
    for place, value in values:
        try:
            paper = paper_from_record(value) if is_record(value) else paper_from_row(value)
        except ValueError as fault:
            faults.append(f"{place}: {fault}")
        else:
            papers[paper.id] = paper
    return tuple(papers.values()), tuple(faults)


def is_record(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is in our own shape: it lists its keys, or has an abstract, which the service calls summary."""
    return isinstance(value, Mapping) and (
        isinstance(value.get("keys"), list) or ("abstract" in value and "paper" not in value)
    )


def paper_from_record(record: Mapping[str, Any]) -> Paper:
    """A record as `record.to_record` writes it, with clean texts, safe links and keys that are keys.

    The fingerprint is always among the keys. Raises ValueError with a sentence, as `record.from_record` does.
    """
    paper = from_record(record)
    title, abstract = clean_line(paper.title), clean_text(paper.abstract)
    if not title:
        raise ValueError("it has no title")
    keys = [key for given in paper.keys if (key := _key(given))]
    return Paper(
        keys=by_strength((*keys, text_key(title, abstract))),
        title=title,
        abstract=abstract,
        authors=_clean(paper.authors),
        keywords=_clean(paper.keywords),
        categories=_clean(paper.categories),
        organization=_organization(paper.organization),
        published=_moment(paper.published),
        edition=(_moment(paper.edition) or "")[:10] or None,
        summary=clean_line(paper.summary or "") or None,
        author_comment=clean_line(paper.author_comment or "") or None,
        announce=clean_line(paper.announce or "") or None,
        author_count=_natural(paper.author_count),
        upvotes=_natural(paper.upvotes),
        comments=_natural(paper.comments),
        stars=_natural(paper.stars),
        version=_natural(paper.version),
        links=tuple(order_links([safe for link in paper.links if (safe := _link(link))])),
    )


def _place(fault: str) -> int:
    return int(fault.removeprefix("line ").partition(":")[0])


def _key(text: str) -> str | None:
    """The key that `text` is, or None; a key that isn't one would make two papers the same."""
    if not text.isascii() or clean_line(text) != text:
        return None
    if _KEY.fullmatch(text):
        return text
    key = as_key(text.removeprefix("arxiv:"))
    if key.startswith("arxiv:") or key == doi_key(text):
        return key
    return text if text.startswith("url:") and safe_url(text[4:]) else None


def _link(link: Link) -> Link | None:
    address = safe_url(link.url)
    if address is None:
        return None
    origin = link.origin if link.origin in ORIGINS else "abstract"
    return Link(address, link.kind, clean_line(link.label), origin, link.doubtful)


def _organization(organization: Organization | None) -> Organization | None:
    name = clean_line(organization.name) if organization else ""
    return Organization(name, clean_line(organization.fullname)) if organization and name else None


def _moment(text: str | None) -> str | None:
    found = _MOMENT.fullmatch(text or "")
    if not found:
        return None
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return None
    return found[0]


def _natural(count: int | None) -> int | None:
    return count if count is not None and count >= 0 else None


def _clean(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(clean_line, texts)))
