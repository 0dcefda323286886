"""The refresh as the app sees it: a process of its own that tells what it does, a JSON object a line."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from papers_tui.ui.processes import wait_for_end

COMMAND = (sys.executable, "-P", "-m", "papers_tui", "refresh", "--json")

RUNNING = 75
"""How it ends where another refresh holds the lock, or nothing could be reached."""

_NICE = 10
_LONGEST_LINE = 1 << 20
_FAREWELL_SECONDS = 2.0


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
