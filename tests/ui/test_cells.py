"""The cells that text takes: the same as Rich says, with which Textual draws it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich import cells as theirs
from rich._unicode_data._versions import VERSIONS

from papers_tui.ui import cells

NARROW = sorted(filter(cells.is_narrow, map(chr, range(0x110000))))
TEXTS = st.text(
    st.sampled_from([*"aé●★…", "注", "\u0301", "\ufe0f", "\u200d", "👩", "💻", "❤", "\t", "\x1b"])
    | st.characters()
)


def test_narrow_signs_take_one_cell_by_every_version_of_unicode() -> None:
    assert {*"aZ~éß—…“”→≤│█●▲◷★✎"} <= set(NARROW)
    wide = [(sign, version) for sign in NARROW for version in VERSIONS if theirs.cell_len(sign, version) != 1]
    assert wide == []
    assert not any(map(cells.is_narrow, ["注", "e\u0301", "★\ufe0f", "\n", "\x7f", "\u200b"]))


@given(TEXTS)
def test_text_takes_as_many_cells_as_rich_says(text: str) -> None:
    assert cells.cell_len(text) == theirs.cell_len(text)
    assert cells.split_signs(text) == theirs.split_graphemes(text)[0]


@given(TEXTS, st.integers(-1, 12))
def test_text_is_cut_and_filled_as_by_rich(text: str, size: int) -> None:
    assert cells.set_cell_size(text, size) == theirs.set_cell_size(text, size)
