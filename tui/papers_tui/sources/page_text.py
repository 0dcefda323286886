"""The text of a Daily Papers page that somebody copied into a file, as papers.

Three shapes are about: title and abstract as lines of their own, with blank lines between them or without, and
the same with a byline, `·` and a date under each abstract. Nothing in the text says which line is a title, so
every run of lines is read as the likeliest alternation of titles and abstracts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from papers_tui.domain.identity import text_key
from papers_tui.domain.links import find_links, order_links
from papers_tui.domain.paper import Organization, Paper
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.late import dataclass

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TRENDING = r"Get trending papers in your email inbox"
_MASTHEAD = re.compile(rf"{_TRENDING}.*!|by\s*AK and the research community")
_HEADER = re.compile(rf"new|Subscribe|Daily Papers|{_MASTHEAD.pattern}")
_GLUED_SUBSCRIBE = re.compile(r"Subscribe(?=\S)(?!(?:r|rs|d|s)\b)")
_AUTHORS = re.compile(r"[•·]?\s*(\d{1,6}) authors?")
_DATE = re.compile(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})(?:, (\d{{4}}))?(?: (\d{{1,6}}))?", re.ASCII)
_BYLINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*)(?:\s+(\S.*))?")
_LISTED = re.compile(r"Submitted by\b.{0,60}", re.IGNORECASE)

# One page saved behind another with no line break between the two.
_SEAMS = (
    (re.compile(rf"(?<=\S)(?={_TRENDING})"), "\n"),
    (re.compile(rf"(?<=\S)new(?=\s+{_TRENDING})"), "\nnew"),
)

_LONGEST_TITLE = 300
_LONGEST_BYLINE = 120
_WRAPPED = 130
_SENTENCE_BREAK = re.compile(r"[.!?] [A-Z]")
_ABSTRACT_WORDS = re.compile(r"\b(?:we|our|this (?:paper|work|study|article|survey))\b", re.IGNORECASE)
_SCHOLARLY = re.compile(
    r"\b(?:we|our|paper|article|study|survey|research|propos\w+|results?|methods?|approach\w*|models?|"
    r"experiments?|datasets?|algorithms?|learning)\b",
    re.IGNORECASE,
)
_PLAIN_START = re.compile(r"[\w\"'“‘(\[¿¡$]")


class ListingError(ValueError):
    """The text is the daily listing, whose papers have titles and votes but no abstracts."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with something on it; `apart` says that a blank line stands before it."""

    number: int
    text: str
    apart: bool
    kind: str  # "content", "header", "authors", "dot" or "date"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A title with the lines of its abstract and of what stood under it; either of the first two may be missing."""

    title: _Line | None
    abstract: tuple[_Line, ...]
    byline: _Line | None = None
    details: tuple[_Line, ...] = ()

    @property
    def number(self) -> int:
        return (self.title or self.abstract[0]).number


def papers_from_text(text: str, *, modified: date, today: date) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    """The papers of a saved page in the order of the page, and one sentence for each entry that is none.

    A date without a year is of the page's year: see `page_year`. Two entries of one title and abstract are one
    paper; two abstracts under one title are two. Raises ValueError, with a sentence, where the text is no such page,
    and ListingError where it is a page of the service without abstracts.
    """
    lines = _lines(text)
    if _is_listing(lines):
        raise ListingError("it is the text of the daily listing, which has no abstracts")
    entries = [entry for content, details in _blocks(lines) for entry in _entries(content, details)]
    if not (_has_masthead(lines) or _has_details(entries) or _alternates(entries)):
        raise ValueError("it is text, but nothing in it looks like a page of papers")
    year = page_year([line.text for line in lines if line.kind == "date"], modified=modified, today=today)
    papers: dict[str, Paper] = {}
    faults: list[str] = []
    for entry in entries:
        if fault := _fault(entry):
            faults.append(f"line {entry.number}: {fault}")
            continue
        paper = _paper(entry, year)
        if paper.id not in papers or papers[paper.id].published is None:
            papers[paper.id] = paper
    return tuple(papers.values()), tuple(faults)


def page_year(dates: Sequence[str], *, modified: date, today: date) -> int:
    """The year that the date lines without one are of.

    The page writes the year only where it is not its own. So its own is the first after all those written, unless
    that is still to come; then, as when no line has a year, it is the year in which the file was last changed.
    """
    years = [int(found[3]) for line in dates if (found := _DATE.fullmatch(line)) and found[3]]
    following = max(years, default=today.year) + 1
    return following if following <= today.year else modified.year


