"""The way to a host: its name looked up, its addresses checked, and the first that answers connected to.

The check stands between looking up and connecting, so that a name can't mean one machine for the check and
another for the connection. httpx has no public place for it; its engine, httpcore, has one.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable
from itertools import chain, zip_longest

import httpcore

from papers_tui.sources.http.address import is_public, literal

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""From a host and a port to IP addresses, best first. Raises OSError (socket.gaierror) where there are none."""

_HEAD_START = 0.25  # seconds, RFC 8305 §5
_MOST_ADDRESSES = 6


class ForbiddenAddressError(Exception):
    """A name that leads into a private network, and may not."""


async def look_up(host: str, port: int) -> tuple[str, ...]:
    """The IP addresses of a host, as the system finds them. Raises socket.gaierror.

    Each look-up has a thread of its own that nobody waits for: one that hangs must not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[tuple[str, ...]] = loop.create_future()

    def settle(addresses: tuple[str, ...], error: OSError | None) -> None:
        if found.done():
            return
        if error:
            found.set_exception(error)
        else:
            found.set_result(addresses)

    def ask() -> None:
        addresses: tuple[str, ...] = ()
        fault: OSError | None = None
        try:
            # As bytes: Python would put a name through its IDNA codec, which refuses some that exist.
            infos = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
            addresses = tuple(dict.fromkeys(str(info[4][0]) for info in infos))
        except OSError as error:
            fault = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, addresses, fault)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return await found


class Guard(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to local ones where it may."""

    def __init__(self, resolve: Resolve, *, local: bool) -> None:
        self._resolve = resolve
        self._local = local
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises socket.gaierror, ForbiddenAddressError, TimeoutError, or httpcore's ConnectError."""

        async def connect(ip: str) -> httpcore.AsyncNetworkStream:
            return await self._network.connect_tcp(ip, port, None, local_address, socket_options)

        async with asyncio.timeout(timeout):
            ip = literal(host)
            found = (ip,) if ip else await self._resolve(host, port)
            allowed = [address for address in found if self._local or is_public(address)]
            if found and not allowed:
                raise ForbiddenAddressError(host)
            if not allowed:
                raise socket.gaierror(socket.EAI_NONAME, "no address")
            return await first_of(connect, _mixed(allowed)[:_MOST_ADDRESSES])

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def first_of(
    connect: Callable[[str], Awaitable[httpcore.AsyncNetworkStream]], addresses: list[str]
) -> httpcore.AsyncNetworkStream:
    """The first connection that stands; each address has a head start before the next (RFC 8305).

    Raises the error of the last address where none can be connected to.
    """
    waiting = list(addresses)
    running: set[asyncio.Task[httpcore.AsyncNetworkStream]] = set()
    fault: BaseException | None = None
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(_task(connect, waiting.pop(0))))
            done, _ = await asyncio.wait(
                running, timeout=_HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                running.discard(task)
                fault = task.exception()
                if fault is None:
                    running |= done - {task}
                    return task.result()
        assert fault is not None, "no address to connect to"
        raise fault
    finally:
        await _abandon(running)


async def _task(
    connect: Callable[[str], Awaitable[httpcore.AsyncNetworkStream]], address: str
) -> httpcore.AsyncNetworkStream:
    return await connect(address)


async def _abandon(tasks: set[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """Ends the attempts that lost, and closes what they may have opened."""
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(outcome, BaseException):
            await outcome.aclose()


def _mixed(addresses: list[str]) -> list[str]:
    """IPv6 and IPv4 in turns, the system's first choice first: a broken one must not keep the other back."""
    same = [address for address in addresses if (":" in address) == (":" in addresses[0])]
    other = [address for address in addresses if address not in same]
    return [address for address in chain(*zip_longest(same, other)) if address]
