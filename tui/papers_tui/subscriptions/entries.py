"""The tables of `sources.toml` as sources and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import tag_name
from papers_tui.domain.sources import DAILY_PAPERS, KINDS, Source
from papers_tui.problems import UnfitError, nearest, shown, unfit
from papers_tui.subscriptions.addresses import default_name, normalised, source_name
from papers_tui.toml_tables import Tables, written_anew

_HEADER = """\
# What papers-tui follows. It rewrites this file when sources change, without comments, and keeps
# the former version beside it as sources.toml.bak.
"""

MOST_MINUTES = 525_600
"""The longest pace: once a year."""


def _source(table: Mapping[str, object]) -> tuple[Source, list[str]]:
    kind, address = _kind(table), _address(table)
    try:
        address = normalised(kind, address)
    except PapersError as error:
        raise UnfitError(f"{error.message} ({error.hint})" if error.hint else error.message) from None
    faults: list[str] = []
    values: dict[str, Any] = {}
    for name, found in table.items():
        try:
            if name in _OPTIONAL:
                values[name] = _OPTIONAL[name](found)
        except UnfitError as expected:
            faults.append(unfit(name, found, expected))
    values.setdefault("name", default_name(kind, address))
    return Source(kind=kind, address=address, **values), faults


def _kind(table: Mapping[str, object]) -> str:
    kind = table.get("kind")
    if kind is None:
        raise UnfitError(f"it has no kind, expected one of {', '.join(KINDS)}")
    if not isinstance(kind, str):
        raise UnfitError(unfit("kind", kind, f"one of {', '.join(KINDS)}"))
    if kind not in KINDS:
        raise UnfitError(f"kind: found {shown(kind)}, {nearest(kind[:40], KINDS)}")
    return kind


def _address(table: Mapping[str, object]) -> str:
    address = table.get("address", "")
    if not isinstance(address, str):
        raise UnfitError(unfit("address", address, "a text"))
    return address


def _name(found: object) -> str:
    if isinstance(found, str) and (name := source_name(found)):
        return name
    raise UnfitError("a name that can be shown")


def _tags(found: object) -> tuple[str, ...]:
    if isinstance(found, list) and all(isinstance(tag, str) and tag_name(tag) for tag in found):
        return distinct_tags(found)
    raise UnfitError('a list of tags, each in quotes: ["language", "vision"]')


def _every(found: object) -> int:
    if isinstance(found, int) and not isinstance(found, bool) and 1 <= found <= MOST_MINUTES:
        return found
    raise UnfitError(f"minutes from 1 to {MOST_MINUTES}, such as 60")


def _paused(found: object) -> bool:
    if isinstance(found, bool):
        return found
    raise UnfitError("true or false")


_OPTIONAL = {"name": _name, "tags": _tags, "every": _every, "paused": _paused}


def distinct_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are kept, each once: of two spellings that differ in case the first holds; blank ones go."""
    spelt: dict[str, str] = {}
    for name in filter(None, map(tag_name, tags)):
        spelt.setdefault(name.casefold(), name)
    return tuple(spelt.values())


SOURCES = Tables(
    kind=Source,
    array="source",
    noun="source",
    header=_HEADER,
    parsed=_source,
    written=written_anew,
    claims=lambda source: [
        ("follows the same", source.ref, None),
        ("has the same name", source.name.casefold(), None),
    ],
    likeness=lambda source: source.name,
    suggested=(DAILY_PAPERS,),
)
