"""Whose turn it is: the rules of `pace` kept, in this process and together with the others."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from papers_tui.late import dataclass
from papers_tui.sources.http.address import Address
from papers_tui.sources.http.ledger import Baton, Ledger
from papers_tui.sources.http.pace import Hold, Manners, Rule, backoff, held, wait

_POLL = 0.05
_FIRST_WAIT = 60.0
_LONGEST_WAIT = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, for tests to replace.

    `now` is the time of day in UTC; `ticks` are seconds of a clock that all processes of this machine share
    and nobody sets (PEP 418: so is `monotonic` on Linux and macOS); `chance` is from 0 to 1.
    """

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class _Queue:
    """Those of this process who want to ask one family."""

    places: asyncio.Semaphore
    starts: asyncio.Lock = field(default_factory=asyncio.Lock)
    last: float | None = None


class Turns:
    """Gives each request its turn, and remembers who refused."""

    def __init__(self, folder: Path, manners: Manners, clock: Clock, *, patience: float = 5.0) -> None:
        """`folder` keeps what other processes need to know. A hold of up to `patience` seconds is waited out."""
        self._ledger = Ledger(folder)
        self._manners = manners
        self._clock = clock
        self._patience = patience
        self._queues: dict[str, _Queue] = {}
        self._holds: dict[str, Hold] = {}

    @asynccontextmanager
    async def turn(self, address: Address) -> AsyncIterator[Hold | None]:
        """Waits until `address` may be asked: inside the block is its turn, and nothing else takes it.

        Gives the hold instead, at once, where the family is to be left alone for longer than `patience`.
        """
        family, rule = self._manners.family(address), self._manners.rule(address)
        queue = self._queues.setdefault(family, _Queue(asyncio.Semaphore(rule.at_once)))
        async with queue.places:
            async with queue.starts:
                baton, hold = await self._start(family, rule, queue)
            try:
                yield hold
            finally:
                if hold is None:
                    # Counted from the end too: how long a request was on its way, only the server knows.
                    self._stamp(queue, baton)
                if baton:
                    baton.release()

    def refused(self, address: Address, status: int, seconds: int | None) -> Hold:
        """Leaves the family of `address` alone: for `seconds`, or, where none are stated, longer each time.

        Of two requests that are refused together the longer wait counts, and both are one refusal.
        """
        family, now = self._manners.family(address), self._clock.now()
        before = self._hold(family)
        together = before is not None and held(before, now) > 0
        refusals = (before.refusals if before else 0) + (0 if together else 1)
        due = backoff(refusals, base=_FIRST_WAIT, cap=_LONGEST_WAIT, jitter=self._clock.chance())
        hold = Hold(
            since=now,
            until=now + timedelta(seconds=due if seconds is None else seconds),
            status=status,
            stated=seconds is not None,
            refusals=refusals,
        )
        if before and together and before.until > hold.until:
            hold = before
        self._keep(family, hold)
        return hold

    def answered(self, address: Address, status: int, limit: tuple[int, int] | None) -> None:
        """The host of `address` answers; `limit` is how many requests it has left, and for how many seconds."""
        family, now = self._manners.family(address), self._clock.now()
        if limit is not None and limit[0] == 0 and limit[1] > 0:
            self._keep(family, Hold(now, now + timedelta(seconds=limit[1]), status, stated=True))
        elif (hold := self._hold(family)) and not held(hold, now):
            self._holds.pop(family, None)
            self._ledger.forget(family)

    def _hold(self, family: str) -> Hold | None:
        """The last word on a family, whether this process heard it or another."""
        known = (self._holds.get(family), self._ledger.hold(family))
        return max(filter(None, known), key=lambda hold: hold.until, default=None)

    def _keep(self, family: str, hold: Hold) -> None:
        self._holds[family] = hold
        self._ledger.keep(family, hold)

    async def _start(self, family: str, rule: Rule, queue: _Queue) -> tuple[Baton | None, Hold | None]:
        """Waits for what has to be waited for. While it sleeps it holds no baton: others may be first."""
        while True:
            baton = await self._baton(family) if rule.shared else None
            due = 0.0
            try:
                hold = self._hold(family)
                due = held(hold, self._clock.now())
                if due > self._patience:
                    return None, hold
                due = max(due, self._due(rule, queue, baton))
                if not due:
                    self._stamp(queue, baton)
                    kept, baton = baton, None
                    return kept, None
            finally:
                if baton:
                    baton.release()
            await self._clock.sleep(due)

    def _due(self, rule: Rule, queue: _Queue, baton: Baton | None) -> float:
        now = self._clock.ticks()
        last = baton.last() if baton else None
        if baton and last is not None and not last <= now:
            # The machine was restarted since, and its clock began anew: nobody can do better than to begin here.
            baton.stamp(now)
        return max(wait(queue.last, now, rule.interval), wait(last, now, rule.interval))

    def _stamp(self, queue: _Queue, baton: Baton | None) -> None:
        queue.last = self._clock.ticks()
        if baton:
            baton.stamp(queue.last)

    async def _baton(self, family: str) -> Baton | None:
        """The baton, as soon as it is free; None where this machine can't have one, and each is on its own."""
        while True:
            try:
                return self._ledger.take(family)
            except BlockingIOError:
                await self._clock.sleep(_POLL * (0.5 + self._clock.chance()))
            except OSError:
                return None
