"""What a record that came in does to what is known: is it a new paper, and which parts of it are news?"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from papers_tui.domain.identity import by_strength, key_arxiv_id
from papers_tui.domain.links import order_links
from papers_tui.domain.paper import ANNOUNCEMENTS, Paper

_Field = TypeVar("_Field")


def same_paper(known: tuple[str, ...], parsed: tuple[str, ...]) -> bool:
    """Whether two records with a key in common are one paper.

    One text under two arXiv ids (a paper submitted twice) is two papers: each id has its own page.
    """
    ours, theirs = key_arxiv_id(known), key_arxiv_id(parsed)
    return not (ours and theirs and ours != theirs)


def merged(known: Paper, parsed: Paper) -> Paper:
    """One paper from two records of it. Merging the same record again changes nothing.

    The text is taken from the record with the stronger key, and from the later one where they are equal.
    Counts only grow: a saved page is an old reading as often as a new one. A published date with a time beats
    a bare day, and of two the earlier is the paper's own. Of two announcements the stronger stays: what is
    new in one category is announced as a cross-list in another.
    """
    better = parsed if _strength(parsed) >= _strength(known) else known
    other = known if better is parsed else parsed
    authors = better.authors or other.authors
    return replace(
        better,
        keys=by_strength((*known.keys, *parsed.keys)),
        abstract=better.abstract or other.abstract,
        authors=authors,
        author_count=None if authors else _first(better.author_count, other.author_count),
        published=_published(known.published, parsed.published),
        edition=min(filter(None, (known.edition, parsed.edition)), default=None),
        organization=better.organization or other.organization,
        upvotes=_most(known.upvotes, parsed.upvotes),
        comments=_most(known.comments, parsed.comments),
        stars=_most(known.stars, parsed.stars),
        summary=better.summary or other.summary,
        author_comment=better.author_comment or other.author_comment,
        keywords=better.keywords or other.keywords,
        categories=better.categories or other.categories,
        version=_most(known.version, parsed.version),
        announce=_strongest(better.announce, other.announce),
        links=order_links((*better.links, *other.links)),
    )


def _strength(paper: Paper) -> int:
    return 1 if key_arxiv_id(paper.keys) else 0


def _first(one: _Field | None, other: _Field | None) -> _Field | None:
    return one if one is not None else other


def _most(one: int | None, other: int | None) -> int | None:
    return max((count for count in (one, other) if count is not None), default=None)


def _strongest(one: str | None, other: str | None) -> str | None:
    known = [word for word in ANNOUNCEMENTS if word in (one, other)]
    return known[0] if known else one or other


def _published(one: str | None, other: str | None) -> str | None:
    dates = [date for date in (one, other) if date]
    return min(dates, key=lambda date: (len(date) == len("2026-11-20"), date), default=None)
