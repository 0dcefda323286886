"""Saved views: the file they are kept in, that no change to it is lost, and `view:NAME` in a query."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.paper import Link, Paper
from papers_tui.domain.query import AllOf, AnyOf, Is, Not, Query, Words, format, leaves, parse
from papers_tui.domain.query.values import DEEPEST, MOST_TERMS
from papers_tui.domain.record import to_record
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.saved_views import (
    SUGGESTED,
    SavedView,
    Views,
    added,
    edit,
    expanded,
    load,
    moved,
    named,
    quoted_argument,
    removed,
    renamed,
    view_name,
)

WEEK = SavedView("Past week", "after:7d -is:later", "w")
EXPERTS = SavedView("Experts", 'moe OR "mixture of experts" sort:upvotes')
ALL = SavedView("All", "")
THREE = (WEEK, EXPERTS, ALL)
FUNCTION_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "views.toml"


def save(file: Path, views: Iterable[SavedView]) -> None:
    file.unlink(missing_ok=True)
    edit(file, lambda _: tuple(views))


def loaded(file: Path, text: str) -> tuple[Views, tuple[str, ...]]:
    file.write_text(text, "utf-8")
    return load(file)


# The file


NAMES = st.text(st.characters(codec="utf-8"), max_size=70)
QUERIES = st.lists(
    st.sampled_from(
        ["moe", '"a \\"b\\" c"', "is:unread", "-(a OR b)", "tag:名前", "\u202e", "upvotes:>=10", "\n"]
    )
).map(" ".join)
KEYS = st.sampled_from(["", "a", "é", "名", "#", '"', "\\", "'", "W"])


def _readable(query: str) -> bool:
    try:
        parse(query)
    except QueryError:
        return False
    return True


@st.composite
def lists_of_views(draw: st.DrawFn) -> Views:
    views: Views = ()
    for name in draw(st.lists(NAMES.filter(view_name), max_size=6)):
        views = added(views, SavedView(name, draw(QUERIES.filter(_readable)), draw(KEYS)))
    return views


@given(views=lists_of_views())
@FUNCTION_FIXTURE
def test_what_is_saved_is_read_back(file: Path, views: Views) -> None:
    save(file, views)
    assert load(file) == (views, ())


@given(first=lists_of_views(), second=lists_of_views())
@FUNCTION_FIXTURE
def test_any_list_may_take_the_place_of_any_other(file: Path, first: Views, second: Views) -> None:
    save(file, first)
    assert edit(file, lambda _: second) == second
    assert load(file) == (second, ())


def test_no_file_means_the_suggested_ones_and_an_empty_one_none(file: Path) -> None:
    assert load(file) == (SUGGESTED, ())
    assert loaded(file, "") == ((), ())
    assert loaded(file, "view = []") == ((), ())


def test_a_file_for_hand_and_program(file: Path) -> None:
    save(file, THREE)
    text = file.read_text()
    assert text.startswith("# The saved views of papers-tui.")
    assert text.count("[[view]]\n") == 3
    assert file.stat().st_mode & 0o777 == 0o600
    by_hand = '\n[[view]]\nname = " By\\thand "\nquery = "robot*"\n'
    assert loaded(file, text + by_hand) == ((*THREE, SavedView("By hand", "robot*")), ())


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("query = 'moe'", "view 1: it has no name"),
        ("name = ''", "view 1 (''): it has no name"),
        ("name = 3\nquery = 'moe'", "view 1: name: found 3, expected a name that can be shown"),
        ("name = '  '", "view 1 ('  '): name: found '  ', expected a name"),
        ("name = 'X'\nquery = 3", "view 1 ('X'): query: found 3, expected a text"),
        ("name = 'X'\nquery = ['a']", "query: found ['a'], expected a text"),
        ("name = 'X'\nquery = 'titel:x'", "its query, column 1: unknown field 'titel' (perhaps title:"),
        ("name = 'X'\nquery = 'a ('", "its query, column 3: "),
        ("name = 'X'\nquery = 'view:Week'", "unknown field 'view'"),
        ('name = "X"\nquery = "is:\\"\\u202E\\n\\""', "does not know"),
        ('name = "X"\nquery = "\\u0000"', "U+0000 is not a character to search for"),
    ],
)  # fmt: skip
def test_a_view_that_can_not_be_used_is_named_left_out_and_kept(entry: str, problem: str, file: Path) -> None:
    good = '[[view]]\nname = "Good"\nquery = "moe"\n'
    views, (said,) = loaded(file, f"[[view]]\n{entry}\n{good}")
    assert views == (SavedView("Good", "moe"),)
    assert said.startswith(f"{file}: view 1")
    assert problem in said
    assert said.endswith("; it is left out")
    assert said.isprintable()
    edit(file, lambda views: moved(added(views, WEEK), "Past", -1))
    assert load(file) == ((WEEK, SavedView("Good", "moe")), (said,))
    assert tomllib.loads(file.read_text())["view"][0] == tomllib.loads(entry)


@pytest.mark.parametrize(
    ("field", "problem"),
    [
        ("key = 3", "key: found 3, expected one character"),
        ("key = ['w']", "key: found ['w'], expected one character"),
        ("key = 'ww'", "key: found 'ww', expected one character"),
        ("key = ' '", "key: found ' ', expected one character"),
        ('key = "\\u001B"', "key: found '\\x1b', expected one character"),
        ("kee = 'w'", "'kee' is not known here, perhaps key is meant"),
        ("group.by.what = 1", "'group' is not known here, expected one of name, query, key"),
    ],
)
def test_of_a_bad_field_the_default_holds_and_it_stays(field: str, problem: str, file: Path) -> None:
    views, (said,) = loaded(file, f"[[view]]\nname = 'X'\nquery = 'moe'\n{field}\n")
    assert views == (SavedView("X", "moe"),)
    assert said == f"{file}: view 1 ('X'): {problem}"
    edit(file, lambda views: added(renamed(views, "X", "Y"), WEEK))
    assert tomllib.loads(file.read_text())["view"][0] == {"name": "Y", "query": "moe", **tomllib.loads(field)}


def test_of_two_with_one_name_or_one_key_the_first_holds(file: Path) -> None:
    text = """
    [[view]]
    name = "Week"
    query = "after:7d"
    key = "w"
    [[view]]
    name = "WEEK"
    query = "after:1w"
    [[view]]
    name = "Wide"
    query = "survey"
    key = "w"
    """
    views, problems = loaded(file, text)
    assert views == (SavedView("Week", "after:7d", "w"), SavedView("Wide", "survey"))
    assert problems == (
        f"{file}: view 2 ('WEEK'): view 1 has the same name, and the first holds",
        f"{file}: view 3 ('Wide'): view 1 has the same key, and the first holds",
    )
    assert edit(file, lambda views: removed(views, "week")) == (SavedView("Wide", "survey"),)
    assert load(file) == ((SavedView("Wide", "survey"),), ())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "view = 3",
            "what it calls view is no list of tables (write [[view]], in double brackets, before each of them)",
        ),
        ("view = [1]", "view 1: found 1, expected a table; it is left out"),
        ("[[views]]\nname = 'X'", "'views' is not known here, expected [[view]] tables"),
    ],
)
def test_what_is_no_view_at_all_is_reported(text: str, problem: str, file: Path) -> None:
    assert loaded(file, text) == ((), (f"{file}: {problem}",))


@given(tables=st.lists(st.fixed_dictionaries({
    "name": st.sampled_from(["a", "A", "b", "c"]), "query": st.sampled_from(["moe", "(", "is:read"]),
    "key": st.sampled_from(["", "w", "v", "ww"]),
})), seed=st.sampled_from(["a", "b", "c"]), key=st.sampled_from(["", "w", "v"]))  # fmt: skip
@FUNCTION_FIXTURE
def test_what_edit_gives_is_what_the_next_start_loads(
    file: Path, tables: list[dict[str, str]], seed: str, key: str
) -> None:
    def changes(views: Views) -> Views:
        views = added(views, SavedView("d", "x", key))
        return renamed(moved(views, seed, 1), seed, "e") if any(v.name == seed for v in views) else views

    file.write_text(tomli_w.dumps({"view": tables}))
    assert load(file)[0] == edit(file, lambda views: views)
    assert edit(file, changes) == load(file)[0]
    assert edit(file, lambda views: removed(views, "d")) == load(file)[0]


# Changes to the file


# Changes to the list


def test_what_is_added_comes_last_or_in_place_of_its_namesake() -> None:
    assert added((WEEK,), EXPERTS) == (WEEK, EXPERTS)
    other = SavedView("EXPERTS", "mamba")
    assert added(THREE, replace(other, name=" EXPERTS\n")) == (WEEK, other, ALL)


def test_a_key_is_taken_from_the_view_that_has_it() -> None:
    assert added(THREE, replace(EXPERTS, key="w")) == (replace(WEEK, key=""), replace(EXPERTS, key="w"), ALL)
    assert added(THREE, SavedView("New", "x", "W"))[0] == WEEK


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (SavedView(" \u202e", "moe"), "view: a name of nothing that can be shown is none (give it letters"),
        (SavedView("X", "("), "query, column 1"),
        (SavedView("X", "view:Week"), "query, column 1: unknown field 'view'"),
        (SavedView("X", "moe", "ww"), "key: 'ww' is not one character"),
        (SavedView("X", "moe", "\x1b"), "key: '\\x1b' is not one character"),
    ],
)
def test_what_can_not_be_added(view: SavedView, words: str) -> None:
    with pytest.raises(PapersError) as error:
        added(THREE, view)
    assert words in str(error.value)


def test_renaming_moving_and_removing() -> None:
    assert renamed(THREE, "past", " New\nname ")[0] == replace(WEEK, name="New name")
    assert renamed(THREE, "past", "PAST WEEK")[0].name == "PAST WEEK"
    for new, words in (("all", "another view has this name"), (" \u202e", "none")):
        with pytest.raises(PapersError, match=words):
            renamed(THREE, "past", new)
    assert moved(THREE, "past", 1) == (EXPERTS, WEEK, ALL)
    assert moved(THREE, "past", 99) == (EXPERTS, ALL, WEEK)
    assert moved(THREE, "all", -99) == (ALL, WEEK, EXPERTS)
    assert moved(THREE, "all", 0) == THREE
    assert removed(THREE, "ex") == (WEEK, ALL)


@pytest.mark.parametrize("text", ["Past week", "past WEEK", " past ", "p"])
def test_a_view_is_named_by_its_name_or_the_beginning_of_it(text: str) -> None:
    assert named(THREE, text) is WEEK
    longer = replace(WEEK, name="Past weeks")
    assert named((longer, WEEK), "past week") is WEEK


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Past weak", "no view has this name (perhaps “Past week” is meant; `papers-tui view list`"),
        ("EXPRETS", "perhaps “Experts” is meant"),
        ("Pst", "perhaps “Past week” is meant"),
        ("zzz", "no view has this name (`papers-tui view list` shows them all)"),
        ("", "view: no view has this name (`papers-tui view list` shows them all)"),
        ("\x1b[2J", "view: no view has this name"),
        ("Pa", "several views can be meant: “Past week”, “Papers” (give more of the name)"),
    ],
)
def test_a_name_that_is_not_clear(text: str, words: str) -> None:
    with pytest.raises(PapersError) as error:
        named((*THREE, SavedView("Papers", "x")), text)
    assert words in str(error.value)
    assert str(error.value).isprintable()


def test_no_views_at_all() -> None:
    with pytest.raises(PapersError, match="`papers-tui view add` adds one"):
        named((), "week")


# The suggested ones


def test_the_suggested_ones_are_in_order() -> None:
    views: Views = ()
    for view in SUGGESTED:
        views = added(views, view)
    assert views == SUGGESTED
    assert len({view.key for view in SUGGESTED}) == 3


def test_each_suggested_one_finds_something(home: Paths) -> None:
    code = (Link("https://github.com/x/y", "code"),)
    several = (
        Paper(("arxiv:2601.00001",), "With code", published="2026-01-01", links=code),
        Paper(("arxiv:2601.00002",), "Talked about", published="2026-01-01", upvotes=10),
        Paper(("arxiv:2611.00003",), "New", published="2026-11-19", upvotes=1),
    )
    data = "\n".join(json.dumps(to_record(paper)) for paper in several).encode()
    with Library(home, now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)) as library:
        library.import_file("three.jsonl", data, date(2026, 11, 20))
        found = [list(library.find(parse(view.query))) for view in SUGGESTED]
        assert found == [[library.resolve(paper.keys[0])] for paper in several]


# In a query


WEEKLY = parse(WEEK.query).terms
MOE = AnyOf((Words("moe"), Words("mixture of experts", phrase=True)))
EVERYTHING = AnyOf((Is("read"), Not(Is("read"))))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query(())),
        ("moe sort:title", Query((Words("moe"),), "title")),
        ('view:"Past week"', Query(WEEKLY)),
        ("VIEW:past", Query(WEEKLY)),
        ('  view:"past week"  -is:read', Query((*WEEKLY, Not(Is("read"))))),
        ("-view:past", Query((Not(AllOf(WEEKLY)),))),
        ("view:past OR a", Query((AnyOf((AllOf(WEEKLY), Words("a"))),))),
        ("(a view:past) b", Query((AllOf((Words("a"), *WEEKLY)), Words("b")))),
        ("view:ex a", Query((MOE, Words("a")), "upvotes")),
        ("-view:ex", Query((Not(MOE),))),
        ("a OR view:ex", Query((AnyOf((Words("a"), MOE)),))),
        ("-(a view:ex)", Query((Not(AllOf((Words("a"), MOE))),))),
        ("view:ex sort:title", Query((MOE,), "title")),
        ("view:past view:ex", Query((*WEEKLY, MOE), "upvotes")),
        ("view:past view:past", Query((*WEEKLY, *WEEKLY))),
        ("view:all", Query(())),
        ("view:all a", Query((Words("a"),))),
        ("-view:all", Query((Not(EVERYTHING),))),
        ("a OR view:all", Query((AnyOf((Words("a"), EVERYTHING)),))),
        ("(view:all view:all) a", Query((EVERYTHING, Words("a")))),
        ('"view:past"', Query((Words("view:past", phrase=True),))),
        ("review:", Query((Words("review:"),))),
        ("tag:view:past", parse("tag:view:past")),
    ],
)
def test_a_view_in_a_query(text: str, query: Query) -> None:
    assert expanded(text, THREE) == query


@pytest.mark.parametrize("name", ['a "b"', "C*", "=x", "a\\", "(x)", "-x", "名前", "a:b", "OR", 'view:"x"'])
def test_any_name_can_be_quoted(name: str) -> None:
    views = (*THREE, SavedView(name, "moe"))
    assert expanded(quoted_argument(f"view:{name}", views), views) == Query((Words("moe"),))
    assert expanded(quoted_argument(f"-View:{name}", views), views) == Query((Not(Words("moe")),))


@pytest.mark.parametrize(
    ("argument", "quoted"),
    [
        ("view:Past week", 'view:"Past week"'),
        ("-view:past WEEK", '-view:"past WEEK"'),
        ("view:all", "view:all"),
        ("view:Past week -is:read", "view:Past week -is:read"),
        ('view:"Past week"', 'view:"Past week"'),
        ("title:Past week", "title:Past week"),
        ("view:", "view:"),
    ],
)
def test_a_word_of_the_command_line(argument: str, quoted: str) -> None:
    assert quoted_argument(argument, THREE) == quoted


def test_an_order_that_is_asked_for_otherwise() -> None:
    assert expanded("view:ex", THREE, sort="title").sort == "title"
    assert expanded("view:ex sort:stars", THREE, sort="title").sort == "title"
    assert expanded("a sort:stars", THREE, sort="title").sort == "title"
    assert expanded("view:ex sort:stars", THREE).sort == "stars"
    assert expanded("a", THREE, sort="title") == Query((Words("a"),), "title")
    assert expanded("view:past OR view:ex", THREE).sort == ""


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("a view:Expret", 8, "Expret: no view has this name (perhaps “Experts” is meant"),
        ('-view:"zzz"', 7, "zzz: no view has this name (`papers-tui view list` shows them all"),
        ("view:", 6, "view: needs a value, right after the colon (expected the name of a saved view"),
        ('view:""', 6, "view: needs a value"),
        ('view:" "', 6, "view: needs a value"),
        ("view:\u202e", 6, "view: no view has this name"),
        ('view:"Past week', 6, "this quote is not closed"),
        ("view:past iz:x", 11, "unknown field 'iz'"),
        ('view:past"x"', 10, "a quote and a word run into each other"),
        ('view:"past"x', 12, "a quote and a word run into each other"),
        ('view:"past"*x', 12, "a quote and a word run into each other"),
        ('a"view:past"', 2, "a quote and a word run into each other"),
        ("--view:past", 1, "more than one - in a row"),
        ("(view:past", 1, "this ( is not closed"),
        ("view:past )", 11, "this ) closes nothing"),
        ("view:past OR", 11, "OR needs a term on both sides"),
    ],
)
def test_what_can_not_be_read_is_told_with_its_column(text: str, column: int, words: str) -> None:
    with pytest.raises(QueryError) as error:
        expanded(text, THREE)
    assert words in str(error.value)
    assert error.value.column == column
    assert str(error.value).isprintable()


def test_views_that_bring_too_much() -> None:
    views = (
        SavedView("Long", " ".join(["x"] * 300)),
        SavedView("Deep", "-(a " * DEEPEST + "b" + ")" * DEEPEST),
    )
    assert len(expanded("view:long", views).terms) == 300
    for text, words in (
        (
            "a view:long view:long",
            f"column 3: with what its views bring, the query has more than {MOST_TERMS} terms",
        ),
        ("a " * 201 + "view:long", "column 403: with what"),
        (
            "a OR (b view:deep)",
            f"column 9: with what its views bring, the query has more than {DEEPEST} parentheses",
        ),
        ("view:long " * (MOST_TERMS + 1), f"more than {MOST_TERMS} terms"),
    ):
        with pytest.raises(QueryError) as error:
            expanded(text, views)
        assert words in str(error.value)


PARTS = st.sampled_from([
    *("view:past", 'view:"Past week"', "view:ex", "-view:all", "view:", "view:no", "a", "is:unread", "OR", "("),
    *(")", '"', '"x y"', "-", "sort:title", "\\", "=", "*", " "),
])  # fmt: skip


@given(st.lists(PARTS).map(" ".join) | st.lists(PARTS).map("".join) | st.text())
def test_anything_typed_is_a_query_in_full_or_a_sentence(text: str) -> None:
    try:
        query = expanded(text, THREE)
    except QueryError as error:
        query, column = Query(()), error.column
    else:
        column = 1
    assert 1 <= column <= len(text) + 1
    assert parse(format(query)) == query
    assert not any(isinstance(leaf, Words) and "\U00020000" in leaf.text for leaf in leaves(query.terms))


@given(st.lists(PARTS.filter(lambda part: "view" not in part)).map(" ".join).filter(_readable))
def test_what_names_no_view_is_the_query_that_it_was(text: str) -> None:
    assert expanded(text, THREE) == parse(text)


def test_a_query_that_holds_the_letters_that_stand_for_views() -> None:
    text = "\U00020000" * len("view:past")
    assert expanded(f"{text} view:past", THREE) == Query((Words(text), *WEEKLY))


def test_loading_views_is_cheap(file: Path) -> None:
    save(file, THREE)
    code = f"""
import sys
from pathlib import Path
from papers_tui.saved_views import expanded, load
views, _ = load(Path({str(file)!r}))
expanded("view:past", views)
print([name for name in sys.modules if name.startswith(("difflib", "tomli_w", "sqlite3", "papers_tui.library"))])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
