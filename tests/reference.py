"""What a query means, told as plainly as possible: one paper at a time, without an index, as slow as it likes."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from papers_tui.domain.query import (
    AllOf,
    AnyOf,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Not,
    Query,
    Term,
    Within,
    Words,
)
from papers_tui.library import Holding

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
_GREEK = {"α": "alpha", "β": "beta", "λ": "lambda", "Δ": "delta"}


def holds(query: Query, holding: Holding, today: date, since: str = "", latest: str = "") -> bool:
    """Whether a paper is among those of a query; `latest` is the day of the latest edition."""
    return all(_holds(term, holding, today, since, latest) for term in query.terms)


def _holds(term: Term, holding: Holding, today: date, since: str, latest: str) -> bool:
    match term:
        case Not(inner):
            return not _holds(inner, holding, today, since, latest)
        case AllOf(terms):
            return all(_holds(inner, holding, today, since, latest) for inner in terms)
        case AnyOf(terms):
            return any(_holds(inner, holding, today, since, latest) for inner in terms)
        case Words(text, _, prefix):
            return any(_says(passages, text, prefix) for passages in _places(holding).values())
        case Within(place, text, prefix):
            starts = place == "author" and text.startswith("=")
            return _says(_places(holding)[place], text, prefix, starts=starts)
        case Is(state):
            return _is(state, holding, since)
        case Has(what):
            return _has(what, holding)
        case Label("edition", name):
            return holding.paper.edition is not None and holding.paper.edition == (
                latest if name == "latest" else name
            )
        case Label("announce", name):
            return holding.paper.announce == name
        case Label():
            return any(_is_called(term, name) for name in _names(term.kind, holding))
        case Count(field, low, high):
            number = getattr(holding.paper, field)
            return number is not None and (low is None or number >= low) and (high is None or number <= high)
        case Dated() | Between():
            published = holding.paper.published
            return published is not None and _is_dated(term, date.fromisoformat(published[:10]), today)


def _is(state: str, holding: Holding, since: str) -> bool:
    marks = holding.state
    return {
        "unread": not marks.read and not marks.dismissed,
        "read": marks.read,
        "starred": marks.starred,
        "dismissed": marks.dismissed,
        "later": marks.later,
        "new": holding.added > since and not marks.dismissed,
    }[state]


def _has(what: str, holding: Holding) -> bool:
    if what == "note":
        return holding.state.note != ""
    if what == "tag":
        return holding.state.tags != ()
    links = [link for link in holding.links if link.kind == what]
    return any(what != "pdf" or link.origin != "abstract" for link in links)


def _names(kind: str, holding: Holding) -> tuple[str, ...]:
    organization = holding.paper.organization
    return {
        "tag": holding.state.tags,
        "source": holding.sources,
        "cat": holding.paper.categories,
        "topic": holding.paper.keywords,
        "org": (organization.fullname or organization.name,) if organization else (),
    }[kind]


def _is_called(label: Label, name: str) -> bool:
    given, wanted = _plain_name(name), _plain_name(label.name)
    if given == wanted or (label.prefix and given.startswith(wanted)):
        return True
    return not label.whole and label.kind != "tag" and _says((name,), label.name, label.prefix)


def _plain_name(name: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())


# Dates


def _is_dated(term: Dated | Between, day: date, today: date) -> bool:
    match term:
        case Between(first, last):
            after = not first or day >= _first_and_last(first, today)[0]
            return after and (not last or day <= _first_and_last(last, today)[1])
        case Dated("after", period):
            return day > _first_and_last(period, today)[1]
        case Dated("before", period):
            return day < _first_and_last(period, today)[0]
        case Dated(_, period) if period[-1] in "dwmy" and period[0].isdigit():
            return _first_and_last(period, today)[0] < day <= today
        case Dated(_, period):
            first_day, last_day = _first_and_last(period, today)
            return first_day <= day <= last_day


def _first_and_last(period: str, today: date) -> tuple[date, date]:
    if period in ("today", "yesterday"):
        day = today - timedelta(days=period == "yesterday")
        return day, day
    if period[-1] in "dw":
        day = today - int(period[:-1]) * timedelta(days=7 if period[-1] == "w" else 1)
        return day, day
    if period[-1] in "my":
        year, month = today.year, today.month
        for _ in range(int(period[:-1]) * (12 if period[-1] == "y" else 1)):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        day = date(year, month, min(today.day, monthrange(year, month)[1]))
        return day, day
    numbers = [int(part) for part in period.split("-")]
    year = numbers[0]
    month, last_month = (numbers[1], numbers[1]) if len(numbers) > 1 else (1, 12)
    if len(numbers) > 2:
        return date(year, month, numbers[2]), date(year, month, numbers[2])
    return date(year, month, 1), date(year, last_month, monthrange(year, last_month)[1])


# Words


def _places(holding: Holding) -> dict[str, tuple[str, ...]]:
    """The passages in which words may stand in a row."""
    return {
        "title": (holding.paper.title,),
        "author": (*holding.paper.authors, *map(_spelt_out, holding.paper.authors)),
        "abstract": (holding.paper.abstract,),
        "tags": holding.state.tags,
        "note": (holding.state.note,),
    }


def _says(passages: Iterable[str], text: str, prefix: bool, *, starts: bool = False) -> bool:
    """Whether any spelling of `text` stands in any of the passages, or in another spelling of their words; if it
    is what they are to start with, there."""
    asked = [words for words in (_words(text), _words(_joined(text)), _words(_spelt_out(text))) if words]
    for passage in passages:
        read = [_words(passage), *([first + second] for first, second in _pairs(passage))]
        single = re.split(r"[\W\d]+", unicodedata.normalize("NFC", passage))
        read += [_words(_spelt_out(word)) for word in single if _spelt_out(word) != word]
        if any(_in_a_row(words, there, prefix, starts) for words in asked for there in read):
            return True
    return False


def _in_a_row(wanted: list[str], words: list[str], prefix: bool, starts: bool) -> bool:
    for start in range(min(1 if starts else len(words), len(words) - len(wanted) + 1)):
        part = words[start : start + len(wanted)]
        if part == wanted or (
            prefix and part[:-1] == wanted[:-1] and part[-1:] and part[-1].startswith(wanted[-1])
        ):
            return True
    return False


def _words(text: str) -> list[str]:
    """Letters that stand together, numbers, and single signs of East Asian scripts and Greek."""
    found: list[str] = []
    kind = ""
    for sign in re.sub(r"\\([a-z]+)", r" \1 ", text):
        former, kind = kind, _kind(sign)
        if unicodedata.combining(sign):
            kind = former
        elif kind == "letter" and former == kind:
            found[-1] += _bare(sign)
        elif kind == "digit" and former == kind:
            found[-1] += sign
        elif kind:
            found.append(_bare(sign))
    return found


def _kind(sign: str) -> str:
    if sign in _GREEK:
        return "greek"
    if not sign.isalnum():
        return ""
    if sign.isdigit():
        return "digit"
    return (
        "east" if unicodedata.name(sign).startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) else "letter"
    )


def _bare(sign: str) -> str:
    if _kind(sign) == "east":
        return sign
    if sign in _GREEK:
        return _GREEK[sign]
    return "".join(
        part for part in unicodedata.normalize("NFD", sign) if not unicodedata.combining(part)
    ).casefold()


def _pairs(text: str) -> list[tuple[str, str]]:
    """The folded halves of words with one hyphen between letters."""
    chunks = re.findall(r"[\w-]+", text)
    halves = [chunk.split("-") for chunk in chunks if re.fullmatch(r"[^\W\d_]+-[^\W\d_]+", chunk)]
    return [
        (_words(first)[0], _words(second)[0]) for first, second in halves if len(_words(first + second)) == 1
    ]


def _joined(text: str) -> str:
    pairs = [f"{first}-{second}" for first, second in _pairs(text)]
    return re.sub(
        r"[\w-]+",
        lambda found: found[0].replace("-", "") if _folded_pair(found[0]) in pairs else found[0],
        text,
    )


def _folded_pair(chunk: str) -> str:
    return "-".join("".join(_words(half)) for half in chunk.split("-"))


def _spelt_out(text: str) -> str:
    return "".join(_UMLAUTS.get(sign, sign) for sign in unicodedata.normalize("NFC", text))
