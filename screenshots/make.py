"""Makes the pictures of the README: drives the real program on the sample papers and keeps what it shows.

`python screenshots/make.py` writes the SVG files beside it.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from papers_tui.config import Config
from papers_tui.paths import find_paths
from papers_tui.ui.app import PapersApp

HERE = Path(__file__).parent
_DAY = datetime(2026, 7, 24, 9, tzinfo=UTC)
_TRIAGE = ("j", "s", "d", "m", "j", "s", "j", "j", "d", "k")


@dataclass(frozen=True, slots=True)
class Scene:
    """A terminal of so many columns and lines, and the keys that are pressed in it."""

    size: tuple[int, int]
    keys: Sequence[str]
    theme: str = ""
    no_color: bool = False


SCENES = {
    "panes": Scene((164, 36), _TRIAGE),
    "narrow": Scene((88, 30), ("j", "s", "d", "m", "j", "j")),
    "detail": Scene((100, 32), ("j", "j", "s", "k", "enter")),
    "selection": Scene((120, 34), ("j", "x", "j", "x", "v", "j", "j", "j")),
    "help": Scene((110, 40), ("question_mark",)),
    "light": Scene((120, 34), _TRIAGE, theme="textual-light"),
    "no-color": Scene((120, 34), _TRIAGE, no_color=True),
}


async def picture(scene: Scene, folder: Path) -> str:
    """The SVG of a scene, on a fresh copy of the sample papers in `folder`."""
    os.environ.pop("NO_COLOR", None)
    if scene.no_color:
        os.environ["NO_COLOR"] = "1"
    paths = find_paths(os.environ | {"PAPERS_TUI_HOME": str(folder)})
    app = PapersApp(paths, Config(read_after=0, theme=scene.theme), demo=True, now=lambda: _DAY)
    async with app.run_test(size=scene.size) as pilot:
        await pilot.pause()
        for key in scene.keys:
            await pilot.press(key)
        await pilot.pause(0.3)  # the counts follow an act in a moment
        svg = _self_contained(app.export_screenshot(title="papers-tui", simplify=True))
    app.close()
    return svg


def _self_contained(svg: str) -> str:
    """The picture without addresses and the web font it asks for: the viewer's own fixed-width font draws it."""
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: [^;]+;", "font-family: 'DejaVu Sans Mono', Menlo, Consolas, monospace;", svg)


def main() -> None:
    for name, scene in SCENES.items():
        with tempfile.TemporaryDirectory() as folder:
            svg = asyncio.run(picture(scene, Path(folder)))
        (HERE / f"{name}.svg").write_text(svg, "utf-8")
        print(f"{name}.svg")


if __name__ == "__main__":
    main()
