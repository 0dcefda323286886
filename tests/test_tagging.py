"""`papers-tui tag`: what is said, printed and done to the papers."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from tests.program import Run, Said

from papers_tui.cli import streams
from papers_tui.domain.paper import Paper
from papers_tui.domain.record import to_record

IDS = tuple(f"arxiv:2511.{number:05d}" for number in (1, 2, 3))


@pytest.fixture
def run(run: Run, tmp_path: Path) -> Run:
    """The program, where three papers are there: two tagged `rl`, one of them `Agents`, too."""
    page = tmp_path / "page.jsonl"
    papers = (Paper((id_,), f"Paper {id_}", "What it is about.") for id_ in IDS)
    page.write_text("".join(json.dumps(to_record(paper)) + "\n" for paper in papers))
    assert run("import", str(page)).code == 0
    assert run("mark", *IDS[:2], "--tag", "rl").code == 0
    assert run("mark", IDS[1], "--tag", "Agents").code == 0
    return run


def _listed(run: Run) -> dict[str, int]:
    lines = (line.split("\t") for line in run("tag", "list").out.splitlines())
    return {name: int(many) for many, name in lines}


def test_tags_are_listed_with_how_many_papers_carry_them(run: Run) -> None:
    assert run("tag", "list") == Said(0, "1\tAgents\n2\trl\n", "")
    records = [json.loads(line) for line in run("tag", "list", "--json").out.splitlines()]
    assert records == [
        {"name": "Agents", "papers": 1, "unread": 1},
        {"name": "rl", "papers": 2, "unread": 2},
    ]


def test_on_a_terminal_the_numbers_stand_below_each_other(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("mark", IDS[0], "--tag", "x" * 99)
    with monkeypatch.context() as terminal:
        terminal.setenv("COLUMNS", "20")
        terminal.setattr(streams, "is_terminal", lambda _: True)
        lines = run("tag", "list").out.splitlines()
    assert lines[:2] == ["1  Agents", "2  rl"]
    assert len(lines[2]) <= 20


def test_renaming_deleting_and_taking_it_back(run: Run) -> None:
    assert run("tag", "rename", "RL", "reinforcement") == Said(0, "", "2 papers: rl is now reinforcement\n")
    assert _listed(run) == {"Agents": 1, "reinforcement": 2}
    assert run("tag", "rename", "reinforcement", "agents").err == "2 papers: reinforcement is now Agents\n"
    assert _listed(run) == {"Agents": 2}
    assert run("tag", "delete", "agents").err == "2 papers: Agents is deleted\n"
    assert run("tag", "list") == Said(
        0, "", "no paper is tagged; `papers-tui mark ID --tag T` changes that\n"
    )
    for left in ({"Agents": 2}, {"Agents": 1, "reinforcement": 2}, {"Agents": 1, "rl": 2}):
        assert run("undo").code == 0
        assert _listed(run) == left
    assert run("tag", "rename", "rl", "rl") == Said(0, "", "nothing to change\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "say what to do: list, rename, delete"),
        (["delete", "agent"], "perhaps Agents is meant"),
        (["delete", "\x1b[31m"], "no paper carries"),
        (["rename", "rl", " #,"], "holds no name for a tag"),
        (["rename", "rl"], "the following arguments are required: NEW"),
        (["remove", "rl"], "there is no such command"),
    ],
)
def test_what_can_t_be_done_is_told_and_leaves_the_tags(run: Run, words: list[str], told: str) -> None:
    said = run("tag", *words)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert "\x1b" not in said.err
    assert _listed(run) == {"Agents": 1, "rl": 2}


def test_a_full_disk_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        said = run("tag", "delete", "rl")
    assert (said.code, said.err) == (1, "papers-tui: not saved: No space left on device\n")
    assert _listed(run) == {"Agents": 1, "rl": 2}


def test_views_and_rules_that_name_a_tag_follow_it(run: Run) -> None:
    assert run("view", "add", "Reading", "tag:RL", "is:unread").code == 0
    assert run("rule", "add", "Third", "what", "--do", "tag:rl").code == 0
    said = run("tag", "rename", "rl", "agents of change")
    assert said.code == 0
    assert "the view Reading, the rule Third: now with agents of change" in said.err
    assert 'tag:"agents of change" is:unread' in run("view", "list").out
    assert "tag:agents of change" in run("rule", "list").out
    assert _listed(run) == {"Agents": 1, "agents of change": 3}
    said = run("tag", "delete", "agents of change")
    assert "agents of change is still named by the view Reading, the rule Third" in said.err


def test_rules_by_hand_are_for_the_hand_that_wrote_them(run: Run) -> None:
    config = Path(run("paths").out.split("\n")[0].split(maxsplit=1)[1]) / "config.toml"
    config.write_text('[[rules]]\nname = "Mine"\nwhen = "what"\ndo = "tag:rl"\n')
    said = run("tag", "rename", "rl", "agency")
    assert f"{config} still gives rl, in the rule Mine: change it there" in said.err
    assert 'do = "tag:rl"' in config.read_text()
