"""The end that comes from outside: heard whatever the app does, and final even where the app no longer listens."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator

import pytest

from papers_tui.ui import farewell as module
from papers_tui.ui.farewell import SIGNALS, Farewell


class App:
    """Stands for the app: what it is told, and what it does about it."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.told: list[int] = []
        self.helped = 0
        self.restored = False
        self.heard = threading.Event()
        self.left = threading.Event()
        self.code = 0
        self.hangs = hangs
        self.farewell = Farewell(self.end, help_on=self.help_on, last=self.last, leave=self.leave)

    def end(self, code: int) -> None:
        self.told.append(code)
        if not self.hangs:
            self.farewell.over()
        self.heard.set()

    def help_on(self) -> None:
        self.helped += 1

    def last(self) -> None:
        self.restored = True

    def leave(self, code: int) -> None:
        self.code = code
        self.left.set()


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_TICK", 0.005)
    monkeypatch.setattr(module, "_PATIENCE", 0.02)
    monkeypatch.setattr(module, "_LIMIT", 0.1)
    former = [signal.getsignal(number) for number in SIGNALS]
    yield
    assert [signal.getsignal(number) for number in SIGNALS] == former


async def until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, 20)


@pytest.mark.parametrize("number", SIGNALS)
async def test_the_app_is_told_in_its_loop_with_the_code_of_a_shell(number: signal.Signals) -> None:
    app = App()
    app.farewell.begin(asyncio.get_running_loop())
    signal.raise_signal(number)
    await until(app.heard)
    assert app.told == [128 + number]


async def test_one_that_hangs_is_helped_and_then_ended_with_its_terminal_restored() -> None:
    app = App(hangs=True)
    app.farewell.begin(asyncio.get_running_loop())
    for _ in range(1000):
        signal.raise_signal(signal.SIGTERM)
    await until(app.left)
    app.farewell.over()
    assert (app.told, app.code, app.restored) == ([143], 143, True)
    assert app.helped > 1


async def test_while_another_program_has_the_terminal_nobody_is_hurried() -> None:
    app = App(hangs=True)
    app.farewell.begin(asyncio.get_running_loop())
    with app.farewell.held():
        signal.raise_signal(signal.SIGHUP)
        await until(app.heard)
        assert not await asyncio.to_thread(app.left.wait, 0.3)
    await until(app.left)
    app.farewell.over()
    assert app.code == 129


async def test_a_terminal_that_goes_is_a_hang_up() -> None:
    app = App()
    ours, its = os.openpty()
    app.farewell.begin(asyncio.get_running_loop(), its)
    os.close(ours)
    await until(app.heard)
    os.close(its)
    assert app.told == [129]


async def test_who_is_told_nothing_hears_nothing_and_lets_go() -> None:
    app = App()
    before = set(threading.enumerate())
    app.farewell.begin(asyncio.get_running_loop())
    (thread,) = set(threading.enumerate()) - before
    app.farewell.over()
    await asyncio.to_thread(thread.join, 20)
    assert not thread.is_alive()
    assert app.told == []
