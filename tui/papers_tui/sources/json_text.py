"""JSON from files, read so that no value in it can do harm."""

from __future__ import annotations

import json

from papers_tui.domain.text import clean_line

_MOST_DIGITS = 20
_OPENINGS = ("[", "{", '"', "true", "false", "null", *"-0123456789")
_LITERALS = ("true", "false", "null")


def load(text: str, *, line: int = 1) -> object:
    """The value that `text` writes; `line` is the number of its first line in the file.

    NaN, the infinities and integers of more than 20 digits are read as null: no field of ours can be one, and
    Python refuses to convert the longest. Raises ValueError with a sentence that names line and column.
    """
    try:
        value: object = json.loads(text, parse_int=_integer, parse_constant=_nothing)
    except json.JSONDecodeError as fault:
        place = f"line {fault.lineno + line - 1}, column {fault.colno}"
        if _breaks_off(text, fault):
            raise ValueError(f"the JSON is cut short (it breaks off at {place})") from None
        raise ValueError(f"the JSON has a fault at {place}: {fault.msg}") from None
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    return value


def load_answer(data: bytes) -> object:
    """The value that a service's answer writes, in UTF-8, 16 or 32.

    Raises ValueError with a sentence where it is empty, something else than JSON, broken or cut short.
    """
    if not data.strip():
        raise ValueError("the answer is empty")
    try:
        text = data.decode(json.detect_encoding(data)).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise ValueError("the answer is not text") from None
    start = text.lstrip()[:80]
    if start.startswith("<"):
        raise ValueError("the answer is a web page, not JSON")
    if not start.startswith(_OPENINGS):
        raise ValueError(f'the answer is not JSON but "{clean_line(start)}"')
    try:
        return load(text)
    except ValueError as fault:
        raise ValueError(str(fault).replace("the JSON", "the answer's JSON", 1)) from None


def is_json(text: str) -> bool:
    """Whether `text` as a whole is one JSON value."""
    try:
        load(text)
    except ValueError:
        return False
    return True


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _nothing(_: str) -> None:
    return None


def _breaks_off(text: str, fault: json.JSONDecodeError) -> bool:
    rest = text[fault.pos :].strip()
    return fault.msg.startswith("Unterminated string") or any(word.startswith(rest) for word in _LITERALS)
