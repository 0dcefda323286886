"""What a source shows when somebody looks at it before following it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from papers_tui.domain.paper import Paper
from papers_tui.late import dataclass

ENTRIES = 5
"""As many entries tell what a source is like."""


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One of the newest papers of a source; `published` as in Paper, or empty."""

    title: str
    authors: tuple[str, ...] = ()
    published: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A feed that a web page offers: its address, and what the page calls it."""

    address: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a source turned out to be.

    `kind` and `address` are those to be kept, `name` what it would be called, `title` what it calls itself. `entries`
    are the first few of the `count` papers that came; `left_out` has a sentence for each entry that could not be read.
    `error` is a sentence where nothing could be had, and empty otherwise; `temporary` says that the same may work
    later. `offers` are all feeds of a web page, where one was asked: `address` is then that of the first good one.
    """

    kind: str
    address: str
    name: str
    title: str = ""
    entries: tuple[CheckedEntry, ...] = ()
    count: int = 0
    error: str = ""
    offers: tuple[Offer, ...] = ()
    left_out: tuple[str, ...] = ()
    temporary: bool = False


def first_entries(papers: Sequence[Paper]) -> tuple[CheckedEntry, ...]:
    """The first few papers, as far as a check shows them."""
    return tuple(
        CheckedEntry(paper.title, paper.authors, paper.published or paper.edition or "")
        for paper in papers[:ENTRIES]
    )


def to_checked_record(checked: Checked) -> dict[str, Any]:
    """The check as a JSON object; `left_out` and `temporary` only where they say something."""
    record: dict[str, Any] = {
        "kind": checked.kind,
        "address": checked.address,
        "name": checked.name,
        "title": checked.title,
        "entries": [
            {"title": entry.title, "authors": list(entry.authors), "published": entry.published}
            for entry in checked.entries
        ],
        "count": checked.count,
        "error": checked.error,
        "offers": [{"address": offer.address, "title": offer.title} for offer in checked.offers],
    }
    if checked.left_out:
        record["left_out"] = list(checked.left_out)
    if checked.temporary:
        record["temporary"] = True
    return record


def from_checked_record(record: Mapping[str, Any]) -> Checked:
    """The check that `to_checked_record` wrote; what is missing or of another type is left out."""
    count = record.get("count")
    return Checked(
        _text(record, "kind"),
        _text(record, "address"),
        _text(record, "name"),
        _text(record, "title"),
        tuple(
            CheckedEntry(_text(entry, "title"), _texts(entry, "authors"), _text(entry, "published"))
            for entry in _objects(record, "entries")
        ),
        count if isinstance(count, int) else 0,
        _text(record, "error"),
        tuple(Offer(_text(offer, "address"), _text(offer, "title")) for offer in _objects(record, "offers")),
        _texts(record, "left_out"),
        record.get("temporary") is True,
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = record.get(name)
    return tuple(value for value in values if isinstance(value, str)) if isinstance(values, list) else ()


def _objects(record: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    values = record.get(name)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
