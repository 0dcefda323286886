"""The user's own editor."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from papers_tui.domain.errors import PapersError


def edited(text: str) -> str:
    """The text after the user had it in `$VISUAL` or `$EDITOR` (or vi); the terminal is theirs meanwhile.

    Raises PapersError where the editor can't be started or says that it failed; the text is then as it was.
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        with tempfile.TemporaryDirectory(prefix="papers-tui-") as folder:
            file = Path(folder) / "note.md"
            file.write_text(text, "utf-8")
            code = _run(command, file)
            if code:
                raise PapersError(command, f"it ended with {code}", "the note is as it was")
            return file.read_text("utf-8", "replace")
    except OSError as error:
        raise PapersError(command, f"the note can't be handed over: {error}", "it is as it was") from error


def _run(command: str, file: Path) -> int:
    import shlex

    try:
        return subprocess.run([*shlex.split(command), str(file)], check=False).returncode
    except (OSError, ValueError) as error:
        raise PapersError(command, f"it can't be started: {error}", "set $EDITOR") from error
