"""Changes to the rules that a user has: rules in, rules out."""

from __future__ import annotations

from dataclasses import replace

from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import Rule, Rules, checked, rule_name

_NAMED = 4
"""Rules that are named where several could be meant."""


def added(rules: Rules, rule: Rule) -> Rules:
    """The rules and this one, last, or in place of the one of its name. Raises as `domain.rules.checked` does."""
    new = checked(rule)
    if any(_same(other, new) for other in rules):
        return tuple(new if _same(other, new) else other for other in rules)
    return (*rules, new)


def removed(rules: Rules, name: str) -> Rules:
    """Without the rule that is named. Raises PapersError as `named` does."""
    gone = named(rules, name)
    return tuple(rule for rule in rules if rule is not gone)


def renamed(rules: Rules, name: str, new: str) -> Rules:
    """With another name for one of them. Raises PapersError where that is empty, or another rule's."""
    old = named(rules, name)
    called = checked(replace(old, name=new))
    if any(rule is not old and _same(rule, called) for rule in rules):
        raise PapersError(called.name, "another rule has this name", "choose a different one")
    return tuple(called if rule is old else rule for rule in rules)


def moved(rules: Rules, name: str, step: int) -> Rules:
    """With one of them further down by so many places, or up. Raises PapersError as `named` does."""
    rule = named(rules, name)
    rest = [other for other in rules if other is not rule]
    rest.insert(max(0, min(len(rest), rules.index(rule) + step)), rule)
    return tuple(rest)


def named(rules: Rules, text: str) -> Rule:
    """The rule that a person means: by its name or the beginning of it, where case doesn't count.

    Raises PapersError, with the nearest name, where there is none, or more than one.
    """
    wanted = rule_name(text).casefold()
    exact = [rule for rule in rules if rule.name.casefold() == wanted]
    found = exact or [rule for rule in rules if wanted and rule.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    title = rule_name(text) or "rule"
    if found:
        more = ", …" if len(found) > _NAMED else ""
        several = ", ".join(f"“{rule.name}”" for rule in found[:_NAMED])
        raise PapersError(title, f"several rules begin so: {several}{more}", "give more of the name")
    raise PapersError(title, "no rule has this name", _way_out(rules, wanted))


def _same(one: Rule, other: Rule) -> bool:
    return one.name.casefold() == other.name.casefold()


def _way_out(rules: Rules, wanted: str) -> str:
    from difflib import get_close_matches

    if not rules:
        return "`papers-tui rule add` makes one"
    names = {rule.name.casefold(): rule.name for rule in rules}
    near = get_close_matches(wanted, names, n=1)
    perhaps = f"perhaps “{names[near[0]]}” is meant; " if near else ""
    return f"{perhaps}`papers-tui rule list` shows them all"
