"""One entry of any of arXiv's feeds as a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from papers_tui.domain.identity import arxiv_id, arxiv_key, arxiv_version, by_strength, doi_key, text_key
from papers_tui.domain.links import find_links, order_links
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import merged
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.domain.topics import is_category
from papers_tui.late import dataclass

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class Entry:
    """What an entry says, as it stands there; `identifier` is an arXiv id in any of its forms, with its version.

    `published` is as `Paper.published`, `announce` one of `paper.ANNOUNCEMENTS`; `doi` may hold several DOIs.
    """

    identifier: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    comment: str = ""
    doi: str = ""
    published: str | None = None
    announce: str | None = None


def paper_of(entry: Entry) -> Paper:
    """The paper; raises ValueError, with a sentence, where the entry has no usable id or title."""
    identifier = arxiv_id(entry.identifier)
    if identifier is None:
        raise ValueError("its id is not an arXiv id" if entry.identifier.strip() else "it has no id")
    if not entry.title.strip():
        raise ValueError("it has no title")
    title = clean_line(entry.title) or f"arXiv:{identifier}"
    abstract, comment = clean_text(entry.abstract), clean_line(entry.comment)
    # An arXiv DOI that is not this paper's own would make two papers one.
    dois = [key for part in entry.doi.split() if (key := doi_key(part)) and key.startswith("doi:")]
    return Paper(
        keys=by_strength((arxiv_key(identifier), *dois, text_key(title, abstract))),
        title=title,
        abstract=abstract,
        authors=tuple(filter(None, map(clean_line, entry.authors))),
        published=entry.published,
        author_comment=comment or None,
        categories=tuple(dict.fromkeys(filter(is_category, map(str.strip, entry.categories)))),
        version=arxiv_version(entry.identifier),
        announce=entry.announce,
        links=order_links((*find_links(comment, "comment"), *find_links(abstract))),
    )


def papers_of(
    elements: Iterable[Element], entry_of: Callable[[Element], Entry]
) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The good papers of `elements`, each once at its first place, and one sentence for each bad entry."""
    papers: dict[str, Paper] = {}
    faults: list[str] = []
    for number, element in enumerate(elements, start=1):
        entry = entry_of(element)
        try:
            paper = paper_of(entry)
        except ValueError as fault:
            faults.append(f"entry {number}{_named(entry)}: {fault}")
        else:
            known = papers.get(paper.id)
            papers[paper.id] = merged(known, paper) if known else paper
    return tuple(papers.values()), tuple(faults)


def text_of(element: Element | None) -> str:
    """All the text within an element, without the markup that may divide it."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else element.text or ""


def _named(entry: Entry) -> str:
    name = clean_line(entry.identifier)
    return f" ({name[:60]})" if name else ""
