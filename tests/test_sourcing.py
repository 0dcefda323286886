"""`papers-tui source`, and lists of feeds by `papers-tui import`: what is said, printed and kept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.program import Run

from papers_tui.cli import streams
from papers_tui.cli.table import cells
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.paths import Paths, home_folder
from papers_tui.sources.opml import OutlineFeed, is_opml, read_opml, write_opml
from papers_tui.subscriptions import load

EVERY = ("add", "check", "list", "remove", "rename", "pause", "resume", "tag")


@pytest.fixture
def source(run: Run) -> Run:
    """`papers-tui source`, where three things are followed."""
    run("source", "add", "--unchecked", "cs.CL+cs.LG", "--name", "Language", "--tag", "nlp", "--tag", "#ML")
    run("source", "add", "--unchecked", "https://blog.example/feed", "--name", "Blog", "--every", "90")
    return lambda *argv: run("source", *argv)


def kept(home: Paths) -> tuple[Source, ...]:
    sources, problems = load(home.sources_file)
    assert problems == ()
    return sources


LANGUAGE = Source("Language", "arxiv", "cs.CL+cs.LG", ("nlp", "ML"))
BLOG = Source("Blog", "feed", "https://blog.example/feed", every=90)


# source


def test_help_names_what_it_can_do(run: Run) -> None:
    said = run("source", "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("usage: papers-tui source ACT")
    assert all(f"\n  {act} " in said.out for act in EVERY)
    assert run("source", "-h").out == said.out


@pytest.mark.parametrize("act", EVERY)
def test_every_act_explains_itself(run: Run, act: str) -> None:
    said = run("source", act, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: papers-tui source {act}")
    assert max(map(len, said.out.splitlines())) <= 110


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], ["source: say what to do: add, check, list,", "`papers-tui source --help`"]),
        (["ad"], ["ad: there is no such command", "perhaps add is meant", "`papers-tui source --help`"]),
        (["--json"], ["--json: there is no such option", "`papers-tui source --help`"]),
        (["add"], ["source add: the following arguments are required: WHAT", "`papers-tui source add --help`"]),
        (["add", "cs.CLL"], ['there is no category "cs.CLL"', "perhaps cs.CL"]),
        (["add", "cs.AI", "--every", "0"], ["'0' is not a number of minutes"]),
        (["add", "cs.AI", "--every", "x"], ["'x' is not a number of minutes"]),
        (["add", "cs.AI", "--name", " "], ["--name: ' ' holds nothing that can be shown"]),
        (["add", "cs.AI", "--tag", "#"], ["source: '#' holds no name for a tag"]),
        (["add", "arxiv:cs.CL+cs.LG"], ["it is followed already, as “Language”"]),
        (["remove", "Bolg"], ["Bolg: no source has this name", "perhaps “Blog” is meant"]),
        (["remove", "Blog", "Nothing"], ["Nothing: no source has this name"]),
        (["rename", "Blog", "language"], ["language: another source has this name"]),
        (["rename", "Blog"], ["source rename: the following arguments are required: NEW"]),
        (["tag", "Blog", ","], ["source: ',' holds no name for a tag"]),
        (["list", "--json", "--opml"], ["not allowed with argument --json"]),
    ],
)  # fmt: skip
def test_what_can_not_be_done_is_one_line_with_the_way_out(
    source: Run, home: Paths, argv: list[str], words: list[str]
) -> None:
    said = source(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("papers-tui: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err
    assert kept(home) == (DAILY_PAPERS, LANGUAGE, BLOG)


def test_adding(run: Run, home: Paths) -> None:
    said = run("source", "add", "--unchecked", "cs.CL+cs.LG", "--tag", "nlp")
    assert said == (0, "", "added: arXiv cs.CL + cs.LG (arxiv cs.CL+cs.LG)\n")
    assert run("source", "add", "--unchecked", "author:Yann", "LeCun").err == (
        "added: arXiv: author Yann LeCun (arxiv search?author=Yann+LeCun)\n"
    )
    assert run("source", "add", "--unchecked", "week", "--name", "Daily Papers").err == (
        "added: Daily Papers (2) (daily-papers week)\n"
    )
    assert [found.name for found in kept(home)] == [
        "Daily Papers", "arXiv cs.CL + cs.LG", "arXiv: author Yann LeCun", "Daily Papers (2)",
    ]  # fmt: skip


def test_a_file_at_home(run: Run, home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "lab.xml").touch()
    assert run("source", "add", "--unchecked", "~/lab.xml").code == 0
    assert kept(home)[-1].address == str(tmp_path.resolve() / "lab.xml")


def test_somebody_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    assert home_folder() == Path("/")


def test_the_list_in_a_pipe(source: Run) -> None:
    assert source("list") == (
        0,
        "Daily Papers\tdaily-papers\t\t\t\n"
        "Language\tarxiv\tcs.CL+cs.LG\tnlp,ML\t\n"
        "Blog\tfeed\thttps://blog.example/feed\t\t\n",
        "",
    )
    source("pause", "Blog")
    assert source("list").out.splitlines()[-1] == "Blog\tfeed\thttps://blog.example/feed\t\tpaused"


@pytest.mark.parametrize("width", [200, 80, 40, 20, 1])
def test_the_list_on_a_terminal(source: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    source(
        "add", "--unchecked", "https://long.example/" + "x" * 300, "--name", "名前" * 30, "--tag", "a" * 30
    )
    source("pause", "Blog")
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", str(width))
    lines = source("list").out.splitlines()
    assert len(lines) == 4
    assert max(map(cells, lines)) <= width
    if width == 200:
        assert lines[1].split() == ["Language", "arxiv", "cs.CL+cs.LG", "nlp,ML"]
        assert len({line.index(word) for line, word in zip(lines[1:3], ("arxiv", "feed"), strict=True)}) == 1


def test_the_list_as_json(source: Run) -> None:
    source("pause", "Language")
    lines = source("list", "--json").out.splitlines()
    assert [json.loads(line) for line in lines] == [
        {"name": "Daily Papers", "kind": "daily-papers", "address": "", "tags": [], "paused": False},
        {"name": "Language", "kind": "arxiv", "address": "cs.CL+cs.LG", "tags": ["nlp", "ML"], "paused": True},
        {"name": "Blog", "kind": "feed", "address": "https://blog.example/feed", "tags": [], "paused": False,
         "every": 90},
    ]  # fmt: skip


def test_the_list_as_opml(source: Run, tmp_path: Path) -> None:
    (tmp_path / "lab.xml").touch()
    source("add", "--unchecked", str(tmp_path / "lab.xml"))
    source("add", "--unchecked", "author:Hinton")
    said = source("list", "--opml")
    assert read_opml(said.out.encode()).feeds == (
        OutlineFeed("https://blog.example/feed", "Blog"),
        OutlineFeed("https://rss.arxiv.org/rss/cs.CL+cs.LG", "Language", ("nlp", "ML")),
    )
    assert said.err == (
        "left out, since no feed of the web is behind them: Daily Papers, lab.xml, arXiv: author Hinton\n"
    )


def test_a_list_of_nothing(run: Run) -> None:
    run("source", "remove", "daily")
    said = run("source", "list")
    assert (said.code, said.out) == (0, "")
    assert "nothing is followed" in said.err
    assert read_opml(run("source", "list", "--opml").out.encode()).feeds == ()


def test_what_is_wrong_with_the_file_is_said(source: Run, home: Paths) -> None:
    with home.sources_file.open("a") as file:
        file.write('\n[[source]]\nkind = "arixv"\n')
    said = source("list", "--json")
    assert len(said.out.splitlines()) == 3
    assert "source 4: kind: found 'arixv', perhaps arxiv is meant" in said.err
    home.sources_file.write_text("[[")
    broken = source("list")
    assert broken.out == ""
    assert "it is not TOML" in broken.err
    assert source("add", "cs.AI").code == 2
    assert home.sources_file.read_text() == "[["


def test_removing_pausing_renaming_and_tagging(source: Run, home: Paths) -> None:
    assert source("pause", "lang", "Blog", "blog").err == "Language: paused\nBlog: paused\n"
    assert source("pause", "lang").err == "Language: already paused\n"
    assert source("resume", "lang").err == "Language: asked again when it is due\n"
    assert source("rename", "blog", "A Blog").err == "Blog: now called A Blog\n"
    assert source("tag", "a blog", "lab", "x, y").err == "A Blog: tagged lab, x y\n"
    assert source("tag", "lang").err == "Language: no tags\n"
    said = source("remove", "daily")
    assert said.err == "removed: Daily Papers (daily-papers); it had no papers\n"
    assert kept(home) == (
        Source("Language", "arxiv", "cs.CL+cs.LG"),
        Source("A Blog", "feed", "https://blog.example/feed", ("lab", "x y"), 90, True),
    )


def test_several_are_removed_at_once(source: Run, home: Paths) -> None:
    said = source("remove", "Blog", "Language")
    assert said.err.count("removed: ") == 2
    assert kept(home) == (DAILY_PAPERS,)


def test_a_full_disk(source: Run, home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", full)
    said = source("remove", "Blog")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        f"papers-tui: {home.sources_file}: not changed: the disk is full (free some space and try again)\n"
    )
    assert kept(home) == (DAILY_PAPERS, LANGUAGE, BLOG)


# import


FEEDS = write_opml(
    [
        OutlineFeed("https://blog.example/feed", "Same blog"),
        OutlineFeed("https://lab.example/feed", "Lab", ("Labs", "ML")),
        OutlineFeed("http://rss.arxiv.org/rss/stat.ML", "Statistics", ("Labs",)),
    ]
)


@pytest.mark.usefixtures("source")
def test_a_list_of_feeds_becomes_sources(run: Run, home: Paths, tmp_path: Path) -> None:
    file = tmp_path / "feeds.txt"
    file.write_bytes(FEEDS)
    said = run("import", "--json", str(file))
    assert said.code == 0
    assert said.err == f"{file}: 2 sources added, 1 was there already\n"
    assert json.loads(said.out) == {
        "files": 1, "read": 0, "new": 0, "merged": 0, "unchanged": 0, "sources": 2, "skipped": [],
    }  # fmt: skip
    assert kept(home) == (
        DAILY_PAPERS, LANGUAGE, BLOG,
        Source("Lab", "feed", "https://lab.example/feed", ("Labs", "ML")),
        Source("Statistics", "arxiv", "stat.ML", ("Labs",)),
    )  # fmt: skip
    before = home.sources_file.read_bytes()
    again = run("import", "--json", str(file))
    assert again.err == f"{file}: all of its feeds are followed already, nothing changed\n"
    assert json.loads(again.out)["sources"] == 0
    assert home.sources_file.read_bytes() == before


def test_what_is_exported_comes_in_again(source: Run, run: Run, home: Paths) -> None:
    exported = source("list", "--opml").out.encode()
    before = kept(home)
    source("remove", "Blog", "Language")
    assert run("import", "-", given=exported).err == "stdin: 2 sources added\n"
    assert {known.ref for known in kept(home)} == {known.ref for known in before}


def test_feeds_that_can_not_be_followed_are_named(run: Run, home: Paths) -> None:
    outlines = "".join(f'<outline text="F{n}" xmlUrl="ftp://f.example/{n}"/>' for n in range(5))
    good = '<outline text="Good" xmlUrl="https://good.example/feed"/>'
    said = run("import", "-", given=f"<opml><body>{outlines}{good}</body></opml>".encode())
    first, *faults, last = said.err.splitlines()
    assert said.code == 0
    assert first == "stdin: 1 source added; 5 left out:"
    assert faults[0] == "  “F0”: ftp://f.example/0 is not an http(s) address"
    assert last == "  and 2 more"
    assert len(kept(home)) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<opml><body/></opml>", "it is OPML, but lists no feeds"),
        (
            b'<opml><outline text="A" xmlUrl="https://me:secret@a.example/"/></opml>',
            "lists no feeds that can be followed (“A”: its address holds a password",
        ),
    ],
)
def test_a_list_without_feeds_is_skipped(run: Run, home: Paths, data: bytes, reason: str) -> None:
    said = run("import", "--json", "-", given=data)
    assert said.code == 2
    assert reason in said.err
    assert "secret" not in said.err
    assert "sources" not in json.loads(said.out)
    assert kept(home) == (DAILY_PAPERS,)


def test_sources_that_can_not_be_kept_are_this_files_trouble(run: Run, home: Paths) -> None:
    home.sources_file.write_text("[[")
    said = run("import", "-", given=FEEDS)
    assert said.code == 2
    assert said.err.startswith("stdin: skipped: it is not TOML")
    assert home.sources_file.read_text() == "[["


@pytest.mark.parametrize(
    ("data", "opml"),
    [
        (FEEDS, True),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- <html> --><OPML version='1.0'>", True),
        ("<?xml version='1.0' encoding='UTF-16'?><opml/>".encode("utf-16"), True),
        (b"<rss><item>&lt;opml&gt; <opml></item></rss>", False),
        (b"<html><opml></html>", False),
        (b"opml", False),
        (b"", False),
        (b"{}", False),
        (b"a < b <opml>", False),
    ],
)
def test_opml_is_known_by_its_first_element(data: bytes, opml: bool) -> None:
    assert is_opml(data) is opml


def test_real_lists_come_in_once(run: Run, home: Paths, shared: Path) -> None:
    files = [str(file) for file in sorted((shared / "other_suites" / "opml_plenary").rglob("*.opml"))]
    first = json.loads(run("import", "--json", *files).out)
    assert first["files"] == len(files)
    assert first["sources"] == len(kept(home)) - 1 > 500
    before = home.sources_file.read_bytes()
    assert json.loads(run("import", "--json", *files).out)["sources"] == 0
    assert home.sources_file.read_bytes() == before
