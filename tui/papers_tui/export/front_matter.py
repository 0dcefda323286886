"""YAML front matter: our own fields written, and those of an older export renewed among the user's.

Only what we write is read: top-level scalars and lists of them, a line each, quoted or plain, as other programs
may have written them anew. Whatever else is there is the user's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from papers_tui.export.fingerprints import fingerprint
from papers_tui.late import dataclass

Field = str | int | Sequence[str]
"""The value of a field: text, a number, yes or no, or a list of texts."""

Sums = Mapping[str, Sequence[str]]
"""The fingerprints of each field's value, or of its items."""

# What YAML 1.2 (§5.1, §7.3.1) does not read back as itself between double quotes.
_NOT_PLAIN = re.compile('[\\x00-\\x1f"\\\\\\x7f-\\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONG = {short: character for character, short in _SHORT.items()}
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|.)")
_SCALAR = r""" "(?:[^"\\]|\\.)*" | '(?:[^']|'')*' | [^\s\[\]{},#&*!|>'"%@`].*? """
_TAIL = r"(?P<tail>(?:[ \t]+\#.*)?)[ \t]*"
_NAMED = re.compile(rf"(?P<name>[A-Za-z]+):(?:[ \t]+(?P<value>{_SCALAR}))?{_TAIL}", re.VERBOSE)
_EMPTY_LIST = re.compile(rf"(?P<name>[A-Za-z]+):[ \t]+\[\](?P<value>){_TAIL}", re.VERBOSE)
_ITEM = re.compile(rf"(?P<mark>[ \t]*-[ \t]+)(?P<value>{_SCALAR}){_TAIL}", re.VERBOSE)
_ASIDE = re.compile(r"\s*(?:#|$)")
_CURRENT = re.compile(r"\d+|\d{4}-\d\d-\d\d", re.ASCII)


def written(fields: Mapping[str, Field]) -> str:
    """The front matter with `fields`, in their order, between its two lines of dashes."""
    return "---\n" + "".join(f"{name}:{_yaml(value)}\n" for name, value in fields.items()) + "---\n"


def extent(lines: Sequence[str]) -> int:
    """How many lines the front matter takes, its lines of dashes included; 0 where there is none, or no end."""
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:], 2):
            if line.rstrip() == "---":
                return number
            if line.startswith("<!-- "):
                return 0
    return 0


def sums(fields: Mapping[str, Field]) -> dict[str, list[str]]:
    """What fields are known by later."""
    return {name: [fingerprint(text) for text in _texts(value)] for name, value in fields.items()}


def values(lines: Sequence[str]) -> dict[str, str]:
    """What the scalars among the lines inside a front matter say, whoever wrote them."""
    return {entry.name: entry.said[0] for entry in _entries(lines) if entry.is_scalar}


def renewed(
    lines: Sequence[str], wrote: Sums | None, fields: Mapping[str, Field], current: Collection[str] = ()
) -> list[str]:
    """The lines inside a front matter with our fields as they are now.

    `wrote` are the sums of what we wrote there, None where that is not known; the fields named in `current`
    are ours as long as they look like it. A value that is not ours stays, and so does each item of a list and
    each comment; a field or item that the user took out stays out.
    """
    known = wrote or {}
    changes: list[tuple[int, int, list[str]]] = []
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    entries = {entry.name: entry for entry in reversed(list(_entries(lines)))}
    place = 0
    for name, value in fields.items():
        if entry := entries.get(name):
            place = entry.stop
            if name in known or name in current:
                changes.append((entry.start, place, _changed(entry, known.get(name), value)))
        elif wrote is not None and name not in wrote and name not in current:
            changes.append((place, place, _fresh(name, value, end)))
    for name in known:
        if name in fields or not (entry := entries.get(name)):
            continue
        if entry.is_scalar and entry.sums == list(known[name]):
            changes.append((entry.start, entry.stop, _comments(entry.tails, entry.end)))
    result, last = [], 0
    for start, stop, new in sorted(changes, key=lambda change: change[:2]):
        result += [*lines[last:start], *new]
        last = stop
    return [*result, *lines[last:]]


