"""Taking back a change to a list of named things, rules or views, which others may have changed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Generic, Protocol, TypeVar

from papers_tui.late import dataclass


class Named(Protocol):
    """Something that a list holds once under its name, where case doesn't count."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


@dataclass(slots=True)
class Turn(Generic[T]):
    """A change to such a list that may be taken back: what there `was` and what there is `now`, once it is made."""

    change: Callable[[tuple[T, ...]], tuple[T, ...]]
    was: tuple[T, ...] = field(default=(), init=False)
    now: tuple[T, ...] = field(default=(), init=False)

    @property
    def changed(self) -> bool:
        return self.was != self.now

    def make(self, present: tuple[T, ...]) -> tuple[T, ...]:
        self.was, self.now = present, self.change(present)
        return self.now

    def back(self, present: tuple[T, ...]) -> tuple[T, ...]:
        return taken_back(present, self.was, self.now)

    def again(self, present: tuple[T, ...]) -> tuple[T, ...]:
        return taken_back(present, self.now, self.was)


def taken_back(present: tuple[T, ...], was: tuple[T, ...], now: tuple[T, ...]) -> tuple[T, ...]:
    """What there is at `present` without the change that made `now` of `was`.

    What was changed again since stays as it is; what went comes back to its place, or as near as there is one.
    """
    if present == now:
        return was
    before, after = _by_name(was), _by_name(now)
    kept = []
    for one in present:
        name = one.name.casefold()
        if after.get(name) != one:
            kept.append(one)
        elif name in before:
            kept.append(before[name])
    there = _by_name(tuple(kept))
    for place, one in enumerate(was):
        name = one.name.casefold()
        if name not in after and name not in there:
            kept.insert(place, one)
    return tuple(kept)


def _by_name(several: tuple[T, ...]) -> dict[str, T]:
    return {one.name.casefold(): one for one in several}
