"""What a body is before it is read: whole, of a size, and refused in a sentence where it is not."""

from __future__ import annotations

import zlib

from papers_tui.domain.errors import FeedError

LARGEST = 8 << 20
"""The most bytes that are read of one feed, packed or not."""

MOST_ENTRIES = 5_000
"""The most entries that are taken from one feed, from its top."""

WAY_OUT = "give the address of an RSS, Atom or JSON feed, or of a page that offers one"

_GZIP = b"\x1f\x8b"


def refused(message: str, hint: str = "") -> FeedError:
    return FeedError("feed", message, hint)


def is_web(address: str) -> bool:
    """Whether an address is http(s)."""
    return address.lower().startswith(("http://", "https://"))


def too_many(entries: int) -> tuple[str, ...]:
    """The fault of a feed with more entries than are taken, if it is one."""
    if entries <= MOST_ENTRIES:
        return ()
    return (f"the feed has {entries:,} entries, of which the first {MOST_ENTRIES:,} are read",)


def unpacked(data: bytes) -> bytes:
    """`data` itself, or what it holds where it is gzip. Raises FeedError where that is cut short, or too much."""
    if not data.startswith(_GZIP):
        return _fitting(data)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, LARGEST + 1)
    except zlib.error:
        raise refused("it is packed with gzip, and damaged") from None
    _fitting(plain)
    if not unpacker.eof:
        raise refused("it is packed with gzip, and breaks off", "it may come whole the next time")
    if plain.startswith(_GZIP):
        raise refused("it is packed with gzip twice")
    return plain


def _fitting(data: bytes) -> bytes:
    if len(data) > LARGEST:
        raise refused(f"it is larger than {LARGEST >> 20} MiB")
    return data
