"""Textual imported for less is the same Textual."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from papers_tui.ui.importing import postponed_dataclasses

NODES = """
from papers_tui.ui.importing import frugal_imports

with frugal_imports():
    import papers_tui.ui.app
    from textual.reactive import reactive, var
    from textual.widget import Widget

    class Counted:
        count = var(0)
        BINDINGS = [("x", "none", "Of no node")]

        def compute_twice(self):
            return 2 * self.count

    class Computed(Counted, Widget):
        BINDINGS = [("a,b", "first", "First"), ("c", "second", "Second")]
        twice = reactive(0)
        half = reactive(0)

        def _compute_half(self):
            return self.count / 2

    class Bare(Computed, inherit_css=False, inherit_bindings=False):
        BINDINGS = [("a", "third", "Third")]
        half = 1

    class Both(Bare, Computed):
        count = var(1)

from textual.dom import DOMNode


def below(cls):
    return [cls, *(each for subclass in cls.__subclasses__() for each in below(subclass))]


def inherited(cls):
    names = ("_reactives", "_computes", "_inherit_css", "_inherit_bindings", "_inherit_component_classes")
    said = {name: getattr(cls, name) for name in (*names, "_css_type_name", "_css_type_names")}
    return said | {"keys": cls._merged_bindings.key_to_bindings, "order": list(cls._reactives)}


classes = below(DOMNode)[1:]
named = {cls.__name__ for cls in classes}
assert {"App", "Both", "Screen", "Input", "PapersApp", "MainScreen", "PaperList"} <= named, named
assert Both._computes == {"twice", "half"} and list(Both._merged_bindings.key_to_bindings) == ["a"]
for cls in classes:
    ours, named = inherited(cls), set(vars(cls))
    how = {"inherit_css": cls._inherit_css, "inherit_bindings": cls._inherit_bindings}
    how["inherit_component_classes"] = cls._inherit_component_classes
    DOMNode.__init_subclass__.__func__(cls, **how)
    assert inherited(cls) == ours and set(vars(cls)) == named, cls
print(len(classes))
"""


def test_classes_have_what_textual_gives_them() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", NODES], capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


def _library(decorated: Any) -> dict[str, Any]:
    """Classes of a kind that libraries have."""

    class Event:
        """Something."""

        name: str
        seen: list[str] = dataclasses.field(default_factory=list)

    event: Any = decorated(Event)

    @decorated(frozen=True, order=True)
    class Place:
        """Somewhere."""

        x: int
        y: int = 0

    class Bare(event):  # type: ignore[misc] # what it is, is what is tested
        """It has no fields of its own."""

        def __init__(self) -> None:
            super().__init__("bare")

    @decorated(kw_only=True)
    class Told(event):  # type: ignore[misc]
        """More of it."""

        by: str = "nobody"
        length: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.length = len(self.name)

    @decorated(slots=True)
    class Slotted:
        """At once."""

        x: int = 1

    @decorated(init=False)
    class Own:
        """It makes itself."""

        x: int

        def __init__(self, x: int) -> None:
            self.x = x + 1

    return {kind.__name__: kind for kind in (event, Place, Bare, Told, Slotted, Own)}


def _postponed() -> dict[str, Any]:
    with postponed_dataclasses():
        return _library(dataclasses.dataclass)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Event", ("e",)),
        ("Place", (1,)),
        ("Bare", ()),
        ("Told", ("t", ["x"])),
        ("Slotted", ()),
        ("Own", (2,)),
    ],
)
@pytest.mark.parametrize("asked", ["first", "fields", "with another made before"])
def test_a_dataclass_that_is_postponed_is_the_same_in_the_end(
    name: str, values: tuple[object, ...], asked: str
) -> None:
    ours, theirs = _postponed(), _library(dataclasses.dataclass)
    if asked == "fields":
        named = [field.name for field in dataclasses.fields(ours[name])]
        assert named == [field.name for field in dataclasses.fields(theirs[name])]
    if asked == "with another made before":
        assert repr(ours["Told"]("before")) == repr(theirs["Told"]("before"))
    one, other = ours[name](*values), theirs[name](*values)
    assert repr(one) == repr(other)
    assert one == ours[name](*values)
    assert dataclasses.asdict(one) == dataclasses.asdict(other)
    assert ours[name].__match_args__ == theirs[name].__match_args__
    assert ours[name].__hash__ is None or hash(one) == hash(ours[name](*values))
    with pytest.raises(TypeError):
        ours[name](*values, nothing=1)


def test_a_postponed_place_is_frozen_and_ordered() -> None:
    place = _postponed()["Place"]
    assert place(1, 2) < place(2, 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        place(1).x = 2


def test_dataclasses_are_what_they_were_once_no_library_is_imported_any_more() -> None:
    known = dataclasses.dataclass
    with pytest.raises(ImportError), postponed_dataclasses():
        raise ImportError
    assert dataclasses.dataclass is known
