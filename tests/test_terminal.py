"""The installed program in a real terminal: what is on the screen, what is kept, and how the terminal is left."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pexpect
import pyte
import pytest
from tests.services.simulation import Simulation
from tests.services.world import World

PROGRAM = Path(sys.executable).parent / "papers-tui"
SIZES = [pytest.param((80, 24), id="80x24"), pytest.param((120, 40), id="120x40")]
PATIENCE = 40
"""Seconds until a screen that does not come counts as one that never will."""

PAGE = """\
Get trending papers in your email inbox!

Subscribe

Attention Is All You Need

Sequence models used to read one word after another. We drop recurrence and let every position look at every \
other one by attention alone, which trains in parallel. The model sets a new mark in translation after a few \
days on eight processors. Our code is at https://github.com/tensorflow/tensor2tensor for everybody to use.

  • 8 authors
·
Jun 12, 2017 31

Deep Residual Learning for Image Recognition

Networks of more layers should not do worse than those of fewer, and yet they are harder to train. We let each \
block learn what to add to its input. Nets of 152 layers then learn well, and an ensemble wins the contest of \
the year. Models are published at https://github.com/KaimingHe/deep-residual-networks as they were used.

  • 4 authors
·
Dec 10, 2015 9

Distilling the Knowledge in a Neural Network

An ensemble answers better than one model but is too slow to serve. We train a small model on the softened \
answers of the large one, which say how alike the wrong answers are. The small model keeps most of the gain, and \
our experiments on speech show that it can be served.

  • 3 authors
·
Mar 9, 2015

Adam: A Method for Stochastic Optimization

The step of each weight is scaled by running averages of its gradient and of the gradient's square. The method \
needs little memory and hardly any tuning. We bound its regret for convex problems and find that it does well on \
the networks we tried, large ones included.

  • 2 authors
·
Dec 22, 2014 4

Generative Adversarial Networks

Two networks play against each other: one makes samples, the other tells them from real data. We show that the \
game has one solution, in which the samples follow the data. No Markov chain is needed, neither in training nor \
in drawing, and our results on small images look right.

  • 8 authors
·
Jun 10, 2014 2

Auto-Encoding Variational Bayes

How does one learn a model whose hidden variables can't be summed out? We rewrite the bound so that its gradient \
can be estimated by sampling, and train a recognition network along with the model. The approach is as fast as \
plain training, and our experiments agree with the theory.

  • 2 authors
·
Dec 20, 2013

Improving Neural Networks by Preventing Co-Adaptation of Feature Detectors

A large network trained on few examples learns them by heart. We leave out half of the hidden units at random \
each time an example is shown, so that no unit can rely on the others. This lowers the error on speech and on \
pictures, as results on several datasets show.

  • 5 authors
