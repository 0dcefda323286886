"""Three machines, random acts, and a file mover that does its worst: all end in the same state, and nothing is lost."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.ui.desk import fill, identity, paper

from papers_tui import syncing
from papers_tui.domain import marks
from papers_tui.domain.marks import Act, Entry, State
from papers_tui.domain.query import parse
from papers_tui.journal import Journal
from papers_tui.journal.compacting import compact
from papers_tui.journal.device import device_id, known_device_id
from papers_tui.journal.line import encode
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make

_PAPERS = range(1, 5)
_SKEW = 315_360_000_000
"""Ten years in milliseconds: how far clocks may be out of step."""


def _bare(entry: Entry) -> bytes:
    """What an entry says, without the papers that it carries: undoing does not read those."""
    return encode(replace(entry, records=()))


class Machine:
    """A machine with a journal, a clock of its own, and a replica of the shared folder that a file mover keeps.

    `said` are its acknowledged entries.
    """

    def __init__(self, root: Path, name: str, chance: random.Random, template: Path) -> None:
        self.home = root / name
        self.replica = root / f"{name}-replica"
        shutil.copytree(template, self.home)
        self.paths: Paths = find_paths({"PAPERS_TUI_HOME": str(self.home)})
        self.chance = chance
        self.skew = chance.randint(-_SKEW, _SKEW)
        self.said: list[Entry] = []
        syncing.begin(self.paths, str(self.replica))
        device_id(self.paths.log)

    def act(self, now: int) -> None:
        """Does something random to random papers, as an instance that starts and ends."""
        at = datetime.fromtimestamp((now + self.skew) / 1000, UTC)
        with Library(self.paths, now=lambda: at) as library:
            library.sync()
            rows = [library.resolve(identity(number)) for number in _PAPERS if self.chance.random() < 0.4]
            what = self.chance.random()
            if what < 0.12:
                library.undo()
            elif what < 0.2:
                library.redo()
            elif what < 0.25 and rows:
                library.keep_note(rows[0])
            else:
                library.mark(rows, self._random_act())
            assert not library.trouble
        self.remember()

    def remember(self) -> None:
        """Everything that this machine was told is saved, as its journal holds it."""
        journal = Journal(self.paths.journal, self.paths.log, now_ms=lambda: 0)
        known = {entry.stamp for entry in self.said}
        own = f"{known_device_id(self.paths.log)}-"
        entries = [entry for tail in journal.tails({}) if tail.file.startswith(own) for entry in tail.entries]
        self.said += [entry for entry in entries if entry.stamp not in known]

    def sync(self) -> None:
        syncing.sync(self.paths)

    def compact(self) -> None:
        compact(self.paths.journal, self.paths.log, lambda *_: None, least=0, ratio=1, keep=2)

    def entries(self) -> set[bytes]:
        journal = Journal(self.paths.journal, self.paths.log, now_ms=lambda: 0)
        return {_bare(entry) for tail in journal.tails({}) for entry in tail.entries}

    def state(self) -> dict[str, tuple[State, list[str]]]:
        """What this machine shows of each paper."""
        return state_of(self.paths)

    def _random_act(self) -> Act:
        chance = self.chance
        return chance.choice(
            (
                marks.read(chance.random() < 0.5),
                marks.star(chance.random() < 0.6, implies_read=True),
                marks.later(chance.random() < 0.6, implies_read=True),
                marks.dismiss(chance.random() < 0.6, implies_read=True),
                marks.tags([chance.choice("xyz")], [chance.choice("xyz")], implies_read=False),
                marks.note(f"note {chance.randrange(1000)}" if chance.random() < 0.8 else ""),
            )
        )


def state_of(paths: Paths) -> dict[str, tuple[State, list[str]]]:
    """What a library shows of each paper: its state, and the other versions of its note."""
    with Library(paths) as library:
        library.sync()
        holdings = library.holdings(library.find(parse("")))
        return {
            held.paper.id: (held.state, [edit.text for edit in held.state.other_notes]) for held in holdings
        }


class Mover:
    """A file mover between the replicas: late, partial, out of order, and fond of conflict copies."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def move(self, source: Path, target: Path) -> None:
        """Brings some of the files of one replica to another, somehow."""
        files = sorted(path for path in source.glob("*.jsonl"))
        self.chance.shuffle(files)
        for path in files[: self.chance.randint(0, len(files))]:
            data = path.read_bytes()
            place = target / path.name
            match self.chance.randrange(6):
                case 0:
                    data = data[: self.chance.randint(0, len(data))]
                case 1:
                    number = self.chance.randrange(100)
                    place = target / f"{path.stem}.sync-conflict-20261121-1011{number:02}-ABCDEFG.jsonl"
                case 2:
                    place = target / f"{path.stem} (conflicted copy {self.chance.randrange(9)}).jsonl"
                case 3:
                    lines = data.splitlines(keepends=True)
                    self.chance.shuffle(lines)
                    data, place = b"".join(lines), target / f"{path.stem} (1).jsonl"
                case 4:
                    place = target / f".{path.name}.tmp"
            place.write_bytes(data)

    def lose(self, replica: Path) -> None:
        """Takes a file away that somebody else has too."""
        files = sorted(replica.glob("*.jsonl"))
        if files:
            self.chance.choice(files).unlink()


