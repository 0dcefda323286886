"""Thousands of random keys at the real program, which is killed again and again: it knows what its journal says."""

from __future__ import annotations

import json
import random
import shutil
import signal
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.tallying import Tally
from tests.terminal import Start, Terminal, marked, records

_BURST = 25
_SITTING = 250
"""Keys that are typed at once, and until the program is killed."""

_OFTEN = "jksdLmu.x"
_SELDOM = "GNn[]hlJKzZvX*{}'=/?\\iti\t\r\r\r \x04\x15\x06\x02\x12\x12y"
"""Keys of every kind but those that leave, ask the network, open a browser, write files, or make rules, whose marks
are nobody's acts. In a prompt all of them are letters."""

Stamp = tuple[int, int, str, int]


class Model:
    """What the acts in the journal add up to, by a reader of its own: of each register the latest value."""

    def __init__(self) -> None:
        self.files: dict[str, list[bytes]] = {}
        self._latest: dict[tuple[str, str], tuple[Stamp, Any]] = {}

    def read(self, home: Path) -> None:
        """Takes in what was added to the journal; nothing that was there may be gone or changed."""
        folder = home / "data" / "journal"
        assert {path.name for path in folder.iterdir()} >= self.files.keys()
        for path in folder.glob("*.jsonl"):
            known = self.files.get(path.name, [])
            lines = [line for line in path.read_bytes().split(b"\n") if _is_whole(line)]
            assert lines[: len(known)] == known
            for line in lines[len(known) :]:
                self._take(json.loads(line[9:]))
            self.files[path.name] = lines

    def marked(self, titles: dict[str, str]) -> dict[str, set[str]]:
        """The marks of the papers that have any, by their titles, which are given by arXiv id."""
        found: dict[str, set[str]] = {}
        for (paper, register), (_, value) in self._latest.items():
            name = {"star": "starred", "dismiss": "dismissed"}.get(register, register)
            if value and register != "note":
                found.setdefault(titles[paper], set()).add(name.replace("tag:", "#"))
        return found

    def notes(self, titles: dict[str, str]) -> dict[str, str]:
        return {
            titles[paper]: value
            for (paper, register), (_, value) in self._latest.items()
            if register == "note" and value
        }

    def _take(self, said: dict[str, Any]) -> None:
        stamp = (*said["t"], said["w"], said["n"])
        for change in said["set"]:
            for keys in change["p"]:
                for register, value in change["now"].items():
                    place = (sorted(keys)[0], register)
                    if place not in self._latest or self._latest[place][0] < stamp:
                        self._latest[place] = (stamp, value)


def _is_whole(line: bytes) -> bool:
    return len(line) > 9 and line[:8] == b"%08x" % zlib.crc32(line[9:])


def _sit(terminal: Terminal, chance: random.Random) -> int:
    """Types keys until the program is killed in the midst of them; how many that were."""
    terminal.wait("? help")
    terminal.type("[" * 20)
    terminal.press("]]]", "All ")
    typed = 0
    while typed < _SITTING:
        keys = "".join(chance.choice(_OFTEN if chance.random() < 0.7 else _SELDOM) for _ in range(_BURST))
        terminal.type(keys)
        typed += len(keys)
        if typed < _SITTING:
            assert terminal.rest(), f"it ended by itself\n{terminal.text}"
            terminal.type("\x1b")  # alone: with a letter behind it, it would be another key
            assert terminal.rest(), f"it ended by itself\n{terminal.text}"
    terminal.signal(signal.SIGKILL)
    assert terminal.end() == 128 + signal.SIGKILL
    assert b"Traceback" not in terminal.written
    return typed


def _soak(library: Path, start: Start, seed: int, keys: int) -> int:
    """Types so many keys; how often the program was killed."""
    chance = random.Random(seed)
    titles = {_key(one): title for title, one in records(library).items()}
    model = Model()
    kills = 0
    while keys > 0:
        keys -= _sit(start(library, BROWSER="true", EDITOR="true"), chance)
        kills += 1
        model.read(library)
    assert model.files
    for _ in range(2):
        assert marked(library) == model.marked(titles)
        notes = {title: one["note"] for title, one in records(library).items() if one.get("note")}
        assert notes == model.notes(titles)
        shutil.rmtree(library / "cache")
    return kills


def _key(record: dict[str, Any]) -> str:
    return str(sorted(record["keys"])[0])


@pytest.mark.timeout(300)
def test_a_thousand_keys_and_a_kill_every_few_hundred(library: Path, start: Start, tally: Tally) -> None:
    tally("faults", _soak(library, start, 1, 1000))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_ten_thousand_keys_and_a_kill_every_few_hundred(library: Path, start: Start, tally: Tally) -> None:
    tally("faults", _soak(library, start, 2, 10_000))
