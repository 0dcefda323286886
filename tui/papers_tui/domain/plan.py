"""What a record that came in does to what is known: is it a new paper, and which parts of it are news?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import TypeVar

from papers_tui.domain.identity import by_strength, key_arxiv_id
from papers_tui.domain.links import order_links
from papers_tui.domain.paper import ANNOUNCEMENTS, Paper
from papers_tui.late import dataclass, replace

_Field = TypeVar("_Field")

CARRIED, FEED, LINES, TEXT_PAGE, HUGGING_FACE, ARXIV = range(6)
"""How near a kind of source is to the paper's own text, for `Reading.rank`: a record that a mark carried, any
feed, JSON Lines that people may have edited, a page saved as text, Hugging Face (without the TeX), arXiv itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one source said of a paper at a time.

    `source` names it, empty where it is not known; `rank` is one of the constants above; `read` is a UTC time or a day.
    """

    paper: Paper
    source: str
    rank: int
    read: str

    @property
    def slot(self) -> tuple[str, int, bool, tuple[str, ...]]:
        """Of the readings of one slot only the latest counts.

        An announcement stands beside the record of the same paper: it has no comment, and no date of the paper's own.
        """
        return self.source, self.rank, self.paper.announce is not None, tuple(sorted(self.paper.keys))

    @property
    def weight(self) -> tuple[int, int, int, str, tuple[str, ...]]:
        """What decides whose word counts: the greatest has it."""
        paper = self.paper
        text = (paper.title, paper.abstract, *paper.authors, *paper.keys)
        return self.rank, _strength(paper), paper.version or 0, self.read, text


def same_paper(known: tuple[str, ...], parsed: tuple[str, ...]) -> bool:
    """Whether two records with a key in common are one paper.

    One text under two arXiv ids (a paper submitted twice) is two papers: each id has its own page.
    """
    ours, theirs = key_arxiv_id(known), key_arxiv_id(parsed)
    return not (ours and theirs and ours != theirs)


def combined(readings: Iterable[Reading]) -> Paper:
    """The paper that several readings of it add up to, in whatever order they came. There is at least one.

    Text is taken from the reading with the greatest weight that has any; the rest as `merged` says.
    """
    ordered = sorted(readings, key=lambda reading: reading.weight, reverse=True)
    return reduce(_filled, (reading.paper for reading in ordered))


def papers_of(keys: Sequence[tuple[str, ...]]) -> list[tuple[int, ...]]:
    """Which readings are of one paper, by their keys: groups of places, whatever the order they came in.

    Readings with a key in common are of one paper, unless both have an arXiv id and not the same. What has none, and
    could be of either, goes to the paper that shares its strongest key, and of those to the lowest arXiv id.
    """
    groups: dict[str, list[int]] = {}
    carriers: dict[str, str] = {}
    loose: list[int] = []
    for place, named in enumerate(keys):
        identifier = key_arxiv_id(named)
        if identifier is None:
            loose.append(place)
            continue
        groups.setdefault(identifier, []).append(place)
        for key in named:
            carriers[key] = min(identifier, carriers.get(key, identifier))
    for places, shared in _connected(loose, keys):
        home = next((carriers[key] for key in by_strength(tuple(sorted(shared))) if key in carriers), None)
        groups.setdefault(home or f"without:{places[0]}", []).extend(places)
    return [tuple(sorted(places)) for places in groups.values()]


def merged(known: Paper, parsed: Paper) -> Paper:
    """One paper from two records in one document. Merging the same record again changes nothing.

    The text is taken from the record with the stronger key, and from the later one where they are equal.
    Counts only grow: a saved page is an old reading as often as a new one. A published date with a time beats
    a bare day, and of two the earlier is the paper's own. Of two announcements the stronger stays: what is
    new in one category is announced as a cross-list in another.
    """
    return _filled(parsed, known) if _strength(parsed) >= _strength(known) else _filled(known, parsed)


def strongest(one: str | None, other: str | None) -> str | None:
    """Of two announcements the one that counts: a paper that was new in one category is so, wherever else it comes."""
    known = [word for word in ANNOUNCEMENTS if word in (one, other)]
    return known[0] if known else one or other


def _filled(better: Paper, other: Paper) -> Paper:
    """The better record, with what it lacks from the other one."""
    authors = better.authors or other.authors
    return replace(
        better,
        keys=by_strength((*better.keys, *other.keys)),
        abstract=better.abstract or other.abstract,
        authors=authors,
        author_count=None if authors else _first(better.author_count, other.author_count),
        published=_published(better.published, other.published),
        edition=min(filter(None, (better.edition, other.edition)), default=None),
        organization=better.organization or other.organization,
        upvotes=_most(better.upvotes, other.upvotes),
        comments=_most(better.comments, other.comments),
        stars=_most(better.stars, other.stars),
        summary=better.summary or other.summary,
        author_comment=better.author_comment or other.author_comment,
        keywords=better.keywords or other.keywords,
        categories=better.categories or other.categories,
        version=_most(better.version, other.version),
        announce=strongest(better.announce, other.announce),
        links=order_links((*better.links, *other.links)),
    )


def _connected(
    places: Iterable[int], keys: Sequence[tuple[str, ...]]
) -> Iterator[tuple[tuple[int, ...], set[str]]]:
    """The places that hang together by keys in common, with all their keys."""
    found: list[tuple[list[int], set[str]]] = []
    for place in places:
        mine, named = [place], set(keys[place])
        apart = []
        for others, theirs in found:
            if named & theirs:
                mine, named = others + mine, named | theirs
            else:
                apart.append((others, theirs))
        found = [*apart, (mine, named)]
    return ((tuple(sorted(mine)), named) for mine, named in found)


def _strength(paper: Paper) -> int:
    return 1 if key_arxiv_id(paper.keys) else 0


def _first(one: _Field | None, other: _Field | None) -> _Field | None:
    return one if one is not None else other


def _most(one: int | None, other: int | None) -> int | None:
    return max((count for count in (one, other) if count is not None), default=None)


def _published(one: str | None, other: str | None) -> str | None:
    dates = [date for date in (one, other) if date]
    return min(dates, key=lambda date: (len(date) == len("2026-11-20"), date), default=None)
