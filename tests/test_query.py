"""The search language: what it reads, what it writes back, and how it explains what it can't read."""

from __future__ import annotations

import json
import string
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.errors import QueryError
from papers_tui.domain.paper import ANNOUNCEMENTS
from papers_tui.domain.query import (
    BELONGINGS,
    COUNTS,
    NAMED,
    ORDERS,
    PLACES,
    STATES,
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
    format,
    leaves,
    parse,
)
from papers_tui.domain.query.dates import NO_DAY, days
from papers_tui.domain.text import words_of

_texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from('"\\-:()=* \tOR'), min_size=1
)
_phrases = _texts.filter(words_of)
_words = st.from_regex(r"[^\W\d_][\w.+/*'-]{0,12}", fullmatch=True).filter(
    lambda word: word != "OR" and not word.endswith("*") and words_of(word)
)
_periods = st.one_of(
    st.dates().map(lambda day: f"{day:%Y-%m-%d}".zfill(10)),
    st.from_regex(r"[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?|[1-9][0-9]{0,4}[dwmy]|today|yesterday", fullmatch=True),
)
_numbers = st.integers(0, 10**15 - 1)
_ranges = st.lists(_numbers, min_size=2, max_size=2).map(sorted)
_leaves: st.SearchStrategy[Term] = st.one_of(
    st.builds(Words, _words, st.just(False), st.booleans()),
    st.builds(Words, _phrases, st.just(True), st.booleans()),
    st.builds(Within, st.sampled_from(PLACES), _phrases, st.booleans()),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(BELONGINGS)),
    st.builds(Label, st.sampled_from(NAMED), _texts.filter(str.strip), st.booleans()),
    st.builds(Label, st.sampled_from(NAMED), _texts.filter(str.strip), st.just(False), st.booleans()),
    st.builds(Label, st.just("edition"), st.dates(date(1, 1, 1)).map(date.isoformat) | st.just("latest")),
    st.builds(Label, st.just("announce"), st.sampled_from(ANNOUNCEMENTS)),
    st.builds(Count, st.sampled_from(COUNTS), _numbers, st.none()),
    st.builds(Count, st.sampled_from(COUNTS), st.none(), _numbers),
    st.builds(lambda field, bounds: Count(field, *bounds), st.sampled_from(COUNTS), _ranges),
    st.builds(Dated, st.sampled_from(["after", "before", "date"]), _periods),
    st.tuples(_periods | st.just(""), _periods | st.just("")).filter(any).map(lambda two: Between(*two)),
)


