"""The program's side of its parsing process: started when needed, replaced when it dies or takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType

from papers_tui.domain.errors import FeedError
from papers_tui.sources.feeds.message import CPU_SECONDS, READY, Job, Parsed, length_of, pack_job, result_of

WALL_SECONDS = 5.0
START_SECONDS = 20.0
_LAST_BREATH = 0.5

_COMMAND = (sys.executable, "-P", "-m", "papers_tui.sources.feeds.worker")
_KEPT = ("PATH", "LANG", "LC_", "LD_", "DYLD_", "PYTHON", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")


class Parser:
    """Parses feeds, one at a time, in one limited process: `async with Parser() as parser`.

    `seconds` is how long one feed may take, the start of the process not counted; `command` starts it.
    """

    def __init__(self, *, seconds: float = WALL_SECONDS, command: Sequence[str] = _COMMAND) -> None:
        self._seconds = seconds
        self._command = tuple(command)
        self._process: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Parser:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    @property
    def process_id(self) -> int | None:
        """The number of the running process, if one runs."""
        return self._process.pid if self._process else None

    async def parse(
        self, data: bytes, *, content_type: str | None = None, base_url: str | None = None, source: str
    ) -> Parsed | FeedError:
        """What the feed holds, or why it can't be had: a value in any case.

        Arguments are those of `reading.parse` and `papers.papers_from_feed`. Whoever waits may be cancelled; the
        process is then replaced.
        """
        async with self._turn:
            done = False
            try:
                process = await self._started()
                result = await asyncio.wait_for(
                    _answer(process, Job(data, content_type, base_url, source)), self._seconds
                )
                done = True
                return result
            except TimeoutError:
                return _too_slow(self._seconds)
            except (EOFError, ConnectionError):
                return _too_slow(CPU_SECONDS) if await self._ended() == -signal.SIGXCPU else _broke_down()
            except ValueError:
                return _broke_down()
            except OSError as fault:
                return FeedError("feed", f"the parser can't be started: {fault.strerror or fault}")
            finally:
                if not done:
                    await self._end()

    async def _started(self) -> asyncio.subprocess.Process:
        """The running process, a new one where there is none."""
        if self._process and self._process.returncode is None:
            return self._process
        await self._end()
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_without_secrets(os.environ),
            start_new_session=True,
        )
        assert process.stdout
        try:
            greeting = await asyncio.wait_for(process.stdout.readexactly(len(READY)), START_SECONDS)
        except (EOFError, TimeoutError):
            greeting = b""
        if greeting != READY:
            raise OSError("it does not answer")
        return process

    async def _ended(self) -> int | None:
        """How the process ended that has closed its pipes; None where it lives on without them."""
        if not self._process:
            return None
        with contextlib.suppress(TimeoutError):
            # To signal it now would take its status away from asyncio, which then knows no reason.
            await asyncio.wait_for(self._process.wait(), _LAST_BREATH)
        return self._process.returncode

    async def _end(self) -> None:
        process, self._process = self._process, None
        if not process:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        while await process.stdout.read(1 << 16):
            pass
        await process.wait()
        with contextlib.suppress(ConnectionError):
            await process.stdin.wait_closed()


def _too_slow(seconds: float) -> FeedError:
    return FeedError("feed", f"it takes more than {seconds:g} seconds to read")


def _broke_down() -> FeedError:
    return FeedError("feed", "it can't be read: the parser broke down over it")


async def _answer(process: asyncio.subprocess.Process, job: Job) -> Parsed | FeedError:
    assert process.stdin
    assert process.stdout
    process.stdin.write(pack_job(job))
    await process.stdin.drain()
    length = length_of(await process.stdout.readexactly(4))
    return result_of(await process.stdout.readexactly(length))


def _without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """What Python needs to start, and no token of the user's."""
    return {name: value for name, value in environment.items() if name.startswith(_KEPT)}
