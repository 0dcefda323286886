"""A hundred sources with nothing new."""

from __future__ import annotations

import sqlite3
import tomllib
from pathlib import Path

from tests.bench.feeds import unchanged_feeds
from tests.refresh.machine import Machine
from tests.services.simulation import Simulation
from tests.services.world import World

from papers_tui.domain.sources import Source

_TABLES = ("paper", "body", "key", "shared_key", "reading", "version", "member", "label", "forward")


async def test_they_are_asked_whether_and_nothing_is_written_of_papers(tmp_path: Path) -> None:
    with (
        Simulation(World(1, days=3, a_day=1, blogs=0)) as simulation,
        Machine(tmp_path / "home", simulation) as machine,
        unchanged_feeds(100) as (tables, server),
    ):
        sources = [Source(**table) for table in tomllib.loads(tables)["source"]]
        first = await machine.refresh(*sources)
        assert set(first.statuses.values()) == {"fetched"}
        assert first.summary.new == len(machine.ids) == 2000
        before = written(machine)
        server.requests.clear()
        machine.wait(hours=1)
        second = await machine.refresh(*sources, force=True)
        assert list(second.statuses.values()) == ["unchanged"] * 100
        assert len(server.requests) == 100
        assert all("if-none-match" in asked.headers for asked in server.requests)
        assert written(machine) == before
        assert all(state.asked > "2" for state in machine.library.intake.states().values())


def written(machine: Machine) -> list[tuple[object, ...]]:
    """All that the store holds of papers."""
    (file,) = machine.paths.cache.glob("library-*.sqlite3")
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [row for table in _TABLES for row in db.execute(f"SELECT * FROM {table}")]
    finally:
        db.close()
