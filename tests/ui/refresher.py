"""A stand-in for `papers-tui refresh` that does, step by step, what a test writes down."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from papers_tui.paths import Paths

_SCRIPT = """
import json, pathlib, sys, time
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths

folders, asked, steps = json.loads(pathlib.Path(sys.argv[1]).read_text())
with open(asked, "a") as file:
    file.write(" ".join(sys.argv[2:]) + "\\n")
for what, value in steps:
    if what == "tell":
        print(json.dumps(value), flush=True)
    elif what == "bring":
        source, numbers = value
        with Library(Paths(*map(pathlib.Path, folders))) as library:
            library.intake.keep(source, [
                Paper((f"arxiv:2607.{n:05}",), f"Fetched {n}", f"About {n}.", published="2026-07-01") for n in numbers
            ], rank=4)
    elif what == "state":
        name, kind, address, status, reason = value
        source = Source(name, kind, address)
        with Library(Paths(*map(pathlib.Path, folders))) as library:
            moments = {"asked": "2026-07-01T00:00:00Z", "due": "2999-01-01T00:00:00Z"}
            library.intake.remember(source, SourceState(source.ref, status=status, reason=reason, **moments))
    elif what == "wait":
        while not pathlib.Path(value).exists():
            time.sleep(0.01)
    elif what == "end":
        sys.exit(value)
"""

Step = tuple[str, Any]


class Refresher:
    """The `command` of a refresh that takes `steps`: `asked` are the arguments of each time that it was started."""

    def __init__(self, folder: Path, paths: Paths, steps: Sequence[Step]) -> None:
        self._folder = folder
        self._asked = folder / "asked"
        script, plan = folder / "refresher.py", folder / "plan.json"
        script.write_text(_SCRIPT)
        folders = [str(path) for path in (paths.config, paths.data, paths.cache, paths.log)]
        plan.write_text(json.dumps([folders, str(self._asked), list(steps)]))
        self.command = (sys.executable, str(script), str(plan))

    @property
    def asked(self) -> list[str]:
        return self._asked.read_text().splitlines() if self._asked.exists() else []

    def gate(self, name: str) -> Path:
        """A file that a step can wait for."""
        return self._folder / name


def tell(event: str, **more: Any) -> Step:
    return ("tell", {"event": event, **more})


def brought(source: str, *numbers: int) -> tuple[Step, Step]:
    """Papers of a source, and the word that they came."""
    said: Mapping[str, Any] = {"source": source, "status": "fetched", "new": len(numbers), "changed": 0}
    return ("bring", [source, list(numbers)]), tell("source", **said)


def done(new: int = 0, *, failed: int = 0, **more: Any) -> Step:
    return tell("done", new=new, changed=0, failed=failed, **more)
