"""What is made late: the same as what the standard library makes at once."""

from __future__ import annotations

import copy
import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui import late
from papers_tui.late import dataclass, pattern


def _values(decorator: Any) -> Any:
    """A class of values, by our decorator or by that of the standard library."""

    @decorator(frozen=True, slots=True, order=True)
    class Value:
        """A value."""

        number: int
        words: tuple[str, ...] = ()
        seen: list[str] = dataclasses.field(default_factory=list, compare=False)
        secret: str = dataclasses.field(default="hidden", repr=False)
        length: int = dataclasses.field(init=False, compare=False)
        begun: str = dataclasses.field(default="no", init=False)
        noted: list[int] = dataclasses.field(default_factory=list, init=False, compare=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.words))

        @property
        def double(self) -> int:
            return 2 * self.number

    return Value


def _described(decorator: Any, field: Any) -> Any:
    """A class whose fields are described by one of these."""

    @decorator(frozen=True, slots=True)
    class Described:
        """A value."""

        number: int
        seen: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="hidden", repr=False)
        begun: str = field(default="no", init=False)

    return Described


@pytest.mark.parametrize("describe", [late.field, dataclasses.field])
def test_fields_are_described_as_in_the_standard_library(describe: Any) -> None:
    ours, theirs = _described(late.dataclass, describe), _described(dataclasses.dataclass, dataclasses.field)
    (one, other), (first, second) = (ours(1), ours(1, ["a"])), (theirs(1), theirs(1, ["a"]))
    assert repr(one) == repr(first)
    assert (one == other) is (first == second) is True
    assert dataclasses.asdict(other) == dataclasses.asdict(second)
    named = [(one.name, one.init, one.repr, one.compare) for one in dataclasses.fields(ours)]
    assert named == [(one.name, one.init, one.repr, one.compare) for one in dataclasses.fields(theirs)]


def test_a_value_is_replaced_as_by_the_standard_library() -> None:
    value = _described(late.dataclass, late.field)(1, ["a"])
    assert late.replace(value, number=2) == dataclasses.replace(value, number=2)
    assert late.replace(value, number=2).seen == ["a"]
    with pytest.raises(TypeError):
        late.replace(value, nothing=1)


def _variables(decorator: Any) -> Any:
    @decorator(slots=True)
    class Variable:
        """Two things that change."""

        number: int = 0
        text: str = ""

    return Variable


ARGUMENTS = st.tuples(st.integers(-2, 2), st.lists(st.sampled_from("ab"), max_size=2).map(tuple))


@given(ARGUMENTS, ARGUMENTS)
def test_values_are_as_those_of_the_standard_library(one: Any, other: Any) -> None:
    late, early = _values(dataclass), _values(dataclasses.dataclass)
    (a, b), (c, d) = (late(*one), late(*other)), (early(*one), early(*other))
    assert repr(a).replace("late", "") == repr(c)
    for compare in ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__"):
        assert getattr(a, compare)(b) is getattr(c, compare)(d)
    assert (hash(a) == hash(b)) is (hash(c) == hash(d))
    assert dataclasses.asdict(a) == dataclasses.asdict(c)
    assert (a.double, a.length) == (c.double, c.length)
    assert dataclasses.replace(a, number=9) == late(9, one[1])


def test_values_of_other_classes_are_never_equal() -> None:
    assert _values(dataclass)(1) != _values(dataclass)(1)


def test_each_object_has_a_default_of_its_own() -> None:
    Value = _values(dataclass)  # noqa: N806 it is a class
    one, other = Value(1), Value(1)
    one.seen.append("this")
    one.noted.append(1)
    assert (one.seen, other.seen, one.noted, other.noted) == (["this"], [], [1], [])


@pytest.mark.parametrize("known", [False, True], ids=["before the first object", "after it"])
def test_a_class_tells_its_fields(known: bool) -> None:
    Value = _values(dataclass)  # noqa: N806 it is a class
    if known:
        Value(1)
    assert [field.name for field in dataclasses.fields(Value)] == [
        *("number", "words", "seen", "secret", "length", "begun", "noted")
    ]
    assert dataclasses.is_dataclass(Value)
    assert Value.__doc__ == "A value."


