"""What is measured on: a library, and the installed program with it on a terminal."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.library import Built, build
from tests.bench.terminal import Terminal, run

from papers_tui.domain.query import Query
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths
from papers_tui.ui.views import INBOX

PROGRAM = Path(sys.executable).parent / "papers-tui"
LEAST_PAPERS = 300
_SIZE = (160, 45)
_DROPPED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "BROWSER", "NO_COLOR", "COLUMNS", "LINES", "TEXTUAL_FPS")
_STAMP = "built.json"
_ROWS = 3
"""Rows that a frame has to show from the top of a list to be the one that was waited for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A library of so many papers in a folder, the environment in which the program finds it, and what building it
    took. `rounds` is how often most things are measured."""

    folder: Path
    paths: Paths
    environment: Mapping[str, str]
    papers: int
    built: Built
    rounds: int

    def spoil(self) -> None:
        """The library is going to be changed: it is not for another run."""
        (self.folder / _STAMP).unlink(missing_ok=True)

    @contextmanager
    def app(self) -> Iterator[Terminal]:
        """The program with its first papers on the screen."""
        self.paths.session_file.unlink(missing_ok=True)
        terminal = self.begun()
        try:
            terminal.first(r"Inbox 1/[\d,]+")
            terminal.quiet(0.5)
            yield terminal
        finally:
            terminal.kill()

    def begun(self, *, painted: bool = False) -> Terminal:
        """The program at its start; it knows from the run before what its first screen looks like if it is to be
        `painted` at once."""
        if not painted:
            for path in self.paths.log.glob("look-*.json"):
                path.unlink()
        return Terminal([str(PROGRAM)], self.environment, _SIZE)

    def marks(self, query: Query = INBOX.query, *, sort: str = "date", many: int | None = None) -> list[str]:
        """What the titles of a query's papers begin with, in order; the first so many of them."""
        with Library(self.paths) as library:
            ids = (
                library.find(query, sort=sort)
                if many is None
                else library.first(query, sort=sort, many=many)[0]
            )
            rows = library.rows(ids)
            return [rows[id_].title[:8] for id_ in ids]

    def top(self, query: Query, *, sort: str = "date") -> str:
        """A pattern of the frame that shows the first papers of a query at the top of the list."""
        return top_rows(self.marks(query, sort=sort, many=_ROWS))


def top_rows(marks: list[str]) -> str:
    """A pattern of the frame in which a list begins with these; "" where there are none."""
    return "(?s:" + ".*?".join(map(re.escape, marks[:_ROWS])) + ")" if marks else ""


def prepare(folder: Path, papers: int) -> Setting:
    """A library in `folder`, the one that is there if it is of this size, and an environment in which all modules are
    compiled, as those of a wheel are."""
    kept = {name: value for name, value in os.environ.items() if name not in _DROPPED}
    environment = kept | {
        "PAPERS_TUI_HOME": str(folder / "home"),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHONSAFEPATH": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LC_ALL": "C.UTF-8",
    }
    paths = find_paths(environment)
    stamp = folder / _STAMP
    if stamp.exists() and (known := Built(**json.loads(stamp.read_text()))).papers == papers:
        built = known
    elif (folder / "home").exists():
        raise SystemExit(
            f"{folder} holds another library, or one that was changed: delete it, or name a new folder"
        )
    else:
        built = build(paths, papers)
        stamp.write_text(json.dumps(asdict(built)) + "\n")
    paths.config_file.write_text('read_after = 0\nrefresh = "manual"\n')  # only keys are to change anything
    run([sys.executable, "-c", "import textual.app, papers_tui.ui.app"], environment)
    run([str(PROGRAM), "list", "--count"], environment)
    return Setting(folder, paths, environment, papers, built, rounds=60 if papers >= 1_000 else 4)
