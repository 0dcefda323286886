"""The command line: what each command prints where, its exit code, and how it ends in a pipe or by a signal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pexpect
import pytest
from tests.program import Run

from papers_tui import __version__
from papers_tui.cli import streams
from papers_tui.cli.commands import COMMANDS
from papers_tui.cli.table import aligned, cells, fit, tabbed
from papers_tui.config import EXAMPLE
from papers_tui.domain import marks
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import PaperRow
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.session import Session, save
from papers_tui.store import StoreBusy

_RECORDS: list[dict[str, Any]] = [
    {
        "id": "arxiv:2402.16107",
        "title": "Sparse $O(n^2)$ attention",
        "authors": ["Ada Byron", "Émile Borel"],
        "abstract": "We attend sparsely. Code: https://github.com/ada/sparse.",
        "published": "2024-02-25T18:00:00Z",
        "links": [{"url": "https://github.com/ada/sparse", "kind": "code", "origin": "user"}],
    },
    {
        "id": "arxiv:2403.00001",
        "title": "Diffusion for 名前",
        "abstract": "See https://arxiv.org/abs/1706.03762 for attention.",
        "published": "2024-03-01",
    },
    {"title": "Undated & alone", "abstract": "It has no id; compare https://arxiv.org/abs/1706.03762."},
]
_ALONE = text_key(_RECORDS[2]["title"], _RECORDS[2]["abstract"])
_PAGE = """\
Get trending papers in your email inbox!

Subscribe

Daily Papers

byAK and the research community

Nov 7

Reading Papers by the Hundred

We study how researchers read papers in a terminal. Our method reads hundreds a day.

  • 3 authors

·

Nov 3, 2025 4

Writing Papers by the Dozen

We study how papers are written. Our results are at https://github.com/dozen/papers.

  • 1 authors

·

Nov 2
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "sample.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in _RECORDS))
    return file


@pytest.fixture
def library(run: Run, sample: Path) -> Run:
    """The same as `run`, with the three papers of the sample in the library."""
    assert run("import", str(sample)).code == 0
    return run


