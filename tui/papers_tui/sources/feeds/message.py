"""What goes between the program and its parsing process: a JSON header and a body, each behind its length.

Nothing that is sent can run: no pickle, and what comes back is read as if it came from afar.
"""

from __future__ import annotations

import json
from typing import Any, BinaryIO

from papers_tui.domain.errors import FeedError
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import from_record, to_record
from papers_tui.late import dataclass

READY = b"ready"
"""What the process says first."""

CPU_SECONDS = 5
"""How long it may work on one feed."""

_LENGTH = 4
_LONGEST = 64 << 20


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a feed holds: its papers, its title and home page or "", the minutes it asks to be left alone, and one
    sentence for each entry that was left out."""

    papers: tuple[Paper, ...] = ()
    title: str = ""
    home: str = ""
    every: int | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """A feed to parse: its bytes, the header they came with, where they came from, and the name of their source."""

    data: bytes
    content_type: str | None
    base_url: str | None
    source: str


def pack_job(job: Job) -> bytes:
    header = {"content_type": job.content_type, "base_url": job.base_url, "source": job.source}
    return _packed(json.dumps(header).encode()) + _packed(job.data)


def read_job(stream: BinaryIO) -> Job | None:
    """The next job of a stream; None at its end."""
    header, data = _part(stream), _part(stream)
    if header is None or data is None:
        return None
    said = json.loads(header)
    return Job(data, said["content_type"], said["base_url"], said["source"])


def pack_result(result: Parsed | FeedError) -> bytes:
    if isinstance(result, FeedError):
        said: dict[str, Any] = {"refused": [result.title, result.message, result.hint]}
    else:
        said = {
            "papers": [to_record(paper) for paper in result.papers],
            "title": result.title,
            "home": result.home,
            "every": result.every,
            "faults": result.faults,
        }
    return _packed(json.dumps(said).encode("utf-8", "replace"))


def length_of(prefix: bytes) -> int:
    """How many bytes follow a length. Raises ValueError where they are more than is ever sent."""
    length = int.from_bytes(prefix, "big")
    if length > _LONGEST:
        raise ValueError(f"a message of {length} bytes")
    return length


def result_of(body: bytes) -> Parsed | FeedError:
    """The result that a body holds. Raises ValueError where it holds none."""
    try:
        said = json.loads(body)
        if "refused" in said:
            title, message, hint = map(str, said["refused"])
            return FeedError(title, message, hint)
        return Parsed(
            papers=tuple(map(from_record, said["papers"])),
            title=str(said["title"]),
            home=str(said["home"]),
            every=said["every"] if isinstance(said["every"], int) else None,
            faults=tuple(map(str, said["faults"])),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ValueError(f"no result: {fault}") from None


def _packed(body: bytes) -> bytes:
    return len(body).to_bytes(_LENGTH, "big") + body


def _part(stream: BinaryIO) -> bytes | None:
    prefix = stream.read(_LENGTH)
    if len(prefix) < _LENGTH:
        return None
    length = length_of(prefix)
    body = stream.read(length)
    return body if len(body) == length else None