·
Jul 3, 2012
"""
ATTENTION, RESIDUAL, DISTILLING, ADAM, ADVERSARIAL, VARIATIONAL, DROPOUT = (
    "Attention Is All You Need",
    "Deep Residual Learning for Image Recognition",
    "Distilling the Knowledge in a Neural Network",
    "Adam: A Method for Stochastic Optimization",
    "Generative Adversarial Networks",
    "Auto-Encoding Variational Bayes",
    "Improving Neural Networks by Preventing Co-Adaptation of Feature Detectors",
)
"""The titles of the page in the order in which the program lists them: latest first."""

_QUERIES = {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;0$y"}
"""What the program asks of a terminal, and what one that can draw whole frames answers."""

_FRAME = (b"\x1b[?2026h", b"\x1b[?2026l")
"""What such a program writes around each frame."""

_MODES = {
    "alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
    "mouse": (b"\x1b[?1000h", b"\x1b[?1000l"),
    "mouse moves": (b"\x1b[?1003h", b"\x1b[?1003l"),
    "wide mouse reports": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "focus reports": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "no line wrap": (b"\x1b[?7l", b"\x1b[?7h"),
    "key reports": (b"\x1b[>", b"\x1b[<u"),
}
"""What the app switches on in a terminal, and what switches it off again."""

_OURS = re.compile(
    rb"\x1b\[[\d;]*[mHJ]|\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1049|2004|2026|2048)[hl]"
    rb"|\x1b\[\?20(?:26|48)\$p|\x1b\[>\d+u|\x1b\[<u|\x1b\[\d* ?[ABCDGKq]"
    rb"|\x1b\]22;[a-z-]+\x07"
)
"""Every control sequence that the program itself has a use for. Of those that begin with `]` it is only the shape
of the mouse pointer; none asks the terminal for anything but what it can do."""


class Terminal:
    """The program on a pseudo-terminal, what it wrote so far, and the screen that this makes."""

    def __init__(
        self, home: Path, size: tuple[int, int] = (80, 24), *arguments: str, **environment: str
    ) -> None:
        columns, rows = size
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            str(PROGRAM),
            list(arguments),
            env=_environment(home, **environment),
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )
        self.pid = int(self.child.pid or 0)
        self.written = bytearray()
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._answered: set[bytes] = set()
        self.at_first = self.settings()

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        return "\n".join(self._screen.display)

    def settings(self) -> tuple[int, int, int]:
        """The terminal's input, output and local modes, as in `termios.tcgetattr`."""
        found = termios.tcgetattr(self.child.child_fd)
        return found[0], found[1], found[3]

    def wait(self, *texts: str, without: str = "") -> str:
        """The screen, once it shows all of `texts` and nothing of `without`."""
        return self.wait_for(
            lambda: all(text in self.text for text in texts) and not (without and without in self.text),
            f"{texts}" + (f" without {without!r}" if without else ""),
        )

    def wait_for(self, seen: Callable[[], bool], what: str) -> str:
        """The screen, once `seen` holds."""
        deadline = time.monotonic() + PATIENCE
        while not (self._is_whole() and seen()):
            assert time.monotonic() < deadline, f"never seen: {what}\n{self.text}"
            assert self._read(), f"it ended before this was seen: {what}\n{self.text}"
        return self.text

    def type(self, keys: str) -> None:
        os.write(self.child.child_fd, keys.encode())

    def press(self, keys: str, *texts: str, without: str = "") -> str:
        """Types the keys and waits for what they bring."""
        self.type(keys)
        return self.wait(*texts, without=without)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def end(self) -> int:
        """Waits until the program ended and gives its exit code as a shell does: 128 + n for signal n."""
        deadline = time.monotonic() + PATIENCE
        while self._read():
            assert time.monotonic() < deadline, f"it does not end\n{self.text}"
        self.child.wait()
        if self.child.signalstatus is not None:
            return 128 + int(self.child.signalstatus)
        assert self.child.exitstatus is not None
        assert self.child.exitstatus is not None
        return self.child.exitstatus

    def hang_up(self) -> bool:
        """Takes the terminal away, as closing its window does; whether that ends the program."""
        cast(
            Any, self.child
        ).ptyproc.fileobj.close()  # else it would still count as open, and be closed twice
        deadline = time.monotonic() + PATIENCE
        while alive := self.child.isalive():
            if time.monotonic() > deadline:
                break
            select.select([], [], [], 0.05)
        return not alive

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        self.child.setwinsize(rows, columns)

    def left_on(self) -> list[str]:
        """What was switched on in the terminal and not off again."""
        modes = [
            name
            for name, (on, off) in _MODES.items()
            if self.written.rfind(on) >= 0 and self.written.rfind(off) < self.written.rfind(on)
        ]
        return modes + (["terminal settings"] if self.settings() != self.at_first else [])

    def close(self) -> None:
        if self.child.isalive():
            self.child.kill(signal.SIGKILL)
            self.child.wait()
        self.child.close()

    def _is_whole(self) -> bool:
        """Whether no frame is half written."""
        return self.written.rfind(_FRAME[0]) <= self.written.rfind(_FRAME[1])

    def _read(self) -> bool:
        """Takes in what was written, if anything was in the last moments; False once the program has ended."""
        try:
            data = self.child.read_nonblocking(1 << 16, timeout=0.1)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.written += data
        self._stream.feed(data)
        for query, answer in _QUERIES.items():
            if query in self.written and query not in self._answered:
                self._answered.add(query)
                os.write(self.child.child_fd, answer)
        return True


