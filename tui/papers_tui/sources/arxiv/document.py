"""An XML body from afar as elements: what of it is whole, and why the rest is not."""

from __future__ import annotations

import contextlib
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from xml.parsers import expat

from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass

_CUT_SHORT = frozenset(
    expat.errors.codes[problem]
    for problem in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
_LONGEST_QUOTE = 80


@dataclass(frozen=True, slots=True)
class Document:
    """An XML document.

    `root` is None where it is not well-formed to its end; then `fault` says why, and `whole` holds the
    elements that were complete before, in the order in which they ended.
    """

    root: Element | None
    whole: tuple[Element, ...] = ()
    fault: str | None = None


def read_document(data: bytes) -> Document:
    """Reads XML in any encoding that it declares.

    A document that declares entities is refused before any can expand; an external DTD is never fetched.
    """
    data = data.lstrip(b" \t\r\n")
    if not data:
        return Document(None, fault="the answer is empty")
    if data[:1] not in b"<\xef\xfe\xff\x00":
        return Document(None, fault=f'the answer is not XML but "{_quoted(data)}"')
    try:
        _refuse_entities(data)
        return Document(fromstring(data))
    except _Refused:
        return Document(None, fault="the answer declares XML entities, which no feed of arXiv does")
    except (ParseError, expat.ExpatError) as problem:
        return Document(None, _whole(data), _sentence(data, problem))
    except (LookupError, ValueError):
        return Document(None, fault="the answer is in an encoding that can't be read")


def _whole(data: bytes) -> tuple[Element, ...]:
    """The elements that end before the fault."""
    ended: list[Element] = []
    with contextlib.suppress(ParseError):
        for _, element in iterparse(BytesIO(data), ("end",)):
            ended.append(element)
    return tuple(ended)


class _Refused(Exception):
    """An entity is declared."""


class _Begun(Exception):
    """The first element begins: nothing can be declared behind it."""


def _refuse_entities(data: bytes) -> None:
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = _begin
    try:
        parser.Parse(data, True)
    except _Begun:
        return


def _refuse(*_: object) -> None:
    raise _Refused


def _begin(*_: object) -> None:
    raise _Begun


def _sentence(data: bytes, problem: ParseError | expat.ExpatError) -> str:
    if data[:200].lower().lstrip().startswith((b"<html", b"<!doctype html")):
        return "the answer is a web page, not a feed"
    if problem.code in _CUT_SHORT:
        return "the answer is cut short"
    line, column = problem.position if isinstance(problem, ParseError) else (problem.lineno, problem.offset)
    return f"the answer's XML has a fault at line {line}, column {column + 1}"


def _quoted(data: bytes) -> str:
    text = clean_line(data[: 4 * _LONGEST_QUOTE].decode("utf-8", "replace"))
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
