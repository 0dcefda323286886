"""Asking the sources for papers; a process of its own does it (`papers-tui refresh`)."""
