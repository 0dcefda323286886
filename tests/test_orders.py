"""Orders: which act and which query a text spells, and how it explains what it can't read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.errors import QueryError
from papers_tui.domain.marks import Act, tag_name
from papers_tui.domain.orders import ORDERS, Order, complete_order, read_order, read_which
from papers_tui.domain.query import Query, parse

_pieces = st.sampled_from(
    [
        *ORDERS,
        "tag",
        " ",
        " ",
        "\t",
        '"',
        "\\",
        "moe",
        "x",
        "is:read",
        "author:",
        "-",
        "(",
        ")",
        "OR",
        "sort:date",
    ]
)
_texts = st.text() | st.lists(_pieces).map("".join) | st.lists(_pieces).map(" ".join)


@pytest.mark.parametrize(
    ("text", "act", "query"),
    [
        ("read before:2w", marks.read(True), "before:2w"),
        ("unread edition:latest", marks.read(False), "edition:latest"),
        ('star author:"Yann LeCun"', marks.star(True, implies_read=True), 'author:"Yann LeCun"'),
        ("unstar x", marks.star(False, implies_read=True), "x"),
        ("later x OR y", marks.later(True, implies_read=True), "x OR y"),
        ("unlater (x)", marks.later(False, implies_read=True), "x"),
        ("dismiss -x", marks.dismiss(True, implies_read=True), "-x"),
        ("restore x sort:date", marks.dismiss(False, implies_read=True), "x sort:date"),
        ("  STAR\t x\n", marks.star(True, implies_read=True), "x"),
        ("star star", marks.star(True, implies_read=True), "star"),
        ("read tag", marks.read(True), "tag"),
    ],
)
def test_an_order_is_a_word_and_a_query(text: str, act: Act, query: str) -> None:
    order = read_order(text, implies_read=True)
    assert (order.act, order.query) == (act, parse(query))


@pytest.mark.parametrize(
    ("text", "name", "query"),
    [
        ('tag moe title:"mixture of experts"', "moe", 'title:"mixture of experts"'),
        ('tag "to do" x', "to do", "x"),
        ('tag "to do"\tx', "to do", "x"),
        (r'tag "say \"x\" \\ \y" x', r'say "x" \ \y', "x"),
        ('tag "author:hinton" x', "author:hinton", "x"),
        ("tag http://x.org x", "http://x.org", "x"),
        ("tag by:me x", "by:me", "x"),
        ("tag author x", "author", "x"),
        ("tag #moe x", "moe", "x"),
        ("tag a,b x", "a b", "x"),
        ("tag -x x", "-x", "x"),
        ("tag tag tag:tag", "tag", "tag:tag"),
        ("tag é😀 x", "é😀", "x"),
    ],
)
@pytest.mark.parametrize("word", ["tag", "untag"])
def test_a_tags_name_stands_before_the_query(word: str, text: str, name: str, query: str) -> None:
    order = read_order(text.replace("tag", word, 1), implies_read=False)
    assert order.act == Act("tag", ((f"tag:{name}", word == "tag"),))
    assert order.query == parse(query)


@pytest.mark.parametrize("implies_read", [True, False])
@pytest.mark.parametrize("word", ["star", "later", "dismiss", "tag moe"])
def test_what_is_decided_on_counts_as_read_where_that_is_wanted(word: str, implies_read: bool) -> None:
    sets = read_order(f"{word} x", implies_read=implies_read).act.sets
    assert (("read", True) in sets) is implies_read
    assert sets[0][0] != "read", "what the act is about comes first"


@pytest.mark.parametrize("word", ["unstar", "unlater", "restore", "untag moe"])
def test_what_is_taken_back_does_not_count_as_read(word: str) -> None:
    assert len(read_order(f"{word} x", implies_read=True).act.sets) == 1


@pytest.mark.parametrize("text", ["tag rl x", 'tag "#RL" x', "untag Rl x"])
def test_a_tag_that_is_there_keeps_its_spelling(text: str) -> None:
    order = read_order(text, implies_read=False, known=["vision", "rL", "moe"])
    assert order.act.sets[0][0] == "tag:rL"


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "nothing says what to do", "begin with read, unread, star"),
        ("  \n", 1, "nothing says what to do", "tag or untag"),
        ("author:hinton", 1, "there is no act 'author:hinton'", "begin with read"),
        ("  strar x", 3, "there is no act 'strar'", "perhaps star"),
        ("x" * 200, 1, f"no act '{'x' * 39}…'", "begin with"),
        ("star", 5, "nothing says which papers", "such as before:2w"),
        ("read ", 6, "nothing says which papers", "such as is:unread"),
        ("restore", 8, "nothing says which papers", "such as is:dismissed"),
        ("read sort:date", 15, "nothing says which papers", "such as is:unread"),
        ("star x is:stared", 11, "is: does not know 'stared'", "expected unread"),
        (" star  (x", 8, "this ( is not closed", "end the group"),
        ("tag moe titel:x", 9, "unknown field 'titel'", "perhaps title:"),
        ("star x \x1b[0m", 8, "U+001B", "take it out"),
        ("\x1b[0m", 1, "U+001B", "take it out"),
        ("tag \ud800 x", 5, "U+D800", "take it out"),
        ("tag", 4, "a tag's name is missing", "write a name"),
        ("tag  ", 6, "a tag's name is missing", "write a name"),
        ('tag "" x', 5, "a tag's name is missing", "write a name"),
        ("tag #, x", 5, "a tag's name is missing", "write a name"),
        ("tag moe", 8, "nothing says which papers", "such as"),
        ('tag "moe x', 5, "this quote is not closed", 'with a "'),
        ('tag "a"b x', 8, "does not go on like that", "space"),
        ("tag a(b) x", 6, "does not go on like that", "quotes"),
        ("tag (x)", 5, "does not go on like that", "quotes"),
        ('tag title:"mixture of experts"', 11, "does not go on like that", "quotes"),
        ("untag author:hinton is:unread", 7, "a tag's name is missing", "before the query"),
    ],
)
def test_what_cant_be_read_is_explained_with_its_column(
    text: str, column: int, message: str, hint: str
) -> None:
    with pytest.raises(QueryError) as caught:
        read_order(text, implies_read=True)
    assert (caught.value.column, caught.value.title) == (column, f"query, column {column}")
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("word", ORDERS)
def test_the_hint_for_a_missing_query_is_one(word: str) -> None:
    with pytest.raises(QueryError) as caught:
        read_order(f"{word} moe" if "tag" in word else word, implies_read=True)
    _, _, example = caught.value.hint.rpartition(" ")
    assert parse(example).terms


def _tried(text: str) -> Order | QueryError:
    try:
        return read_order(text, implies_read=True)
    except QueryError as error:
        return error


def _query(text: str) -> Query | None:
    try:
        return read_which(text)
    except QueryError:
        return None


@given(_texts)
def test_any_text_is_an_order_or_an_error_inside_it(text: str) -> None:
    match _tried(text):
        case QueryError() as error:
            assert 1 <= error.column <= len(text) + 1
            assert error.hint
        case Order(act, query):
            assert act.sets
            assert query.terms
            assert text.split()[0].lower() in ORDERS


@given(_texts, st.sampled_from(["read", "restore", 'tag "to do"']))
def test_the_query_is_the_one_that_the_language_reads(text: str, words: str) -> None:
    order = _tried(f"{words} {text}")
    assert (order.query if isinstance(order, Order) else None) == _query(text)


@pytest.mark.parametrize(("text", "column"), [("", 1), ("  ", 3), ("sort:date ", 10)])
def test_a_query_for_an_act_asks_for_something(text: str, column: int) -> None:
    assert read_which("is:read x sort:date") == parse("is:read x sort:date")
    with pytest.raises(QueryError, match="nothing says which papers") as caught:
        read_which(text)
    assert caught.value.column == column


_NAMES = {"tag": ("moe", "to read", 'say "hi"', "is:odd", "Émile"), "source": ("daily",)}


@pytest.mark.parametrize(
    ("marked", "completed"),
    [
        ("|", [f"{word} " for word in ORDERS]),
        ("st|", ["star "]),
        ("UN|", ["unread ", "unstar ", "unlater ", "untag "]),
        ("re|x", ["read ", "restore "]),
        ("r| is:read", ["read is:read", "restore is:read"]),
        ("zzz|", []),
        ("tag |", ["tag moe ", 'tag "to read" ', 'tag "say \\"hi\\"" ', 'tag "is:odd" ', "tag Émile "]),
        ("untag rea|", ['untag "to read" ']),
        ('tag "to r|', ['tag "to read" ']),
        ("tag emi| is:unread", ["tag Émile is:unread"]),
        ("tag moe i|", ["tag moe is:"]),
        ("tag moe tag:em|", ["tag moe tag:Émile"]),
        ("star source:d|", ["star source:daily"]),
        ("star is:unr| x", ["star is:unread x"]),
        ("star |", []),
        ("tag zzz|", []),
    ],
)
def test_what_an_order_could_become(marked: str, completed: list[str]) -> None:
    text, cursor = marked.replace("|", ""), marked.index("|")
    found = complete_order(text, cursor, _NAMES)
    texts = [text[: found.start] + one + text[found.end :] for one in found.candidates] if found else []
    assert texts == completed


@given(st.text(st.sampled_from('tag untgsr:"\\ ()moe'), max_size=20), st.integers(0, 20))
def test_it_completes_within_the_text(text: str, cursor: int) -> None:
    at = min(cursor, len(text))
    found = complete_order(text, at, _NAMES)
    if found:
        assert 0 <= found.start <= at <= found.end <= len(text)
        assert found.candidates


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1).map(tag_name).filter(bool))
def test_every_tag_that_is_offered_reads_as_that_tag(name: str) -> None:
    found = complete_order("tag ", 4, {"tag": [name]})
    assert found
    order = read_order(f"tag {found.candidates[0]}is:read", implies_read=False)
    assert order.act.sets == ((f"tag:{name}", True),)
