"""The list of papers: the pane, what a line of it looks like, and the words that it has in common with other panes."""

from papers_tui.ui.panes.paper_list.listing import Listing
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.panes.paper_list.words import brief_date, counted, full_date

__all__ = ["Listing", "PaperList", "brief_date", "counted", "full_date"]
