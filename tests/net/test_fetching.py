"""Fetching from servers that behave, and from servers that don't: always a value, in time, with a sentence."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import shutil
import socket
import ssl
import subprocess
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import httpcore
import pytest
from tests.services import Asked, Reply, Server, Wire

from papers_tui import __version__
from papers_tui.sources.http.answers import Failed, Fetched, NotModified, Refused
from papers_tui.sources.http.client import LIMIT, Client, user_agent
from papers_tui.sources.http.pace import ARXIV, Manners, Rule
from papers_tui.sources.http.turns import Clock

FEED = b"<rss version='2.0'><channel><title>Tides</title></channel></rss>"
NOW = datetime(2025, 11, 6, 12, 0, tzinfo=UTC)
DATE = "Tue, 03 Jun 2025 09:39:21 GMT"

Serve = Callable[[Callable[[Asked], Reply | Wire]], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that end with the test."""
    with contextlib.ExitStack() as stack:
        yield lambda handler: stack.enter_context(Server(handler))


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with Client(tmp_path / "hosts", clock=Clock(now=lambda: NOW)) as client:
        yield client


def always(reply: Reply | Wire) -> Callable[[Asked], Reply | Wire]:
    return lambda _: reply


def wire(*chunks: bytes) -> Callable[[Asked], Wire]:
    return lambda _: Wire(chunks)


# What is sent, and what comes back


async def test_a_whole_answer(serve: Serve, client: Client) -> None:
    headers = {
        "Content-Type": "application/rss+xml",
        "ETag": '"1"',
        "Last-Modified": DATE,
        "Cache-Control": "max-age=600",
    }
    server = serve(always(Reply(200, FEED, headers)))
    answer = await client.get(server.url("/feed?x=1#top"), trusted=True)
    assert answer == Fetched(
        server.url("/feed?x=1"), 200, FEED, "application/rss+xml", '"1"', DATE, max_age=600
    )
    (asked,) = server.requests
    assert asked.target == "/feed?x=1"
    assert asked.headers == {
        "host": server.authority,
        "accept": "*/*",
        "accept-encoding": "gzip, deflate",
        "user-agent": f"papers-tui/{__version__}",
    }


@pytest.mark.parametrize(
    ("contact", "tail"),
    [
        ("", ""),
        ("ada@example.org", " (+ada@example.org)"),
        ("https://example.org/me", " (+https://example.org/me)"),
        ("ada)\r\nX: (y é", " (+adaX:y)"),
    ],
)
def test_who_asks(contact: str, tail: str) -> None:
    assert user_agent(contact) == f"papers-tui/{__version__}{tail}"


async def test_an_unchanged_body_does_not_come_again(serve: Serve, client: Client) -> None:
    def handler(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"1"' and asked.headers["if-modified-since"] == DATE
        return Reply(304, headers={"Cache-Control": "max-age=60"}) if known else Reply(200, FEED)

    server = serve(handler)
    for _ in range(3):
        answer = await client.get(server.url(), trusted=True, etag='"1"', last_modified=DATE)
        assert answer == NotModified(max_age=60)
    assert {asked.connection for asked in server.requests} == {1}


async def test_a_broken_validator_is_not_sent(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(200, FEED)))
    await client.get(server.url(), trusted=True, etag='"1"\r\nX: y', last_modified="é")
    assert not {"if-none-match", "if-modified-since", "x"} & server.requests[0].headers.keys()


async def test_unchanged_is_no_answer_to_who_has_nothing(serve: Serve, client: Client) -> None:
    answer = await client.get(serve(always(Reply(304))).url(), trusted=True)
    assert answer == Failed("http", "127.0.0.1 answered 304 (not modified)", 304)


async def test_cookies_are_not_kept(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(200, FEED, {"Set-Cookie": "track=1"})))
    for _ in range(2):
        await client.get(server.url(), trusted=True)
    assert all("cookie" not in asked.headers for asked in server.requests)


