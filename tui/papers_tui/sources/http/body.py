"""The body of an answer, decompressed under a limit: neither a bomb nor a torn archive gets through."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable

_GZIP = ("gzip", "x-gzip")
_MOST_ENCODINGS = 2
_MOST_MEMBERS = 64  # of one gzip file: each costs a copy of what is behind it


class TooLargeError(Exception):
    """More bytes than the limit, compressed or not."""


class TruncatedError(Exception):
    """The compressed data ends in the middle."""


class EncodingError(Exception):
    """Compressed in a way that can't be undone; the text is the name of the encoding."""


async def read_body(chunks: AsyncIterable[bytes], encoding: str | None, limit: int) -> bytes:
    """All of `chunks`, decompressed as `encoding` (the header Content-Encoding) says; `limit` in bytes.

    Raises TooLargeError as soon as the limit is passed on either side, TruncatedError or EncodingError.
    """
    stages = [_stage(name, limit) for name in reversed(_encodings(encoding))]
    received = 0
    body = bytearray()
    async for chunk in chunks:
        received += len(chunk)
        if received > limit:
            raise TooLargeError
        for stage in stages:
            chunk = stage.push(chunk)
        body += chunk
    for stage in stages:
        stage.end()
    return bytes(body)


def _encodings(header: str | None) -> list[str]:
    names = [name.strip().lower() for name in (header or "").split(",")]
    found = [name for name in names if name and name != "identity"]
    if len(found) > _MOST_ENCODINGS:
        raise EncodingError(f"{len(found)} encodings")
    return found


def _stage(name: str, limit: int) -> _Stage:
    if name in _GZIP:
        return _Gzip(name, limit)
    if name == "deflate":
        return _Deflate(name, limit)
    raise EncodingError(name[:40])


class _Stage:
    """One encoding, undone piece by piece."""

    def __init__(self, name: str, limit: int) -> None:
        self._name = name
        self._room = limit
        self._begun = False

    def push(self, data: bytes) -> bytes:
        """What `data` decompresses to."""
        if not data:
            return b""
        self._begun = True
        try:
            return self._inflate(data)
        except zlib.error:
            raise EncodingError(self._name) from None

    def end(self) -> None:
        """There is no more. An empty body needs no archive around it."""
        if self._begun and not self._ended():
            raise TruncatedError

    def _inflate(self, data: bytes) -> bytes:
        raise NotImplementedError

    def _ended(self) -> bool:
        raise NotImplementedError

    def _bounded(self, inflater: zlib._Decompress, data: bytes) -> bytes:
        out = inflater.decompress(data, self._room + 1)
        if len(out) > self._room:
            raise TooLargeError
        self._room -= len(out)
        return out


class _Gzip(_Stage):
    """A gzip file (RFC 1952): members one after another; what comes behind them is no part of it."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self._inflater = zlib.decompressobj(31)
        self._members = 1

    def _inflate(self, data: bytes) -> bytes:
        out = b""
        while data:
            if self._inflater.eof:
                # The first byte is enough: a chunk may end between the two of the mark.
                if data[0] != 0x1F:
                    break
                self._members += 1
                if self._members > _MOST_MEMBERS:
                    raise EncodingError(self._name)
                self._inflater = zlib.decompressobj(31)
            out += self._bounded(self._inflater, data)
            data = self._inflater.unused_data
        return out

    def _ended(self) -> bool:
        return self._inflater.eof


class _Deflate(_Stage):
    """What servers send as "deflate": the zlib format (RFC 1950), or bare deflate data (RFC 1951)."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(name, limit)
        self._head = b""
        self._inflater: zlib._Decompress | None = None

    def _inflate(self, data: bytes) -> bytes:
        if self._inflater is None:
            self._head += data
            if len(self._head) < 2:
                return b""
            data = self._head
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inflater = zlib.decompressobj(15 if wrapped else -15)
        return b"" if self._inflater.eof else self._bounded(self._inflater, data)

    def _ended(self) -> bool:
        return self._inflater is not None and self._inflater.eof
