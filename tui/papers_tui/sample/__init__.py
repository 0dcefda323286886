"""The sample library: real papers to look at before there are any of one's own."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from papers_tui.library import Library
from papers_tui.paths import find_paths

NAME = "sample papers"


def sample_library(folder: Path) -> Library:
    """A library of the sample papers in `folder`, apart from everything of the user's."""
    library = Library(find_paths(os.environ | {"PAPERS_TUI_HOME": str(folder)}))
    data = (files("papers_tui.sample") / "papers.jsonl").read_bytes()
    library.import_file(NAME, data, datetime.now(UTC).date())
    return library
