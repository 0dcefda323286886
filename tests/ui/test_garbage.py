"""Garbage is looked for, and not while somebody types."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from papers_tui.paths import Paths
from papers_tui.ui import garbage

from .desk import fill, paper, sitting


class Ring:
    """It holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def as_before() -> Iterator[None]:
    """Python looks for garbage afterwards as it did before."""
    thresholds, enabled = gc.get_threshold(), gc.isenabled()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()
    (gc.enable if enabled else gc.disable)()


@pytest.mark.usefixtures("as_before")
def test_what_is_old_is_looked_through_once() -> None:
    garbage.begin()
    gc.disable()  # for what is left to chance
    held = Ring()
    gone = weakref.ref(held)
    gc.collect()  # it is old now
    del held
    gc.collect(1)
    assert gone() is not None, "the young alone were looked through"
    garbage.collect()
    assert gone() is not None, "that is for whoever turned it off to decide"
    gc.enable()
    garbage.collect()
    assert gone() is None
    before = gc.get_stats()[2]["collections"]
    garbage.collect()
    assert gc.get_stats()[2]["collections"] == before, "nothing was made since"


@pytest.mark.usefixtures("as_before")
async def test_a_key_puts_it_off(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(home, [paper(1), paper(2)])
    async with sitting(home) as desk:
        looked: list[bool] = []
        monkeypatch.setattr(garbage, "collect", lambda: looked.append(True))
        await desk.press("j")
        monkeypatch.setattr(desk.app, "_typed_at", time.monotonic() + 60)
        desk.app._collect()
        assert looked == []
        monkeypatch.setattr(desk.app, "_typed_at", time.monotonic() - 5)
        desk.app._collect()
        assert looked == [True]


async def test_a_key_is_what_was_typed_last(home: Paths) -> None:
    fill(home, [paper(1), paper(2)])
    async with sitting(home) as desk:
        before = desk.app._typed_at
        await desk.press("j")
        assert desk.app._typed_at > before
