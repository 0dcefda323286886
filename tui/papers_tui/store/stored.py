"""What stands in the cache as JSON. This program wrote it, so what can't be read was damaged since."""

from __future__ import annotations

import json
import sqlite3

from papers_tui.domain.paper import Paper
from papers_tui.domain.record import from_record
from papers_tui.late import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


def stored(text: str) -> Any:
    """The value of a text. Raises sqlite3.DatabaseError, as SQLite does for damage that it sees itself."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise sqlite3.DatabaseError(f"a text in it is garbled ({error})") from error


def stored_paper(text: str) -> Paper:
    """The paper of a record. Raises as `stored` does."""
    record = stored(text)
    try:
        return from_record(record)
    except (ValueError, AttributeError) as error:
        raise sqlite3.DatabaseError(f"a paper in it is garbled ({error})") from error
