"""The first screen that is painted before Textual is there: the same as Textual's own, cell by cell, or none."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyte
import pytest
from tests.terminal import Start, Terminal, run
from tests.ui.desk import fill, paper

from papers_tui import session
from papers_tui.domain.moments import stamp
from papers_tui.paths import Paths, find_paths
from papers_tui.session import Session
from papers_tui.store.looking import look_into
from papers_tui.store.schema import cache_path

_TEXTUAL = b"\x1b[?1000h"
"""What Textual writes first."""
_END = b"\x1b[?2026l"
_ENTER = b"\x1b[?1049h"

_GATE = """
import os, sys, time

class Gate:
    def find_spec(self, name, path=None, target=None):
        if name == "asyncio":
            open(os.environ["GATE"] + ".reached", "w").close()
            while not os.path.exists(os.environ["GATE"]):
                time.sleep(0.005)
        return None

sys.meta_path.insert(0, Gate())
"""
"""What an interpreter loads before the program: it holds that up where it goes on to load what the app needs."""

Cells = list[list[Any]]


class Screen:
    """A terminal that is given what was written."""

    def __init__(self, size: tuple[int, int], written: bytes = b"") -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._stream.feed(written)

    def take(self, data: bytes) -> Screen:
        self._stream.feed(data)
        return self

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def cells(self) -> Cells:
        """Every line, and its cells: their characters, colours and attributes."""
        screen = self.screen
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]


class Gated:
    """A gate that the program waits at before it loads the app, and the environment that puts it there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(_GATE)
        self._gate = folder / "open"
        self._reached = folder / "open.reached"
        former = os.environ.get("PYTHONPATH", "")
        self.environment = {"PYTHONPATH": f"{folder}{os.pathsep}{former}", "GATE": str(self._gate)}

    def wait(self, terminal: Terminal) -> bytes:
        """What was written until the program waits at the gate."""
        terminal.wait_for(self._reached.exists, "the gate")
        terminal.rest()
        return bytes(terminal.written)

    def open(self) -> None:
        self._gate.touch()


