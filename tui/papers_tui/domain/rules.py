"""A rule: what is to be done to every paper that a query finds, for as long as the rule stands.

What rules do is derived from the papers, never from what the user did, and gives way to it: so a rule asks for
nothing that the user, or another rule, sets, and marks and rules add up to the same in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.marks import Change, Stamp, State, Value, describe, fold, tag_name
from papers_tui.domain.query import (
    AllOf,
    AnyOf,
    Between,
    Dated,
    Has,
    Is,
    Label,
    Leaf,
    Not,
    Query,
    Term,
    Within,
    Words,
    leaves,
)
from papers_tui.domain.query.dates import is_relative
from papers_tui.domain.query.values import MOST_TERMS
from papers_tui.domain.text import clean_line
from papers_tui.domain.topics import folded
from papers_tui.late import dataclass, replace

DEEDS = ("dismiss", "later", "read", "tag:NAME")
"""What a rule can do."""

_TAG = "tag:"
_LONGEST = 60
_LONGEST_TAG = 100
_BELOW: Stamp = (-(1 << 63), 0, "", 0)
"""Earlier than anything that a user ever did."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` it goes by, `when` (in the search language) it holds of a paper, and what to `do` to those (DEEDS)."""

    name: str
    when: str
    do: tuple[str, ...]


Rules = tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """A register of a paper that a rule sets: the rule's place among all of them, from 1, and its name."""

    register: str
    number: int
    name: str


def checked(rule: Rule) -> Rule:
    """The rule as it is kept. Raises PapersError where its name or deeds are none, QueryError as `query_of` does."""
    name = rule_name(rule.name)
    if not name:
        raise PapersError("rule", "a name of nothing that can be shown is none", "give it letters or digits")
    deeds = tuple(dict.fromkeys(_deed(deed) for deed in rule.do))
    if not deeds:
        raise PapersError(name, "it does nothing", f"it can {_choice()}")
    query_of(rule)
    return replace(rule, name=name, do=deeds)


def rule_name(text: str) -> str:
    """A name as it is kept: one line of at most 60 characters."""
    return clean_line(text)[:_LONGEST].strip()


def query_of(rule: Rule) -> Query:
    """What a rule asks for; words are looked for in title, authors and abstract alone.

    Raises QueryError where it can't be read, asks for every paper, for something that users set or other
    papers decide, or is too long.
    """
    from papers_tui.domain.query import parse

    query = parse(rule.when)
    if not query.terms:
        raise QueryError("it would hold of every paper", 1, "expected what to look for")
    for leaf in leaves(query.terms):
        if reason := _refused(leaf):
            raise QueryError(reason, 1, "expected what the papers themselves say: words, author:, source:, …")
    terms = tuple(_of_paper(term) for term in query.terms)
    if sum(1 for _ in leaves(terms)) > MOST_TERMS:
        reason = f"with each word looked for in three places, it has more than {MOST_TERMS} terms"
        raise QueryError(reason, 1, "make two rules of it")
    return Query(terms)


def moves(rule: Rule) -> bool:
    """Whether the rule holds of other papers on another day."""
    return any(
        isinstance(leaf, Dated | Between) and is_relative(leaf) for leaf in leaves(query_of(rule).terms)
    )


def in_force(ruled: Iterable[Ruled], marked: Iterable[str]) -> tuple[Ruled, ...]:
    """What rules set, without the registers that the user `marked`, to whatever value. Tags differ by no case."""
    taken = {folded(register) for register in marked}
    return tuple(one for one in ruled if folded(one.register) not in taken)


def state_under(ruled: Iterable[Ruled], marks: Iterable[tuple[str, Value, Stamp]]) -> State:
    """The state that marks, as for `marks.fold`, and rules add up to."""
    known = list(marks)
    force = in_force(ruled, (register for register, _, _ in known))
    return fold([*((one.register, True, _BELOW) for one in force), *known])


def reasons(ruled: Iterable[Ruled]) -> tuple[str, ...]:
    """Which rule did what, a line each: `dismissed by rule 2: no surveys`."""
    rules: dict[tuple[int, str], list[tuple[str, Value]]] = {}
    for one in ruled:
        rules.setdefault((one.number, one.name), []).append((one.register, True))
    told = []
    for (number, name), sets in sorted(rules.items()):
        marks_read = ["marked read"] if ("read", True) in sets else []
        rest = tuple(pair for pair in sets if pair[0] != "read")
        words = [*([describe("", (Change((), rest, ()),))] if rest else []), *marks_read]
        told.append(f"{' and '.join(words)} by rule {number}: {name}")
    return tuple(told)


def _deed(text: str) -> str:
    """Raises PapersError where the text is nothing that a rule can do."""
    word = clean_line(text)
    if word.startswith(_TAG) and (tag := tag_name(word.removeprefix(_TAG))) and len(tag) <= _LONGEST_TAG:
        return f"{_TAG}{tag}"
    if word in DEEDS and not word.startswith(_TAG):
        return word
    raise PapersError(word[:_LONGEST] or "do", "that is nothing a rule can do", f"it can {_choice()}")


def _choice() -> str:
    return f"{', '.join(DEEDS[:-1])} or {DEEDS[-1]}"


def _refused(leaf: Leaf) -> str:
    """Why a rule may not ask for it; empty where it may."""
    match leaf:
        case Is(state):
            return f"is:{state} is for you to set, and a rule that asked for it would feed on itself"
        case Has("tag" | "note" as what):
            return f"has:{what} is for you to set, and a rule that asked for it would feed on itself"
        case Label("tag"):
            return "tags are for you to set, and a rule that asked for one would feed on itself"
        case Within("note"):
            return "notes are for you to write, and a rule goes by the papers alone"
        case Label("edition", "latest"):
            return "edition:latest is another one with every edition that comes, and a rule goes by the paper alone"
    return ""


def _of_paper(term: Term) -> Term:
    """The term with words looked for where nobody but the paper's authors wrote."""
    match term:
        case Words(text, _, prefix):
            return AnyOf(tuple(Within(place, text, prefix) for place in ("title", "author", "abstract")))
        case Not(inner):
            return Not(_of_paper(inner))
        case AllOf(terms):
            return AllOf(tuple(_of_paper(inner) for inner in terms))
        case AnyOf(terms):
            return AnyOf(tuple(_of_paper(inner) for inner in terms))
    return term
