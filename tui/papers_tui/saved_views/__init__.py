"""The views that the user saved, in `views.toml`: a name for a query, and perhaps a key."""

from papers_tui.saved_views.changes import (
    SUGGESTED,
    SavedView,
    Views,
    added,
    moved,
    named,
    removed,
    renamed,
    view_name,
)
from papers_tui.saved_views.expansion import expanded, quoted_argument
from papers_tui.saved_views.file import edit, load

__all__ = [
    "SUGGESTED",
    "SavedView",
    "Views",
    "added",
    "edit",
    "expanded",
    "load",
    "moved",
    "named",
    "quoted_argument",
    "removed",
    "renamed",
    "view_name",
]
