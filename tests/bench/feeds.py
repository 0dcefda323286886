"""Feeds on the loopback interface that never change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.services.server import Asked, Reply, Server

_ENTRIES = 20


@contextmanager
def unchanged_feeds(many: int) -> Iterator[tuple[str, Server]]:
    """So many feeds, as sources.toml names them, and their server; known ones are answered with 304."""
    with Server(_answer) as server:
        tables = (
            f'[[source]]\nname = "feed {number}"\nkind = "feed"\naddress = "{server.url(f"/{number}")}"\n'
            for number in range(many)
        )
        yield "\n".join(tables), server


def _answer(asked: Asked) -> Reply:
    name = asked.path.strip("/")
    told = {"ETag": f'"{name}"', "Content-Type": "application/rss+xml"}
    if asked.headers.get("if-none-match") == told["ETag"]:
        return Reply(304, headers=told)
    items = "".join(
        f"<item><title>Feed {name}, entry {number}</title><link>https://{name}.example/{number}</link></item>"
        for number in range(_ENTRIES)
    )
    return Reply(
        200, f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'.encode(), told
    )
