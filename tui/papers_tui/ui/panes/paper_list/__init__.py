"""The list of papers, `pane` apart without Textual: what a line of it says, and words that other panes share."""

from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.panes.paper_list.words import brief_date, counted, full_date

__all__ = ["Listing", "brief_date", "counted", "full_date"]
