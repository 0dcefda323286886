"""Opening the library for a command, and naming papers in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from papers_tui.cli import streams
from papers_tui.domain.errors import PapersError
from papers_tui.library import Library
from papers_tui.paths import Paths

_MANY = 3
"""Imported files to read in, from which on it takes long enough to say so."""


@contextlib.contextmanager
def opened(paths: Paths) -> Iterator[Library]:
    """The library, up to date with what other instances and devices did; what had to be mended is said."""
    progress = streams.Progress("reading")

    def tell(what: str, done: int, total: int) -> None:
        if total >= _MANY:
            progress.show(done, total, what)

    with Library(paths) as library:
        try:
            problems = library.catch_up(tell)
        finally:
            progress.wipe()
        for sentence in (library.notice, *problems):
            if sentence:
                streams.say(sentence)
        yield library


def row_of(library: Library, identifier: str) -> int:
    """The row of the paper that an id from the command line names. Raises PapersError where none or several are."""
    # Bytes that are no text reach us as lone surrogates, which no database takes.
    text = identifier.encode("utf-8", "replace").decode("utf-8").strip()
    if not text:
        raise PapersError("id", "it is empty", "`papers-tui list --format ids` shows them all")
    return library.resolve(text)


def acts(count: int) -> str:
    """`1 act`, `2 acts`."""
    return "1 act" if count == 1 else f"{count:,} acts"


def papers(count: int) -> str:
    """`1 paper`, `2 papers`."""
    return "1 paper" if count == 1 else f"{count:,} papers"
