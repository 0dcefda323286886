"""The README says what is true: its keys are the program's, and its commands exist."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path

import pytest

from papers_tui.cli import main
from papers_tui.domain import marks
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.query import parse
from papers_tui.domain.query.fields import FIELDS
from papers_tui.domain.record import to_record
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.commands import COMMANDS, Command, shown_key

README = Path(__file__).parent.parent / "README.md"


def key_table() -> str:
    """The rows of the README's table of keys, a row a command, under the names of their groups."""
    rows = []
    for group, commands in groupby(COMMANDS, key=lambda command: command.group):
        rows.append(f"| **{group}** | |")
        rows += [f"| {_keys(command)} | {command.help} |" for command in commands]
    return "\n".join(rows)


def _keys(command: Command) -> str:
    return " ".join("`" + shown_key(key).replace("|", "\\|") + "`" for key in command.keys)


def test_the_table_of_keys_is_the_programs() -> None:
    assert key_table() in README.read_text("utf-8"), f"the README's table of keys is to be\n{key_table()}"


def test_every_command_that_is_shown_exists(capsys: pytest.CaptureFixture[str]) -> None:
    shown = set(re.findall(r"(?:^|`)papers-tui ([a-z]+)", README.read_text("utf-8"), re.MULTILINE))
    with pytest.raises(SystemExit):
        raise SystemExit(main(["--help"]))
    helped = capsys.readouterr().out
    assert shown
    assert [
        command for command in sorted(shown) if not re.search(rf"^  {command} ", helped, re.MULTILINE)
    ] == []


def test_every_query_that_is_shown_finds_what_it_says(home: Paths) -> None:
    with Library(home, now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)) as library:
        found = {query: len(library.find(parse(query))) for query in _queries(library)}
    assert len(found) > 30
    assert [query for query, many in found.items() if not 0 < many < 3] == []


def test_the_table_of_queries_names_every_field() -> None:
    shown = {field for query in _shown_queries() for field in re.findall(r"\b([a-z]+):", query)}
    assert shown == set(FIELDS)


def _shown_queries() -> list[str]:
    section = README.read_text("utf-8").partition("\n## Search\n")[2].partition("\n## ")[0]
    rows = [row.split("|")[1] for row in section.splitlines() if row.startswith("| `")]
    return [query for row in rows for query in re.findall("`([^`]+)`", row)]


def _queries(library: Library) -> list[str]:
    """The README's queries, once a few papers are there; two of those fit any of them."""
    several = (
        Paper(
            ("arxiv:2611.00001",),
            "Agents with Sparse Attention for Vision: a Transformer and a Mixture of Experts",
            "A robot.",
            ("Yann LeCun",),
            published="2026-11-20",
            edition="2026-11-20",
            organization=Organization("google", "Google"),
            upvotes=12,
            comments=3,
            stars=2000,
            keywords=("agents",),
            categories=("cs.CL",),
            announce="new",
            links=(Link("https://github.com/x/y", "code"),),
        ),
        Paper(("arxiv:2611.00002",), "A Survey of Attention", published="2024-10-01"),
        Paper(("arxiv:2611.00003",), "Undated"),
        Paper(("arxiv:2611.00004",), "Old and dismissed", published="2025-01-01"),
    )
    records = [json.dumps(to_record(paper)) for paper in several]
    library.import_file("daily.jsonl", records[0].encode(), date(2026, 11, 20))
    library.import_file("others.jsonl", "\n".join(records[1:]).encode(), date(2026, 11, 20))
    first, survey, undated, old = (library.resolve(f"2611.0000{place}") for place in range(1, 5))
    library.mark([first], marks.tags(["moe"], [], implies_read=False))
    library.mark([first], marks.note("ask Eve", implies_read=False))
    library.mark([survey, undated, old], marks.read(True))
    return _shown_queries()


def test_every_file_that_is_linked_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))
    assert linked
    assert [name for name in linked if not (README.parent / name).is_file()] == []


def test_every_promise_names_tests_that_exist() -> None:
    section = README.read_text("utf-8").partition("### What happens to my stars if …")[2].partition("\n#")[0]
    rows = [row.split("|")[1:-1] for row in section.splitlines() if row.startswith("| ")][1:]
    assert len(rows) > 12
    for promise, _, proofs in rows:
        named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z_]+)`", proofs)
        assert named, promise
        for file, test in named:
            source = (README.parent / file).read_text("utf-8")
            assert re.search(rf"^(?:async )?def {test}\(", source, re.MULTILINE), f"{file}::{test}"
