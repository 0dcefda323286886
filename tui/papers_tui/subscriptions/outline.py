"""A list of feeds from another feed reader, as sources."""

from __future__ import annotations

from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.domain.sources import Source
from papers_tui.subscriptions.addresses import source_name
from papers_tui.subscriptions.entries import distinct_tags
from papers_tui.subscriptions.recognition import source_from


def sources_of(data: bytes) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The sources that an OPML file lists, tagged by their groups, and a sentence for each that can't be one.

    A feed of arXiv becomes a source of its categories. Raises FeedError where `data` is no OPML.
    """
    from papers_tui.sources.opml import read_opml

    outline = read_opml(data)
    found: list[Source] = []
    faults = list(outline.faults)
    for feed in outline.feeds:
        try:
            source = source_from(feed.address, home=Path("/"))  # what is listed are web addresses alone
        except PapersError as error:
            faults.append(f"“{source_name(feed.title) or feed.address[:80]}”: {error.message}")
            continue
        name = source_name(feed.title) or source.name
        found.append(Source(name, source.kind, source.address, distinct_tags(feed.tags)))
    return tuple(found), tuple(faults)
