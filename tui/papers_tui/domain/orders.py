"""Orders: an act, and the query that says which papers it is for, as one text.

    order = ( "tag" | "untag" ) name query | word query

The words are those of ORDERS; a name that holds spaces, quotes or parentheses, or that reads like a field of the
search language, stands in quotes, in which `\\"` is a quote and `\\\\` a backslash. The query is one of that language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from papers_tui.domain import marks
from papers_tui.domain.errors import QueryError
from papers_tui.domain.fitting import fitting
from papers_tui.domain.marks import Act
from papers_tui.domain.query import Query, parse
from papers_tui.domain.query.completion import Completion, complete
from papers_tui.domain.query.fields import FIELDS
from papers_tui.domain.query.reading import refuse_forbidden
from papers_tui.late import dataclass, pattern

ORDERS = ("read", "unread", "star", "unstar", "later", "unlater", "dismiss", "restore", "tag", "untag")
"""What an order can begin with."""

_EXAMPLES = {
    "read": "is:unread",
    "unread": "is:read",
    "unstar": "is:starred",
    "unlater": "is:later",
    "restore": "is:dismissed",
}
_EXAMPLE = "before:2w"

_WORD = pattern(r"\S+")
_NAME = pattern(r'"(?P<quoted>[^"\\]*(?:\\.[^"\\]*)*)(?P<close>"?)|(?P<bare>[^\s"()]*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Order:
    """An act, and the papers that it is for; the query has terms."""

    act: Act
    query: Query


def read_order(text: str, *, implies_read: bool, known: Iterable[str] = ()) -> Order:
    """The order that `text` spells. A tag that is `known` keeps its spelling there.

    With `implies_read`, what is decided on counts as read, as by keys. Raises QueryError with the column in
    `text`, what is wrong there and what would be understood.
    """
    refuse_forbidden(text)
    found = _WORD.search(text)
    word = found[0].lower() if found else ""
    if not found or word not in ORDERS:
        raise QueryError(*_unknown(found))
    act, at = _act_and_end(word, text, found.end(), implies_read, known)
    return Order(act, read_which(text, at, example=_EXAMPLES.get(word, _EXAMPLE)))


def read_which(text: str, at: int = 0, *, example: str = _EXAMPLE) -> Query:
    """The query that stands in `text` from `at` on, of papers that something is to be done to: it asks for some.

    Raises QueryError with the column in `text`; where nothing is asked for its hint is the `example`.
    """
    query = parse(" " * at + text[at:])  # blanks, so that a column is one of the whole text
    if not query.terms:
        column = len(text.rstrip()) + 1 if text[at:].strip() else len(text) + 1
        raise QueryError("nothing says which papers", column, f"add a query, such as {example}")
    return query


def complete_order(text: str, cursor: int, names: Mapping[str, Iterable[str]]) -> Completion | None:
    """What the word that ends at `cursor` could become: what to do, the name of a tag, or a part of the query.

    `names` as for `completion.complete`.
    """
    found = _WORD.search(text)
    if not found or cursor <= found.end():
        typed = text[found.start() : cursor].lower() if found else ""
        words = tuple(f"{word} " for word in ORDERS if word.startswith(typed))
        end = found.end() if found else len(text)
        after = end + 1 if text[end : end + 1] == " " else end
        start = min(found.start(), cursor) if found else cursor
        return Completion("", start, after, words) if words else None
    at = found.end()
    if found[0].lower() in ("tag", "untag"):
        start = len(text) - len(text[at:].lstrip())
        name = _NAME.match(text, start)
        assert name  # a bare name may be empty
        if cursor <= name.end() or name["close"] == "":
            typed = (name["bare"] if name["quoted"] is None else name["quoted"])[: max(0, cursor - start)]
            known = tuple(f"{quoted_tag(tag)} " for tag in fitting(tuple(names.get("tag", ())), typed))
            after = name.end() + (text[name.end() : name.end() + 1] == " ")
            return Completion("tag", min(start, cursor), after, known) if known else None
        at = name.end()
    return complete(" " * at + text[at:], cursor, names)


def quoted_tag(name: str) -> str:
    """A tag's name as it stands in an order."""
    field = name.partition(":")[0].lower()
    if _NAME.fullmatch(name) and '"' not in name and not (":" in name and field in FIELDS):
        return name
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _unknown(found: re.Match[str] | None) -> tuple[str, int, str]:
    every = f"begin with {', '.join(ORDERS[:-1])} or {ORDERS[-1]}"
    if not found:
        return "nothing says what to do", 1, every
    from difflib import get_close_matches

    word = found[0] if len(found[0]) <= 40 else f"{found[0][:39]}…"
    near = get_close_matches(word.lower(), ORDERS, n=1)
    return f"there is no act '{word}'", found.start() + 1, f"perhaps {near[0]}" if near else every


def _act_and_end(word: str, text: str, at: int, implies_read: bool, known: Iterable[str]) -> tuple[Act, int]:
    """What a word orders, and where in the text that ends."""
    on = word in ("read", "star", "later", "dismiss")
    match word:
        case "tag":
            name, at = _tag(text, at, known)
            return marks.tags([name], [], implies_read=implies_read), at
        case "untag":
            name, at = _tag(text, at, known)
            return marks.tags([], [name], implies_read=implies_read), at
        case "star" | "unstar":
            return marks.star(on, implies_read=implies_read), at
        case "later" | "unlater":
            return marks.later(on, implies_read=implies_read), at
        case "dismiss" | "restore":
            return marks.dismiss(on, implies_read=implies_read), at
    return marks.read(on), at


def _tag(text: str, at: int, known: Iterable[str]) -> tuple[str, int]:
    """The tag's name that follows, and where it ends."""
    start = len(text) - len(text[at:].lstrip())
    found = _NAME.match(text, start)
    assert found  # a bare name may be empty
    if found["close"] == "":
        raise QueryError("this quote is not closed", start + 1, 'end the name with a "')
    if text[found.end() : found.end() + 1].strip():
        hint = "put a space there, or the whole name in quotes"
        raise QueryError("a tag's name does not go on like that", found.end() + 1, hint)
    bare = found["bare"]
    if bare and bare.partition(":")[0].lower() in FIELDS and ":" in bare:
        hint = "write it before the query; a name that reads like one stands in quotes"
        raise QueryError("here a tag's name is missing", start + 1, hint)
    written = bare if bare is not None else re.sub(r'\\(["\\])', r"\1", found["quoted"])
    name = marks.tag_name(written)
    if not name:
        hint = "write a name with letters or digits, and then a query"
        raise QueryError("here a tag's name is missing", start + 1, hint)
    return next((one for one in known if one.casefold() == name.casefold()), name), found.end()
