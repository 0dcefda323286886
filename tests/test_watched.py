"""Names of authors that are watched, as papers spell them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.watched import Watched, spellings_of


@pytest.mark.parametrize(
    ("watched", "name", "one"),
    [
        ("Geoffrey Hinton", "Geoffrey Hinton", True),
        ("Geoffrey Hinton", "GEOFFREY  HINTON", True),
        ("Geoffrey Hinton", "G. Hinton", True),
        ("G. E. Hinton", "Geoffrey Everest Hinton", True),
        ("Geoffrey Hinton", "Geoffrey E. Hinton", True),
        ("Geoffrey Hinton", "G.E. Hinton", True),
        ("Geoffrey Hinton", "Hinton, Geoffrey", True),
        ("Geoffrey Hinton", "Hinton", False),
        ("Geoffrey Hinton", "Gerald Hinton", False),
        ("Geoffrey Hinton", "E. Hinton", False),
        ("Geoffrey Hinton", "Geoffrey Hintons", False),
        ("Geoffrey E. Hinton", "Geoffrey F. Hinton", False),
        ("Jean-Baptiste Alayrac", "J.-B. Alayrac", True),
        ("Jean-Baptiste Alayrac", "Jean Baptiste Alayrac", True),
        ("Laurens van der Maaten", "L. van der Maaten", True),
        ("Jürgen Schmidhuber", "Juergen Schmidhuber", True),
        ("Jurgen Schmidhuber", "Jürgen Schmidhuber", True),
        ("José García", "Jose Garcia", True),
        ("Conan O'Brien", "C. O'Brien", True),
        ("Plato", "plato", True),
        ("Plato", "A. Plato", False),
        ("王伟", "王伟", True),
        ("王伟", "王芳", False),
        ("Jane Doe", "Doe, Jane, PhD", False),
    ],
)
def test_initials_accents_and_middle_names_are_tolerated(watched: str, name: str, one: bool) -> None:
    assert Watched((watched,)).has(name) is one
    assert Watched((name,)).has(watched) is one


def test_the_first_that_is_watched_is_found() -> None:
    watched = Watched(("Yann LeCun", "Geoffrey Hinton"))
    assert watched.among(["Someone Else", "G. Hinton", "Y. LeCun"]) == "G. Hinton"
    assert watched.among(["Someone Else"]) == ""
    assert Watched().among(["Someone Else"]) == ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_can_be_held_against_each_other(one: str, other: str) -> None:
    assert Watched((one,)).has(other) is Watched((other,)).has(one)
    assert Watched((one,)).has(one) is any(letter.isalnum() for letter in one)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Yann LeCun", ["yann lecun", "y lecun", "lecun, yann", "lecun, y", "yann a lecun"]),
        ("Geoffrey E. Hinton", ["geoffrey e hinton", "g e hinton", "geoffrey hinton", "g hinton"]),
        ("L. van der Maaten", ["l van der maaten", "l v d maaten", "l maaten"]),
        ("Plato", ["plato"]),
        ("王伟", ["王伟"]),
        ("?", []),
    ],
)
def test_the_likeliest_spellings_of_a_name_come_first(name: str, first: list[str]) -> None:
    assert list(spellings_of(name))[: len(first)] == first


def test_an_umlaut_is_spelt_in_both_ways_before_any_middle_name() -> None:
    found = list(spellings_of("Jürgen Groß"))[:8]
    assert {"jurgen gross", "juergen gross", "j gross", "gross, juergen"} <= set(found)


@given(
    st.lists(st.sampled_from(["Ann", "B.", "van", "Ül", "O'Neil", "李", "J.-P."]), max_size=5).map(" ".join)
)
def test_every_spelling_of_a_name_is_one_with_it(name: str) -> None:
    found = list(spellings_of(name))
    assert bool(found) is bool(name)
    assert len(set(found)) == len(found) < 100
    assert all(Watched((name,)).has(spelling) for spelling in found)
