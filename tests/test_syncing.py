"""Two machines, no server: whatever moves the files of a folder brings histories together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.ui.desk import fill, identity, paper, sitting

from papers_tui import syncing
from papers_tui.cli import main
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError, TryLater
from papers_tui.domain.marks import Act, Change, Entry, State
from papers_tui.domain.query import parse
from papers_tui.journal.compacting import compact
from papers_tui.journal.device import device_id, known_device_id, renew_device_id
from papers_tui.journal.exchange import Exchanged
from papers_tui.journal.line import decode, encode
from papers_tui.journal.meeting import outgrown, plan
from papers_tui.journal.names import FileName, parsed_name
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make


def _line(writer: str, seq: int, what: str = "star", *, at: int = 0) -> bytes:
    change = Change(((f"arxiv:{seq}",),), ((what, True),), ((what, False),))
    return encode(Entry(writer, seq, (at or seq, 0), what, (change,)))


def _lines(writer: str, *numbers: int) -> bytes:
    return b"".join(_line(writer, number) for number in numbers)


# What there is to do


@pytest.mark.parametrize(
    ("there", "fetched"),
    [
        ({}, {}),
        ({"b-0.jsonl": _lines("b-0", 1)}, {}),
        ({"b-0.jsonl": b""}, {}),
        ({"b-0.jsonl": _lines("b-0", 1, 2)}, {"b-0.jsonl": [2]}),
        ({"b-0.jsonl": _lines("b-0", 1, 2)[:-1]}, {}),
        (
            {"b-0.jsonl": _lines("b-0", 1) + _line("b-0", 2)[:-9] + b"\n" + _lines("b-0", 3)},
            {"b-0.jsonl": [3]},
        ),
        ({"b-0.jsonl": _lines("b-0", 2)}, {"b-0.jsonl": [2]}),
        ({"b-0.jsonl": b"no journal at all\n\n\xff\n"}, {}),
        ({"b-0.sync-conflict-20261120-101112-ABCDEFG.jsonl": _lines("b-0", 1, 2)}, {"b-0.jsonl": [2]}),
        ({"b-0 (conflicted copy).jsonl": _lines("b-0", 1)}, {}),
        ({"b-0.jsonl": _lines("b-0", 1, 2), "b-0 (1).jsonl": _lines("b-0", 2, 3)}, {"b-0.jsonl": [2, 3]}),
        ({"c-3.jsonl": _lines("c-3", 1)}, {"c-3.jsonl": [1]}),
        ({"c-3.2.jsonl": _lines("c-3", 1)}, {"c-3.jsonl": [1]}),
        ({"x.jsonl": _lines("../../evil-0", 1)}, {"strays.jsonl": [1]}),
        ({"a-0.jsonl": _lines("a-0", 1)}, {}),
        ({"a-0 (copy).jsonl": _lines("a-0", 1, 2)}, {}),
    ],
)
def test_what_stands_there_comes_here_once(there: Mapping[str, bytes], fetched: dict[str, list[int]]) -> None:
    here = {"a-0.jsonl": _lines("a-0", 1, 2), "b-0.jsonl": _lines("b-0", 1)}
    found = plan(here, there, "a")
    entries = {name: [decode(line) for line in lines] for name, lines in found.fetch.items()}
    assert {name: [entry.seq for entry in several if entry] for name, several in entries.items()} == fetched
    assert not found.twins


@pytest.mark.parametrize(
    ("there", "given"),
    [
        ({}, {"a-0.jsonl", "a-1.jsonl", "b-0.jsonl"}),
        ({"b-0.jsonl": b""}, {"a-0.jsonl", "a-1.jsonl"}),
        ({"a-0.jsonl": _lines("a-0", 1, 2), "b-0.jsonl": b""}, {"a-1.jsonl"}),
        ({"a-0.jsonl": _lines("a-0", 1), "b-0.jsonl": b""}, {"a-0.jsonl", "a-1.jsonl"}),
    ],
)
def test_own_files_go_there_whole_and_others_where_they_are_missing(
    there: Mapping[str, bytes], given: set[str]
) -> None:
    here = {
        "a-0.jsonl": _lines("a-0", 1),
        "a-0.1.jsonl": _lines("a-0", 2) + b"half",
        "a-1.jsonl": _lines("a-1", 1),
        "b-0.jsonl": _lines("b-0", 1),
    }
    found = plan(here, there, "a")
    assert set(found.give) == given
    assert found.give.get("a-0.jsonl", _lines("a-0", 1, 2)) == _lines("a-0", 1, 2)


@pytest.mark.parametrize(
    ("there", "twins"),
    [
        (_lines("a-0", 1, 2, 3), True),  # numbers that were never given
        (_lines("a-0", 1) + _line("a-0", 2, "later", at=7), True),  # another act under a number that was
        (_lines("a-1", 1), True),  # another slot
        (_lines("a-0", 1), False),  # an old copy
        (_lines("ab-0", 7), False),
        (_line("a-0", 2)[:-5] + b"\n", False),
    ],
)
def test_who_writes_under_our_name_is_found_out(there: bytes, twins: bool) -> None:
    assert plan({"a-0.jsonl": _lines("a-0", 1, 2)}, {"a-0.jsonl": there}, "a").twins is twins
    assert plan({"a-0.jsonl": _lines("a-0", 1, 2)}, {"copy.jsonl": there}, "a").twins is twins


def test_what_was_compacted_here_is_known_and_one_that_was_rewritten_is_ours() -> None:
    there = {"a-0.jsonl": _lines("a-0", 1, 2, 3)}
    found = plan({"a-0.1.jsonl": _lines("a-0", 2, 3)}, there, "a", former=[_lines("a-0", 1, 2, 3)])
    assert (found.fetch, found.twins, set(found.give)) == ({}, False, {"a-0.jsonl"})
    old = decode(_line("a-0", 2)[:-1])
    assert old is not None
    shorter = encode(Entry("a-0", 2, old.clock, "star", old.changes, deliberate=False))
    assert not plan({"a-0.1.jsonl": shorter + _lines("a-0", 3)}, there, "a").twins


def test_an_act_that_was_compacted_away_and_comes_back_is_no_proof_and_is_kept_apart() -> None:
    found = plan({"a-0.1.jsonl": _lines("a-0", 3, 9)}, {"a-0.jsonl": _lines("a-0", 1, 2, 3)}, "a")
    assert not found.twins
    assert {name: len(lines) for name, lines in found.fetch.items()} == {"twin-of-a-0.jsonl": 2}


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        ("3f2a-0.jsonl", FileName("3f2a", 0)),
        ("3f2a-12.7.jsonl", FileName("3f2a", 12, 7)),
        ("3f2a-0.0.jsonl", None),
        ("3f2a-00.jsonl", None),
        ("3f2a-0 (1).jsonl", None),
        ("../3f2a-0.jsonl", None),
        ("3f2a-0.jsonl.previous", None),
    ],
)
def test_only_names_that_a_writer_gives_are_such(name: str, parsed: FileName | None) -> None:
    assert parsed_name(name) == parsed


# Machines


class Machine:
    """One machine: its directories, and the folder that it shares."""

    def __init__(self, home: Path, shared: Path) -> None:
        self.home, self.shared = home, shared
        self.paths = find_paths({"PAPERS_TUI_HOME": str(home)})
        make(self.paths)

    def join(self) -> Machine:
        syncing.begin(self.paths, str(self.shared))
        return self

    def fill(self, *numbers: int) -> None:
        fill(self.paths, [paper(number) for number in numbers])

    def mark(self, act: Act, *numbers: int) -> None:
        with Library(self.paths) as library:
            library.catch_up()
            assert library.mark([library.resolve(identity(number)) for number in numbers], act).saved

    def sync(self) -> Exchanged:
        return syncing.sync(self.paths)

    def states(self) -> dict[str, State]:
        with Library(self.paths) as library:
            library.catch_up()
            rows = library.find(parse(""))
            return {holding.paper.id: holding.state for holding in library.holdings(rows)}

    @property
    def device(self) -> str:
        return known_device_id(self.paths.log)

    def undo(self) -> str:
        with Library(self.paths) as library:
            library.catch_up()
            done = library.undo()
            return done.text if done else ""


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return tmp_path / "shared"


@pytest.fixture
def pair(tmp_path: Path, shared: Path) -> tuple[Machine, Machine]:
    """Two machines that share a folder; the first has the papers 1 to 3, the second none."""
    first, second = (Machine(tmp_path / name, shared).join() for name in "ab")
    first.fill(1, 2, 3)
    return first, second


_STAR = marks.star(True, implies_read=True)


def test_marked_papers_arrive_where_they_were_never_fetched(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.mark(marks.note("see §3"), 2)
    first.mark(marks.tags(["rl"], [], implies_read=False), 2)
    first.mark(marks.read(True), 3)
    assert first.sync().given == 1
    (file,) = first.shared.glob("*.jsonl")
    assert file.stat().st_mode & 0o777 == 0o600
    assert second.sync().fetched == 4
    assert second.states() == {
        identity(1): State(read=True, starred=True),
        identity(2): State(note="see §3", tags=("rl",)),
    }
    with Library(second.paths) as library:
        holding = library.holding(library.resolve(identity(1)))
        with Library(first.paths) as there:
            original = there.holding(there.resolve(identity(1)))
        assert (holding.paper, holding.sources, holding.added) == (
            original.paper,
            original.sources,
            original.added,
        )
    second.fill(3)
    assert second.states()[identity(3)].read


def test_nothing_is_done_twice(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    for machine in (first, second, first, second):
        machine.sync()
    assert first.sync() == second.sync() == Exchanged()


def test_an_act_that_saw_another_wins(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.sync()
    second.sync()
    second.mark(marks.star(False, implies_read=False), 1)
    second.sync()
    first.sync()
    assert not first.states()[identity(1)].starred
    assert not second.states()[identity(1)].starred


def test_undo_takes_back_what_this_machine_did(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.sync()
    second.sync()
    assert second.undo() == ""
    assert first.undo() == "undone: starred"


def test_a_copied_machine_takes_an_id_of_its_own_and_nothing_is_lost(
    tmp_path: Path, pair: tuple[Machine, Machine]
) -> None:
    first, third = pair
    first.mark(_STAR, 1)
    first.sync()
    shutil.copytree(first.home, tmp_path / "clone")
    clone = Machine(tmp_path / "clone", first.shared)
    assert clone.device == first.device
    clone.mark(marks.tags(["clone"], [], implies_read=False), 2)
    first.mark(marks.tags(["first"], [], implies_read=False), 3)
    assert not clone.sync().renewed
    assert first.sync().renewed
    assert clone.device != first.device
    for machine in (clone, first, third, clone):
        machine.sync()
    assert [machine.sync() for machine in (first, clone, third)] == [Exchanged()] * 3
    wanted = {
        identity(1): State(read=True, starred=True),
        identity(2): State(tags=("clone",)),
        identity(3): State(tags=("first",)),
    }
    assert first.states() == clone.states() == third.states() == wanted
    assert (first.undo(), clone.undo()) == ("undone: tagged first", "undone: tagged clone")
    assert third.sync().fetched == 0


def test_a_running_instance_follows_its_device_to_the_new_id(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    with Library(first.paths) as library:
        row = library.resolve(identity(1))
        library.mark([row], _STAR)
        former = first.device
        renew_device_id(first.paths.log, first.paths.journal)
        library.mark([row], marks.later(True, implies_read=True))
    assert first.device != former
    assert [path.name for path in first.paths.journal.glob("*.jsonl")] == [f"{first.device}-0.jsonl"]
    first.sync()
    second.sync()
    assert second.states() == {identity(1): State(read=True, starred=True, later=True)}
    assert first.undo() == "undone: put on Later"
    assert first.undo() == "undone: starred"


def test_what_another_machine_compacted_is_not_kept_at_length_here(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papers_tui.journal.exchange._LEAST", 0)
    first, second = pair

    def compacted() -> None:
        assert compact(first.paths.journal, first.paths.log, lambda *_: None, least=0, ratio=1, keep=2) == 1

    with Library(first.paths) as library:
        library.catch_up()
        one, two = (library.resolve(identity(number)) for number in (1, 2))
        library.mark([two], marks.note("kept"))
        for number in range(41):
            library.mark([one], marks.star(number % 2 == 0, implies_read=False))
    first.sync()
    second.sync()
    device = first.device
    wanted = second.states()
    long = sum(path.stat().st_size for path in second.paths.journal.glob("*.jsonl"))
    compacted()
    assert first.sync() == Exchanged(0, 1)
    assert first.device == device
    done = second.sync()
    assert (done.shortened, second.sync()) == (1, Exchanged())
    assert [path.name for path in second.paths.journal.glob("*.jsonl")] == [f"{first.device}-0.1.jsonl"]
    assert sum(path.stat().st_size for path in second.paths.journal.glob("*.jsonl")) * 5 < long
    assert second.states() == wanted
    first.mark(_STAR, 3)
    first.sync()
    assert second.sync().fetched == 1
    assert second.states() == wanted | {identity(3): State(read=True, starred=True)}
    assert len(list(second.paths.journal.glob("*.jsonl"))) == 1
    for path in second.paths.cache.iterdir():
        path.unlink()
    assert second.states() == wanted | {identity(3): State(read=True, starred=True)}


def test_a_file_there_that_lacks_something_takes_no_files_place() -> None:
    here = {"b-0.jsonl": _lines("b-0", 1, 2, 3)}
    there = {"b-0.jsonl": _lines("b-0", 1, 3)}
    assert outgrown(here, there, "a", least=0, ratio=1) == []
    assert outgrown(here, {"b-0.jsonl": _lines("b-0", 1, 2, 3)}, "a", least=0, ratio=1) == ["b-0.jsonl"]
    assert outgrown(here, {"b-0.jsonl": _lines("b-0", 1, 2, 3)[:-1]}, "a", least=0, ratio=1) == []
    assert outgrown(here, {"b-0.jsonl": _lines("b-0", 1, 2, 3)}, "b", least=0, ratio=1) == []
    assert outgrown(here, {"b-0.jsonl": _lines("b-0", 1, 2, 3)}, "a", least=9999, ratio=1) == []


def test_a_renewal_that_was_cut_short_is_ended(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    former = first.device
    (first.paths.log / "device-id-before").write_text(former)
    (first.paths.log / "device-id").write_text("beef\n")
    first.mark(_STAR, 2)
    first.sync()
    second.sync()
    assert sorted(path.name for path in first.paths.journal.glob("*.jsonl")) == [
        "beef-0.1.jsonl",
        "beef-0.jsonl",
    ]
    assert not (first.paths.log / "device-id-before").exists()
    assert set(second.states()) == {identity(1), identity(2)}


def test_a_journal_that_was_lost_comes_back_from_the_folder(pair: tuple[Machine, Machine]) -> None:
    first, _ = pair
    first.mark(_STAR, 1)
    first.sync()
    shutil.rmtree(first.paths.data)
    shutil.rmtree(first.paths.cache)
    make(first.paths)
    assert first.sync().renewed
    assert first.states() == {identity(1): State(read=True, starred=True)}


def test_a_folder_that_was_lost_is_filled_again_with_all_that_is_known(
    tmp_path: Path, pair: tuple[Machine, Machine]
) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.sync()
    second.sync()
    shutil.rmtree(first.shared)
    with pytest.raises(TryLater, match="not there now"):
        second.sync()
    assert not first.shared.exists()
    second.join()
    second.sync()
    third = Machine(tmp_path / "c", first.shared).join()
    third.sync()
    assert third.states() == {identity(1): State(read=True, starred=True)}


def test_an_empty_mount_point_is_not_the_folder(pair: tuple[Machine, Machine]) -> None:
    first, _ = pair
    shutil.rmtree(first.shared)
    first.shared.mkdir()
    with pytest.raises(TryLater, match="not there now"):
        first.sync()
    assert list(first.shared.iterdir()) == []
    assert syncing.look(first.paths) == ()


def test_what_is_no_journal_is_left_alone(pair: tuple[Machine, Machine]) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    for name in (".syncthing.x-0.jsonl.tmp", "x-0.jsonl.part", "notes.txt"):
        (first.shared / name).write_bytes(_lines("x-0", 1))
    (first.shared / "folder.jsonl").mkdir()
    os.mkfifo(first.shared / "pipe.jsonl")
    (first.shared / "dangling.jsonl").symlink_to("nowhere")
    assert first.sync() == Exchanged(0, 1)
    assert second.sync().fetched == 1
    assert len(list(first.shared.iterdir())) == 8


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_is_named(pair: tuple[Machine, Machine]) -> None:
    first, _ = pair
    first.mark(_STAR, 1)
    first.shared.chmod(0o500)
    try:
        with pytest.raises(PapersError, match="no permission"):
            first.sync()
    finally:
        first.shared.chmod(0o700)


def test_a_full_disk_there_leaves_what_was_there(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.sync()
    first.mark(_STAR, 2)

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", full)
        with pytest.raises(PapersError, match="the disk is full"):
            first.sync()
    assert not list(first.shared.glob(".*"))
    assert second.sync().fetched == 1
    assert first.sync().given == 1
    assert second.sync().fetched == 1


# Naming the folder


@pytest.mark.parametrize(
    "target", ["", "  ", "data/journal", "data/journal/x", "log", "config", "cache", "data"]
)
def test_the_programs_own_folders_can_not_be_shared(
    home: Paths, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.data.parent)
    with pytest.raises(PapersError):
        syncing.begin(home, target)
    assert syncing.folder_of(home) is None


def test_a_folder_whose_parent_is_missing_is_not_made(home: Paths, tmp_path: Path) -> None:
    with pytest.raises(PapersError, match="there is no folder"):
        syncing.begin(home, str(tmp_path / "typo" / "folder"))


def test_a_file_can_not_be_the_folder(home: Paths, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PapersError, match="not a folder"):
        syncing.begin(home, str(tmp_path / "file"))


def test_the_folder_is_kept_by_its_place_in_the_home_folder(
    home: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = syncing.begin(home, str(tmp_path / "Sync"))
    assert '"~/Sync"' in home.sync_file.read_text()
    assert syncing.folder_of(home) == folder == tmp_path / "Sync"


# On the command line


def test_the_commands_say_what_they_do(
    pair: tuple[Machine, Machine], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = pair

    def run(machine: Machine, *words: str) -> tuple[int, str, str]:
        monkeypatch.setenv("PAPERS_TUI_HOME", str(machine.home))
        code = main(["sync", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    first.mark(_STAR, 1)
    assert run(first, "status") == (0, f"folder\t{first.shared}\nto fetch\t0 acts\nto give\t1 file\n", "")
    assert run(first, "now") == (0, "", "0 acts fetched, 1 file given\n")
    assert run(second, "status") == (0, f"folder\t{first.shared}\nto fetch\t1 act\nto give\t0 files\n", "")
    assert run(second, "init", str(first.shared))[2].endswith("1 act fetched, 0 files given\n")
    assert run(second, "now") == (0, "", "up to date\n")
    assert run(second, "stop")[0] == 0
    code, _, said = run(second, "now")
    assert code == 2
    assert "papers-tui sync init DIR" in said
    shutil.rmtree(first.shared)
    code, _, said = run(first, "now")
    assert code == 75
    assert "not there now" in said


# In the app


async def test_the_app_meets_other_machines_at_the_start_on_focus_on_a_key_and_at_the_end(
    pair: tuple[Machine, Machine],
) -> None:
    first, second = pair
    second.fill(1, 2, 3)
    first.mark(_STAR, 1)
    first.sync()
    async with sitting(second.paths) as desk:
        await desk.until(lambda: desk.state(1).starred)
        first.mark(_STAR, 2)
        first.sync()
        await desk.focus_app()
        await desk.until(lambda: desk.state(2).starred)
        assert desk.said.startswith("synced: 1 act from your other machines")
        first.mark(_STAR, 3)
        first.sync()
        await desk.press("S")
        await desk.until(lambda: desk.state(3).starred)
        await desk.press("S")
        await desk.until(lambda: desk.said == "synced")
        current = desk.current or 0
        await desk.press("L")
    first.sync()
    assert first.states()[identity(current)].later


async def test_a_folder_that_is_not_there_is_told_once(pair: tuple[Machine, Machine]) -> None:
    first, _ = pair
    shutil.rmtree(first.shared)
    async with sitting(first.paths) as desk:
        await desk.until(lambda: "not there now" in desk.said)
        await desk.press("j")
        await desk.focus_app()
        await desk.until(lambda: not desk.app._meeting)
        assert "not there" not in desk.said
        await desk.press("S")
        await desk.until(lambda: "not there now" in desk.said)


def test_a_device_has_an_id_before_it_meets_anybody(home: Paths) -> None:
    assert device_id(home.log) == known_device_id(home.log)


def test_an_instance_whose_devices_folder_was_deleted_shares_no_file_with_the_next(home: Paths) -> None:
    fill(home, [paper(1), paper(2)])
    with Library(home) as first:
        first.mark([first.resolve(identity(1))], _STAR)
        for path in home.log.iterdir():
            path.unlink()
        with Library(home) as second:
            second.sync()
            second.mark([second.resolve(identity(2))], _STAR)
            first.mark([first.resolve(identity(1))], marks.later(True, implies_read=True))
            names = sorted(path.name.partition("-")[2] for path in home.journal.iterdir())
    assert names == ["0.jsonl", "0.jsonl", "1.jsonl"]


@pytest.mark.parametrize("written", [0, 1, 40, 800])
def test_a_disk_that_fills_up_here_half_way_costs_nothing(
    pair: tuple[Machine, Machine], written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    first.mark(_STAR, 1)
    first.mark(_STAR, 2)
    first.sync()
    whole = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda descriptor, data: whole(descriptor, data[:written]))
        with pytest.raises(PapersError, match="the disk is full"):
            second.sync()
    assert second.sync().fetched in (1, 2)
    assert second.states() == {identity(number): State(read=True, starred=True) for number in (1, 2)}
