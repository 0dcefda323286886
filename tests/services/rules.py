"""The rules of conduct, and who broke which: what the simulated services have to say about a client."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from tests.services.server import Asked, Reply, Wire

from papers_tui.sources.http.headers import rate_limit, retry_after

ARXIV = "arxiv"
"""The service that is asked one request at a time, with a pause between them."""

_AGENT = re.compile(r"papers-tui/\S+")
_GIVEN = (200, 304)


@dataclass(frozen=True, slots=True)
class _Moment:
    """A point of time by both clocks: the steady one of the servers (seconds), and the world's."""

    ticks: float
    now: datetime

    def since(self, earlier: _Moment) -> float:
        """The seconds since another moment, by the clock by which they are more."""
        return max(self.ticks - earlier.ticks, (self.now - earlier.now).total_seconds())


@dataclass(frozen=True, slots=True)
class _Closed:
    """A service asked to be left alone for some seconds."""

    began: _Moment
    seconds: float
    reason: str


class Rules:
    """Counts what services are asked and keeps what was wrong with it, a sentence each, in `broken`.

    A client may live by the real clock or by the world's: it breaks a rule about time only if it does so by both.
    `interval` is how many seconds arXiv is to be left alone after a request; `grace` for how many seconds a request
    may have been on its way already when another one was refused.
    """

    def __init__(self, now: Callable[[], datetime], *, interval: float = 3.0, grace: float = 0.2) -> None:
        self.interval = interval
        self.grace = grace
        self.counts: Counter[tuple[str, int]] = Counter()
        """How often each service gave an answer of each status; 0 stands for what is no proper answer."""
        self._now = now
        self._lock = threading.Lock()
        self._broken: list[str] = []
        self._last: _Moment | None = None
        self._asking: set[int] = set()
        self._kept_open: set[int] = set()
        self._closed: dict[str, _Closed] = {}
        self._etags: dict[tuple[str, str], str] = {}
        self._given: set[tuple[str, str]] = set()

    @property
    def broken(self) -> list[str]:
        with self._lock:
            return list(self._broken)

    def asked(self, service: str) -> int:
        """How many answers a service gave."""
        return sum(many for (name, _), many in self.counts.items() if name == service)

    def new_refresh(self) -> None:
        """From here on addresses may be asked for once more."""
        with self._lock:
            self._given.clear()

    def new_reader(self) -> None:
        """A client that knows nothing yet: it has no bodies to compare, and nobody told it to stay away."""
        with self._lock:
            self._given.clear()
            self._etags.clear()
            self._closed.clear()

    def begin(self, service: str, asked: Asked, connections: Collection[int] = ()) -> None:
        """A request has come; `connections` are the numbers of those that the service has open."""
        moment = _Moment(asked.time, self._now())
        with self._lock:
            found = [*self._manners(service, asked, moment)]
            if service == ARXIV:
                found += self._pace(asked, moment, connections)
            self._broken += [f"{service} {asked.target}: {problem}" for problem in found]

    def end(self, service: str, asked: Asked, answer: Reply | Wire, *, spoiled: bool = False) -> None:
        """A request is about to be answered; who gets a `spoiled` answer may well ask again."""
        now = self._now()
        with self._lock:
            self._asking.discard(asked.connection)
            self.counts[service, answer.status if isinstance(answer, Reply) else 0] += 1
            if not isinstance(answer, Reply):
                return
            told = {name.lower(): value for name, value in answer.headers.items()}
            here = (service, asked.target)
            if answer.status in _GIVEN and not spoiled:
                self._given.add(here)
            if answer.status == 200 and "etag" in told and not spoiled:
                self._etags[here] = told["etag"]
            elif answer.status == 200 and "etag" not in told:
                self._etags.pop(here, None)  # what the client has now has none
            seconds = retry_after(told.get("retry-after"), now) if answer.status in (429, 503) else None
            left = rate_limit(told.get("ratelimit"))
            if seconds is not None:
                reason = f"it answered {answer.status} with Retry-After"
                self._closed[service] = _Closed(_Moment(asked.time, now), seconds, reason)
            elif left and left[0] == 0:
                reason = "its RateLimit was used up"
                self._closed[service] = _Closed(_Moment(asked.time, now), left[1], reason)

    def failed(self, service: str, asked: Asked) -> None:
        """The simulation itself broke down over a request: nothing may pass for well then."""
        with self._lock:
            self._asking.discard(asked.connection)
            self._broken.append(f"{service} {asked.target}: the simulation broke down over it")

    def _manners(self, service: str, asked: Asked, moment: _Moment) -> list[str]:
        here = (service, asked.target)
        found: list[str] = []
        if not _AGENT.match(asked.headers.get("user-agent", "")):
            found.append("the User-Agent is not papers-tui/…")
        if here in self._etags and "if-none-match" not in asked.headers:
            found.append("no If-None-Match, though an ETag was given before")
        if here in self._given:
            found.append("asked twice within one refresh")
        closed = self._closed.get(service)
        grace = 0.0 if service == ARXIV else self.grace
        if closed and moment.ticks - closed.began.ticks >= grace:
            since = moment.since(closed.began)
            if since < closed.seconds:
                found.append(f"asked {since:.3f} s after {closed.reason}, not {closed.seconds:g} s")
        return found

    def _pace(self, asked: Asked, moment: _Moment, connections: Collection[int]) -> list[str]:
        """What arXiv's terms of use say: one request every three seconds, and one connection."""
        found: list[str] = []
        others = (self._asking | self._kept_open) & set(connections)
        if others - {asked.connection}:
            found.append("asked on a second connection at once")
        if self._last and (since := moment.since(self._last)) < self.interval:
            found.append(f"asked {since:.3f} s after the request before, not {self.interval:g} s")
        self._last = moment
        self._asking.add(asked.connection)
        if asked.headers.get("connection", "").lower() == "close":
            self._kept_open.discard(asked.connection)
        else:
            self._kept_open.add(asked.connection)
        return found
