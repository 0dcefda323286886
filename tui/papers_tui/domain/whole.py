"""A whole library as lines of JSON: how each kind of line begins.

The first line says what the file is; then comes a line for each paper, for each act, and for each file of settings.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from papers_tui.domain.paper import Paper
from papers_tui.late import dataclass

NAME: Final = "papers-tui"
LIBRARY: Final = "library"
FORMAT: Final = 1

SETTINGS: Final = ("sources.toml", "views.toml", "rules.toml", "authors.toml")
"""The files that go along: what the program writes, and not what belongs to one machine."""

_USER = re.compile(r"(https?://)[^/\s\"'@]*@")


@dataclass(frozen=True, slots=True)
class Carried:
    """A paper with the `sources` that it was seen in, in the order of their coming, and when it was `added`."""

    paper: Paper
    sources: tuple[str, ...]
    added: str


@dataclass(frozen=True, slots=True)
class Whole:
    """What such a file holds: papers, all `sources` in the order in which they came, acts as the journal writes
    them, and the text of each file of settings. `faults` has a sentence for each line left out."""

    papers: tuple[Carried, ...]
    sources: tuple[str, ...]
    acts: tuple[bytes, ...]
    settings: Mapping[str, str]
    faults: tuple[str, ...] = ()


def is_head(value: object) -> bool:
    """Whether this is the first line of a whole library."""
    return isinstance(value, Mapping) and value.get(NAME) == LIBRARY


def head(*, papers: int, acts: int, sources: tuple[str, ...], exported: str) -> dict[str, Any]:
    """The first line; `exported` is a UTC time."""
    told = {"exported": exported, "papers": papers, "acts": acts, "sources": list(sources)}
    return {NAME: LIBRARY, "format": FORMAT} | told


def without_passwords(text: str) -> str:
    """A text whose addresses hold neither user nor password."""
    return _USER.sub(r"\1", text)