def test_what_is_frozen_can_t_be_changed() -> None:
    value = _values(dataclass)(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="number can't be changed"):
        value.number = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="number can't be changed"):
        del value.number
    assert value.number == 1


@pytest.mark.parametrize("decorator", [_values, _variables])
def test_objects_can_be_copied(decorator: Any) -> None:
    one = decorator(dataclass)(1)
    assert copy.copy(one) == one
    assert copy.deepcopy(one) == one


def test_what_is_not_frozen_can_be_changed_and_is_no_key() -> None:
    variable = _variables(dataclass)(text="a")
    variable.number = 2
    assert variable == type(variable)(2, "a")
    with pytest.raises(TypeError, match="unhashable"):
        hash(variable)
    with pytest.raises(AttributeError):
        variable.other = 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"number": 1}), ((1,), {"length": 1}), ((1,), {"begun": "yes"})],
)
def test_wrong_arguments_are_refused_as_ever(arguments: Any, named: Any) -> None:
    Value = _values(dataclass)  # noqa: N806 it is a class
    for _ in range(2):
        with pytest.raises(TypeError, match=r"Value\.__init__\(\)"):
            Value(*arguments, **named)


def test_values_are_matched_by_place() -> None:
    match _values(dataclass)(3, ("a",)):
        case object(number=number, words=(word,)):
            assert (number, word) == (3, "a")
    assert _values(dataclass)(1).__match_args__ == ("number", "words", "seen", "secret")


def test_threads_may_make_the_first_objects_together() -> None:
    with ThreadPoolExecutor(8) as threads:
        for _ in range(50):
            Value = _values(dataclass)  # noqa: N806 it is a class
            made = list(threads.map(lambda n, cls=Value: dataclasses.replace(cls(n), words=("a",)), range(8)))
            assert made == [Value(n, ("a",)) for n in range(8)]


@given(st.text(alphabet="abA1 ", max_size=6))
def test_a_pattern_is_one_of_the_standard_library(text: str) -> None:
    late, early = pattern("a+b?", re.IGNORECASE), re.compile("a+b?", re.IGNORECASE)
    assert late.findall(text) == early.findall(text)
    assert late.sub("-", text) == early.sub("-", text)
    assert (late.pattern, late.flags) == (early.pattern, early.flags)


def test_a_wrong_pattern_is_told_by_its_first_use() -> None:
    wrong = pattern("(")
    at_hand = wrong.search
    with pytest.raises(re.error):
        at_hand("x")
    with pytest.raises(re.error):
        wrong.search("")


def test_a_pattern_is_compiled_once_whoever_keeps_its_methods(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []

    def compile_counted(*given: Any) -> re.Pattern[Any]:
        compiled.append(given)
        return re.compile(*given)

    monkeypatch.setattr(late, "_compile", compile_counted)
    kept = pattern("a+b?")
    at_hand = kept.search
    assert compiled == []
    for text in ("ab", "b", "aa"):
        assert bool(at_hand(text)) == bool(kept.match(text)) == bool(kept.fullmatch(text))
    assert len(compiled) == 1


@pytest.mark.parametrize("text", ["a+b?", b"a+b?"])
def test_a_pattern_that_is_postponed_does_what_re_does_with_one(text: Any) -> None:
    with late.postponed_patterns():
        postponed = re.compile(text)
        again = re.compile(postponed)
    known, given_text = re.compile(text), text[:1] * 3
    for ask in (re.search, re.fullmatch, re.split, re.findall):
        assert repr(ask(postponed, given_text)) == repr(ask(known, given_text))
    assert re.sub(postponed, given_text, text) == known.sub(given_text, text)
    assert isinstance(postponed, re.Pattern)
    assert again is postponed
    assert copy.deepcopy(postponed) == known


def test_patterns_are_what_they_were_once_no_library_is_imported_any_more() -> None:
    known = re.compile
    with pytest.raises(ImportError), late.postponed_patterns():
        raise ImportError
    assert re.compile is known