def _lines(text: str) -> list[_Line]:
    text = text.replace("\ufeff", "")
    for seam, parted in _SEAMS:
        text = seam.sub(parted, text)
    lines: list[_Line] = []
    apart, last = False, "header"
    for number, raw in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        line = raw.strip()
        if not line:
            apart = True
            continue
        kind = _kind(line)
        if kind == "content" and last == "header":
            line = _GLUED_SUBSCRIBE.sub("", line, count=1) if _GLUED_SUBSCRIBE.match(line) else line
        lines.append(_Line(number, line, apart, kind))
        apart, last = False, kind
    return _unwrapped(lines) if _is_wrapped(lines) else lines


def _kind(line: str) -> str:
    if _HEADER.fullmatch(line):
        return "header"
    if line in ("·", "•"):
        return "dot"
    if _AUTHORS.fullmatch(line):
        return "authors"
    return "date" if _DATE.fullmatch(line) else "content"


def _is_spaced(lines: Sequence[_Line]) -> bool:
    """Whether blank lines mean something here; a stray one or two do not."""
    content = [line for line in lines if line.kind == "content"]
    apart = sum(line.apart for line in content)
    return apart >= 2 and apart * 20 >= len(content)


def _is_wrapped(lines: Sequence[_Line]) -> bool:
    """Whether somebody's editor broke the paragraphs into lines of a column's width."""
    content = [line for line in lines if line.kind == "content"]
    together = sum(not line.apart for line in content)
    return (
        _is_spaced(lines)
        and together > len(content) / 2
        and all(len(line.text) <= _WRAPPED for line in content)
    )


def _unwrapped(lines: Sequence[_Line]) -> list[_Line]:
    whole: list[_Line] = []
    for line in lines:
        if whole and line.kind == whole[-1].kind == "content" and not line.apart:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}")
        else:
            whole.append(line)
    return whole


def _blocks(lines: Sequence[_Line]) -> Iterator[tuple[list[_Line], tuple[_Line, ...]]]:
    """The runs of titles and abstracts, each with the details that end it; header lines end a run too."""
    spaced = _is_spaced(lines)
    content: list[_Line] = []
    details: list[_Line] = []
    for line in lines:
        if line.kind == "header" or (details and line.kind == "content"):
            yield content, tuple(details)
            content, details = [], []
        if line.kind == "content":
            # Without blank lines every line stands by itself, as it does where all are parted.
            content.append(line if spaced else replace(line, apart=True))
        elif line.kind != "header":
            details.append(line)
    yield content, tuple(details)


def _entries(content: list[_Line], details: tuple[_Line, ...]) -> Iterator[_Entry]:
    byline = content[-1] if len(content) > 2 and details and _is_byline(content[-1], details[0]) else None
    found = list(_pairs(content[:-1] if byline else content))
    for entry in found[:-1]:
        yield entry
    for entry in found[-1:]:
        yield replace(entry, byline=byline, details=details)


def _is_byline(line: _Line, following: _Line) -> bool:
    """Whether a line is an account and its full name: it stands right over the dot, where else the authors are."""
    if following.kind != "dot" or following.apart or len(line.text) > _LONGEST_BYLINE:
        return False
    sentence = line.text.endswith((".", "?", "!")) and len(line.text.split()) > 6
    return not sentence and _BYLINE.fullmatch(line.text) is not None


def _pairs(content: Sequence[_Line]) -> Iterator[_Entry]:
    title: _Line | None = None
    abstract: list[_Line] = []
    for line, is_title in zip(content, _roles(content), strict=True):
        if is_title:
            if title or abstract:
                yield _Entry(title, tuple(abstract))
            title, abstract = line, []
        else:
            abstract.append(line)
    if title or abstract:
        yield _Entry(title, tuple(abstract))


def _roles(content: Sequence[_Line]) -> list[bool]:
    """For each line whether it is a title: the likeliest way to read them all (Viterbi's algorithm).

    A line's own look is its weight; the costs say how unusual it is that an abstract goes on in another line,
    that a title has no abstract and that an abstract has no title.
    """
    if not content:
        return []
    weights = [_title_weight(line.text) for line in content]
    as_title, as_abstract = weights[0], -weights[0] - 4.0
    came_from: list[tuple[bool, bool]] = []
    for line, weight in zip(content[1:], weights[1:], strict=True):
        new_entry = as_abstract - (0.0 if line.apart else 2.0)
        going_on = as_abstract - (3.0 if line.apart else 1.5)
        came_from.append((as_title - 9.0 > new_entry, as_title >= going_on))
        as_title, as_abstract = max(as_title - 9.0, new_entry) + weight, max(as_title, going_on) - weight
    roles = [as_title - 6.0 > as_abstract]
    for over_title, over_abstract in reversed(came_from):
        roles.append(over_title if roles[-1] else over_abstract)
    return roles[::-1]


