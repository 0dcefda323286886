"""The shape of an XML document in UTF-8, well-formed or not, seen in linear time before a parser works on it."""

from __future__ import annotations

import re

from papers_tui.sources.feeds.structure import refused

_DEEPEST = 400
_MOST_ELEMENTS = 150_000
_MOST_ATTRIBUTES = 300
_MOST_NAMESPACES = 5_000
_MOST_NAMESPACES_TIMES_ELEMENTS = 5_000_000
_MOST_CATEGORIES = 2_000
_LONGEST_NAME = 100
_LONGEST_ENTITY = 30

_TAG = re.compile(rb"<(?:(!--)|(!\[CDATA\[)|(/?)([A-Za-z_][^\s<>/]*)((?:\"[^\"<]*\"|'[^'<]*'|[^<>\"'])*))")
_NEVER_CLOSED = frozenset((b"br", b"hr", b"img", b"input", b"li", b"link", b"meta", b"p"))
"""What stands in feeds that are no good XML, opened and never closed."""
_ENTRY = frozenset((b"item", b"entry"))
_PERSON = frozenset((b"author", b"creator", b"managingeditor", b"webmaster", b"publisher", b"name", b"email"))
_CATEGORY = frozenset((b"category", b"subject", b"keywords", b"tags"))

_GAPLESS = re.compile(rb"(?:[A-Za-z0-9_.+-]|&#?\w{1,10};){%d}" % _LONGEST_NAME)
_LONG_ENTITY = re.compile(rb"<!ENTITY\s[^\"'<>]{0,200}[\"'][^\"'<]{%d}" % _LONGEST_ENTITY, re.IGNORECASE)
_MARKUP = re.compile(rb"<!\[CDATA\[|\]\]>|<[^<>]*>")
_SPACE = re.compile(rb"\s*")
_FIRST = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_REFERENCE = re.compile(rb"&#(?:([0-9]{1,12})|[xX]([0-9A-Fa-f]{1,9}));")


def legal_xml(text: bytes) -> bytes:
    """The document without the characters that XML forbids, written as they are or by number.

    One of them in a title would make it no XML, and the rest of it a guess (https://www.w3.org/TR/xml/#charsets).
    """
    text = text.translate(None, _CONTROLS)
    return _REFERENCE.sub(_legal_reference, text) if b"&#" in text else text


def root_name(text: bytes) -> str:
    """The local name of the first element, lower case; "html" where the document's type says so, "" for none."""
    place = 0
    while True:
        space = _SPACE.match(text, place)
        place = space.end() if space else place
        if text.startswith(b"<!--", place):
            end = text.find(b"-->", place)
        elif text.startswith((b"<?", b"<!"), place):
            if text[place : place + 15].lower().split() == [b"<!doctype", b"html"]:
                return "html"
            end = text.find(b">", place)
        else:
            found = _FIRST.match(text, place)
            return found[1].decode("ascii", "replace").lower() if found else ""
        if end < 0:
            return ""
        place = text.index(b">", end) + 1


def check(text: bytes) -> None:
    """Raise FeedError where the document is built to keep a parser busy.

    Limits: 400 levels, 150,000 elements, 300 attributes in one of them, 5,000 namespaces, entities of 30 characters,
    and what feedparser takes quadratic time over: 2,000 categories of one entry, a name of 100 letters without a gap
    (it looks for a mail address in it), and many namespaces over many elements.
    """
    if _LONG_ENTITY.search(text):
        raise refused(f"it defines an entity of more than {_LONGEST_ENTITY} characters")
    depth = elements = namespaces = categories = place = inside = 0
    words = b""
    while found := _TAG.search(text, place):
        place = found.end()
        if found[1] or found[2]:
            end = text.find(b"-->" if found[1] else b"]]>", place)
            if end < 0:
                break
            place = end + 3
            continue
        elements += 1
        closing, name = found[3], found[4].lower().rpartition(b":")[2]
        if not closing:
            namespaces += _namespaces(found[5])
            if not words and (name in _PERSON or name in _CATEGORY):
                words, inside = name, place
        elif words and (name in _PERSON or name in _CATEGORY):
            _check_words(name, text[inside : found.start()])
            words, inside = (b"" if name == words else words), place
        categories = 0 if name in _ENTRY else categories + (name in _CATEGORY)
        if name not in _NEVER_CLOSED and not found[5].endswith(b"/"):
            depth = max(0, depth - 1) if closing else depth + 1
        _check_counts(depth, elements, namespaces, categories)
    if namespaces * elements > _MOST_NAMESPACES_TIMES_ELEMENTS:
        raise refused("it has too many namespaces for its length")


def _namespaces(attributes: bytes) -> int:
    """How many of an element's attributes declare namespaces; FeedError where the others are too many."""
    number = attributes.count(b"=")
    if number <= _MOST_ATTRIBUTES:
        return attributes.count(b"xmlns")
    namespaces = attributes.count(b"xmlns")
    if number - namespaces > _MOST_ATTRIBUTES:
        raise refused(f"one of its elements has more than {_MOST_ATTRIBUTES} attributes")
    return namespaces


def _check_counts(depth: int, elements: int, namespaces: int, categories: int) -> None:
    if depth > _DEEPEST:
        raise refused(f"its elements are nested more than {_DEEPEST} deep")
    if elements > _MOST_ELEMENTS:
        raise refused(f"it has more than {_MOST_ELEMENTS:,} elements")
    if namespaces > _MOST_NAMESPACES:
        raise refused(f"it has more than {_MOST_NAMESPACES:,} namespaces")
    if categories > _MOST_CATEGORIES * 2:  # opened and closed
        raise refused(f"an entry in it has more than {_MOST_CATEGORIES:,} categories")


def _check_words(name: bytes, written: bytes) -> None:
    if name in _PERSON:
        if _GAPLESS.search(_MARKUP.sub(b"", written)):
            raise refused(f"a name in it has more than {_LONGEST_NAME} letters without a gap")
    elif written.count(b",") > _MOST_CATEGORIES:
        raise refused(f"an entry in it has more than {_MOST_CATEGORIES:,} categories")


def _legal_reference(found: re.Match[bytes]) -> bytes:
    code = int(found[1]) if found[1] else int(found[2], 16)
    legal = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0xFFFF < code < 0x110000
    return found[0] if legal else b""
