"""Dataclasses and patterns that cost next to nothing until they are used: most of a program's are not, in a run.

Half of what it takes to import our modules would be the methods of their values, which `dataclasses` writes and
compiles, 0.7 ms a class, and a seventh regular expressions. Here a class gets its methods with its first object, and
code is written only for its `__init__`, and for most classes not even that. `dataclasses` itself, which takes as long
to load as a fifth of what stands on the screen first, is left to those who ask what fields a class has.
"""

from __future__ import annotations

import contextlib
import functools
import operator
import re
from collections.abc import Callable, Iterator

__all__ = ["TYPE_CHECKING", "dataclass", "field", "pattern", "postponed_patterns", "replace"]

TYPE_CHECKING = False
"""What `typing` has under this name: to load it takes as long as to draw the first screen."""

if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")

_ABSENT: Any = object()
_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn", "scanner")
_compile: Callable[..., re.Pattern[Any]] = re.compile
_FEW = 6
"""Objects for which it doesn't pay to have code written."""


class _Field:
    """What is to be known of a field."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr")

    def __init__(
        self,
        *,
        default: Any = _ABSENT,
        default_factory: Any = _ABSENT,
        init: bool = True,
        repr: bool = True,
        compare: bool = True,
    ) -> None:
        self.name = ""
        self.default, self.default_factory = default, default_factory
        self.init, self.repr, self.compare = init, repr, compare

    def described(self) -> object:
        """The same for `dataclasses`."""
        import dataclasses

        given = {"default": self.default, "default_factory": self.default_factory}
        known: dict[str, Any] = {name: value for name, value in given.items() if value is not _ABSENT}
        return dataclasses.field(init=self.init, repr=self.repr, compare=self.compare, **known)


def _fields_of(annotations: dict[str, Any], body: dict[str, Any]) -> list[_Field]:
    """The fields of a class that has these annotations and names."""
    found = []
    for name in annotations:
        value = body.get(name, _ABSENT)
        field = value if isinstance(value, _Field) else _Field(**_given(value))
        field.name = name
        found.append(field)
    return found


def _given(value: Any) -> dict[str, Any]:
    """What describes a field that a class has this value for: its default, or a field of `dataclasses`."""
    if type(value).__module__ != "dataclasses":
        return {"default": value}
    from dataclasses import MISSING

    names = ("default", "default_factory", "init", "repr", "compare")
    return {name: getattr(value, name) for name in names if getattr(value, name) is not MISSING}


def _late(*, slots: bool, frozen: bool = False, order: bool = False) -> Callable[[type[T]], type[T]]:
    """`dataclasses.dataclass`, of a class that inherits no fields and has no `__init__` of its own."""
    assert slots, "the layout of a class can't be changed once it is there"

    def decorated(cls: type[T]) -> type[T]:
        body = dict(vars(cls))
        assert "__init__" not in body, "it would be written over"
        body.pop("__dict__", None)
        body.pop("__weakref__", None)
        annotations: dict[str, Any] = body["__annotations__"]

        def first(self: T, *values: object, **named: object) -> None:
            _complete(made, _fields_of(annotations, body), frozen=frozen, order=order)
            made.__init__(self, *values, **named)

        bare = body.copy()
        for name in annotations:
            bare.pop(name, None)
        bare["__slots__"] = tuple(annotations)
        bare["__init__"] = first
        bare["__dataclass_fields__"] = _Fields(cls, body)
        made = _class(cls, bare)
        return made

    return decorated


class _Fields:
    """The fields of a class, for whoever looks them up."""

    def __init__(self, cls: type, body: dict[str, Any]) -> None:
        self._cls = cls
        self._body = body

    def __get__(self, instance: object, owner: Any) -> object:
        import dataclasses

        # Of a copy, for two threads may be here at the same time; for a class without words on what it is,
        # `dataclasses` would find out its signature.
        described = {
            name: value.described() for name, value in self._body.items() if isinstance(value, _Field)
        }
        copy: Any = _class(self._cls, self._body | described | {"__doc__": "A copy."})
        fields: object = dataclasses.dataclass(init=False, repr=False, eq=False)(copy).__dataclass_fields__
        owner.__dataclass_fields__ = fields
        return fields


def _class(like: type[T], body: dict[str, Any]) -> type[T]:
    metaclass: Callable[..., type[T]] = type(like)
    made = metaclass(like.__name__, like.__bases__, body)
    made.__qualname__ = like.__qualname__
    return made


def _complete(cls: Any, fields: list[_Field], *, frozen: bool, order: bool) -> None:
    """Gives a class its methods, `__init__` last: from then on it has them all."""
    compared = [field.name for field in fields if field.compare]
    key = operator.attrgetter(*compared) if compared else type

    def comparing(compare: Callable[[object, object], bool]) -> Callable[[object, object], object]:
        return lambda self, other: (
            compare(key(self), key(other)) if type(other) is type(self) else NotImplemented
        )

    def shown(self: object) -> str:
        parts = (f"{field.name}={getattr(self, field.name)!r}" for field in fields if field.repr)
        return f"{type(self).__qualname__}({', '.join(parts)})"

    methods: dict[str, object] = {"__match_args__": tuple(field.name for field in fields if field.init)}
    methods |= {"__repr__": shown, "__eq__": comparing(operator.eq), "__hash__": None}
    if frozen:
        methods |= {"__hash__": lambda self: hash(key(self)), "__setattr__": _refuse, "__delattr__": _refuse}
        methods["__setstate__"] = _restore
    if order:
        methods |= {f"__{name}__": comparing(getattr(operator, name)) for name in ("lt", "le", "gt", "ge")}
    for name, method in methods.items():
        if name not in vars(cls):
            setattr(cls, name, method)
    cls.__init__ = _slow_initialiser(cls, fields)


def _refuse(self: object, name: str, *_: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(self).__qualname__}.{name} can't be changed")


def _restore(self: object, state: tuple[None, dict[str, object]]) -> None:
    """Fills a copy, which `copy` and `pickle` would do by assignments."""
    for name, value in state[1].items():
        object.__setattr__(self, name, value)


def _slow_initialiser(cls: Any, fields: list[_Field]) -> Callable[..., None]:
    """The method that fills the first objects, of which most classes have no more; the next, and those that are not
    given what they need, have a quick one written."""
    names = [field.name for field in fields if field.init]
    setters = [(field, vars(cls)[field.name].__set__) for field in fields]
    whole = len(names) == len(fields) and not hasattr(cls, "__post_init__")
    left = _FEW

    def fill(self: Any, *values: object, **named: object) -> None:
        nonlocal left
        left -= 1
        if whole and left >= 0 and len(values) == len(names) and not named:
            for (_, put), value in zip(setters, values, strict=True):
                put(self, value)
            return
        given = dict(zip(names, values, strict=False)) | named
        if left < 0 or len(given) < len(values) + len(named) or not _fit(given, names, fields):
            cls.__init__ = _initialiser(cls, fields)
            cls.__init__(self, *values, **named)
            return
        for field, put in setters:
            if field.name in given:
                put(self, given[field.name])
            elif field.default is not _ABSENT:
                put(self, field.default)
            elif field.default_factory is not _ABSENT:
                put(self, field.default_factory())
        if hasattr(cls, "__post_init__"):
            self.__post_init__()

    return fill


def _fit(given: dict[str, object], names: list[str], fields: list[_Field]) -> bool:
    """Whether these are values for the fields of an object, and all that have no other."""
    needed = (
        field.name
        for field in fields
        if field.init and field.default is _ABSENT and field.default_factory is _ABSENT
    )
    return given.keys() <= set(names) and all(name in given for name in needed)


def _initialiser(cls: Any, fields: list[_Field]) -> Callable[..., None]:
    """The method that fills the slots of a new object."""
    known: dict[str, Any] = {"_omitted": object()}
    parameters, lines = ["self"], []
    for field in fields:
        name = value = field.name
        parameter = name
        if field.default is not _ABSENT:
            known[f"_default_{name}"] = field.default
            value = name if field.init else f"_default_{name}"
            parameter = f"{name}=_default_{name}"
        elif field.default_factory is not _ABSENT:
            known[f"_make_{name}"] = field.default_factory
            value = f"_make_{name}() if {name} is _omitted else {name}" if field.init else f"_make_{name}()"
            parameter = f"{name}=_omitted"
        elif not field.init:  # `__post_init__` fills it
            continue
        known[f"_set_{name}"] = vars(cls)[name].__set__
        lines.append(f"_set_{name}(self, {value})")
        parameters += [parameter] if field.init else []
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines or ["pass"]), known)
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _replace(value: T, /, **changes: Any) -> T:
    """`dataclasses.replace`, of an object of a class of ours."""
    cls: Any = type(value)
    kept = {name: getattr(value, name) for name in cls.__match_args__ if name not in changes}
    made: T = cls(**kept, **changes)
    return made


class _Pattern:
    """A regular expression, compiled for whoever first asks anything of it."""

    _known: re.Pattern[Any] | None = None

    def __init__(self, text: str | bytes, flags: re.RegexFlag | int = re.NOFLAG) -> None:
        self._given = (text, flags)

    def __getattr__(self, name: str) -> object:
        if name in _METHODS:  # somebody may only keep it at hand
            return functools.partial(self._asked, name)
        return getattr(self._made(), name)

    def _asked(self, name: str, /, *values: object, **named: object) -> object:
        return getattr(self._made(), name)(*values, **named)

    def __reduce__(self) -> tuple[object, ...]:
        return _compile, self._given

    def _made(self) -> re.Pattern[Any]:
        if self._known is None:
            self._known = _compile(*self._given)
            for name in _METHODS:  # the next time they are simply there
                setattr(self, name, getattr(self._known, name))
        return self._known

    @property  # type: ignore[misc] # nobody writes it
    def __class__(self) -> type:
        """So that `re.sub` and the like take it for one."""
        return re.Pattern


@contextlib.contextmanager
def postponed_patterns() -> Iterator[None]:
    """Lets the regular expressions of modules that are imported meanwhile be compiled when they are first used.

    One that can't be compiled is found out only then.
    """
    known = re.compile

    def compiled(text: Any, flags: Any = 0) -> Any:
        return _Pattern(text, flags) if isinstance(text, str | bytes) else known(text, flags)

    re.compile = compiled  # type: ignore[assignment]
    try:
        yield
    finally:
        re.compile = known


if TYPE_CHECKING:  # they are used as the standard library's are
    from dataclasses import dataclass, field, replace
    from re import compile as pattern
else:
    dataclass, field, pattern, replace = _late, _Field, _Pattern, _replace
