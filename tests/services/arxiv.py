"""arXiv's feeds and its Query API over a world; their terms: https://info.arxiv.org/help/api/tou.html."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import unquote

from tests.services import arxiv_entries, arxiv_feeds, eastern
from tests.services.arxiv_query import QueryError, read_query
from tests.services.server import Asked, Reply
from tests.services.submissions import Submission, Version
from tests.services.world import World

from papers_tui.domain.categories import ARCHIVES, CATEGORIES

_KNOWN = {name.lower(): name for name in (*CATEGORIES, *ARCHIVES)}
_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(\d+))?")
_MOST_AT_ONCE = 2000
_LAST = 30_000
_SORTED_BY = ("relevance", "lastUpdatedDate", "submittedDate")


@dataclass(slots=True)
class Arxiv:
    """Answers for `rss.arxiv.org` and `export.arxiv.org`, which may be one server.

    On the days of `stale` its feeds hold the announcement before, up to the moment given there; `redated` says that
    they call it the day's own. `limit` is the most items of a feed: the new ones are those left out. From `deepest` on
    the API's pages are empty, whatever the total says.
    """

    world: World
    stale: Mapping[date, datetime] = field(default_factory=dict)
    redated: bool = True
    limit: int = 2000
    deepest: int | None = None

    def __call__(self, asked: Asked) -> Reply:
        _, form, rest = (*asked.path.split("/", 2), "", "")[:3]
        if form in ("rss", "atom"):
            return self._feed(form, unquote(rest), asked)
        if asked.path == "/api/query":
            return self._query(asked.query)
        return Reply(404, b"Not found", {"Content-Type": "text/plain"})

    def _feed(self, form: str, written: str, asked: Asked) -> Reply:
        now = self.world.now
        day = eastern.day_of(now)
        told = {"Content-Type": f"application/{form}+xml"}
        names = [_KNOWN.get(name.lower(), "") for name in written.split("+")]
        if "" in names or asked.query.get("version", "2.0") != "2.0":
            return Reply(400, arxiv_feeds.error(form, written, day, arxiv_feeds.built_at(day)), told)
        batch, called, built = self._batch(day, now)
        found = self.world.announced(batch, names) if batch else []
        make = arxiv_feeds.rss if form == "rss" else arxiv_feeds.atom
        body = make(names, found[-self.limit :], called, built)
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        told |= {"ETag": etag, "Cache-Control": f"max-age={eastern.until_midnight(now)}"}
        if etag in asked.headers.get("if-none-match", ""):
            return Reply(304, headers=told)
        return Reply(200, body, told)

    def _batch(self, day: date, now: datetime) -> tuple[date | None, date, datetime]:
        """The day whose announcement is shown (None: none), the day it is called, and when the feed was made."""
        built = arxiv_feeds.built_at(day)
        until = self.stale.get(day)
        if until and now < until:
            before = self.world.last_announcement(day)
            return before, day if self.redated else before, built
        if until and until > built:
            built = until
        return (day if eastern.is_announcing(day, self.world.holidays) else None), day, built

    def _query(self, query: Mapping[str, str]) -> Reply:
        try:
            asked = _read(query)
            found = self._found(asked)
        except (QueryError, ValueError) as fault:
            return _atom(400, arxiv_entries.error(str(fault), self.world.now))
        _sort(found, query.get("sortBy", "relevance"), query.get("sortOrder", "descending"))
        page = found[asked.start : asked.start + asked.most]
        if self.deepest is not None and asked.start >= self.deepest:
            page = []
        return _atom(200, arxiv_entries.feed(asked, page, len(found), self.world.now))

    def _found(self, asked: arxiv_entries.Asked) -> list[tuple[Submission, Version]]:
        now = self.world.now
        if asked.ids:
            wanted = [_identifier(text) for text in asked.ids.split(",")]
            listed = [(paper, number) for name, number in wanted if (paper := self.world.paper(name))]
        else:
            listed = [(paper, None) for paper in self.world.papers]
        matches = read_query(asked.query) if asked.query else None
        return [
            (paper, shown)
            for paper, number in listed
            if (shown := _shown(paper, number, now)) and (matches is None or matches(paper))
        ]


def _read(query: Mapping[str, str]) -> arxiv_entries.Asked:
    start, most = _number(query, "start", 0), _number(query, "max_results", 10)
    if most > _MOST_AT_ONCE or start + most > _LAST:
        raise ValueError(
            f"max_results must be at most {_MOST_AT_ONCE}, start and max_results at most {_LAST}"
        )
    if query.get("sortBy", "relevance") not in _SORTED_BY:
        raise ValueError("sortBy must be in: relevance, lastUpdatedDate, submittedDate")
    return arxiv_entries.Asked(query.get("search_query", ""), query.get("id_list", ""), start, most)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.removeprefix("-").isdigit():
        raise ValueError(f"{name} must be an integer")
    if int(text) < 0:
        raise ValueError(f"{name} must be non-negative")
    return int(text)


def _identifier(text: str) -> tuple[str, int | None]:
    found = _ID.fullmatch(text.strip())
    if not found:
        raise ValueError(f"incorrect id format for {text}")
    return found[1], int(found[2]) if found[2] else None


def _shown(paper: Submission, number: int | None, now: datetime) -> Version | None:
    """The version that is to be shown: the one asked for, else the newest; None where it is not out."""
    newest = paper.version_at(now)
    if newest is None or number is None:
        return newest
    return paper.versions[number - 1] if 1 <= number <= newest.number else None


def _sort(found: list[tuple[Submission, Version]], by: str, order: str) -> None:
    if by == "submittedDate":
        found.sort(key=lambda each: each[0].versions[0].submitted, reverse=order == "descending")
    elif by == "lastUpdatedDate":
        found.sort(key=lambda each: each[1].submitted, reverse=order == "descending")


def _atom(status: int, body: bytes) -> Reply:
    return Reply(status, body, {"Content-Type": "application/atom+xml; charset=UTF-8"})
