"""The cache that the app works on: the user's, or a passing one where that can't be used."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from papers_tui.domain.errors import PapersError, TryLater
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.views import INBOX

LARGE = 32 << 20
"""Bytes of the cache and the journal from which on it would slow the keys to examine them."""

_LOOKED_AT = 128
"""Papers that have to be readable for the cache to be taken for sound: about as many as are read for the list."""


class Cache:
    """Sees to it that the app opens, whatever became of the cache: all that the user did stands elsewhere.

    `paths` are those that the library has, `problems` what is to be told of it, a sentence each.
    """

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.problems: tuple[str, ...] = ()
        self._passing: Path | None = None

    def library(self, *, wait_ms: int) -> Library:
        """The library on the cache; `wait_ms` as there. Raises PapersError where the journal has no place either."""
        try:
            return _sound(self.paths, wait_ms)
        except TryLater:
            raise
        except PapersError as error:
            if not error.title.startswith(str(self.paths.cache)) or not self.paths.journal.is_dir():
                raise
            return self._passing_library(error, wait_ms)

    def examined(self) -> str:
        """What the cache says otherwise than the journal, by a library of its own; "" where all is well."""
        with Library(self.paths) as library:
            return library.examine()

    def throw_away(self) -> None:
        """Deletes the passing cache, if there is one."""
        if self._passing:
            shutil.rmtree(self._passing, ignore_errors=True)

    def _passing_library(self, error: PapersError, wait_ms: int) -> Library:
        try:
            self._passing = Path(tempfile.mkdtemp(prefix="papers-tui-cache-"))
        except OSError:
            raise error from None
        self.paths = replace(self.paths, cache=self._passing)
        self.problems = (f"{error}. Until then papers are listed from a passing cache; what you do is kept.",)
        return _sound(self.paths, wait_ms)


def _sound(paths: Paths, wait_ms: int) -> Library:
    """The library; where damage is met as it is brought up to date and first looked at, the cache is set aside."""
    library = Library(paths, wait_ms=wait_ms)
    try:
        if not library.behind():
            library.sync()
        library.newest()
        library.counts()
        library.rows(library.first(INBOX.query, many=_LOOKED_AT)[0])
    except TryLater:
        return library
    except PapersError:
        library.close()
        return Library(paths, wait_ms=wait_ms)
    return library
