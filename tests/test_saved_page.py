"""Saved pages: pairs in `pages/`, tables of what is refused, the user's own files, and what must never happen."""

from __future__ import annotations

import codecs
import html
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.domain.errors import NotAPage
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.record import to_record
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources.page_text import page_year
from papers_tui.sources.saved_page import Page, read_page

PAGES = Path(__file__).parent / "pages"
PAIRS = sorted(path for path in PAGES.iterdir() if path.suffix != ".json")
TEXTS = [path for path in PAIRS if path.suffix == ".txt" and path.stem != "listing"]
SAVED = date(2025, 11, 8)
TODAY = date(2026, 2, 1)
HEADER = "Get trending papers in your email inbox!\n\nSubscribe\n\n"


def read(data: bytes | str, *, modified: date = SAVED, today: date = TODAY) -> Page:
    return read_page(
        data if isinstance(data, bytes) else data.encode(), name="page", modified=modified, today=today
    )


def refused(data: bytes | str) -> NotAPage:
    with pytest.raises(NotAPage) as caught:
        read(data)
    assert "\n" not in str(caught.value)
    assert caught.value.title == "page"
    assert caught.value.hint
    return caught.value


def titles(page: Page) -> list[str]:
    return [paper.title for paper in page.papers]


def dated(*dates: str) -> str:
    """A page with one paper under each of these dates."""
    entries = [
        f"A Paper of Number {number}\n\n{abstract(number)}\n\n  • 2 authors\n·\n{when}\n"
        for number, when in enumerate(dates)
    ]
    return HEADER + "\n".join(entries)


def abstract(number: int) -> str:
    return (
        f"We measure the reach of lamp number {number} on a foggy pier. " + "Results vary with the fog. " * 9
    )


# Pairs


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.name)
def test_page_reads_as_written_beside_it(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    when = {name: date.fromisoformat(expected[name]) for name in ("modified", "today")}
    if "refused" in expected:
        with pytest.raises(NotAPage) as caught:
            read_page(path.read_bytes(), name=path.name, **when)
        assert (caught.value.message, caught.value.hint) == (expected["refused"], expected["hint"])
        return
    page = read_page(path.read_bytes(), name=path.name, **when)
    assert page.kind == expected["kind"]
    assert list(page.faults) == expected["faults"]
    optional = (
        "author_count",
        "published",
        "edition",
        "comments",
        "upvotes",
        "stars",
        "summary",
        "organization",
    )
    assert [told(paper, wanted) for paper, wanted in zip(page.papers, expected["papers"], strict=True)] == [
        dict.fromkeys(optional) | wanted for wanted in expected["papers"]
    ]


def told(paper: Paper, wanted: dict[str, Any]) -> dict[str, Any]:
    """The paper's own fields: all the optional ones, and of the others those that are asked for."""
    record = to_record(paper)
    always = (
        "author_count",
        "published",
        "edition",
        "comments",
        "upvotes",
        "stars",
        "summary",
        "organization",
    )
    return {name: record.get(name) for name in {*always, *wanted}}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="CR"),
        pytest.param(lambda text: text.replace("\n", "  \t\n"), id="trailing spaces"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line break"),
        pytest.param(lambda text: "\n\n \n" + text + "\n\n\n \n", id="blank lines around"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("  •", "\xa0 •"), id="no-break space"),
    ],
)
def test_layout_of_the_file_does_not_matter(path: Path, change: Any) -> None:
    text = path.read_text("utf-8")
    assert read(change(text)).papers == read(text).papers


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-8-sig"])
def test_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    text = (PAGES / "bylines.txt").read_text("utf-8")
    marks = {"utf-16-be": codecs.BOM_UTF16_BE, "utf-16-le": codecs.BOM_UTF16_LE}
    assert read(marks.get(encoding, b"") + text.encode(encoding)).papers == read(text).papers


# The text shapes


def test_one_title_with_two_abstracts_is_two_papers_and_one_entry_twice_is_one() -> None:
    page = read((PAGES / "blank_lines.txt").read_bytes())
    assert titles(page).count("Moss on North Walls") == 2
    assert len({paper.id for paper in page.papers}) == len(page.papers)
    assert all(paper.keys == (text_key(paper.title, paper.abstract),) for paper in page.papers)


