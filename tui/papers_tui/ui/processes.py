"""Ending processes that work for the app."""

from __future__ import annotations

import asyncio
import contextlib


async def wait_for_end(process: asyncio.subprocess.Process) -> None:
    """Until a process that was killed is gone, whoever else wants to be gone meanwhile: one that nobody waited for
    is never let go of."""
    while process.returncode is None:
        with contextlib.suppress(asyncio.CancelledError):
            await process.wait()
