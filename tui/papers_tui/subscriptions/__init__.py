"""What the user follows: the sources in `sources.toml`, changes to them, and what a person typed for one."""

from papers_tui.subscriptions.addresses import default_name, normalised, source_name
from papers_tui.subscriptions.changes import added, joined, named, paced, paused, removed, renamed, retagged
from papers_tui.subscriptions.entries import MOST_MINUTES, distinct_tags
from papers_tui.subscriptions.file import edit, load
from papers_tui.subscriptions.outline import sources_of
from papers_tui.subscriptions.pace import minutes, pace
from papers_tui.subscriptions.recognition import source_from

__all__ = [
    "MOST_MINUTES",
    "added",
    "default_name",
    "distinct_tags",
    "edit",
    "joined",
    "load",
    "minutes",
    "named",
    "normalised",
    "pace",
    "paced",
    "paused",
    "removed",
    "renamed",
    "retagged",
    "source_from",
    "source_name",
    "sources_of",
]
