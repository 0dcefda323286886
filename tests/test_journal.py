"""The journal: lines that survive what disks and file movers do to them, and one writer for each file."""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain.marks import Change, Entry
from papers_tui.journal import Journal
from papers_tui.journal.device import Slot, device_id, known_device_id
from papers_tui.journal.line import decode, encode

_NOW = 1_800_000_000_000


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The journal's folder and that of the device."""
    made = tmp_path / "journal", tmp_path / "device"
    for folder in made:
        folder.mkdir()
    return made


def _journal(folders: tuple[Path, Path], *, now: int = _NOW) -> Journal:
    return Journal(*folders, now_ms=lambda: now)


def _star(number: int, *, kind: str = "star") -> Entry:
    change = Change(((f"arxiv:2511.{number:05d}",),), now=(("star", True),), was=(("star", False),))
    return Entry("", 0, (0, 0), kind, (change,))


def _ids(entries: Iterable[Entry]) -> list[int]:
    """The numbers that `_star` was given, in order of time."""
    ordered = sorted(entries, key=lambda entry: entry.stamp)
    return [int(entry.changes[0].papers[0][0][-5:]) for entry in ordered]


def _read(folder: Path) -> list[Entry]:
    """All entries of a folder, as a program that starts now reads them."""
    fresh = Journal(folder, folder.parent / "elsewhere", now_ms=lambda: _NOW)
    return [entry for tail in fresh.tails({}) for entry in tail.entries]


def _line(body: object) -> bytes:
    data = json.dumps(body).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(data), data)


# Lines

_registers = st.dictionaries(st.text(max_size=20), st.booleans() | st.text(max_size=40), max_size=4).map(
    lambda found: tuple(found.items())
)
_keys = st.lists(st.text(max_size=30), max_size=3).map(tuple)
_changes = st.builds(Change, st.lists(_keys, max_size=4).map(tuple), _registers, _registers)
_integers = st.integers(-(2**63) + 1, 2**63 - 1)
_names = st.none() | st.tuples(st.text(max_size=12), _integers)
_records = st.lists(
    st.dictionaries(st.text(max_size=8), st.text() | st.lists(st.text(max_size=9), max_size=3), max_size=3),
    max_size=2,
).map(tuple)
_entries = st.builds(
    Entry,
    writer=st.text(max_size=12),
    seq=_integers,
    clock=st.tuples(_integers, _integers),
    kind=st.text(max_size=12),
    changes=st.lists(_changes, max_size=3).map(tuple),
    deliberate=st.booleans(),
    undoes=_names,
    redoes=_names,
    records=_records,
    seen=st.none()
    | st.lists(st.tuples(_integers, _integers, st.text(max_size=12), _integers), max_size=2).map(tuple),
)


@given(_entries)
def test_any_entry_is_one_line_that_reads_as_that_entry(entry: Entry) -> None:
    line = encode(entry)
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert decode(line[:-1]) == entry


@pytest.mark.parametrize("count", [1000, 1001, 20_000])
def test_a_bulk_act_names_every_paper_and_stays_small(count: int) -> None:
    papers = tuple((f"arxiv:2511.{number:05d}", f"text:{number:020x}") for number in range(count))
    entry = Entry("d-0", 1, (_NOW, 0), "read", (Change(papers, (("read", True),), (("read", False),)),))
    line = encode(entry)
    found = decode(line[:-1])
    assert found
    assert encode(found) == line
    assert tuple(found.changes[0].papers) == papers
    assert (b'"pz"' in line) == (count > 1000)
    assert len(line) < 60 * count + 200


_SAMPLE = encode(
    Entry(
        "3f2a-0",
        7,
        (_NOW, 3),
        "note",
        (Change((("arxiv:2511.00001",),), (("note", "größer 😀"),), (("note", ""),)),),
        undoes=("3f2a-1", 2),
    )
)


