"""A machine that follows sources of a simulated world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.services.simulation import Simulation

from papers_tui.config import Services
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import parse
from papers_tui.domain.sources import Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make
from papers_tui.refresh.refresher import Refresher, Summary
from papers_tui.sources.http.client import Client
from papers_tui.sources.http.connecting import Resolve, look_up


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What a refresh came to, and its events."""

    summary: Summary
    events: tuple[Mapping[str, Any], ...]

    @property
    def sources(self) -> dict[str, Mapping[str, Any]]:
        """The last word on each source that was asked, by its name."""
        return {event["source"]: event for event in self.events if event["event"] == "source"}

    @property
    def statuses(self) -> dict[str, str]:
        return {name: event["status"] for name, event in self.sources.items()}

    @property
    def reasons(self) -> str:
        return "\n".join(event.get("reason", "") for event in self.sources.values())


class Machine:
    """A library under `folder`, whose clock is the world's: `with Machine(folder, simulation) as machine`."""

    def __init__(
        self, folder: Path, simulation: Simulation, *, resolve: Resolve = look_up, token: str = ""
    ) -> None:
        self.simulation = simulation
        self.paths: Paths = find_paths({"PAPERS_TUI_HOME": str(folder)})
        make(self.paths)
        self.services = services_of(simulation)
        self.library = Library(self.paths, now=lambda: simulation.world.now)
        self._resolve = resolve
        self._token = token
        self.bugs: list[str] = []

    def __enter__(self) -> Machine:
        self.library.__enter__()
        self.library.catch_up()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.library.__exit__(kind, error, trace)
        if kind is None:
            assert not self.bugs, self.bugs[0]

    async def refresh(self, *sources: Source, force: bool = False, since: date | None = None) -> Told:
        async with self._refresher() as (refresher, events):
            return Told(await refresher.run(sources, force=force, since=since), tuple(events))

    async def look_up(self, identifier: str) -> Told:
        """`papers-tui refresh --paper`."""
        known = next((paper for paper in self.papers if paper.id == f"arxiv:{identifier}"), None)
        async with self._refresher() as (refresher, events):
            return Told(await refresher.paper(identifier, known), tuple(events))

    def _refresher(self) -> _Run:
        self.simulation.rules.new_refresh()
        events: list[Mapping[str, Any]] = []
        client = Client(
            self.paths.log / "hosts",
            manners=self.simulation.manners(),
            clock=self.simulation.clock(),
            resolve=self._resolve,
        )
        refresher = Refresher(
            self.library.intake,
            self.services,
            client,
            emit=events.append,
            report=self.bugs.append,
            token=self._token,
            now=lambda: self.simulation.world.now,
            chance=lambda: 0.0,
        )
        return _Run(refresher, events)

    def wait(self, **span: float) -> None:
        """Lets the world's time pass: `wait(hours=3)`."""
        self.simulation.world.now += timedelta(**span)

    def state(self, source: Source) -> SourceState:
        return self.library.intake.states()[source.ref]

    @property
    def rows(self) -> tuple[int, ...]:
        return tuple(self.library.find(parse("")))

    @property
    def papers(self) -> list[Paper]:
        return [self.library.holding(row).paper for row in self.rows]

    @property
    def ids(self) -> list[str]:
        return sorted(paper.id for paper in self.papers)

    def paper(self, identifier: str) -> Paper:
        (found,) = [paper for paper in self.papers if identifier in paper.keys]
        return found


@dataclass(frozen=True, slots=True)
class _Run:
    """A refresher while it is at work, with what it tells."""

    refresher: Refresher
    events: list[Mapping[str, Any]]

    async def __aenter__(self) -> tuple[Refresher, list[Mapping[str, Any]]]:
        return await self.refresher.__aenter__(), self.events

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.refresher.__aexit__(kind, error, trace)


def services_of(simulation: Simulation) -> Services:
    """Where the program finds the simulated services."""
    arxiv = simulation.origin("arxiv")
    return Services(simulation.origin("huggingface"), arxiv, arxiv, simulation.origin("paperswithcode"))


def blogs(simulation: Simulation, numbers: Iterable[int] = range(4)) -> tuple[Source, ...]:
    return tuple(Source(f"blog {number}", "feed", simulation.feed(number)) for number in numbers)


def kept(machine: Machine) -> set[tuple[object, ...]]:
    """All that a library keeps of its papers, but for the numbers of rows and when they came."""
    held = map(machine.library.holding, machine.rows)
    return {(holding.paper, frozenset(holding.sources)) for holding in held}
