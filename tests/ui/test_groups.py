"""Groups of a list, as values: where they begin, what they are called, what is left of them."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.ui.panes.paper_list.groups import NONE, Groups, Head, Value, header, title_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("by", "value", "title"),
    [
        ("date", "2026-11-21", "Today, Sat 21 Nov 2026"),
        ("date", "2026-11-20", "Yesterday, Fri 20 Nov 2026"),
        ("date", "2025-11-20", "Thu 20 Nov 2025"),
        ("date", None, "undated"),
        ("date", "soon", "undated"),
        ("edition", "2026-11-21", "Today, Sat 21 Nov 2026"),
        ("edition", None, "in no edition"),
        ("added", "2025-11-20T12:00:00Z", "Thu 20 Nov 2025"),
        ("added", "", "at an unknown time"),
        ("upvotes", None, "no upvotes"),
        ("upvotes", 0, "no upvotes"),
        ("upvotes", 1, "1–4 upvotes"),
        ("comments", 4, "1–4 comments"),
        ("stars", 99, "50–99 stars"),
        ("stars", 100, "100–199 stars"),
        ("stars", 9_999, "5,000–9,999 stars"),
        ("stars", 123_456, "10,000+ stars"),
        ("title", "attention", "A"),
        ("title", "3D", "0–9"),
        ("title", "$", "signs"),
        ("title", "Éa", "other letters"),
        ("title", "", "signs"),
    ],
)
def test_what_a_group_is_called(by: str, value: Value, title: str) -> None:
    assert title_of(by, value, TODAY) == title


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_never_stands_in_a_lower_band(one: int, other: int) -> None:
    def least(number: int) -> int:
        first = title_of("stars", number, TODAY).replace(",", "").split("–")[0].split("+")[0]
        return 0 if first.startswith("no") else int(first)

    assert least(one) <= one
    assert (least(one) <= least(other)) or one > other


@pytest.mark.parametrize(
    ("papers", "unread", "line"),
    [
        (34, 12, "── X · 34 · 12 unread"),
        (1_234, 0, "── X · 1,234"),
        (3, None, "── X · 3"),
        (None, None, "── X"),
    ],
)
def test_what_stands_above_a_group(papers: int | None, unread: int | None, line: str) -> None:
    assert header("X", papers, unread) == line


upvotes = st.lists(st.integers(0, 300), max_size=60).map(lambda values: sorted(values, reverse=True))


def grouped(values: list[int], pieces: list[int]) -> Groups:
    """The groups of papers with these values, found out piece by piece."""
    groups = NONE
    ends = sorted({*(place for place in pieces if place < len(values)), len(values)})
    for start, end in zip([0, *ends], ends, strict=False):
        heads: list[Head] = [(start + place, value) for place, value in enumerate(values[start:end])]
        groups = groups.extended(heads, end - start, "upvotes", TODAY)
    return groups


def told(values: list[int]) -> list[tuple[str, int]]:
    """The titles of the groups and how many papers each has, by the slow and obvious way."""
    titles = groupby(title_of("upvotes", value, TODAY) for value in values)
    return [(title, len(list(members))) for title, members in titles]


def sizes(groups: Groups) -> list[tuple[str, int]]:
    return [(title, groups.end(n) - groups.starts[n]) for n, title in enumerate(groups.titles)]


@given(upvotes, st.lists(st.integers(1, 59)))
def test_groups_are_the_same_in_whatever_pieces_they_are_found(values: list[int], pieces: list[int]) -> None:
    groups = grouped(values, pieces)
    assert sizes(groups) == told(values)
    assert groups.known == len(values)


@given(upvotes, st.sets(st.integers(0, 59)))
def test_what_is_left_of_groups_when_papers_go(values: list[int], gone: set[int]) -> None:
    gone = {place for place in gone if place < len(values)}
    left = grouped(values, []).without(gone)
    assert sizes(left) == told([value for place, value in enumerate(values) if place not in gone])


def test_a_paper_that_is_gone_from_the_top_still_has_a_header() -> None:
    groups = NONE.extended([(1, 7)], 3, "upvotes", TODAY)
    assert groups.starts == (0,)