def _grown(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(terms, min_size=2, max_size=4).map(tuple)
    return st.builds(Not, terms) | st.builds(AllOf, several) | st.builds(AnyOf, several)


_terms = st.recursive(_leaves, _grown, max_leaves=8)
_queries = st.builds(Query, st.lists(_terms, max_size=6).map(tuple), st.sampled_from(["", *ORDERS]))


def _tried(text: str, typing: bool = False) -> tuple[Query, QueryError | None]:
    """The query in `text`, or the empty one and what is wrong with it."""
    try:
        return parse(text, typing=typing), None
    except QueryError as error:
        return Query(()), error


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", ()),
        (" \t\n\u3000", ()),
        ("diffusion", (Words("diffusion"),)),
        ("  sparse   attention ", (Words("sparse"), Words("attention"))),
        ("sparse\u00a0attention", (Words("sparse"), Words("attention"))),
        ("state-of-the-art C++ .NET $20", tuple(map(Words, ("state-of-the-art", "C++", ".NET", "$20")))),
        ('"state of the art"', (Words("state of the art", phrase=True),)),
        ('"OR"', (Words("OR", phrase=True),)),
        ("or AND NOT", (Words("or"), Words("AND"), Words("NOT"))),
        (r'"a \"b\" c"', (Words('a "b" c', phrase=True),)),
        (r'"\alpha and \\"', (Words("\\alpha and \\", phrase=True),)),
        ("-survey", (Not(Words("survey")),)),
        ('-"a survey"', (Not(Words("a survey", phrase=True)),)),
        ("is:unread -is:later", (Is("unread"), Not(Is("later")))),
        ("IS:Starred", (Is("starred"),)),
        ('is:"new"', (Is("new"),)),
        ("tag:vision", (Label("tag", "vision"),)),
        ('tag:"two words"', (Label("tag", "two words"),)),
        ('-tag:"two words"', (Not(Label("tag", "two words")),)),
        ("tag:-x tag:a:b tag:Ωmega", (Label("tag", "-x"), Label("tag", "a:b"), Label("tag", "Ωmega"))),
        ("tag:😀", (Label("tag", "😀"),)),
        ("edition:2025-11-20", (Label("edition", "2025-11-20"),)),
        ("edition:Latest", (Label("edition", "latest"),)),
        ("source:hf org:nvidia cat:cs.CL topic:rl", tuple(map(Label, *zip(*[
            ("source", "hf"), ("org", "nvidia"), ("cat", "cs.CL"), ("topic", "rl"),
        ], strict=True)))),
        ("http://x.org/a:b HTTPS://x", (Words("http://x.org/a:b"), Words("HTTPS://x"))),
        ("10:30 é:x {a b}:c", (Words("10:30"), Words("é:x"), Words("{a"), Words("b}:c"))),
        ("LLaMA: Open", (Words("LLaMA:"), Words("Open"))),
        ("a OR b", (AnyOf((Words("a"), Words("b"))),)),
        ("a OR b OR c", (AnyOf((Words("a"), Words("b"), Words("c"))),)),
        ("a b OR c", (AnyOf((AllOf((Words("a"), Words("b"))), Words("c"))),)),
        ("a (b OR c)", (Words("a"), AnyOf((Words("b"), Words("c"))))),
        ("(a b)", (AllOf((Words("a"), Words("b"))),)),
        ("(((a)))", (Words("a"),)),
        ("f(x)", (Words("f"), Words("x"))),
        ("-(a OR b)", (Not(AnyOf((Words("a"), Words("b")))),)),
        ("-(-a)", (Not(Not(Words("a"))),)),
        ("( a )( b )", (Words("a"), Words("b"))),
        ("transf*", (Words("transf", prefix=True),)),
        ('"mixture of exp"*', (Words("mixture of exp", phrase=True, prefix=True),)),
        ("*a a*b C**", (Words("*a"), Words("a*b"), Words("C*", prefix=True))),
        ("title:gpt-4 abstract:x* note:y", (
            Within("title", "gpt-4"), Within("abstract", "x", prefix=True), Within("note", "y"),
        )),
        ('author:"Yann LeCun" Author:"le c"*', (
            Within("author", "Yann LeCun"), Within("author", "le c", prefix=True),
        )),
        ('org:=google org:="x y" org:goo* tag:"a*" tag:"=b"', (
            Label("org", "google", whole=True), Label("org", "x y", whole=True),
            Label("org", "goo", prefix=True), Label("tag", "a*"), Label("tag", "=b"),
        )),
        ("has:code HAS:Note", (Has("code"), Has("note"))),
        ("announce:Cross", (Label("announce", "cross"),)),
        ("upvotes:5 comments:=5 stars:>5", (
            Count("upvotes", 5, 5), Count("comments", 5, 5), Count("stars", 6, None),
        )),
        ("stars:>=1k stars:<1K stars:<=7", (
            Count("stars", 1000, None), Count("stars", None, 999), Count("stars", None, 7),
        )),
        ("stars:1..5 stars:..5 stars:1..", (
            Count("stars", 1, 5), Count("stars", None, 5), Count("stars", 1, None),
        )),
        ("after:7D before:2026-11 date:2025 date:Today", (
            Dated("after", "7d"), Dated("before", "2026-11"), Dated("date", "2025"), Dated("date", "today"),
        )),
        ("date:2025-11..yesterday date:..2w date:2025..", (
            Between("2025-11", "yesterday"), Between("", "2w"), Between("2025", ""),
        )),
    ],
)  # fmt: skip
def test_what_it_reads(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == Query(terms)


@pytest.mark.parametrize(
    ("text", "terms", "order"),
    [
        ("sort:upvotes", (), "upvotes"),
        ("a SORT:Title b", (Words("a"), Words("b")), "title"),
        ("a sort:added OR b", (AnyOf((Words("a"), Words("b"))),), "added"),
    ],
)
def test_the_order_stands_anywhere_and_is_no_term(text: str, terms: tuple[Term, ...], order: str) -> None:
    assert parse(text) == Query(terms, order)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("tra", (Words("tra", prefix=True),)),
        ("a tra", (Words("a"), Words("tra", prefix=True))),
        ("a -tra", (Words("a"), Not(Words("tra", prefix=True)))),
        ("a tra ", (Words("a"), Words("tra"))),
        ('"a b" ', (Words("a b", phrase=True),)),
        ('"a b"', (Words("a b", phrase=True),)),
        ('"mixture of ex', (Words("mixture of ex", phrase=True, prefix=True),)),
        ('"back\\', (Words("back\\", phrase=True, prefix=True),)),
        ("(a OR b", (AnyOf((Words("a"), Words("b", prefix=True))),)),
        ("((a b) OR (c", (AnyOf((AllOf((Words("a"), Words("b"))), Words("c", prefix=True))),)),
        ("(a)", (Words("a"),)),
        ("title:ex", (Within("title", "ex", prefix=True),)),
        ("tag:mo", (Label("tag", "mo", prefix=True),)),
        ("org:=mo", (Label("org", "mo", whole=True),)),
        ('org:"goo', (Label("org", "goo", prefix=True),)),
        ("is:read", (Is("read"),)),
        ("edition:latest", (Label("edition", "latest"),)),
        ("stars:>5", (Count("stars", 6),)),
        ("after:7d", (Dated("after", "7d"),)),
        ("LLaMA:", (Words("LLaMA:"),)),
    ],
)
def test_while_typing_the_end_is_open(text: str, terms: tuple[Term, ...]) -> None:
    query = parse(text, typing=True)
    assert query == Query(terms)
    assert parse(format(query)) == query


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("a tga:x", 3, "unknown field 'tga'", "perhaps tag:;"),
        ("-Sources:x", 2, "unknown field 'sources'", "perhaps source:;"),
        ("C:\\x", 1, "unknown field 'c'", "the fields are is, has, title,"),
        ("zzz:x", 1, "unknown field 'zzz'", "quotes around it make it text"),
        ("is:stared", 4, "is: does not know 'stared'", "read, starred, dismissed, later or new"),
        ("edition:20251120", 9, "edition: does not know '20251120'", "a day such as 2025-11-20, or latest"),
        ("edition:2025-02-30", 9, "does not know '2025-02-30'", "a day such as"),
        ("edition:２０２５-01-01", 9, "does not know", "a day such as"),
        ("tag:", 5, "tag: needs a value", "expected a name"),
        ("tag: x", 5, "tag: needs a value", "expected a name"),
        ('tag:"  "', 5, "tag: needs a value", "expected a name"),
        ("is:", 4, "is: needs a value", "expected unread"),
        ('a "b c', 3, "not closed", 'end the phrase with a "'),
        ('tag:"b', 5, "not closed", 'end the phrase with a "'),
        (r'"b\"', 1, "not closed", 'end the phrase with a "'),
        ('5"disk', 2, "run into each other", 'write \\" for a quote'),
        ('"a"b', 4, "run into each other", "put a space there"),
        ("a -", 3, "nothing follows this -", "-word"),
        ("a - b", 3, "nothing follows this -", "-word"),
        ("--a", 1, "more than one -", "one - is enough"),
        ("a ?", 3, "'?' holds nothing to search for", "a letter or a digit"),
        ("-?", 2, "'?' holds nothing to search for", "a letter or a digit"),
        ('""', 1, "nothing to search for", "a letter or a digit"),
        ("?" * 99, 1, f"'{'?' * 39}…'", "a letter or a digit"),
        ("OR", 1, "OR needs a term on both sides", 'quote it: "OR"'),
        ("a OR", 3, "OR needs a term on both sides", 'quote it: "OR"'),
        ("OR a", 1, "OR needs a term on both sides", 'quote it: "OR"'),
        ("a OR OR b", 3, "OR needs a term on both sides", 'quote it: "OR"'),
        ("a OR sort:date", 3, "OR needs a term on both sides", 'quote it: "OR"'),
        ("(a OR)", 4, "OR needs a term on both sides", 'quote it: "OR"'),
        ("-OR", 2, "OR needs a term on both sides", 'quote it: "OR"'),
        ("a (b", 3, "this ( is not closed", "end the group with a )"),
        ("-((a)", 2, "this ( is not closed", "end the group with a )"),
        ("a) b", 2, "this ) closes nothing", "in quotes with the words around it"),
        ("a () b", 3, "nothing stands in these parentheses", "leave it out"),
        ("(-)", 2, "nothing follows this -", "-word"),
        ("--(a)", 1, "more than one -", "one - is enough"),
        ('tag:"a"b', 8, "run into each other", "put a space there"),
        ('"a"**', 4, "run into each other", "put a space there"),
        ("title:?", 7, "title: does not know '?'", 'expected a word or "several words"'),
        ("tag:=", 5, "tag: needs a value", "expected a name"),
        (
            "has:cake",
            5,
            "has: does not know 'cake'",
            "expected code, pdf, project, model, dataset, note or tag",
        ),
        ("announce:old", 10, "announce: does not know 'old'", "expected new, cross or replace"),
        *(
            (f"stars:{value}", 7, f"stars: does not know '{value}'", "expected a number, >N")
            for value in ("x", "-1", "<0", "5..1", "..", "1.5", "1e9", ">>1", "9" * 16, f"{'9' * 13}k", "٣")
        ),
        *(
            (f"after:{value}", 7, f"after: does not know '{value}'", "expected a day such as 2026-11-20")
            for value in (
                "x",
                "0d",
                "7",
                "7x",
                "2026-13",
                "2026-02-30",
                "0000",
                "2026-1-1",
                "1..2",
                "123456d",
            )
        ),
        *(
            (f"date:{value}", 6, f"date: does not know '{value}'", "or a range such as")
            for value in ("..", "x..", "2025...2026")
        ),
        ("a sort:best", 8, "sort: does not know 'best'", "expected date, edition, upvotes,"),
        ("sort:date a sort:date", 13, "sort: is there twice", "leave one out"),
        ("-sort:date", 1, "sort: stands for the whole query", "outside parentheses"),
        ("(a sort:date)", 4, "sort: stands for the whole query", "outside parentheses"),
        ("(" * 5000, 21, "more than 20 parentheses in each other", "leave some out"),
        ("-(" * 5000, 42, "more than 20 parentheses in each other", "leave some out"),
        ("a " * 5000, 1001, "more than 500 terms", "leave some out"),
        ("a\x1b[31m", 2, "U+001B is not a character", "take it out"),
        ('"a\x00"', 3, "U+0000 is not a character", "take it out"),
        ("a\x85b", 2, "U+0085 is not a character", "take it out"),
        ("a \ud800", 3, "U+D800 is not a character", "take it out"),
    ],
)
def test_what_it_refuses_and_why(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert caught.value.column == column
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_an_error_is_one_line_that_names_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        parse("llm is:stared")
    assert str(caught.value) == (
        "query, column 8: is: does not know 'stared' "
        "(expected unread, read, starred, dismissed, later or new)"
    )


@given(_queries)
def test_what_it_writes_reads_as_the_same_query(query: Query) -> None:
    assert parse(format(query)) == query


@given(st.text() | st.text(string.ascii_letters + '"\\-:() \t?é') | st.lists(st.sampled_from(
    ["tag:", "is:", "read", "-", '"', "\\", " ", "OR", "(", "x", "edition:", "2025-01-01", "http:"],
)).map("".join))  # fmt: skip
def test_any_text_is_a_query_or_an_error_inside_it(text: str) -> None:
    query, error = _tried(text)
    assert parse(format(query)) == query
    assert error is None or (1 <= error.column <= len(text) + 1 and error.hint)


@pytest.mark.parametrize(
    "name", ["a b", 'say "x"', "back\\slash", "a:b", "-x", "f(x)", "OR", "\\", '\\"', "é 😀"]
)
def test_the_sidebar_can_ask_for_any_name(name: str) -> None:
    query = Query((Label("tag", name), Not(Label("topic", name))))
    assert parse(format(query)) == query


def test_what_it_writes_is_what_a_person_would() -> None:
    terms = (Words("llm"), Not(Is("read")), Label("cat", "cs.CL"), Label("tag", "to do"), Words("a b", True))
    assert format(Query(terms)) == 'llm -is:read cat:cs.CL tag:"to do" "a b"'
    assert format(Query(())) == ""
    either = AnyOf((AllOf((Words("a"), Not(Words("b")))), Within("title", "c d")))
    assert format(Query((either,), "stars")) == '(a -b) OR title:"c d" sort:stars'
    assert format(Query((Words("x"), Not(either)))) == 'x -((a -b) OR title:"c d")'
    numbers = (Count("stars", 5, 5), Count("stars", 5), Count("stars", None, 5), Count("stars", 1, 5))
    assert format(Query(numbers)) == "stars:5 stars:>=5 stars:<=5 stars:1..5"


def test_the_leaves_of_a_query_come_in_order() -> None:
    assert list(leaves(parse("a -(b OR (c -d)) e").terms)) == [Words(letter) for letter in "abcde"]


_TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("date:2025-11-20", "2025-11-20", "2025-11-20"),
        ("date:2024-02", "2024-02-01", "2024-02-29"),
        ("date:2025", "2025-01-01", "2025-12-31"),
        ("date:today", "2026-03-31", "2026-03-31"),
        ("date:yesterday", "2026-03-30", "2026-03-30"),
        ("date:7d", "2026-03-25", "2026-03-31"),
        ("after:7d", "2026-03-25", "9999-12-31"),
        ("after:1m", "2026-03-01", "9999-12-31"),
        ("after:1y", "2025-04-01", "9999-12-31"),
        ("after:2025-11-20", "2025-11-21", "9999-12-31"),
        ("after:2025-11", "2025-12-01", "9999-12-31"),
        ("after:99999y", "0001-01-02", "9999-12-31"),
        ("before:2w", "0001-01-01", "2026-03-16"),
        ("before:2025-11", "0001-01-01", "2025-10-31"),
        ("before:today", "0001-01-01", "2026-03-30"),
        ("date:2025-11..2025-12-05", "2025-11-01", "2025-12-05"),
        ("date:2w..", "2026-03-17", "9999-12-31"),
        ("date:..2024", "0001-01-01", "2024-12-31"),
        ("date:0001", "0001-01-01", "0001-12-31"),
    ],
)
def test_the_days_that_are_meant(text: str, first: str, last: str) -> None:
    assert _days(text) == (date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal())


@pytest.mark.parametrize("text", ["after:9999", "before:0001", "date:2026..2025", "before:99999y"])
def test_some_dates_take_in_no_day(text: str) -> None:
    assert _days(text) == NO_DAY


def _days(text: str) -> tuple[int, int]:
    (term,) = parse(text).terms
    assert isinstance(term, (Dated, Between))
    return days(term, _TODAY)


def test_hostile_queries_parse_or_are_explained(shared: Path) -> None:
    for text in json.loads((shared / "hostile/files/queries.json").read_text("utf-8")):
        query, error = _tried(text)
        assert parse(format(query)) == query
        assert len(str(error)) < 250
