"""Notes that were edited on two machines: both versions stay until somebody decides."""

from __future__ import annotations

import errno
import json
import os
import random
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.desk import fill, identity, paper, sitting

from papers_tui.domain import marks
from papers_tui.domain.marks import Change, Entry, State
from papers_tui.domain.notes import NoteEdit, edit_mark, edit_of, others, standing
from papers_tui.library import Done, Library
from papers_tui.paths import find_paths


def _edit(seq: int, text: str, *seen: int, undoes: int | None = None, redoes: int | None = None) -> NoteEdit:
    """An edit, made at the time `seq`, that replaces the edits of these numbers."""
    return NoteEdit(
        text,
        (seq, 0, "d-0", seq),
        tuple((one, 0, "d-0", one) for one in seen),
        ("d-0", undoes) if undoes else None,
        ("d-0", redoes) if redoes else None,
    )


def _old(seq: int, text: str) -> NoteEdit:
    """An edit by a program that knew nothing of versions."""
    return NoteEdit(text, (seq, 0, "d-0", seq))


@pytest.mark.parametrize(
    ("edits", "texts"),
    [
        ([], []),
        ([_edit(1, "a")], ["a"]),
        ([_edit(1, "a"), _edit(2, "b", 1)], ["b"]),
        ([_edit(1, "a"), _edit(2, "b")], ["b", "a"]),
        ([_edit(1, "a"), _edit(2, "b"), _edit(3, "c", 2)], ["c", "a"]),
        ([_edit(1, "a"), _edit(2, "b"), _edit(3, "c", 1, 2)], ["c"]),
        # Undone, it no longer replaces what it replaced.
        ([_edit(1, "a"), _edit(2, "b"), _edit(3, "c", 1, 2), _edit(4, "b", 3, undoes=3)], ["b", "b", "a"]),
        (
            [
                *(_edit(1, "a"), _edit(2, "b"), _edit(3, "c", 1, 2), _edit(4, "b", 3, undoes=3)),
                _edit(5, "c", 1, 2, 4, redoes=3),
            ],
            ["c"],
        ),
        (
            [
                *(_edit(1, "a"), _edit(2, "b"), _edit(3, "c", 1, 2), _edit(4, "b", 3, undoes=3)),
                *(_edit(5, "c", 1, 2, 4, redoes=3), _edit(6, "b", 5, undoes=3)),
            ],
            ["b", "b", "b", "a"],
        ),
        ([_old(1, "a"), _old(2, "b")], ["b"]),
        ([_old(1, "a"), _edit(2, "b", 1)], ["b"]),
        ([_old(1, "a"), _edit(2, "b")], ["b", "a"]),
        ([_edit(1, "a"), _edit(2, "b"), _old(3, "c")], ["c"]),
        ([_edit(1, "a", 1, 9), _edit(2, "b", 8)], ["b"]),
    ],
)
def test_what_nobody_replaced_stands_whatever_the_order(edits: list[NoteEdit], texts: list[str]) -> None:
    for _ in range(5):
        random.Random(1).shuffle(edits)
        assert [edit.text for edit in standing([*edits, *edits[:2]])] == texts


def test_an_other_version_says_something_else_than_the_note() -> None:
    edits = [_edit(1, "a"), _edit(2, ""), _edit(3, "b"), _edit(4, "a"), _edit(5, "n")]
    assert [edit.text for edit in others("n", edits)] == ["a", "b"]
    assert others("", [_edit(1, "")]) == ()


_stamps = st.tuples(st.integers(), st.integers(), st.text(max_size=5), st.integers())
_names = st.none() | st.tuples(st.text(max_size=5), st.integers())


@given(st.text(), _stamps, st.none() | st.lists(_stamps, max_size=3).map(tuple), _names, _names)
def test_an_edit_is_kept_as_it_is(text: str, stamp: Any, seen: Any, undoes: Any, redoes: Any) -> None:
    ms, counter, writer, seq = stamp
    entry = Entry(writer, seq, (ms, counter), "note", (), undoes=undoes, redoes=redoes, seen=seen)
    register, value = edit_mark(entry, text)
    assert register.startswith("note@")
    assert edit_of(value, stamp) == NoteEdit(text, stamp, seen, undoes, redoes)


