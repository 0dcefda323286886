"""The addresses of arXiv: what a source names, and the requests that follow from it.

A source's address is its categories, `cs.CL+cs.LG`, or `search?` and at least one of the fields `author`, `title`,
`abstract`, `category` and `all`, URL-encoded; fields may come more than once, and all must hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import parse_qsl, quote, urlencode

from papers_tui.domain.categories import ARCHIVES, known_category
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import arxiv_id
from papers_tui.late import dataclass
from papers_tui.sources.arxiv.listing import LAST_START, MOST_AT_ONCE

SORTS = ("submittedDate", "lastUpdatedDate", "relevance")

_PREFIXES = {"author": "au", "title": "ti", "abstract": "abs", "category": "cat", "all": "all"}
_SHORT = {"au": "author", "ti": "title", "abs": "abstract", "cat": "category"}
_WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
_SYNTAX = re.compile(r"[^\w.*?'’+/-]+")
_OPERATORS = ("AND", "OR", "ANDNOT", "NOT", "TO")
_LONGEST = 300
_HINT = "such as cs.CL+cs.LG or search?author=Hinton&category=cs.LG"


@dataclass(frozen=True, slots=True)
class Categories:
    """A source of the daily announcements in some categories or whole archives."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "+".join(self.names)


@dataclass(frozen=True, slots=True)
class Search:
    """A source of what a query finds. `terms` are (field, text) pairs, all of which must hold."""

    terms: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return "search?" + urlencode(self.terms)


def parse_source(address: str) -> Categories | Search:
    """What a source's address names; `str()` of it is the address in the form to keep.

    Raises PapersError, with the way out, for a category or a field that is not known and for an empty search.
    """
    address = address.strip()
    kind, mark, query = address.partition("?")
    if mark and kind.strip().lower() == "search":
        return Search(tuple(_terms(query)))
    names = [name for name in re.split(r"[+,\s]+", address) if name]
    if not names:
        raise PapersError("arXiv", "the source names no category", _HINT)
    return Categories(tuple(dict.fromkeys(map(known_category, names))))


def rss_address(base: str, categories: Categories) -> str:
    """The feed of the last announcement; `base` is an origin such as https://rss.arxiv.org."""
    return f"{base.rstrip('/')}/rss/{categories}"


def search_address(
    base: str, search: Search, *, start: int = 0, limit: int = 100, sort: str = "submittedDate"
) -> str:
    """A page of what the search finds, the newest first; `base` is an origin such as https://export.arxiv.org.

    `sort` is one of SORTS. Raises ValueError outside of the API's bounds.
    """
    return _query(base, " AND ".join(map(_condition, search.terms)), start, limit, sort)


def day_address(
    base: str, categories: Categories, first: date, last: date, *, start: int = 0, limit: int = MOST_AT_ONCE
) -> str:
    """A page of what was first submitted to the categories from `first` to `last`, both included (UTC days)."""
    asked = " OR ".join(_category(name) for name in categories.names)
    within = f"submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
    return _query(base, f"({asked}) AND {within}", start, limit, "submittedDate")


def ids_address(base: str, ids: Iterable[str]) -> str:
    """The present records of at most 2,000 papers, named by arXiv ids. Raises ValueError for anything else."""
    known = [arxiv_id(text) for text in ids]
    if not known or None in known or len(known) > MOST_AT_ONCE:
        raise ValueError("not between one and 2,000 arXiv ids")
    listed = quote(",".join(filter(None, known)), safe=",/")
    return f"{base.rstrip('/')}/api/query?id_list={listed}&max_results={len(known)}"


def _query(base: str, query: str, start: int, limit: int, sort: str) -> str:
    if sort not in SORTS or not 0 <= start < LAST_START or not 1 <= limit <= MOST_AT_ONCE:
        raise ValueError(f"no such page of a search: start {start}, limit {limit}, sort {sort}")
    page = {
        "search_query": query,
        "start": start,
        "max_results": min(limit, LAST_START - start),
        "sortBy": sort,
        "sortOrder": "descending",
    }
    return f"{base.rstrip('/')}/api/query?{urlencode(page, safe=':')}"


def _terms(query: str) -> list[tuple[str, str]]:
    terms: list[tuple[str, str]] = []
    for name, text in parse_qsl(query, keep_blank_values=True, errors="replace"):
        field = _SHORT.get(name.strip().lower(), name.strip().lower())
        if field not in _PREFIXES:
            known = ", ".join(_PREFIXES)
            raise PapersError("arXiv", f'a search has no field "{name.strip()[:40]}"', f"it has {known}")
        words = known_category(text) if field == "category" else " ".join(text.split())
        if field != "category" and not _phrases(words, whole=field == "author"):
            raise PapersError("arXiv", f"the search for {field} has no words", _HINT)
        if len(words) > _LONGEST:
            raise PapersError("arXiv", f"the search for {field} has more than {_LONGEST} characters")
        terms.append((field, words))
    if not terms:
        raise PapersError("arXiv", "the search has no words", _HINT)
    return terms


def _condition(term: tuple[str, str]) -> str:
    field, text = term
    if field == "category":
        return _category(text)
    prefix = _PREFIXES[field]
    phrases = _phrases(text, whole=field == "author")
    return " AND ".join(f"{prefix}:{_quoted(words)}" for words in phrases)


def _quoted(words: str) -> str:
    return f'"{words}"' if " " in words or words in _OPERATORS else words


def _category(name: str) -> str:
    return f"cat:{name}.*" if name in ARCHIVES else f"cat:{name}"


def _phrases(text: str, *, whole: bool) -> list[str]:
    """The words and "quoted phrases" of `text`, or all of it as one, without what has a meaning in a query."""
    found = [text] if whole else [quoted or word for quoted, word in _WORD.findall(text)]
    bare = (" ".join(_SYNTAX.sub(" ", part).split()) for part in found)
    return [words for words in bare if any(map(str.isalnum, words))]
