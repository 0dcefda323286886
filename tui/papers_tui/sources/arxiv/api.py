"""The answers of arXiv's Query API (https://info.arxiv.org/help/api/user-manual.html) as papers."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from papers_tui.domain.text import clean_line
from papers_tui.sources.arxiv.document import read_document
from papers_tui.sources.arxiv.entries import ARXIV, ATOM, Entry, papers_of, text_of
from papers_tui.sources.arxiv.listing import Listing
from papers_tui.sources.dates import utc_stamp

_OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ENTRY, _AUTHOR, _NAME, _CATEGORY = f"{ATOM}entry", f"{ATOM}author", f"{ATOM}name", f"{ATOM}category"
_PRIMARY = f"{ARXIV}primary_category"
_ERRORS = "/api/errors"


def parse_api(data: bytes) -> Listing:
    """The listing of one answer, as arXiv writes it now and as it did before November 2025.

    Everything is found by namespace and name. arXiv tells errors as entries: they become the listing's error.
    """
    document = read_document(data)
    if document.root is None:
        entries = [element for element in document.whole if element.tag == _ENTRY]
    elif document.root.tag == f"{ATOM}feed":
        entries = document.root.findall(_ENTRY)
    else:
        return Listing(error=f"the answer is no list of papers: it begins with <{_local(document.root)}>")
    errors = [entry for entry in entries if _ERRORS in text_of(entry.find(f"{ATOM}id"))]
    listed = [entry for entry in entries if entry not in errors] if errors else entries
    papers, faults = papers_of(listed, _entry_of)
    return Listing(
        papers,
        faults,
        rows=len(listed),
        error=_refusal(errors) or document.fault,
        total=_number(document.root, "totalResults"),
        start=_number(document.root, "startIndex"),
        per_page=_number(document.root, "itemsPerPage"),
    )


def _entry_of(element: Element) -> Entry:
    texts: dict[str, str] = {}
    authors: list[str] = []
    categories: list[str] = []
    for child in element:
        if child.tag == _CATEGORY:
            categories.append(child.get("term", ""))
        elif child.tag == _PRIMARY:
            categories.insert(0, child.get("term", ""))
        elif child.tag == _AUTHOR:
            authors.append(text_of(child.find(_NAME)))
        else:
            texts.setdefault(child.tag, text_of(child))
    return Entry(
        identifier=texts.get(f"{ATOM}id", ""),
        title=texts.get(f"{ATOM}title", ""),
        abstract=texts.get(f"{ATOM}summary", ""),
        authors=tuple(authors),
        categories=tuple(categories),
        comment=texts.get(f"{ARXIV}comment", ""),
        doi=texts.get(f"{ARXIV}doi", ""),
        published=utc_stamp(texts.get(f"{ATOM}published")),
    )


def _refusal(errors: list[Element]) -> str | None:
    said = [clean_line(text_of(error.find(f"{ATOM}summary"))) for error in errors]
    return f'arXiv answers: "{(said[0] or "an error without a word")[:200]}"' if said else None


def _number(root: Element | None, name: str) -> int | None:
    digits = text_of(root.find(_OPEN_SEARCH + name)).strip() if root is not None else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _local(element: Element) -> str:
    return clean_line(element.tag.rpartition("}")[2])[:40]
