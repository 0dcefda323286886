"""Changes to lists of named things, taken back whatever others did to the list since."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.reversal import taken_back


@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    value: int = 0


Things = tuple[Thing, ...]
A, B, C, D = (Thing(name) for name in "abcd")
B2, A2 = Thing("b", 2), Thing("A", 2)

_THINGS = st.lists(
    st.builds(Thing, st.sampled_from("abcdef"), st.integers(0, 2)), unique_by=lambda one: one.name
).map(tuple)


@pytest.mark.parametrize(
    ("was", "now", "present", "back"),
    [
        pytest.param((A, B, C), (A, C), (A, C), (A, B, C), id="removed"),
        pytest.param((A, B, C), (A, C), (A, C, D), (A, B, C, D), id="removed, and another came"),
        pytest.param((A, B, C), (A, C), (), (B,), id="removed, and the others, too"),
        pytest.param((A, B, C), (A, C), (A, B2, C), (A, B2, C), id="removed, and there is a new one"),
        pytest.param((A,), (A, B), (A, B, C), (A, C), id="added"),
        pytest.param((A,), (A, B), (A, B2), (A, B2), id="added, and changed since"),
        pytest.param((A, B), (A, B2), (C, B2), (C, B), id="changed"),
        pytest.param((A, B), (A, B2), (A,), (A,), id="changed, and gone since"),
        pytest.param((A, B), (B, A), (B, A), (A, B), id="moved"),
        pytest.param((A, B), (A, D), (C, A, D), (C, B, A), id="renamed"),
        pytest.param((A, B), (A2, B), (A2, B, C), (A, B, C), id="spelt otherwise"),
    ],
)
def test_what_others_did_since_stays(was: Things, now: Things, present: Things, back: Things) -> None:
    assert taken_back(present, was, now) == back


@given(_THINGS, _THINGS)
def test_where_nobody_did_anything_since_all_is_as_it_was(was: Things, now: Things) -> None:
    assert taken_back(now, was, now) == was


@given(_THINGS, _THINGS, _THINGS)
def test_no_name_comes_twice_and_nothing_of_others_is_lost(was: Things, now: Things, present: Things) -> None:
    back = taken_back(present, was, now)
    assert len({one.name for one in back}) == len(back)
    others = {one for one in present if one not in now}
    assert others <= set(back) or present == now
