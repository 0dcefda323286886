"""Bad days: answers that go wrong, at the requests for which that was planned."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

from tests.services.server import Asked, Handler, Reply, Wire

Mishap = Callable[[Reply], Reply | Wire]
"""What becomes of a proper answer."""

_ROUND = "/round-and-round/"
_VALIDATORS = ("if-none-match", "if-modified-since")


@dataclass(slots=True)
class _Plan:
    prefix: str
    turns: Collection[int]
    mishap: Mishap
    asked: int = 0
    met: int = 0


@dataclass(slots=True)
class Trouble:
    """A plan of mishaps, empty at first. `ended`, once set, ends those that take their time."""

    ended: threading.Event = field(default_factory=threading.Event)
    _plans: list[_Plan] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def plan(self, prefix: str, turns: int | Collection[int], mishap: Mishap) -> None:
        """Lets a mishap befall requests whose target begins with `prefix`: those of `turns`, the first being 1.

        Turns count from the plan on. Of several plans for one request the first holds.
        """
        counted = (turns,) if isinstance(turns, int) else turns
        with self._lock:
            self._plans.append(_Plan(prefix, counted, mishap))

    @property
    def unmet(self) -> list[str]:
        """The prefixes of plans of which something has not happened yet."""
        with self._lock:
            return [plan.prefix for plan in self._plans if plan.met < len(plan.turns)]

    def answer(self, asked: Asked, handler: Handler) -> tuple[Reply | Wire, bool]:
        """What `handler` answers, or what becomes of that; and whether it is spoiled."""
        if asked.path.startswith(_ROUND):
            return _redirect("there" if asked.path.endswith("here") else "here"), True
        mishap = self._mishap(asked.target)
        if mishap is None:
            return handler(asked), False
        # Whether the client knows the body already shall not matter: there is one to spoil in any case.
        headers = {name: value for name, value in asked.headers.items() if name not in _VALIDATORS}
        good = handler(replace(asked, headers=headers))
        return (mishap(good) if isinstance(good, Reply) else good), True

    def dripping(self, pause: float = 0.05) -> Mishap:
        """The headers at once, then a byte every `pause` seconds, for as long as anybody listens."""
        return lambda good: Wire(self._drops(good, pause))

    def late(self, seconds: float, then: Mishap | None = None) -> Mishap:
        """Nothing for some seconds, then what `then` makes of the answer, else the answer."""

        def mishap(good: Reply) -> Reply | Wire:
            self.ended.wait(seconds)
            return then(good) if then else good

        return mishap

    def _drops(self, good: Reply, pause: float) -> Iterator[bytes]:
        kind = good.headers.get("Content-Type", "text/plain")
        yield f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: 1000000\r\n\r\n".encode()
        while not self.ended.wait(pause):
            yield b" "

    def _mishap(self, target: str) -> Mishap | None:
        """What is planned for this request, which every plan for its prefix counts."""
        with self._lock:
            chosen: Mishap | None = None
            for plan in self._plans:
                if not target.startswith(plan.prefix):
                    continue
                plan.asked += 1
                if plan.asked in plan.turns:
                    plan.met += 1
                    chosen = chosen or plan.mishap
            return chosen


def refused(retry_after: int | str | None = None) -> Mishap:
    """429 in arXiv's words, with or without the seconds (or the date) for which to stay away."""
    headers = {"Content-Type": "text/plain"}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return lambda _: Reply(429, b"Rate exceeded.", headers)


def failed(status: int = 500) -> Mishap:
    return lambda _: Reply(status, b"<h1>Oh no</h1>", {"Content-Type": "text/html"})


def dropped(_: Reply) -> Wire:
    """The connection is closed without a word."""
    return Wire()


def cut_off(good: Reply) -> Wire:
    """The connection is closed in the middle of the body."""
    head = f"HTTP/1.1 {good.status} OK\r\nContent-Length: {len(good.body)}\r\n\r\n".encode()
    return Wire((head, good.body[: len(good.body) // 2]))


def truncated_gzip(good: Reply) -> Reply:
    """A packed body of which the end is missing, though its length is right."""
    packed = gzip.compress(good.body, mtime=0)
    kept = {"Content-Type": _type(good), "Content-Encoding": "gzip"}
    return Reply(200, packed[: len(packed) // 2], kept)


def html(_: Reply) -> Reply:
    """A web page in the place of what was asked for, as a captive portal sends it."""
    page = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>"
    return Reply(200, page, {"Content-Type": "text/html; charset=utf-8"})


def empty(good: Reply) -> Reply:
    return Reply(200, b"", {"Content-Type": _type(good)})


def redirect_loop(_: Reply) -> Reply:
    return _redirect("here")


def miscoded(good: Reply) -> Reply:
    """Text in Latin-1 that calls itself UTF-8; letters that Latin-1 lacks are question marks.

    So that there is one in any case, a letter with an accent comes before the first "a" between words.
    """
    text = re.sub(r"(?<=[a-z]) (?=[a-z])", " \xe0 ", good.body.decode(), count=1)
    return Reply(200, text.encode("latin-1", "replace"), {"Content-Type": _type(good)})


def one_bad_item(good: Reply) -> Reply:
    """An item of no use before the good ones."""
    body = good.body
    if body[:1] in b"[{":
        found = json.loads(body)
        rows = found["items"] if isinstance(found, dict) else found
        rows.insert(0, "no item" if isinstance(found, dict) else {"paper": {"id": "no id", "title": "?"}})
        body = json.dumps(found).encode()
    else:
        bad = rb"<\1><title></title><guid>?</guid></\1><\1"
        body = re.sub(rb"<(item|entry)(?=[ >])", bad, body, count=1)
    return Reply(200, body, {"Content-Type": _type(good)})


def _redirect(where: str) -> Reply:
    return Reply(302, headers={"Location": _ROUND + where})


def _type(good: Reply) -> str:
    return good.headers.get("Content-Type", "application/octet-stream")
