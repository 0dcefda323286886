"""Which line of the list a paper stands on, told by a list of all lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from papers_tui.ui.panes.paper_list.places import HEADER, Lines


@st.composite
def some_lines(draw: st.DrawFn, least: int = 1) -> Lines:
    many = draw(st.integers(least, 40))
    starts = sorted(draw(st.sets(st.integers(0, many - 1)))) if many else []
    return Lines(
        many, draw(st.integers(1, 2)), starts, draw(st.integers(0, max(0, many - 1))), draw(st.integers(0, 7))
    )


def written_out(lines: Lines) -> list[tuple[int, int]]:
    """Every line: the paper and which of its lines it is, or the paper below a header."""
    found = []
    for place in range(lines.many):
        if place in lines.starts:
            found.append((place, HEADER))
        height = lines.height + (lines.extra if place == lines.cursor else 0)
        found += [(place, part) for part in range(height)]
    return found


@given(some_lines(least=0))
def test_every_line_belongs_to_what_is_drawn_there(lines: Lines) -> None:
    every = written_out(lines)
    assert lines.count == len(every)
    assert [lines.at(line) for line in range(lines.count)] == every
    assert [lines.of(place) for place in range(lines.many)] == [
        every.index((place, 0)) for place in range(lines.many)
    ]


@given(some_lines())
def test_a_paper_is_in_the_group_whose_header_is_the_last_above_it(lines: Lines) -> None:
    for place in range(lines.many):
        group = lines.group(place)
        above = [start for start in lines.starts if start <= place]
        assert (lines.starts[group] if group >= 0 else None) == (above[-1] if above else None)


@given(some_lines(), st.data())
def test_paging_goes_on_and_passes_nothing_over(lines: Lines, data: st.DataObject) -> None:
    page = data.draw(st.integers(1, 30))
    place = data.draw(st.integers(0, lines.many - 1))
    even = Lines(lines.many, lines.height, lines.starts)
    down, up = lines.further(place, page), lines.further(place, -page)
    assert down > place or place == lines.many - 1
    assert up < place or place == 0
    assert down == min(lines.many - 1, place + 1) or even.of(down) - even.of(place) <= page
    assert up == max(0, place - 1) or even.of(place) - even.of(up) <= page
    if down < lines.many - 1:
        assert even.of(down + 1) - even.of(place) > page, "it could have gone further"
    if up > 0:
        assert even.of(place) - even.of(up - 1) > page, "it could have gone further"


@given(st.integers(1, 200), st.integers(1, 2), st.integers(1, 60), st.integers(0, 7), st.data())
def test_without_groups_a_page_is_as_many_papers_as_fit(
    many: int, height: int, page: int, extra: int, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, many - 1))
    lines = Lines(many, height, (), data.draw(st.integers(0, many - 1)), extra)
    assert lines.further(place, page) == min(many - 1, place + max(1, page // height))
    assert lines.further(place, -page) == max(0, place - max(1, page // height))
