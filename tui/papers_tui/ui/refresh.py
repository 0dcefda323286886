"""The refresh as the app sees it: a process of its own that tells what it does, a JSON object a line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any

from papers_tui.domain.sources import Source, SourceState
from papers_tui.late import dataclass
from papers_tui.ui.processes import wait_for_end

COMMAND = (sys.executable, "-P", "-m", "papers_tui", "refresh", "--json")

RUNNING = 75
"""How it ends where another refresh holds the lock, or nothing could be reached."""

_NICE = 10
_LONGEST_LINE = 1 << 20
_FAREWELL_SECONDS = 2.0


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


async def follow(
    command: Sequence[str], environ: Mapping[str, str], hear: Callable[[Mapping[str, Any]], None]
) -> int:
    """Runs a refresh and gives its exit code; `hear` is told each event.

    It stands apart from the terminal, with less priority than the keys. Whoever waits may be cancelled: it is then
    asked to end, which leaves the library whole.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=dict(environ),
        start_new_session=True,
        limit=_LONGEST_LINE,
    )
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
    assert process.stdout
    try:
        while line := await process.stdout.readline():
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict):
                    hear(event)
        return await process.wait()
    finally:
        if process.returncode is None:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _FAREWELL_SECONDS)
    except (TimeoutError, asyncio.CancelledError):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await wait_for_end(process)
