"""Where queries and rules name a tag, so that they can follow when it gets another name."""

from __future__ import annotations

from dataclasses import replace

from papers_tui.domain.errors import QueryError
from papers_tui.domain.query import AllOf, AnyOf, Label, Not, Query, Term, format, leaves, parse
from papers_tui.domain.rules import Rule
from papers_tui.domain.topics import folded

_TAG = "tag:"


def asks_for(text: str, tag: str) -> bool:
    """Whether a query names the tag, in whatever spelling; one that can't be read names nothing."""
    try:
        return any(_is(leaf, tag) for leaf in leaves(parse(text).terms))
    except QueryError:
        return False


def gives(rule: Rule, tag: str) -> bool:
    """Whether a rule gives the tag to papers."""
    return any(deed.startswith(_TAG) and _same(deed.removeprefix(_TAG), tag) for deed in rule.do)


def asking_for(text: str, old: str, new: str) -> str:
    """The query with the `new` name of a tag in place of the `old` one; the very text where it doesn't name it.

    `tag:mo*`, the beginning of a name, stays what it is.
    """
    if not asks_for(text, old):
        return text
    query = parse(text)
    renamed = Query(tuple(_renamed(term, old, new) for term in query.terms), query.sort)
    return text if renamed == query else format(renamed)


def giving(rule: Rule, old: str, new: str) -> Rule:
    """The rule with the `new` name of a tag where it gave the `old` one."""
    deeds = (f"{_TAG}{new}" if _same(deed, f"{_TAG}{old}") else deed for deed in rule.do)
    return replace(rule, do=tuple(dict.fromkeys(deeds)))


def _renamed(term: Term, old: str, new: str) -> Term:
    match term:
        case Not(inner):
            return Not(_renamed(inner, old, new))
        case AllOf(terms):
            return AllOf(tuple(_renamed(inner, old, new) for inner in terms))
        case AnyOf(terms):
            return AnyOf(tuple(_renamed(inner, old, new) for inner in terms))
        case Label() if _is(term, old):
            return replace(term, name=new)
    return term


def _is(term: Term, tag: str) -> bool:
    return isinstance(term, Label) and term.kind == "tag" and not term.prefix and _same(term.name, tag)


def _same(one: str, other: str) -> bool:
    return folded(one) == folded(other)
