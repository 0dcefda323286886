"""arXiv: addresses to ask for, and its answers as papers.

Terms of use: https://info.arxiv.org/help/api/tou.html (one request in three seconds, over all its services).
"""

from papers_tui.sources.arxiv.addresses import (
    Categories,
    Search,
    day_address,
    ids_address,
    parse_source,
    rss_address,
    search_address,
)
from papers_tui.sources.arxiv.api import parse_api
from papers_tui.sources.arxiv.listing import MOST_AT_ONCE, Listing, is_stale, missing_ids, next_start
from papers_tui.sources.arxiv.rss import parse_rss

__all__ = [
    "MOST_AT_ONCE",
    "Categories",
    "Listing",
    "Search",
    "day_address",
    "ids_address",
    "is_stale",
    "missing_ids",
    "next_start",
    "parse_api",
    "parse_rss",
    "parse_source",
    "rss_address",
    "search_address",
]
