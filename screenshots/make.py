"""Makes the pictures of the README: drives the real program on the sample papers and keeps what it shows.

`python screenshots/make.py` writes the SVG files beside it.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from papers_tui.config import Config
from papers_tui.library import Library
from papers_tui.paths import find_paths
from papers_tui.ui.app import PapersApp

HERE = Path(__file__).parent

SCENES: dict[str, tuple[tuple[int, int], Sequence[str]]] = {
    "panes": ((164, 42), ("j", "s", "d", "m", "j", "s", "j", "j", "d", "k")),
    "narrow": ((88, 30), ("j", "s", "d", "m", "j", "j")),
    "detail": ((100, 36), ("j", "j", "s", "k", "enter")),
    "help": ((110, 40), ("question_mark",)),
}
"""Name of the picture: size of the terminal, and the keys that are pressed."""


async def picture(name: str, folder: Path) -> Path:
    """One scene, on a fresh copy of the sample papers."""
    (width, height), keys = SCENES[name]
    paths = find_paths(os.environ | {"PAPERS_TUI_HOME": str(folder / name)})
    sample = (files("papers_tui") / "sample" / "papers.jsonl").read_bytes()
    with Library(paths) as library:
        library.import_file("sample papers", sample, datetime.now(UTC).date())
    app = PapersApp(paths, Config(read_after=0))
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.3)
        svg = _self_contained(app.export_screenshot(title="papers-tui", simplify=True))
    app.close()
    target = HERE / f"{name}.svg"
    target.write_text(svg, "utf-8")
    return target


def _self_contained(svg: str) -> str:
    """The picture without the web font it asks for: the viewer's own fixed-width font draws it."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: [^;]+;", "font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace;", svg)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in SCENES:
            print(asyncio.run(picture(name, Path(folder))))


if __name__ == "__main__":
    main()
