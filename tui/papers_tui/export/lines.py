"""A paper in one line, for the clipboard: its address, its title, its id, or all of it as a Markdown item."""

from __future__ import annotations

from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.links import destination, safe_url
from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line, unicode_tex
from papers_tui.export.bibtex import dated
from papers_tui.export.escaping import escaped, heading, one_line, paragraph


def url(paper: Paper) -> str:
    """The address of the paper's page; where none is known, of a search for its title. Safe to open."""
    link = destination(paper, "paper")
    return (safe_url(link.url) or "") if link else ""


def title(paper: Paper) -> str:
    """The title as the screen shows it, its TeX as Unicode."""
    return clean_line(unicode_tex(paper.title)) or _UNTITLED


def identifier(paper: Paper) -> str:
    """The id as people write it: a bare arXiv id (`2402.16107`), else a bare DOI, else the paper's key.

    The command line takes each of them.
    """
    found = key_arxiv_id(paper.keys) or next((key[4:] for key in paper.keys if key.startswith("doi:")), "")
    return clean_line(found or paper.id)


def markdown(paper: Paper) -> str:
    """`- [Title](url), Authors (Year)`, TeX untouched as in the Markdown export.

    What is not known is left out, and so is the address of a mere search. More than four authors are the
    first three and "et al.".
    """
    link = destination(paper, "paper")
    address = (safe_url(link.url) or "") if link and link.origin != "search" else ""
    name = clean_line(paper.title) or _UNTITLED
    authors, year = _authors(paper), dated(paper)[0]
    rest = f"{f', {authors}' if authors else ''}{f' ({year})' if year else ''}"
    return f"- {heading(name, address)}{escaped(rest)}" if address else f"- {paragraph(name + rest)}"


_UNTITLED = "Untitled"
_MOST_NAMED = 4


def _authors(paper: Paper) -> str:
    names = [name for name in map(one_line, map(clean_line, paper.authors)) if name]
    if not names and paper.author_count:
        return "1 author" if paper.author_count == 1 else f"{paper.author_count} authors"
    return ", ".join(names if len(names) <= _MOST_NAMED else [*names[:3], "et al."])
