"""The check of a source as the app sees it: a process of its own that ends with a JSON object."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence

from papers_tui.domain.checked import Checked, from_checked_record
from papers_tui.domain.sources import Source
from papers_tui.ui.processes import wait_for_end

COMMAND = (sys.executable, "-P", "-m", "papers_tui", "source", "check", "--json", "--with-secrets")


async def checked(command: Sequence[str], source: Source, *, offered_by: str = "") -> Checked:
    """What `command` finds out about a source; `offered_by` is the page that gave its address, if the user did not.

    Whoever waits may be cancelled: the process is then ended, and whatever works for it ends for want of work.
    """
    given = ("--offered-by", offered_by) if offered_by else ()
    try:
        process = await asyncio.create_subprocess_exec(
            *(*command, *given, "--", source.ref),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return _broken(source, f"it can't be asked: {error.strerror or error}")
    try:
        output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await wait_for_end(process)
    try:
        record = json.loads(output)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        return _broken(source, f"the check ended without a word (exit code {process.returncode})")
    return from_checked_record(record)


def _broken(source: Source, error: str) -> Checked:
    return Checked(source.kind, source.address, source.name, error=error)
