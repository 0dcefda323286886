"""`papers-tui view`, and `view:NAME` for `list` and `export`: what is said, printed and kept."""

from __future__ import annotations

import json
import os
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.program import Run, Said

from papers_tui.cli import streams
from papers_tui.cli.table import cells
from papers_tui.domain.paper import Link, Paper
from papers_tui.domain.record import to_record
from papers_tui.paths import Paths
from papers_tui.saved_views import SUGGESTED, SavedView, Views, load

README = Path(__file__).parent.parent / "README.md"


EVERY = ("add", "list", "remove", "rename")


@pytest.fixture
def view(run: Run) -> Run:
    """`papers-tui view`."""
    return lambda *argv: run("view", *argv)


@pytest.fixture
def library(run: Run, tmp_path: Path) -> Run:
    """The program, where four papers are there: two of today, one of them with code, and two old ones."""
    today = f"{datetime.now(UTC).date()}"
    code = (Link("https://github.com/x/y", "code"),)
    papers = (
        Paper(("arxiv:2611.00001",), "Zebra attention", published=today, upvotes=1, links=code),
        Paper(("arxiv:2611.00002",), "Mixture of experts", published=today, upvotes=30),
        Paper(("arxiv:2411.00003",), "A moe", published="2024-11-01", upvotes=20),
        Paper(("arxiv:2411.00004",), "Older attention", published="2024-11-01", upvotes=5),
    )
    file = tmp_path / "four.jsonl"
    file.write_text("\n".join(json.dumps(to_record(paper)) for paper in papers))
    assert run("import", str(file)).code == 0
    run("view", "add", "Experts", 'moe OR "mixture of experts" sort:upvotes')
    return run


def found(said: Said) -> list[str]:
    """The last digits of the papers that were listed."""
    assert (said.code, said.err) == (0, "")
    return [line[-1] for line in said.out.split()]


def kept(home: Paths) -> Views:
    views, problems = load(home.views_file)
    assert problems == ()
    return views


# view


