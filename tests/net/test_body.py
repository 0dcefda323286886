"""Bodies: every encoding in every cut, and none that gets past its limit."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import os
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.sources.http.body import EncodingError, TooLargeError, TruncatedError, read_body

packed = partial(gzip.compress, mtime=0)
"""Without the time: what a test is called is the same in every process."""

TEXT = b"We time the tides of a small harbour. " * 40


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def read(chunks: Iterable[bytes], encoding: str | None, limit: int = 2**20) -> bytes:
    async def sent() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    return asyncio.run(read_body(sent(), encoding, limit))


ENCODED = [
    (None, TEXT),
    ("identity", TEXT),
    ("gzip", packed(TEXT)),
    ("X-GZIP", packed(TEXT)),
    ("gzip", packed(TEXT[:100]) + packed(TEXT[100:])),
    ("gzip", packed(TEXT) + b"\0" * 20),
    ("deflate", zlib.compress(TEXT)),
    ("deflate", bare_deflate(TEXT)),
    ("gzip, gzip", packed(packed(TEXT))),
    ("deflate, identity, gzip", packed(zlib.compress(TEXT))),
]


@pytest.mark.parametrize(("encoding", "data"), ENCODED)
@pytest.mark.parametrize("size", [1, 7, 10**6])
def test_encodings_in_pieces(encoding: str | None, data: bytes, size: int) -> None:
    assert read((data[at : at + size] for at in range(0, len(data), size)), encoding) == TEXT


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate", "gzip, deflate"])
def test_an_empty_body_is_empty_however_it_is_called(encoding: str | None) -> None:
    assert read([], encoding) == b""
    assert read([b"", b""], encoding) == b""


@pytest.mark.parametrize(("encoding", "data"), [pair for pair in ENCODED[2:] if not pair[1].endswith(b"\0")])
def test_a_torn_archive_is_no_body(encoding: str, data: bytes) -> None:
    for end in (1, 5, len(data) // 3, len(data) - 1):
        with pytest.raises(TruncatedError):
            read([data[:end]], encoding)


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("gzip", TEXT),
        ("gzip", packed(TEXT)[:-8] + bytes(8)),
        ("deflate", b"\xff" * 100),
        ("br", TEXT),
        ("x-rot13", TEXT),
        ("gzip, gzip, gzip", TEXT),
        ("gzip", packed(b"") * 1000),
    ],
)
def test_what_cannot_be_undone(encoding: str, data: bytes) -> None:
    with pytest.raises(EncodingError):
        read([data], encoding)


@pytest.mark.parametrize(("encoding", "data"), ENCODED)
def test_the_limit_is_exact(encoding: str | None, data: bytes) -> None:
    assert read([data], encoding, limit=len(TEXT)) == TEXT
    with pytest.raises(TooLargeError):
        read([data], encoding, limit=len(TEXT) - 1)


def bomb(size: int) -> Iterable[bytes]:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(size // 2**20):
        yield packer.compress(bytes(2**20))
    yield packer.flush()


def test_a_bomb_costs_no_more_than_its_limit() -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            read(bomb(200 * 2**20), "gzip", limit=2**20)
        assert tracemalloc.get_traced_memory()[1] < 6 * 2**20
    finally:
        tracemalloc.stop()


def test_a_bomb_within_a_bomb() -> None:
    with pytest.raises(TooLargeError):
        read([packed(b"".join(bomb(100 * 2**20)))], "gzip, gzip", limit=2**20)


def test_endless_nothing_is_too_large_as_well() -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * 1000
    with pytest.raises(TooLargeError):
        read((empty_blocks for _ in range(1000)), "deflate", limit=2**20)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "gzip, deflate", "identity"]))
def test_any_bytes_end_in_a_body_or_a_known_error(data: bytes, encoding: str) -> None:
    with contextlib.suppress(TooLargeError, TruncatedError, EncodingError):
        assert len(read([data[:7], data[7:]], encoding, limit=4096)) <= 4096


def test_incompressible_data_within_the_limit() -> None:
    data = os.urandom(5000)
    assert read([packed(data)], "gzip", limit=6000) == data
