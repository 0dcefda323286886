"""Sentences about what stands in a file that people write, and can't be used."""

from __future__ import annotations

from collections.abc import Iterable


class UnfitError(Exception):
    """A value that a setting can't have; its text says what is expected."""


def unfit(name: str, found: object, expected: object) -> str:
    """`name: found 3, expected …`, on one line."""
    return f"{line(name)}: found {shown(found)}, expected {expected}"


def nearest(name: str, known: Iterable[str]) -> str:
    """Which of the known names is perhaps meant by one that is not known, or all of them."""
    from difflib import get_close_matches

    names = tuple(known)
    near = get_close_matches(name, names, n=1)
    return f"perhaps {near[0]} is meant" if near else f"expected one of {', '.join(names)}"


def shown(found: object) -> str:
    """What stands in the file, short and on one line."""
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, dict):
        return "a table"
    try:
        return line(repr(found))
    except (ValueError, RecursionError):  # Python won't write out numbers of thousands of digits
        return "something too long to show"


def line(text: str, longest: int = 60) -> str:
    """The text with what can't be printed as spaces, cut to `longest` characters."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= longest else f"{printable[: longest - 1]}…"
