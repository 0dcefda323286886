"""What a user can do to a paper: acts, what they change, how they are taken back, and how histories merge."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain import marks
from papers_tui.domain.marks import Act, Change, Entry, Registers, Stamp, State, Value

_A, _B, _C = ("arxiv:2511.00001", "text:aa"), ("arxiv:2511.00002",), ("text:cc",)
_TEN_YEARS = 10 * 365 * 24 * 3600 * 1000


def _entry(
    seq: int,
    *,
    deliberate: bool = True,
    undoes: int | None = None,
    redoes: int | None = None,
    writer: str = "dev-0",
) -> Entry:
    """An entry that stars one paper; `undoes` and `redoes` are sequence numbers of the same writer."""
    change = Change((_A,), now=(("star", True),), was=(("star", False),))
    return Entry(
        writer, seq, (seq, 0), "star", (change,), deliberate,
        undoes=(writer, undoes) if undoes else None, redoes=(writer, redoes) if redoes else None,
    )  # fmt: skip


def _stacks(*entries: Entry) -> tuple[list[int], list[int]]:
    undo, redo = marks.history(entries)
    return [entry.seq for entry in undo], [entry.seq for entry in redo]


def _after(state: State, registers: Registers) -> State:
    """The state with these registers set."""
    names = ("read", "star", "later", "dismiss", "note", *(f"tag:{tag}" for tag in state.tags))
    before = [(name, state.register(name), (0, 0, "", 0)) for name in names]
    return marks.fold([*before, *((name, value, (1, 0, "", 0)) for name, value in registers)])


# Acts


@pytest.mark.parametrize(
    ("act", "kind", "sets"),
    [
        (marks.read(True), "read", (("read", True),)),
        (marks.read(False), "read", (("read", False),)),
        (marks.star(True, implies_read=True), "star", (("star", True), ("read", True))),
        (marks.star(True, implies_read=False), "star", (("star", True),)),
        (marks.star(False, implies_read=True), "star", (("star", False),)),
        (marks.later(True, implies_read=True), "later", (("later", True), ("read", True))),
        (marks.dismiss(True, implies_read=True), "dismiss", (("dismiss", True), ("read", True))),
        (marks.dismiss(False, implies_read=True), "dismiss", (("dismiss", False),)),
        (
            marks.tags(["rl"], ["vision"], implies_read=True),
            "tag",
            (("tag:rl", True), ("tag:vision", False), ("read", True)),
        ),
        (marks.tags([], ["vision"], implies_read=True), "tag", (("tag:vision", False),)),
        (marks.note("see §3"), "note", (("note", "see §3"),)),
        (marks.note("see §3", implies_read=True), "note", (("note", "see §3"), ("read", True))),
        (marks.note(" \n", implies_read=True), "note", (("note", ""),)),
    ],
)
def test_an_act_sets_registers_and_taking_away_never_implies_reading(
    act: Act, kind: str, sets: Registers
) -> None:
    assert act == Act(kind, sets)


def test_a_note_keeps_its_lines_and_loses_what_could_act_on_a_terminal() -> None:
    assert marks.note("a\x1b[31m\n\n\tb \ud800\n").sets == (("note", "a\n\n    b"),)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("rl", "rl"),
        ("  two   words ", "two words"),
        ("#rl", "rl"),
        ("##rl", "rl"),
        ("a,b", "a b"),
        ("a#b", "a#b"),
        (",#a", "a"),
        ("C#", "C#"),
        (",", ""),
        ("#", ""),
        ("", ""),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred\x00", "red"),
        ("机器 学习", "机器 学习"),
    ],
)
def test_a_tag_is_one_line_without_commas_and_leading_hashes(text: str, name: str) -> None:
    assert marks.tag_name(text) == name


@given(st.text())
def test_any_text_makes_a_tag_that_can_be_typed_again(text: str) -> None:
    name = marks.tag_name(text)
    assert marks.tag_name(name) == name
    assert "," not in name
    assert name == " ".join(name.split())


# What an act changes


def test_papers_that_an_act_leaves_as_they_are_are_not_named() -> None:
    act = marks.star(True, implies_read=True)
    changes = marks.changes(act, [(_A, State()), (_B, State(read=True, starred=True))])
    assert changes == (
        Change((_A,), now=(("star", True), ("read", True)), was=(("star", False), ("read", False))),
    )


def test_only_the_registers_that_differ_are_named_and_equal_changes_are_one_group() -> None:
    act = marks.star(True, implies_read=True)
    changes = marks.changes(act, [(_A, State(read=True)), (_B, State()), (_C, State(read=True))])
    assert changes == (
        Change((_A, _C), now=(("star", True),), was=(("star", False),)),
        Change((_B,), now=(("star", True), ("read", True)), was=(("star", False), ("read", False))),
    )


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (marks.read(True), State(read=True)),
        (marks.read(False), State()),
        (marks.tags(["rl"], ["x"], implies_read=False), State(tags=("rl",))),
        (marks.note("n"), State(note="n")),
        (marks.note(""), State()),
        (Act("future", ()), State()),
    ],
)
def test_an_act_that_changes_nothing_names_nothing(act: Act, state: State) -> None:
    assert marks.changes(act, [(_A, state)]) == ()


def test_a_note_takes_the_place_of_the_former_one_and_remembers_it() -> None:
    (change,) = marks.changes(marks.note("new"), [(_A, State(note="old"))])
    assert (change.now, change.was) == ((("note", "new"),), (("note", "old"),))


def test_a_tag_is_taken_off_in_every_spelling() -> None:
    act = marks.tags([], ["rl"], implies_read=False)
    (change,) = marks.changes(act, [(_A, State(tags=("RL", "Rl", "other")))])
    assert change.now == (("tag:RL", False), ("tag:Rl", False))


def test_a_tag_can_be_spelt_anew() -> None:
    act = marks.tags(["RL"], ["rl"], implies_read=False)
    (change,) = marks.changes(act, [(_A, State(tags=("rl",)))])
    assert _after(State(tags=("rl",)), change.now).tags == ("RL",)


_tag_names = st.sampled_from(["rl", "RL", "vision", "to do"])
_states = st.builds(
    State,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sets(_tag_names).map(sorted).map(tuple),
    st.sampled_from(["", "a note", "another"]),
)
_flag_acts = st.sampled_from([marks.star, marks.later, marks.dismiss]).flatmap(
    lambda make: st.builds(make, st.booleans(), implies_read=st.booleans())
)
_acts = st.one_of(
    st.builds(marks.read, st.booleans()),
    _flag_acts,
    st.builds(marks.tags, st.lists(_tag_names), st.lists(_tag_names), implies_read=st.booleans()),
    st.builds(marks.note, st.sampled_from(["", "a note", "third"]), implies_read=st.booleans()),
)


@given(_acts, st.lists(_states, max_size=6))
def test_taking_an_act_back_gives_each_paper_its_own_former_state(act: Act, states: list[State]) -> None:
    papers = [((f"text:{number}",), state) for number, state in enumerate(states)]
    changes = marks.changes(act, papers)
    entry = Entry("dev-0", 1, (1, 0), act.kind, changes)
    now = {keys: change.now for change in changes for keys in change.papers}
    was = {keys: change.now for change in marks.reversed_changes(entry) for keys in change.papers}
    assert now.keys() == was.keys()
    for keys, state in papers:
        done = _after(state, now.get(keys, ()))
        assert _after(done, was.get(keys, ())) == state
        assert (done != state) == (keys in now)


@given(_acts, _states)
def test_an_act_done_twice_changes_nothing_the_second_time(act: Act, state: State) -> None:
    for change in marks.changes(act, [(_A, state)]):
        state = _after(state, change.now)
    taken_off = {name for name, value in act.sets if name.startswith("tag:") and value is False}
    if not taken_off:
        assert marks.changes(act, [(_A, state)]) == ()


# The undo stack


@pytest.mark.parametrize(
    ("entries", "undo", "redo"),
    [
        ((), [], []),
        ((_entry(1), _entry(2)), [1, 2], []),
        ((_entry(1), _entry(2), _entry(3, undoes=2)), [1], [2]),
        ((_entry(1), _entry(2), _entry(3, undoes=2), _entry(4, undoes=1)), [], [2, 1]),
        ((_entry(1), _entry(2), _entry(3, undoes=2), _entry(4, undoes=1), _entry(5, redoes=1)), [1], [2]),
        ((_entry(1), _entry(2, undoes=1), _entry(3, redoes=1), _entry(4, undoes=1)), [], [1]),
        ((_entry(1), _entry(2, undoes=1), _entry(3)), [3], []),
        ((_entry(1), _entry(2, undoes=1), _entry(3, deliberate=False)), [], [1]),
        ((_entry(1), _entry(2, deliberate=False)), [1], []),
        ((_entry(1), _entry(2, undoes=1), _entry(3, undoes=1)), [], [1]),
        ((_entry(1), _entry(2, redoes=1)), [1], []),
        ((_entry(2, undoes=1),), [], []),
        ((_entry(1), Entry("dev-0", 2, (2, 0), "rule", ())), [1], []),
    ],
    ids=[
        "nothing",
        "acts pile up",
        "undo",
        "undo twice, the latest first",
        "redo, what was undone last first",
        "redo can be undone again",
        "a new act ends what could be redone",
        "a read by itself does not",
        "a read by itself can't be undone",
        "undone twice by two instances is undone once",
        "what was not undone can't be redone",
        "an undo whose act is out of sight is nothing",
        "what changes no paper can't be undone",
    ],
)
def test_what_can_be_undone_and_redone(entries: Sequence[Entry], undo: list[int], redo: list[int]) -> None:
    assert _stacks(*entries) == (undo, redo)


def test_the_order_in_which_entries_are_read_does_not_matter() -> None:
    entries = (_entry(1), _entry(2), _entry(3, undoes=2), _entry(4, redoes=2), _entry(5, undoes=2))
    assert {str(_stacks(*order)) for order in permutations(entries)} == {"([1], [2])"}


def test_instances_of_one_device_share_a_stack_in_the_order_of_time() -> None:
    undo, _ = marks.history([_entry(2, writer="dev-1"), _entry(1), _entry(3)])
    assert [entry.name for entry in undo] == [("dev-0", 1), ("dev-1", 2), ("dev-0", 3)]


# Merging histories

_stamps = st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(["a", "b", "c"]), st.integers(1, 4))
_histories = st.lists(
    st.tuples(
        st.sampled_from(["read", "star", "later", "dismiss", "tag:rl", "tag:RL", "future"]),
        st.booleans(),
        _stamps,
    )
    | st.tuples(st.just("note"), st.sampled_from(["", "x", "y"]), _stamps),
    unique_by=lambda mark: (mark[0], mark[2]),
)


@given(_histories, st.randoms(use_true_random=False))
def test_marks_add_up_to_one_state_in_any_order_and_however_often(
    history: list[tuple[str, Value, Stamp]], chance: random.Random
) -> None:
    shuffled = [*history, *chance.sample(history, len(history) // 2)]
    chance.shuffle(shuffled)
    assert marks.fold(shuffled) == marks.fold(history)


@given(_histories, st.integers(0, 20))
def test_the_later_of_two_marks_wins_whichever_comes_first(
    history: list[tuple[str, Value, Stamp]], cut: int
) -> None:
    state = marks.fold(history)
    for register in {register for register, _, _ in history} - {"future"}:
        _, value = max((stamp, value) for name, value, stamp in history if name == register)
        assert state.register(register) == value
    assert marks.fold([*history[cut:], *history[:cut]]) == state


class _Device:
    """A writer with a clock of its own, and what it has seen of the others."""

    def __init__(self, name: str, skew: int) -> None:
        self.name, self.skew = name, skew
        self.clock = (0, 0)
        self.log: list[tuple[str, Value, Stamp]] = []
        self.seen: dict[Stamp, tuple[str, Value, Stamp]] = {}

    def put(self, now: int, register: str, value: Value) -> Stamp:
        self.clock = marks.tick(self.clock, now + self.skew)
        stamp = (*self.clock, self.name, len(self.log) + 1)
        self.log.append((register, value, stamp))
        self.seen[stamp] = self.log[-1]
        return stamp

    def receive(self, part: Sequence[tuple[str, Value, Stamp]]) -> None:
        for mark in part:
            self.seen[mark[2]] = mark
            self.clock = max(self.clock, mark[2][:2])


_steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.none() | st.tuples(st.integers(0, 2), st.integers(0, 40)),
        st.sampled_from(["read", "star", "tag:rl"]),
        st.booleans(),
    ),
    max_size=40,
)
_skews = st.tuples(*[st.integers(-_TEN_YEARS, _TEN_YEARS)] * 3)


@given(_steps, _skews, st.randoms(use_true_random=False))
def test_three_machines_with_wrong_clocks_come_to_one_state(
    steps: list[tuple[int, tuple[int, int] | None, str, bool]],
    skews: tuple[int, int, int],
    chance: random.Random,
) -> None:
    """Files are delivered up to any place; what a machine does after it saw a mark is later than that mark."""
    devices = [_Device(name, skew) for name, skew in zip("abc", skews, strict=True)]
    for moment, (who, delivery, register, value) in enumerate(steps):
        device = devices[who]
        if delivery:
            sender, length = delivery
            device.receive(devices[sender].log[:length])
            continue
        before = set(device.seen)
        stamp = device.put(1_800_000_000_000 + moment, register, value)
        assert all(stamp > other for other in before)
        assert marks.fold(device.seen.values()).register(register) == value
    for receiver in devices:
        logs = [device.log for device in devices]
        chance.shuffle(logs)
        for log in logs:
            receiver.receive(log)
    assert len({marks.fold(device.seen.values()) for device in devices}) == 1


@given(st.tuples(st.integers(0), st.integers(0)), st.lists(st.integers(-(2**40), 2**40)))
def test_the_clock_only_goes_forward(last: tuple[int, int], walls: list[int]) -> None:
    for wall in walls:
        following = marks.tick(last, wall)
        assert following > last
        assert following[0] >= wall
        last = following


# States and words


def test_flags_and_registers_of_a_state() -> None:
    assert State().flags == 0
    every = State(True, True, True, True, ("rl",), "n")
    assert every.flags == (
        marks.READ | marks.STARRED | marks.LATER | marks.DISMISSED | marks.TAGGED | marks.NOTED
    )
    assert [every.register(name) for name in ("read", "star", "later", "dismiss", "tag:rl")] == [True] * 5
    assert every.register("note") == "n"
    assert (every.register("tag:x"), every.register("future")) == (False, False)


@given(_states, _flag_acts)
def test_flags_follow_an_act_as_the_state_does(state: State, act: Act) -> None:
    assert marks.flags_after(state.flags, act.sets) == _after(state, act.sets).flags


def test_registers_of_a_newer_program_are_passed_over() -> None:
    assert marks.fold([("mood", "fine", (1, 0, "a", 1)), ("read", True, (1, 0, "a", 1))]) == State(read=True)
    assert marks.flags_after(marks.STARRED, (("mood", True),)) == marks.STARRED


@pytest.mark.parametrize(
    ("act", "state", "text"),
    [
        (marks.read(True), State(), "marked read"),
        (marks.read(False), State(read=True), "marked unread"),
        (marks.star(True, implies_read=True), State(), "starred"),
        (marks.star(False, implies_read=True), State(starred=True), "star removed"),
        (marks.later(True, implies_read=True), State(), "put on Later"),
        (marks.later(False, implies_read=True), State(later=True), "taken off Later"),
        (marks.dismiss(True, implies_read=True), State(), "dismissed"),
        (marks.dismiss(False, implies_read=True), State(dismissed=True), "brought back"),
        (marks.tags(["rl", "agents"], [], implies_read=True), State(), "tagged rl, agents"),
        (marks.tags([], ["rl"], implies_read=True), State(tags=("rl",)), "untagged rl"),
        (marks.tags(["a"], ["b"], implies_read=True), State(tags=("b",)), "tagged a and untagged b"),
        (marks.note("x"), State(), "note saved"),
        (marks.note(""), State(note="x"), "note removed"),
        (Act("mood", (("mood", True),)), State(), "mood set"),
    ],
)
def test_what_was_done_in_words(act: Act, state: State, text: str) -> None:
    assert marks.describe(act.kind, marks.changes(act, [(_A, state)])) == text


def test_how_many_papers_an_entry_touched() -> None:
    changes = marks.changes(marks.star(True, implies_read=True), [(_A, State()), (_B, State(read=True))])
    assert marks.count_papers(changes) == 2
