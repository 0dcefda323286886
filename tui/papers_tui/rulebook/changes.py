"""Changes to the rules that a user has: rules in, rules out."""

from __future__ import annotations

from dataclasses import replace

from papers_tui import naming
from papers_tui.domain.rules import Rule, Rules, checked, rule_name


def added(rules: Rules, rule: Rule) -> Rules:
    """The rules and this one, last, or in place of the one of its name. Raises as `domain.rules.checked` does."""
    return naming.added(rules, checked(rule))


def removed(rules: Rules, name: str) -> Rules:
    """Without the rule that is named. Raises PapersError as `named` does."""
    return naming.without(rules, named(rules, name))


def renamed(rules: Rules, name: str, new: str) -> Rules:
    """With another name for one of them. Raises PapersError where that is empty, or another rule's."""
    old = named(rules, name)
    return naming.renamed(rules, old, replace(old, name=rule_name(new)), "rule")


def moved(rules: Rules, name: str, step: int) -> Rules:
    """With one of them further down by so many places, or up. Raises PapersError as `named` does."""
    return naming.moved(rules, named(rules, name), step)


def named(rules: Rules, text: str) -> Rule:
    """The rule that a person means: by its name or the beginning of it. Raises PapersError as `naming.named` does."""
    return naming.named(rules, rule_name(text), "rule")
