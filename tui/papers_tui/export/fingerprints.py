"""Short sums of what we wrote, kept beside it, so that a later export can tell our lines from the user's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence

BLANK = "."
"""The key of a blank line."""

GONE = "no-paper"
"""The key of the line that says that a paper is no longer there, whatever day it names."""

_SUM = "[0-9a-f]{8}"
_KEY = re.compile(rf"{_SUM}|{GONE}|\.")
_LINES = re.compile(rf"(?:{_KEY.pattern})*")
_VALUES = re.compile(rf"[a-z]+=(?:{_SUM},?)*(?: [a-z]+=(?:{_SUM},?)*)*")
_RECORD = re.compile(rf"<!-- written by papers-tui: (.*)/({_SUM}) -->\s*")
_GONE_LINE = re.compile(r"\*No longer (?:starred|in this list) \(\d{4}-\d\d-\d\d\)\.\*", re.ASCII)


def fingerprint(text: str) -> str:
    """The sum of a text: 32 bits in hexadecimal."""
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=4).hexdigest()


def key(line: str) -> str:
    """What a line is known by: the sum of it without the white space at its end, which editors take away."""
    bare = line.rstrip()
    if not bare:
        return BLANK
    return GONE if _GONE_LINE.fullmatch(bare) else fingerprint(bare)


def keys(lines: Iterable[str]) -> tuple[str, ...]:
    """The keys of lines, but for the blank lines before the first and after the last."""
    return tuple(_KEY.findall("".join(map(key, lines)).strip(BLANK)))


def lines_record(keys: Iterable[str]) -> str:
    """The comment that tells the lines of a section by their keys."""
    return _record("".join(keys))


def recorded_lines(line: str) -> tuple[str, ...] | None:
    """The keys that such a comment tells; None where the line is none, or was changed."""
    body = _recorded(line)
    return tuple(_KEY.findall(body)) if body is not None and _LINES.fullmatch(body) else None


def values_record(sums: Mapping[str, Sequence[str]]) -> str:
    """The comment that tells some named values by their sums."""
    return _record(" ".join(f"{name}={','.join(values)}" for name, values in sums.items()))


def recorded_values(line: str) -> dict[str, list[str]] | None:
    """The sums by name that such a comment tells; None where the line is none, or was changed."""
    body = _recorded(line)
    if body is None or not _VALUES.fullmatch(body):
        return None
    pairs = (part.split("=") for part in body.split(" "))
    return {name: [one for one in values.split(",") if one] for name, values in pairs}


def _record(body: str) -> str:
    return f"<!-- written by papers-tui: {body}/{fingerprint(body)} -->"


def _recorded(line: str) -> str | None:
    found = _RECORD.fullmatch(line)
    return found[1] if found and fingerprint(found[1]) == found[2] else None