def test_links_come_from_the_abstract() -> None:
    (first, *_) = read((PAGES / "bylines.txt").read_bytes()).papers
    assert [(link.url, link.kind) for link in first.links] == [
        ("https://github.com/example-lab/harbour-maps", "code")
    ]


@pytest.mark.parametrize(
    ("written", "modified", "today", "year"),
    [
        ((), 2023, 2026, 2023),
        (("Nov 7",), 2024, 2026, 2024),
        (("Nov 7", "Oct 14, 2020"), 2026, 2026, 2021),
        (("Oct 14, 2020", "Jun 1, 2024 3", "Mar 2 1"), 2026, 2026, 2025),
        (("Jun 1, 2025", "Mar 2"), 2026, 2026, 2026),
        (("Jun 1, 2026", "Mar 2"), 2026, 2026, 2026),
        (("Jun 1, 2031", "Mar 2"), 2025, 2026, 2025),
        (("Nov 7, 2024", "Mar 2"), 2026, 2026, 2025),
    ],
)
def test_year_of_the_page(written: Sequence[str], modified: int, today: int, year: int) -> None:
    assert page_year(written, modified=date(modified, 6, 1), today=date(today, 6, 1)) == year


def test_year_in_an_abstract_says_nothing_about_the_page() -> None:
    text = dated("Mar 2", "Jun 1, 2021").replace("a foggy pier", "a foggy pier as of Jun 1, 2024")
    assert [paper.published for paper in read(text).papers] == ["2022-03-02", "2021-06-01"]


@pytest.mark.parametrize(
    ("line", "published", "comments"),
    [
        ("Mar 17, 2024 2", "2024-03-17", 2),
        ("Mar 17, 2024", "2024-03-17", 0),
        ("Feb 29, 2024", "2024-02-29", 0),
        ("Feb 29, 2023 4", None, 4),
        ("Feb 30, 2024", None, 0),
        ("Jan 0, 2024", None, 0),
        ("Jan 1, 0000", None, 0),
    ],
)
def test_date_line(line: str, published: str | None, comments: int) -> None:
    (paper,) = read(dated(line)).papers
    assert (paper.published, paper.comments, paper.author_count) == (published, comments, 2)


def test_leap_day_without_a_year_has_no_date_in_a_common_year() -> None:
    assert [paper.published for paper in read(dated("Feb 29", "Mar 1, 2022")).papers] == [None, "2022-03-01"]
    assert [paper.published for paper in read(dated("Feb 29", "Mar 1, 2023")).papers] == [
        "2024-02-29",
        "2023-03-01",
    ]


@pytest.mark.parametrize(
    ("byline", "organization"),
    [
        ("netflix Netflix", Organization("netflix", "Netflix")),
        ("lone-account", Organization("lone-account")),
        ("x.y_z  Institute of Ports, Ltd.", Organization("x.y_z", "Institute of Ports, Ltd.")),
        ("uni Universität für Häfen", Organization("uni", "Universität für Häfen")),
    ],
)
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_byline_of_an_organization(byline: str, organization: Organization, gap: str) -> None:
    text = HEADER + f"Lamps on Piers{gap}{abstract(1)}{gap}{byline}\n·\nOct 22, 2024 2\n"
    (paper,) = read(text).papers
    assert (paper.organization, paper.abstract) == (organization, abstract(1).strip())


def test_abstract_over_a_dot_is_no_byline() -> None:
    (paper,) = read(f"{HEADER}Lamps on Piers\n\nWe correct a sign\n·\nOct 22, 2024\n").papers
    assert (paper.organization, paper.abstract) == (None, "We correct a sign")


@pytest.mark.parametrize(
    ("glued", "title"),
    [
        ("SubscribeThe Consensus", "The Consensus"),
        ("SubscribepFed Lamps", "pFed Lamps"),
        ("Subscribe3D Lamps", "3D Lamps"),
        ("Subscribers of Old Papers", "Subscribers of Old Papers"),
        ("Subscribe and Forget", "Subscribe and Forget"),
    ],
)
def test_button_glued_to_the_first_title(glued: str, title: str) -> None:
    text = (
        f"Get trending papers in your email inbox!\n{glued}\n{abstract(1)}\nSubscribed Twice\n{abstract(2)}\n"
    )
    assert titles(read(text)) == [title, "Subscribed Twice"]


