"""Names that fit what was typed of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.fitting import fitting
from papers_tui.domain.text import fold_name

_TAGS = ("swarm", "to read", "World models", "models", "Émile", "mixture-of-experts", "c++")


@pytest.mark.parametrize(
    ("typed", "closely", "loosely"),
    [
        ("", list(_TAGS), []),
        ("mo", ["models", "World models"], ["mixture-of-experts"]),
        ("Models", ["models", "World models"], []),
        ("wm", [], ["swarm", "World models"]),
        ("w m", [], ["swarm", "World models"]),
        ("e", ["Émile", "mixture-of-experts"], ["to read", "World models", "models"]),
        ("emi", ["Émile"], []),
        ("world  mod", ["World models"], []),
        ("of-ex", ["mixture-of-experts"], []),
        ("moe", [], ["World models", "models", "mixture-of-experts"]),
        ("c+", ["c++"], []),
        ("xyz", [], []),
        ("sledom", [], []),
    ],
)
def test_the_beginning_comes_first_then_a_word_s_then_letters_in_order(
    typed: str, closely: list[str], loosely: list[str]
) -> None:
    assert fitting(_TAGS, typed) == closely
    assert fitting(_TAGS, typed, loosely=True) == closely + loosely


@given(st.lists(st.text(max_size=8), unique=True), st.text(max_size=4))
def test_whatever_is_typed_a_name_is_offered_once_and_never_lost(names: list[str], typed: str) -> None:
    close, loose = fitting(names, typed), fitting(names, typed, loosely=True)
    assert loose[: len(close)] == close
    assert len(set(loose)) == len(loose)
    assert set(loose) <= set(names)
    assert all(name in close for name in names if fold_name(name).startswith(fold_name(typed)))


@given(st.text("abcxyz -1é", max_size=12), st.data())
def test_any_of_its_letters_in_order_find_a_name(name: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    typed = "".join(letter for letter, keep in zip(name, kept, strict=True) if keep)
    assert fitting([name], typed, loosely=True) == [name]