def _settle(machines: list[Machine]) -> int:
    """Lets the file mover do its work until nothing moves any more; how many rounds that took."""
    for number in range(12):
        before = [machine.entries() for machine in machines]
        for machine in machines:
            machine.sync()
            for other in machines:
                if other is machine:
                    continue
                for path in machine.replica.glob("*.jsonl"):
                    place = other.replica / path.name
                    if not place.exists() or len(place.read_bytes()) < len(path.read_bytes()):
                        shutil.copyfile(path, place)
                    elif place.read_bytes() != path.read_bytes():
                        shutil.copyfile(path, other.replica / f"{path.stem} ({machine.home.name}).jsonl")
            for other in machines:
                other.sync()
        if [machine.entries() for machine in machines] == before:
            return number
    raise AssertionError("the machines go on and on")


def _history(root: Path, seed: int, template: Path) -> tuple[int, int]:
    """One history; how many acts were acknowledged, and how many machines had to take another id."""
    chance = random.Random(seed)
    compacting = _is_compacting(seed)
    mover = Mover(chance)
    machines = [Machine(root, name, chance, template) for name in "abc"]
    if seed % 4 == 0:  # b is a copy of a that lives on
        now = 1_800_000_000_000
        machines[0].act(now)
        shutil.rmtree(machines[1].home)
        shutil.copytree(machines[0].home, machines[1].home)
        syncing.begin(machines[1].paths, str(machines[1].replica))
        machines[1].said = list(machines[0].said)
    before = [_device(machine) for machine in machines]
    for step in range(chance.randint(8, 20)):
        machine = chance.choice(machines)
        match chance.randrange(6 if compacting else 5):
            case 5:
                machine.compact()
            case 0 | 1 | 2:
                machine.act(1_800_000_000_000 + step * 1000)
            case 3:
                machine.sync()
            case 4:
                other = chance.choice([one for one in machines if one is not machine])
                machine.sync()
                mover.move(machine.replica, other.replica)
                if chance.random() < 0.2:
                    mover.lose(other.replica)
                other.sync()
    _settle(machines)
    said = {_bare(entry) for machine in machines for entry in machine.said}
    shown = [machine.state() for machine in machines]
    assert shown[1:] == shown[:-1], f"history {seed}"
    with Library(machines[seed % 3].paths) as library:
        assert library.examine() == "", f"history {seed}"
    if compacting:
        assert_all_is_shown(root, template, said, shown[0])
    else:
        for machine in machines:
            assert said <= machine.entries(), f"history {seed}: an act is missing on {machine.home.name}"
    renewed = sum(then != _device(one) for then, one in zip(before, machines, strict=True))
    assert not renewed or seed % 4 == 0, f"history {seed}: a machine took another id for nothing"
    return len(said), renewed


def assert_all_is_shown(
    root: Path, template: Path, said: set[bytes], shown: dict[str, tuple[State, list[str]]]
) -> None:
    """What the machines show is what one shows that has every line as it was first written."""
    paths = find_paths({"PAPERS_TUI_HOME": str(root / "all")})
    shutil.copytree(template, root / "all")
    (paths.journal / "all-0.jsonl").write_bytes(b"".join(said))
    wanted = state_of(paths)
    assert {key: state for key, (state, _) in shown.items()} == {
        key: state for key, (state, _) in wanted.items()
    }
    for key, (_, notes) in wanted.items():
        assert set(notes) <= set(shown[key][1])


def _is_compacting(seed: int) -> bool:
    """Whether the machines of a history compact their journals: then all is shown, but not every line is kept."""
    return seed % 3 == 0


def _device(machine: Machine) -> str:
    return known_device_id(machine.paths.log)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the papers that all machines have."""
    home = tmp_path_factory.mktemp("template") / "home"
    paths = find_paths({"PAPERS_TUI_HOME": str(home)})
    make(paths)
    fill(paths, [paper(number) for number in _PAPERS])
    return home


def _run(tmp_path: Path, template: Path, seeds: range, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.journal.exchange._RATIO", 1)
    acts = renewed = 0
    for seed in seeds:
        root = tmp_path / str(seed)
        root.mkdir()
        # What another machine compacted takes the place of what it said before, however little that saves.
        monkeypatch.setattr("papers_tui.journal.exchange._LEAST", 0 if _is_compacting(seed) else 1 << 30)
        done, others = _history(root, seed, template)
        acts, renewed = acts + done, renewed + others
        shutil.rmtree(root)
    assert acts > len(seeds)
    assert renewed
    print(f"{len(seeds)} histories of three machines, {acts} acts, {renewed} copied machines: 0 lost")  # noqa: T201


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_histories_converge(
    tmp_path: Path, template: Path, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path, template, range(25 * part, 25 * part + 25), monkeypatch)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_thousand_histories_converge(
    tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run(tmp_path, template, range(1000, 2000), monkeypatch)