def test_pages_one_behind_the_other_without_a_line_break() -> None:
    joined = "".join(
        (PAGES / name).read_text("utf-8").rstrip() for name in ("bylines.txt", "blank_lines.txt")
    )
    joined += (PAGES / "no_blank_lines.txt").read_text("utf-8")
    found = read(joined)
    apart = [
        read((PAGES / name).read_bytes()) for name in ("bylines.txt", "blank_lines.txt", "no_blank_lines.txt")
    ]
    assert set(titles(found)) == {title for page in apart for title in titles(page)}
    assert not found.faults


def test_paragraphs_wrapped_by_an_editor_are_joined() -> None:
    text = (PAGES / "bare.txt").read_text("utf-8")
    wrapped = "\n\n".join(textwrap.fill(line, 72) for line in text.split("\n\n"))
    assert read(HEADER + wrapped).papers == read(text).papers


@pytest.mark.parametrize(
    "more",
    [
        "A second paragraph of the same abstract, which says in two clauses what the first one left out, and ends.",
        "Code: https://github.com/example-lab/lamps",
        "We also list all lamps.",
    ],
)
@pytest.mark.parametrize(("gap", "joint"), [("\n\n", "\n\n"), ("\n", " ")])
def test_abstract_of_several_lines(more: str, gap: str, joint: str) -> None:
    first, second = abstract(1).strip(), abstract(2).strip()
    text = f"{HEADER}Lamps on Piers\n\n{first}{gap}{more}\n\nLights and Shadows on Quays\n\n{second}\n"
    assert [(paper.title, paper.abstract) for paper in read(text).papers] == [
        ("Lamps on Piers", f"{first}{joint}{more}"),
        ("Lights and Shadows on Quays", second),
    ]


def test_details_without_an_abstract_leave_the_abstract_empty() -> None:
    text = dated("Mar 1, 2024") + "\nA Title Alone\n\n  • 3 authors\n·\nMar 2, 2024\n"
    assert [(paper.title, bool(paper.abstract)) for paper in read(text).papers] == [
        ("A Paper of Number 0", True),
        ("A Title Alone", False),
    ]


# What is refused


