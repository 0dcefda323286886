"""Daily Papers' JSON: field by field, bad rows beside good ones, whole answers, recorded and hostile ones; addresses
and editions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.sources.huggingface import (
    EditionState,
    Extras,
    Page,
    Period,
    daily_address,
    edition_state,
    editions_due,
    paper_address,
    paper_from_row,
    papers_from_rows,
    parse_page,
    parse_paper,
    parse_source,
    period_address,
    search_address,
)

ABSTRACT = "We time the tides of a small harbour."


def row(*, outer: dict[str, Any] | None = None, **inner: object) -> dict[str, Any]:
    """A row with the least it needs, and what is given: `inner` into its paper, `outer` beside it."""
    return {"paper": {"id": "2511.00001", "title": "Tides", "summary": ABSTRACT, **inner}, **(outer or {})}


def paper(*, outer: dict[str, Any] | None = None, **inner: object) -> Paper:
    return paper_from_row(row(outer=outer, **inner))


GOOD = {"paper": {"id": "2511.99999", "title": "The good neighbour", "summary": "Still there."}}


def test_the_least_a_row_needs() -> None:
    assert paper_from_row({"paper": {"id": "2511.00001", "title": "Tides"}}) == Paper(
        keys=("arxiv:2511.00001", text_key("Tides", "")), title="Tides"
    )


def test_all_fields() -> None:
    found = paper(
        outer={
            "publishedAt": "2025-11-05T19:00:00.000Z",
            "title": "Tides",
            "numComments": 3,
            "organization": {
                "_id": "1",
                "name": "harbour-lab",
                "fullname": "Harbour Lab",
                "avatar": "/a.png",
            },
        },
        authors=[
            {"name": "Ada Example", "hidden": False},
            {"name": "Bo", "hidden": True},
            {"name": "Cy Sample"},
        ],
        publishedAt="2025-11-06T00:00:00.000Z",
        submittedOnDailyAt="2025-11-07T23:30:00.000Z",
        upvotes=42,
        githubRepo="https://github.com/harbour-lab/tides",
        githubRepoAddedBy="admin",
        githubStars=7,
        projectPage="https://tides.example.org/",
        ai_summary="Tides,\ntimed.",
        ai_keywords=["Tides", "clocks", "tides"],
    )
    assert found == Paper(
        keys=("arxiv:2511.00001", text_key("Tides", ABSTRACT)),
        title="Tides",
        abstract=ABSTRACT,
        authors=("Ada Example", "Cy Sample"),
        published="2025-11-06T00:00:00Z",
        edition="2025-11-07",
        organization=Organization("harbour-lab", "Harbour Lab"),
        upvotes=42,
        comments=3,
        stars=7,
        summary="Tides, timed.",
        keywords=("Tides", "clocks"),
        links=found.links,
    )
    assert set(found.links) == {
        Link("https://github.com/harbour-lab/tides", "code", origin="admin"),
        Link("https://tides.example.org/", "project", label="Project page", origin="user"),
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-11-06T00:00:00.000Z", "2025-11-06T00:00:00Z"),
        ("2025-11-06T08:09:10Z", "2025-11-06T08:09:10Z"),
        ("2025-11-06T01:30:00+02:00", "2025-11-05T23:30:00Z"),
        ("2025-11-06 08:09:10", "2025-11-06T08:09:10Z"),
        ("2025-11-06", "2025-11-06"),
        ("2025-02-30", None),
        ("2025-02-30T00:00:00Z", None),
        ("2025-11-06T25:61:61Z", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("2025-11-06T00:00:00+99:99", None),
        ("10000-01-01T00:00:00Z", None),
        ("2025-W45-2", None),
        ("２０２５-11-06", None),
        ("2025-11-06T12:00:00Z\n2025-11-07T12:00:00Z", None),
        ("Thu, 06 Nov 2025 12:00:00 GMT", None),
        (1748952000000, None),
        (None, None),
        ([], None),
    ],
)
def test_dates_are_normalised_or_left_out(written: object, read: str | None) -> None:
    assert paper(publishedAt=written).published == read
    assert paper(submittedOnDailyAt=written).edition == (read[:10] if read else None)


def test_the_shifted_outer_date_is_never_used() -> None:
    assert paper(outer={"publishedAt": "2025-11-05T19:00:00.000Z"}).published is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (0, 0),
        (2**53 - 1, 2**53 - 1),
        (2**53, None),
        (-5, None),
        (True, None),
        (3.0, None),
        ("3", None),
        (None, None),
    ],
)
def test_counts_are_natural_numbers_or_left_out(written: object, read: int | None) -> None:
    found = paper(upvotes=written, githubStars=written, outer={"numComments": written})
    assert (found.upvotes, found.stars, found.comments) == (read, read, read)


@pytest.mark.parametrize(
    ("outer", "inner", "read"),
    [
        ({"name": "a", "fullname": "A"}, None, Organization("a", "A")),
        (None, {"name": "a"}, Organization("a")),
        ({"name": "a"}, {"name": "b"}, Organization("a")),
        ("a", {"name": "b", "fullname": 5}, Organization("b")),
        ({"fullname": "A"}, None, None),
        ({"name": 3}, [], None),
    ],
)
def test_organization(outer: object, inner: object, read: Organization | None) -> None:
    assert paper(outer={"organization": outer}, organization=inner).organization == read


@pytest.mark.parametrize(
    ("authors", "read"),
    [
        (None, ()),
        ("Ada", ()),
        ([None, 5, "Ada", {}, {"name": None}, {"name": 5}, {"name": " "}], ()),
        ([{"name": "Ada\n Example"}, {"name": "\x1b[31mBo"}], ("Ada Example", "Bo")),
        ([{"name": "Ada", "hidden": "yes"}], ("Ada",)),
    ],
)
def test_authors(authors: object, read: tuple[str, ...]) -> None:
    assert paper(authors=authors).authors == read


@pytest.mark.parametrize(
    ("keywords", "read"),
    [
        (None, ()),
        ("tides", ()),
        (["a", None, 5, ["b"], "", " c\n"], ("a", "c")),
        (["LoRA", "lora", "tides", "LORA", "Tides"], ("LoRA", "tides")),
    ],
)
def test_keywords(keywords: object, read: tuple[str, ...]) -> None:
    assert paper(ai_keywords=keywords).keywords == read


@pytest.mark.parametrize(
    ("added_by", "origin"),
    [
        ("user", "user"),
        ("admin", "admin"),
        ("auto", "auto"),
        (None, "user"),
        ("someone", "user"),
        ([], "user"),
    ],
)
def test_who_added_the_repository(added_by: object, origin: str) -> None:
    found = paper(githubRepo="https://github.com/a/b", githubRepoAddedBy=added_by)
    assert [(link.kind, link.origin) for link in found.links] == [("code", origin)]


def test_a_link_of_the_abstract_and_the_repository_are_one() -> None:
    found = paper(githubRepo="https://github.com/a/b", summary="Code: https://github.com/a/b.")
    assert [(link.url, link.origin) for link in found.links] == [("https://github.com/a/b", "user")]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "--help",
        "file:///etc/passwd",
        "https://user:pw@example.org/",
        "",
        None,
        5,
        ["https://a.org"],
    ],
)
def test_unsafe_addresses_are_left_out(address: object) -> None:
    assert paper(githubRepo=address, projectPage=address).links == ()


@pytest.mark.parametrize(
    ("identifier", "key"),
    [
        ("2511.00001", "arxiv:2511.00001"),
        ("0704.0001", "arxiv:0704.0001"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
    ],
)
def test_new_and_old_ids(identifier: str, key: str) -> None:
    assert paper(id=identifier).id == key


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        (None, "row 1: it is not an object"),
        ([], "row 1: it is not an object"),
        ("text", "row 1: it is not an object"),
        ({"paper": None, "title": "Tides"}, "row 1: its paper is not an object"),
        ({"paper": [], "title": "Tides"}, "row 1: its paper is not an object"),
        ({"title": "Tides"}, "row 1: it has no id"),
        (row(id=None), "row 1: it has no id"),
        (row(id=5), "row 1: its id is not an arXiv id"),
        (row(id="25\x0006"), "row 1 (2506): its id is not an arXiv id"),
        (row(id="../../x"), "row 1 (../../x): its id is not an arXiv id"),
        (row(id="２５１１.00001"), "row 1 (２５１１.00001): its id is not an arXiv id"),
        (row(id="x" * 1000), f"row 1 ({'x' * 40}): its id is not an arXiv id"),
        (row(title="  \n"), "row 1 (2511.00001): it has no title"),
        (row(title=7), "row 1 (2511.00001): it has no title"),
        (row(title=["Tides"]), "row 1 (2511.00001): it has no title"),
    ],
)
def test_a_bad_row_is_named_and_its_neighbour_kept(shape: object, fault: str) -> None:
    papers, faults = papers_from_rows([shape, GOOD])
    assert [found.title for found in papers] == ["The good neighbour"]
    assert faults == (fault,)


def test_outer_texts_stand_in_for_inner_ones() -> None:
    found = paper(title=None, summary=5, outer={"title": "Outer", "summary": "Text."})
    assert (found.title, found.abstract) == ("Outer", "Text.")


def test_older_rows_are_wrapped_at_the_column() -> None:
    found = paper(
        title="Tides\n  of a harbour", summary="We time the tides of\na small harbour. It\ntakes a year.\n"
    )
    assert found.title == "Tides of a harbour"
    assert found.abstract == "We time the tides of a small harbour. It takes a year."


def test_a_title_that_cannot_be_drawn_gives_way_to_the_id() -> None:
    assert paper(title="\u200b\u200b\u2060").title == "arXiv:2511.00001"


def test_a_bare_paper_and_a_search_row_are_rows() -> None:
    bare = {
        "id": "2511.00001",
        "title": "Tides",
        "summary": ABSTRACT,
        "upvotes": 3,
        "linkedModels": [{"id": "a/b"}],
    }
    search = row(
        outer={"highlightedTitle": "<mark>Tides</mark>", "highlightedSummary": "…", "upvoted": False}
    )
    papers, faults = papers_from_rows([bare])
    assert (papers[0].title, papers[0].upvotes, faults) == ("Tides", 3, ())
    assert paper_from_row(search).title == "Tides"


def test_a_paper_that_comes_twice_is_listed_once_as_it_came_last() -> None:
    papers, _ = papers_from_rows([row(upvotes=3), GOOD, row(upvotes=50)])
    assert [(found.title, found.upvotes) for found in papers] == [("Tides", 50), ("The good neighbour", None)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    *("id", "title", "summary", "authors", "publishedAt", "submittedOnDailyAt", "upvotes", "numComments"),
    *(
        "githubStars",
        "githubRepo",
        "githubRepoAddedBy",
        "projectPage",
        "organization",
        "ai_summary",
        "ai_keywords",
    ),
)


@given(
    inner=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=6),
    outer=st.dictionaries(st.sampled_from(("paper", *FIELDS)), JSON, max_size=3),
)
def test_no_value_of_any_field_spoils_the_batch(inner: dict[str, Any], outer: dict[str, Any]) -> None:
    papers, faults = papers_from_rows([row(**inner) | outer, outer, GOOD])
    assert papers[-1].title == "The good neighbour"
    assert len(papers) + len(faults) == 3


# Whole answers


def body(value: object) -> bytes:
    return json.dumps(value).encode()


def test_a_page_counts_all_its_rows() -> None:
    page = parse_page(body([row(), None, GOOD]))
    assert [found.title for found in page.papers] == ["Tides", "The good neighbour"]
    assert (page.rows, page.faults, page.error) == (3, ("row 2: it is not an object",), None)
    assert parse_page(b"[]") == Page()


@pytest.mark.parametrize("parse", [parse_page, parse_paper])
@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "the answer is empty"),
        (b"\n ", "the answer is empty"),
        (b"<!doctype html><title>502</title>", "the answer is a web page, not JSON"),
        (b"Too Many Requests\x1b[31m", 'the answer is not JSON but "Too Many Requests"'),
        (b'[{"paper": {"id": "2511.0', "the answer's JSON is cut short (it breaks off at line 1, column 19)"),
        (b"[" * 100_000, "the answer's JSON is nested too deeply"),
        (b'["\xff\xfe"]', "the answer is not text"),
        (b'{"error": "Invalid\\n date"}', 'Hugging Face answers: "Invalid date"'),
        ('{"error": "nein"}'.encode("utf-16"), 'Hugging Face answers: "nein"'),
    ],
)
def test_an_answer_that_holds_no_papers_says_why(
    parse: Callable[[bytes], Page | Extras], data: bytes, error: str
) -> None:
    assert parse(data) in (Page(error=error), Extras(error=error))


def test_a_fault_in_an_answer_is_placed() -> None:
    assert str(parse_page(b"[{]").error).startswith("the answer's JSON has a fault at line 1, column 3: ")


@pytest.mark.parametrize("data", [b"null", b"{}", b'"x"', b"7"])
def test_json_of_another_shape_is_no_page(data: bytes) -> None:
    assert parse_page(data) == Page(error="the answer is no list of papers")


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([], "the answer is no paper: it is not an object"),
        ({}, "the answer is no paper: it has no id"),
        ({"id": "2511.00001"}, "the answer is no paper: it has no title"),
    ],
)
def test_json_of_another_shape_is_no_paper(value: object, error: str) -> None:
    assert parse_paper(body(value)) == Extras(error=error)


def test_what_is_linked_to_a_paper() -> None:
    found = parse_paper(
        body(
            row()["paper"]
            | {
                "githubRepo": "https://github.com/a/b",
                "githubRepoAddedBy": "auto",
                "linkedModels": [{"id": "harbour/tides-7b", "likes": 3}, {"id": "gpt2"}],
                "numTotalModels": 41,
                "linkedDatasets": [{"id": "harbour/waves"}],
                "linkedSpaces": [{"id": "harbour/demo", "title": "A\n demo\x1b[0m"}],
                "numTotalSpaces": "many",
            }
        )
    )
    assert found.paper is not None
    assert found.paper.links == (
        Link("https://github.com/a/b", "code", origin="auto"),
        Link("https://huggingface.co/harbour/tides-7b", "model", origin="hub"),
        Link("https://huggingface.co/gpt2", "model", origin="hub"),
        Link("https://huggingface.co/datasets/harbour/waves", "dataset", origin="hub"),
        Link("https://huggingface.co/spaces/harbour/demo", "space", label="A demo", origin="hub"),
    )
    assert (found.models, found.datasets, found.spaces, found.error) == (41, 1, 1, None)


@pytest.mark.parametrize(
    "linked",
    [
        None,
        "a/b",
        {"id": "a/b"},
        [None, "a/b", 7, {}, {"id": None}, {"id": ["a/b"]}],
        [
            {"id": name}
            for name in ("../../x", "a/b/c", "a b/c", "a/", "/b", "a/b?x", "a/b\n", "-x/y", "ü/y", "")
        ],
    ],
)
def test_what_is_no_repository_is_not_linked(linked: object) -> None:
    lists = dict.fromkeys(("linkedModels", "linkedDatasets", "linkedSpaces"), linked)
    found = parse_paper(body(row()["paper"] | lists))
    assert found.paper is not None
    assert found.paper.links == ()


def test_of_a_thousand_repositories_the_first_are_linked() -> None:
    found = parse_paper(body(row()["paper"] | {"linkedModels": [{"id": f"a/m{n}"} for n in range(1000)]}))
    assert found.paper is not None
    assert [link.url[-2:] for link in found.paper.links[:3]] == ["m0", "m1", "m2"]
    assert (len(found.paper.links), found.models) == (20, 1000)


@given(
    st.binary(max_size=30)
    | JSON.map(body)
    | st.dictionaries(st.sampled_from(("error", *FIELDS)), JSON).map(body)
)
def test_any_answer_is_papers_or_a_sentence(data: bytes) -> None:
    page, extras = parse_page(data), parse_paper(data)
    assert page.error or len(page.papers) + len(page.faults) <= page.rows
    assert bool(extras.error) == (extras.paper is None)


# Addresses


@pytest.mark.parametrize(
    ("address", "period", "kept"),
    [
        ("", Period("daily"), ""),
        (" daily ", Period("daily"), ""),
        ("Week", Period("week"), "week"),
        ("month", Period("month"), "month"),
        ("trending", Period("trending"), "trending"),
        (
            "search:  graph \n nets: a survey ",
            Period("search", "graph nets: a survey"),
            "search:graph nets: a survey",
        ),
    ],
)
def test_what_the_address_of_a_source_names(address: str, period: Period, kept: str) -> None:
    assert parse_source(address) == period
    assert str(period) == kept
    assert parse_source(kept) == period


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("weekly", 'there is no period "weekly" (leave it empty for the daily edition, or use week'),
        ("search:", 'there is no period "search:"'),
        ("search", 'there is no period "search"'),
        ("week:x", 'there is no period "week:x"'),
        ("search:" + "x" * 251, "the search has more than 250 characters"),
    ],
)
def test_an_address_that_names_nothing_says_what_would(address: str, sentence: str) -> None:
    with pytest.raises(PapersError, match=re.escape(sentence)):
        parse_source(address)


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("", "daily_papers?p=1&limit=100"),
        ("week", "daily_papers?week=2026-W53&p=1&limit=100"),
        ("month", "daily_papers?month=2027-01&p=1&limit=100"),
        ("trending", "daily_papers?sort=trending&p=1&limit=100"),
        ("search:graph & nets", "papers/search?q=graph+%26+nets&limit=120"),
    ],
)
def test_addresses_of_periods(address: str, asked: str) -> None:
    found = period_address("https://hf-mirror.com/", parse_source(address), date(2027, 1, 1), page=1)
    assert found == f"https://hf-mirror.com/api/{asked}"


def test_addresses_of_editions_and_papers() -> None:
    assert daily_address("http://h", day=date(2026, 5, 14), limit=50) == (
        "http://h/api/daily_papers?date=2026-05-14&p=0&limit=50"
    )
    assert paper_address("http://h", "arXiv:2511.00001v2") == "http://h/api/papers/2511.00001"


@pytest.mark.parametrize(
    "ask",
    [
        lambda: daily_address("h", limit=101),
        lambda: daily_address("h", limit=0),
        lambda: daily_address("h", page=-1),
        lambda: daily_address("h", day=date(2026, 5, 14), week=date(2026, 5, 14)),
        lambda: search_address("h", " "),
        lambda: search_address("h", "x" * 251),
        lambda: search_address("h", "x", limit=121),
        lambda: paper_address("h", "../models"),
    ],
)
def test_what_the_service_does_not_have_is_not_asked_for(ask: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r"no such|not an arXiv id"):
        ask()


# Editions

THURSDAY = datetime(2026, 5, 14, 9, tzinfo=UTC)


def due(
    last_seen: str | None, now: datetime = THURSDAY, *, since: str | None = None, limit: int = 99
) -> list[str]:
    days = [date.fromisoformat(day) if day else None for day in (last_seen, since)]
    return [day.isoformat()[5:] for day in editions_due(days[0], now, since=days[1], limit=limit)]


def test_the_last_editions_are_asked_for_again() -> None:
    assert due("2026-05-14") == due(None) == due("2026-05-13") == ["05-14", "05-13", "05-12"]


def test_the_editions_missed_are_asked_for_but_no_weekends() -> None:
    assert due("2026-05-07") == ["05-14", "05-13", "05-12", "05-11", "05-08", "05-07"]
    sunday = datetime(2026, 5, 17, 9, tzinfo=UTC)
    assert due("2026-05-15", sunday) == ["05-15", "05-14", "05-13"]


def test_back_filling_leaves_no_gap_behind_it() -> None:
    assert due("2026-05-12", since="2026-05-08") == ["05-14", "05-13", "05-12", "05-11", "05-08"]
    assert due("2026-05-08", since="2026-05-13") == ["05-14", "05-13", "05-12", "05-11", "05-08"]
    assert due("2026-05-08", limit=2) == ["05-14", "05-13"]
    assert due("2026-05-08", limit=0) == due("2026-05-08", limit=-1) == []


def test_a_day_begins_at_midnight_utc() -> None:
    assert due(None, datetime.fromisoformat("2026-05-13T22:00:00-04:00"))[0] == "05-14"
    assert due(None, datetime.fromisoformat("2026-05-15T01:00:00+02:00"))[0] == "05-14"


def test_a_clock_that_was_wrong_does_no_harm() -> None:
    assert due("2099-01-01") == due(None, since="2099-01-01") == ["05-14", "05-13", "05-12"]
    ages = editions_due(None, THURSDAY, since=date(1970, 1, 1), limit=100_000)
    assert ages[-1] == date(2023, 5, 1)
    assert all(day.weekday() < 5 for day in ages)


@pytest.mark.parametrize(
    ("status", "rows", "day", "state"),
    [
        (200, 33, "2026-05-14", "open"),
        (200, 1, "2026-05-16", "open"),
        (200, 0, "2026-05-14", "nothing-yet"),
        (200, 0, "2026-05-06", "nothing-yet"),
        (200, 0, "2026-04-29", "none"),
        (200, 0, "2026-05-09", "none"),
        (200, None, "2026-05-14", "failed"),
        (400, None, "2026-05-14", "nothing-yet"),
        (400, None, "2026-05-15", "nothing-yet"),
        (400, 0, "2026-05-13", "nothing-yet"),
        (400, None, "2026-05-16", "none"),
        (400, None, "2026-05-09", "none"),
        (400, None, "2026-05-12", "failed"),
        (429, None, "2026-05-14", "failed"),
        (404, None, "2026-05-14", "failed"),
        (500, 5, "2026-05-14", "failed"),
    ],
)
def test_what_an_answer_says_of_an_edition(
    status: int, rows: int | None, day: str, state: EditionState
) -> None:
    assert edition_state(status, rows, date.fromisoformat(day), THURSDAY) == state


# Recorded answers and hostile files

EDITIONS = {
    "2026-02-20": 23, "2026-02-23": 18, "2026-02-24": 25, "2026-03-03": 41, "2026-03-04": 43, "2026-03-06": 24,
    "2026-03-11": 30, "2026-03-12": 29, "2026-03-19": 33, "2026-03-20": 32, "2026-03-23": 37, "2026-03-30": 15,
    "2026-03-31": 35, "2026-04-07": 37, "2026-04-08": 30, "2026-04-15": 40, "2026-04-17": 29, "2026-04-20": 28,
    "2026-04-27": 16, "2026-04-28": 35, "2026-05-01": 24, "2026-05-05": 25, "2026-05-06": 23, "2026-05-13": 71,
    "2026-05-14": 56, "2026-05-15": 53, "2026-05-21": 43, "2026-05-27": 40, "2026-05-29": 59,
}  # fmt: skip


def read(path: Path) -> tuple[tuple[Paper, ...], tuple[str, ...]]:
    page = parse_page(path.read_bytes())
    assert page.error is None, path.name
    return page.papers, page.faults


def test_recorded_editions(shared: Path) -> None:
    files = sorted((shared / "hf" / "daily_papers_2026").glob("*.json"))
    assert {path.name[:10] for path in files} == set(EDITIONS)
    for path in files:
        papers, faults = read(path)
        assert (len(papers), faults) == (EDITIONS[path.name[:10]], ()), path.name
        assert {found.edition for found in papers} == {path.name[:10]}
        for found in papers:
            assert found.authors
            assert found.abstract
            assert found.published is not None
            assert found.published.endswith("Z")
            assert found.upvotes is not None
            assert found.comments is not None


@pytest.mark.parametrize(
    ("name", "count"), [("daily_papers_2026-07_part.json", 107), ("papers_search_kazakh_2025.json", 9)]
)
def test_recorded_answers(shared: Path, name: str, count: int) -> None:
    papers, faults = read(shared / "hf" / "recorded" / name)
    assert (len(papers), faults) == (count, ())


def test_every_reading_of_an_edition_has_its_rows(shared: Path) -> None:
    for path in sorted((shared / "hf" / "daily_papers_2026").glob("*.json")):
        page = parse_page(path.read_bytes())
        assert len(page.papers) == page.rows
        assert edition_state(200, page.rows, date.fromisoformat(path.name[:10]), THURSDAY) == "open"


def test_a_recorded_search_row(shared: Path) -> None:
    (first, *_), _ = read(shared / "hf" / "recorded" / "papers_search_kazakh_2025.json")
    assert first.keys[0] == "arxiv:2404.04487"
    assert first.title == "KazQAD: Kazakh Open-Domain Question Answering Dataset"
    assert first.authors[0] == "Rustem Yeshpanov"
    assert len(first.authors) == 5
    assert first.published == "2024-04-06T03:40:36Z"
    assert "\n" not in first.abstract


HOSTILE = {
    "dates": 28, "links": 37, "duplicates": 1, "id_missing": 1, "id_nul": 1, "id_percent": 1, "paper_list": 1,
    "paper_missing": 1, "paper_null": 1, "title_int": 1, "title_list": 1, "title_spaces": 1, "top_list_null": 1,
    "body_dup_keys": 1,
}  # fmt: skip


def test_hostile_rows_do_no_harm_to_good_ones(shared: Path) -> None:
    unread = (
        "top_empty_list",
        "top_string",
        "top_true",
        "body_trailing_comma",
        "body_utf16",
        "body_ndjson",
        "body_html",
    )
    files = [path for path in (shared / "hostile" / "files" / "hf").glob("*.json") if path.stem not in unread]
    assert files
    for path in files:
        papers, faults = read(path)
        assert len(papers) == HOSTILE.get(path.stem, 2), path.name
        assert any(found.id == "arxiv:2506.99999" for found in papers) or path.stem in ("dates", "links"), (
            path.name
        )
        assert all(link.url.startswith(("https://", "http://")) for found in papers for link in found.links)
        assert bool(faults) == (len(papers) == 1 and path.stem not in ("duplicates", "body_dup_keys")), (
            path.name
        )


def test_latest_counts_of_a_repeated_row_win(shared: Path) -> None:
    (found,), _ = read(shared / "hostile" / "files" / "hf" / "duplicates.json")
    assert found.upvotes == 50


def test_terminal_traps_are_all_listed_and_clean(shared: Path) -> None:
    papers, faults = read(shared / "hostile" / "files" / "term" / "all.hf.json")
    assert (len(papers), faults) == (24, ())
    text = json.dumps(
        [(found.title, found.abstract, found.summary, found.authors, found.keywords) for found in papers]
    )
    assert "\\u001b" not in text
    assert "\\u202e" not in text
    assert papers[-1].title == "Convergence on [0,1] and [a, b): [MASK] tokens [CLS]"
