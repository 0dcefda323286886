"""What the status line says, in as many lines as it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from papers_tui.late import dataclass
from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import ELLIPSIS, fit, wrap
from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.views import Entry, View

FootPart = tuple[str, str, str]
"""Text, the name of its style, and the id of the command that a click on it does, or nothing."""

_MOST_LINES = 4
_LEAST_WORDS = 16
"""Cells that words which may be cut want beside the place; where there are fewer they take its room."""


@dataclass(frozen=True, slots=True)
class Foot:
    """The parts of the status line, as `StatusLine.show` is given them."""

    place: str = ""
    said: str = ""
    whole: bool = True
    chips: tuple[FootPart, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    warning: str = ""

    def lines(self, width: int) -> list[list[FootPart]]:
        """The lines, `width` cells each."""
        words, style = (self.warning, "warning") if self.warning else (self.said, "said")
        beside = width - cell_len(self.place) - 4
        if cell_len(words) > beside and not self.whole and not self.warning:
            words = fit(words, beside if beside >= _LEAST_WORDS else width - 2).rstrip()
        if not words or cell_len(words) <= beside:
            return [self._one_line(words, style, width)]
        lines = wrap(words, max(1, width - 2))
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1][: width - 3]}{ELLIPSIS}"]
        return [[(fit(f" {line}", width), style, "")] for line in lines]

    def _one_line(self, words: str, said: str, width: int) -> list[FootPart]:
        """The place, the words and as many of the chips and keys as there is room for."""
        place = f" {self.place} "
        if cell_len(place) > width:
            place = f" {self.place.partition(' · ')[0]} "
        room = width - cell_len(place) - (cell_len(words) + 2 if words else 0)
        hints = [*self.chips, *((text, "hint", command) for text, command in self.keys)]
        while hints and sum(cell_len(text) + 2 for text, _, _ in hints) > room:
            text, style, command = hints.pop()
            brief = text.partition(" · ")[0]
            if brief != text and sum(cell_len(part[0]) + 2 for part in hints) + cell_len(brief) + 2 <= room:
                hints.append((brief, style, command))
                break
        hint = [(f" {text} ", style, command) for text, style, command in hints]
        middle = max(0, width - cell_len(place) - sum(cell_len(text) for text, _, _ in hint))
        return [(place, "place", "left"), (fit(f" {words}", middle), said, ""), *hint]


def failing_chip(many: int, key: str) -> FootPart | None:
    """What is said of so many failing sources, and the key that tells more; None where there is none."""
    return (f"! {many} failing · {key}", "trouble", "failures") if many else None


def place_words(
    view: View, entries: Sequence[Entry], listing: Listing, cursor: int, totals: Mapping[str, str]
) -> str:
    """Where in which view the cursor is; `totals` says of views, by key, how many papers they have."""
    unread = next((entry.unread for entry in entries if entry.view and entry.view.key == view.key), 0)
    at = cursor + 1 if listing.ids else 0
    many = listing.size if listing.whole else totals.get(view.key, listing.size)
    place = f"{view.title} {at:,}/{many}"
    return f"{place} · {unread:,} unread" if unread else place
