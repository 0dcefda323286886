"""`papers-tui rule`: what is said, printed and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.program import Run, Said

from papers_tui import rulebook
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import to_record
from papers_tui.domain.rules import Rule
from papers_tui.paths import Paths


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """The program, where two papers are there."""
    papers = (
        Paper(("arxiv:2611.00001",), "A survey of moe"),
        Paper(("arxiv:2611.00002",), "Zebra", "Not a survey."),
    )
    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(json.dumps(to_record(paper)) for paper in papers))
    assert run("import", str(file)).code == 0
    return run


def test_a_rule_is_tried_added_shown_and_removed(run: Run, home: Paths) -> None:
    assert run("rule", "try", "survey") == Said(0, "2\n", "")
    said = run("rule", "add", "No surveys", "title:survey", "--do", "dismiss", "--do", "tag:meh")
    assert said == Said(0, "", "saved: No surveys (title:survey: dismiss, tag:meh); it holds of 1 paper\n")
    assert rulebook.load(home).rules == (Rule("No surveys", "title:survey", ("dismiss", "tag:meh")),)
    assert run("rule", "list") == Said(0, "1\tNo surveys\ttitle:survey\tdismiss, tag:meh\n", "")
    assert "2611.00001" in run("list", "--format", "ids", "is:dismissed", "tag:meh").out
    assert "\ndismissed and tagged meh by rule 1: No surveys\n" in run("show", "2611.00001").out
    assert "by rule" not in run("show", "2611.00002").out
    record = json.loads(run("list", "--format", "jsonl", "is:dismissed").out)
    assert (record["dismissed"], record["tags"]) == (True, ["meh"])
    assert run("rule", "add", "no surveys", "zebra", "--do", "later").err.startswith(
        "changed: no surveys (zebra: later)"
    )
    assert run("list", "--format", "ids", "is:later").out.strip() == "arxiv:2611.00002"
    said = run("rule", "remove", "no")
    assert said == Said(0, "", "removed: no surveys (zebra: later); what it did is taken back\n")
    assert run("list", "--format", "ids", "is:later").out == ""
    assert run("rule", "list").err.startswith("there is no rule; ")


def test_rules_by_hand_come_first_and_are_removed_by_hand(run: Run, home: Paths) -> None:
    run("rule", "add", "Mine", "zebra", "--do", "read")
    home.config_file.write_text(
        '[[rules]]\nname = "Hand"\nwhen = "title:survey"\ndo = "dismiss"\n[[rules]]\nwhen = "("\n'
    )
    said = run("rule", "list", "--json")
    assert [json.loads(line) for line in said.out.splitlines()] == [
        {"number": 1, "name": "Hand", "when": "title:survey", "do": ["dismiss"], "by_hand": True},
        {"number": 2, "name": "Mine", "when": "zebra", "do": ["read"], "by_hand": False},
    ]
    assert "rule 2: it has no do" in said.err
    assert run("list", "--format", "ids", "is:dismissed").out.strip() == "arxiv:2611.00001"
    said = run("rule", "remove", "hand")
    assert (said.code, said.out) == (2, "")
    assert "written by hand" in said.err


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("add", "x", "a", "--do", "star"), "nothing a rule can do (it can dismiss, later"),
        (("add", "x", "a"), "--do"),
        (("add", "x", "is:unread", "--do", "read"), "feed on itself"),
        (("add", "", "a", "--do", "read"), "a name of nothing"),
        (("add", "x", "(a", "--do", "read"), "column 1"),
        (("try", "tag:moe"), "feed on itself"),
        (("try", "view:past"), "view"),
        (("remove", "x"), "no rule has this name"),
        (("remove",), "NAME"),
        ((), "say what to do: add, list, remove, try"),
    ],
)
def test_what_can_not_be_done_is_one_line_with_the_way_out(
    run: Run, home: Paths, argv: tuple[str, ...], told: str
) -> None:
    said = run("rule", *argv)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert said.err.count("\n") == 1
    assert rulebook.load(home).rules == ()


def test_bytes_that_are_no_text_do_no_harm(run: Run, home: Paths) -> None:
    assert run("rule", "add", "x\udcff", "a\udcff", "--do", "tag:b\udcff").code == 0
    assert len(rulebook.load(home).rules) == 1
