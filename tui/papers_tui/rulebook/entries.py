"""[[rules]] tables as rules and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.rules import DEEDS, Rule, Rules, checked
from papers_tui.late import dataclass
from papers_tui.problems import UnfitError, line, nearest, shown, unfit

_FIELDS = tuple(field.name for field in fields(Rule))
_LONGEST_FAULT = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the array `rules`: what stands there, and the rule it is, if any.

    One that repeats an earlier name does not hold.
    """

    table: object
    rule: Rule | None
    holds: bool


def holding(entries: Sequence[Entry]) -> Rules:
    """The rules among them that hold."""
    return tuple(entry.rule for entry in entries if entry.rule and entry.holds)


def read(tables: object) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """What the array lists, in its order, and what is wrong with it. Raises UnfitError where it is no array."""
    if not isinstance(tables, list):
        raise UnfitError("[[rules]] tables, in double brackets")
    entries: list[Entry] = []
    problems: list[str] = []
    names: dict[str, int] = {}
    for number, table in enumerate(tables, 1):
        label = _label(number, table)
        try:
            rule, faults = _rule(table)
        except UnfitError as reason:
            problems.append(f"{label}: {reason}; it is left out")
            entries.append(Entry(table, None, holds=False))
            continue
        problems += [f"{label}: {fault}" for fault in faults]
        first = names.setdefault(rule.name.casefold(), number)
        if first != number:
            problems.append(f"{label}: rule {first} has the same name, and the first holds")
        entries.append(Entry(table, rule, holds=first == number))
    return tuple(entries), tuple(problems)


def updated(entries: Sequence[Entry], after: Rules) -> list[object]:
    """The items of the array with the rules `after`, in their order, in place of those that hold.

    Of a rule that stays as it was it is the very table. What could not be read stays where it is; only what repeats
    the name of a rule that is gone goes with it.
    """
    held = {entry.rule.name.casefold(): entry for entry in entries if entry.rule and entry.holds}
    wanted = {rule.name.casefold() for rule in after}
    # A rule may have another name now, which what it says then tells.
    unnamed = {
        (entry.rule.when, entry.rule.do): entry
        for name, entry in held.items()
        if entry.rule and name not in wanted
    }
    stay = [
        (rule, held.get(rule.name.casefold()) or unnamed.pop((rule.when, rule.do), None)) for rule in after
    ]
    staying = {id(entry) for _, entry in stay if entry}
    tables = (_changed(rule, entry) for rule, entry in stay)
    kept: list[object] = []
    for entry in entries:
        if not entry.rule:
            kept.append(entry.table)
        elif id(entry) in staying:
            kept.append(next(tables))
        elif not entry.holds and entry.rule.name.casefold() in wanted:
            kept.append(entry.table)
    return [*kept, *tables]


def _changed(rule: Rule, entry: Entry | None) -> object:
    if entry is None:
        return _table(rule, {})
    return entry.table if rule == entry.rule else _table(rule, entry.table)


def _rule(table: object) -> tuple[Rule, list[str]]:
    """The rule that a table says, and what is wrong with what it could do without. Raises UnfitError."""
    if not isinstance(table, dict):
        raise UnfitError(f"found {shown(table)}, expected a table")
    name, when, do = (table.get(field) for field in _FIELDS)
    if not isinstance(when, str):
        raise UnfitError(unfit("when", when, "a query") if "when" in table else "it has no when, a query")
    # What is written by hand may go without a name; its query tells which it is.
    if name is not None and not isinstance(name, str):
        raise UnfitError(unfit("name", name, "a text"))
    deeds = [do] if isinstance(do, str) else do
    if not isinstance(deeds, list) or not all(isinstance(deed, str) for deed in deeds):
        expected = f"a list of what to do, of {', '.join(DEEDS)}"
        raise UnfitError(unfit("do", do, expected) if "do" in table else f"it has no do, {expected}")
    try:
        rule = checked(Rule(name or when, when, tuple(deeds)))
    except QueryError as error:
        raise UnfitError(line(f"its {error}", _LONGEST_FAULT)) from None
    except PapersError as error:
        raise UnfitError(line(str(error), _LONGEST_FAULT)) from None
    faults = [
        f"{shown(field)} is not known here, {nearest(field[:40], _FIELDS)}"
        for field in table
        if field not in _FIELDS
    ]
    return rule, faults


def _table(rule: Rule, former: object) -> dict[str, object]:
    rest = former if isinstance(former, dict) else {}
    return rest | {"name": rule.name, "when": rule.when, "do": list(rule.do)}


def _label(number: int, table: object) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return f"rule {number}" + (f" ({shown(name)})" if isinstance(name, str) else "")
