"""What people and the program list in a TOML file of their own, a [[table]] for each thing.

Nothing in such a file is fatal: what can't be used is named and left out. What is not understood stays as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Generic, TypeVar

from papers_tui.late import dataclass
from papers_tui.problems import UnfitError, nearest, shown
from papers_tui.toml_file import Document, edit_document, read_document, tables_of, text_of

T = TypeVar("T")
Claim = tuple[str, str, T | None]


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One item of the array: what stands there, and the thing it is, if any.

    One that repeats an earlier thing does not hold.
    """

    table: Any
    thing: T | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Tables(Generic[T]):
    """How things of one `kind`, a dataclass, are listed under the name `array`, each in a table of its fields.

    `noun` is what one is called in a sentence. `parsed` gives the thing that a table says, and what is wrong with
    what it could do without; it raises UnfitError where it says none. `written` gives the table of a thing from the
    thing and the table that stood in its place (None and an empty one: nothing did).

    `claims` are what one thing at a time may have, each in words, by what it is compared, and as the thing that is
    left where an earlier one has it (None: it does not hold). The first tells a thing from all others; where it
    changed, `likeness` does. `header` is a comment, and `suggested` what no file at all means.
    """

    kind: type[Any]
    array: str
    noun: str
    header: str
    parsed: Callable[[Mapping[str, object]], tuple[T, Sequence[str]]]
    written: Callable[[T, T | None, dict[str, Any]], dict[str, Any]]
    claims: Callable[[T], Sequence[Claim[T]]]
    likeness: Callable[[T], object]
    suggested: tuple[T, ...] = ()

    def load(self, path: Path) -> tuple[tuple[T, ...], tuple[str, ...]]:
        """The things in the file at `path`, and what is wrong with them, a sentence each.

        Raises PapersError where the file can't be read, or holds something else in place of them.
        """
        document = read_document(path)
        if document is None:
            return self.suggested, ()
        things, problems = self.read(tables_of(path, document, self.array))
        others = (
            f"{shown(name)} is not known here, expected [[{self.array}]] tables"
            for name in document
            if name != self.array
        )
        return things, tuple(f"{path}: {problem}" for problem in (*others, *problems))

    def edit(self, path: Path, change: Callable[[tuple[T, ...]], tuple[T, ...]]) -> tuple[T, ...]:
        """Reads the things, changes them by `change`, writes them back, and gives them as they are now.

        What the file holds beyond readable things stays in it; only what repeats a thing that is gone goes with it.
        Nothing is written where nothing changed. Raises PapersError as `toml_file.edit_document` does, and where
        the file holds something else in place of the things.
        """
        after: tuple[T, ...] = ()

        def changed(document: Document | None) -> str | None:
            nonlocal after
            held = document or {}
            entries, _ = self._entries(tables_of(path, held, self.array))
            before = self.suggested if document is None else _holding(entries)
            after = change(before)
            if after == before:
                return None
            return text_of({**held, self.array: self._updated(entries, after)}, self.array, self.header)

        edit_document(path, changed)
        return after

    def read(self, tables: Sequence[object]) -> tuple[tuple[T, ...], tuple[str, ...]]:
        """The things that the array lists, in its order, and what is wrong with it, a sentence each."""
        entries, problems = self._entries(tables)
        return _holding(entries), tuple(problems)

    def _entries(self, tables: Sequence[object]) -> tuple[list[Entry[T]], list[str]]:
        entries: list[Entry[T]] = []
        problems: list[str] = []
        taken: dict[tuple[str, str], int] = {}
        for number, table in enumerate(tables, 1):
            label = self._label(number, table)
            try:
                thing, faults = self._thing(table)
            except UnfitError as reason:
                problems.append(f"{label}: {reason}; it is left out")
                entries.append(Entry(table, None, holds=False))
                continue
            problems += [f"{label}: {fault}" for fault in faults]
            rest: T | None = thing
            for what, value, spared in self.claims(thing):
                if first := taken.get((what, value)):
                    problems.append(f"{label}: {self.noun} {first} {what}, and the first holds")
                    rest = spared
                    break
            if rest is not None:
                taken |= {(what, value): number for what, value, _ in self.claims(rest)}
            entries.append(Entry(table, rest or thing, holds=rest is not None))
        return entries, problems

    def _thing(self, table: object) -> tuple[T, list[str]]:
        if not isinstance(table, dict):
            raise UnfitError(f"found {shown(table)}, expected a table")
        thing, faults = self.parsed(table)
        known = [field.name for field in fields(self.kind)]
        unknown = (
            f"{shown(name)} is not known here, {nearest(name[:40], known)}"
            for name in table
            if name not in known
        )
        return thing, [*unknown, *faults]

    def _updated(self, entries: Sequence[Entry[T]], after: Sequence[T]) -> list[object]:
        """The items of the array with the things `after`, in their order, in place of those that hold."""
        held = {self._identity(entry.thing): entry for entry in entries if entry.thing and entry.holds}
        wanted = {self._identity(thing) for thing in after}
        changed = {
            self.likeness(entry.thing): entry
            for identity, entry in held.items()
            if entry.thing and identity not in wanted
        }
        stay = [
            (thing, held.get(self._identity(thing)) or changed.pop(self.likeness(thing), None))
            for thing in after
        ]
        staying = {id(entry) for _, entry in stay if entry}
        gone = held.keys() - wanted
        tables = (
            self.written(thing, entry.thing, dict(entry.table)) if entry else self.written(thing, None, {})
            for thing, entry in stay
        )
        kept: list[object] = []
        for entry in entries:
            if id(entry) in staying:
                kept.append(next(tables))
            elif not entry.thing or (not entry.holds and self._identity(entry.thing) not in gone):
                kept.append(entry.table)
        return [*kept, *tables]

    def _identity(self, thing: T) -> str:
        return self.claims(thing)[0][1]

    def _label(self, number: int, table: object) -> str:
        name = table.get("name") if isinstance(table, dict) else None
        return f"{self.noun} {number}" + (f" ({shown(name)})" if isinstance(name, str) else "")


def written_anew(thing: Any, former: Any, table: dict[str, Any]) -> dict[str, Any]:
    """The table with what is other in `thing` than in `former`, if there is one; what is empty is left out."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if former and value == getattr(former, field.name):
            continue
        if value:
            table[field.name] = list(value) if isinstance(value, tuple) else value
        else:
            table.pop(field.name, None)
    return table


def _holding(entries: Iterable[Entry[T]]) -> tuple[T, ...]:
    return tuple(entry.thing for entry in entries if entry.thing and entry.holds)