PROSE = (
    "Rain fell on the harbour all night. The boats stayed in. Nobody spoke of the model of the old pier. " * 4
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is an empty file"),
        (b" \r\n\t\n", "it is an empty file"),
        (codecs.BOM_UTF8, "it is an empty file"),
        (b"\x1f\x8b\x08\0\0", "it is gzip"),
        (b"%PDF-1.7\n", "it is a PDF"),
        (b"PK\x03\x04abc", "it is a zip archive"),
        (b"\x89PNG\r\n\x1a\n", "it is a PNG image"),
        (b"bplist00\xd1", "it is a binary property list or Safari web archive"),
        (b"a\0b", "it is a binary file, or UTF-16 without a byte order mark (a zero at byte 1)"),
        ("Títles".encode("cp1252"), "it is not UTF-8 text (byte 0xed at 1)"),
        (codecs.BOM_UTF8 + b"ab\xff", "it is not UTF-8 text (byte 0xff at 5)"),
        (codecs.BOM_UTF16_LE + b"\0\xd8", "it is not UTF-16-LE text (byte 0x00 at 2)"),
        ("[]", "it is an empty list: no papers in it"),
        ("[1, 2]", "it is JSON of another shape (a list without papers)"),
        ('"ok"', 'it is JSON of another shape (only "ok")'),
        ("null", "it is JSON of another shape (only null)"),
        ("3.5", "it is JSON of another shape (only 3.5)"),
        ("{}", "it is JSON of another shape (an object without papers)"),
        ('{"error": "Invalid\\ndate"}', 'it is the error answer of a service ("Invalid date")'),
        ('{"dailyPapers": []}', "it is service JSON, but no papers are in it"),
        ('[{"a": 1}, {}]', "it is JSON of another shape (a list without papers)"),
        (
            '[{"title": "a"}, {}]',
            "it is service JSON, but no paper in it is whole (row 1: it has no id and 1 more)",
        ),
        ('[{"paper": {"id": "2511', "the JSON is cut short (it breaks off at line 1, column 19)"),
        ('[{"paper":\n {"id": tru', "the JSON is cut short (it breaks off at line 2, column 9)"),
        ("[1,]", "the JSON has a fault at line 1, column 4: Expecting value"),
        ("[" * 100_000, "the JSON is nested too deeply"),
        ('{"a":' * 100_000, "the JSON is nested too deeply"),
        (
            '{"keys": [], "title": 3}\n{"keys": 1}\n',
            "it is JSON Lines, but no paper in it is whole (line 1: ",
        ),
        ("<p>Hello</p>", "it is HTML, but no Daily Papers page"),
        ("<title>\n429  Slow\ndown</title>", 'it is HTML ("429  Slow down"), but no Daily Papers page'),
        ("<?xml version='1.0'?><opml/>", "it is XML, but no saved page"),
        ("<?xml version='1.0'?><rss/>", "it is a feed, but no papers are in it"),
        (
            '<div data-target="DailyPapers" data-props="{&quot;dailyPapers&quot;:[]}">',
            "it is saved HTML, but no papers",
        ),
        (
            '<div data-target="DailyPapers" data-props="{&quot;daily',
            "it is a Daily Papers page, but its data is cut short",
        ),
        (
            '<div data-target="DailyPapers" data-props="{&quot;d">',
            "it is saved HTML, but in the data of its DailyPapers",
        ),
        (HEADER, "it is saved text, but no papers are in it"),
        (PROSE, "it is text, but nothing in it looks like a page of papers"),
        ("\n\n".join([PROSE] * 6), "it is text, but nothing"),
        (
            "2025-11-07 10:00:01 INFO started\n2025-11-07 10:00:02 INFO stopped\n" * 20,
            "it is text, but nothing",
        ),
        ("title,abstract\n" + f'"Lamps on Piers","{abstract(1)}"\n' * 5, "it is text, but nothing"),
        (
            f"# Read me\n\n{PROSE}\n\n## Installing It\n\n{PROSE}\n\n## Using It\n\n{PROSE}\n",
            "it is text, but nothing",
        ),
        (f"From: a@example.org\nSubject: Lamps\n\n{PROSE}\n\nRegards,\nAda\n", "it is text, but nothing"),
        ("def lamp(x):\n    return x + 1\n\n\nclass Pier:\n    pass\n" * 10, "it is text, but nothing"),
        (
            "Submitted by\nheron\n42\nLamps\n\nSubmitted by\nplover\n3\nPiers\n",
            "it is the text of the daily listing",
        ),
    ],
)
def test_refusal_says_what_was_found(data: bytes | str, message: str) -> None:
    assert refused(data).message.startswith(message)


def test_a_title_in_square_brackets_is_not_json() -> None:
    text = (PAGES / "bare.txt").read_text("utf-8")
    assert titles(read(f"[Re] {text}"))[0].startswith("[Re] Cooling")


def test_the_name_is_for_messages_only() -> None:
    data = (PAGES / "bylines.txt").read_bytes()
    pages = {read_page(data, name=name, modified=SAVED, today=TODAY) for name in ("a.json", "b.pdf", "-")}
    assert len(pages) == 1
    with pytest.raises(NotAPage, match=r"^two lines: it is"):
        read_page(b"x", name="two\nlines", modified=SAVED, today=TODAY)


# HTML and JSON


def element(target: str, props: object) -> str:
    return f"<div data-props='{html.escape(json.dumps(props))}' data-target={target}></div>"


