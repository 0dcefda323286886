"""What is followed, and how asking for it goes, as the panes show it."""

from __future__ import annotations

from collections.abc import Mapping

from papers_tui.domain.sources import Source, SourceState
from papers_tui.late import dataclass, field


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed, and how asking for it goes.

    `states` are those of the sources by `ref`. `progress` says what a running refresh does, `running` whether there is
    one; `offline`, that the last one reached nothing. `manual`: nothing is asked by itself.
    """

    sources: tuple[Source, ...] = ()
    states: Mapping[str, SourceState] = field(default_factory=dict)
    running: bool = False
    progress: str = ""
    offline: bool = False
    manual: bool = False

    @property
    def failing(self) -> tuple[Source, ...]:
        """The sources that are in trouble themselves."""
        return tuple(source for source in self.sources if self.is_failing(source))

    def is_failing(self, source: Source) -> bool:
        state = self.states.get(source.ref)
        return state is not None and state.failing and not source.paused

    def reason(self, source: Source) -> str:
        """What the last attempt at a source came to, in words; empty where all is well."""
        state = self.states.get(source.ref)
        return state.reason if state else ""

    def due(self, now: str) -> bool:
        """Whether any source is to be asked by itself at a UTC time."""
        return not self.manual and any(
            not source.paused and ((state := self.states.get(source.ref)) is None or state.due <= now)
            for source in self.sources
        )
