"""Things that go by a name, no two by the same: which of them a person means, and lists of them changed.

Case doesn't count in names, and `noun` is what one of the things is called in a sentence: "view".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from papers_tui.domain.errors import PapersError

if TYPE_CHECKING:
    from typing import Protocol

    class Named(Protocol):
        @property
        def name(self) -> str: ...


T = TypeVar("T", bound="Named")

_NAMED = 4
"""Things that are named where several can be meant."""


def named(things: Sequence[T], text: str, noun: str, *, within: bool = False) -> T:
    """The thing that a person means: by its name or the beginning of it, or, where asked for, of a word in it.

    Raises PapersError, with the nearest name, where there is none, or more than one.
    """
    wanted = text.casefold()
    names = [(thing.name.casefold(), thing) for thing in things] if wanted else []
    found = (
        [thing for name, thing in names if name == wanted]
        or [thing for name, thing in names if name.startswith(wanted)]
        or [thing for name, thing in names if within and f" {wanted}" in name]
    )
    if len(found) == 1:
        return found[0]
    if found:
        more = ", …" if len(found) > _NAMED else ""
        several = ", ".join(f"“{thing.name}”" for thing in found[:_NAMED])
        raise PapersError(text, f"several {noun}s can be meant: {several}{more}", "give more of the name")
    raise PapersError(text or noun, f"no {noun} has this name", _way_out(things, wanted, noun))


def added(things: Sequence[T], new: T) -> tuple[T, ...]:
    """The things and a new one, last, or in place of the one of its name."""
    namesake = next((thing for thing in things if _same(thing, new)), None)
    return (*things, new) if namesake is None else exchanged(things, namesake, new)


def renamed(things: Sequence[T], old: T, new: T, noun: str) -> tuple[T, ...]:
    """With `new`, which has another name, for `old`. Raises PapersError where that is empty, or another thing's."""
    if not new.name:
        message = "a name of nothing that can be shown is none"
        raise PapersError(old.name, message, "give it letters or digits")
    if any(thing is not old and _same(thing, new) for thing in things):
        raise PapersError(new.name, f"another {noun} has this name", "choose a different one")
    return exchanged(things, old, new)


def exchanged(things: Iterable[T], old: T, new: T) -> tuple[T, ...]:
    """With `new` in place of `old`."""
    return tuple(new if thing is old else thing for thing in things)


def moved(things: Sequence[T], thing: T, step: int) -> tuple[T, ...]:
    """With one of them further down by so many places, or up."""
    rest = list(without(things, thing))
    rest.insert(max(0, min(len(rest), things.index(thing) + step)), thing)
    return tuple(rest)


def without(things: Iterable[T], gone: T) -> tuple[T, ...]:
    """All of them but one."""
    return tuple(thing for thing in things if thing is not gone)


def _same(one: Named, other: Named) -> bool:
    return one.name.casefold() == other.name.casefold()


def _way_out(things: Iterable[Named], wanted: str, noun: str) -> str:
    from difflib import get_close_matches

    names: dict[str, str] = {}
    for thing in things:
        name = thing.name.casefold()
        names |= {name[: len(wanted)]: thing.name, name: thing.name}  # the beginning of a name will do
    if not names:
        return f"`papers-tui {noun} add` adds one"
    near = get_close_matches(wanted, names, n=1) if wanted else ()
    perhaps = f"perhaps “{names[near[0]]}” is meant; " if near else ""
    return f"{perhaps}`papers-tui {noun} list` shows them all"
