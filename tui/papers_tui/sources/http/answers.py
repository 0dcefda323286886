"""What a fetch can give: always a value, never an exception."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Literal

from papers_tui.late import dataclass

Kind = Literal[
    "address",  # not a web address, or a header that can't be sent
    "forbidden-address",  # inside a private network, and the user did not write it
    "dns",  # the host's name is not known
    "offline",  # names can't be looked up at all, or there is no network
    "unreachable",  # no way to the host
    "refused",  # nothing listens there
    "tls",  # no secure connection
    "proxy",  # the proxy of the environment does not work
    "timeout",
    "no-answer",  # closed at once, or not HTTP
    "redirects",  # a loop, too many, or to nowhere
    "too-large",
    "truncated",
    "bad-encoding",  # compressed in a way that can't be undone
    "http",  # an error status
]
"""Why a fetch failed. When every source fails with `offline`, `dns` or `unreachable`, the machine is offline."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole body, decompressed.

    `url` is the address that it came from in the end and `moved` the new one to ask from now on, where
    permanent redirects alone led there; neither holds a user or password. `etag` and `last_modified` are to
    be sent back next time, `max_age` is how many seconds the server calls the body fresh.
    """

    url: str = field(repr=False)  # a query may hold a token
    status: int
    body: bytes = field(repr=False)
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    max_age: int | None = None
    moved: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotModified:
    """What the caller has is still good; `max_age` and `moved` as in Fetched."""

    max_age: int | None = None
    moved: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """The server asks for patience: nothing is to be asked of it before `until` (UTC).

    `stated` is whether the server itself named that time. It holds for all addresses of the host, and may
    come without a request, where an earlier answer holds still.
    """

    status: int
    until: datetime
    reason: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing came. `reason` is a sentence for the user that names the host and what happened.

    `status` is given where the server answered, `message` has its own words (one clean line), and `body` the
    first 64 KiB of an error's body, since some services explain themselves there.
    """

    kind: Kind
    reason: str
    status: int | None = None
    message: str = ""
    body: bytes = field(default=b"", repr=False)


Answer = Fetched | NotModified | Refused | Failed
