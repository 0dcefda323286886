"""What `papers-tui import` reads: a file's bytes in, papers out, whatever the file is called.

The kind is told by the content alone: names are changed and endings lie.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from itertools import islice
from typing import Any

from papers_tui.domain.errors import NotAPage
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import HUGGING_FACE, LINES, TEXT_PAGE
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.sources.huggingface import papers_from_rows
from papers_tui.sources.json_lines import is_record, papers_from_lines, papers_from_values
from papers_tui.sources.json_text import is_json, load
from papers_tui.sources.page_text import ListingError, papers_from_text
from papers_tui.sources.saved_feed import is_feed, read_feed

_UNDERSTOOD = (
    "what can be read: Daily Papers pages saved as text or HTML, the service's JSON, RSS, Atom and JSON feeds, "
    "JSON Lines of papers-tui"
)
_SAVE_AS_HTML = "save the page as HTML and import that"
_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "a zip archive"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"(\xb5/\xfd", "zstandard"),
    (b"bplist00", "a binary property list or Safari web archive"),
    (b"SQLite format 3", "an SQLite database"),
)
# The marks of UTF-32 begin with those of UTF-16, so they come first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What can only be JSON, be it whole or broken; a title such as "[Re] …" is none.
_JSON = re.compile(
    r"""\[\s*(?: [{\["\]] | -?\d[\d.eE+-]*\s*, | (?:true|false|null)\b | $ ) | \{\s*(?: ["}] | $ )""",
    re.VERBOSE,
)
_XML = ("<?xml", "<rss", "<feed", "<rdf", "<opml")
_TITLE = re.compile(r"<title(?:\s[^<>]*)?>([^<]*)", re.IGNORECASE)
_VALUE = r"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))"""
_ATTRIBUTE = re.compile(rf"""\s+([^\s"'<>/=]+)(?:{_VALUE})?""")
_TAG = re.compile(rf"<[a-z][a-z0-9-]*+((?:{_ATTRIBUTE.pattern})*+)\s*/?>", re.IGNORECASE)
_OWN_TARGET = re.compile(r"data-target=[\"']?DailyPapers\b")
_MOST_ELEMENTS = 200  # that carry data; the service's own pages have about ten


@dataclass(frozen=True, slots=True)
class Page:
    """What a file held: `kind` names its form for people, `faults` has a sentence for each entry left out.

    `rank` says how near it is to the papers' own text, as `plan.Reading.rank` does.
    """

    kind: str  # "saved text", "saved HTML", "service JSON" or "JSON Lines"
    papers: tuple[Paper, ...]
    faults: tuple[str, ...]
    rank: int = HUGGING_FACE


def read_page(data: bytes, *, name: str, modified: date, today: date) -> Page:
    """The papers of a saved page, of a feed, of the service's JSON or of our own JSON Lines.

    `modified` is when the file was last changed, for dates whose year the page left out; `name` is for messages.
    Raises NotAPage where the file is none of these, is broken as a whole or holds no paper.
    """
    name = clean_line(name)
    if is_feed(data):
        feed = read_feed(data, name)
        if not feed.papers:
            raise _refusal(name, _nothing_whole(Page(feed.kind, (), feed.faults)))
        return Page(feed.kind, feed.papers, feed.faults, feed.rank)
    text = _decoded(data, name)
    start = text.lstrip()
    if start.startswith("<"):
        page = _html_page(text, name)
    elif _JSON.match(start) or is_json(start):
        page = _json_page(text, name)
    elif _looks_like_lines(text):
        page = Page("JSON Lines", *papers_from_lines(text), LINES)
    else:
        page = _text_page(text, name, modified, today)
    if not page.papers:
        raise _refusal(name, _nothing_whole(page))
    return page


def _refusal(name: str, message: str, hint: str = _UNDERSTOOD) -> NotAPage:
    return NotAPage(name, message, hint)


def _nothing_whole(page: Page) -> str:
    if not page.faults:
        return f"it is {page.kind}, but no papers are in it"
    more = f" and {len(page.faults) - 1} more" if len(page.faults) > 1 else ""
    return f"it is {page.kind}, but no paper in it is whole ({page.faults[0]}{more})"


def _decoded(data: bytes, name: str) -> str:
    if not data.strip():
        raise _refusal(name, "it is an empty file")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise _refusal(name, f"it is {what}")
    mark, encoding = next(((mark, found) for mark, found in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    body = data[len(mark) :]
    if encoding == "utf-8" and b"\0" in body:
        place = f"byte {body.index(0) + len(mark)}"
        raise _refusal(name, f"it is a binary file, or UTF-16 without a byte order mark (a zero at {place})")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as fault:
        place = f"byte 0x{fault.object[fault.start]:02x} at {fault.start + len(mark)}"
        raise _refusal(name, f"it is not {encoding.upper()} text ({place})") from None
    if not text.strip():
        raise _refusal(name, "it is an empty file")
    return text


def _text_page(text: str, name: str, modified: date, today: date) -> Page:
    try:
        papers, faults = papers_from_text(text, modified=modified, today=today)
    except ValueError as fault:
        hint = _SAVE_AS_HTML if isinstance(fault, ListingError) else _UNDERSTOOD
        raise _refusal(name, str(fault), hint) from None
    return Page("saved text", papers, faults, TEXT_PAGE)


def _html_page(text: str, name: str) -> Page:
    if text.lstrip().lower().startswith(_XML):
        raise _refusal(name, "it is XML, but no saved page")
    for target, props in sorted(_elements(text), key=lambda element: element[0] != "DailyPapers"):
        rows = _rows(target, props, name)
        if rows is not None:
            return Page("saved HTML", *papers_from_rows(rows))
    if _OWN_TARGET.search(text):
        raise _refusal(name, "it is a Daily Papers page, but its data is cut short")
    found = _TITLE.search(text)
    title = clean_line(found[1]) if found else ""
    called = f' ("{title[:60]}")' if title else ""
    raise _refusal(name, f"it is HTML{called}, but no Daily Papers page")


def _rows(target: str, props: str, name: str) -> list[object] | None:
    """The rows in the data of one element, or None where it carries something else."""
    if target not in ("DailyPapers", "PaperContent") and '"dailyPapers"' not in props:
        return None
    try:
        found = load(props)
    except ValueError as fault:
        raise _refusal(name, f"it is saved HTML, but in the data of its {target} {fault}") from None
    rows = found.get("dailyPapers") if isinstance(found, Mapping) else None
    if isinstance(rows, list):
        return rows
    holds_one = target == "PaperContent" and isinstance(found, Mapping) and "paper" in found
    return [found] if holds_one else None


def _elements(text: str) -> list[tuple[str, str]]:
    """`data-target` and `data-props` of each element that carries data.

    Only the tags around `data-props` are read: a whole page of 800 KB can keep the parser of the standard
    library busy for minutes (unclosed comments are scanned to the end, each of them).
    """
    elements: list[tuple[str, str]] = []
    end = 0
    for place in islice(re.finditer("data-props", text), _MOST_ELEMENTS):
        start = text.rfind("<", end, place.start())
        tag = _TAG.match(text, start) if start >= 0 else None
        if tag:
            named = {found[1].lower(): _unescaped(found) for found in _ATTRIBUTE.finditer(tag[1])}
            elements.append((named.get("data-target", ""), named.get("data-props", "")))
        end = tag.end() if tag else max(end, start + 1)
    return elements


def _unescaped(attribute: re.Match[str]) -> str:
    try:
        return unescape(attribute[2] or attribute[3] or attribute[4] or "")
    except ValueError:  # a character reference of thousands of digits
        return ""


def _json_page(text: str, name: str) -> Page:
    try:
        found = load(text)
    except ValueError as fault:
        if _looks_like_lines(text):
            return Page("JSON Lines", *papers_from_lines(text), LINES)
        raise _refusal(name, str(fault)) from None
    if isinstance(found, Mapping):
        return _object_page(found, name)
    if not isinstance(found, list):
        raise _refusal(name, f"it is JSON of another shape (only {clean_line(text)[:20]})")
    if not found:
        raise _refusal(name, "it is an empty list: no papers in it")
    if any(map(is_record, found)):
        places = ((f"item {number}", item) for number, item in enumerate(found, start=1))
        return Page("service JSON", *papers_from_values(places), LINES)
    if not any(map(_is_row, found)):
        raise _refusal(name, "it is JSON of another shape (a list without papers)")
    return Page("service JSON", *papers_from_rows(found))


def _object_page(found: Mapping[str, Any], name: str) -> Page:
    if is_record(found):
        return Page("JSON Lines", *papers_from_values([("line 1", found)]), LINES)
    if isinstance(rows := found.get("dailyPapers"), list):
        return Page("service JSON", *papers_from_rows(rows))
    if isinstance(error := found.get("error"), str):
        raise _refusal(name, f'it is the error answer of a service ("{clean_line(error)[:60]}")')
    if _is_row(found):
        return Page("service JSON", *papers_from_rows([found]))
    raise _refusal(name, "it is JSON of another shape (an object without papers)")


def _is_row(value: object) -> bool:
    return isinstance(value, Mapping) and ("paper" in value or "title" in value)


def _looks_like_lines(text: str) -> bool:
    """Whether most lines open an object and at least one is a whole one."""
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    opening = [line for line in lines if line.lstrip().startswith('{"')]
    return 2 * len(opening) >= len(lines) and any(map(is_json, opening))