def _title_weight(text: str) -> float:
    """How much more like a title than like an abstract a line looks; titles are short, abstracts are sentences."""
    weight = min(2.5, max(-4.0, (180 - len(text)) / 40))
    weight -= min(2, len(_SENTENCE_BREAK.findall(text)))
    weight -= 1.5 if text.endswith((".", ",", ";", ":")) else 0.0
    weight -= 3.0 if "://" in text else 0.0
    weight -= 1.0 if _ABSTRACT_WORDS.search(text) else 0.0
    words = [word for word in text.split() if len(word) > 3]
    capitals = sum(not word[0].islower() for word in words)
    return weight + (1.0 if len(words) > 1 and capitals >= 0.6 * len(words) else 0.0)


def _is_listing(lines: Sequence[_Line]) -> bool:
    listed = sum(_LISTED.fullmatch(line.text) is not None for line in lines)
    return listed > 1 or (listed == 1 and _has_masthead(lines))


def _has_masthead(lines: Sequence[_Line]) -> bool:
    return any(line.kind == "header" and _MASTHEAD.fullmatch(line.text) for line in lines)


def _has_details(entries: Sequence[_Entry]) -> bool:
    """Whether some entry has what the page writes under an abstract: two of byline, dot and date, in that order."""
    usual = (("authors", "dot"), ("authors", "date"), ("dot", "date"))
    kinds = (
        pair for entry in entries if entry.abstract for pair in pairwise(line.kind for line in entry.details)
    )
    return any(pair in usual for pair in kinds)


def _alternates(entries: Sequence[_Entry]) -> bool:
    """Whether nothing but titles over abstracts of papers is here, which is the only evidence of a bare page."""
    clean = [entry for entry in entries if _is_clean(entry)]
    alone = sum(len(entry.abstract) == 1 for entry in clean)
    return len(clean) >= 3 and len(clean) * 5 >= len(entries) * 4 and alone * 3 >= len(entries) * 2


def _is_clean(entry: _Entry) -> bool:
    if entry.title is None or len(entry.abstract) > 4:
        return False
    title, abstract = entry.title.text, " ".join(line.text for line in entry.abstract)
    letters = sum(character.isalpha() or character.isspace() for character in abstract)
    return (
        10 <= len(title) <= _LONGEST_TITLE
        and len(title.split()) > 1
        and _PLAIN_START.match(title) is not None
        and not title.endswith((".", ",", ";", ":"))
        and len(abstract) >= 200
        and letters >= 0.8 * len(abstract)
        and _SENTENCE_BREAK.search(abstract) is not None
        and _SCHOLARLY.search(abstract) is not None
    )


def _fault(entry: _Entry) -> str:
    if entry.title is None:
        return "an abstract without a title"
    if len(entry.title.text) > _LONGEST_TITLE:
        return "too long for a title"
    if not clean_line(entry.title.text):
        return "a title that can't be shown"
    return "" if entry.abstract or entry.details else "a title without an abstract"


def _paper(entry: _Entry, year: int) -> Paper:
    title = clean_line(entry.title.text) if entry.title else ""
    abstract = clean_text("".join(("\n\n" if line.apart else "\n") + line.text for line in entry.abstract))
    counts = [found for line in entry.details if (found := _AUTHORS.fullmatch(line.text))]
    dates = [found for line in entry.details if (found := _DATE.fullmatch(line.text))]
    return Paper(
        keys=(text_key(title, abstract),),
        title=title,
        abstract=abstract,
        author_count=int(counts[0][1]) if counts else None,
        published=_day(dates[0], year) if dates else None,
        organization=_organization(entry.byline) if entry.byline else None,
        comments=int(dates[0][4] or 0) if dates else None,
        links=tuple(order_links(find_links(abstract))),
    )


def _day(found: re.Match[str], year: int) -> str | None:
    try:
        return date(int(found[3] or year), _MONTHS.index(found[1]) + 1, int(found[2])).isoformat()
    except ValueError:  # no such day, such as February 29 of the wrong year
        return None


def _organization(byline: _Line) -> Organization | None:
    found = _BYLINE.fullmatch(byline.text)
    return Organization(found[1], clean_line(found[2] or "")) if found else None
