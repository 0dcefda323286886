"""Hugging Face's papers API over a world: https://huggingface.co/.well-known/openapi.json."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.services import hub_rows
from tests.services.server import Asked, Reply
from tests.services.submissions import Submission
from tests.services.world import World

_WINDOW = 300
_DAY = timedelta(days=1)
_LONGEST_SEARCH = 250


class _BadRequestError(Exception):
    """A request that is answered with 400."""


@dataclass(slots=True)
class DailyPapers:
    """Answers for `huggingface.co`.

    An edition opens `opens` after midnight (UTC) of its day: to ask before is a bad request. Without a date all
    editions are one list, the newest papers first. `quota` is how many requests are free in each window of five
    minutes, `with_token` how many for who sends one; `etags` says whether answers have an ETag.
    """

    world: World
    quota: int = 500
    with_token: int = 1000
    opens: timedelta = timedelta(0)
    etags: bool = False
    _spent: Counter[tuple[int, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Reply:
        now = self.world.now
        limits, left = self._limits(asked, now)
        if left < 0:
            return _error(429, "We had to rate limit you", limits)
        try:
            found = self._found(asked, now)
        except _BadRequestError as fault:
            return _error(400, str(fault), limits)
        if found is None:
            return _error(404, "Paper not found", limits)
        body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
        told = limits | {"Content-Type": "application/json; charset=utf-8"}
        if self.etags:
            told["ETag"] = f'W/"{len(body):x}-{hashlib.sha1(body).hexdigest()[:27]}"'
            if told["ETag"] in asked.headers.get("if-none-match", ""):
                return Reply(304, headers=told)
        return Reply(200, body, told)

    def _limits(self, asked: Asked, now: datetime) -> tuple[dict[str, str], int]:
        """The headers about the quota, and what is left of it after this request; below 0 it was spent before."""
        window, gone = divmod(int(now.timestamp()), _WINDOW)
        who = asked.headers.get("authorization", "")
        quota = self.with_token if who else self.quota
        with self._lock:
            self._spent[window, who] += 1
            left = quota - self._spent[window, who]
        return {
            "RateLimit": f'"api";r={max(left, 0)};t={_WINDOW - gone}',
            "RateLimit-Policy": f'"fixed window";"api";q={quota};w={_WINDOW}',
        }, left

    def _found(self, asked: Asked, now: datetime) -> object:
        """What is to be sent; None where there is no such paper."""
        if asked.path == "/api/daily_papers":
            return self._listed(asked.query, now)
        if asked.path == "/api/papers/search":
            return self._search(asked.query, now)
        paper = self.world.paper(asked.path.removeprefix("/api/papers/"))
        hub = paper.listed_at(now) if paper else None
        return hub_rows.detail(paper, hub, now) if paper and hub else None

    def _listed(self, query: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
        limit, page = _number(query, "limit", 50, 1, 100), _number(query, "p", 0, 0, 10**6)
        first, last = self._span(query, now)
        match query.get("sort", "publishedAt"):
            case "publishedAt":
                papers = sorted(self.world.daily(first, last, now), key=_newest, reverse=True)
            case "trending":
                liked = self.world.trending(now)
                papers = [paper for paper in liked if paper.hub and first <= paper.hub.edition <= last]
            case _:
                raise _BadRequestError('Invalid option: expected one of "publishedAt"|"trending" at "sort"')
        return self._rows(papers[page * limit : (page + 1) * limit], now)

    def _span(self, query: Mapping[str, str], now: datetime) -> tuple[date, date]:
        """The first and last edition that is asked for."""
        asked = [(name, read) for name, read in _PERIODS.items() if name in query]
        if not asked:
            return date.min, date.max
        (name, read), *others = asked
        try:
            first, last = read(query[name])
        except ValueError:
            raise _BadRequestError(f'Invalid {name} at "{name}"') from None
        if others:
            raise _BadRequestError("Only one of date, week and month can be given")
        if first > (now - self.opens).date():
            raise _BadRequestError(f"{name} must not be in the future")
        return first, last

    def _search(self, query: Mapping[str, str], now: datetime) -> list[dict[str, Any]]:
        words, limit = query.get("q", ""), _number(query, "limit", 20, 1, 120)
        if not words.strip() or len(words) > _LONGEST_SEARCH:
            raise _BadRequestError(f'"q" must have between 1 and {_LONGEST_SEARCH} characters')
        found = self.world.found_on_hub(words, now)[:limit]
        return [hub_rows.search_row(paper, paper.hub, now, words) for paper in found if paper.hub]

    def _rows(self, papers: Iterable[Submission], now: datetime) -> list[dict[str, Any]]:
        return [hub_rows.row(paper, paper.hub, now) for paper in papers if paper.hub]


def _newest(paper: Submission) -> tuple[date, str]:
    return paper.versions[0].submitted.date(), paper.id


def _day(text: str) -> tuple[date, date]:
    day = datetime.fromisoformat(text).date()
    if len(text) < len("2026-11-20"):
        raise ValueError(text)
    return day, day


def _week(text: str) -> tuple[date, date]:
    monday = datetime.strptime(f"{text}-1", "%G-W%V-%u").date()
    return monday, monday + 6 * _DAY


def _month(text: str) -> tuple[date, date]:
    first = datetime.strptime(text, "%Y-%m").date()
    return first, (first + 31 * _DAY).replace(day=1) - _DAY


_PERIODS: dict[str, Callable[[str], tuple[date, date]]] = {"date": _day, "week": _week, "month": _month}


def _number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, str(default))
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise _BadRequestError(f'Invalid number: expected {least} to {most} at "{name}"')
    return int(text)


def _error(status: int, message: str, headers: Mapping[str, str]) -> Reply:
    body = json.dumps({"error": message}).encode()
    told = {"Content-Type": "application/json; charset=utf-8", "X-Error-Message": message}
    code = {400: "BadRequest", 404: "NotFound", 429: "RateLimited"}[status]
    return Reply(status, body, {**told, "X-Error-Code": code, **headers})
