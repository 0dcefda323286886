"""Times as the program writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """A moment as `YYYY-MM-DDTHH:MM:SSZ`; such texts sort as the moments do."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
