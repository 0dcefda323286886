"""Connecting: which addresses are tried, in which order, and that losers are closed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from typing import Any

import httpcore
import pytest

from papers_tui.sources.http import connecting
from papers_tui.sources.http.connecting import ForbiddenAddressError, Guard, first_of, look_up


class Stream(httpcore.AsyncNetworkStream):
    """A connection that only knows whether it was closed."""

    def __init__(self, ip: str) -> None:
        self.ip = ip
        self.closed = False

    async def aclose(self) -> None:
        self.closed = True


class Network:
    """Hosts that answer after so many turns of the loop, hang (None), or fail."""

    def __init__(self, hosts: dict[str, int | Exception | None]) -> None:
        self.hosts = hosts
        self.tried: list[str] = []
        self.opened: list[Stream] = []

    async def connect(self, ip: str) -> httpcore.AsyncNetworkStream:
        self.tried.append(ip)
        fate = self.hosts[ip]
        if isinstance(fate, Exception):
            raise fate
        if fate is None:
            await asyncio.Event().wait()
        for _ in range(fate or 0):
            await asyncio.sleep(0)
        self.opened.append(Stream(ip))
        return self.opened[-1]


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_HEAD_START", 0.001)


BROKEN = httpcore.ConnectError("broken")
WORSE = httpcore.ConnectError("worse")


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize(
    ("hosts", "tried"),
    [
        ({"a": 0}, ["a"]),
        ({"a": 0, "b": 0}, ["a"]),
        ({"a": BROKEN, "b": 0}, ["a", "b"]),
        ({"a": None, "b": 0}, ["a", "b"]),
        ({"a": None, "b": BROKEN, "c": 0, "d": 0}, ["a", "b", "c"]),
    ],
)
async def test_the_first_connection_that_stands(
    hosts: dict[str, int | Exception | None], tried: list[str]
) -> None:
    network = Network(hosts)
    stream = await first_of(network.connect, list(hosts))
    assert isinstance(stream, Stream)
    assert (stream.ip, stream.closed, network.tried) == (tried[-1], False, tried)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_of_two_that_stand_at_once_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "_HEAD_START", 0)
    network = Network({"a": 5, "b": 3})
    stream = await first_of(network.connect, ["a", "b"])
    assert [one.closed for one in network.opened if one is not stream] in ([], [True])
    assert isinstance(stream, Stream)
    assert not stream.closed


async def test_none_that_stands_is_the_error_of_the_last() -> None:
    network = Network({"a": BROKEN, "b": WORSE})
    with pytest.raises(httpcore.ConnectError, match="worse"):
        await first_of(network.connect, ["a", "b"])


@pytest.mark.usefixtures("hasty")
async def test_who_gives_up_leaves_no_attempt_behind() -> None:
    network = Network({"a": None, "b": None})
    attempt = asyncio.create_task(_first(network))
    while len(network.tried) < 2:
        await asyncio.sleep(0.001)
    attempt.cancel()
    with pytest.raises(asyncio.CancelledError):
        await attempt
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def _first(network: Network) -> None:
    await first_of(network.connect, list(network.hosts))


@pytest.mark.parametrize(
    ("found", "local", "tried"),
    [
        (["93.184.216.34"], False, ["93.184.216.34"]),
        (["10.0.0.1", "93.184.216.34"], False, ["93.184.216.34"]),
        (["10.0.0.1", "93.184.216.34"], True, ["10.0.0.1", "93.184.216.34"]),
        (["2606:4700::1", "2606:4700::2", "1.1.1.1"], False, ["2606:4700::1", "1.1.1.1", "2606:4700::2"]),
        (["1.1.1.1", "2606:4700::1"], False, ["1.1.1.1", "2606:4700::1"]),
        ([f"8.8.8.{n}" for n in range(20)], False, [f"8.8.8.{n}" for n in range(6)]),
    ],
)
async def test_which_addresses_are_tried(
    monkeypatch: pytest.MonkeyPatch, found: list[str], local: bool, tried: list[str]
) -> None:
    attempts: list[str] = []

    async def fail(_self: object, host: str, *_: Any) -> None:
        attempts.append(host)
        raise BROKEN

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", fail)
    with pytest.raises(httpcore.ConnectError):
        await Guard(answering(found), local=local).connect_tcp("a.example", 80)
    assert attempts == tried


def answering(found: Sequence[str]) -> connecting.Resolve:
    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return tuple(found)

    return resolve


@pytest.mark.parametrize(
    "found", [["10.0.0.1"], ["127.0.0.1", "::1"], ["::ffff:10.0.0.1"], ["169.254.169.254"]]
)
async def test_a_name_that_leads_into_a_private_network(found: list[str]) -> None:
    with pytest.raises(ForbiddenAddressError):
        await Guard(answering(found), local=False).connect_tcp("a.example", 80)


async def test_an_address_needs_no_look_up() -> None:
    async def never(_host: str, _port: int) -> tuple[str, ...]:
        raise AssertionError

    with pytest.raises(ForbiddenAddressError):
        await Guard(never, local=False).connect_tcp("127.1", 80)


async def test_names_are_looked_up_by_the_system() -> None:
    assert {"127.0.0.1", "::1"} & set(await look_up("localhost", 80))


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..example", "-"])
async def test_a_name_that_no_machine_can_have(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    def unknown(name: bytes, *_: Any, **__: Any) -> None:
        assert name == host.encode()
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror):
        await look_up(host, 80)


def test_a_look_up_that_hangs_keeps_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()
    done = threading.Event()

    def hang(*_: Any, **__: Any) -> list[Any]:
        go.wait(20)
        done.set()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)

    async def give_up() -> None:
        async with asyncio.timeout(0.02):
            await look_up("a.example", 80)

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    assert not done.is_set()
    go.set()
    assert done.wait(20)
    for thread in threading.enumerate():
        if thread.name == "look up a.example":
            thread.join(20)
