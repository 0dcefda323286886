"""What two folders of journal files have to tell each other.

One is this machine's journal; the other is carried from machine to machine by whatever moves files. Lines are
told apart by what they say, never by the file they stand in: a file mover makes conflict copies, brings half of
a file, an old one, or the same twice, and two machines may go by one name.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from papers_tui.journal.names import parsed_name

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


def plan(here: Mapping[str, bytes], there: Mapping[str, bytes], device: str) -> Plan:
    """Decides by what the journal files of both folders hold, by name; `device` is the id of this one.

    Everything that stands there comes here. This device's files go there, and of the others those that are
    missing there: their own machines know them better.
    """
    own = _own(here, device)
    fresh: dict[str, dict[bytes, None]] = {}
    known: set[bytes] | None = None
    for name in sorted(there):
        data, mine = there[name], own.get(name, here.get(name, b""))
        if mine.startswith(data):
            continue
        if known is None:
            known = {line for held in here.values() for line in held[: held.rfind(b"\n") + 1].split(b"\n")}
        for line in data[: data.rfind(b"\n") + 1].split(b"\n"):
            if line not in known and (said := _said(line)) is not None:
                known.add(line)
                fresh.setdefault(_home(name, said, device), {})[line] = None
    give = {name: data for name, data in own.items() if there.get(name) != data}
    give |= {
        name: data for name, data in here.items() if name not in there and not _is_of(name, device) and data
    }
    fetch = {name: tuple(lines) for name, lines in fresh.items()}
    return Plan(fetch, give, _twins(own, (line for lines in fetch.values() for line in lines), device))


def _own(here: Mapping[str, bytes], device: str) -> dict[str, bytes]:
    """The whole lines of this device's files by their names there, where a writer has one file."""
    files = sorted(
        (parsed, data)
        for name, data in here.items()
        if (parsed := parsed_name(name)) and parsed.device == device
    )
    own: dict[str, bytes] = {}
    for parsed, data in files:
        name = f"{parsed.writer}.jsonl"
        own[name] = own.get(name, b"") + data[: data.rfind(b"\n") + 1]
    return {name: data for name, data in own.items() if data}


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

    A line of ours that was compacted away, and comes back in an old copy, is no proof.
    """
    numbers: dict[str, set[int]] | None = None
    for writer, number in _names(fresh):
        if parsed := parsed_name(f"{writer}.jsonl"):
            if parsed.device != device:
                continue
            if numbers is None:
                numbers = {}
                for one, given in _names(line for data in own.values() for line in data.split(b"\n")):
                    numbers.setdefault(one, set()).add(given)
            mine = numbers.get(writer, set())
            if number in mine or number > max(mine, default=0):
                return True
    return False


def _names(lines: Iterable[bytes]) -> Iterator[tuple[str, int]]:
    for line in lines:
        said = _said(line)
        if said and isinstance(number := said.get("n"), int):
            yield str(said.get("w")), number
