"""A query as a value: what each of its terms says."""

from __future__ import annotations

from collections.abc import Iterable

from papers_tui.late import dataclass

STATES = ("unread", "read", "starred", "dismissed", "later", "new")
"""What `is:` can ask for."""

BELONGINGS = ("code", "pdf", "project", "model", "dataset", "note", "tag")
"""What `has:` can ask for."""

PLACES = ("title", "abstract", "author", "note")
"""The fields whose value is text to look for in one place."""

NAMED = ("tag", "source", "org", "cat", "topic")
"""The fields whose value is a name that papers carry."""

COUNTS = ("upvotes", "comments", "stars")
"""The fields whose value is a number."""

ORDERS = ("date", "edition", "upvotes", "comments", "stars", "relevance", "title", "added")
"""What `sort:` can ask for."""

TOO_MANY = 10**15
"""Above every number that a query may name."""

MOST_TERMS = 500
DEEPEST = 20
"""Parentheses in each other; both are far beyond what a person writes, and well within what SQLite reads."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text to look for in title, authors, abstract, the user's tags and the note; it holds a letter or a digit.

    A `phrase` is any such text; otherwise it is one word as it was typed: without white space, quotes and
    parentheses, without a `*` at its end, and not to be taken for a field, a `-` or an `OR`. Either way its
    words stand in a row, like the two of `GPT-4`. With `prefix` the last of them may go on.
    """

    text: str
    phrase: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """Text to look for in one of PLACES: its words in a row. It holds a letter or a digit."""

    place: str
    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """A state that a paper is in; `state` is one of STATES."""

    state: str


@dataclass(frozen=True, slots=True)
class Has:
    """Something that a paper has; `what` is one of BELONGINGS."""

    what: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label that a paper carries.

    `kind` is one of NAMED and `name` any text that is not blank, or `kind` is "edition" and `name` a day
    ("YYYY-MM-DD") or "latest", or `kind` is "announce" and `name` one of `paper.ANNOUNCEMENTS`.

    A tag is meant by its whole name. Of a source, an organisation, a category or a topic any words in a row
    will do (`org:google` is Google DeepMind too), unless the name is meant as a `whole`. With `prefix` the
    name may go on. Not both; and neither for an edition or an announcement.
    """

    kind: str
    name: str
    whole: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """A number within bounds, both of which belong to it; one of them may be open (None).

    `field` is one of COUNTS; bounds are natural numbers below TOO_MANY, the lower one first. A paper whose number
    is not known is not among them.
    """

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """The UTC day on which a paper was published, against a `period` (see `dates`).

    `relation`: "after" its last day, "before" its first, or "date" for within it.
    """

    relation: str
    period: str


@dataclass(frozen=True, slots=True)
class Between:
    """Published from the first day of one period to the last day of another; one of them may be open ("")."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Not:
    """Every paper that `term` leaves out."""

    term: Term


@dataclass(frozen=True, slots=True)
class AllOf:
    """The papers for which all of at least two `terms` hold."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The papers for which any of at least two `terms` holds."""

    terms: tuple[Term, ...]


Leaf = Words | Within | Is | Has | Label | Count | Dated | Between
Term = Leaf | Not | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Query:
    """The papers for which all `terms` hold; without terms, every paper.

    `sort` is one of ORDERS, or "" where the query leaves it open.
    """

    terms: tuple[Term, ...]
    sort: str = ""


def leaves(terms: Iterable[Term]) -> Iterable[Leaf]:
    """What stands in the terms without `Not`, `AllOf` and `AnyOf` round it, in order."""
    waiting = [*terms][::-1]
    while waiting:
        term = waiting.pop()
        match term:
            case Not(inner):
                waiting.append(inner)
            case AllOf(several) | AnyOf(several):
                waiting += several[::-1]
            case _:
                yield term
