"""Leaving: by a key, a signal, a bug, a terminal that goes; the terminal is as it was, and every mark is kept."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.tallying import Tally
from tests.terminal import ATTENTION, PATIENCE, PROGRAM, Start, environment, marked, process_state, stray


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
)
@pytest.mark.parametrize("where", ["list", "prompt", "note", "help", "palette"])
def test_signal_ends_it_with_the_terminal_restored(
    library: Path, start: Start, where: str, number: signal.Signals, code: int
) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    keys = {"list": "", "prompt": "t", "note": "i", "help": "?", "palette": "\x10"}[where]
    shown = {"list": "Inbox", "prompt": "Tags ·", "note": "Note", "help": "Esc closes", "palette": "Search"}[
        where
    ]
    terminal.press(keys, shown)
    terminal.signal(number)
    assert terminal.end() == code
    assert terminal.left_on() == []
    assert b"Traceback" not in terminal.written
    assert marked(library) == {ATTENTION: {"read", "starred"}}


@pytest.mark.parametrize("keys", ["", "jjkkjj?", "\x10", "i", "t", "/tran"])
def test_terminal_that_goes_away_ends_the_program(library: Path, start: Start, keys: str) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type(keys)
    assert terminal.hang_up() == 129
    assert marked(library) == {ATTENTION: {"read", "starred"}}


def test_terminal_that_goes_away_without_a_signal_ends_the_program(library: Path) -> None:
    ours, its = os.openpty()
    process = subprocess.Popen([PROGRAM], stdin=its, stdout=its, stderr=its, env=environment(library))
    os.close(its)
    written = b""
    while b"Attention" not in written:
        assert select.select([ours], [], [], PATIENCE)[0]
        written += os.read(ours, 1 << 16)
    os.close(ours)
    assert process.wait(PATIENCE) == 129


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_terminal_that_nobody_reads_holds_up_no_end(
    library: Path, start: Start, number: signal.Signals, code: int
) -> None:
    terminal = start(library, (120, 40))
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    for _ in range(
        40
    ):  # each way there and back is drawn whole, and more than the terminal keeps for its reader
        terminal.type("zz??")
        select.select([], [], [], 0.02)
    terminal.signal(number)
    deadline = time.monotonic() + PATIENCE
    while process_state(terminal.pid) not in ("", "Z"):
        assert time.monotonic() < deadline, "it waits for ever"
        select.select([], [], [], 0.05)
    assert terminal.end() == code
    assert terminal.left_on() == []
    assert marked(library) == {ATTENTION: {"read", "starred"}}


def test_ctrl_c_quits(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("\x03")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert marked(library) == {ATTENTION: {"read", "starred"}}


def test_ctrl_c_in_a_prompt_leaves_only_the_prompt(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("t", "Tags ·", "Enter saves")
    terminal.press("not this\x03", "Inbox 1/7", without="Enter saves")
    terminal.type("q")
    assert terminal.end() == 0
    assert marked(library) == {}


def test_interrupt_from_outside_leaves_the_terminal_restored(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.signal(signal.SIGINT)
    assert terminal.end() == 130
    assert terminal.left_on() == []
    assert b"Traceback" not in terminal.written


def test_ctrl_z_suspends_and_the_program_goes_on_afterwards(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.type("\x1a")
    terminal.wait_for(lambda: process_state(terminal.pid) == "T", "that it stopped")
    terminal.wait_for(lambda: terminal.left_on() == [], "that the terminal is the shell's again")
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda: "alternate screen" in terminal.left_on(), "the app's own screen again")
    terminal.press("j", "Inbox 2/7")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []


def test_stopped_from_outside_it_gives_the_terminal_back_and_goes_on(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.signal(signal.SIGTSTP)
    terminal.wait_for(lambda: process_state(terminal.pid) == "T", "that it stopped")
    terminal.wait_for(lambda: terminal.left_on() == [], "that the terminal is the shell's again")
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda: "alternate screen" in terminal.left_on(), "the app's own screen again")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.signal(signal.SIGTERM)
    assert terminal.end() == 143
    assert terminal.left_on() == []
    assert marked(library) == {ATTENTION: {"read", "starred"}}


def test_stopped_without_a_word_it_knows_how_the_terminal_was(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    for _ in range(2):
        terminal.signal(signal.SIGSTOP)
        terminal.wait_for(lambda: process_state(terminal.pid) == "T", "that it stopped")
        before = len(terminal.written)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda: b"\x1b[?1049h" in terminal.written[before:], "the app's own screen again")  # noqa: B023
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []


def test_a_bug_leaves_the_terminal_restored_and_says_where_to_look(
    library: Path, start: Start, tmp_path: Path
) -> None:
    program = tmp_path / "broken"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        "from papers_tui.cli import main\n"
        "from papers_tui.ui.screens.main import MainScreen\n"
        "def broken(self): raise ZeroDivisionError('\\x1b]0;owned\\x07' + 'hf_' + 'tides')\n"
        "MainScreen._do_undo = broken\n"
        "sys.exit(main())\n"
    )
    program.chmod(0o700)
    terminal = start(library, program=program, HF_TOKEN="hf_tides")
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("u")
    assert terminal.end() == 1
    assert terminal.left_on() == []
    assert b"stopped at a bug" in terminal.written
    assert b"ZeroDivisionError" not in terminal.written
    assert stray(bytes(terminal.written)) == []
    log = (library / "log" / "papers-tui.log").read_text()
    assert "ZeroDivisionError" in log
    assert "hf_tides" not in log
    assert marked(library) == {ATTENTION: {"read", "starred"}}


# Terminals that are hardly any


def test_a_terminal_that_cannot_draw_is_refused_in_a_sentence(library: Path, start: Start) -> None:
    terminal = start(library, TERM="dumb")
    assert terminal.end() == 2
    assert b"this terminal can't draw a screen (TERM is dumb)" in terminal.written
    assert b"\x1b" not in terminal.written


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_without_a_terminal_it_says_what_works(library: Path, stream: str) -> None:
    ours, its = os.openpty()
    streams: dict[str, Any] = {"stdin": its, "stdout": its, stream: subprocess.DEVNULL}
    done = subprocess.run(
        [PROGRAM], **streams, stderr=subprocess.PIPE, env=environment(library), timeout=PATIENCE, check=False
    )
    os.close(its)
    os.close(ours)
    assert done.returncode == 2
    assert b"it needs a terminal (`papers-tui list` works without one" in done.stderr


def test_a_window_of_one_cell_is_no_harm(library: Path, start: Start) -> None:
    terminal = start(library, (1, 1))
    terminal.wait_for(lambda: b"\x1b[?1049h" in terminal.written, "its screen")
    terminal.type("?")
    terminal.resize(80, 24)
    terminal.wait("Esc closes")
    terminal.press("\x1b", "Inbox 1/7", without="Esc closes")
    terminal.resize(1, 1)
    terminal.type("s")
    terminal.resize(80, 24)
    terminal.wait("Inbox 2/7", "★")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert marked(library) == {ATTENTION: {"read", "starred"}}


def test_a_storm_of_sizes_is_no_harm(library: Path, start: Start, tally: Tally) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    sizes = [(1 + place * 37 % 230, 1 + place * 17 % 70) for place in range(150)]
    tally("hostile inputs", len(sizes))
    for place, (columns, rows) in enumerate(sizes):
        terminal.resize(columns, rows)
        if place % 10 == 0:
            terminal.type("jkz")
    terminal.resize(80, 24)
    terminal.press("gg", "Inbox 1/7", ATTENTION)
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert b"Traceback" not in terminal.written