def _alone(argv: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs the program as a process of its own."""
    command = [sys.executable, "-m", "papers_tui", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **options)


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    """Runs a line of shell in which `papers` is the program."""
    script = f'papers() {{ "{sys.executable}" -m papers_tui "$@"; }}\n{line}'
    command = ["bash", "-o", "pipefail", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


# The program as a whole


def test_its_version(run: Run) -> None:
    said = run("--version")
    assert (said.code, said.out, said.err) == (0, f"papers-tui {__version__}\n", "")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_names_every_command(run: Run, flag: str) -> None:
    said = run(flag)
    assert (said.code, said.err) == (0, "")
    assert all(f"\n  {command.name} " in said.out for command in COMMANDS)
    assert max(map(len, said.lines)) <= 110


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    said = run(command, "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith(f"usage: papers-tui {command}")


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["lsit"], ["lsit: there is no such command", "perhaps list is meant", "--help"]),
        (["zzz"], ["zzz: there is no such command", "--help"]),
        (["--verbose"], ["--verbose: there is no such option", "--help"]),
        (["show"], ["show: the following arguments are required: ID", "papers-tui show --help"]),
        (["show", "a", "b"], ["show: unrecognized arguments: b"]),
        (["list", "-is:read"], ["unrecognized arguments: -is:read", "`papers-tui list -- -is:read`"]),
        (["list", "-human"], ["comes after --"]),
        (["export", "--fromat", "x"], ["unrecognized arguments: --fromat", "comes after --"]),
        (["list", "--limit", "x"], ["--limit: 'x' is not a number of papers"]),
        (["list", "--limit", "-1"], ["--limit"]),
        (["list", "--sort", "size"], ["--sort: invalid choice: 'size'", "'title'"]),
        (["list", "is:stared"], ["query, column 4: is: does not know 'stared'", "starred"]),
        (["export", "tga:x"], ["query, column 1: unknown field 'tga'", "perhaps tag:"]),
        (["export", "-o", ""], ["-o: it names no file"]),
        (["import"], ["import: the following arguments are required: PATH"]),
        (["paths", "x"], ["paths: unrecognized arguments: x"]),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_one_line_with_the_way_out(
    run: Run, argv: list[str], words: list[str]
) -> None:
    said = run(*argv)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("papers-tui: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err


def test_without_a_terminal_the_app_says_what_works_instead(run: Run) -> None:
    said = run()
    assert (said.code, said.out) == (2, "")
    assert "needs a terminal" in said.err
    assert "papers-tui list" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(("arguments", "demo"), [((), False), (("--demo",), True)])
def test_without_arguments_it_is_the_app(
    run: Run, home: Paths, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], *, demo: bool
) -> None:
    started: list[object] = []

    def app(*given: object, demo: bool, painted: object) -> int:
        assert painted is None
        started.extend((*given, demo))
        return 7

    module = types.ModuleType("papers_tui.ui.app")
    module.run = app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "papers_tui.ui.app", module)
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    home.config_file.write_text("theme = 'nord'\ntheem = 1\n")
    assert run(*arguments).code == 7
    paths, config, problems, sample = started
    assert (paths, sample) == (home, demo)
    assert getattr(config, "theme", "") == "nord"
    assert "'theem' is not a setting" in str(problems)


def test_where_things_are(run: Run, home: Paths) -> None:
    said = run("paths")
    assert said.lines == [
        f"config\t{home.config}",
        f"data\t{home.data}",
        f"cache\t{home.cache}",
        f"log\t{home.log}",
    ]
    assert said.code == 0


def test_the_example_of_settings(run: Run) -> None:
    assert run("config").out == EXAMPLE


# import


def test_a_saved_page_comes_in_once(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(_PAGE)
    first = run("import", str(page))
    assert (first.code, first.out) == (0, "")
    assert "page.txt: 2 new\n" in first.err
    again = run("import", str(page))
    assert (again.code, again.out) == (0, "")
    assert "page.txt: already imported, nothing changed\n" in again.err
    assert run("list", "--count").out == "2\n"


def test_the_counts_as_json(run: Run, tmp_path: Path, sample: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(_PAGE)
    said = run("import", "--json", str(page), str(sample), str(page))
    assert json.loads(said.out) == {
        "files": 3, "read": 7, "new": 5, "merged": 0, "unchanged": 2, "skipped": [],
    }  # fmt: skip
    assert said.out.count("\n") == 1
    assert said.code == 0


def test_standard_input_is_a_file_too(run: Run) -> None:
    said = run("import", "-", given=_PAGE.encode())
    assert (said.code, said.err) == (0, "stdin: 2 new\n")
    (record, *_) = map(json.loads, run("list", "--format", "jsonl").lines)
    assert record["sources"] == ["stdin"]


def test_what_cannot_come_in_is_named_and_the_rest_comes_in(run: Run, tmp_path: Path, sample: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "novel.txt").write_text("Call me Ishmael.\n")
    bad = [str(tmp_path / name) for name in ("gone.txt", "empty.txt", "novel.txt")] + [str(tmp_path)]
    said = run("import", "--json", *bad[:2], str(sample), *bad[2:])
    counts = json.loads(said.out)
    assert said.code == 2
    assert (counts["files"], counts["new"]) == (1, 3)
    assert [skipped["file"] for skipped in counts["skipped"]] == bad
    assert [len(skipped["reason"]) > 9 for skipped in counts["skipped"]] == [True] * 4
    assert "gone.txt: skipped: there is no such file\n" in said.err
    assert f"{tmp_path}: skipped: it is a folder" in said.err
    assert "sample.jsonl: 3 new\n" in said.err
    assert said.err.count("\n") == 5


def test_a_file_that_may_not_be_read(run: Run, sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Path.open

    def refuse(path: Path, *args: Any, **options: Any) -> Any:
        if path == sample:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refuse)
    said = run("import", str(sample))
    assert (said.code, said.err) == (2, f"{sample}: skipped: no permission to read it\n")


def test_a_file_without_end_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.cli.importing._LARGEST", 2_000_000)
    said = run("import", "/dev/zero")
    assert said.code == 2
    assert "/dev/zero: skipped: it is larger than 2 MB" in said.err


def test_broken_records_are_counted_and_the_first_of_them_named(run: Run, sample: Path) -> None:
    with sample.open("a") as file:
        file.write('{"id": "arxiv:2401.00001", "title": 3, "abstract": ""}\n' * 5)
    said = run("import", str(sample))
    assert said.code == 0
    first, *faults, last = said.err.splitlines()
    assert first == f"{sample}: 3 new; 5 left out:"
    assert len(faults) == 3
    assert all(fault.startswith("  ") for fault in faults)
    assert last == "  and 2 more"


@pytest.mark.parametrize("mtime", [0, -62_000_000_000, 2**60])
def test_files_of_any_age_come_in(run: Run, tmp_path: Path, mtime: int) -> None:
    page = tmp_path / "page.txt"
    page.write_text(_PAGE)
    try:
        os.utime(page, (mtime, mtime))
    except (OSError, OverflowError):
        pytest.skip("this file system knows no such time")
    assert run("import", str(page)).code == 0


def test_the_name_of_a_file_is_text_from_outside_too(run: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"a\x1b]0;x\x07b\xff.txt")
    try:
        (tmp_path / name).write_text(_PAGE)
    except OSError:
        pytest.skip("this file system wants names to be text")
    said = run("import", str(tmp_path / name))
    assert said.code == 0
    assert "\x1b" not in said.err
    assert json.loads(run("list", "--format", "jsonl").lines[0])["sources"] == ["ab.txt"]


def test_the_seeds_come_in_whole(run: Run, shared: Path) -> None:
    seeds = sorted(map(str, (shared / "seeds").glob("*.txt")))
    counts = json.loads(run("import", "--json", *seeds).out)
    assert counts["skipped"] == []
    assert counts["read"] == counts["new"] + counts["merged"] + counts["unchanged"]
    assert run("list", "--count").out == f"{counts['new']}\n"
    again = json.loads(run("import", "--json", *seeds).out)
    assert (again["new"], again["merged"], again["unchanged"]) == (0, 0, again["read"])


def test_a_cache_that_is_gone_comes_back(library: Run, home: Paths) -> None:
    library("mark", "2402.16107", "--star")
    before = library("list", "--format", "jsonl").out
    for file in home.cache.iterdir():
        file.unlink()
    after = library("list", "--format", "jsonl")
    assert after.out == before
    assert after.err == ""


def test_long_reading_shows_how_far_it_is_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = streams.Progress("reading")
    progress.show(0, 3)
    progress.wipe()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    progress.show(0, 3)
    progress.wipe()
    assert capsys.readouterr().err == "\rreading 1/3\x1b[K\r\x1b[K"


# list and show


def test_a_table_in_a_pipe_has_whole_columns_between_tabs(library: Run) -> None:
    said = library("list")
    assert [line.split("\t")[:3] for line in said.lines] == [
        ["unread", "2024-03-01", "Diffusion for 名前"],
        ["unread", "2024-02-25", "Sparse O(n²) attention"],
        ["unread", "", "Undated & alone"],
    ]
    assert said.lines[0].endswith("\tarxiv:2403.00001")
    assert (said.code, said.err) == (0, "")


def test_ids_and_numbers(library: Run) -> None:
    ids = library("list", "--format", "ids").lines
    assert ids[:2] == ["arxiv:2403.00001", "arxiv:2402.16107"]
    assert ids[2].startswith("text:")
    assert library("list", "--count").out == "3\n"
    assert library("list", "--count", "sparse").out == "1\n"
    assert library("list", "--limit", "2", "--format", "ids").lines == ids[:2]
    assert library("list", "--limit", "0").out == ""
    assert library("list", "--sort", "title", "--format", "ids").lines == [ids[0], ids[1], ids[2]]


def test_a_paper_as_json_has_its_source_text(library: Run) -> None:
    records = [json.loads(line) for line in library("list", "--format", "jsonl").lines]
    assert [record["title"] for record in records] == [
        "Diffusion for 名前", "Sparse $O(n^2)$ attention", "Undated & alone",
    ]  # fmt: skip
    sparse = records[1]
    assert sparse["authors"] == ["Ada Byron", "Émile Borel"]
    assert sparse["links"][0]["url"] == "https://github.com/ada/sparse"
    assert (sparse["read"], sparse["starred"], sparse["tags"]) == (False, False, [])
    assert "名前" in library("list", "--format", "jsonl").out


@pytest.mark.parametrize(
    ("argv", "count"),
    [
        (["sparse", "attention"], 1),
        (["sparse", "--sort", "title", "attention"], 1),
        (["--", "-sparse"], 2),
        (["attention", "--", "-sparse"], 1),
        (["--limit", "1", "--", "-sparse", "-diffusion"], 1),
        (["-- -sparse"], None),
        (["is:unread -sparse"], 2),
        (['"sparse attention"'], 0),
        (["is:dismissed"], 0),
    ],
)
def test_queries(library: Run, argv: list[str], count: int | None) -> None:
    said = library("list", "--count", *argv)
    assert said.out == ("" if count is None else f"{count}\n")


def test_new_is_what_came_since_the_app_was_last_opened(library: Run, home: Paths) -> None:
    assert library("list", "is:new", "--count").out == "3\n"
    save(home.session_file, Session(opened="2999-01-01T00:00:00Z"))
    assert library("list", "is:new", "--count").out == "0\n"


def test_no_papers_are_no_error(run: Run) -> None:
    for argv in (["list"], ["list", "--format", "jsonl"], ["list", "--format", "ids"]):
        said = run(*argv)
        assert (said.code, said.out, said.err) == (0, "", "")
    assert run("list", "--count").out == "0\n"


def _row(title: str, flags: int = 0, ident: str = "arxiv:2402.16107") -> PaperRow:
    return PaperRow(1, ident, title, (), 0, "2024-02-25", None, None, None, None, False, flags)


@pytest.mark.parametrize("width", [1, 10, 20, 40, 60, 80, 200])
def test_a_table_fits_the_terminal(width: int) -> None:
    rows = [_row("a" * 300), _row("名" * 90, ident="url:https://a.org/" + "b" * 90), _row("e\u0301" * 120)]
    for line in aligned(rows, width):
        assert cells(line) <= width


def test_marks_in_a_table() -> None:
    flags = marks.READ | marks.STARRED | marks.LATER | marks.DISMISSED
    assert [line[:5] for line in aligned([_row("a"), _row("b", flags), _row("c", marks.DISMISSED)], 80)] == [
        "●    ", " ★Lx ", "   x ",
    ]  # fmt: skip
    assert next(tabbed([_row("b", flags)])).startswith("read,starred,later,dismissed\t")


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("名前だ", 4, "名… "), ("名前", 4, "名前"), ("é́", 1, "é́")],
)
def test_fitting_text_into_cells(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == fitted
    assert cells(fitted) == width


def test_one_paper(library: Run) -> None:
    library("mark", "2402.16107", "--star", "--tag", "rl", "--note", "first\nsecond")
    said = library("show", "2402.16107")
    assert said.lines[:3] == [
        "Sparse O(n²) attention", "Ada Byron, Émile Borel", "2024-02-25",
    ]  # fmt: skip
    assert "arxiv:2402.16107 · unread · starred" in said.lines
    assert "tags: rl" in said.lines
    assert any(line.startswith("code: https://github.com/ada/sparse") for line in said.lines)
    assert "note: first" in said.lines
    assert "second" in said.lines
    assert said.lines[-1].startswith("from sample.jsonl, added 20")


def test_one_paper_as_json_is_its_line_of_the_list(library: Run) -> None:
    assert library("show", "--json", "2402.16107").out == library("list", "sparse", "--format", "jsonl").out


@pytest.mark.parametrize(
    "identifier",
    ["arxiv:2402.16107", "2402.16107", "https://arxiv.org/abs/2402.16107v3", "2402", "arxiv:2402"],
)
def test_a_paper_has_many_names(library: Run, identifier: str) -> None:
    assert library("show", identifier).lines[0].startswith("Sparse")


@pytest.mark.parametrize("command", [["show"], ["open"], ["mark", "--star"]])
@pytest.mark.parametrize("identifier", ["2499.99999", "24", "", " ", "\udcff", "text:%"])
def test_an_id_that_names_none_or_several(library: Run, command: list[str], identifier: str) -> None:
    said = library(*command, identifier)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1


# mark and undo


def test_several_marks_are_one_act(library: Run) -> None:
    said = library("mark", "2402.16107", "2403.00001", "--star", "--later", "--tag", "rl", "--tag", "to do")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("2 papers: starred")
    (record, _) = map(json.loads, library("list", "is:starred", "--format", "jsonl").lines)
    assert (record["read"], record["later"], record["tags"]) == (False, True, ["rl", "to do"])
    undone = library("undo")
    assert (undone.code, undone.out) == (0, "")
    assert undone.err.startswith("undone: starred")
    assert undone.err.endswith("(2 papers)\n")
    assert library("list", "--count", "--", "-is:starred", "-is:later", "-tag:rl").out == "3\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--read"], "marked read"),
        (["--star"], "starred"),
        (["--dismiss"], "dismissed"),
        (["--later"], "put on Later"),
        (["--tag", "rl"], "tagged rl"),
        (["--note", "so"], "note saved"),
    ],
)
def test_what_was_done_is_said(library: Run, flags: list[str], words: str) -> None:
    assert library("mark", "2402.16107", *flags).err == f"1 paper: {words}\n"


def test_marks_are_taken_off_again(library: Run) -> None:
    paper = "2402.16107"
    library("mark", paper, "--read", "--star", "--dismiss", "--later", "--tag", "rl", "--note", "x")
    said = library(
        "mark", paper, "--unread", "--unstar", "--restore", "--unlater", "--untag", "RL", "--note", ""
    )
    assert said.code == 0
    record = json.loads(library("show", "--json", paper).out)
    assert not any(record[name] for name in ("read", "starred", "dismissed", "later", "tags"))
    assert "note" not in record


def test_marking_twice_changes_nothing(library: Run) -> None:
    library("mark", "2402.16107", "--star")
    assert library("mark", "2402.16107", "--star").err == "1 paper: nothing to change\n"
    assert library("mark", "2402.16107", "2403.00001", "--star").err == "1 paper: starred (1 as it was)\n"


def test_a_tag_keeps_its_first_spelling(library: Run) -> None:
    library("mark", "2402.16107", "--tag", "#RL,")
    library("mark", "2403.00001", "--tag", "rl", "--tag", "Rl")
    records = [json.loads(line) for line in library("list", "tag:rl", "--format", "jsonl").lines]
    assert [record["tags"] for record in records] == [["RL"], ["RL"]]


def test_ids_from_standard_input(library: Run) -> None:
    ids = library("list", "--format", "ids").out
    said = library("mark", "-", "--star", given=f"\n{ids}\r\n".encode())
    assert (said.code, said.err) == (0, "3 papers: starred\n")
    none = library("mark", "-", "--star", given=b"\n")
    assert (none.code, none.err) == (0, "no ids came in, nothing to do\n")


def test_options_may_stand_between_ids(library: Run) -> None:
    assert library("mark", "2402.16107", "--star", "2403.00001").err == "2 papers: starred\n"


def test_one_unknown_id_and_nothing_is_done(library: Run) -> None:
    said = library("mark", "2402.16107", "2499.99999", "--star")
    assert said.code == 2
    assert "2499.99999: no paper has this id" in said.err
    assert library("list", "is:starred", "--count").out == "0\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ([], "nothing to do (say what: --read --unread --star"),
        (["--read", "--unread"], "not allowed with argument"),
        (["--star", "--unstar"], "not allowed with argument"),
        (["--tag", "rl", "--untag", "RL"], "--tag and --untag both name rl"),
        (["--tag", " #, "], "' #, ' holds no name for a tag"),
    ],
)
def test_acts_that_make_no_sense(library: Run, flags: list[str], words: str) -> None:
    said = library("mark", "2402.16107", *flags)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert library("undo").err == "nothing to undo\n"


def test_all_that_a_query_finds_is_marked_by_one_act(library: Run) -> None:
    said = library("mark", "--query", "attention", "--star", "--tag", "rl")
    assert (said.code, said.out, said.err) == (0, "", "2 papers: starred and tagged rl\n")
    assert library("list", "is:starred", "tag:rl", "is:unread", "--count").out == "2\n"
    assert library("undo").err.endswith("(2 papers)\n")
    assert library("list", "is:starred", "--count").out == "0\n"


def test_a_query_for_marking_finds_what_list_does(library: Run) -> None:
    library("mark", "2402.16107", "--dismiss")
    found = library("list", "--format", "ids", "--", "-title:diffusion").lines
    assert (
        library("mark", "--query=-title:diffusion", "--later").err == f"{len(found)} papers: put on Later\n"
    )
    assert library("list", "is:later", "--format", "ids").lines == found


def test_what_a_query_finds_may_be_marked_already(library: Run) -> None:
    library("mark", "2402.16107", "--star")
    assert library("mark", "--query", "attention", "--star").err == "1 paper: starred (1 as it was)\n"
    assert library("mark", "--query", "attention", "--star").err == "2 papers: nothing to change\n"
    assert library("mark", "--query", "nowhere", "--star").err == "no paper is found, nothing to do\n"


@pytest.mark.parametrize(
    ("argv", "many"),
    [
        (["--query", "attention", "--star"], 1),
        (["--query", "attention", "--unstar"], 1),
        (["--query", "attention", "--untag", "rl"], 0),
        (["--query", "nowhere", "--star"], 0),
        (["2402.16107", "2403.00001", "--star"], 1),
    ],
)
def test_a_dry_run_only_counts_what_would_change(library: Run, argv: list[str], many: int) -> None:
    library("mark", "2402.16107", "--star")
    said = library("mark", *argv, "--dry-run")
    assert (said.code, said.out, said.err) == (0, f"{many}\n", "")
    assert library("list", "is:starred", "--format", "ids").lines == ["arxiv:2402.16107"]
    assert library("undo").err.startswith("undone: starred")
    assert library("undo").err == "nothing to undo\n"


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--star"], "nothing says which papers (give ids, - or --query Q)"),
        (["2402.16107", "--query", "x", "--star"], "ids and --query both say which papers"),
        (["-", "--query", "", "--star"], "ids and --query both say which papers"),
        (["--query", "x"], "nothing to do (say what: --read"),
        (["--query", "x", "--dry-run"], "nothing to do (say what: --read"),
        (["--query", "", "--read"], "query, column 1: nothing says which papers"),
        (["--query", " sort:date", "--read"], "query, column 11: nothing says which papers"),
        (["--query", "x is:stared", "--read"], "query, column 6: is: does not know 'stared'"),
        (["--query", "\udcff", "--read"], "query, column 1: U+DCFF"),
        (["--query", "-is:read", "--read"], "after a =, as in --query=-is:read"),
    ],
)
def test_queries_for_marking_that_make_no_sense(library: Run, argv: list[str], words: str) -> None:
    said = library("mark", *argv)
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert said.err.count("\n") == 1
    assert library("undo").err == "nothing to undo\n"


def test_there_may_be_nothing_to_undo(run: Run) -> None:
    said = run("undo")
    assert (said.code, said.out, said.err) == (0, "", "nothing to undo\n")


@pytest.mark.parametrize("argv", [["mark", "2402.16107", "--star"], ["undo"]])
def test_what_could_not_be_saved_is_an_error(
    library: Run, argv: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library("mark", "2403.00001", "--read")

    def fail(_: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    said = library(*argv)
    assert (said.code, said.out) == (1, "")
    assert said.err == "papers-tui: not saved: No space left on device\n"


# export and open


def test_the_default_export_is_what_is_starred(library: Run) -> None:
    library("mark", "2402.16107", "--star", "--note", "**mine**")
    said = library("export")
    assert (said.code, said.err) == (0, "1 paper\n")
    assert 'query: "is:starred"' in said.out
    assert re.search(r'date: "\d{4}-\d\d-\d\d"', said.out)
    assert "Sparse $O(n^2)$" in said.out.replace("\\", "")
    assert "**mine**" in said.out
    assert library("export", "-o", "-").out == said.out


def test_an_export_into_a_file(library: Run, tmp_path: Path) -> None:
    file = tmp_path / "papers.md"
    assert library("export", "sparse", "-o", str(file)).err == f"1 paper → {file}\n"
    said = library("export", "is:unread", "-o", str(file), "--", "-diffusion")
    assert (said.code, said.out) == (0, "")
    assert said.err == f"2 papers → {file} (1 new)\n"
    assert "count: 2" in file.read_text("utf-8")


@pytest.mark.parametrize("made", [True, False])
def test_an_export_into_a_folder_is_one_file_a_paper(library: Run, tmp_path: Path, made: bool) -> None:
    folder = tmp_path / "notes"
    if made:
        folder.mkdir()
    said = library("export", "", "is:unread", "-o", str(folder) if made else f"{folder}/")
    assert said.code == 0
    assert said.err.startswith("3 papers → ")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert all(name.endswith(".md") for name in names)


def test_an_export_of_nothing_says_so(library: Run, tmp_path: Path) -> None:
    file = tmp_path / "papers.md"
    said = library("export", "-o", str(file))
    assert (said.code, said.err) == (0, f"0 papers → {file}\n")
    assert "count: 0" in file.read_text("utf-8")


def test_an_export_to_a_place_that_is_not_there(library: Run, tmp_path: Path) -> None:
    said = library("export", "-o", str(tmp_path / "gone/papers.md"))
    assert said.code == 2
    assert str(tmp_path / "gone") in said.err


def test_an_export_as_bibtex(library: Run, tmp_path: Path) -> None:
    library("mark", "2402.16107", "--star")
    said = library("export", "--format", "bibtex")
    assert (said.code, said.err) == (0, "1 paper\n")
    assert said.lines[0] == "@misc{byron2024sparse,"
    assert "  author        = {Ada Byron and Émile Borel}," in said.lines
    file = tmp_path / "papers.bib"
    for _ in range(2):
        assert library("export", "-o", str(file)).err == f"1 paper → {file}\n"
        mark, _, entries = file.read_text("utf-8").partition("\n\n")
        assert mark.startswith("% Written by papers-tui.")
        assert entries == said.out
    assert library("export", "--format", "bibtex", "is:unread").out.count("@misc{") == 3


def test_an_export_as_json_lines_is_what_list_prints_and_comes_in_again(library: Run, tmp_path: Path) -> None:
    file = tmp_path / "papers.jsonl"
    assert library("export", "is:unread", "--format", "jsonl", "-o", str(file)).err == f"3 papers → {file}\n"
    listed = library("list", "is:unread", "--format", "jsonl").out
    assert file.read_text("utf-8") == listed
    assert library("export", "is:unread", "--format", "jsonl").out == listed
    counts = json.loads(library("import", "--json", str(file)).out)
    assert (counts["read"], counts["new"], counts["skipped"]) == (3, 0, [])


@pytest.mark.parametrize(("form", "name"), [("bibtex", "papers.bib"), ("jsonl", "papers.jsonl")])
@pytest.mark.parametrize(
    "written", ["@misc{mine2020, title = {Mine}}\n", '{"mine": 1}\n', "[1]\n", "words\n"]
)
def test_a_file_that_is_no_export_is_never_replaced(
    library: Run, tmp_path: Path, form: str, name: str, written: str
) -> None:
    file = tmp_path / name
    file.write_text(written)
    said = library("export", "is:unread", "--format", form, "-o", str(file))
    assert (said.code, said.out) == (2, "")
    assert str(file) in said.err
    assert file.read_text() == written


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.bib", "% Written"), ("a.BIB", "% Written"), ("a.jsonl", '{"id"'), ("a.txt", "---")],
)
def test_the_end_of_the_name_says_what_is_written(
    library: Run, tmp_path: Path, name: str, begins: str
) -> None:
    assert library("export", "is:unread", "-o", str(tmp_path / name)).code == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


@pytest.mark.parametrize(("form", "name"), [("bibtex", "papers.bib"), ("jsonl", "papers.jsonl")])
@pytest.mark.parametrize("made", [True, False])
def test_only_markdown_goes_into_a_folder(
    library: Run, tmp_path: Path, form: str, name: str, made: bool
) -> None:
    folder = tmp_path / "notes"
    if made:
        folder.mkdir()
    said = library("export", "--format", form, "-o", str(folder) if made else f"{folder}/")
    assert (said.code, said.out) == (2, "")
    assert f"{form} is one file" in said.err
    assert name in said.err
    assert list(tmp_path.glob("notes/*")) == []


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The arguments that `$BROWSER` was started with, over SSH and without a display."""
    program, draft, seen = (tmp_path / name for name in ("browser", "draft", "seen"))
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {draft}\nmv {draft} {seen}\n')
    program.chmod(0o700)
    monkeypatch.setenv("BROWSER", str(program))
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")

    def opened() -> list[str]:
        for thread in threading.enumerate():
            if thread.name == "opener":
                thread.join(30)
        return seen.read_text().splitlines()

    return opened


@pytest.mark.parametrize(
    ("flags", "url"),
    [
        ([], "https://arxiv.org/abs/2402.16107"),
        (["--code"], "https://github.com/ada/sparse"),
        (["--pdf"], "https://arxiv.org/pdf/2402.16107"),
    ],
)
def test_a_paper_opens(library: Run, browser: Callable[[], list[str]], flags: list[str], url: str) -> None:
    said = library("open", "2402.16107", *flags)
    assert (said.code, said.out) == (0, "")
    assert url in said.err
    assert browser() == [url]


def test_a_paper_without_an_address_is_searched_for(library: Run, browser: Callable[[], list[str]]) -> None:
    said = library("open", _ALONE)
    assert said.code == 0
    assert "searches for its title" in said.err
    assert browser() == ["https://huggingface.co/papers?q=Undated+%26+alone"]


def test_without_a_browser_the_address_is_printed(library: Run) -> None:
    said = library("open", "2402.16107")
    assert (said.code, said.out) == (0, "https://arxiv.org/abs/2402.16107\n")
    assert "no browser" in said.err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["2403.00001", "--code"], "no code repository is known"),
        ([_ALONE, "--pdf"], "no PDF is known"),
        (["2402.16107", "--code", "--pdf"], "not allowed with argument"),
    ],
)
def test_what_a_paper_does_not_have(library: Run, argv: list[str], words: str) -> None:
    said = library("open", *argv)
    assert (said.code, said.out) == (2, "")
    assert words in said.err


