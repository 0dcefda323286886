"""What two folders of journal files have to tell each other.

One is this machine's journal; the other is carried from machine to machine by whatever moves files. Lines are
told apart by what they say, never by the file they stand in: a file mover makes conflict copies, brings half of
a file, an old one, or the same twice, and two machines may go by one name.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping

from papers_tui.journal.compaction import says
from papers_tui.journal.names import parsed_name
from papers_tui.late import dataclass

_STRAYS = "strays.jsonl"


@dataclass(frozen=True, slots=True)
class Plan:
    """What there is to do in both folders.

    `fetch` holds the lines, without their ends, to append to files of these names here; `give` what files there
    are to hold. `twins` is True where another machine writes under this device's id.
    """

    fetch: Mapping[str, tuple[bytes, ...]]
    give: Mapping[str, bytes]
    twins: bool

    @property
    def fetched(self) -> int:
        return sum(map(len, self.fetch.values()))


def plan(
    here: Mapping[str, bytes], there: Mapping[str, bytes], device: str, *, former: Iterable[bytes] = ()
) -> Plan:
    """Decides by what the journal files of both folders hold, by name; `device` is the id of this one.

    `former` are files that were compacted here: what stands in them is known.

    Everything that stands there comes here. This device's files go there, and of the others those that are
    missing there: their own machines know them better.
    """
    held = by_writer(here)
    own = {name: data for name, data in held.items() if _is_of(name, device)}
    fresh: dict[str, dict[bytes, None]] = {}
    known: set[bytes] | None = None
    for name in sorted(there):
        data, mine = there[name], held.get(name, here.get(name, b""))
        if mine.startswith(data):
            continue
        if known is None:
            known = {line for data in (*here.values(), *former) for line in _whole(data).split(b"\n")}
        for line in _whole(data).split(b"\n"):
            if line not in known and (said := _said(line)) is not None:
                known.add(line)
                fresh.setdefault(_home(name, said, device), {})[line] = None
    strays = {name: data for name, data in here.items() if parsed_name(name) is None}
    give = {
        name: data
        for name, data in (strays | held).items()
        if data and (name not in there or (name in own and there[name] != data))
    }
    fetch = {name: tuple(lines) for name, lines in fresh.items()}
    return Plan(fetch, give, _twins(own, (line for lines in fetch.values() for line in lines), device))


def by_writer(held: Mapping[str, bytes]) -> dict[str, bytes]:
    """The whole lines of each writer's files, by the name that a writer's only file would have."""
    files = sorted((parsed, data) for name, data in held.items() if (parsed := parsed_name(name)))
    joined: dict[str, bytes] = {}
    for parsed, data in files:
        name = f"{parsed.writer}.jsonl"
        joined[name] = joined.get(name, b"") + _whole(data)
    return joined


def outgrown(
    here: Mapping[str, bytes], there: Mapping[str, bytes], device: str, *, least: int, ratio: int
) -> list[str]:
    """The files of others, by their names there, that are `ratio` times as large here, where there says all of it.

    Those of less than `least` bytes are left alone.
    """
    held = by_writer(here)
    return [
        name
        for name, data in there.items()
        if not _is_of(name, device)
        and len(mine := held.get(name, b"")) >= max(least, ratio * len(data))
        and says((mine + data).split(b"\n")) == says(_whole(data).split(b"\n"))
    ]


def _whole(data: bytes) -> bytes:
    """The whole lines of a file."""
    return data[: data.rfind(b"\n") + 1]


def _is_of(name: str, device: str) -> bool:
    parsed = parsed_name(name)
    return parsed is not None and parsed.device == device


def _said(line: bytes) -> Mapping[str, object] | None:
    """What a line says; None where it is torn or damaged. What only a newer program understands is whole."""
    checksum, _, data = line.partition(b" ")
    try:
        if len(checksum) != 8 or int(checksum, 16) != zlib.crc32(data):
            return None
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _home(name: str, said: Mapping[str, object], device: str) -> str:
    """The file here that a line from a file of this name there goes to: never one that this device writes."""
    if (parsed := parsed_name(name)) and parsed.device != device:
        return f"{parsed.writer}.jsonl"
    writer = parsed_name(f"{said.get('w')}.jsonl")
    if writer is None:
        return _STRAYS
    return f"twin-of-{writer.writer}.jsonl" if writer.device == device else f"{writer.writer}.jsonl"


def _twins(own: Mapping[str, bytes], fresh: Iterable[bytes], device: str) -> bool:
    """Whether lines that are not ours stand under our name and a number that we gave to others, or never gave.

    A line of ours that was compacted away or rewritten, and comes back in an old copy, is no proof.
    """
    ours: dict[str, dict[int, set[str]]] | None = None
    for writer, number, clock in _names(fresh):
        parsed = parsed_name(f"{writer}.jsonl")
        if parsed is None or parsed.device != device:
            continue
        if ours is None:
            ours = {}
            for one, given, then in _names(line for data in own.values() for line in data.split(b"\n")):
                ours.setdefault(one, {}).setdefault(given, set()).add(then)
        mine = ours.get(writer, {})
        if number > max(mine, default=0) or clock not in mine.get(number, {clock}):
            return True
    return False


def _names(lines: Iterable[bytes]) -> Iterator[tuple[str, int, str]]:
    """The writer, number and clock of each line that has them."""
    for line in lines:
        said = _said(line)
        if said and isinstance(number := said.get("n"), int):
            yield str(said.get("w")), number, str(said.get("t"))
