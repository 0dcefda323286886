"""Text that wants to act on the terminal, on every surface of the app and from every command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.terminal import Start, records, run, stray

_BORDER = "─" * 40
"""What is between list and detail, as long as the detail has not the whole width."""

_OWN_HOSTILE = (
    "\x1b]52;c;ZXZpbA==\x07 into the clipboard",
    "\x1b[?1003l\x1b[?25h mouse and cursor",
    "\x1b_Gf=100;AAAA\x1b\\ a picture",
    "\x1b[21t says its own title",
    "\x9b31m red \x9d0;owned\x07 by C1",
    "\x1b[2J\x1b[H wiped",
    "one line\u2028another\u2029third\x85fourth",
    "\ud83d alone \udc00",
    "[@click=app.quit]quit[/] [/b] [bold]not bold[/bold]",
)
"""Titles (and all other texts) of our own papers; the last one is markup, which is to be read as it stands."""


@pytest.fixture
def hostile(shared: Path, tmp_path: Path) -> Path:
    """The home of a library in which every text of every paper is an attack, its source's name and tags too."""
    home = tmp_path / "hostile"
    samples = json.loads((shared / "hostile" / "files" / "term" / "all.hf.json").read_bytes())
    own = [_attack(number, text) for number, text in enumerate(_OWN_HOSTILE)]
    page = tmp_path / "\x1b]0;name\x07page\u202e.json"
    page.write_text(json.dumps(samples + own), encoding="utf-8")
    run(home, "import", str(page))
    ids = run(home, "list", "--format", "ids").split()
    run(home, "mark", *ids, "--note", "\x1b[6n\x1b]2;note\x07\ttabbed", "--tag", "\x1b[31mred\u202e")
    (home / "config" / "config.toml").write_text('read_after = 0\nrefresh = "manual"\n', encoding="utf-8")
    return home


def _attack(number: int, text: str) -> dict[str, Any]:
    paper = {
        "id": f"2507.{number:05}",
        "title": text,
        "summary": f"{text} {text}\n\n{text}",
        "authors": [{"name": text}],
        "publishedAt": f"2025-07-{number + 1:02}T00:00:00.000Z",
        "ai_summary": text,
        "ai_keywords": [text],
        "githubRepo": f"https://github.com/a/{text}",
    }
    return {"paper": paper, "title": text, "summary": text, "organization": {"name": text, "fullname": text}}


def test_text_from_outside_never_acts_on_the_terminal(hostile: Path, start: Start) -> None:
    terminal = start(hostile, (120, 40))
    terminal.wait("Inbox 1/")
    many = len(records(hostile))
    terminal.wait(f"Inbox 1/{many}", "[@click=app.quit]quit[/] [/b] [bold]not bold[/bold]")
    for place in range(1, many + 1):
        if place > 1:
            terminal.press("j", f"Inbox {place}/{many}")
        if place % 3 == 1:
            terminal.press("\r", without=_BORDER)
            terminal.press("q", f"Inbox {place}/{many}", _BORDER)
        if place % 12 == 1:
            terminal.press("t", "Tags ·", "Enter saves")
            terminal.press("\x1b", f"Inbox {place}/{many}", without="Enter saves")
            terminal.press("i", "Esc saves")
            terminal.press("\x1b", f"Inbox {place}/{many}", without="Esc saves")
    terminal.press("gg", f"Inbox 1/{many}")
    for place in range(2, 12):
        terminal.press("s", f"Inbox {place}/{many}", "starred")
    terminal.type("]" * 20)
    terminal.press("u", "undone")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert stray(bytes(terminal.written)) == []


@pytest.mark.parametrize("arguments", [("list",), ("list", "--format", "jsonl"), ("show",)], ids="-".join)
def test_command_line_never_lets_text_act_on_the_terminal(
    hostile: Path, start: Start, arguments: tuple[str, ...]
) -> None:
    ids = run(hostile, "list", "--format", "ids").split() if arguments == ("show",) else [""]
    for identifier in ids[-12:]:
        terminal = start(hostile, (120, 40), *arguments, *filter(None, [identifier]))
        assert terminal.end() == 0
        assert b"clipboard" in terminal.written or identifier
        assert stray(bytes(terminal.written)) == []


def test_message_about_a_hostile_file_name_is_harmless(tmp_path: Path, start: Start) -> None:
    page = tmp_path / "\x1b]0;name\x07page\x9b2J"
    page.write_bytes(b"nothing")
    terminal = start(tmp_path / "home", (80, 24), "import", str(page), str(page) + "\x1b[2Jmissing")
    assert terminal.end() == 2
    assert b"skipped" in terminal.written
    assert stray(bytes(terminal.written)) == []