def test_no_flipped_bit_makes_another_entry() -> None:
    whole = decode(_SAMPLE[:-1])
    for place in range(len(_SAMPLE) - 1):
        for bit in range(8):
            damaged = bytearray(_SAMPLE[:-1])
            damaged[place] ^= 1 << bit
            assert decode(bytes(damaged)) in (None, whole)


def test_no_part_of_a_line_is_an_entry() -> None:
    for cut in range(len(_SAMPLE) - 1):
        assert decode(_SAMPLE[:cut]) is None
        assert decode(_SAMPLE[cut + 1 : -1]) is None


_BODY: dict[str, Any] = {
    "w": "d-0",
    "n": 1,
    "t": [5, 0],
    "kind": "star",
    "set": [{"p": [["arxiv:1"]], "now": {"star": True}, "was": {"star": False}}],
}


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        None,
        {},
        {**_BODY, "set": [{}]},
        {**_BODY, "set": None},
        {**_BODY, "t": []},
        {**_BODY, "t": [2**63, 0]},
        {**_BODY, "t": [1e400, 0]},
        {**_BODY, "n": "1"},
        {**_BODY, "undo": ["d-0"]},
        {**_BODY, "papers": 7},
        {**_BODY, "set": [{"pz": "?", "now": {}, "was": {}}]},
        {**_BODY, "set": [{"p": [["arxiv:\ud800"]], "now": {}, "was": {}}]},
    ],
)
def test_a_line_in_no_shape_of_ours_is_passed_over(body: object) -> None:
    assert decode(_line(body)[:-1]) is None


def test_what_a_newer_program_adds_to_a_line_is_passed_over() -> None:
    body = json.loads(json.dumps(_BODY))
    body |= {"kind": "mood", "weather": {"fine": 1}, "papers": [{"title": "t"}, 7]}
    body["set"][0]["now"]["mood"] = [1, 2]
    entry = decode(_line(body)[:-1])
    assert entry is not None
    assert entry.kind == "mood"
    assert entry.changes[0].now == (("star", True),)
    assert entry.records == ({"title": "t"},)


# Writing and reading back


