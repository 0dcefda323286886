"""The log file: what a bug left behind."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from papers_tui import __version__
from papers_tui.domain.confidential import environment_secrets, without_secrets


def keep_traceback(file: Path, text: str) -> None:
    """Adds the traceback of a bug to the log, without secrets. Raises OSError where that can't be done."""
    text = without_secrets(text, environment_secrets(os.environ))
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} papers-tui {__version__}\n{text}\n")
