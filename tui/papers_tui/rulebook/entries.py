"""[[rules]] tables as rules and back; what is not understood stays as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.rules import DEEDS, Rule, checked
from papers_tui.problems import UnfitError, line, unfit
from papers_tui.toml_tables import Tables

_HEADER = """\
# The rules that papers-tui keeps; those of your own hand belong in config.toml. It rewrites this file when rules
# change, without comments, and keeps the former version beside it as rules.toml.bak.
"""
_LONGEST_FAULT = 200


def _rule(table: Mapping[str, object]) -> tuple[Rule, tuple[str, ...]]:
    name, when, do = (table.get(field) for field in ("name", "when", "do"))
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
        return checked(Rule(name or when, when, tuple(deeds))), ()
    except QueryError as error:
        raise UnfitError(line(f"its {error}", _LONGEST_FAULT)) from None
    except PapersError as error:
        raise UnfitError(line(str(error), _LONGEST_FAULT)) from None


def _table(rule: Rule, former: Rule | None, table: dict[str, Any]) -> dict[str, Any]:
    # All of it, since a name that is not written is that of the query.
    return table if rule == former else table | {"name": rule.name, "when": rule.when, "do": list(rule.do)}


RULES = Tables(
    kind=Rule,
    array="rules",
    noun="rule",
    header=_HEADER,
    parsed=_rule,
    written=_table,
    claims=lambda rule: [("has the same name", rule.name.casefold(), None)],
    likeness=lambda rule: (rule.when, rule.do),
)
