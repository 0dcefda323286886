"""The command line: one command at a time, each importing what it needs when it runs."""

from papers_tui.cli.program import main

__all__ = ["main"]