ROW = {"paper": {"id": "2511.00001", "title": "Lamps", "summary": abstract(1)}, "numComments": 2}
OTHER = {"paper": {"id": "2511.00002", "title": "Piers", "summary": abstract(2)}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (element("DailyPapers", {"dailyPapers": [ROW, OTHER]}), ["Lamps", "Piers"]),
        (element("TrendingPapers", {"dailyPapers": [OTHER]}), ["Piers"]),
        (element("Footer", {"a": 1}) + element("DailyPapers", {"dailyPapers": [ROW]}), ["Lamps"]),
        (element("PaperContent", ROW), ["Lamps"]),
        (element("PaperContent", ROW) + element("DailyPapers", {"dailyPapers": [OTHER]}), ["Piers"]),
        (
            "<div data-target=Broken data-props='{'>" + element("DailyPapers", {"dailyPapers": [ROW]}),
            ["Lamps"],
        ),
        ("<![weird[ <!-- <a b='c" + element("DailyPapers", {"dailyPapers": [ROW]}), ["Lamps"]),
        ("<p>data-props</p><p data-props>" + element("DailyPapers", {"dailyPapers": [ROW]}), ["Lamps"]),
        (
            "<P DATA-X=1\n  data-props='{&#99999;}' >" + element("DailyPapers", {"dailyPapers": [ROW]}),
            ["Lamps"],
        ),
        (f"<p data-props='&#{'9' * 5000};'>" + element("DailyPapers", {"dailyPapers": [ROW]}), ["Lamps"]),
    ],
)
def test_data_in_an_html_page(body: str, expected: list[str]) -> None:
    document = f"<!DOCTYPE html><html><head><title>x</title></head><body>{body}"
    assert titles(read(document)) == expected


@pytest.mark.parametrize(
    "found",
    [
        [ROW, OTHER],
        {"dailyPapers": [ROW, OTHER]},
        [ROW["paper"], OTHER],
        [to_record(read(json.dumps(ROW)).papers[0]), OTHER],
    ],
)
def test_service_json(found: object) -> None:
    page = read(json.dumps(found, indent=1))
    assert (page.kind, titles(page)) == ("service JSON", ["Lamps", "Piers"])


def test_one_row_and_one_record_are_told_apart_by_the_keys() -> None:
    assert read(json.dumps(ROW)).kind == "service JSON"
    assert read(json.dumps(ROW["paper"])).kind == "service JSON"
    (paper,) = read(json.dumps(ROW)).papers
    page = read(json.dumps(to_record(paper)))
    assert (page.kind, page.papers) == ("JSON Lines", (paper,))


def test_no_field_of_a_record_gets_lost() -> None:
    paper = Paper(
        keys=("arxiv:2402.16107", "doi:10.1000/x", text_key("Lamps", "Short.")),
        title="Lamps",
        abstract="Short.",
        authors=("Ada Example",),
        author_count=3,
        published="2025-11-07T10:00:00Z",
        edition="2025-11-08",
        organization=Organization("lab", "The Lab"),
        upvotes=1,
        comments=2,
        stars=4,
        summary="Lamps, in short.",
        author_comment="8 pages",
        keywords=("lamp",),
        categories=("cs.LG",),
        version=2,
        announce="new",
        links=(Link("https://github.com/lab/lamps", "code", "our code", "official", True),),
    )
    assert all(getattr(paper, field.name) != field.default for field in fields(paper))
    assert read(json.dumps(to_record(paper))).papers == (paper,)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_ends_where_any_system_ends_it(ending: str) -> None:
    page = read(ending.join((json.dumps(ROW), "", "garbage", json.dumps(OTHER))))
    assert (page.kind, titles(page)) == ("JSON Lines", ["Lamps", "Piers"])
    assert page.faults == ("line 3: the JSON has a fault at line 3, column 1: Expecting value",)


def test_lines_may_begin_with_a_broken_one() -> None:
    page = read("garbage\n" + json.dumps(ROW) + "\n\n" + json.dumps(OTHER))
    assert (page.kind, titles(page)) == ("JSON Lines", ["Lamps", "Piers"])
    assert page.faults == ("line 1: the JSON has a fault at line 1, column 1: Expecting value",)