def test_a_browser_that_does_not_start_is_an_error(library: Run, home: Paths) -> None:
    home.config_file.write_text("browser = ['/nowhere/b']\ncolor = 1\n")
    said = library("open", "2402.16107")
    assert (said.code, said.out) == (2, "")
    assert "'color' is not a setting" in said.err
    assert "/nowhere/b can't be started" in said.err
    assert "browser in config.toml" in said.err


# Failures


def test_a_bug_goes_to_the_log_and_is_one_line(
    run: Run, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> NoReturn:
        raise ZeroDivisionError("a\x1b[31m")

    monkeypatch.setattr(Library, "find", broken)
    said = run("list")
    assert (said.code, said.out) == (1, "")
    assert said.err.count("\n") == 1
    assert "ZeroDivisionError" in said.err
    assert str(home.log_file) in said.err
    assert "\x1b" not in said.err
    assert home.log_file.read_text().count("Traceback") == 1
    monkeypatch.setenv("PAPERS_TUI_DEBUG", "1")
    assert "Traceback" in run("list").err
    assert home.log_file.stat().st_mode & 0o777 == 0o600


def test_a_bug_is_said_even_where_it_cannot_be_logged(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERS_TUI_HOME", "/dev/null/x")
    monkeypatch.setattr("papers_tui.cli.commands.find_paths", lambda _: 1 / 0)
    said = run("paths")
    assert said.code == 1
    assert "the traceback can't be kept" in said.err


def test_a_home_that_cannot_be_made(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PAPERS_TUI_HOME", str(tmp_path / "file"))
    said = run("list")
    assert said.code == 2
    assert "is not a folder" in said.err


def test_a_store_that_is_busy_is_for_later(
    library: Run, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> NoReturn:
        raise StoreBusy("cache", "another papers-tui is writing to it", "try again in a moment")

    monkeypatch.setattr(Library, "import_file", busy)
    said = library("import", str(sample))
    assert (said.code, said.out) == (75, "")
    assert "try again in a moment" in said.err


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 130), (BrokenPipeError, 0)])
def test_ends_that_need_no_words(
    run: Run, error: type[BaseException], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr(Library, "find", end)
    said = run("list")
    assert (said.code, said.out, said.err) == (code, "", "")


def test_the_way_sigterm_was_handled_is_restored(run: Run) -> None:
    before = signal.getsignal(signal.SIGTERM)
    run("paths")
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signals_end_it_quietly(number: signal.Signals, code: int) -> None:
    script = "import papers_tui.cli.importing; from papers_tui.cli import main; raise SystemExit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "import", "/dev/null", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with process:
        assert process.stderr
        assert b"/dev/null: skipped" in process.stderr.readline()  # and now it waits for standard input
        process.send_signal(number)
        assert process.wait(30) == code
        assert process.stderr.read() == b""


# In a shell


@pytest.mark.parametrize(
    ("line", "out"),
    [
        ("papers list | head -1 | cut -f2", "2024-03-01\n"),
        ("papers list --format ids sparse | papers mark - --star; papers list is:starred --count", "1\n"),
        ("papers list --format jsonl | true", ""),
        ("for i in 1 2 3; do papers config; done | true", ""),
        ("papers list --count 2>&-", "3\n"),
        ("papers list --count <&-", "3\n"),
        ("papers export is:unread -o /dev/stdout | grep -c '^## '", "3\n"),
    ],
)
@pytest.mark.usefixtures("library")
def test_in_a_pipe(line: str, out: str) -> None:
    done = _shell(line)
    assert (done.returncode, done.stdout) == (0, out)
    assert "Error" not in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("papers list >&-", "standard output: it is closed"),
        ("papers list > /dev/full", "standard output: No space left on device"),
        ("papers --version > /dev/full", "standard output: No space left on device"),
        ("papers list --help > /dev/full", "standard output: No space left on device"),
        ("papers mark - --star <&-", "standard input: it is closed"),
    ],
)
@pytest.mark.usefixtures("library")
def test_streams_that_do_not_work_are_one_line(line: str, words: str) -> None:
    if "/dev/full" in line and not Path("/dev/full").exists():
        pytest.skip("no device that is always full here")
    done = _shell(line)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"papers-tui: {words}")
    assert done.stderr.count("\n") == 1


