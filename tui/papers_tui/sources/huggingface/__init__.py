"""Hugging Face: addresses to ask for, its answers as papers, and which editions of Daily Papers are due.

Its interface: https://huggingface.co/.well-known/openapi.json and the client `huggingface_hub`.
"""

from papers_tui.sources.huggingface.addresses import (
    Period,
    daily_address,
    paper_address,
    parse_source,
    period_address,
    search_address,
)
from papers_tui.sources.huggingface.answers import Extras, Page, parse_page, parse_paper
from papers_tui.sources.huggingface.editions import EditionState, edition_state, editions_due
from papers_tui.sources.huggingface.rows import paper_from_row, papers_from_rows

__all__ = [
    "EditionState",
    "Extras",
    "Page",
    "Period",
    "daily_address",
    "edition_state",
    "editions_due",
    "paper_address",
    "paper_from_row",
    "papers_from_rows",
    "parse_page",
    "parse_paper",
    "parse_source",
    "period_address",
    "search_address",
]
