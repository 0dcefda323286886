"""What the user follows, as values."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("daily-papers", "arxiv", "feed")
"""The kinds of source: Hugging Face's Daily Papers, arXiv's announcements and searches, and any feed."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that papers come from.

    `name` is what the user calls it, and no two have the same. `kind` is one of KINDS. `address` says what of that
    kind: for "daily-papers" empty (the daily editions), `week`, `month`, `trending` or `search:WORDS`; for "arxiv"
    categories (`cs.CL+cs.LG`) or `search?author=…&category=…`; for "feed" a web address, or an absolute path. `every`
    is after how many minutes it is asked again, None for its kind's own pace; a `paused` one is not asked at all.
    """

    name: str
    kind: str
    address: str
    tags: tuple[str, ...] = ()
    every: int | None = None
    paused: bool = False

    @property
    def ref(self) -> str:
        """What it is known by when its name changes: the kind and the address."""
        return f"{self.kind}:{self.address}"


DAILY_PAPERS = Source("Daily Papers", "daily-papers", "")
"""What a new library begins with."""
