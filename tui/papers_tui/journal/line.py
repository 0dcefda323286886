"""One entry as one line of bytes: `crc32 SP json LF`.

Programs of several versions read and write one journal, so what a line means is never changed. Something new is a new
kind, register or field, of which an older program keeps the line as it is: compaction puts aside every line that this
program would not have written byte for byte, and what is fetched from other machines is never written anew. The rest
of the line must be right without the new thing, since the older program goes by that alone. A mark that would mean
something else needs a register of another name. tests/test_versions.py has a journal of a later program, and what
each version left behind: add to those, and change none of them.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from typing import Any

from papers_tui.domain.marks import Change, Entry, Registers, Stamp
from papers_tui.domain.roll import FEW, Keys, Roll


def encode(entry: Entry) -> bytes:
    """The line, LF included."""
    body: dict[str, Any] = {
        "w": entry.writer,
        "n": entry.seq,
        "t": list(entry.clock),
        "kind": entry.kind,
        "set": [_encode_change(change) for change in entry.changes],
    }
    if not entry.deliberate:
        body["by"] = "self"
    if entry.undoes:
        body["undo"] = list(entry.undoes)
    if entry.redoes:
        body["redo"] = list(entry.redoes)
    if entry.records:
        body["papers"] = list(entry.records)
    if entry.seen is not None:
        body["seen"] = entry.seen
    data = json.dumps(body, separators=(",", ":")).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(data), data)


def decode(line: bytes) -> Entry | None:
    """The entry of a line (without its LF); None where the line is torn, damaged or not understood.

    A field that a newer program added is passed over: the line itself stays in its file as it is.
    """
    checksum, _, data = line.partition(b" ")
    try:
        if len(checksum) != 8 or int(checksum, 16) != zlib.crc32(data):
            return None
        body = json.loads(data)
        if b"\\ud" in data:
            json.dumps(body, ensure_ascii=False).encode()  # half a surrogate pair can't be stored
        return Entry(
            writer=str(body["w"]),
            seq=_integer(body["n"]),
            clock=(_integer(body["t"][0]), _integer(body["t"][1])),
            kind=str(body["kind"]),
            changes=tuple(_decode_change(change) for change in body["set"]),
            deliberate=body.get("by") != "self",
            undoes=_name(body.get("undo")),
            redoes=_name(body.get("redo")),
            records=tuple(record for record in body.get("papers", ()) if isinstance(record, dict)),
            seen=_stamps(body.get("seen")),
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, zlib.error):
        return None


def _encode_change(change: Change) -> dict[str, Any]:
    body: dict[str, Any] = {"now": dict(change.now), "was": dict(change.was)}
    if isinstance(change.papers, Roll):
        body["pz"] = base64.b64encode(change.papers.deflated).decode("ascii")
    elif len(change.papers) <= FEW:
        body["p"] = change.papers
    else:
        keys = json.dumps(change.papers, separators=(",", ":")).encode("ascii")
        body["pz"] = base64.b64encode(zlib.compress(keys)).decode("ascii")
    return body


def _decode_change(body: dict[str, Any]) -> Change:
    papers = _papers(body["p"]) if "p" in body else _inflated(base64.b64decode(body["pz"]))
    return Change(papers, now=_registers(body["now"]), was=_registers(body["was"]))


def _inflated(deflated: bytes) -> Sequence[Keys]:
    roll = Roll.of(deflated)
    return roll if roll and len(roll) > FEW else _papers(json.loads(zlib.decompress(deflated)))


def _papers(found: Any) -> Sequence[Keys]:
    return tuple(tuple(str(key) for key in paper) for paper in found)


def _registers(body: dict[str, Any]) -> Registers:
    return tuple((str(name), value) for name, value in body.items() if isinstance(value, bool | str))


def _name(value: Any) -> tuple[str, int] | None:
    return (str(value[0]), _integer(value[1])) if value else None


def _stamps(value: Any) -> tuple[Stamp, ...] | None:
    if value is None:
        return None
    return tuple(
        (_integer(ms), _integer(counter), str(writer), _integer(seq)) for ms, counter, writer, seq in value
    )


def _integer(value: Any) -> int:
    if isinstance(value, int) and abs(value) < 1 << 63:
        return value
    raise ValueError(f"{value} is no number of ours")
