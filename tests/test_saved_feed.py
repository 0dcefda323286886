"""Feeds among the files that `import` reads."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from papers_tui.domain.errors import NotAPage
from papers_tui.sources.saved_feed import is_feed
from papers_tui.sources.saved_page import Page, read_page

DAY = date(2026, 11, 21)
RSS = b"""<?xml version="1.0" encoding="iso-8859-1"?><!-- a journal's -->
<rss version="2.0"><channel><title>Notes</title><link>https://notes.example.org/</link>
<item><title>On caf\xe9 queues</title><link>https://notes.example.org/queues</link>
<description>&lt;p&gt;People who wait are counted by two cameras, and both agree.&lt;/p&gt;</description></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title>
<entry><id>tag:example.org,2026:1</id><title>Counting</title>
<link href="https://arxiv.org/abs/2402.16107"/></entry></feed>"""
ARXIV = b"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/abc</id><title>arXiv Query</title>
<entry><id>http://arxiv.org/abs/2402.16107v2</id><title>Knowledge
  Fusion</title><summary>  Models become one.</summary><published>2024-02-25T15:11:58Z</published>
<category term="cs.CL"/><author><name>Fanqi Wan</name></author></entry></feed>"""
JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Notes",
        "items": [{"id": "1", "url": "https://notes.example.org/1", "title": "Counting"}],
    }
).encode()


def read(data: bytes, name: str = "saved.xml") -> Page:
    return read_page(data, name=name, modified=DAY, today=DAY)


@pytest.mark.parametrize(
    ("data", "identity", "title"),
    [
        (RSS, "url:https://notes.example.org/queues", "On café queues"),
        (ATOM, "arxiv:2402.16107", "Counting"),
        (ARXIV, "arxiv:2402.16107", "Knowledge Fusion"),
        (JSON_FEED, "url:https://notes.example.org/1", "Counting"),
        (
            b"\xef\xbb\xbf\n" + RSS.replace(b"iso-8859-1", b"utf-8").replace(b"\xe9", b"e"),
            "",
            "On cafe queues",
        ),
    ],
)
def test_a_saved_feed_comes_in(data: bytes, identity: str, title: str) -> None:
    (paper,) = read(data).papers
    assert paper.title == title
    assert identity in (paper.id, "")


def test_arxivs_own_answer_keeps_what_only_arxiv_knows() -> None:
    (paper,) = read(ARXIV).papers
    assert (paper.version, paper.categories, paper.authors) == (2, ("cs.CL",), ("Fanqi Wan",))
    assert paper.published == "2024-02-25T15:11:58Z"


@pytest.mark.parametrize(
    "data",
    [
        b"<html><head><title>rss</title></head></html>",
        b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        b"<?xml version='1.0'?><opml version='2.0'><body/></opml>",
        b'{"version": "1"}',
        b"A title\n\nAn abstract that speaks of <rss> and <feed>.",
        b"",
        b"<",
        b"<!--",
    ],
)
def test_other_files_are_no_feeds(data: bytes) -> None:
    assert not is_feed(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<rss version='2.0'><channel><title>Nothing</title></channel></rss>",
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
        b"<feed xmlns='http://www.w3.org/2005/Atom'" + b" a='1'" * 5000 + b"/>",
        ARXIV[:300],
    ],
)
def test_a_feed_without_papers_is_told(data: bytes) -> None:
    with pytest.raises(NotAPage) as told:
        read(data)
    assert told.value.title == "saved.xml"
    assert told.value.message


def test_recorded_feeds_come_in(shared: Path) -> None:
    for path in sorted((shared / "arxiv").rglob("*_2025-0*.xml")):
        page = read(path.read_bytes(), path.name)
        assert page.kind == "a feed of arXiv"
        assert page.papers
        assert all(paper.id.startswith("arxiv:") for paper in page.papers)
    for path in sorted((shared / "hf" / "jsonfeed_snapshots" / "hf_papers_json").glob("*.json"))[:5]:
        assert read(path.read_bytes(), path.name).papers
