"""Compaction: a journal that says the same in fewer lines, whatever happens meanwhile."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ui.desk import fill, identity, paper, sitting

from papers_tui.domain import marks
from papers_tui.domain.identity import key_arxiv_id
from papers_tui.domain.marks import Act, Change, Entry, Registers, Stamp, State
from papers_tui.domain.query import parse
from papers_tui.journal import Journal
from papers_tui.journal.compacting import compact
from papers_tui.journal.compaction import compacted
from papers_tui.journal.device import Slot
from papers_tui.journal.line import decode, encode
from papers_tui.library import Library
from papers_tui.paths import Paths

_PAPERS = (("arxiv:1", "text:a"), ("arxiv:2",), ("text:a",), ("text:c", "guid:x"))


def _shown(entries: Iterable[Entry]) -> dict[tuple[str, ...], tuple[State, list[str]]]:
    """What a library shows of each paper, once it has read these entries."""
    stored: dict[tuple[str, str, str], tuple[Stamp, Any]] = {}
    for entry in entries:
        for change in entry.changes:
            for keys in change.papers:
                for key in keys:
                    for register, value in marks.kept(entry, change):
                        place = (key, key_arxiv_id(keys) or "", register)
                        if place not in stored or (entry.stamp, value) > stored[place]:
                            stored[place] = (entry.stamp, value)
    shown: dict[tuple[str, ...], tuple[State, list[str]]] = {}
    for keys in _PAPERS:
        own = key_arxiv_id(keys) or ""
        found = [
            (register, value, stamp)
            for (key, about, register), (stamp, value) in stored.items()
            if key in keys and (about in ("", own) or not own)
        ]
        state = marks.fold(found)
        shown[keys] = (state, [edit.text for edit in state.other_notes])
    return shown


def _histories(writers: Sequence[str]) -> st.SearchStrategy[list[Entry]]:
    """Entries of several writers in the order of time, each edit of a note seeing some of those before."""
    registers: st.SearchStrategy[Registers] = st.sampled_from(
        (
            (("star", True), ("read", True)),
            (("star", False),),
            (("read", False),),
            (("tag:x", True),),
            (("tag:x", False), ("later", True)),
            (("note", "one"),),
            (("note", "two"), ("read", True)),
            (("note", ""),),
        )
    )
    papers: Sequence[tuple[str, ...]] = _PAPERS
    steps = st.tuples(
        st.sampled_from(writers),
        st.lists(st.sampled_from(papers), min_size=1, max_size=3, unique=True),
        registers,
        st.integers(0, 3),
        st.integers(0, 5),
    )
    return st.lists(steps, max_size=25).map(_history)


def _history(steps: Sequence[tuple[str, list[tuple[str, ...]], Registers, int, int]]) -> list[Entry]:
    entries: list[Entry] = []
    numbers: dict[str, int] = {}
    for clock, (writer, papers, now, how, back) in enumerate(steps, 1):
        numbers[writer] = number = numbers.get(writer, 0) + 1
        seen: tuple[Stamp, ...] | None = None
        if now[0][0] == "note" and how:
            states = [state for keys, (state, _) in _shown(entries).items() if keys in papers]
            seen = tuple({edit.stamp for state in states for edit in state.note_edits[: how + 1]})
        change = Change(tuple(papers), now, tuple((name, not value) for name, value in now))
        own = [entry for entry in entries if entry.writer == writer]
        undoes = own[-back].name if now[0][0] == "note" and how and back and len(own) >= back else None
        records = tuple({"id": keys[0], "keys": list(keys), "title": keys[0]} for keys in papers)
        carries = any(value and name.startswith(marks.CARRIED) for name, value in now) and how
        entries.append(
            Entry(
                writer, number, (clock, 0), now[0][0], (change,), how != 2,
                undoes=undoes, records=records if carries else (), seen=seen,
            )
        )  # fmt: skip
    return entries


def _said(lines: Iterable[bytes]) -> list[Entry]:
    return [entry for line in lines if (entry := decode(line))]


def _as_lines(entries: Iterable[Entry]) -> list[bytes]:
    return [encode(entry)[:-1] for entry in entries]


@given(_histories(["a-0"]), st.integers(0, 8))
def test_what_is_shown_stays_the_same_with_or_without_the_former_file(
    entries: list[Entry], keep: int
) -> None:
    lines = _as_lines(entries)
    fewer = compacted(lines, keep)
    assert _shown(_said(fewer)) == _shown(entries)
    assert _shown(_said([*fewer, *lines])) == _shown(entries)
    assert _shown(_said(reversed([*lines, *fewer]))) == _shown(entries)
    assert _shown(_said(compacted(fewer, keep))) == _shown(entries)
    assert not keep or fewer[-keep:] == lines[-keep:]


@given(_histories(["a-0", "b-0"]), st.integers(0, 8))
def test_beside_another_machine_marks_stay_the_same_and_no_note_is_lost(
    entries: list[Entry], keep: int
) -> None:
    theirs = [entry for entry in entries if entry.writer == "b-0"]
    fewer = compacted(_as_lines(entry for entry in entries if entry.writer == "a-0"), keep)
    shown, before = _shown([*_said(fewer), *theirs]), _shown(entries)
    assert {keys: state for keys, (state, _) in shown.items()} == {
        keys: state for keys, (state, _) in before.items()
    }
    for keys, (_, notes) in before.items():
        assert set(notes) <= {*shown[keys][1]}


@given(_histories(["a-0"]), st.integers(0, 8))
def test_a_marked_paper_keeps_its_record(entries: list[Entry], keep: int) -> None:
    fewer = _said(compacted(_as_lines(entries), keep))
    had = {record["id"] for entry in entries for record in entry.records}
    have = {record["id"] for entry in fewer for record in entry.records}
    for keys, (state, _) in _shown(entries).items():
        if keys[0] in had and (state.starred or state.later or state.tags or state.note):
            mine = [entry for entry in entries for change in entry.changes if keys in change.papers]
            assert keys[0] in have or not mine


def test_a_thousand_turns_of_one_mark_are_one_line() -> None:
    entries = [
        Entry(
            "a-0",
            n,
            (n, 0),
            "star",
            (Change((("arxiv:1",),), (("star", n % 2 == 1),), (("star", n % 2 == 0),)),),
        )
        for n in range(1, 1000)
    ]
    assert len(compacted(_as_lines(entries), 0)) == 1
    assert len(compacted(_as_lines(entries), 10)) == 10


def test_a_thousand_edits_of_one_note_are_one_line() -> None:
    entries: list[Entry] = []
    for n in range(1, 1000):
        seen = (entries[-1].stamp,) if entries else ()
        change = Change((("arxiv:1",),), (("note", f"{n}"),), (("note", f"{n - 1}"),))
        entries.append(Entry("a-0", n, (n, 0), "note", (change,), seen=seen))
    (line,) = compacted(_as_lines(entries), 0)
    assert len(line) < 60_000


def test_of_a_bulk_act_only_what_still_counts_is_kept() -> None:
    papers = tuple((f"arxiv:{n}",) for n in range(3000))
    bulk = Entry("a-0", 1, (1, 0), "read", (Change(papers, (("read", True),), (("read", False),)),))
    back = Entry("a-0", 2, (2, 0), "read", (Change(papers[1:], (("read", False),), (("read", True),)),))
    first, second = _said(compacted(_as_lines([bulk, back]), 0))
    assert first.changes[0].papers == papers[:1]
    assert tuple(second.changes[0].papers) == papers[1:]
    assert (second.stamp, second.changes[0].now) == (back.stamp, back.changes[0].now)


@pytest.mark.parametrize("change", [{"weather": 1}, {"kind": "mood"}, {"set": {"not": "ours"}}])
def test_what_a_newer_program_wrote_stays_as_it_is(change: Mapping[str, object]) -> None:
    star = Entry("a-0", 1, (1, 0), "star", (Change((("arxiv:1",),), (("star", True),), (("star", False),)),))
    body = json.loads(encode(star).partition(b" ")[2]) | {
        "set": [{"p": [["arxiv:1"]], "now": {"mood": 7}, "was": {}}]
    }
    data = json.dumps(body | change).encode()
    line = b"%08x %s" % (zlib.crc32(data), data)
    assert line in compacted([line, *_as_lines([star])], 0)
    assert b"damaged" not in compacted([b"damaged", line], 0)


# Files


@pytest.fixture
def turned(home: Paths) -> Paths:
    """A library with two papers, the first of which was starred and unstarred again and again."""
    fill(home, [paper(1), paper(2)])
    with Library(home) as library:
        first, second = (library.resolve(identity(number)) for number in (1, 2))
        library.mark([second], marks.note("kept"))
        for number in range(60):
            library.mark([first], _star(number % 2 == 0))
        library.mark([first], marks.later(True, implies_read=False))
    return home


def _star(on: bool) -> Act:
    return marks.star(on, implies_read=False)


def _placing(*_: object) -> None:
    """Nobody reads along."""


def _states(paths: Paths) -> dict[str, State]:
    with Library(paths) as library:
        library.catch_up()
        return {held.paper.id: held.state for held in library.holdings(library.find(parse("")))}


_WANTED = {identity(1): State(later=True), identity(2): State(note="kept")}


def _squeeze(paths: Paths) -> int:
    return compact(paths.journal, paths.log, _placing, least=1000, keep=5)


def _names(paths: Paths) -> list[str]:
    """The names of the journal's files without the device."""
    return sorted(path.name.partition("-")[2] for path in paths.journal.iterdir())


