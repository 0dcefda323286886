"""Rolls: the keys of very many papers, taken down and read a few at a time."""

from __future__ import annotations

import json
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain import roll
from papers_tui.domain.roll import FEW, Keys, Roll, Rolling

# What stands between two papers, and what could be taken for it.
_text = st.sampled_from(["],[", 'a"],[', "]", '"],["', "\\"]) | st.text(alphabet='"],[\\aé😀', max_size=8)
_papers = st.lists(st.lists(_text, max_size=3).map(tuple), max_size=30)


def _taken_down(papers: list[Keys]) -> Any:
    rolling = Rolling()
    for keys in papers:
        rolling.add(keys)
    return rolling.papers()


@settings(max_examples=300)
@given(_papers, st.integers(1, 7), st.integers(1, 40))
def test_what_was_taken_down_is_read_again_however_it_is_cut(
    papers: list[Keys], together: int, at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(roll, "FEW", 0)
        patch.setattr(roll, "_PIECE", together)
        patch.setattr(roll, "_BYTES", at_once)
        found = _taken_down(papers)
        assert list(found) == papers
        if not papers:
            return
        assert json.loads(zlib.decompress(found.deflated)) == [list(keys) for keys in papers]
        again = Roll.of(found.deflated)
        assert again
        assert again == found
        assert (len(again), list(again), hash(again)) == (len(papers), papers, hash(found))


def test_few_papers_are_a_tuple_and_many_a_roll() -> None:
    papers: list[Keys] = [(f"arxiv:{number}", f"text:{number}") for number in range(FEW + 1)]
    assert _taken_down(papers[:FEW]) == tuple(papers[:FEW])
    found = _taken_down(papers)
    assert isinstance(found, Roll)
    assert (found[0], found[-1], found[3:5]) == (papers[0], papers[-1], tuple(papers[3:5]))
    with pytest.raises(IndexError):
        found[FEW + 1]


@pytest.mark.parametrize(
    "found", [{}, 7, None, [1], ["ab"], [[1]], [["a"], {"b": 1}], [[["a"], ["b"]], ["c"]], [["\ud83d"]]]
)
def test_what_is_no_list_of_lists_of_text_is_no_roll(found: object) -> None:
    assert Roll.of(zlib.compress(json.dumps(found).encode())) is None
    assert Roll.of(zlib.compress(b"[[")) is None


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_what_was_cut_short_is_told(cut: int) -> None:
    whole = _taken_down([(f"arxiv:{number}",) for number in range(FEW + 1)]).deflated
    with pytest.raises(zlib.error):
        Roll.of(whole[:cut])