async def test_headers_that_could_act_are_not_kept(serve: Serve, client: Client) -> None:
    server = serve(wire(b'HTTP/1.1 200 OK\r\nETag: "\x1b[31m"\r\nContent-Type: \x1b]0;x\x07\r\n\r\n'))
    answer = await client.get(server.url(), trusted=True)
    assert isinstance(answer, Fetched)
    assert (answer.etag, answer.content_type, answer.body) == (None, None, b"")


# Redirects


def chain(statuses: dict[str, tuple[int, str]]) -> Callable[[Asked], Reply]:
    def handler(asked: Asked) -> Reply:
        if asked.path in statuses:
            status, location = statuses[asked.path]
            return Reply(status, b"<html>moved</html>", {"Location": location})
        return Reply(200, FEED)

    return handler


@pytest.mark.parametrize(
    ("status", "moved"), [(301, True), (302, False), (303, False), (307, False), (308, True)]
)
async def test_redirects_are_followed(serve: Serve, client: Client, status: int, moved: bool) -> None:
    server = serve(chain({"/old": (status, "/new")}))
    answer = await client.get(server.url("/old"), trusted=True)
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.body) == (server.url("/new"), FEED)
    assert answer.moved == (server.url("/new") if moved else None)


async def test_an_unchanged_body_may_have_moved(serve: Serve, client: Client) -> None:
    server = serve(
        lambda asked: Reply(301, headers={"Location": "/new"}) if asked.path == "/old" else Reply(304)
    )
    answer = await client.get(server.url("/old"), trusted=True, etag='"1"')
    assert answer == NotModified(moved=server.url("/new"))


async def test_a_loop_ends(serve: Serve, client: Client) -> None:
    server = serve(chain({"/a": (302, "/b"), "/b": (302, "/a")}))
    answer = await client.get(server.url("/a"), trusted=True)
    assert answer == Failed("redirects", "127.0.0.1 redirects in a circle", 302)


async def test_an_endless_chain_ends(serve: Serve, client: Client) -> None:
    server = serve(lambda asked: Reply(302, headers={"Location": f"{asked.path}x"}))
    answer = await client.get(server.url("/x"), trusted=True)
    assert answer == Failed("redirects", "127.0.0.1 redirects more than 5 times", 302)
    assert len(server.requests) == 6


async def test_a_token_goes_to_its_own_origin_alone(serve: Serve, tmp_path: Path) -> None:
    other = serve(always(Reply(200, FEED)))
    home = serve(chain({"/a": (302, "/b"), "/b": (302, f"http://public.example:{port(other)}/")}))
    async with Client(tmp_path, resolve=to_loopback, manners=UNHURRIED) as client:
        answer = await client.get(
            home.url("/a"), trusted=True, headers={"Authorization": "Bearer word", "X-Api-Key": "word"}
        )
    # The name is public, but leads to the loopback interface: that is found out before anything is sent.
    assert isinstance(answer, Failed)
    assert answer.kind == "forbidden-address"
    assert [asked.headers["authorization"] for asked in home.requests] == ["Bearer word"] * 2
    assert other.requests == []


async def test_a_token_does_not_cross_to_another_origin_that_is_asked(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papers_tui.sources.http.connecting.is_public", lambda _: True)
    other = serve(always(Reply(200, FEED, {"ETag": '"1"'})))
    home = serve(chain({"/a": (302, f"http://public.example:{port(other)}/")}))
    async with Client(tmp_path, resolve=to_loopback) as client:
        answer = await client.get(
            home.url("/a").replace("http://", "http://ada:password@"),
            trusted=True,
            headers={"X-Api-Key": "word"},
            etag='"1"',
        )
    assert isinstance(answer, Fetched)
    (asked,) = other.requests
    assert not {"authorization", "x-api-key"} & asked.headers.keys()
    assert asked.headers["if-none-match"] == '"1"'
    assert asked.headers["host"] == f"public.example:{port(other)}"


async def test_user_and_password_of_an_address_are_sent_and_not_shown(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(401, b'{"error": "no such user: ada, p@ssword"}', JSON)))
    answer = await client.get(server.url().replace("http://", "http://ada:p%40ssword@"), trusted=True)
    assert server.requests[0].headers["authorization"] == "Basic YWRhOnBAc3N3b3Jk"
    assert isinstance(answer, Failed)
    assert answer.reason == "127.0.0.1 answered 401 (unauthorized)"
    assert answer.message == "no such user: ada, …"


