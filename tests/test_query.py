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
from papers_tui.domain.query import NAMED, STATES, Is, Label, Not, Query, Term, Words, format, parse

_texts = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from('"\\-:() \tOR'), min_size=1)
_phrases = st.builds(Words, _texts.filter(lambda text: any(map(str.isalnum, text))), st.just(True))
_words = st.builds(
    Words,
    st.from_regex(r"[^\W\d_][\w.+/*'-]{0,12}", fullmatch=True).filter(lambda word: word != "OR"),
)
_named = st.builds(Label, st.sampled_from(NAMED), _texts.filter(str.strip))
_editions = st.builds(
    Label, st.just("edition"), st.dates(date(1, 1, 1)).map(date.isoformat) | st.just("latest")
)
_positive = st.one_of(_words, _phrases, st.builds(Is, st.sampled_from(STATES)), _named, _editions)
_terms: st.SearchStrategy[Term] = st.one_of(_positive, st.builds(Not, _positive))
_queries = st.builds(Query, st.lists(_terms, max_size=6).map(tuple))


def _tried(text: str) -> tuple[Query, QueryError | None]:
    """The query in `text`, or the empty one and what is wrong with it."""
    try:
        return parse(text), None
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
    ],
)  # fmt: skip
def test_what_it_reads(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text) == Query(terms)


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("a tga:x", 3, "unknown field 'tga'", "perhaps tag:;"),
        ("-Sources:x", 2, "unknown field 'sources'", "perhaps source:;"),
        ("C:\\x", 1, "unknown field 'c'", "the fields are is, edition, announce,"),
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
        ("a OR b", 3, "OR outside quotes is reserved", "put it in quotes"),
        ("-OR", 2, "OR outside quotes is reserved", "put it in quotes"),
        ("(a b)", 1, "( outside quotes is reserved", "put it in quotes"),
        ("-(a)", 2, "( outside quotes is reserved", "put it in quotes"),
        ("f(x)", 2, "( outside quotes is reserved", "put it in quotes"),
        ('"a")', 4, ") outside quotes is reserved", "put it in quotes"),
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


def test_hostile_queries_parse_or_are_explained(shared: Path) -> None:
    for text in json.loads((shared / "hostile/files/queries.json").read_text("utf-8")):
        query, error = _tried(text)
        assert parse(format(query)) == query
        assert len(str(error)) < 250