def _environment(home: Path, **more: str) -> dict[str, str]:
    # What says how large the terminal is must be the terminal alone.
    kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    return kept | {
        "PAPERS_TUI_HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
        **more,
    }


def run(home: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What a command prints. It has to end well."""
    done = subprocess.run(
        [PROGRAM, *arguments],
        input=stdin,
        env=_environment(home),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def records(home: Path) -> dict[str, dict[str, Any]]:
    """Every paper of the library as `list` prints it, by title, in the order of the list."""
    lines = run(home, "list", "--format", "jsonl").splitlines()
    return {record["title"]: record for record in map(json.loads, lines)}


def marked(home: Path) -> dict[str, set[str]]:
    """The marks of the papers that have any."""
    found = {}
    for title, record in records(home).items():
        flags = {name for name in ("read", "starred", "later", "dismissed") if record[name]}
        if marks := flags | {f"#{tag}" for tag in record["tags"]}:
            found[title] = marks
    return found


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The home of a library that has the page in it, where looking at a paper does not mark it read."""
    home = tmp_path / "library"
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    run(home, "import", str(page))
    (home / "config" / "config.toml").write_text('read_after = 0\nrefresh = "manual"\n', encoding="utf-8")
    return home


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts the program; whatever is still running in the end is killed."""
    started: list[Terminal] = []

    def starting(
        home: Path, size: tuple[int, int] = (80, 24), *arguments: str, **environment: str
    ) -> Terminal:
        started.append(Terminal(home, size, *arguments, **environment))
        return started[-1]

    yield starting
    for terminal in started:
        terminal.close()


Start = Callable[..., Terminal]


# Looking


@pytest.mark.parametrize("size", SIZES)
def test_first_screen_shows_the_latest_paper_whole(
    library: Path, start: Start, size: tuple[int, int]
) -> None:
    terminal = start(library, size)
    text = terminal.wait(
        "Inbox 1/7", "7 unread", ATTENTION, "attention alone", RESIDUAL[:30], ADVERSARIAL[:30]
    )
    places = [text.index(title[:30]) for title in (ATTENTION, RESIDUAL, DISTILLING, ADAM, ADVERSARIAL)]
    assert places == sorted(places)
    assert "github.com/tensorflow/tensor2tensor" in text
    assert ("Latest edition" in text or "Starred" in text) is (size[0] >= 110), "the sidebar is for wide ones"
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []


def test_a_new_library_offers_samples_and_keeps_nothing_of_them(tmp_path: Path, start: Start) -> None:
    home = tmp_path / "new"
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('refresh = "manual"\n', encoding="utf-8")
    page = tmp_path / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    terminal = start(home)
    terminal.wait("No papers yet", "32 sample papers")
    terminal.press("\r", "Inbox 1/32", "SAMPLE PAPERS")
    terminal.press("s", "Inbox 2/32", "★")
    terminal.press("a", "Add what?")
    terminal.press(f"{page}\r", "Inbox 1/7", ATTENTION, without="SAMPLE PAPERS")
    terminal.type("q")
    assert terminal.end() == 0
    assert len(records(home)) == 7
    assert marked(home) == {}


def test_a_new_library_fills_itself_and_shows_it(tmp_path: Path, start: Start) -> None:
    now = datetime.now(UTC)
    world = World(first=(now - timedelta(days=20)).date(), days=40)
    world.now = now
    home = tmp_path / "new"
    (home / "config").mkdir(parents=True)
    with Simulation(world) as simulation:
        (home / "config" / "config.toml").write_text(simulation.config_toml(), encoding="utf-8")
        terminal = start(home, (120, 40))
        terminal.wait("Inbox 1/", "unread", "Latest edition", "Daily Papers")
        terminal.press("j", "Inbox 2/")
        terminal.type("q")
        assert terminal.end() == 0
        assert simulation.rules.broken == []
    shown = {record["id"] for record in records(home).values()}
    assert shown <= {
        f"arxiv:{paper.id}" for paper in world.daily((now - timedelta(days=6)).date(), now.date())
    }
    assert shown


def test_screen_follows_the_size_of_the_terminal(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7", without="Starred")
    terminal.resize(140, 40)
    terminal.wait("Starred", "Sources", "Inbox 1/7", ATTENTION)
    for columns, rows in ((20, 8), (60, 12), (200, 60), (80, 24)):
        terminal.resize(columns, rows)
        terminal.wait("Inbox", "Attention Is")
    terminal.press("j", "Inbox 2/7")


# Deciding


@pytest.mark.parametrize("size", SIZES)
def test_keys_leave_their_marks(library: Path, tmp_path: Path, start: Start, size: tuple[int, int]) -> None:
    opened = tmp_path / "opened"
    terminal = start(library, size, BROWSER=str(_browser(tmp_path, opened)))
    terminal.wait("Inbox 1/7")
    terminal.press("j", "Inbox 2/7")
    terminal.press("s", "Inbox 3/7", "★")
    terminal.press("m", "Inbox 4/7")
    terminal.press("d", "Inbox 5/7", "×")
    terminal.press("t", f"Tags · {ADVERSARIAL}", "Enter saves")
    terminal.press("old school\r", "#old school", without="Enter saves")
    terminal.press("gg", "Inbox 1/7")
    terminal.press("c", "tensorflow/tensor2tensor")
    terminal.wait_for(opened.exists, "the browser")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []
    assert opened.read_text().split("\n") == ["1", "https://github.com/tensorflow/tensor2tensor", ""]
    assert marked(library) == {
        ATTENTION: {"read"},
        RESIDUAL: {"read", "starred"},
        DISTILLING: {"read"},
        ADAM: {"read", "dismissed"},
        ADVERSARIAL: {"read", "#old school"},
    }


def test_keys_that_come_before_the_first_frame_are_not_lost(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait_for(lambda: bool(terminal.written), "its first byte")
    terminal.press("jjs", "Inbox 4/7")
    terminal.type("q")
    assert terminal.end() == 0
    assert marked(library) == {DISTILLING: {"read", "starred"}}


def test_many_keys_at_once_are_all_done_in_order(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("jjkkjsjLkmuq", "Inbox")
    assert terminal.end() == 0
    assert marked(library) == {RESIDUAL: {"read", "starred"}, ADAM: {"read", "later"}}


def test_key_right_behind_tab_goes_to_the_new_pane(library: Path, start: Start) -> None:
    terminal = start(library, (120, 40))
    terminal.wait("Inbox 1/7")
    terminal.press("\t\tj", "Starred 0/0")


def _browser(folder: Path, record: Path) -> Path:
    """A program that writes down how many arguments it got, and which."""
    script = folder / "browser"
    script.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > "{record}.part" && mv "{record}.part" "{record}"\n'
    )
    script.chmod(0o700)
    return script


# Dying and coming back


def test_killed_program_comes_back_as_it_was_left(library: Path, start: Start) -> None:
    first = start(library)
    first.wait("Inbox 1/7")
    first.press("s", "Inbox 2/7", "★")
    first.press("d", "Inbox 3/7", "×")
    first.press("t", f"Tags · {DISTILLING}", "Enter saves")
    first.press("shelf\r", "#shelf", without="Enter saves")
    first.press("L", "Inbox 4/7")
    first.signal(signal.SIGKILL)
    assert first.end() == 128 + signal.SIGKILL
    left = {
        ATTENTION: {"read", "starred"},
        RESIDUAL: {"read", "dismissed"},
        DISTILLING: {"read", "later", "#shelf"},
    }
    assert marked(library) == left

    second = start(library, (120, 40))
    second.wait("Inbox 1/4", "Starred", "4 unread")
    second.press("u", "undone: put on Later")
    second.press("u", "undone: tagged")
    second.signal(signal.SIGKILL)
    assert second.end() == 128 + signal.SIGKILL
    assert marked(library) == {name: left[name] for name in (ATTENTION, RESIDUAL)}

    third = start(library)
    third.wait("Inbox 1/5")
    third.press("u", "undone")
    third.press("\x12", "redone")
    third.type("q")
    assert third.end() == 0
    assert marked(library) == {name: left[name] for name in (ATTENTION, RESIDUAL)}


def test_program_that_was_left_comes_back_on_the_same_paper(library: Path, start: Start) -> None:
    first = start(library)
    first.press("", "Inbox 1/7")
    first.press("]]]", "All 1/7")
    first.press("jj", "All 3/7")
    first.type("q")
    assert first.end() == 0
    second = start(library)
    second.wait("All 3/7", "softened")
    second.type("q")
    assert second.end() == 0


def test_two_instances_at_once_keep_the_marks_of_both(library: Path, start: Start) -> None:
    one, other = start(library), start(library)
    for terminal in (one, other):
        terminal.wait("Inbox 1/7")
    one.press("s", "Inbox 2/7", "★")
    other.press("jj", "Inbox 3/7")
    other.press("L", "Inbox 4/7")
    one.press("d", "Inbox 3/7")
    for terminal in (one, other):
        terminal.type("q")
        assert terminal.end() == 0
    assert marked(library) == {
        ATTENTION: {"read", "starred"},
        RESIDUAL: {"read", "dismissed"},
        DISTILLING: {"read", "later"},
    }


def test_undo_on_the_command_line_takes_back_what_the_app_did(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    terminal.type("q")
    assert terminal.end() == 0
    run(library, "undo")
    assert marked(library) == {}


# Leaving the terminal as it was


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
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


def test_terminal_that_goes_away_ends_the_program(library: Path, start: Start) -> None:
    terminal = start(library)
    terminal.wait("Inbox 1/7")
    terminal.press("s", "Inbox 2/7", "★")
    assert terminal.hang_up(), "it goes on without a terminal"
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
    terminal.wait_for(lambda: _process_state(terminal.pid) == "T", "that it stopped")
    terminal.wait_for(lambda: terminal.left_on() == [], "that the terminal is the shell's again")
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(lambda: "alternate screen" in terminal.left_on(), "the app's own screen again")
    terminal.press("j", "Inbox 2/7")
    terminal.type("q")
    assert terminal.end() == 0
    assert terminal.left_on() == []


def _process_state(pid: int) -> str:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1]


# Text that wants to act on the terminal

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
    assert _stray(bytes(terminal.written)) == []


@pytest.mark.parametrize("arguments", [("list",), ("list", "--format", "jsonl"), ("show",)], ids="-".join)
def test_command_line_never_lets_text_act_on_the_terminal(
    hostile: Path, start: Start, arguments: tuple[str, ...]
) -> None:
    ids = run(hostile, "list", "--format", "ids").split() if arguments == ("show",) else [""]
    for identifier in ids[-12:]:
        terminal = start(hostile, (120, 40), *arguments, *filter(None, [identifier]))
        assert terminal.end() == 0
        assert b"clipboard" in terminal.written or identifier
        assert _stray(bytes(terminal.written)) == []


def test_message_about_a_hostile_file_name_is_harmless(tmp_path: Path, start: Start) -> None:
    page = tmp_path / "\x1b]0;name\x07page\x9b2J"
    page.write_bytes(b"nothing")
    terminal = start(tmp_path / "home", (80, 24), "import", str(page), str(page) + "\x1b[2Jmissing")
    assert terminal.end() == 2
    assert b"skipped" in terminal.written
    assert _stray(bytes(terminal.written)) == []


def _stray(written: bytes) -> list[str]:
    """What a terminal would obey in these bytes, beyond what the program itself has a use for."""
    rest = _OURS.sub(b"", written).decode("utf-8")
    allowed = {"\r", "\n", "\u200d", "\u200c"}  # joiners belong to emoji and to words of many scripts
    return sorted(
        {
            ascii(c)
            for c in rest
            if c not in allowed and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")
        }
    )