def test_entries_get_a_name_and_a_time_and_are_on_disk_when_add_returns(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    first, second = journal.add(_star(1)), journal.add(_star(2))
    assert [entry.name for entry in (first, second)] == [(first.writer, 1), (first.writer, 2)]
    assert (_NOW, 0) <= first.clock < second.clock < (_NOW + 1, 0)
    assert first.writer == f"{device_id(folders[1])}-0"
    assert _read(folders[0]) == [first, second]
    assert (folders[0] / f"{first.writer}.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_program_that_only_reads_takes_no_slot_and_writes_no_file(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    assert not list(journal.tails({}))
    assert not journal.own_entries()
    journal.close()
    assert [path for folder in folders for path in folder.iterdir()] == []


def test_numbers_and_time_go_on_after_a_restart_even_if_the_clock_went_back(
    folders: tuple[Path, Path],
) -> None:
    journal = _journal(folders)
    first = journal.add(_star(1))
    journal.close()
    second = _journal(folders, now=_NOW - 10**12).add(_star(2))
    assert second.seq == 2
    assert first.clock < second.clock < (_NOW + 1, 0)


def test_entries_are_later_than_what_was_seen(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    journal.see((_NOW + 5, 7))
    journal.see((_NOW, 0))
    assert (_NOW + 5, 7) < journal.add(_star(1)).clock < (_NOW + 6, 0)


def test_tails_begin_where_the_last_reading_ended(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    journal.add(_star(1))
    (first,) = journal.tails({})
    assert list(journal.tails({first.file: first.end})) == []
    journal.add(_star(2))
    (second,) = journal.tails({first.file: first.end})
    assert (_ids(second.entries), second.start) == ([2], first.end)


def test_files_of_other_writers_are_read_too(folders: tuple[Path, Path]) -> None:
    _journal(folders).add(_star(1))
    other = folders[0] / "0ther-3.jsonl"
    other.write_bytes(encode(_star(2)))
    copy = folders[0] / "0ther-3.sync-conflict-20261120-101112-ABCDEFG.jsonl"
    copy.write_bytes(encode(_star(2)) + encode(_star(3)))
    assert sorted(_ids(_read(folders[0]))) == [1, 2, 2, 3]


@pytest.mark.parametrize("end", [b"", b"half a li", b'00000000 {"w":', b"\xff\x00\xfe"])
def test_a_torn_or_damaged_line_hides_no_other(folders: tuple[Path, Path], end: bytes) -> None:
    path = folders[0] / "other-0.jsonl"
    path.write_bytes(encode(_star(1)) + b"damaged\n\n\n" + encode(_star(2)) + end)
    (tail,) = _journal(folders).tails({})
    assert _ids(tail.entries) == [1, 2]
    assert tail.damaged == 1
    assert tail.end == path.stat().st_size - len(end)


def test_torn_at_any_byte_only_the_torn_line_is_lost(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    lines = [encode(journal.add(_star(number))) for number in (1, 2, 3)]
    journal.close()
    (path,) = folders[0].glob("*.jsonl")
    whole = b"".join(lines)
    assert path.read_bytes() == whole
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        (kept,) = [number for number in range(4) if len(b"".join(lines[:number])) <= cut][-1:]
        again = _journal(folders)
        again.add(_star(9))
        again.close()
        left = _ids(_read(folders[0]))
        # A line that lacks nothing but its end is whole again once the next one is written.
        ended = kept + any(cut == len(b"".join(lines[:n])) - 1 for n in (1, 2, 3))
        assert left == [*range(1, ended + 1), 9], cut


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_a_flipped_bit_in_a_file_costs_one_or_two_lines_and_invents_none(chance: random.Random) -> None:
    entries = [Entry("d-0", number, (_NOW, number), "star", _star(number).changes) for number in range(1, 30)]
    data = bytearray(b"".join(map(encode, entries)))
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    found = [entry for line in bytes(data).split(b"\n") if (entry := decode(line))]
    assert len(found) >= len(entries) - 2
    assert set(map(repr, found)) <= set(map(repr, entries))


# What file movers and people do to the folder


@pytest.mark.parametrize("kind", ["folder", "dangling link", "pipe"])
def test_what_is_no_file_is_passed_over(folders: tuple[Path, Path], kind: str) -> None:
    path = folders[0] / f"{device_id(folders[1])}-9.jsonl"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere")
    journal = _journal(folders)
    journal.add(_star(1))
    assert _ids(_read(folders[0])) == _ids(journal.own_entries()) == [1]


@pytest.mark.skipif(sys.platform == "darwin", reason="its file names are text")
def test_an_empty_file_and_one_whose_name_is_no_text_are_read(folders: tuple[Path, Path]) -> None:
    (folders[0] / "empty-0.jsonl").touch()
    (folders[0] / os.fsdecode(b"\xff-0.jsonl")).write_bytes(encode(_star(1)))
    (tail,) = _journal(folders).tails({})
    assert tail.file == "\\udcff-0.jsonl"
    assert list(_journal(folders).tails({tail.file: tail.end})) == []


def test_a_file_that_can_not_be_read_is_named_and_the_others_come_in(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folders[0] / "a-0.jsonl").write_bytes(encode(_star(1)))
    (folders[0] / "b-0.jsonl").write_bytes(encode(_star(2)))
    opened = Path.open

    def refused(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "a-0.jsonl":
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refused)
    first, second = _journal(folders).tails({})
    assert (first.file, first.entries, first.fault) == ("a-0.jsonl", (), "Permission denied")
    assert _ids(second.entries) == [2]


def test_a_file_that_shrank_or_was_exchanged_is_read_from_its_beginning(folders: tuple[Path, Path]) -> None:
    path = folders[0] / "other-0.jsonl"
    path.write_bytes(encode(_star(1)) + encode(_star(2)))
    offset = {path.name: path.stat().st_size}
    path.write_bytes(encode(_star(3)))
    (tail,) = _journal(folders).tails(offset)
    assert (_ids(tail.entries), tail.start) == ([3], 0)
    path.write_bytes(encode(_star(12345, kind="much longer than the former")) * 4)
    (tail,) = _journal(folders).tails(offset)
    assert (_ids(tail.entries), tail.start) == ([12345] * 4, 0)
    path.unlink()
    assert list(_journal(folders).tails(offset)) == []


@pytest.mark.parametrize("how", ["deleted", "exchanged", "cut short"])
def test_what_happens_to_our_file_while_it_is_open_costs_nothing_that_comes_after(
    folders: tuple[Path, Path], how: str
) -> None:
    """Git, rsync and syncers put another file in the place of the one that we hold open."""
    journal = _journal(folders)
    first = journal.add(_star(1))
    path = folders[0] / f"{first.writer}.jsonl"
    if how == "deleted":
        path.unlink()
    elif how == "exchanged":
        other = path.with_suffix(".new")
        other.write_bytes(path.read_bytes() + b"half a li")
        other.replace(path)
    else:
        os.truncate(path, path.stat().st_size - 5)
    second, third = journal.add(_star(2)), journal.add(_star(3))
    assert [second.seq, third.seq] == [2, 3]
    assert _ids(_read(folders[0])) == ([1, 2, 3] if how == "exchanged" else [2, 3])
    assert _ids(journal.own_entries()) == _ids(_read(folders[0]))


def test_a_folder_that_is_gone_keeps_the_entry_waiting(folders: tuple[Path, Path]) -> None:
    journal = _journal(folders)
    first = journal.add(_star(1))
    (folders[0] / f"{first.writer}.jsonl").unlink()
    folders[0].rmdir()
    with pytest.raises(FileNotFoundError):
        journal.add(_star(2))
    folders[0].mkdir()
    assert _ids(journal.flush()) == [2]
    assert _ids(_read(folders[0])) == [2]


# Failed writes


def _failing(error: OSError) -> Callable[..., Any]:
    def fail(*_: object) -> None:
        raise error

    return fail


_FULL = OSError(errno.ENOSPC, "No space left on device")
_BROKEN = OSError(errno.EIO, "Input/output error")


_WRITE = os.write


def _short_write(descriptor: int, data: bytes) -> int:
    return _WRITE(descriptor, data[:20])


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        ("write", _failing(_FULL)),
        ("write", _failing(_BROKEN)),
        ("write", _short_write),
        ("fsync", _failing(_FULL)),
        ("fsync", _failing(_BROKEN)),
    ],
    ids=["full", "broken", "short", "fsync full", "fsync broken"],
)
@pytest.mark.parametrize("before", [0, 1])
def test_what_could_not_be_written_waits_and_is_written_in_order(
    folders: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    call: str,
    fault: Callable[..., Any],
    before: int,
) -> None:
    journal = _journal(folders)
    for number in range(before):
        journal.add(_star(number))
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fault)
        for number in (7, 8):
            with pytest.raises(OSError, match=r"No space|Input/output"):
                journal.add(_star(number))
        assert _ids(journal.waiting) == [7, 8]
        assert set(_ids(journal.own_entries())) == {*range(before), 7, 8}
        with pytest.raises(OSError, match=r"No space|Input/output"):
            journal.flush()
    entry = journal.add(_star(9))
    assert _ids([entry]) == [9]
    assert journal.waiting == ()
    expected = [*range(before), 7, 8, 9]
    # A line that was written and could not be made safe stands there twice, under one name.
    written = {entry.name: entry for entry in _read(folders[0])}
    assert _ids(written.values()) == expected
    assert [entry.seq for entry in written.values()] == list(range(1, len(expected) + 1))
    journal.close()
    assert _ids(_journal(folders).flush()) == []


def test_flush_gives_what_it_wrote_and_settled_entries_are_read_back(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = _journal(folders)
    journal.add(_star(1))
    journal.settle()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _failing(_FULL))
        with pytest.raises(OSError, match="No space"):
            journal.add(_star(2))
    journal.add(_star(3))
    assert _ids(journal.unsettled) == [2, 3]
    assert journal.flush() == ()
    journal.settle()
    assert journal.unsettled == ()


def test_an_entry_that_waits_can_be_taken_back(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = _journal(folders)
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", _failing(_FULL))
        for number in (1, 2):
            with pytest.raises(OSError, match="No space"):
                journal.add(_star(number))
        first, second = journal.waiting
        assert journal.take_back(second)
        assert not journal.take_back(second)
    journal.flush()
    assert not journal.take_back(first)
    assert _ids(_read(folders[0])) == [1]


def test_an_entry_that_may_stand_in_the_file_can_not_be_taken_back(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = _journal(folders)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _failing(_BROKEN))
        with pytest.raises(OSError, match="Input/output"):
            journal.add(_star(1))
    (entry,) = journal.waiting
    assert not journal.take_back(entry)
    assert _ids(journal.flush()) == [1]
    assert {entry.name for entry in _read(folders[0])} == {entry.name}


def test_nothing_is_lost_where_no_device_id_can_be_made(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = _journal(folders)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", _failing(_FULL))
        with pytest.raises(OSError, match="No space"):
            journal.add(_star(1))
        assert _ids(journal.own_entries()) == [1]
    assert _ids(journal.flush()) == [1]
    other = _journal(folders)
    assert other.add(_star(2)).writer.endswith("-1")


# Undo's view: the entries of this device


def test_own_entries_are_those_of_all_instances_of_this_device_and_grow(folders: tuple[Path, Path]) -> None:
    one, two = _journal(folders), _journal(folders)
    one.add(_star(1))
    assert _ids(two.own_entries()) == [1]
    two.add(_star(2))
    one.add(_star(3))
    (folders[0] / "0therdevice-0.jsonl").write_bytes(encode(_star(4)))
    assert sorted(_ids(one.own_entries())) == sorted(_ids(two.own_entries())) == [1, 2, 3]


def test_a_line_that_is_half_written_when_it_is_first_read_is_read_later(folders: tuple[Path, Path]) -> None:
    path = folders[0] / f"{device_id(folders[1])}-5.jsonl"
    line = encode(_star(1))
    path.write_bytes(encode(_star(0)) + line[:30])
    journal = _journal(folders)
    assert _ids(journal.own_entries()) == [0]
    with path.open("ab") as file:
        file.write(line[30:])
    assert _ids(journal.own_entries()) == [0, 1]


def test_own_entries_of_a_file_that_shrank_are_those_that_it_holds_now(folders: tuple[Path, Path]) -> None:
    path = folders[0] / f"{device_id(folders[1])}-5.jsonl"
    path.write_bytes(encode(_star(1)) + encode(_star(2)))
    journal = _journal(folders)
    assert _ids(journal.own_entries()) == [1, 2]
    path.write_bytes(encode(_star(3)))
    assert _ids(journal.own_entries()) == [3]
    path.unlink()
    assert journal.own_entries() == []


def test_of_a_long_file_the_recent_entries_are_read(folders: tuple[Path, Path]) -> None:
    path = folders[0] / f"{device_id(folders[1])}-5.jsonl"
    line = encode(_star(1))
    papers = tuple((f"{number:x}" * 9,) for number in range(900))
    wide = encode(Entry("", 2, (0, 0), "read", (Change(papers, (), ()),)))
    path.write_bytes(line * 2 + wide * 150 + line)
    entries = _journal(folders).own_entries()
    assert 10 < len(entries) < 153
    assert entries[-1] == decode(line[:-1])


def test_of_a_file_that_ends_in_one_huge_entry_that_entry_is_read(folders: tuple[Path, Path]) -> None:
    path = folders[0] / f"{device_id(folders[1])}-5.jsonl"
    record = {"title": "x" * 3_000_000}
    path.write_bytes(
        encode(_star(1)) + encode(Entry("", 2, (0, 0), "star", _star(2).changes, records=(record,)))
    )
    assert 2 in _ids(_journal(folders).own_entries())


# Devices and slots


def test_the_device_keeps_its_id_and_makes_one_where_it_is_damaged(tmp_path: Path) -> None:
    assert known_device_id(tmp_path) == ""
    made = device_id(tmp_path)
    assert device_id(tmp_path) == known_device_id(tmp_path) == made
    for damage in (b"", b"\xff\xfe", b"../x\n"):
        (tmp_path / "device-id").write_bytes(damage)
        assert known_device_id(tmp_path) == ""
        assert device_id(tmp_path).isalnum()


def test_instances_that_start_together_agree_on_the_id(tmp_path: Path) -> None:
    for number in range(10):
        folder = tmp_path / str(number)
        folder.mkdir()
        start = threading.Barrier(6)

        def ask(folder: Path = folder, start: threading.Barrier = start) -> str:
            start.wait()
            return device_id(folder)

        with ThreadPoolExecutor(6) as pool:
            answers = [asked.result() for asked in [pool.submit(ask) for _ in range(6)]]
        assert set(answers) == {known_device_id(folder)}
        assert [path.name for path in folder.iterdir()] == ["device-id"]


def test_two_journals_take_two_files_and_a_closed_one_gives_its_back(folders: tuple[Path, Path]) -> None:
    one, two = _journal(folders), _journal(folders)
    first, second = one.add(_star(1)), two.add(_star(2))
    assert first.writer.endswith("-0")
    assert second.writer.endswith("-1")
    one.close()
    third = _journal(folders).add(_star(3))
    assert third.name == (first.writer, 2)


def test_a_killed_process_leaves_its_slot_and_all_that_it_said_was_saved(folders: tuple[Path, Path]) -> None:
    script = """
import sys
from pathlib import Path
from papers_tui.domain.marks import Change, Entry
from papers_tui.journal import Journal
journal = Journal(Path(sys.argv[1]), Path(sys.argv[2]), now_ms=lambda: 1_800_000_000_000)
for number in range(100_000):
    change = Change(((f"arxiv:2511.{number:05d}",),), (("star", True),), (("star", False),))
    journal.add(Entry("", 0, (0, 0), "star", (change,)))
    print(number, flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, folders)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    said = [int(next(process.stdout)) for _ in range(50)]
    busy = _journal(folders)
    assert busy.add(_star(99_999)).writer.endswith("-1")
    process.kill()
    said += [int(line) for line in process.stdout if line.endswith("\n")]
    process.wait()
    process.stdout.close()
    after = _journal(folders).add(_star(99_998))
    assert after.writer.endswith("-0")
    assert set(said) <= set(_ids(_read(folders[0])))
    assert after.seq >= len(said) + 1


def test_all_slots_taken_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.journal.device._SLOTS", 2)
    held = [Slot(tmp_path), Slot(tmp_path)]
    assert [slot.number for slot in held] == [0, 1]
    with pytest.raises(OSError, match="all 2 slots"):
        Slot(tmp_path)
    held[0].release()
    assert Slot(tmp_path).number == 0


def test_time_never_goes_back_between_entries_that_waited_and_those_of_the_file(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = _journal(folders, now=_NOW + 1000)
    ahead.add(_star(1))
    ahead.close()
    journal = _journal(folders)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _failing(_FULL))
        with pytest.raises(OSError, match="No space"):
            journal.add(_star(2))
    journal.flush()
    assert _ids(_read(folders[0])) == [1, 2]
