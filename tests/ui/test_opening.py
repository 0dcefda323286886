"""A cache that turns out to be damaged at the first look at it is built anew at once, and met later it is named."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.cache import Cache

from .desk import fill, paper, sitting

_MANY = 300
_PAGE = 4096


@pytest.fixture
def cache(home: Paths) -> Path:
    """The cache file of 300 unread papers, all of which an imported file holds."""
    fill(home, [paper(number) for number in range(1, _MANY + 1)])
    with Library(home) as library:
        library._store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return next(home.cache.glob("library-*.sqlite3"))


@pytest.mark.parametrize("first", [2, 5, 10, 20])
async def test_smashed_pages_are_set_aside_at_the_start(home: Paths, cache: Path, first: int) -> None:
    data = cache.read_bytes()
    smashed = min(8 * _PAGE, len(data) - first * _PAGE)
    cache.write_bytes(data[: first * _PAGE] + b"\xff" * smashed + data[first * _PAGE + smashed :])
    async with sitting(home) as desk:
        await desk.until(lambda: len(desk.listed) == _MANY)


def test_what_opens_well_is_left_as_it_is(home: Paths, cache: Path) -> None:
    before = cache.read_bytes()
    library = Cache(home).library(wait_ms=0)
    assert library.notice == ""
    library.close()
    assert cache.read_bytes() == before


async def test_damage_that_is_met_later_is_named_with_the_way_out(
    home: Paths, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.exists()
    async with sitting(home) as desk:
        error = PapersError("cache", "it is damaged", "start again")
        monkeypatch.setattr(Library, "counts", Mock(side_effect=error))
        await desk.press("s")
        await desk.until(lambda: "cache: it is damaged (start again)" in desk.screen_text())
        assert desk.listed
