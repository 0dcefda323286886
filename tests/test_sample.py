"""The sample library: what it has to show, and that it is fact."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from papers_tui.domain.paper import Paper
from papers_tui.domain.record import from_record
from papers_tui.domain.text import unicode_tex
from papers_tui.sample import sample_library

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@pytest.fixture(scope="module")
def samples() -> list[Paper]:
    text = (files("papers_tui.sample") / "papers.jsonl").read_text(encoding="utf-8")
    return [from_record(json.loads(line)) for line in text.splitlines()]


def test_there_are_enough_of_them_over_enough_editions(samples: list[Paper]) -> None:
    assert len({paper.id for paper in samples}) == len(samples) >= 24
    assert len({paper.edition for paper in samples if paper.edition}) >= 5


@pytest.mark.parametrize("kind", ["code", "model", "dataset", "project"])
def test_there_is_a_link_of_each_kind(samples: list[Paper], kind: str) -> None:
    assert any(link.kind == kind for paper in samples for link in paper.links)


def test_they_show_what_papers_can_be_like(samples: list[Paper]) -> None:
    titles = [paper.title for paper in samples]
    authors = [name for paper in samples for name in paper.authors]
    assert any(unicode_tex(title) != title for title in titles)
    assert any("[" in title for title in titles)
    assert max(map(len, titles)) > 120
    assert max(len(paper.authors) for paper in samples) > 500
    assert any(not name.isascii() for name in authors)
    assert any(paper.organization and paper.organization.fullname[0] >= "\u4e00" for paper in samples)
    assert any(paper.organization and paper.upvotes and paper.comments for paper in samples)


def test_each_has_a_summary_of_two_to_four_sentences(samples: list[Paper]) -> None:
    assert [
        paper.title for paper in samples if not 2 <= len(_SENTENCE_END.findall(paper.abstract)) <= 4
    ] == []


def test_titles_authors_and_dates_are_those_of_the_record(samples: list[Paper], shared: Path) -> None:
    recorded = {}
    for path in sorted((shared / "hf").rglob("*.json")):
        rows = json.loads(path.read_text(encoding="utf-8"))
        for row in rows.get("dailyPapers", []) if isinstance(rows, dict) else rows:
            if "paper" in row:
                recorded[f"arxiv:{row['paper']['id']}"] = row["paper"]
    checked = [paper for paper in samples if paper.id in recorded]
    assert len(checked) >= 24
    for paper in checked:
        fact = recorded[paper.id]
        names = [author["name"] for author in fact["authors"] if not author["hidden"]]
        assert (paper.title, list(paper.authors)) == (fact["title"], names)
        assert (paper.published or "")[:10] == fact["publishedAt"][:10]
        assert paper.edition == fact["submittedOnDailyAt"][:10]
        assert paper.abstract not in fact["summary"]


def test_the_library_holds_them_all(samples: list[Paper], tmp_path: Path) -> None:
    with sample_library(tmp_path) as library:
        assert library.counts().fixed["all"] == (len(samples), len(samples))
