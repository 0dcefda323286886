"""A roll: the keys of very many papers, deflated, in the form in which the journal has them.

A million papers take 20 MB so, where as tuples of text they take 300; they are inflated a few thousand at a time.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, overload

Keys = tuple[str, ...]
"""The keys of one paper."""

FEW: Final = 1000
"""Papers up to which their keys are kept as they are."""

_PIECE = 5_000
_BYTES = 1 << 18
_BETWEEN = b'"],["'


class Roll(Sequence[Keys]):
    """The keys of more papers than FEW, in their order. It is the quicker the more of it is asked for at once."""

    __slots__ = ("_many", "deflated")

    def __init__(self, deflated: bytes, many: int) -> None:
        self.deflated = deflated
        self._many = many

    @classmethod
    def of(cls, deflated: bytes) -> Roll | None:
        """What was deflated as a roll's keys are: as JSON, a list of lists of text. None where that is another thing.

        Raises zlib.error where nothing was deflated.
        """
        many = 0
        try:
            for piece in _pieces(deflated):
                for keys in piece:
                    if type(keys) is not list or not all(type(key) is str for key in keys):
                        return None
                many += len(piece)
        except ValueError:
            return None
        return cls(deflated, many)

    def __len__(self) -> int:
        return self._many

    def __iter__(self) -> Iterator[Keys]:
        for piece in _pieces(self.deflated):
            yield from map(tuple, piece)

    @overload
    def __getitem__(self, place: int) -> Keys: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Keys, ...]: ...
    def __getitem__(self, place: int | slice) -> Keys | tuple[Keys, ...]:
        if isinstance(place, slice):
            return tuple(self)[place]
        if not -self._many <= place < self._many:
            raise IndexError(place)
        return next(islice(self, place % self._many, None))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Roll) and self.deflated == other.deflated

    def __hash__(self) -> int:
        return hash(self.deflated)


class Rolling:
    """Takes down the keys of papers one after the other."""

    def __init__(self) -> None:
        self._fresh: list[Keys] = []
        self._many = 0
        self._press: zlib._Compress | None = None
        self._pressed: list[bytes] = []

    def add(self, keys: Keys) -> None:
        self._fresh.append(keys)
        if len(self._fresh) == _PIECE:
            self._deflate()

    def papers(self) -> Sequence[Keys]:
        """All of them: a tuple of few, a roll of many. Nothing can be added any more."""
        if not self._many and len(self._fresh) <= FEW:
            return tuple(self._fresh)
        press = self._deflate()
        self._pressed += [press.compress(b"]"), press.flush()]
        return Roll(b"".join(self._pressed), self._many)

    def _deflate(self) -> zlib._Compress:
        self._press = self._press or zlib.compressobj()
        if self._fresh:
            text = json.dumps(self._fresh, separators=(",", ":")).encode("ascii")
            self._pressed.append(self._press.compress((b"," if self._many else b"[") + text[1:-1]))
            self._many += len(self._fresh)
            self._fresh = []
        return self._press


def _pieces(deflated: bytes) -> Iterator[list[list[str]]]:
    """The keys of some papers after the other. Raises ValueError where they are not a list's, and zlib.error."""
    inflate = zlib.decompressobj()
    held, fed, first = b"", deflated, True
    while not inflate.eof:
        fresh = inflate.decompress(fed, _BYTES)
        if not fresh and not inflate.unconsumed_tail and not inflate.eof:
            raise zlib.error("it is cut short")
        fed = inflate.unconsumed_tail
        held += fresh
        cut = held.rfind(_BETWEEN)
        if cut > 0 and not inflate.eof:
            try:
                piece = _read(held[: cut + 2], b"" if first else b"[", b"]")
            except ValueError:  # in the midst of a key: a cut leaves that without its end, which is no JSON
                continue
            held, first = held[cut + 3 :], False
            yield piece
    yield _read(held, b"" if first else b"[", b"")


def _read(text: bytes, before: bytes, after: bytes) -> list[list[str]]:
    found = json.loads(before + text + after)
    if not isinstance(found, list):
        raise ValueError("no list of papers")
    if b"\\ud" in text:
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair can't be stored
    return found
