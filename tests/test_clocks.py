"""Clocks that jump: whoever acts after having seen another's act wins over it, whatever any clock says."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.tallying import Tally
from tests.ui.desk import fill, identity, paper

from papers_tui.domain import marks
from papers_tui.domain.marks import Act, State
from papers_tui.journal.line import decode
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make

_DECADE = 10 * 365 * 86_400
_START = datetime(2026, 11, 20, 8, tzinfo=UTC)

_ACTS = st.one_of(
    st.builds(marks.star, st.booleans(), implies_read=st.booleans()),
    st.builds(marks.read, st.booleans()),
    st.builds(marks.later, st.booleans(), implies_read=st.just(False)),
    st.builds(marks.dismiss, st.booleans(), implies_read=st.just(False)),
    st.sampled_from([marks.tags([tag], [], implies_read=False) for tag in "xy"]),
    st.sampled_from([marks.tags([], [tag], implies_read=False) for tag in "xy"]),
    st.builds(marks.note, st.sampled_from(["", "one", "two"])),
)
_TURNS = st.lists(st.tuples(st.integers(0, 2), st.integers(-_DECADE, _DECADE), _ACTS), min_size=2, max_size=8)
"""Who acts, by how many seconds their clock is wrong by now, and what they do."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("clocks") / "home"
    paths = find_paths({"PAPERS_TUI_HOME": str(home)})
    make(paths)
    fill(paths, [paper(1)])
    return home


class Machine:
    """A library with a clock of its own, which is wrong by `skew` seconds."""

    def __init__(self, home: Path, template: Path) -> None:
        shutil.copytree(template, home)
        self.paths: Paths = find_paths({"PAPERS_TUI_HOME": str(home)})
        self.skew = 0
        self.library = Library(self.paths, now=lambda: _START + timedelta(seconds=self.skew))

    def see(self, others: list[Machine]) -> None:
        """What a file mover brings from the others is read."""
        for other in others:
            for path in other.paths.journal.glob("*.jsonl"):
                shutil.copyfile(path, self.paths.journal / path.name)
        self.library.sync()

    def state(self) -> State:
        return self.library.holding(self.library.resolve(identity(1))).state

    def act(self, act: Act) -> State:
        """What this machine shows after it did something."""
        assert self.library.mark([self.library.resolve(identity(1))], act).saved
        return self.state()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=_TURNS)
def test_an_act_wins_over_all_that_was_seen_when_it_was_done(
    tmp_path: Path, template: Path, tally: Tally, turns: list[tuple[int, int, Act]]
) -> None:
    tally("histories")
    machines = [Machine(tmp_path / name, template) for name in "abc"]
    try:
        for number, skew, act in turns:
            machine = machines[number]
            others = [one for one in machines if one is not machine]
            machine.see(others)
            machine.skew = skew
            shown = machine.act(act)
            for register, value in act.sets:
                assert shown.register(register) == value
            for other in others:
                other.see([machine])
                assert other.state() == shown
    finally:
        for machine in machines:
            machine.library.close()
            shutil.rmtree(machine.paths.data.parent)


_BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "before",
    [datetime(2026, 10, 25, 2, 59, 59, tzinfo=_BERLIN), datetime(2026, 3, 29, 1, 59, 59, tzinfo=_BERLIN)],
)
def test_the_change_to_summer_time_and_back_changes_no_order(
    tmp_path: Path, template: Path, before: datetime, tally: Tally
) -> None:
    tally("histories")
    machine = Machine(tmp_path / "a", template)
    moments = iter(
        [before, before.replace(fold=1), before + timedelta(seconds=2), before + timedelta(hours=1)]
    )
    now = before

    def clock() -> datetime:
        return now

    machine.library.close()
    with Library(machine.paths, now=clock) as library:
        row = library.resolve(identity(1))
        for number, moment in enumerate(moments):
            now = moment
            library.mark([row], marks.star(number % 2 == 0, implies_read=False))
    (journal,) = machine.paths.journal.glob("*.jsonl")
    entries = [decode(line) for line in journal.read_bytes().splitlines()]
    stamps = [entry.stamp for entry in entries if entry]
    assert len(stamps) == 4
    assert stamps == sorted(stamps)
    with Library(machine.paths) as library:
        assert not library.holding(row).state.starred


def test_a_clock_that_is_put_right_again_makes_no_act_wait(
    tmp_path: Path, template: Path, tally: Tally
) -> None:
    """Ten years ahead for one act, then right: later acts still count, though their own time is earlier."""
    tally("histories")
    machine = Machine(tmp_path / "a", template)
    machine.skew = _DECADE
    machine.act(marks.star(True, implies_read=False))
    machine.library.close()
    with Library(machine.paths, now=lambda: _START) as library:
        row = library.resolve(identity(1))
        library.mark([row], marks.star(False, implies_read=False))
        assert not library.holding(row).state.starred
        library.undo()
        assert library.holding(row).state.starred
    shutil.rmtree(machine.paths.cache)
    fill(machine.paths, [paper(1)])
    with Library(machine.paths, now=lambda: _START) as library:
        library.catch_up()
        assert library.holding(library.resolve(identity(1))).state.starred
