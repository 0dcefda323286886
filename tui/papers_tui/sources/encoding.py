"""Bytes of a page or a list from outside, as text."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"(?:encoding|charset)\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEAD = 2048
_NEVER = frozenset(
    ("utf-7", "utf_7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
)


def decoded(data: bytes, content_type: str | None = None) -> str:
    """`data` in the encoding of its byte order mark, its header or its own declaration, else UTF-8 or Windows-1252.

    What a stated encoding can't read is taken for UTF-8, then for Windows-1252; nothing is refused.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    header = _CHARSET.search(content_type or "")
    declared = _DECLARED.search(data[:_HEAD])
    stated = (header[1] if header else "", declared[1].decode("ascii", "replace") if declared else "")
    for encoding in (*filter(_is_text_encoding, stated), "utf-8"):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def _is_text_encoding(name: str) -> bool:
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    # Python's own list has encodings from bytes to bytes as well.
    return known._is_text_encoding and known.name not in _NEVER