# Private networks

UNHURRIED = Manners(public=Rule(0.0))
JSON = {"Content-Type": "application/json; charset=utf-8"}


def port(server: Server) -> str:
    return server.authority.partition(":")[2]


async def to_loopback(_host: str, _port: int) -> tuple[str, ...]:
    return ("127.0.0.1",)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0", "[::ffff:127.0.0.1]", "app.local"],
)
async def test_what_the_user_did_not_write_may_not_be_private(
    serve: Serve, client: Client, host: str
) -> None:
    server = serve(always(Reply(200, FEED)))
    answer = await client.get(f"http://{host}:{port(server)}/", trusted=False)
    assert isinstance(answer, Failed)
    assert answer.kind == "forbidden-address"
    assert answer.reason.endswith("is in a private network, where only an address that you wrote may lead")
    assert server.requests == []


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://localhost:{port}/x"])
async def test_a_redirect_may_not_lead_into_a_private_network(
    serve: Serve, client: Client, target: str
) -> None:
    server = serve(
        lambda asked: Reply(
            302, headers={"Location": target.format(port=asked.headers["host"].split(":")[1])}
        )
    )
    answer = await client.get(server.url(), trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == "forbidden-address"
    assert len(server.requests) == 1


async def test_a_name_is_checked_where_it_leads_each_time(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    async def unreachable(_self: object, ip: str, *_: object) -> None:
        tried.append(ip)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", unreachable)
    server = serve(always(Reply(200, FEED)))
    found = [("93.184.216.34",), ("127.0.0.1",)]

    async def rebinding(_host: str, _port: int) -> tuple[str, ...]:
        return found.pop(0)

    async with Client(tmp_path, resolve=rebinding) as client:
        address = f"http://rebind.example:{port(server)}/"
        answers = [await client.get(address, trusted=False) for _ in range(2)]
    assert [answer.kind for answer in answers if isinstance(answer, Failed)] == [
        "no-answer",
        "forbidden-address",
    ]
    assert tried == ["93.184.216.34"]


async def test_a_connection_that_was_opened_in_trust_serves_no_one_else(serve: Serve, tmp_path: Path) -> None:
    server = serve(always(Reply(200, FEED)))
    async with Client(tmp_path, resolve=to_loopback, manners=UNHURRIED) as client:
        address = f"http://intranet.example:{port(server)}/"
        assert isinstance(await client.get(address, trusted=True), Fetched)
        answer = await client.get(address, trusted=False)
    assert isinstance(answer, Failed)
    assert answer.kind == "forbidden-address"


# Bad days: no connection


async def test_a_port_where_nothing_listens(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    answer = await client.get(f"http://127.0.0.1:{free}/", trusted=True)
    assert answer == Failed("refused", "127.0.0.1 refused the connection: no server runs there")


@pytest.mark.parametrize(
    ("error", "kind", "reason"),
    [
        (
            socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
            "dns",
            "a.example can't be found: no machine has that name (or there is no network)",
        ),
        (
            socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
            "offline",
            "a.example can't be looked up: there seems to be no network",
        ),
    ],
)
async def test_a_name_that_cannot_be_looked_up(
    tmp_path: Path, error: OSError, kind: str, reason: str
) -> None:
    async def unknown(_host: str, _port: int) -> tuple[str, ...]:
        raise error

    async with Client(tmp_path, resolve=unknown) as client:
        answer = await client.get("https://a.example/", trusted=False)
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.reason) == (kind, reason)


async def test_a_name_without_addresses(tmp_path: Path) -> None:
    async def nothing(_host: str, _port: int) -> tuple[str, ...]:
        return ()

    async with Client(tmp_path, resolve=nothing) as client:
        answer = await client.get("http://a.example/", trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == "dns"


async def test_a_look_up_that_hangs_ends_in_time(tmp_path: Path) -> None:
    async def hanging(_host: str, _port: int) -> tuple[str, ...]:
        await asyncio.Event().wait()
        return ()

    async with Client(tmp_path, resolve=hanging) as client:
        answer = await client.get("http://a.example/", trusted=True, deadline=0.05)
    assert answer == Failed("timeout", "a.example did not answer in time")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://a.org/x", "ftp://a.org/x"),
        ("cs.CL", "cs.CL"),
        ("", ""),
        ("https://ada:word@/?token=word", "https:///?token=…"),
    ],
)
async def test_what_is_no_web_address(client: Client, url: str, shown: str) -> None:
    reason = f"{shown} is no web address: it has to begin with https:// or http://"
    assert await client.get(url, trusted=True) == Failed("address", reason)


@pytest.mark.parametrize("value", ["Bearer word\n", "Bearer wörd", "", " Bearer word"])
async def test_a_token_that_cannot_be_sent_is_not_shown(serve: Serve, client: Client, value: str) -> None:
    server = serve(always(Reply(200, FEED)))
    answer = await client.get(server.url(), trusted=True, headers={"Authorization": value})
    assert isinstance(answer, Failed)
    assert answer.kind == "address"
    assert "'Authorization' (a token?)" in answer.reason
    assert "rd" not in answer.reason.replace("Authorization", "")
    assert server.requests == []


# Bad days: TLS


async def test_a_server_without_tls(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(200, FEED)))
    answer = await client.get(server.url().replace("http:", "https:"), trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == "tls"
    assert answer.reason.startswith("127.0.0.1 can't be talked to securely (")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "certificate.pem", folder / "key.pem"
    command = [
        program,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
    ]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(made), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return made, key


@pytest.fixture
def secure(certificate: tuple[Path, Path]) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Server(always(Reply(200, FEED)), tls=context) as server:
        yield server


async def test_a_certificate_that_nobody_vouches_for(secure: Server, client: Client) -> None:
    answer = await client.get(secure.url(), trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == "tls"
    assert answer.reason.startswith("127.0.0.1 can't prove who it is: self")
    assert secure.requests == []


async def test_the_certificates_of_the_environment_are_honoured(
    secure: Server, certificate: tuple[Path, Path], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert isinstance(await client.get(secure.url(), trusted=True), Fetched)


async def test_certificates_that_are_not_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/certificates.pem")
    answer = await client.get("https://127.0.0.1/", trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == "tls"
    assert "SSL_CERT_FILE" in answer.reason


# Bad days: answers that are none

GOOD = b"HTTP/1.1 200 OK\r\n"
PACKED = gzip.compress(FEED, mtime=0)


@pytest.mark.parametrize(
    ("chunks", "kind"),
    [
        ((), "no-answer"),
        ((b"SSH-2.0-OpenSSH_9.6\r\n",), "no-answer"),
        ((b"\0" * 100,), "no-answer"),
        ((GOOD, b"X-Y: z"), "no-answer"),
        ((GOOD, b"".join(b"X-%d: %s\r\n" % (n, b"a" * 200) for n in range(2000)), b"\r\n"), "no-answer"),
        ((GOOD, b"Content-Length: 500\r\n\r\n", FEED), "truncated"),
        ((GOOD, b"Transfer-Encoding: chunked\r\n\r\n1000\r\n<rss>"), "truncated"),
        ((GOOD, b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nnope\r\n"), "truncated"),
        ((GOOD, b"Content-Encoding: gzip\r\n\r\n", PACKED[:-5]), "truncated"),
        ((GOOD, b"Content-Encoding: gzip\r\n\r\n", FEED), "bad-encoding"),
        ((GOOD, b"Content-Encoding: br\r\n\r\n", FEED), "bad-encoding"),
        ((GOOD, b"Content-Encoding: \x1b[31mx\r\n\r\n", FEED), "bad-encoding"),
        ((GOOD, b"Content-Length: 99999999999999999999\r\n\r\n", FEED), "too-large"),
        ((GOOD, b"Content-Length: 9000000\r\n\r\n", FEED), "too-large"),
    ],
)
async def test_answers_that_are_none(
    serve: Serve, client: Client, chunks: tuple[bytes, ...], kind: str
) -> None:
    answer = await client.get(serve(wire(*chunks)).url(), trusted=True)
    assert isinstance(answer, Failed)
    assert answer.kind == kind
    assert answer.reason.startswith("127.0.0.1 ")
    assert answer.reason.isprintable()


async def test_one_bad_answer_leaves_the_next_alone(serve: Serve, client: Client) -> None:
    server = serve(lambda asked: Wire((GOOD, b"Content-Le")) if asked.path == "/bad" else Reply(200, FEED))
    paths = ["/good", "/bad", "/good", "/bad", "/good"]
    answers = await asyncio.gather(*(client.get(server.url(path), trusted=True) for path in paths))
    assert [type(answer) for answer in answers] == [Fetched, Failed, Fetched, Failed, Fetched]


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_compressed_answers(serve: Serve, client: Client, encoding: str) -> None:
    body = gzip.compress(FEED, mtime=0) if encoding == "gzip" else zlib.compress(FEED)
    server = serve(always(Reply(200, body, {"Content-Encoding": encoding})))
    answer = await client.get(server.url(), trusted=True)
    assert isinstance(answer, Fetched)
    assert answer.body == FEED


@pytest.mark.parametrize("status", [200, 204])
async def test_an_empty_answer_is_an_answer(serve: Serve, client: Client, status: int) -> None:
    answer = await client.get(serve(always(Reply(status))).url(), trusted=True)
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body) == (status, b"")


async def test_a_page_instead_of_a_feed_is_an_answer(serve: Serve, client: Client) -> None:
    page = Reply(200, b"<!doctype html><title>Sign in</title>", {"Content-Type": "text/html"})
    answer = await client.get(serve(always(page)).url(), trusted=True)
    assert isinstance(answer, Fetched)
    assert answer.content_type == "text/html"


def bomb() -> Iterable[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield GOOD + b"Content-Encoding: gzip\r\n\r\n"
    for _ in range(2000):
        yield packer.compress(bytes(10**6))


def endless() -> Iterable[bytes]:
    yield GOOD + b"\r\n<rss>"
    while True:
        yield b"<item><title>more</title></item>" * 2000


@pytest.mark.parametrize("chunks", [bomb, endless])
async def test_more_than_anybody_can_eat(
    serve: Serve, client: Client, chunks: Callable[[], Iterable[bytes]]
) -> None:
    server = serve(lambda _: Wire(chunks()))
    tracemalloc.start()
    try:
        answer = await client.get(server.url(), trusted=True)
        assert tracemalloc.get_traced_memory()[1] < 24 * 2**20
    finally:
        tracemalloc.stop()
    assert answer == Failed("too-large", "127.0.0.1 sent more than 8 MiB, the most that is read")


async def test_the_limit_is_the_callers(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(200, FEED)))
    assert isinstance(await client.get(server.url(), trusted=True, limit=len(FEED)), Fetched)
    answer = await client.get(server.url(), trusted=True, limit=len(FEED) - 1)
    assert answer == Failed("too-large", "127.0.0.1 sent more than 63 bytes, the most that is read")
    assert LIMIT == 8 * 1024 * 1024


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(b"", id="a status line that doesn't end"),
        pytest.param(GOOD + b"X-A: ", id="headers that don't end"),
        pytest.param(GOOD + b"Content-Length: 500\r\n\r\n<rss>", id="a body that drips"),
    ],
)
async def test_a_slow_server_has_so_much_time_and_no_more(serve: Serve, client: Client, begin: bytes) -> None:
    def drip() -> Iterable[bytes]:
        yield begin
        while not server.stopped.wait(0.02):
            yield b"x"

    server = serve(lambda _: Wire(drip()))
    answer = await client.get(server.url(), trusted=True, deadline=0.1)
    assert answer == Failed("timeout", "127.0.0.1 did not answer in time")


async def test_a_server_that_says_nothing(serve: Serve, client: Client) -> None:
    server = serve(lambda _: Wire(hang(server)))
    answer = await client.get(server.url(), trusted=True, deadline=0.05)
    assert answer == Failed("timeout", "127.0.0.1 did not answer in time")


async def test_the_deadline_counts_redirects_in(serve: Serve, client: Client) -> None:
    def slowly(asked: Asked) -> Reply:
        server.stopped.wait(0.04)
        return Reply(302, headers={"Location": f"{asked.path}x"})

    server = serve(slowly)
    answer = await client.get(server.url("/x"), trusted=True, deadline=0.1)
    assert answer == Failed("timeout", "127.0.0.1 did not answer in time")


# Errors and refusals


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (400, "bad request"),
        (401, "unauthorized"),
        (403, "forbidden"),
        (404, "not found"),
        (410, "gone"),
        (500, "internal server error"),
        (502, "bad gateway"),
        (503, "service unavailable"),
        (700, "an unknown status"),
        (206, "partial content"),
    ],
)
async def test_error_statuses(serve: Serve, client: Client, status: int, phrase: str) -> None:
    answer = await client.get(serve(always(Reply(status, b"<html>no</html>"))).url(), trusted=True)
    assert answer == Failed(
        "http", f"127.0.0.1 answered {status} ({phrase})", status, body=b"<html>no</html>"
    )


@pytest.mark.parametrize(
    ("headers", "body", "message"),
    [
        (JSON, b'{"error": "Date is in the future"}', "Date is in the future"),
        (JSON, b'{"error": {"message": "slow down", "code": 1}}', "slow down"),
        (JSON, b'{"message": "no\\u001b[31m red\\n here"}', "no red here"),
        ({"Content-Type": "application/problem+json"}, b'{"detail": "gone"}', "gone"),
        ({**JSON, "X-Error-Message": "from the header"}, b'{"error": "from the body"}', "from the header"),
        (JSON, b'{"error": "' + b"x" * 5000 + b'"}', "x" * 299 + "…"),
        (JSON, b"[" * 10_000, ""),
        (JSON, b'{"error": ["a"]}', ""),
        (JSON, b'"error"', "error"),
        (JSON, b"5", ""),
        (JSON, b"", ""),
        ({"Content-Type": "text/plain"}, b"Rate exceeded.\n", "Rate exceeded."),
        ({"Content-Type": "text/html"}, b"<h1>Error</h1>", ""),
        ({}, b"Error", ""),
        (
            JSON,
            b'{"error": "the token hf_wordword and secret-word are unknown"}',
            "the token … and … are unknown",
        ),
    ],
)
async def test_the_servers_own_words(
    serve: Serve, client: Client, headers: dict[str, str], body: bytes, message: str
) -> None:
    server = serve(always(Reply(400, body, headers)))
    answer = await client.get(
        server.url("/?api_key=secret-word"), trusted=True, headers={"Authorization": "Bearer hf_wordword"}
    )
    assert isinstance(answer, Failed)
    assert (answer.reason, answer.message) == ("127.0.0.1 answered 400 (bad request)", message)


async def test_an_error_is_understood_without_its_body(serve: Serve, client: Client) -> None:
    error = b"HTTP/1.1 500 \x1b[31mRED\r\n"
    answers = [
        await client.get(serve(wire(error, b"Content-Length: 500\r\n\r\ncut")).url(), trusted=True),
        await client.get(serve(always(Reply(500, b"x" * 10**6))).url(), trusted=True),
        await client.get(serve(wire(error, b"Content-Encoding: br\r\n\r\nx")).url(), trusted=True),
    ]
    assert answers == [Failed("http", "127.0.0.1 answered 500 (internal server error)", 500)] * 3


@pytest.mark.parametrize(
    ("status", "headers", "seconds", "stated"),
    [
        (429, {"Retry-After": "120"}, 120, True),
        (
            429,
            {"Retry-After": "Thu, 06 Nov 2025 12:02:00 GMT", "Date": "Thu, 06 Nov 2025 12:00:00 GMT"},
            120,
            True,
        ),
        (429, {"RateLimit": '"api";r=0;t=30'}, 30, True),
        (429, {"Retry-After": "60", "RateLimit": '"api";r=0;t=30'}, 60, True),
        (429, {"Retry-After": "soon"}, 60, False),
        (429, {}, 60, False),
        (503, {"Retry-After": "20"}, 20, True),
    ],
)
async def test_refusals(
    serve: Serve, tmp_path: Path, status: int, headers: dict[str, str], seconds: int, stated: bool
) -> None:
    server = serve(always(Reply(status, b"Rate exceeded.", headers)))
    async with Client(tmp_path, clock=Clock(now=lambda: NOW, chance=lambda: 1.0)) as client:
        answer = await client.get(server.url(), trusted=True)
        again = await client.get(server.url("/other"), trusted=True)
    assert isinstance(answer, Refused)
    until = NOW + timedelta(seconds=seconds)
    assert (answer.status, answer.until, answer.stated) == (status, until, stated)
    assert answer.reason.startswith(f"127.0.0.1 answered {status} (")
    assert again == Refused(
        status, until, f"127.0.0.1 was not asked: it refused an earlier request ({status})", stated
    )
    assert len(server.requests) == 1


async def test_a_spent_window_is_respected(serve: Serve, client: Client) -> None:
    server = serve(always(Reply(200, FEED, {"RateLimit": '"api";r=0;t=240'})))
    assert isinstance(await client.get(server.url(), trusted=True), Fetched)
    answer = await client.get(server.url(), trusted=True)
    assert answer == Refused(
        200,
        NOW + timedelta(seconds=240),
        "127.0.0.1 has no requests left for us in this span of time",
        stated=True,
    )
    assert len(server.requests) == 1


# Together


async def test_the_rule_of_a_service_holds_over_its_servers(serve: Serve, tmp_path: Path) -> None:
    api, rss = serve(always(Reply(200, FEED))), serve(always(Reply(200, FEED)))
    manners = Manners(
        services={api.authority: ARXIV, rss.authority: ARXIV}, rules={ARXIV: Rule(0.03, 1, shared=True)}
    )
    async with Client(tmp_path, manners=manners) as one, Client(tmp_path, manners=manners) as other:
        asking = [who.get(server.url(), trusted=True) for who in (one, other) for server in (api, rss) * 2]
        answers = await asyncio.gather(*asking)
    assert {type(answer) for answer in answers} == {Fetched}
    times = sorted(asked.time for server in (api, rss) for asked in server.requests)
    assert min(after - before for before, after in pairwise(times)) >= 0.03
    assert {asked.headers["connection"] for asked in (*api.requests, *rss.requests)} == {"close"}


async def test_a_host_is_asked_by_two_and_all_together_by_eight(serve: Serve, client: Client) -> None:
    inside: list[str] = []
    together: list[list[str]] = []

    def slowly(asked: Asked) -> Reply:
        inside.append(asked.headers["host"])
        together.append(list(inside))
        time.sleep(0.01)
        inside.remove(asked.headers["host"])
        return Reply(200, FEED)

    servers = [serve(slowly) for _ in range(6)]
    answers = await asyncio.gather(*(client.get(server.url(), trusted=True) for server in servers * 5))
    assert {type(answer) for answer in answers} == {Fetched}
    assert max(map(len, together)) <= 8
    assert max(hosts.count(host) for hosts in together for host in hosts) <= 2


async def test_who_gives_up_leaves_nothing_behind(serve: Serve, tmp_path: Path) -> None:
    server = serve(lambda _: Wire(hang(server)))
    async with Client(tmp_path) as client:
        asking = [asyncio.create_task(client.get(server.url(), trusted=True)) for _ in range(20)]
        while not server.requests:
            await asyncio.sleep(0.005)
        for task in asking:
            task.cancel()
        assert await asyncio.gather(*asking, return_exceptions=True) != []
        assert all(task.cancelled() for task in asking)
        server.handler = always(Reply(200, FEED))
        assert isinstance(await client.get(server.url(), trusted=True), Fetched)
    assert asyncio.all_tasks() == {asyncio.current_task()}


def hang(server: Server) -> Iterable[bytes]:
    yield GOOD
    server.stopped.wait()


async def test_nothing_confidential_is_logged(
    serve: Serve, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = serve(always(Reply(200, FEED)))
    address = server.url("/?token=wordword").replace("http://", "http://ada:wordword@")
    await client.get(address, trusted=True, headers={"X-Api-Key": "wordword"})
    (asked,) = server.requests
    assert asked.headers["x-api-key"] == "wordword"
    for record in caplog.records:
        assert "wordword" not in record.getMessage()
        assert asked.headers["authorization"] not in record.getMessage()
        assert not record.name.startswith("papers_tui")


# Proxies


async def test_the_proxy_of_the_environment_is_used(
    serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(always(Reply(200, FEED)))
    monkeypatch.setenv("http_proxy", proxy.url().replace("http://", "http://ada:wordword@"))
    monkeypatch.setenv("no_proxy", "direct.example")
    answer = await client.get("http://papers.example/feed?x=1", trusted=False)
    assert isinstance(answer, Fetched)
    (asked,) = proxy.requests
    assert (asked.target, asked.headers["host"]) == ("http://papers.example/feed?x=1", "papers.example")
    assert asked.headers["proxy-authorization"].startswith("Basic ")
    for host in ("10.0.0.1", "localhost", "127.1", "intranet", "metadata.google.internal"):
        refused = await client.get(f"http://{host}/", trusted=False)
        assert isinstance(refused, Failed)
        assert refused.kind == "forbidden-address"
    assert len(proxy.requests) == 1


async def test_a_proxy_that_is_not_there(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"ada:wordword@127.0.0.1:{free}")
    answer = await client.get("https://papers.example/", trusted=False)
    reason = f"papers.example was not asked: the proxy 127.0.0.1:{free} of the environment "
    assert answer == Failed("proxy", reason + "refused the connection: no server runs there")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "http://[::1", "nonsense://x"])
async def test_a_proxy_that_cannot_be_used(
    client: Client, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    answer = await client.get("http://papers.example/", trusted=False)
    assert isinstance(answer, Failed)
    assert answer.kind == "proxy"


async def test_a_proxy_that_refuses(serve: Serve, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # It does not know CONNECT.
    monkeypatch.setenv("https_proxy", serve(always(Reply(200))).url())
    answer = await client.get("https://papers.example/", trusted=False)
    assert isinstance(answer, Failed)
    assert answer.kind == "proxy"
    assert answer.reason.startswith("papers.example can't be reached: the proxy answered 501")


def test_answers_show_no_bodies_and_no_queries() -> None:
    found = Fetched("https://a.org/?token=word", 200, b"word", moved="https://a.org/?token=word")
    assert "word" not in repr((found, NotModified(moved="word"), Failed("http", "no", 500, body=b"word")))