def test_an_end_of_reading_in_the_middle_of_much(run: Run, tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    with many.open("w") as file:
        for number in range(600):
            file.write(json.dumps({"title": f"Paper {number}", "abstract": "words " * 60}) + "\n")
    assert run("import", str(many)).code == 0
    for form in ("table", "jsonl", "ids"):
        done = _shell(f"papers list --format {form} | head -1 | wc -l")
        assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "1", "")


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "latin-1"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}]
)
@pytest.mark.usefixtures("library")
def test_output_is_utf_8_whatever_the_locale(locale: dict[str, str]) -> None:
    done = _alone(["list", "diffusion"], env=os.environ | locale, encoding="utf-8")
    assert done.returncode == 0
    assert "Diffusion for 名前" in done.stdout


@pytest.mark.usefixtures("library")
def test_the_installed_program_is_the_same() -> None:
    program = Path(sys.executable).with_name("papers-tui")
    done = subprocess.run([program, "list", "--count"], capture_output=True, text=True, check=True)
    assert done.stdout == "3\n"


def test_a_terminal_gets_a_table_of_its_width_and_no_control_characters(run: Run, tmp_path: Path) -> None:
    record = {"id": "arxiv:2401.00001", "title": "Long \x1b]0;x\x07" + "words " * 40, "abstract": "x"}
    file = tmp_path / "long.jsonl"
    file.write_text(json.dumps(record) + "\n")
    assert run("import", str(file)).code == 0
    for argv in (["list"], ["show", "2401"], ["list", "--format", "jsonl"], ["export", "is:unread"]):
        child = pexpect.spawn(
            sys.executable, ["-m", "papers_tui", *argv], dimensions=(24, 60), encoding="utf-8", timeout=60,
            env=os.environ | {"COLUMNS": ""},
        )  # fmt: skip
        child.expect(pexpect.EOF)
        child.close()
        text = str(child.before).replace("\r\n", "\n")
        assert child.exitstatus == 0
        assert all(character.isprintable() or character == "\n" for character in text)
        if argv == ["list"]:
            (line,) = text.splitlines()
            assert len(line) <= 60
            assert line.startswith("●    Long words")
            assert line.endswith("…  arxiv:2401.00001")


