"""Whole answers of Hugging Face: a page of rows, and the object of one paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from papers_tui.domain.links import order_links
from papers_tui.domain.paper import Link, Paper
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.sources.huggingface.rows import paper_from_row, papers_from_rows
from papers_tui.sources.json_text import load_answer

_LINKED = (
    ("linkedModels", "model", "https://huggingface.co/"),
    ("linkedDatasets", "dataset", "https://huggingface.co/datasets/"),
    ("linkedSpaces", "space", "https://huggingface.co/spaces/"),
)
_TOTALS = ("numTotalModels", "numTotalDatasets", "numTotalSpaces")
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}(?:/[A-Za-z0-9_][\w.-]{0,95})?", re.ASCII)
_MOST_OF_A_KIND = 20


@dataclass(frozen=True, slots=True)
class Page:
    """The papers of one page. `rows` counts all its rows, good and bad; `faults` has a sentence for each bad one.

    `error` is a sentence where the answer is no page.
    """

    papers: tuple[Paper, ...] = ()
    faults: tuple[str, ...] = ()
    rows: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What Hugging Face has of one paper.

    The links of `paper` hold, with origin "hub", the repositories that cite it: at most 20 of a kind, in the
    service's order. `models`, `datasets` and `spaces` count all there are. `error` is a sentence where the
    answer is no paper; then `paper` is None.
    """

    paper: Paper | None = None
    models: int = 0
    datasets: int = 0
    spaces: int = 0
    error: str | None = None


def parse_page(data: bytes) -> Page:
    """The answer of `/api/daily_papers` and `/api/papers/search`."""
    try:
        rows = load_answer(data)
    except ValueError as fault:
        return Page(error=str(fault))
    if not isinstance(rows, list):
        return Page(error=_refusal(rows) or "the answer is no list of papers")
    papers, faults = papers_from_rows(rows)
    return Page(papers, faults, len(rows))


def parse_paper(data: bytes) -> Extras:
    """The answer of `/api/papers/{id}`."""
    try:
        found = load_answer(data)
        if refusal := _refusal(found):
            return Extras(error=refusal)
        paper = paper_from_row(found)
    except ValueError as fault:
        sentence = str(fault)
        return Extras(
            error=sentence if sentence.startswith("the answer") else f"the answer is no paper: {sentence}"
        )
    inner: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    linked = [link for name, kind, before in _LINKED for link in _linked(inner.get(name), kind, before)]
    models, datasets, spaces = (
        _total(inner.get(total), inner.get(name))
        for total, (name, _, _) in zip(_TOTALS, _LINKED, strict=True)
    )
    return Extras(replace(paper, links=order_links((*paper.links, *linked))), models, datasets, spaces)


def _refusal(value: object) -> str | None:
    said = value.get("error") if isinstance(value, Mapping) else None
    return f'Hugging Face answers: "{clean_line(said)[:200]}"' if isinstance(said, str) else None


def _linked(values: object, kind: str, before: str) -> Iterator[Link]:
    for value in values[:_MOST_OF_A_KIND] if isinstance(values, list) else ():
        name = value.get("id") if isinstance(value, Mapping) else None
        if isinstance(name, str) and _REPOSITORY.fullmatch(name):
            title = value.get("title")
            label = clean_line(title)[:80] if isinstance(title, str) else ""
            yield Link(before + name, kind, label, "hub")


def _total(value: object, listed: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
        return value
    return len(listed) if isinstance(listed, list) else 0