def is_edited(lines: Sequence[str], wrote: Sums, current: Collection[str] = ()) -> bool:
    """Whether anything inside a front matter is not as we wrote it."""
    ours = 0
    for entry in _entries(lines):
        as_written = entry.name in wrote and entry.sums == list(wrote[entry.name])
        if (as_written or entry.name in current) and not any(entry.tails):
            ours += sum(bool(line.strip()) for line in entry.lines)
    return ours < sum(bool(line.strip()) for line in lines)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A top-level field: its lines `start` to `stop`, and what `_NAMED` or `_ITEM` found in each of them."""

    name: str
    start: int
    stop: int
    lines: Sequence[str]
    found: Sequence[re.Match[str] | None]

    @property
    def is_scalar(self) -> bool:
        return len(self.lines) == 1 and self.said != []

    @property
    def is_flat(self) -> bool:
        """Whether it is a list whose items are a scalar in a line each, with nothing but comments among them."""
        if self.found[0] is None or self.found[0]["value"]:
            return False
        items = list(zip(self.found, self.lines, strict=True))[1:]
        marks = {found["mark"].index("-") for found, _ in items if found}
        return len(marks) < 2 and all(found or _ASIDE.match(line) for found, line in items)

    @property
    def said(self) -> list[str]:
        """The value, or the items; a line that is neither is left out."""
        return [_read(found["value"]) for found in self.found if found and found["value"]]

    @property
    def sums(self) -> list[str]:
        return [fingerprint(text) for text in self.said]

    @property
    def tails(self) -> list[str]:
        """The comments behind the values, and lines that are no values."""
        return [
            (found["tail"] if found else line).strip()
            for found, line in zip(self.found, self.lines, strict=True)
        ]

    @property
    def end(self) -> str:
        return "\r\n" if self.lines[0].endswith("\r\n") else "\n"


def _entries(lines: Sequence[str]) -> Iterator[_Entry]:
    for start, line in enumerate(lines):
        bare = line.rstrip("\r\n")
        if named := _EMPTY_LIST.fullmatch(bare) or _NAMED.fullmatch(bare):
            stop = start + 1
            for place, below in enumerate(lines[start + 1 :], start + 2):
                if below.startswith((" ", "\t", "-")):
                    stop = place
                elif below.strip() and not below.startswith("#"):
                    break
            items = [_ITEM.fullmatch(item.rstrip("\r\n")) for item in lines[start + 1 : stop]]
            yield _Entry(named["name"], start, stop, lines[start:stop], [named, *items])


def _changed(entry: _Entry, wrote: Sequence[str] | None, value: Field) -> list[str]:
    """The lines of an entry whose value is to be `value`, as far as it is ours; `wrote` is None for a current one."""
    now = sums({entry.name: value})[entry.name]
    if isinstance(value, str | int):
        ours = entry.sums == list(wrote) if wrote is not None else any(map(_CURRENT.fullmatch, entry.said))
        if not (ours and entry.is_scalar) or entry.sums == now:
            return list(entry.lines)
        return [_tailed(f"{entry.name}:{_yaml(value)}", entry.tails[0], entry.end)]
    wrote = wrote or ()
    if now == list(wrote) or not entry.is_flat:
        return list(entry.lines)
    if entry.sums == list(wrote) and not any(entry.tails):
        return _fresh(entry.name, value, entry.end)
    return _merged_list(entry, set(wrote), value)


def _merged_list(entry: _Entry, wrote: set[str], items: Sequence[str]) -> list[str]:
    now = {fingerprint(item) for item in items}
    lines: list[str] = []
    for found, line in zip(entry.found[1:], entry.lines[1:], strict=True):
        if found and fingerprint(_read(found["value"])) in wrote - now:
            lines += _comments([found["tail"].strip()], entry.end)
        else:
            lines.append(line)
    news = [item for item in items if fingerprint(item) not in wrote and item not in entry.said]
    mark = next((found["mark"] for found in entry.found[1:] if found), "  - ")
    lines += [f"{mark}{_quoted(item)}{entry.end}" for item in news]
    first = f"{entry.name}:" if any(line.lstrip().startswith("-") for line in lines) else f"{entry.name}: []"
    return [_tailed(first, entry.tails[0], entry.end), *lines]


def _fresh(name: str, value: Field, end: str) -> list[str]:
    return [f"{line}{end}" for line in f"{name}:{_yaml(value)}".split("\n")]


def _comments(tails: Iterable[str], end: str) -> list[str]:
    return [f"{tail}{end}" for tail in tails if tail]


def _tailed(line: str, tail: str, end: str) -> str:
    return f"{line} {tail}{end}" if tail else f"{line}{end}"


def _yaml(value: Field) -> str:
    if isinstance(value, str):
        return f" {_quoted(value)}"
    if isinstance(value, int):
        return f" {_texts(value)[0]}"
    return "".join(f"\n  - {_quoted(item)}" for item in value) or " []"


def _texts(value: Field) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [str(value).lower()] if isinstance(value, int) else value


def _quoted(text: str) -> str:
    return '"' + _NOT_PLAIN.sub(lambda found: _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}", text) + '"'


def _read(scalar: str) -> str:
    """What a scalar says; one with an escape that is not ours stands for itself."""
    if scalar.startswith("'"):
        return scalar[1:-1].replace("''", "'")
    if not scalar.startswith('"'):
        return scalar
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _LONG.get(found[0], found[0]), scalar[1:-1]
    )