@pytest.mark.parametrize(
    ("keys", "kept"),
    [
        (["arxiv:2402.16107v3"], ["arxiv:2402.16107"]),
        (["arxiv:hep-th/9901001"], ["arxiv:hep-th/9901001"]),
        (["https://arxiv.org/abs/2402.16107"], ["arxiv:2402.16107"]),
        (["arxiv:2402.1", "arxiv:", "arxiv:../../etc", "arxiv:２４０２.16107"], []),
        (
            ["guid:feed:1", "doi:10.1000/X", "url:https://example.org/a"],
            ["doi:10.1000/x", "url:https://example.org/a", "guid:feed:1"],
        ),
        (["url:javascript:alert(1)", "doi:x", "guid:", "text:xyz", "other:1", "", "guid:a\x1b[31mb"], []),
        (["text:0123456789abcdef0123"], ["text:0123456789abcdef0123"]),
    ],
)
def test_keys_of_a_record_are_checked(keys: list[str], kept: list[str]) -> None:
    (paper,) = read(json.dumps({"keys": keys, "title": "Lamps", "abstract": "Short."})).papers
    assert list(paper.keys) == [*kept, text_key("Lamps", "Short.")]


def test_texts_and_links_of_a_record_are_checked() -> None:
    record = {
        "keys": [],
        "title": "\x1b[31mLamps\non piers",
        "authors": ["Ada\tExample", "\x07"],
        "organization": {"name": "\u202elab"},
        "published": "2025-13-01",
        "edition": "2025-11-07",
        "author_comment": "12 pages\x1b[0m,\n3 figures",
        "upvotes": -1,
        "links": [
            {"url": "https://example.org/a", "kind": "nonsense", "origin": "nonsense", "label": "\x1b[1ma"},
            {"url": "file:///etc/passwd"},
        ],
    }
    (paper,) = read(json.dumps(record)).papers
    assert (paper.title, paper.authors, paper.published, paper.upvotes) == (
        "Lamps on piers",
        ("Ada Example",),
        None,
        None,
    )
    assert (paper.edition, paper.author_comment) == ("2025-11-07", "12 pages, 3 figures")
    assert paper.organization == Organization("lab")
    assert [(link.url, link.kind, link.origin, link.label) for link in paper.links] == [
        ("https://example.org/a", "other", "abstract", "a")
    ]


# What must never happen


def check(page: Page) -> None:
    """What holds for every page that is read."""
    assert page.papers
    assert len({paper.id for paper in page.papers}) == len(page.papers)
    for paper in page.papers:
        assert paper.title == clean_line(paper.title) != ""
        assert paper.abstract == clean_text(paper.abstract)
        # An entry of a feed may have a title alone, which is no identity.
        assert page.kind == "a feed" or text_key(paper.title, paper.abstract) in paper.keys
        assert all(re.match(r"https?://", link.url) for link in paper.links)
    assert all("\n" not in fault for fault in page.faults)


def check_outcome(data: bytes) -> None:
    """A page, or a refusal of one line; nothing else may come of any bytes."""
    try:
        page = read(data)
    except NotAPage as fault:
        page, message = None, str(fault)
    if page:
        check(page)
    else:
        assert len(message.splitlines()) == 1


@given(st.binary(max_size=300))
def test_any_bytes_are_a_page_or_refused(data: bytes) -> None:
    check_outcome(data)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_mutated_page_is_a_page_or_refused(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from(PAIRS)).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        start = data.draw(st.integers(0, len(whole)))
        end = min(len(whole), start + data.draw(st.sampled_from([0, 1, 3, 50, 10_000])))
        whole[start:end] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\n", b"\n\n", b"{", b'"', b"<", b"\xc2\xb7"])
        )
    check_outcome(bytes(whole))


WORDS = st.sampled_from(
    ("lamp", "pier", "harbour", "model", "of", "the", "results", "we", "show", "fog", "Quay", "and")
)
TITLES = st.lists(WORDS, min_size=2, max_size=14).map(lambda words: " ".join(words).title())
ABSTRACTS = st.lists(st.lists(WORDS, min_size=5, max_size=14), min_size=5, max_size=12).map(
    lambda sentences: " ".join(" ".join(words).capitalize() + "." for words in sentences)
)


