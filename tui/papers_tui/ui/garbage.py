"""Garbage that is looked for while nobody types.

To look through all objects takes as long as five frames (20 to 45 ms), and Python would do it with every tenth page
that is turned.
"""

from __future__ import annotations

import gc

_THRESHOLDS = (700, 10, 100)
"""Python's own, but that all objects are looked through a tenth as often while keys come without a pause."""


def begin() -> None:
    """Begins looking for garbage, but not among what is there by now."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    gc.enable()


def collect() -> None:
    """Looks through all objects, unless nothing much was made since they were looked through last."""
    if gc.isenabled() and gc.get_count()[2]:
        gc.collect()
