"""The program on a real pseudo-terminal, for the tests that look at its screen and at every byte it writes."""

from __future__ import annotations

import base64
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
from pathlib import Path
from typing import Any, cast

import pexpect
import pyte
import pytest

PROGRAM = Path(sys.executable).parent / "papers-tui"
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
    rb"|\x1b\]22;[a-z-]+\x07|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
)
"""Every control sequence that the program itself has a use for. Of those that begin with `]` it is only the shape
of the mouse pointer and what the user copies; none asks the terminal for anything but what it can do."""


class Terminal:
    """The program on a pseudo-terminal, what it wrote so far, and the screen that this makes."""

    def __init__(
        self,
        home: Path,
        size: tuple[int, int] = (80, 24),
        *arguments: str,
        program: Path = PROGRAM,
        **variables: str,
    ) -> None:
        columns, rows = size
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            str(program),
            list(arguments),
            env=environment(home, **variables),
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

    def paste(self, text: str) -> None:
        """As a terminal pastes, in brackets."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def rest(self) -> bool:
        """Takes in all that is written until nothing comes any more; False where the program has ended."""
        while True:
            before = len(self.written)
            if not self._read():
                return False
            if len(self.written) == before:
                return True

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
        return self.child.exitstatus

    def hang_up(self) -> int | None:
        """Takes the terminal away, as closing its window does; the exit code, None where that does not end it."""
        cast(
            Any, self.child
        ).ptyproc.fileobj.close()  # else it would still count as open, and be closed twice
        deadline = time.monotonic() + PATIENCE
        while self.child.isalive():
            if time.monotonic() > deadline:
                return None
            select.select([], [], [], 0.05)
        return self.child.exitstatus

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


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a program that runs on a good terminal, with this home."""
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
        env=environment(home),
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

    def starting(home: Path, size: tuple[int, int] = (80, 24), *arguments: str, **more: Any) -> Terminal:
        started.append(Terminal(home, size, *arguments, **more))
        return started[-1]

    yield starting
    for terminal in started:
        terminal.close()


Start = Callable[..., Terminal]


def process_state(pid: int) -> str:
    """One letter, as `ps` has it; empty where there is no such process."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1]


# Text that wants to act on the terminal


def copied(written: bytes) -> list[str]:
    """The texts that the clipboard was given."""
    found = re.findall(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", written)
    return [base64.b64decode(text).decode("utf-8") for text in found]


def stray(written: bytes) -> list[str]:
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
