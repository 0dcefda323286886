"""The groups of a list: runs of papers that are alike in what the list is sorted by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from papers_tui.late import dataclass, replace
from papers_tui.ui.panes.paper_list.words import day_of

Value = str | int | None
"""What a paper has of what the list is sorted by: a day, a moment, a number, a letter."""

Head = tuple[int, Value]
"""A place in the list, and the value of the papers from there on."""

_BANDS = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 1)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of the first `known` papers of a list: at which places they begin, and their titles.

    Of the papers behind those nobody knows yet where groups begin.
    """

    starts: tuple[int, ...] = ()
    titles: tuple[str, ...] = ()
    known: int = 0

    def extended(self, heads: Iterable[Head], many: int, by: str, today: date) -> Groups:
        """With those of the `many` papers that come next: `heads` are theirs, in places of the whole list.

        What is alike in words is one group.
        """
        starts, titles = list(self.starts), list(self.titles)
        for place, value in heads:
            title = title_of(by, value, today)
            if not titles or titles[-1] != title:
                starts.append(place if titles else 0)
                titles.append(title)
        return Groups(tuple(starts), tuple(titles), self.known + many)

    def end(self, group: int) -> int:
        """The place behind the last paper of a group, as far as that is known."""
        return self.starts[group + 1] if group + 1 < len(self.starts) else self.known

    def without(self, places: Iterable[int]) -> Groups:
        """The groups that are left when the papers at these places (ascending) are taken out of the list."""
        gone = sorted(places)
        starts: list[int] = []
        titles: list[str] = []
        before = 0
        for group, start in enumerate(self.starts):
            first = before
            while before < len(gone) and gone[before] < self.end(group):
                before += 1
            if before - first < self.end(group) - start:
                starts.append(start - first)
                titles.append(self.titles[group])
        return replace(self, starts=tuple(starts), titles=tuple(titles), known=self.known - len(gone))


NONE = Groups()


def title_of(by: str, value: Value, today: date) -> str:
    """The title of the group of papers with this value; `by` is what the list is sorted by, one of `query.ORDERS`."""
    match by:
        case "title":
            return _initial(str(value or ""))
        case "upvotes" | "comments" | "stars":
            return _band(int(value or 0), by)
        case "added":
            return _day_title(_local_day(str(value or "")), today, "at an unknown time")
        case _:
            return _day_title(
                day_of(str(value or "")), today, "in no edition" if by == "edition" else "undated"
            )


def header(title: str, papers: int | None, unread: int | None) -> str:
    """The line above a group; a number that nobody knows yet is left out."""
    numbers = [f"{papers:,}"] if papers is not None else []
    if unread:
        numbers.append(f"{unread:,} unread")
    return " · ".join([f"── {title}", *numbers])


def _initial(title: str) -> str:
    letter = title[:1].upper()
    if letter.isascii() and letter.isalpha():
        return letter
    if letter.isascii() and letter.isdigit():
        return "0–9"
    return "signs" if letter.isascii() else "other letters"


def _band(number: int, noun: str) -> str:
    for place, least in enumerate(_BANDS):
        if number >= least:
            if not place:
                return f"{least:,}+ {noun}"
            return f"{least:,}–{_BANDS[place - 1] - 1:,} {noun}"
    return f"no {noun}"


def _day_title(day: date | None, today: date, unknown: str) -> str:
    if day is None:
        return unknown
    named = f"{day:%a} {day.day} {day:%b %Y}"
    if day == today:
        return f"Today, {named}"
    return f"Yesterday, {named}" if day == today - timedelta(days=1) else named


def _local_day(moment: str) -> date | None:
    """The day of a UTC moment where the user is, or None."""
    try:
        return datetime.fromisoformat(moment).astimezone().date()
    except (ValueError, OverflowError):
        return None