def test_a_file_gets_smaller_under_another_name_and_the_former_one_stays(turned: Paths) -> None:
    (before,) = turned.journal.iterdir()
    size = before.stat().st_size
    assert _squeeze(turned) == 1
    assert _names(turned) == ["0.1.jsonl", "0.jsonl.previous"]
    (after,) = turned.journal.glob("*.jsonl")
    assert after.stat().st_size * 4 < size
    assert after.stat().st_mode & 0o777 == 0o600
    assert _states(turned) == _WANTED
    assert _squeeze(turned) == 0


def test_the_last_acts_can_still_be_undone_and_others_follow(turned: Paths) -> None:
    _squeeze(turned)
    with Library(turned) as library:
        library.sync()
        undone = [done.text for _ in range(6) if (done := library.undo())]
        assert undone == ["undone: put on Later", *["undone: star removed", "undone: starred"] * 2]
        row = library.resolve(identity(2))
        library.mark([row], marks.read(True))
    assert _names(turned) == ["0.1.jsonl", "0.jsonl.previous"]
    entries = [
        entry
        for tail in Journal(turned.journal, turned.log, now_ms=lambda: 0).tails({})
        for entry in tail.entries
    ]
    assert len({entry.name for entry in entries}) == len(entries)


def test_only_the_last_former_file_is_kept(turned: Paths) -> None:
    _squeeze(turned)
    with Library(turned) as library:
        row = library.resolve(identity(2))
        for number in range(200):
            library.mark([row], _star(number % 2 == 0))
    assert _squeeze(turned) == 1
    assert _names(turned) == ["0.1.jsonl.previous", "0.2.jsonl"]
    assert _states(turned) == _WANTED


