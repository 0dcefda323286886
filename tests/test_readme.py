"""The README says what is true: its keys are the program's, and its commands exist."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

import pytest

from papers_tui.cli import main
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


def test_every_file_that_is_linked_is_there() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text("utf-8"))
    assert linked
    assert [name for name in linked if not (README.parent / name).is_file()] == []