def test_help_names_what_it_can_do(view: Run) -> None:
    said = view("--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("usage: papers-tui view ACT")
    assert all(f"\n  {act} " in said.out for act in EVERY)


@pytest.mark.parametrize("act", EVERY)
def test_every_act_explains_itself(view: Run, act: str) -> None:
    said = view(act, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: papers-tui view {act}")
    assert max(map(len, said.out.splitlines())) <= 110


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], ["view: say what to do: add, list, move, remove, rename", "`papers-tui view --help`"]),
        (["ad"], ["ad: there is no such command", "perhaps add is meant"]),
        (["add", "X"], ["view add: the following arguments are required: QUERY"]),
        (["add", "X", "-is:read"], ["a query that begins with - comes after --"]),
        (["add", "X", "iz:new"], ["query, column 1: unknown field 'iz'"]),
        (["add", "X", "view:past"], ["query, column 1: unknown field 'view'"]),
        (["add", " ", "moe"], ["view: a name of nothing that can be shown is none"]),
        (["add", "X", "moe", "--key", "ww"], ["key: 'ww' is not one character"]),
        (["remove", "Pst"], ["Pst: no view has this name", "perhaps “Past week” is meant"]),
        (["remove", "Past", "Nothing"], ["Nothing: no view has this name"]),
        (["rename", "Past", "talked ABOUT"], ["talked ABOUT: another view has this name"]),
        (["rename", "Past"], ["view rename: the following arguments are required: NEW"]),
    ],
)
def test_what_can_not_be_done_is_one_line_with_the_way_out(
    view: Run, home: Paths, argv: list[str], words: list[str]
) -> None:
    said = view(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("papers-tui: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err
    assert not home.views_file.exists()


def test_adding(view: Run, home: Paths) -> None:
    assert view("add", "Robots", "robot*", "is:unread") == (0, "", "saved: Robots (robot* is:unread)\n")
    assert view("add", "All", "", "--key", "a").err == "saved: All (every paper, key g a)\n"
    assert view("add", "Rest", "--", "-moe").err == "saved: Rest (-moe)\n"
    assert kept(home) == (
        *SUGGESTED,
        SavedView("Robots", "robot* is:unread"),
        SavedView("All", "", "a"),
        SavedView("Rest", "-moe"),
    )


def test_adding_again_changes_the_query_and_keeps_the_key(view: Run, home: Paths) -> None:
    assert view("add", "past WEEK", "after:1w").err == "changed: past WEEK (after:1w, key g w)\n"
    assert kept(home)[2] == SavedView("past WEEK", "after:1w", "w")
    assert view("add", "past week", "after:1w", "--key", "").err == "changed: past week (after:1w)\n"
    assert kept(home)[2] == SavedView("past week", "after:1w")


def test_a_key_that_another_view_has(view: Run, home: Paths) -> None:
    said = view("add", "Weird", "moe", "--key", "w")
    assert said.err == "saved: Weird (moe, key g w)\nPast week: its key is Weird's now\n"
    assert [known.key for known in kept(home)] == ["c", "u", "", "w"]


def test_the_list_in_a_pipe(view: Run) -> None:
    assert view("list") == (
        0,
        "Unread with code\tis:unread has:code\tc\n"
        "Talked about\tis:unread upvotes:>=10 sort:upvotes\tu\n"
        "Past week\tis:unread after:7d -is:later\tw\n",
        "",
    )


@pytest.mark.parametrize("width", [200, 80, 40, 20, 1])
def test_the_list_on_a_terminal(view: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    view("add", "名前" * 15, '"' + "名前" * 100 + '"', "--key", "名")
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", str(width))
    lines = view("list").out.splitlines()
    assert len(lines) == 4
    assert max(map(cells, lines)) <= width
    if width == 80:
        assert lines[2].split(maxsplit=3) == ["w", "Past", "week", "is:unread after:7d -is:later"]
        assert len({line.index("is:unread") for line in lines[:3]}) == 1


def test_the_list_as_json(view: Run) -> None:
    view("add", "名前", "moe")
    assert [json.loads(line) for line in view("list", "--json").out.splitlines()][2:] == [
        {"name": "Past week", "query": "is:unread after:7d -is:later", "key": "w"},
        {"name": "名前", "query": "moe", "key": ""},
    ]


def test_a_query_can_not_act_on_the_terminal(view: Run, home: Paths) -> None:
    home.views_file.write_text('[[view]]\nname = "X"\nquery = "a\\tb\\n\\u202Ec"\n')
    assert view("list").out == "X\ta b c\t\n"
    assert view("remove", "X").err == "removed: X (a b c)\n"


def test_a_list_of_nothing(view: Run) -> None:
    view("remove", "past", "talked", "unread", "Past week")
    said = view("list")
    assert (said.code, said.out) == (0, "")
    assert "no view is saved" in said.err


def test_what_is_wrong_with_the_file_is_said(view: Run, home: Paths) -> None:
    view("add", "X", "moe")
    with home.views_file.open("a") as file:
        file.write('\n[[view]]\nname = "Bad"\nquery = "("\n')
    said = view("list", "--json")
    assert len(said.out.splitlines()) == 4
    assert "view 5 ('Bad'): its query, column 1: " in said.err
    home.views_file.write_text("[[")
    broken = view("list")
    assert broken.out == ""
    assert "it is not TOML" in broken.err
    assert view("add", "X", "moe").code == 2
    assert home.views_file.read_text() == "[["


def test_removing_and_renaming(view: Run, home: Paths) -> None:
    assert view("rename", "past", " This\nweek ").err == "Past week: now called This week\n"
    said = view("remove", "talk", "unread")
    assert said.err == (
        "removed: Talked about (is:unread upvotes:>=10 sort:upvotes, key g u)\n"
        "removed: Unread with code (is:unread has:code, key g c)\n"
    )
    assert kept(home) == (SavedView("This week", "is:unread after:7d -is:later", "w"),)


def test_a_full_disk(view: Run, home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    said = view("remove", "past")
    assert (said.code, said.out) == (2, "")
    assert f"{home.views_file}: not changed: the disk is full" in said.err


@pytest.mark.parametrize(
    ("argv", "said", "order"),
    [
        (
            ["past", "1"],
            "Past week: now 1 of 4",
            ["Past week", "Unread with code", "Talked about", "Experts"],
        ),
        (
            ["Unread", "3"],
            "Unread with code: now 3 of 4",
            ["Talked about", "Past week", "Unread with code", "Experts"],
        ),
        (
            ["experts", "99"],
            "Experts: now 4 of 4",
            ["Unread with code", "Talked about", "Past week", "Experts"],
        ),
    ],
)
def test_a_view_is_moved_to_a_place(library: Run, argv: list[str], said: str, order: list[str]) -> None:
    assert library("view", "move", *argv) == Said(0, "", f"{said}\n")
    listed = library("view", "list").out.splitlines()
    assert [line.split("\t")[0] for line in listed] == order


@pytest.mark.parametrize("place", ["0", "-1", "first", "1.5", ""])
def test_what_is_no_place_is_told(library: Run, place: str) -> None:
    said = library("view", "move", "past", "--", place)
    assert said.code == 2
    assert "is not a place; the first one is 1" in said.err


# A view in a query


@pytest.mark.parametrize(
    ("argv", "papers"),
    [
        (["view:Experts"], "23"),
        (["view:exp"], "23"),
        (["view:Experts", "--sort", "title"], "32"),
        (["view:Experts", "--sort", "title", "sort:upvotes"], "32"),
        (["--sort", "upvotes", "sort:title"], "2341"),
        (["view:Past week", "--sort", "title"], "21"),
        (['view:"Past week"', "--sort", "title"], "21"),
        (['view:"Past week" view:experts'], "2"),
        (["--", "view:Past week", "-has:code"], "2"),
        (["--sort", "title", "--", "-view:Past week"], "34"),
        (["--sort", "title", "(view:past", "attention)", "OR", "view:experts"], "321"),
        (["view:talked"], "23"),
        (["sort:upvotes"], "2341"),
        (["--sort", "upvotes"], "2341"),
    ],
)
def test_a_view_on_the_command_line(library: Run, argv: list[str], papers: str) -> None:
    assert found(library("list", "--format", "ids", *argv)) == list(papers)


def test_the_terms_of_a_view_are_kept_apart_from_the_rest(library: Run) -> None:
    assert found(library("list", "--format", "ids", "view:experts", "mixture")) == ["2"]


def test_a_view_is_exported(library: Run) -> None:
    said = library("export", "view:Experts", "--format", "jsonl")
    assert [json.loads(line)["title"] for line in said.out.splitlines()] == ["Mixture of experts", "A moe"]
    document = library("export", "view:Experts").out
    assert 'moe OR \\"mixture of experts\\" sort:upvotes' in document


def test_an_empty_query_exports_the_starred_ones(library: Run) -> None:
    for argv in ([], [""], ["", ""]):
        assert library("export", "--format", "jsonl", *argv).out == ""


@pytest.mark.parametrize("command", ["list", "export"])
def test_a_view_that_is_not_there(library: Run, command: str) -> None:
    said = library(command, "attention", "view:expret")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(
        "papers-tui: query, column 16: expret: no view has this name (perhaps “Experts”"
    )


def test_the_file_is_read_only_where_a_view_is_named(library: Run, home: Paths) -> None:
    home.views_file.write_text("[[")
    assert found(library("list", "--format", "ids", "moe")) == ["3"]
    said = library("list", "view:experts")
    assert said.code == 2
    assert "it is not TOML" in said.err
    assert "no view has this name" in said.err


def test_the_readmes_commands(library: Run) -> None:
    section = README.read_text("utf-8").partition("\n## Search\n")[2].partition("\n## ")[0]
    shown = [shlex.split(text) for text in re.findall(r"`papers-tui ((?:view|list) [^`]*\"[^`]*)`", section)]
    assert [argv[0] for argv in shown] == ["view", "list"]
    assert library(*shown[0]).err == "changed: Past week (is:unread after:7d, key g w)\n"
    assert library(*shown[1]).out.endswith("\tMixture of experts\tarxiv:2611.00002\n")
