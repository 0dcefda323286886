"""The query that the words of a command line spell."""

from __future__ import annotations

from collections.abc import Sequence

from papers_tui.cli import streams
from papers_tui.domain.query import Query
from papers_tui.paths import Paths
from papers_tui.saved_views import expanded, load, quoted_argument


def query_of(words: Sequence[str], paths: Paths, *, sort: str = "") -> Query:
    """The query in these words, with the terms of the saved views that it names.

    `sort` as for `saved_views.expanded`. What is wrong with the file of views is said where one may be named.
    Raises QueryError.
    """
    text = " ".join(words)
    if "view:" not in text.lower():
        return expanded(text, (), sort=sort)
    views, problems = load(paths.views_file)
    for problem in problems:
        streams.say(problem)
    return expanded(" ".join(quoted_argument(word, views) for word in words), views, sort=sort)
