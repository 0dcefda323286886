"""Opening the library for the screen."""

from __future__ import annotations

from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.ui.views import INBOX


def opened(paths: Paths, *, wait_ms: int) -> Library:
    """The user's library, of which the first screen can be read; `wait_ms` is for another one that writes.

    A cache that turns out to be damaged only at this first look is set aside at once. Raises PapersError.
    """
    library = Library(paths, wait_ms=wait_ms)
    try:
        library.newest()
        library.counts()
        library.behind()
        library.rows(library.first(INBOX.query)[0])
    except PapersError:
        library.close()
        return Library(paths, wait_ms=wait_ms)
    return library
