"""Every reader of what comes from outside, given anything: it gives a value or a sentence, and nothing else happens."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.tallying import Tally

from papers_tui import rulebook, saved_views, subscriptions, watching
from papers_tui.config import load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.links import all_links, safe_url
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import parse
from papers_tui.domain.text import for_terminal
from papers_tui.journal.line import decode
from papers_tui.paths import find_paths, make
from papers_tui.sources.arxiv import parse_api, parse_rss
from papers_tui.sources.feeds.papers import papers_from_feed
from papers_tui.sources.feeds.reading import parse as parse_feed
from papers_tui.sources.huggingface import parse_page, parse_paper
from papers_tui.sources.json_lines import papers_from_lines
from papers_tui.sources.opml import read_opml, write_opml
from papers_tui.sources.saved_feed import read_feed
from papers_tui.sources.saved_page import read_page

TODAY = date(2026, 11, 21)
FEW, MANY = 40, 4000
"""Inputs for each reader: always, and in a long run."""

_ACTING = ("\x1b]0;x\x07", "\x9b2J", "\u202e", "\0", "\ud800", "\U000e0041", "[/b]", "\r", "\n")
_NUMBERS = ("0", "-1", "9" * 400, "1e999", "NaN", "2026-02-30", "0001-01-01", "9999-12-31T23:59:60Z")
_ADDRESSES = (
    "https://a.example/1", "javascript:alert(1)", "file:///etc/passwd", "//x", "https://u:p@a.example/", "http://[::1",
    "https://a.example/\u202e", "https://arxiv.org/abs/2402.16107v9", "feed:https://a.example", "\\\\host\\x",
)  # fmt: skip


def _wild(*words: str) -> st.SearchStrategy[str]:
    """Texts of the words of a format, of what acts on a terminal, of odd numbers and addresses, and of anything."""
    pieces = st.sampled_from((*words, *words, *_ACTING, *_NUMBERS, *_ADDRESSES)) | st.text(max_size=8)
    return st.lists(pieces, max_size=30).map("".join)


def _bytes(*words: str) -> st.SearchStrategy[bytes]:
    encodings = st.sampled_from(("utf-8", "utf-8", "utf-16", "latin-1"))
    texts = st.builds(lambda text, encoding: text.encode(encoding, "replace"), _wild(*words), encodings)
    return texts | st.binary(max_size=200)


_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from((*_ACTING, *_NUMBERS, *_ADDRESSES))
)


def _json(*names: str) -> st.SearchStrategy[Any]:
    return st.recursive(
        _LEAVES | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(names), inner, max_size=6)
        ),
        max_leaves=20,
    )


_PAPER = (
    "paper", "id", "keys", "title", "summary", "abstract", "authors", "name", "publishedAt", "published",
    "links", "url", "kind", "upvotes", "numComments", "organization", "fullname", "githubRepo", "projectPage",
    "ai_keywords", "tags", "categories", "version", "announce", "read", "starred", "note", "sources",
    "edition",
)  # fmt: skip


def _good(paper: Paper) -> None:
    """What every paper promises that comes from a reader."""
    assert paper.keys
    assert paper.title
    texts = (paper.title, paper.abstract, *paper.authors, *paper.categories)
    for text in texts:
        for line in text.split("\n"):
            assert for_terminal(line) == line
    for link in all_links(paper):
        assert safe_url(link.url) == link.url


def _sentences(faults: tuple[str, ...]) -> None:
    assert all(fault and for_terminal(fault) == fault for fault in faults)


def _query(text: str) -> None:
    parse(text)


def _opml(data: bytes) -> None:
    outline = read_opml(data)
    assert all(safe_url(feed.address) == feed.address for feed in outline.feeds)
    again = read_opml(write_opml(outline.feeds)).feeds
    assert {feed.address for feed in again} == {feed.address for feed in outline.feeds}
    _sentences(outline.faults)


def _lines(text: str) -> None:
    papers, faults = papers_from_lines(text)
    _sentences(faults)
    for paper in papers:
        _good(paper)


def _page(data: bytes) -> None:
    page = read_page(data, name="page.html", modified=TODAY, today=TODAY)
    for paper in page.papers:
        _good(paper)


def _saved_feed(data: bytes) -> None:
    for paper in read_feed(data, "feed.xml").papers:
        _good(paper)


def _feed(data: bytes) -> None:
    papers, faults = papers_from_feed(parse_feed(data, base_url="https://a.example/feed"), source="lab")
    _sentences(faults)
    for paper in papers:
        _good(paper)


def _json_feed(value: Any) -> None:
    _feed(json.dumps(value).encode())


def _api(data: bytes) -> None:
    for paper in parse_api(data).papers:
        _good(paper)


def _rss(data: bytes) -> None:
    for paper in parse_rss(data).papers:
        _good(paper)


def _daily(value: Any) -> None:
    page = parse_page(json.dumps(value).encode())
    _sentences(page.faults)
    for paper in page.papers:
        _good(paper)


def _extras(value: Any) -> None:
    found = parse_paper(json.dumps(value).encode())
    if found.paper is not None:
        _good(found.paper)


def _record(value: Any) -> None:
    _lines(json.dumps(value) + "\n")


def _journal(body: Any) -> None:
    """With the right checksum: it is what a journal holds that another machine, or a person, wrote."""
    data = json.dumps(body).encode()
    decode(b"%08x %s" % (zlib.crc32(data), data))


def _journal_bytes(data: bytes) -> None:
    assert decode(data) is None


_XML = (
    "<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "</link>",
    "<guid>", "</guid>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "</entry>", "<id>", "</id>",
    "<author>", "<name>", "</name>", "</author>", "<summary type='html'>", "</summary>", "<![CDATA[", "]]>",
    "<!--", "-->", "<!DOCTYPE r [", "<!ENTITY a '", "]>", "&a;", "&#0;", "&#x1b;", "&lt;b&gt;",
    "</channel></rss>", "</feed>", "<description>", "</description>", "<?xml", " encoding='utf-7'", "?>",
    "<pubDate>", "</pubDate>", "xml:base='", "'", ">", "<dc:creator>", "</dc:creator>",
)  # fmt: skip
_OPML = (
    "<opml>", "<body>", "<outline ", "text='", 'title="', "xmlUrl='", "type='rss'", "category='/a,b/c'", "'",
    '"', "/>", ">", "</outline>", "</body></opml>", "&amp;", "&#x1b;", "<!--", "-->",
)  # fmt: skip
_HTML = (
    "<html>", "<article>", "</article>", "<h3>", "</h3>", "<a href='", "/papers/2402.16107", "'>", "</a>",
    "<div ", "data-props='", "{&quot;paper&quot;:", "}", "]", "<script>", "</script>", "Daily Papers",
    "byAK and the research community\n", "Get trending papers in your email inbox!\n", "Subscribe\n\n",
    "  • 8 authors\n·\n", "Jun 12, 2017 31\n", "\n\n",
)  # fmt: skip
_QUERY = (
    "title:", "author:", "is:", "unread", "has:", "code", "after:", "before:", "7d", "-", "OR", "(", ")", '"',
    " ", "sort:", "date", "upvotes:", ">", "..", "tag:", "\\", "edition:", "NOT",
)  # fmt: skip
READERS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
    "query": (_wild(*_QUERY), _query),
    "opml": (_bytes(*_OPML), _opml),
    "json lines": (_wild('{"id": "', '"title": "', '"', "}", "{", "\n", ", ", "[", "]", ": "), _lines),
    "record": (_json(*_PAPER), _record),
    "saved page": (_bytes(*_HTML), _page),
    "saved feed": (_bytes(*_XML), _saved_feed),
    "feed": (_bytes(*_XML), _feed),
    "json feed": (_json("version", "items", "url", "content_html", *_PAPER), _json_feed),
    "arxiv api": (_bytes(*_XML), _api),
    "arxiv rss": (_bytes(*_XML), _rss),
    "daily papers": (st.lists(_json(*_PAPER), max_size=4), _daily),
    "paper of the hub": (_json(*_PAPER, "linkedModels", "linkedDatasets", "linkedSpaces"), _extras),
    "journal line": (_json("w", "n", "t", "kind", "set", "now", "was", "p", "pz", "by", "undo", "papers"), _journal),
    "journal bytes": (_bytes("00000000 ", "{}", "\n", "deadbeef "), _journal_bytes),
}  # fmt: skip


def _tried(reader: str, examples: int, tally: Tally) -> None:
    strategy, read = READERS[reader]

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(strategy)
    def test(value: Any) -> None:
        tally("hostile inputs")
        said = "it was read"
        try:
            read(value)
        except PapersError as refusal:
            said = refusal.message
        assert said

    test()


@pytest.mark.parametrize("reader", READERS)
def test_anything_ends_in_a_value_or_a_sentence(reader: str, tally: Tally) -> None:
    _tried(reader, FEW, tally)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("reader", READERS)
def test_a_hundred_times_as_much_does_too(reader: str, tally: Tally) -> None:
    _tried(reader, MANY, tally)


_TOML = (
    "[[source]]\n", "[[view]]\n", "[[rules]]\n", "[[author]]\n", "[keys]\n", "[services]\n", "name = ",
    "kind = ", "query = ", "when = ", "do = ", "address = ", "tags = ", "every = ", "key = ", '"', '"\n',
    "'feed'\n", "['dismiss']\n", "[", "]", "{", "}", "\n", "true\n", "99999999999999999999\n", "1979-05-27\n",
    "nan\n", "theme = ", "read_after = ", '"\\u0000"\n', "x.y.z = ",
)  # fmt: skip


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_any_settings_are_read_with_a_sentence_for_each_fault(
    tmp_path: Path, tally: Tally, examples: int
) -> None:
    paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path)})
    make(paths)

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(_bytes(*_TOML))
    def test(data: bytes) -> None:
        files = (
            paths.config_file,
            paths.sources_file,
            paths.views_file,
            paths.rules_file,
            paths.authors_file,
        )
        for file in files:
            file.write_bytes(data)
        tally("hostile inputs", len(files))
        _sentences(load_config(paths.config_file)[1])
        _sentences(subscriptions.load(paths.sources_file)[1])
        _sentences(saved_views.load(paths.views_file)[1])
        _sentences(rulebook.load(paths).problems)
        _sentences(watching.load(paths.authors_file)[1])

    test()
