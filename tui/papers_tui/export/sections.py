"""The sections of a file that are ours, each between its markers, and the lines around them, which are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import quote

from papers_tui.export.fingerprints import keys, lines_record, recorded_lines
from papers_tui.late import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BEGIN = re.compile(r"<!-- papers-tui: (\S+) -->\s*")
_END = re.compile(r"<!-- /papers-tui: (\S+) -->\s*")
_LIKE_OURS = re.compile(r"^<!-- (?=/?papers-tui: |written by papers-tui: )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """One paper's part of a file.

    `id` is the paper's as its markers carry it; `lines` stand between them, each with its line end and
    without the record; `wrote` are the keys that the record tells, None where it is lost or damaged; `raw`
    is the whole, markers and record too.
    """

    id: str
    lines: tuple[str, ...]
    wrote: tuple[str, ...] | None
    raw: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """Whether the lines are just those that were written."""
        return keys(self.lines) == self.wrote


def marker_id(identifier: str) -> str:
    """The paper's id as its markers carry it: ASCII without white space, and nothing that ends a comment.

    Other characters are percent-encoded, so `urllib.parse.unquote` gives the id back.
    """
    return quote(identifier, safe="!#$'()*+,/:;=?@[]", errors="replace").replace("--", "-%2D")


def marked(identifier: str, body: str) -> str:
    """A section's text: the body between its markers, and above the end marker the record of its lines."""
    name = marker_id(identifier)
    record = lines_record(keys(lines_of(body)))
    return f"<!-- papers-tui: {name} -->\n\n{body}\n\n{record}\n<!-- /papers-tui: {name} -->"


def unlike_ours(text: str) -> str:
    """The text with a second blank in each comment that would be taken for a marker or record."""
    return _LIKE_OURS.sub("<!--  ", text)


def lines_of(text: str) -> list[str]:
    """The lines, each with its line end; only a line feed ends one."""
    return _LINE.findall(text)


def with_ends(lines: Iterable[str], end: str) -> tuple[str, ...]:
    """The lines with `end` for their line end, where they have any; a carriage return never comes twice."""
    if end == "\n":
        return tuple(lines)
    return tuple(f"{line[:-1].removesuffix(chr(13))}{end}" if line.endswith("\n") else line for line in lines)


def split(lines: Sequence[str]) -> list[Section | str]:
    """The sections and, a line each, what stands around them, in their order.

    A marker whose fellow is missing, or that has another section's marker before its fellow, is a line.
    """
    parts: list[Section | str] = []
    begun: int | None = None
    for line in lines:
        parts.append(line)
        if _BEGIN.fullmatch(line):
            begun = len(parts) - 1
        elif begun is not None and (found := _END.fullmatch(line)):
            raw = tuple(part for part in parts[begun:] if isinstance(part, str))
            if marker_of(raw[0]) == found[1]:
                parts[begun:] = [_section(found[1], raw)]
                begun = None
    return parts


def marker_of(line: str) -> str | None:
    """The id of the marker that a line is; None where it is none."""
    found = _BEGIN.fullmatch(line) or _END.fullmatch(line)
    return found[1] if found else None


def renamed(section: Section, identifier: str) -> Section:
    """The same section for a paper whose id, as markers carry it, is another one now."""
    if section.id == identifier:
        return section
    first, *inside, last = section.raw
    raw = (
        first.replace(f": {section.id} -->", f": {identifier} -->"),
        *inside,
        last.replace(f": {section.id} -->", f": {identifier} -->"),
    )
    return replace(section, id=identifier, raw=raw)


def rewritten(section: Section, lines: Sequence[str], wrote: Sequence[str], end: str) -> Section:
    """The section with other lines between its markers, and the record of what we wrote now."""
    raw = (section.raw[0], *lines, lines_record(wrote) + end, section.raw[-1])
    return Section(section.id, tuple(lines), tuple(wrote), raw)


def _section(identifier: str, raw: Sequence[str]) -> Section:
    inside = raw[1:-1]
    wrote = None
    for place in range(len(inside) - 1, -1, -1):
        wrote = recorded_lines(inside[place])
        if wrote is not None:
            inside = (*inside[:place], *inside[place + 1 :])
            break
    return Section(identifier, tuple(inside), wrote, tuple(raw))
