"""A loopback web server that answers as a function says, and records every request."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: when it came (seconds of `time.monotonic`), its target as it was sent, and its headers.

    The names of headers are lower case. `connection` counts the connections of the server.
    """

    time: float
    target: str
    headers: Mapping[str, str]
    connection: int

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The parameters; of one that comes twice, the last."""
        return {name: values[-1] for name, values in parse_qs(urlsplit(self.target).query).items()}


@dataclass(frozen=True, slots=True)
class Reply:
    """A proper answer; Content-Length is added where it is missing."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wire:
    """An improper answer: these bytes as they are, one chunk after another, then the connection is closed."""

    chunks: Iterable[bytes] = ()


Handler = Callable[[Asked], Reply | Wire]


class Server:
    """Serves while it is entered: `with Server(handler) as server`.

    `requests` are all requests so far in the order in which they came; `at_once` is the largest number of
    connections that were open together. A handler that waits does so on `stopped`, which is set at the end.
    """

    def __init__(self, handler: Handler, *, tls: ssl.SSLContext | None = None) -> None:
        self.handler = handler
        self.requests: list[Asked] = []
        self.at_once = 0
        self.stopped = threading.Event()
        self._scheme = "https" if tls else "http"
        self._server = _Listening(self, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def authority(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, target: str = "/") -> str:
        return f"{self._scheme}://{self.authority}{target}"

    @property
    def open(self) -> frozenset[int]:
        """The numbers of the connections that are open: neither side has hung up."""
        return self._server.numbers()

    def asked(self, path: str) -> list[Asked]:
        """The requests for one path."""
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()


class _Listening(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them, and no socket is left open
    request_queue_size = 64

    def __init__(self, owner: Server, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.owner = owner
        self.tls = tls
        self.accepted = 0
        self._lock = threading.Lock()
        self._open: dict[socket.socket, int] = {}

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        if self.tls:
            # The handshake belongs to the connection's own thread.
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self.accepted += 1
            self._open[connection] = self.accepted
            self.owner.at_once = max(self.owner.at_once, len(self._open))
        return connection, peer

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def number(self, connection: socket.socket) -> int:
        with self._lock:
            return self._open[connection]

    def numbers(self) -> frozenset[int]:
        with self._lock:
            return frozenset(number for connection, number in self._open.items() if not _hung_up(connection))

    def hang_up(self) -> None:
        """Ends the connections that are open still."""
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up or don't trust us are what tests are about."""


def _hung_up(connection: socket.socket) -> bool:
    """Whether the client has closed a connection, without reading from it. Of TLS this can't be known."""
    if isinstance(connection, ssl.SSLSocket):
        return False
    try:
        return not connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except OSError:
        return True


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listening

    def setup(self) -> None:
        super().setup()
        self.number = self.server.number(self.request)

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(time.monotonic(), self.path, headers, self.number)
        self.server.owner.requests.append(asked)
        answer = self.server.owner.handler(asked)
        if isinstance(answer, Reply):
            self._reply(answer)
        else:
            self.close_connection = True
            with contextlib.suppress(OSError):
                for chunk in answer.chunks:
                    self.wfile.write(chunk)

    def _reply(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        names = {name.lower() for name in reply.headers}
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        for name, value in reply.headers.items():
            self.send_header(name, value)
        bodiless = reply.status in (204, 304)
        if "content-length" not in names and not bodiless:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if not bodiless:
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests look at `requests` instead."""