@pytest.mark.parametrize(
    ("ms", "day"), [(1_763_700_000_000, "2025-11-21"), (2**62, "on an unknown day"), (-(2**62), "on an")]
)
def test_an_edit_says_whose_it_is(ms: int, day: str) -> None:
    assert f"3f2a-0, {day}" in NoteEdit("", (ms, 0, "3f2a\x00-0", 1)).whose


# Two libraries


class Two:
    """Two machines with the same paper, each with a clock and a library of its own."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_800_000_000
        self.homes = [find_paths({"PAPERS_TUI_HOME": str(folder / name)}) for name in "ab"]
        self.libraries = [Library(home) for home in self.homes]
        for home, library in zip(self.homes, self.libraries, strict=True):
            fill(home, [paper(1)])
            library.sync()

    def carry(self, source: int, target: int) -> None:
        """Gives one machine what the other one wrote."""
        for path in self.homes[source].journal.glob("*.jsonl"):
            (self.homes[target].journal / path.name).write_bytes(path.read_bytes())
        self.libraries[target].sync()

    def meet(self) -> None:
        self.carry(0, 1)
        self.carry(1, 0)

    def write(self, machine: int, text: str) -> Done:
        library = self.libraries[machine]
        return library.mark([library.resolve(identity(1))], marks.note(text))

    def keep(self, machine: int) -> Done:
        library = self.libraries[machine]
        return library.keep_note(library.resolve(identity(1)))

    def state(self, machine: int) -> State:
        library = self.libraries[machine]
        return library.holding(library.resolve(identity(1))).state

    def versions(self, machine: int) -> tuple[str, list[str]]:
        state = self.state(machine)
        return state.note, [edit.text for edit in state.other_notes]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    yield made
    for library in made.libraries:
        library.close()


def test_one_after_the_other_there_is_one_version(two: Two) -> None:
    two.write(0, "first")
    two.carry(0, 1)
    two.write(1, "second")
    two.meet()
    assert two.versions(0) == two.versions(1) == ("second", [])


def test_notes_that_were_edited_on_both_sides_are_both_kept(two: Two) -> None:
    two.write(0, "common")
    two.meet()
    two.write(0, "from a")
    two.write(1, "from b")
    two.meet()
    assert two.versions(0) == two.versions(1) == ("from b", ["from a"])
    library = two.libraries[0]
    record = library.holding(library.resolve(identity(1))).record()
    assert (record["note"], record["other_notes"]) == ("from b", ["from a"])


def test_an_edit_that_saw_both_replaces_both_and_is_taken_back_to_both(two: Two) -> None:
    two.write(0, "from a")
    two.write(1, "from b")
    two.meet()
    two.write(0, "both")
    two.meet()
    assert two.versions(0) == two.versions(1) == ("both", [])
    undone = two.libraries[0].undo()
    assert undone is not None
    two.meet()
    assert two.versions(0) == two.versions(1) == ("from b", ["from a"])
    assert two.libraries[0].redo() is not None
    two.meet()
    assert two.versions(0) == two.versions(1) == ("both", [])
    two.libraries[0].undo()
    two.meet()
    assert two.versions(0) == two.versions(1) == ("from b", ["from a"])


def test_the_other_version_can_be_dropped_and_brought_back(two: Two) -> None:
    two.write(0, "from a")
    two.write(1, "from b")
    two.meet()
    assert two.keep(0).text == "the other version of the note is dropped"
    assert two.keep(0).text == ""
    two.meet()
    assert two.versions(1) == ("from b", [])
    two.libraries[0].undo()
    two.meet()
    assert two.versions(0) == two.versions(1) == ("from b", ["from a"])


def test_a_note_that_was_taken_away_here_and_edited_there_is_still_shown(two: Two) -> None:
    two.write(0, "common")
    two.meet()
    two.write(0, "edited")
    two.write(1, "")
    two.meet()
    assert two.versions(0) == two.versions(1) == ("", ["edited"])


def test_undo_replaces_nothing_that_another_machine_wrote_since(two: Two) -> None:
    two.write(0, "mine")
    two.carry(0, 1)
    two.write(1, "theirs, having seen mine")
    two.carry(1, 0)
    two.libraries[0].undo()
    two.meet()
    assert two.versions(0) == two.versions(1) == ("", ["theirs, having seen mine"])


def test_a_version_that_came_in_while_somebody_wrote_is_not_replaced(two: Two) -> None:
    two.write(0, "common")
    two.meet()
    begun = two.state(0).note_edits
    two.write(1, "theirs")
    two.carry(1, 0)
    library = two.libraries[0]
    library.mark([library.resolve(identity(1))], marks.note("mine, begun before"), knowing=begun)
    two.meet()
    assert two.versions(0) == two.versions(1) == ("mine, begun before", ["theirs"])


def test_a_journal_can_not_pass_off_its_own_registers_as_versions(two: Two) -> None:
    change = {"p": [[identity(1)]], "now": {"note@1.2.x-0.3": "no JSON", "star": True}, "was": {}}
    body = json.dumps({"w": "x-0", "n": 1, "t": [1, 0], "kind": "star", "set": [change], "seen": []}).encode()
    (two.homes[0].journal / "x-0.jsonl").write_bytes(b"%08x %s\n" % (zlib.crc32(body), body))
    two.libraries[0].sync()
    assert two.state(0) == State(starred=True)


def test_edits_that_waited_for_the_disk_know_of_each_other(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        assert not two.write(0, "first").saved
        assert not two.write(0, "second").saved
        assert two.versions(0) == ("second", [])
    assert two.libraries[0].flush()
    two.meet()
    assert two.versions(0) == two.versions(1) == ("second", [])


def test_journals_of_before_read_as_they_did(two: Two) -> None:
    keys = [[identity(1)]]
    lines = b""
    for seq, (writer, text, was) in enumerate(
        (("o-0", "one", ""), ("p-0", "two", ""), ("o-0", "3", "one")), 1
    ):
        change = {"p": keys, "now": {"note": text}, "was": {"note": was}}
        body = json.dumps({"w": writer, "n": seq, "t": [seq, 0], "kind": "note", "set": [change]}).encode()
        lines += b"%08x %s\n" % (zlib.crc32(body), body)
    (two.homes[0].journal / "o-0.jsonl").write_bytes(lines)
    two.libraries[0].sync()
    assert two.versions(0) == ("3", [])
    two.write(0, "new")
    assert two.versions(0) == ("new", [])


def test_a_note_names_what_it_replaces_and_other_marks_name_nothing(two: Two) -> None:
    two.write(0, "first")
    two.write(0, "second")
    row = two.libraries[0].resolve(identity(1))
    two.libraries[0].mark([row], marks.star(True, implies_read=True))
    (path,) = two.homes[0].journal.glob("*.jsonl")
    bodies = [json.loads(line.partition(" ")[2]) for line in path.read_text().splitlines()]
    assert [body.get("seen") for body in bodies] == [[], [[*bodies[0]["t"], bodies[0]["w"], 1]], None]


# In the app


async def test_what_came_in_while_the_editor_was_open_is_another_version(two: Two) -> None:
    async with sitting(two.homes[0]) as desk:
        await desk.press("i", "a")
        two.write(1, "theirs")
        for path in two.homes[1].journal.glob("*.jsonl"):
            (two.homes[0].journal / path.name).write_bytes(path.read_bytes())
        await desk.focus_app()
        await desk.press("escape")
        await desk.until(lambda: desk.state(1).note == "a")
        assert [edit.text for edit in desk.state(1).other_notes] == ["theirs"]


async def test_both_versions_are_shown_taken_into_the_editor_or_dropped(two: Two) -> None:
    two.write(0, "from a")
    two.write(1, "from b")
    two.meet()
    async with sitting(two.homes[0]) as desk:
        await desk.until(lambda: "other version (" in desk.screen_text())
        assert "from a" in desk.screen_text()
        assert "from b" in desk.screen_text()
        await desk.press("i", "escape")
        assert len(desk.state(1).other_notes) == 1
        await desk.press("=")
        assert desk.said.startswith("the other version of the note is dropped")
        assert "other version (" not in desk.screen_text()
        await desk.press("u")
        await desk.until(lambda: "other version (" in desk.screen_text())
        await desk.press("i", "x", "escape")
        text = desk.state(1).note
        assert text.startswith("from b\n\n--- other version (")
        assert text.endswith("from ax")
        assert desk.state(1).other_notes == ()
        await desk.press("=")
        assert desk.said == "the note has no other version"


def test_a_change_that_sets_no_note_replaces_none() -> None:
    change = Change((("arxiv:1",),), (("star", True),), (("star", False),))
    assert marks.replaces([State()], change.now) is None
