"""The filter, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, times
from tests.bench.setting import Setting

from papers_tui.domain.errors import QueryError
from papers_tui.domain.query import Query, asks_for_words, is_begun, parse
from papers_tui.library import Library
from papers_tui.store.finder import Finder
from papers_tui.ui.views import INBOX

QUERIES = (
    "diffusion models",
    "large language model",
    "reinforcement learning",
    "graph neural",
    "retrieval augmented",
    "vision transformer",
    "attention",
    "self-supervised",
    "robot",
    "author:sam",
    "cat:cs.LG planning",
    "upvotes:>50 speech",
    "has:code",
    "is:starred",
    "zyzzyva",
)
LETTERS = "acdlmprst"
"""What words most often begin with: as a query, each finds a good part of all papers."""
_NOTHING = "Nothing found"


def search(setting: Setting) -> Iterator[Figure]:
    """From a letter to the frame that shows the first papers of what is typed by then, in titles and authors first."""
    typed: list[float] = []
    single: list[float] = []
    queries = QUERIES if setting.rounds > 10 else QUERIES[:1]
    with Library(setting.paths) as library, setting.app() as terminal:
        finder = library.finder()
        for text in (*queries, *LETTERS):
            terminal.press("/", "Inbox /")
            for end in range(1, len(text) + 1):
                expected = _expected(finder, library, text[:end])
                if expected is None:
                    terminal.type(text[end - 1])
                    terminal.quiet(0.3)
                else:
                    taken = terminal.press(text[end - 1], expected)
                    (single if end == 1 else typed).append(taken)
            terminal.press("\x1b", r"Inbox 1/")
        finder.close()
    yield from times("search.key", [*single, *typed], 30, 25)
    yield from times("search.first-letter", single, None, 25)


def _expected(finder: Finder, library: Library, text: str) -> str | None:
    """The frame that shows the first paper these words find; None where they can't be read yet.

    It is the first one that holds them in its title or authors, or, where the abstracts answered at once, anywhere.
    """
    try:
        words = parse(text, typing=True)
    except QueryError:
        return None
    query = Query((*INBOX.query.terms, *words.terms), words.sort)
    stages = [True] if is_begun(words) else [True, False] if asks_for_words(words) else [False]
    return "|".join({_first(finder, library, query, headings=headings): None for headings in stages})


def _first(finder: Finder, library: Library, query: Query, *, headings: bool) -> str:
    found = finder.first(query, headings=headings, many=1)
    assert found, "nobody gives this search up"
    ids, _ = found
    return library.rows(ids)[ids[0]].title[:8] if ids else _NOTHING