@pytest.fixture
def gate(tmp_path: Path) -> Gated:
    return Gated(tmp_path / "gate")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The home of a library of 70 papers with marks, an edition, tags, a saved view and a watched author."""
    home = tmp_path / "shelf"
    paths = paths_of(home)
    titles = {
        3: "On $\\alpha$-Divergences — 注意 and " + "More and " * 12 + "More",
        5: "Émile's Naïve Approach",
    }
    papers = [
        paper(n, titles.get(n, ""), upvotes=n * 7 % 90 or None, edition="2025-05-30" if n < 9 else None)
        for n in range(1, 71)
    ]
    fill(paths, [{name: value for name, value in one.items() if value is not None} for one in papers])
    run(home, "mark", "2506.00002", "--star", "--tag", "reading", "--note", "a note\nof two lines")
    run(home, "mark", "2506.00004", "--read")
    run(home, "mark", "2506.00006", "--later")
    run(home, "view", "add", "Loved", "is:starred OR upvotes:>50")
    (home / "config" / "authors.toml").write_text('[[author]]\nname = "Ada Author5"\n', encoding="utf-8")
    configure(home)
    return home


def paths_of(home: Path) -> Paths:
    return find_paths({"PAPERS_TUI_HOME": str(home)})


def configure(home: Path, more: str = "") -> None:
    text = f'read_after = 0\nrefresh = "manual"\n{more}'
    (home / "config" / "config.toml").write_text(text, encoding="utf-8")


def begin(home: Path, **chosen: str) -> None:
    """Makes this what the last run left."""
    left = Session(opened=stamp(datetime.now(UTC)))  # days ago, it would be told what was missed since
    session.save(paths_of(home).session_file, replace(left, **chosen))


def look_file(home: Path, size: tuple[int, int]) -> Path:
    return home / "log" / f"look-{size[0]}x{size[1]}.json"


def run_once(start: Start, home: Path, size: tuple[int, int], **more: str) -> None:
    """A run of which the look of its first screen is kept."""
    chosen = session.load(paths_of(home).session_file)
    terminal = start(home, size, **more)
    terminal.wait_for(look_file(home, size).exists, "a look")
    terminal.close()
    begin(home, **{name: getattr(chosen, name) for name in ("view", "paper", "layout", "density", "theme")})
    kept = session.load(paths_of(home).session_file)
    session.save(paths_of(home).session_file, replace(kept, sorts=chosen.sorts, groups=chosen.groups))


def handed_over(written: bytes) -> tuple[bytes, bytes]:
    """What was written before Textual, and that to the end of its first frame."""
    painted, _, rest = written.partition(_TEXTUAL)
    end = rest.find(_END)
    assert end >= 0, "there is no frame of Textual's"
    return painted, written[: len(painted) + len(_TEXTUAL) + end + len(_END)]


SIZES = [(80, 24), (120, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"view": "all", "paper": "arxiv:2506.00065", "layout": "columns"},
        {"view": "tag:reading", "density": "comfortable", "theme": "textual-light"},
        {"view": "edition:2025-05-30", "groups": "edition:2025-05-30", "sorts": "upvotes edition:2025-05-30"},
        {"view": "view:Loved", "paper": "arxiv:2506.00003", "theme": "dracula", "layout": "rows"},
        {"view": "watched", "layout": "list", "theme": "ansi-dark"},
        {"view": "dismissed"},
        {"groups": "inbox", "density": "comfortable", "paper": "arxiv:2506.00044"},
    ],
    ids=["inbox", "far down", "a tag", "an edition in groups", "a saved view", "watched", "empty", "grouped"],
)
def test_every_cell_is_as_in_the_first_frame_of_the_app(
    shelf: Path, start: Start, size: tuple[int, int], chosen: Mapping[str, str]
) -> None:
    begin(shelf, **chosen)
    run_once(start, shelf, size)
    terminal = start(shelf, size)
    terminal.wait_for(lambda: _END in terminal.written.partition(_TEXTUAL)[2], "a frame of Textual's")
    painted, whole = handed_over(bytes(terminal.written))
    before, after = Screen(size, painted), Screen(size, whole)
    assert before.text == after.text
    assert before.cells() == after.cells()
    assert not (shelf / "log" / "papers-tui.log").exists()


def test_there_is_no_blank_frame_and_the_screen_is_entered_once(shelf: Path, start: Start) -> None:
    size = (120, 40)
    run_once(start, shelf, size)
    terminal = start(shelf, size)
    terminal.wait_for(lambda: _END in terminal.written.partition(_TEXTUAL)[2], "a frame of Textual's")
    written = bytes(terminal.written)
    assert written.count(_ENTER) == 1
    begun, end, rest = written.partition(_END)
    screen = Screen(size, begun + end)
    for start_of_piece in range(0, len(rest), 300):
        screen.take(rest[start_of_piece : start_of_piece + 300])
        assert all(f"Paper {number}" in screen.text for number in (1, 2, 7, 15)), screen.text


def test_it_shows_the_library_as_it_is_now(shelf: Path, start: Start, gate: Gated) -> None:
    size = (120, 40)
    run_once(start, shelf, size)
    run(shelf, "mark", "2506.00001", "--dismiss")
    run(shelf, "mark", "2506.00003", "--star")
    terminal = start(shelf, size, **gate.environment)
    text = Screen(size, gate.wait(terminal)).text
    assert "Paper 1 " not in text
    assert "67 unread" in text
    assert re.search(r"●★\s+On α-Divergences", text)
    gate.open()
    terminal.wait("67 unread")
    assert not (shelf / "log" / "papers-tui.log").exists()


def test_it_comes_before_the_app_is_loaded(shelf: Path, start: Start, gate: Gated) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    terminal = start(shelf, size, **gate.environment)
    shown = Screen(size, gate.wait(terminal)).text
    assert "Paper 1 " in shown
    assert "What paper 1 is about." in shown


def _another_theme(home: Path, _: dict[str, str]) -> None:
    configure(home, 'theme = "nord"\n')


def _no_color(_: Path, environment: dict[str, str]) -> None:
    environment["NO_COLOR"] = "1"


def _another_terminal(_: Path, environment: dict[str, str]) -> None:
    environment["TERM"] = "linux"


def _no_cache(home: Path, _: dict[str, str]) -> None:
    for path in (home / "cache").iterdir():
        path.unlink()


def _damage(home: Path, _: dict[str, str]) -> None:
    cache = next((home / "cache").glob("*.sqlite3"))
    cache.with_name(f"{cache.name}.damaged").touch()


def _garbage(home: Path, _: dict[str, str]) -> None:
    cache = next((home / "cache").glob("*.sqlite3"))
    data = bytearray(cache.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    cache.write_bytes(data)


def _ahead(home: Path, _: dict[str, str]) -> None:
    cache = next((home / "cache").glob("*.sqlite3"))
    with sqlite3.connect(cache) as db:
        db.execute("UPDATE journal_file SET read_to = 0")
    db.close()


def _no_look(home: Path, _: dict[str, str]) -> None:
    for path in (home / "log").glob("look-*"):
        path.write_text('{"panes": {}}')


def _acting_look(home: Path, _: dict[str, str]) -> None:
    for path in (home / "log").glob("look-*"):
        path.write_text(re.sub(r'"(38;2[0-9;]+)"', r'"0m\\u001b]0;x\\u0007\\u001b[\1"', path.read_text()))


def _renamed_view(home: Path, _: dict[str, str]) -> None:
    run(home, "view", "rename", "Loved", "Liked")


@pytest.mark.parametrize(
    "change",
    [
        *(_another_theme, _no_color, _another_terminal, _no_cache, _damage, _garbage, _ahead, _no_look),
        *(_acting_look, _renamed_view),
    ],
)
def test_it_is_not_shown_where_it_may_be_wrong(
    shelf: Path, start: Start, gate: Gated, change: Callable[[Path, dict[str, str]], None]
) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    environment = dict(gate.environment)
    change(shelf, environment)
    terminal = start(shelf, size, **environment)
    assert _ENTER not in gate.wait(terminal)
    assert terminal.settings() == terminal.at_first
    gate.open()
    terminal.wait("Inbox 1/")


def test_it_is_not_shown_in_another_size_nor_to_a_pipe(shelf: Path, start: Start, gate: Gated) -> None:
    run_once(start, shelf, (80, 24))
    terminal = start(shelf, (81, 24), **gate.environment)
    assert _ENTER not in gate.wait(terminal)


def test_a_first_run_paints_nothing(tmp_path: Path, start: Start, gate: Gated) -> None:
    terminal = start(tmp_path / "new", (80, 24), **gate.environment)
    assert gate.wait(terminal) == b""


def test_keys_that_come_early_are_neither_shown_nor_lost(shelf: Path, start: Start, gate: Gated) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    terminal = start(shelf, size, **gate.environment)
    before = gate.wait(terminal)
    terminal.type("jjjs")
    terminal.rest()
    assert bytes(terminal.written) == before
    gate.open()
    terminal.wait("Inbox 5/", "★")


def test_ctrl_c_that_comes_early_leaves_as_in_the_app(shelf: Path, start: Start, gate: Gated) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    terminal = start(shelf, size, **gate.environment)
    gate.wait(terminal)
    terminal.type("\x03")
    gate.open()
    assert terminal.end() == 0
    assert terminal.left_on() == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
)
def test_a_signal_in_between_leaves_the_terminal_as_it_was(
    shelf: Path, start: Start, gate: Gated, number: signal.Signals, code: int
) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    terminal = start(shelf, size, **gate.environment)
    assert _ENTER in gate.wait(terminal)
    terminal.signal(number)
    assert terminal.end() == code
    assert terminal.left_on() == []


def test_an_app_that_can_not_be_loaded_leaves_the_terminal_as_it_was(
    shelf: Path, start: Start, gate: Gated, tmp_path: Path
) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    gate.open()
    text = (tmp_path / "gate" / "sitecustomize.py").read_text()
    broken = text.replace(
        "return None", 'if name == "textual.app": raise RuntimeError("broken")\n        return None'
    )
    (tmp_path / "gate" / "sitecustomize.py").write_text(broken)
    terminal = start(shelf, size, **gate.environment)
    assert terminal.end() == 1
    assert _ENTER in terminal.written
    assert terminal.left_on() == []
    assert b"this is a bug" in terminal.written.rpartition(b"\x1b[?1049l")[2]


def test_the_app_takes_the_size_that_the_terminal_has_by_then(shelf: Path, start: Start, gate: Gated) -> None:
    run_once(start, shelf, (80, 24))
    terminal = start(shelf, (80, 24), **gate.environment)
    gate.wait(terminal)
    terminal.resize(120, 40)
    gate.open()
    terminal.wait("Inbox 1/", "Starred", "Paper 15")
    assert look_file(shelf, (80, 24)).exists()


def test_what_was_painted_wrongly_is_not_painted_again(shelf: Path, start: Start) -> None:
    size = (80, 24)
    run_once(start, shelf, size)
    file = look_file(shelf, size)
    file.write_text(file.read_text().replace("? help", "! help"))
    terminal = start(shelf, size)
    terminal.wait("? help")
    terminal.wait_for((shelf / "log" / "papers-tui.log").exists, "words in the log")
    terminal.wait_for(lambda: file.exists() and "? help" in file.read_text(), "a look that is right")
    assert "first screen" in (shelf / "log" / "papers-tui.log").read_text()


def test_looking_changes_nothing(shelf: Path) -> None:
    cache = shelf / "cache"
    before = {path.name: path.stat().st_mtime_ns for path in cache.iterdir()}
    store = look_into(cache)
    assert store
    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM paper").fetchone() == (70,)
        with pytest.raises(sqlite3.OperationalError):
            db.execute("DELETE FROM paper")
    store.close()
    assert {path.name: path.stat().st_mtime_ns for path in cache.iterdir()} == before


def test_there_is_nothing_to_look_into_where_there_is_no_cache(tmp_path: Path) -> None:
    assert look_into(tmp_path) is None
    cache_path(tmp_path).write_bytes(b"no database" * 100)
    assert look_into(tmp_path) is None