def test_only_a_terminal_has_its_output_cleaned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = "a\x1b[31mb\tc\n\x9b2Jd\n"
    streams.put_text(hostile)
    assert capsys.readouterr().out == hostile
    monkeypatch.setattr(streams, "is_terminal", lambda _: True)
    streams.put_text(hostile)
    assert capsys.readouterr().out == "ab c\nd\n"


_HEAVY = {"textual", "rich", "httpx", "markdownify", "bs4", "feedparser"}


@pytest.mark.parametrize(
    ("argv", "unwanted"),
    [
        (["--version"], _HEAVY | {"sqlite3", "platformdirs", "json", "subprocess", "tomllib"}),
        (["--help"], _HEAVY | {"sqlite3", "platformdirs"}),
        (["paths"], _HEAVY | {"sqlite3"}),
        (["config"], _HEAVY | {"sqlite3"}),
        (["list"], _HEAVY | {"platformdirs", "subprocess"}),
        (["show", "2402.16107"], _HEAVY | {"platformdirs", "subprocess"}),
        (["export", "is:unread"], _HEAVY | {"subprocess"}),
        (["export", "is:unread", "--format", "bibtex"], _HEAVY | {"subprocess"}),
        (["mark", "2402.16107", "--read"], _HEAVY | {"subprocess"}),
        (["undo"], _HEAVY | {"subprocess"}),
        (["open", "2402.16107"], _HEAVY),
    ],
)
@pytest.mark.usefixtures("library")
def test_nothing_is_imported_that_is_not_needed(argv: list[str], unwanted: set[str]) -> None:
    script = (
        "import sys; from papers_tui.cli import main; code = main(); "
        "sys.stderr.write('\\n' + ' '.join({name.partition('.')[0] for name in sys.modules})); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *argv], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0
    assert not unwanted & set(done.stderr.splitlines()[-1].split())