@given(
    papers=st.lists(st.tuples(TITLES, ABSTRACTS), min_size=1, max_size=8, unique=True),
    gap=st.sampled_from(["\n", "\n\n"]),
    details=st.lists(
        st.sampled_from(["", "  • 4 authors\n·\nMar 17 2", "lab Lamp Lab\n·\nOct 2, 2024"]),
        min_size=8,
        max_size=8,
    ),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_paper_of_a_page_is_found(papers: list[tuple[str, str]], gap: str, details: list[str]) -> None:
    entries = [gap.join(filter(None, (*paper, under))) for paper, under in zip(papers, details, strict=False)]
    page = read(HEADER + gap.join(entries))
    assert [(paper.title, paper.abstract) for paper in page.papers] == papers


# The user's own files


@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        (
            "000_0c86a5710aabc247.txt",
            72,
            "MaTVLM: Hybrid Mamba-Transformer for Efficient Vision-Language Modeling",
            "EMO: Earth Mover Distance Optimization for Auto-Regressive Language Modeling",
        ),
        (
            "002_54da9370a687a681.txt",
            57,
            "Probing Natural Language Inference Models through Semantic Fragments",
            "E2S2: Encoding-Enhanced Sequence-to-Sequence Pretraining for Language Understanding and Generation",
        ),
        (
            "003_13b1a67f12f8f081.txt",
            220,
            "The Consensus Game: Language Model Generation via Equilibrium Search",
            "CMM-Math: A Chinese Multimodal Math Dataset To Evaluate and Enhance the Mathematics Reasoning of Large "
            "Multimodal Models",
        ),
    ],
)
def test_saved_searches(shared: Path, name: str, count: int, first: str, last: str) -> None:
    data = (shared / "seeds" / name).read_bytes()
    page = read(data)
    assert (page.kind, len(page.papers), page.faults) == ("saved text", count, ())
    assert (page.papers[0].title, page.papers[-1].title) == (first, last)
    lines = {clean_text(line) for line in data.decode().splitlines()}
    assert all(paper.abstract in lines and len(paper.abstract) > 300 for paper in page.papers)
    assert all(
        paper.title in lines for paper in page.papers if paper.title != "The Consensus Game: " + first[20:]
    )
    check(page)


def test_details_of_a_saved_search(shared: Path) -> None:
    papers = read((shared / "seeds" / "000_0c86a5710aabc247.txt").read_bytes()).papers
    facts = {paper.title: (paper.author_count, paper.published, paper.comments) for paper in papers}
    assert facts[papers[0].title] == (4, "2025-03-17", 2)
    assert facts["AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients"] == (
        7,
        "2020-10-14",
        0,
    )
    assert facts[papers[-1].title] == (3, "2023-10-07", 0)
    assert {title for title, fact in facts.items() if fact == (None, None, None)} == {
        "Enabling Flexible Multi-LLM Integration for Scalable Knowledge Aggregation",
        "Efficient Parallel Samplers for Recurrent-Depth Models and Their Connection to Diffusion Language Models",
    }
    (netflix,) = (paper for paper in papers if paper.organization)
    assert netflix.title.startswith("Rank-GRPO: ")
    assert netflix.organization == Organization("netflix", "Netflix")
    assert (netflix.author_count, netflix.published, netflix.comments) == (None, "2025-10-22", 2)
    assert sum(paper.author_count == 1 for paper in papers) == 4
    assert sum(paper.published is not None and paper.published.startswith("2025") for paper in papers) == 22


def test_all_saved_searches_through_one_pipe(shared: Path) -> None:
    files = sorted((shared / "seeds").glob("*.txt"))
    apart = {paper.id for path in files for paper in read(path.read_bytes()).papers}
    together = read(b"".join(path.read_bytes() for path in files))
    assert ({paper.id for paper in together.papers}, together.faults) == (apart, ())


def test_hostile_files_are_read_or_refused(shared: Path) -> None:
    files = sorted(path for path in (shared / "hostile" / "files").rglob("*") if path.is_file())
    assert files
    for path in files:
        check_outcome(path.read_bytes())


def test_saved_edition_as_html(shared: Path) -> None:
    rows = json.loads((shared / "hf" / "daily_papers_2026" / "2026-05-13.json").read_text("utf-8"))
    document = (
        f"<!DOCTYPE html><html><body>{element('DailyPapers', {'dailyPapers': rows, 'periodType': 'day'})}"
    )
    page = read(document)
    assert (page.kind, len(page.papers), page.faults) == ("saved HTML", 71, ())
