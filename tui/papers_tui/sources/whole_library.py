"""Reading a whole library from lines of JSON, each of them checked: the file may have been anywhere."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from papers_tui.domain.errors import NotAPage
from papers_tui.domain.text import clean_line
from papers_tui.domain.whole import FORMAT, SETTINGS, Carried, Whole, is_head
from papers_tui.sources.json_lines import paper_from_record
from papers_tui.sources.json_text import load

_HEAD = 1 << 20
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def is_whole(data: bytes) -> bool:
    """Whether the bytes are a whole library, as their first line says."""
    first = data[:_HEAD].lstrip(b"\xef\xbb\xbf").partition(b"\n")[0]
    if b'"papers-tui"' not in first:
        return False
    try:
        return is_head(load(first.decode("utf-8")))
    except ValueError:
        return False


def read_whole(data: bytes, *, name: str, now: str) -> Whole:
    """What the file holds; a paper that says not when it was added was so `now`, a UTC time.

    Raises NotAPage where a newer program wrote it in another form.
    """
    first, *lines = data.decode("utf-8-sig", "replace").split("\n")
    head = load(first)
    assert isinstance(head, Mapping), "the first line says that this is a library"
    if head.get("format") != FORMAT:
        message = (
            f"it is a library in a form that this version can't read ({clean_line(str(head.get('format')))})"
        )
        raise NotAPage(name, message, "import it with the version that wrote it, or a later one")
    papers: list[Carried] = []
    acts: list[bytes] = []
    settings: dict[str, str] = {}
    faults: list[str] = []
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        try:
            value = load(line, line=number)
            match value:
                case {"paper": Mapping() as record, **told}:
                    papers.append(_carried(record, told.get("sources"), told.get("added"), now))
                case {"act": Mapping() as body}:
                    acts.append(_act(body))
                case {"file": str(file), "text": str(text)} if file in SETTINGS:
                    settings[file] = text
                case _:
                    raise ValueError("it is neither a paper, nor an act, nor a file of settings")
        except ValueError as fault:
            faults.append(f"line {number}: {fault}")
    return Whole(tuple(papers), _names(head.get("sources")), tuple(acts), settings, tuple(faults))


def _carried(record: Mapping[str, Any], sources: object, added: object, now: str) -> Carried:
    when = added if isinstance(added, str) and _TIME.fullmatch(added) else now
    return Carried(paper_from_record(record), _names(sources), when)


def _act(body: Mapping[str, Any]) -> bytes:
    """The act as a line of the journal, without its end."""
    data = json.dumps(body, separators=(",", ":")).encode("ascii")
    return b"%08x %s" % (zlib.crc32(data), data)


def _names(value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(name for one in given if isinstance(one, str) and (name := clean_line(one))))
