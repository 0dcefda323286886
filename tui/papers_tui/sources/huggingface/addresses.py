"""The addresses of Hugging Face's papers: what a source names, and the requests that follow from it.

A source's address is empty (the daily edition), `week`, `month`, `trending` or `search:WORDS`.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import arxiv_id
from papers_tui.late import dataclass

PERIODS = ("daily", "week", "month", "trending", "search")

_PAGE = 100
_SEARCH_RESULTS = 120
_LONGEST_SEARCH = 250


@dataclass(frozen=True, slots=True)
class Period:
    """A source of Daily Papers: `kind` is one of PERIODS; `words` is what a search looks for."""

    kind: str
    words: str = ""

    def __str__(self) -> str:
        if self.kind == "search":
            return f"search:{self.words}"
        return "" if self.kind == "daily" else self.kind


def parse_source(address: str) -> Period:
    """What a source's address names; `str()` of it is the address in the form to keep.

    Raises PapersError, with the way out, where it names nothing.
    """
    text = " ".join(address.split())
    kind, mark, words = text.partition(":")
    kind = kind.strip().lower()
    if kind == "search" and words.strip():
        if len(words) > _LONGEST_SEARCH:
            raise PapersError("Daily Papers", f"the search has more than {_LONGEST_SEARCH} characters")
        return Period("search", words.strip())
    if mark or (kind and kind not in PERIODS[:-1]):
        hint = "leave it empty for the daily edition, or use week, month, trending or search:WORDS"
        raise PapersError("Daily Papers", f'there is no period "{text[:40]}"', hint)
    return Period(kind or "daily")


def period_address(base: str, period: Period, today: date, *, page: int = 0) -> str:
    """The address of one page of what a source names; `today` (UTC) says which week or month it is.

    A search has a single page. `base` is an origin such as https://huggingface.co.
    """
    match period.kind:
        case "search":
            return search_address(base, period.words)
        case "week":
            return daily_address(base, week=today, page=page)
        case "month":
            return daily_address(base, month=today, page=page)
        case _:
            return daily_address(base, trending=period.kind == "trending", page=page)


def daily_address(
    base: str,
    *,
    day: date | None = None,
    week: date | None = None,
    month: date | None = None,
    trending: bool = False,
    page: int = 0,
    limit: int = _PAGE,
) -> str:
    """A page of the edition of a day, or of all in the week or month of one; without any, of the latest.

    Pages count from 0 and end with the first that has fewer than `limit` rows, of 1 to 100.
    """
    asked: dict[str, str | int] = {}
    if day:
        asked["date"] = day.isoformat()
    if week:
        year, number, _ = week.isocalendar()
        asked["week"] = f"{year}-W{number:02}"
    if month:
        asked["month"] = f"{month:%Y-%m}"
    if len(asked) > 1 or not 1 <= limit <= _PAGE or page < 0:
        raise ValueError(f"no such page of Daily Papers: {asked}, page {page}, limit {limit}")
    if trending:
        asked["sort"] = "trending"
    return _address(base, "/api/daily_papers", asked | {"p": page, "limit": limit})


def search_address(base: str, words: str, limit: int = _SEARCH_RESULTS) -> str:
    """What a search finds, at most 120 rows. Raises ValueError outside of the service's bounds."""
    if not words.strip() or len(words) > _LONGEST_SEARCH or not 1 <= limit <= _SEARCH_RESULTS:
        raise ValueError(f"no such search of papers: {len(words)} characters, limit {limit}")
    return _address(base, "/api/papers/search", {"q": words, "limit": limit})


def paper_address(base: str, identifier: str) -> str:
    """One paper with what is linked to it, by its arXiv id. Raises ValueError where it is none."""
    known = arxiv_id(identifier)
    if known is None:
        raise ValueError("not an arXiv id")
    return _address(base, f"/api/papers/{known}", {})


def _address(base: str, path: str, asked: dict[str, str | int]) -> str:
    return f"{base.rstrip('/')}{path}{'?' if asked else ''}{urlencode(asked)}"
