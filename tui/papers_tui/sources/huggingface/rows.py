"""One row of Hugging Face's JSON as a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from papers_tui.domain.identity import arxiv_id, arxiv_key, by_strength, text_key
from papers_tui.domain.links import classify, find_links, order_links, safe_url
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources.dates import utc_stamp

_ORIGINS = ("user", "admin", "auto")
_LARGEST = 2**53


def papers_from_rows(rows: list[object]) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The good papers of a list of rows, and one sentence for each bad row.

    A paper that comes more than once is one paper, at its first place, as its last row tells it.
    """
    papers: dict[str, Paper] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        try:
            paper = paper_from_row(row)
        except ValueError as fault:
            faults.append(f"row {number}{_named(row)}: {fault}")
        else:
            papers[paper.id] = paper
    return tuple(papers.values()), tuple(faults)


def paper_from_row(row: object) -> Paper:
    """One row of `/api/daily_papers`, `/api/papers/search` or the object of `/api/papers/{id}`, as a paper.

    A field that is missing or of another type is left out; ValueError, with a sentence, says what a row
    without a usable id or title lacks. Shapes: https://huggingface.co/.well-known/openapi.json.
    """
    outer = _mapping(row, "it")
    inner = _mapping(outer["paper"], "its paper") if "paper" in outer else outer
    identifier = _identifier(inner.get("id"))
    title = _title(inner.get("title"), identifier) or _title(outer.get("title"), identifier)
    if not title:
        raise ValueError("it has no title")
    abstract = _text(inner.get("summary")) or _text(outer.get("summary"))
    # The outer publishedAt is the inner one moved by the hours of New York: it is never read.
    edition = utc_stamp(inner.get("submittedOnDailyAt"))
    return Paper(
        keys=by_strength((arxiv_key(identifier), text_key(title, abstract))),
        title=title,
        abstract=abstract,
        authors=_authors(inner.get("authors")),
        published=utc_stamp(inner.get("publishedAt")),
        edition=edition[:10] if edition else None,
        organization=_organization(outer.get("organization")) or _organization(inner.get("organization")),
        upvotes=_count(inner.get("upvotes")),
        comments=_count(outer.get("numComments")),
        stars=_count(inner.get("githubStars")),
        summary=_line(inner.get("ai_summary")) or None,
        keywords=_keywords(inner.get("ai_keywords")),
        links=_links(inner, abstract),
    )


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise ValueError(f"{what} is not an object")


def _identifier(value: object) -> str:
    if value is None:
        raise ValueError("it has no id")
    found = arxiv_id(value) if isinstance(value, str) and value.isascii() else None
    if found is None:
        raise ValueError("its id is not an arXiv id")
    return found


def _named(row: object) -> str:
    """The id of a bad row in brackets, as far as it has one that can be shown."""
    inner = row.get("paper", row) if isinstance(row, Mapping) else None
    name = _line(inner.get("id")) if isinstance(inner, Mapping) else ""
    return f" ({name[:40]})" if name else ""


def _title(value: object, identifier: str) -> str:
    """A title as one line; one of nothing but characters that can't be drawn gives way to the paper's id."""
    if not isinstance(value, str) or not value.strip():
        return ""
    return clean_line(value) or f"arXiv:{identifier}"


def _line(value: object) -> str:
    return clean_line(value) if isinstance(value, str) else ""


def _text(value: object) -> str:
    return clean_text(value) if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    # bool is an int to Python, but true is no number of votes.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST:
        return value
    return None


def _authors(value: object) -> tuple[str, ...]:
    people = [person for person in _list(value) if isinstance(person, Mapping)]
    names = (_line(person.get("name")) for person in people if person.get("hidden") is not True)
    return tuple(name for name in names if name)


def _organization(value: object) -> Organization | None:
    name = _line(value.get("name")) if isinstance(value, Mapping) else ""
    return Organization(name, _line(value.get("fullname"))) if isinstance(value, Mapping) and name else None


def _keywords(value: object) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for word in map(_line, _list(value)):
        if word:
            kept.setdefault(word.casefold(), word)
    return tuple(kept.values())


def _links(inner: Mapping[str, Any], abstract: str) -> tuple[Link, ...]:
    found: list[Link] = []
    if repository := _address(inner.get("githubRepo")):
        origin = inner.get("githubRepoAddedBy")
        found.append(Link(repository, "code", origin=origin if origin in _ORIGINS else "user"))
    if page := _address(inner.get("projectPage")):
        kind = classify(page)
        found.append(Link(page, "project" if kind == "other" else kind, label="Project page", origin="user"))
    return tuple(order_links([*found, *find_links(abstract)]))


def _address(value: object) -> str | None:
    return safe_url(value) if isinstance(value, str) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
