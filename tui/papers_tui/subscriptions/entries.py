"""The tables of `sources.toml` as sources and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import tag_name
from papers_tui.domain.sources import KINDS, Source
from papers_tui.late import dataclass
from papers_tui.problems import UnfitError, nearest, shown, unfit
from papers_tui.subscriptions.addresses import default_name, normalised, source_name
from papers_tui.toml_file import text_of

HEADER = """\
# What papers-tui follows. It rewrites this file when sources change, without comments, and keeps
# the former version beside it as sources.toml.bak.
"""

MOST_MINUTES = 525_600
"""The longest pace: once a year."""

_FIELDS = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the array `source`: what stands there, and the source it is, if any.

    One that repeats an earlier name or place does not hold.
    """

    table: object
    source: Source | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """All that a document lists, in its order, and what is wrong with it, a sentence each."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Those that hold."""
        return tuple(entry.source for entry in self.entries if entry.source and entry.holds)


def read(document: Mapping[str, object]) -> Listed:
    """The sources of a parsed `sources.toml`. Nothing in it is fatal."""
    problems = [
        f"{shown(name)} is not known here, expected [[source]] tables"
        for name in document
        if name != "source"
    ]
    tables = document.get("source", [])
    if not isinstance(tables, list):
        problems.append(unfit("source", tables, "[[source]] tables, in double brackets"))
        return Listed((), tuple(problems))
    entries: list[Entry] = []
    names: dict[str, int] = {}
    places: dict[str, int] = {}
    for number, table in enumerate(tables, 1):
        try:
            source, faults = _source(table)
        except UnfitError as reason:
            problems.append(f"{_label(number, table)}: {reason}; it is left out")
            entries.append(Entry(table, None, holds=False))
            continue
        problems += [f"{_label(number, table)}: {fault}" for fault in faults]
        name = source.name.casefold()
        first, what = (places[source.ref], "follows the same") if source.ref in places else (0, "")
        if not first and name in names:
            first, what = names[name], "has the same name"
        if first:
            problems.append(f"{_label(number, table)}: source {first} {what}, and the first holds")
        entries.append(Entry(table, source, holds=not first))
        if not first:
            names[name] = places[source.ref] = number
    return Listed(tuple(entries), tuple(problems))


def updated(document: Mapping[str, Any], listed: Listed, after: Sequence[Source]) -> dict[str, Any]:
    """The document with the sources `after` in place of those that hold in `listed`, which was read from it.

    What could not be read stays where it is; only an entry that repeats the place of a source that is gone goes
    with it. Of a source that stays, only the fields that changed are written anew.
    """
    holding = [entry for entry in listed.entries if entry.source and entry.holds]
    by_ref = {entry.source.ref: entry for entry in holding if entry.source}
    wanted = {source.ref for source in after}
    # A source may have moved to another address, which its name then tells.
    by_name = {
        entry.source.name: entry for entry in holding if entry.source and entry.source.ref not in wanted
    }
    stay: list[tuple[Source, Entry | None]] = [
        (source, by_ref.get(source.ref) or by_name.get(source.name)) for source in after
    ]
    staying = {id(entry) for _, entry in stay if entry}
    gone = {entry.source.ref for entry in holding if entry.source and id(entry) not in staying}
    tables = (_table(source, entry) for source, entry in stay)
    kept: list[object] = []
    for entry in listed.entries:
        if id(entry) in staying:
            kept.append(next(tables))
        elif not entry.source or (not entry.holds and entry.source.ref not in gone):
            kept.append(entry.table)
    return {**document, "source": [*kept, *tables]}


def written(document: Mapping[str, Any]) -> str:
    """The document as TOML."""
    return text_of(document, "source", HEADER)


def _table(source: Source, entry: Entry | None) -> dict[str, Any]:
    former = entry.source if entry else None
    table = dict(entry.table) if entry and isinstance(entry.table, dict) else {}
    for name in _FIELDS:
        value = getattr(source, name)
        if former and value == getattr(former, name):
            continue
        if value in ("", (), None, False):
            table.pop(name, None)
        else:
            table[name] = list(value) if isinstance(value, tuple) else value
    return table


def _source(table: object) -> tuple[Source, list[str]]:
    """The source that a table says, and what is wrong with its optional fields. Raises UnfitError."""
    if not isinstance(table, dict):
        raise UnfitError(f"found {shown(table)}, expected a table")
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
            elif name not in _FIELDS:
                faults.append(f"{shown(name)} is not known here, {nearest(name, _FIELDS)}")
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


def _label(number: int, table: object) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return f"source {number}" + (f" ({shown(name)})" if isinstance(name, str) else "")


def unlisted(document: Mapping[str, object]) -> bool:
    """Whether what stands under `source` is no list at all, so that nothing can be written there."""
    return not isinstance(document.get("source", []), list)
