"""What a line that is typed in remembers: former texts, and what Tab offered last."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from papers_tui.domain.query.completion import Completion

MOST_REMEMBERED = 50

Complete = Callable[[str, int], Completion | None]
"""What could stand at a place in a text."""


class Former:
    """Former texts, the latest last, and where one is among them; behind them stands what is being typed."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self._texts = tuple(texts)
        self._place = len(self._texts)
        self._typed = ""

    def step(self, step: int, typed: str) -> str:
        """The text so many places further on, where `typed` stands in the line now."""
        if self._place == len(self._texts):
            self._typed = typed
        self._place = max(0, min(len(self._texts), self._place + step))
        return (*self._texts, self._typed)[self._place]


class Completer:
    """Puts in what completes a text; asked again at once, the next candidate in its place."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete
        self._put: tuple[str, int] | None = None
        self._offered: tuple[str, Completion] = ("", Completion("", 0, 0, ("",)))
        self._number = 0

    def next(self, text: str, cursor: int) -> tuple[str, int] | None:
        """The text and the place of the cursor with the next candidate; None where nothing completes it."""
        if (text, cursor) == self._put:
            self._number += 1
        else:
            completion = self._complete(text, cursor)
            if completion is None:
                return None
            self._offered, self._number = (text, completion), 0
        typed, offered = self._offered
        head = typed[: offered.start] + offered.candidates[self._number % len(offered.candidates)]
        self._put = (head + typed[offered.end :], len(head))
        return self._put


def remembered(texts: Sequence[str], text: str) -> tuple[str, ...]:
    """The texts with this one as the latest, each of them once."""
    return (*(one for one in texts if one != text), text)[-MOST_REMEMBERED:]
