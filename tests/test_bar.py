"""A scrollbar as cells is what Textual would draw."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.segment import Segment
from textual.scrollbar import ScrollBarRender

from papers_tui.ui.panes.bar import HEAD, NONE, TAIL, THUMB, bar_parts

BACK, BAR = Color.parse("#101010"), Color.parse("#f0f0f0")


@given(size=st.integers(1, 80), lines=st.integers(1, 3_000_000), share=st.floats(0, 1))
def test_the_cells_are_those_of_textual(size: int, lines: int, share: float) -> None:
    page = size
    lines = max(lines, page)
    top = int((lines - page) * share)
    drawn = ScrollBarRender.render_bar(size, lines, page, top, back_color=BACK, bar_color=BAR).segments
    assert [_seen(cell) for cell in drawn] == [_named(*part) for part in bar_parts(size, lines, page, top)]


def test_what_is_seen_whole_has_no_thumb() -> None:
    assert {name for _, name in bar_parts(24, 24, 24, 0)} == {NONE}
    assert bar_parts(0, 24, 24, 0) == []


def _seen(cell: Segment) -> tuple[str, bool, bool]:
    """The sign, whether the thumb's colour is in it, and whether it is in reverse."""
    assert cell.style
    return cell.text, cell.style.color is not None, bool(cell.style.reverse)


def _named(text: str, name: str) -> tuple[str, bool, bool]:
    return text, name in (THUMB, HEAD, TAIL), name in (THUMB, TAIL)
