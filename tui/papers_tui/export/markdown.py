"""Papers as Markdown: one document, or one file a paper; pure text, for editors, GitHub and Obsidian alike."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.paper import Link, Paper
from papers_tui.export import front_matter
from papers_tui.export.escaping import address, escaped, heading, is_web, one_line, paragraph, paragraphs, tag
from papers_tui.export.fingerprints import key, values_record
from papers_tui.export.front_matter import Field, Sums
from papers_tui.export.notes import ends_of
from papers_tui.export.sections import marked, unlike_ours
from papers_tui.late import dataclass

_STAR = "★"
STAR_AT_END = f" · {_STAR}"
"""How the line of dates and sources of a starred paper ends."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A paper with what the user did to it and where it was seen.

    `links` are all its links in the order to show; `sources` and `tags` are names, without `#`; `note` is
    the user's own Markdown, or empty.
    """

    paper: Paper
    links: tuple[Link, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    note: str = ""
    starred: bool = False
    read: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a file begins with: the fields of its front matter, and its heading, empty where it has none.

    The fields named in `current` are of the moment; of the others, and the heading, `record` keeps the sums,
    so that a later export knows which of them are as we wrote them.
    """

    fields: dict[str, Field]
    heading: str = ""
    current: frozenset[str] = frozenset()

    @property
    def sums(self) -> Sums:
        """What is known of the fields, and under `heading` of the heading."""
        lasting = {name: value for name, value in self.fields.items() if name not in self.current}
        known = front_matter.sums(lasting)
        return known | {"heading": [key(self.heading)]} if self.heading else known

    @property
    def record(self) -> str:
        return values_record(self.sums)

    @property
    def text(self) -> str:
        """All of it, the record between the front matter and the heading."""
        parts = [front_matter.written(self.fields), f"{self.record}\n", f"{self.heading}\n"]
        return "\n".join(parts if self.heading else parts[:2])


def document_head(count: int, *, title: str, query: str, date: str) -> Head:
    """How a document of `count` papers begins; `date` is the day of the export, YYYY-MM-DD."""
    fields: dict[str, Field] = {"title": title, "date": date, "count": count, "query": query}
    return Head(fields, f"# {heading(title)}", frozenset(("date", "count")))


def paper_head(shelved: Shelved) -> Head:
    """How the file of one paper begins: its record as front matter.

    `date`, `url`, `code`, `starred` and `read` are left out where there is nothing to say.
    """
    paper = shelved.paper
    fields: dict[str, Field | None] = {
        "id": paper.id,
        "title": paper.title,
        "authors": paper.authors,
        "date": _day(paper),
        "sources": shelved.sources,
        "tags": shelved.tags,
        "url": _page(shelved),
        "code": next((link.url for link in shelved.links if link.kind == "code" and not link.doubtful), None),
        "starred": shelved.starred or None,
        "read": shelved.read or None,
    }
    return Head({name: value for name, value in fields.items() if value is not None})


def render_document(papers: Sequence[Shelved], *, title: str, query: str, date: str) -> str:
    """One Markdown document of `papers`, in their order; `date` is the day of the export, YYYY-MM-DD.

    YAML front matter, the title as H1, then a section per paper under its linked title. Each section
    stands between `<!-- papers-tui: ID -->` and `<!-- /papers-tui: ID -->` (see `sections`).
    """
    head = document_head(len(papers), title=title, query=query, date=date)
    return head.text + "".join(f"\n{section(shelved, '##')}\n" for shelved in papers)


def render_paper(shelved: Shelved) -> str:
    """The Markdown file of one paper: its record as YAML front matter, then its section under an H1."""
    return f"{paper_head(shelved).text}\n{section(shelved, '#')}\n"


def section(shelved: Shelved, level: str) -> str:
    """A paper's section with its markers, under a heading of `level`, without a line end at its end."""
    paper = shelved.paper
    page = _page(shelved)
    blocks = [
        f"{level} {heading(paper.title, page)}",
        paragraph(_byline(paper)),
        paragraph(_provenance(shelved)),
        "\n".join(_link_item(link) for link in shelved.links if link.url != page),
        "Tags: " + " ".join(map(tag, shelved.tags)) if shelved.tags else "",
        *paragraphs(paper.abstract),
        _note(shelved.note),
    ]
    return marked(paper.id, "\n\n".join(filter(None, blocks)))


def _page(shelved: Shelved) -> str | None:
    """Where the paper itself is read about: its page, else its arXiv or DOI page, else its own address."""
    pages = [link.url for link in shelved.links if link.kind == "paper" and is_web(link.url)]
    if pages:
        return pages[0]
    if identifier := key_arxiv_id(shelved.paper.keys):
        return f"https://arxiv.org/abs/{quote(identifier, errors='replace')}"
    for known in shelved.paper.keys:
        scheme, _, rest = known.partition(":")
        if scheme == "doi":
            return f"https://doi.org/{quote(rest, errors='replace')}"
        if scheme == "url" and is_web(rest):
            return rest
    return None


def _byline(paper: Paper) -> str:
    names = ", ".join(filter(None, map(one_line, paper.authors)))
    if not names and paper.author_count:
        names = "1 author" if paper.author_count == 1 else f"{paper.author_count} authors"
    organization = paper.organization
    return _dotted(names, organization.fullname or organization.name if organization else "")


def _provenance(shelved: Shelved) -> str:
    sources = ", ".join(filter(None, map(one_line, shelved.sources)))
    return _dotted(_day(shelved.paper) or "", sources, _STAR if shelved.starred else "")


def _dotted(*parts: str) -> str:
    return " · ".join(filter(None, map(one_line, parts)))


def _day(paper: Paper) -> str | None:
    return (paper.published or paper.edition or "")[:10] or None


def _link_item(link: Link) -> str:
    label = one_line(link.label)
    said = f" ({escaped(label)})" if label and label not in (link.kind, link.url) else ""
    return f"- {link.kind}: {address(link.url)}{said}{' (may be cut short)' if link.doubtful else ''}"


def _note(note: str) -> str:
    """The note as it stands, and below it what ends whatever the note leaves open."""
    if not note.strip():
        return ""
    note = unlike_ours(note)
    ends = ends_of(note)
    gap = "" if note.endswith("\n") or not ends else "\n"
    return f"**Note**\n\n{note}{gap}" + "\n".join(ends)
