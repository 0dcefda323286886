"""What the next keys will show is read before they are pressed."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.ui.desk import fill, paper, sitting

from papers_tui.domain.errors import PapersError
from papers_tui.paths import Paths
from papers_tui.store.finder import Finder


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[int], list[int]]]:
    """The rows and texts that were read ahead, in order."""
    calls: list[tuple[list[int], list[int]]] = []
    touch = Finder.touch

    def noted(finder: Finder, rows: Iterable[int], texts: Iterable[int]) -> None:
        calls.append((list(rows), list(texts)))
        touch(finder, rows, texts)

    monkeypatch.setattr(Finder, "touch", noted)
    return calls


async def test_papers_about_the_cursor_are_read_once_the_keys_rest(
    home: Paths, touched: list[tuple[list[int], list[int]]]
) -> None:
    fill(home, [paper(number) for number in range(1, 601)])
    async with sitting(home) as desk:
        await desk.until(lambda: len(desk.papers.ids) == 600)
        ids = list(desk.papers.ids)
        await desk.until(lambda: touched[-1:] == [(ids[:256], ids[:8])])
        await desk.press("j", "j", "j")
        await desk.until(lambda: touched[-1:] == [([], ids[:11])])
        await desk.press("G")
        await desk.until(lambda: touched[-1:] == [(ids[-257:], ids[-9:])])


async def test_a_cache_that_can_not_be_read_is_told_by_whoever_needs_it(
    home: Paths, touched: list[tuple[list[int], list[int]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(home, [paper(1), paper(2)])

    def damaged(*_: object) -> None:
        touched.append(([], []))
        raise PapersError("cache", "it can't be read", "start again")

    monkeypatch.setattr(Finder, "touch", damaged)
    async with sitting(home) as desk:
        await desk.press("j")
        await desk.until(lambda: bool(touched))
        await desk.press("s")
        assert "starred" in desk.said