def test_a_lost_cache_comes_back_from_a_compacted_journal(turned: Paths) -> None:
    _squeeze(turned)
    for path in turned.cache.iterdir():
        path.unlink()
    for path in turned.imported.iterdir():
        path.unlink()
    assert _states(turned) == _WANTED


def test_the_library_reads_nothing_again(turned: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library(turned) as library:
        monkeypatch.setattr("papers_tui.journal.compacting._LEAST", 1000)
        assert compact.__kwdefaults__
        monkeypatch.setitem(compact.__kwdefaults__, "least", 1000)
        monkeypatch.setitem(compact.__kwdefaults__, "keep", 5)
        assert library.compact() == 1
        assert library.sync() == set()
    assert _names(turned) == ["0.1.jsonl", "0.jsonl.previous"]


def test_a_file_that_another_instance_writes_to_is_left_alone(turned: Paths) -> None:
    slot = Slot(turned.log)
    assert _squeeze(turned) == 0
    slot.release()
    assert _squeeze(turned) == 1


def test_a_file_in_proportion_is_left_alone_and_not_looked_into_again(home: Paths) -> None:
    fill(home, [paper(number) for number in range(1, 20)])
    with Library(home) as library:
        for number in range(1, 20):
            library.mark([library.resolve(identity(number))], _star(True))
    assert _squeeze(home) == 0
    assert _names(home) == ["0.jsonl"]
    assert json.loads((home.log / "compacted.json").read_text())
    (home.log / "compacted.json").write_text("damaged")
    assert _squeeze(home) == 0


_STEPS = ("open", "fsync", "rename", "replace", "unlink")


@pytest.mark.parametrize("step", _STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_step_the_journal_says_the_same(turned: Paths, step: str, after: bool) -> None:
    _squeeze(turned)  # so that there is a previous one to be taken away
    with Library(turned) as library:
        row = library.resolve(identity(2))
        for number in range(200):
            library.mark([row], _star(number % 2 == 0))
    child = multiprocessing.get_context("fork").Process(target=_killed, args=(turned, step, after))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    for path in turned.cache.iterdir():
        path.unlink()
    assert _states(turned) == _WANTED
    with Library(turned) as library:
        library.mark([library.resolve(identity(1))], _star(True))
    assert _states(turned)[identity(1)] == State(later=True, starred=True)
    (turned.log / "compacted.json").unlink(missing_ok=True)
    _squeeze(turned)
    assert len(list(turned.journal.glob("*.jsonl"))) == 1
    assert _states(turned)[identity(1)] == State(later=True, starred=True)


def _killed(paths: Paths, step: str, after: bool) -> None:
    """Compacts, and is killed before or after the first call of this kind."""

    def dying(call: Callable[..., Any]) -> Callable[..., Any]:
        def once(*args: Any, **kwargs: Any) -> Any:
            if after:
                call(*args, **kwargs)
            os.kill(os.getpid(), signal.SIGKILL)

        return once

    def dying_to_write(path: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        return (dying(opened) if "w" in mode else opened)(path, mode, *rest, **more)

    opened: Callable[..., Any] = Path.open
    place: object = os if step == "fsync" else Path
    setattr(place, step, dying_to_write if step == "open" else dying(getattr(place, step)))
    _squeeze(paths)


@pytest.mark.parametrize("step", ["rename", "replace", "unlink"])
def test_a_disk_that_refuses_leaves_the_journal_as_it_was_or_says_it_twice(
    turned: Paths, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(28, os.strerror(28))

    _squeeze(turned)
    with Library(turned) as library:
        for number in range(200):
            library.mark([library.resolve(identity(2))], _star(number % 2 == 0))
    with monkeypatch.context() as patched:
        patched.setattr(Path, step, refused)
        with pytest.raises(OSError, match="No space"):
            _squeeze(turned)
    assert _states(turned) == _WANTED


async def test_the_app_compacts_at_the_start(turned: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papers_tui.journal.compacting._LEAST", 1000)
    assert compact.__kwdefaults__
    monkeypatch.setitem(compact.__kwdefaults__, "least", 1000)
    monkeypatch.setitem(compact.__kwdefaults__, "keep", 5)
    async with sitting(turned) as desk:
        await desk.until((turned.log / "compacted.json").exists)
        assert desk.state(2).note == "kept"
        await desk.press("u")
        assert desk.said.startswith("undone: put on Later")
    assert "0.1.jsonl" in _names(turned)
