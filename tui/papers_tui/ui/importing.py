"""Textual imported in two thirds of the time: what a run may never use is postponed, what is known isn't looked up.

The app's own modules are imported with it. Whatever is imported later comes as everywhere else.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

from papers_tui.late import postponed_patterns


@contextlib.contextmanager
def frugal_imports() -> Iterator[None]:
    """Lets Textual, and all that is imported with it, come for less."""
    with postponed_patterns(), postponed_dataclasses():
        _import_asyncio()
        with inherited_names():
            yield


def _import_asyncio() -> None:
    """As on a system without TLS, which takes as long to load as all that the app reads at its start.

    The app connects to nobody: what asks the sources is another process.
    """
    if "ssl" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment] # whoever imports it is told that there is none
        import asyncio  # noqa: F401 loaded for those who need it later

        del sys.modules["ssl"]


@contextlib.contextmanager
def postponed_dataclasses() -> Iterator[None]:
    """Lets the dataclasses of a library that is imported meanwhile have their methods when the first object is made.

    They are made by `dataclasses` itself, which takes a twelfth of what it takes to import Textual. For classes whose
    first objects come from one thread, as Textual's do. One with slots, or an `__init__` that is not made for it, is
    made at once.
    """
    import dataclasses

    known: Any = dataclasses.dataclass

    def decorator(cls: Any = None, /, **how: Any) -> Any:
        if cls is None:
            return lambda cls: decorator(cls, **how)
        if how.get("slots") or not how.get("init", True) or "__init__" in vars(cls):
            return known(cls, **how)
        return _Postponed(cls, lambda: known(cls, **how)).cls

    dataclasses.dataclass = decorator
    try:
        yield
    finally:
        dataclasses.dataclass = known


class _Postponed:
    """A class that becomes a dataclass with its first object, or when somebody asks for its fields."""

    def __init__(self, cls: Any, make: Callable[[], object]) -> None:
        self.cls = cls
        self._make = make
        cls.__init__ = self._first()
        cls.__dataclass_fields__ = self

    def __get__(self, instance: object, owner: Any) -> object:
        self._come()
        return self.cls.__dataclass_fields__

    def _first(self) -> Callable[..., None]:
        def first(value: object, *values: object, **named: object) -> None:
            self._come()
            self.cls.__init__(value, *values, **named)

        return first

    def _come(self) -> None:
        del self.cls.__init__, self.cls.__dataclass_fields__
        self._make()


@contextlib.contextmanager
def inherited_names() -> Iterator[None]:
    """Lets a class of Textual's nodes have what it inherits from what its bases were found to have.

    Textual looks through all names of all bases for each class, which takes a ninth of what it takes to import it.
    """
    from textual.binding import Binding, BindingsMap
    from textual.dom import DOMNode
    from textual.reactive import Reactive

    @functools.cache
    def reactives_of(base: type) -> dict[str, Reactive[Any]]:
        return {name: value for name, value in vars(base).items() if isinstance(value, Reactive)}

    @functools.cache
    def computed_of(base: type) -> list[str]:
        return [
            name.lstrip("_").removeprefix("compute_")
            for name in vars(base)
            if name.startswith(("compute_", "_compute_"))
        ]

    @functools.cache
    def bindings_of(base: type) -> dict[str, list[Binding]]:
        return BindingsMap(vars(base).get("BINDINGS", [])).key_to_bindings

    def prepare(
        cls: Any,
        inherit_css: bool = True,
        inherit_bindings: bool = True,
        inherit_component_classes: bool = True,
    ) -> None:
        super(DOMNode, cls).__init_subclass__()
        bases = cls.__mro__[::-1]
        cls._reactives = {name: value for base in bases for name, value in reactives_of(base).items()}
        cls._computes = frozenset(name for base in bases for name in computed_of(base))
        cls._inherit_css = inherit_css
        cls._inherit_bindings = inherit_bindings
        cls._inherit_component_classes = inherit_component_classes
        styled = cls._css_bases(cls)
        cls._css_type_name = styled[0].__name__
        cls._css_type_names = frozenset(base.__name__ for base in styled)
        cls._merged_bindings = cls._merge_bindings()

    def merge(cls: type[DOMNode]) -> BindingsMap:
        keys: dict[str, list[Binding]] = {}
        for base in reversed(cls.__mro__):
            if issubclass(base, DOMNode):
                if not base._inherit_bindings:
                    keys.clear()
                keys |= {key: list(bindings) for key, bindings in bindings_of(base).items()}
        return BindingsMap.from_keys(keys)

    node: Any = DOMNode
    known = {name: vars(DOMNode)[name] for name in ("__init_subclass__", "_merge_bindings")}
    node.__init_subclass__, node._merge_bindings = classmethod(prepare), classmethod(merge)
    try:
        yield
    finally:
        for name, method in known.items():
            setattr(DOMNode, name, method)
