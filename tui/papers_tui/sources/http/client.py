"""Fetching: one request at a time from each host's point of view, many from ours, and a value in any case."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

import httpcore
import httpx

from papers_tui import __version__
from papers_tui.late import dataclass
from papers_tui.sources.http.address import Address, may_be_public, read_address, secrets_of, shown
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused
from papers_tui.sources.http.body import EncodingError, TooLargeError, TruncatedError, read_body
from papers_tui.sources.http.connecting import Resolve, look_up
from papers_tui.sources.http.failures import EXPECTED, explain, forbidden, own_words, status_reason
from papers_tui.sources.http.headers import fit, max_age, rate_limit, retry_after
from papers_tui.sources.http.pace import Hold, Manners
from papers_tui.sources.http.redirects import REDIRECTS, Hop, follow
from papers_tui.sources.http.routes import Routes
from papers_tui.sources.http.turns import Clock, Turns

LIMIT = 8 * 2**20
"""The largest body, in bytes, compressed or not."""

DEADLINE = 30.0
"""The seconds for an answer as a whole, redirects and body included; waiting for one's turn does not count."""

_AT_ONCE = 8
_CONNECT = 10.0
_ERROR_BODY = 64 * 1024
_WHOLE = (200, 203, 204, 205)
_NOT_MODIFIED = 304
_NAME = re.compile(r"[A-Za-z0-9-]+")
_CONFIDENTIAL = re.compile(r"auth|cookie|key|secret|token", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the caller asked for."""

    headers: Mapping[str, str] = field(repr=False)
    etag: str | None
    last_modified: str | None
    limit: int
    secrets: tuple[str, ...] = field(repr=False)

    @property
    def conditional(self) -> bool:
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class _Reply:
    """One response, its body read as far as it is needed."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)


class Client:
    """Fetches addresses; to be used with `async with`, from one event loop.

    It has no cookies, follows redirects itself, and honours proxies (HTTP_PROXY and so on) and certificates
    (SSL_CERT_FILE, SSL_CERT_DIR) of the environment. At most eight requests run at once. It logs nothing.
    """

    def __init__(
        self,
        folder: Path,
        *,
        contact: str = "",
        manners: Manners | None = None,
        resolve: Resolve = look_up,
        clock: Clock | None = None,
    ) -> None:
        """`folder` (of the state directory) is shared with all processes that ask the same hosts.

        `contact`, a mail address or a page, tells servers whom to complain to.
        """
        self._clock = clock or Clock()
        self._manners = manners or Manners()
        self._turns = Turns(folder, self._manners, self._clock)
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._agent = user_agent(contact)
        self._routes = Routes(resolve)

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._routes.close()

    async def get(
        self,
        url: str,
        *,
        trusted: bool,
        headers: Mapping[str, str] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        limit: int = LIMIT,
        deadline: float = DEADLINE,
    ) -> Answer:
        """What `url` holds.

        `trusted` says that the user wrote the address: only then may it lead into a private network. `headers`
        (a token, say) go to the origin of `url` alone, and so does user-info in `url`. `etag` and `last_modified`
        are those of the body that the caller still has. Nothing is raised but for cancellation.
        """
        address = read_address(url)
        if address is None:
            return Failed(
                "address", f"{shown(url)} is no web address: it has to begin with https:// or http://"
            )
        own = {**_basic(address), **(headers or {})}
        if unfit := [name for name, value in own.items() if not _sendable(name, value)]:
            problem = (
                f"what is to be sent as {unfit[0][:40]!r} (a token?) is not one line of plain characters"
            )
            return Failed("address", f"{address.host} was not asked: {problem}")
        secrets = (*secrets_of(address), *_secrets(own, address))
        wanted = _Wanted(own, fit(etag), fit(last_modified), limit, secrets)
        return await self._follow(Hop(address, trusted), wanted, deadline)

    async def _follow(self, hop: Hop, wanted: _Wanted, deadline: float) -> Answer:
        loop = asyncio.get_running_loop()
        left = deadline
        while True:
            if not hop.trusted and not may_be_public(hop.address.host):
                return forbidden(hop.address.host)
            async with self._turns.turn(hop.address) as hold, self._places:
                if hold:
                    return _refused(hop.address, hold, asked=False)
                began = loop.time()
                reply = await self._ask(hop, wanted, left)
                left -= loop.time() - began
                if isinstance(reply, Failed):
                    return reply
                outcome = self._judged(hop, wanted, reply)
            if not isinstance(outcome, Hop):
                return outcome
            hop = outcome

    async def _ask(self, hop: Hop, wanted: _Wanted, seconds: float) -> _Reply | Failed:
        """One request, without its redirects."""
        route = self._routes.to(hop.address, trusted=hop.trusted)
        if isinstance(route, Failed):
            return route
        request = httpcore.Request(
            "GET",
            hop.address.url,
            headers=self._headers(hop, wanted),
            extensions={"timeout": {"connect": _CONNECT}},
        )
        try:
            async with asyncio.timeout(seconds):
                response = await route.pool.handle_async_request(request)
                try:
                    return await _read(response, wanted.limit, hop.address.host)
                finally:
                    await response.aclose()
        except EXPECTED as error:
            return explain(error, hop.address.host, proxy=route.proxy)

    def _headers(self, hop: Hop, wanted: _Wanted) -> list[tuple[str, str]]:
        headers = {"Host": hop.address.authority, "Accept": "*/*", "User-Agent": self._agent}
        headers["Accept-Encoding"] = "gzip, deflate"
        if self._manners.rule(hop.address).shared:
            headers["Connection"] = "close"  # an idle connection beside another process's is one too many
        if wanted.etag:
            headers["If-None-Match"] = wanted.etag
        if wanted.last_modified:
            headers["If-Modified-Since"] = wanted.last_modified
        if hop.at_home:
            ours = {name.lower() for name in wanted.headers}
            headers = {name: value for name, value in headers.items() if name.lower() not in ours}
            headers.update(wanted.headers)
        return list(headers.items())

    def _judged(self, hop: Hop, wanted: _Wanted, reply: _Reply) -> Answer | Hop:
        """What a reply means: the answer, or the next request."""
        address, status, headers = hop.address, reply.status, reply.headers
        now = self._clock.now()
        limit = rate_limit(headers.get("ratelimit"))
        stated = retry_after(headers.get("retry-after"), now, headers.get("date"))
        if status == 429 or (status == 503 and stated is not None):
            if stated is None and limit and limit[0] == 0 and limit[1] > 0:
                stated = limit[1]
            return _refused(address, self._turns.refused(address, status, stated), asked=True)
        self._turns.answered(address, status, limit)
        fresh = max_age(
            headers.get("cache-control"),
            headers.get("expires"),
            headers.get("date"),
            headers.get("age"),
            now,
        )
        if status == _NOT_MODIFIED and wanted.conditional:
            return NotModified(fresh, hop.moved)
        if status in REDIRECTS:
            return follow(hop, status, headers.get("location"))
        if status in _WHOLE:
            return Fetched(
                url=address.url,
                status=status,
                body=reply.body,
                content_type=fit(headers.get("content-type")),
                etag=fit(headers.get("etag")),
                last_modified=fit(headers.get("last-modified")),
                max_age=fresh,
                moved=hop.moved,
            )
        told = headers.get("x-error-message"), headers.get("content-type")
        message = own_words(*told, reply.body, (*wanted.secrets, *secrets_of(address)))
        return Failed("http", status_reason(address.host, status), status, message, reply.body)


def user_agent(contact: str) -> str:
    """Who asks, as `papers-tui/1.0 (+contact)`."""
    known = re.sub(r"[^\x21-\x7e]|[()\\]", "", contact)[:200]
    return f"papers-tui/{__version__}" + (f" (+{known})" if known else "")


async def _read(response: httpcore.Response, limit: int, host: str) -> _Reply | Failed:
    """A response with its body, where it has one that matters."""
    status, headers = response.status, httpx.Headers(response.headers)
    whole = status in _WHOLE
    stated = headers.get("content-length", "")
    try:
        if whole and stated.isascii() and stated.isdigit() and (len(stated) > 18 or int(stated) > limit):
            raise TooLargeError
        most = limit if whole else _ERROR_BODY
        body = await read_body(response.aiter_stream(), headers.get("content-encoding"), most)
    except (
        TooLargeError,
        TruncatedError,
        EncodingError,
        httpcore.NetworkError,
        httpcore.ProtocolError,
    ) as error:
        # An error or a redirect is understood without its body.
        if whole:
            return _unread(error, host, limit)
        body = b""
    return _Reply(status, headers, body)


def _unread(error: BaseException, host: str, limit: int) -> Failed:
    if isinstance(error, TooLargeError):
        size = f"{limit / 2**20:.3g} MiB" if limit >= 2**20 else f"{limit:,} bytes"
        return Failed("too-large", f"{host} sent more than {size}, the most that is read")
    return explain(error, host, reading=True)


def _refused(address: Address, hold: Hold, *, asked: bool) -> Refused:
    if hold.status not in (429, 503):
        reason = f"{address.host} has no requests left for us in this span of time"
    elif asked:
        reason = status_reason(address.host, hold.status) + ", it wants to be left alone for a while"
    else:
        reason = f"{address.host} was not asked: it refused an earlier request ({hold.status})"
    return Refused(hold.status, hold.until, reason, hold.stated)


def _basic(address: Address) -> dict[str, str]:
    """The user-info of an address as a header (RFC 7617)."""
    if not address.credentials:
        return {}
    user, _, word = address.credentials.partition(":")
    encoded = base64.b64encode(f"{unquote(user)}:{unquote(word)}".encode()).decode("ascii")
    return {"Authorization": f"Basic {encoded}"}


def _sendable(name: str, value: str) -> bool:
    return bool(_NAME.fullmatch(name) and fit(value) and value == value.strip())


def _secrets(headers: Mapping[str, str], address: Address) -> tuple[str, ...]:
    """What of our own must not come back in a message: confidential headers, and their last words (a token)."""
    texts = [text for name, text in headers.items() if _CONFIDENTIAL.search(name)]
    values = [value for text in texts for value in (text, text.split()[-1])]
    values += [unquote(part) for part in address.credentials.split(":", 1)]
    return tuple(value for value in values if len(value) >= 4)
