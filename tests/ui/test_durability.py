"""The app on a disk that is full, read-only or rotten: it opens, says so, and keeps what is done at it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from tests.tallying import Tally

from papers_tui.domain.marks import State
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.store.schema import VERSION

from .desk import SMALL, Desk, deliberate, fill, identity, paper, sitting

_CACHE = f"library-v{VERSION}.sqlite3"


@pytest.fixture
def ten(home: Paths) -> Paths:
    fill(home, [paper(number) for number in range(1, 11)])
    return home


class _Full:
    """A disk that takes nothing while it `is_full`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = True
        really = os.write

        def write(descriptor: int, data: bytes) -> int:
            if self.is_full and os.path.realpath(f"/proc/self/fd/{descriptor}").endswith(".jsonl"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return really(descriptor, data)

        monkeypatch.setattr(os, "write", write)


async def test_acts_on_a_full_disk_are_kept_and_saved_once_there_is_room(
    ten: Paths, monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    tally("faults", 3)
    disk = _Full(monkeypatch)
    async with sitting(ten, size=SMALL) as desk:
        for number in range(1, 4):
            await desk.press("s")
            assert "NOT SAVED: No space left on device" in desk.screen_text()
            assert desk.state(number) == State(read=True, starred=True)
        assert "★" in desk.screen_text()
        assert desk.app.library.unsaved == 3
        assert deliberate(ten) == []
        disk.is_full = False
        await desk.until(lambda: desk.said == "saved now")  # a timer tries again every few seconds
        assert "NOT SAVED" not in desk.screen_text()
        assert deliberate(ten) == ["star"] * 3
    with Library(ten) as library:
        assert [library.holding(library.resolve(identity(n))).state.starred for n in range(1, 5)] == [
            *(True,) * 3,
            False,
        ]


async def _shows_all(desk: Desk) -> None:
    await desk.until(lambda: desk.papers.ids)
    assert desk.listed == list(range(1, 11))


async def test_it_opens_on_a_cache_that_can_not_be_used_and_keeps_what_is_done(
    ten: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tally: Tally
) -> None:
    """The folder is not there any more, and none can be made in its place."""
    tally("faults")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path in ten.cache.iterdir():
        path.unlink()
    ten.cache.rmdir()
    ten.cache.write_text("no folder")
    async with sitting(ten) as desk:
        await _shows_all(desk)
        (problem,) = [one for one in desk.app._problems if "passing cache" in one]
        assert problem.startswith(
            f"{ten.cache}: {ten.cache} is not a folder, and one is needed there (move it away)"
        )
        await desk.press("s")
        assert desk.state(1).starred
    assert deliberate(ten) == ["star"]
    assert list(tmp_path.glob("papers-tui-cache-*")) == []


@pytest.fixture
def rotten(ten: Paths) -> Paths:
    """A cache whose end is overwritten, so that it opens and can't be read."""
    path = ten.cache / _CACHE
    data = path.read_bytes()
    half = 20 * 4096
    path.write_bytes(data[:half] + b"\xff" * (len(data) - half))
    return ten


async def test_it_opens_on_a_cache_that_can_not_be_read(rotten: Paths, tally: Tally) -> None:
    tally("faults")
    for _ in range(2):
        async with sitting(rotten) as desk:
            await desk.press("j")
    async with sitting(rotten) as desk:
        assert (rotten.cache / f"{_CACHE}.broken-1").exists()
        await _shows_all(desk)


async def test_damage_under_the_hands_is_said_and_stops_nothing(ten: Paths, tally: Tally) -> None:
    tally("faults")
    async with sitting(ten) as desk:
        await desk.press("s")
        desk.app.library._store.db.execute("UPDATE body SET record='{'")
        desk.app.library._store.db.execute("UPDATE paper SET authors='['")
        desk.papers.forget()
        await desk.press("j", "s", "]", "j", "?", "escape", "/")
        await desk.press("escape", "[")
        assert "the cache is damaged" in desk.said
        await desk.press("q")
        assert desk.app._exit
    async with sitting(ten) as desk:
        await desk.until(lambda: desk.papers.ids)
        assert desk.app._problems[0].startswith("the cache was damaged")
        assert desk.state(1) == State(read=True, starred=True)
