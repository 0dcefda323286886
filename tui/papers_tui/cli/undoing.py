"""`papers-tui undo`: the last deliberate act of this device, taken back."""

from __future__ import annotations

import argparse

from papers_tui.cli import streams
from papers_tui.cli.reading import opened, papers
from papers_tui.paths import Paths


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Undone is what was done last, on the command line or in the app; reads by themselves don't count."
    )


def run(_: argparse.Namespace, paths: Paths) -> int:
    with opened(paths) as library:
        done = library.undo()
        if done is None:
            streams.say("nothing to undo")
        elif not done.saved:
            streams.say(f"papers-tui: not saved: {library.trouble}")
            return 1
        else:
            streams.say(f"{done.text} ({papers(len(done.rows))})")
    return 0
