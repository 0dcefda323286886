"""One thing that was looked at, and what to do about it."""

from __future__ import annotations

from papers_tui.late import dataclass

OK, NOTE, PROBLEM = "ok", "note", "problem"
"""All is well; worth knowing, but it may be meant so; something does not work, or soon won't."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is one of OK, NOTE and PROBLEM, `about` what was looked at in a word; `text` says what was found.

    `advice` is what to do about it, empty where there is nothing to do.
    """

    level: str
    about: str
    text: str
    advice: str = ""


def ok(about: str, text: str) -> Finding:
    return Finding(OK, about, text)


def note(about: str, text: str, advice: str = "") -> Finding:
    return Finding(NOTE, about, text, advice)


def problem(about: str, text: str, advice: str) -> Finding:
    return Finding(PROBLEM, about, text, advice)


def counted(number: int, noun: str) -> str:
    """`1 act`, `2,000 acts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
