"""What the user follows, as values."""

from __future__ import annotations

from collections.abc import Mapping

from papers_tui.late import TYPE_CHECKING, dataclass, field

if TYPE_CHECKING:
    from typing import Any

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

    @property
    def is_remote(self) -> bool:
        """Whether asking it takes a network; a feed may be a file."""
        return not (self.kind == "feed" and self.address.startswith("/"))


DAILY_PAPERS = Source("Daily Papers", "daily-papers", "")
"""What a new library begins with."""

STATUSES = ("fetched", "unchanged", "nothing-yet", "refused", "failed", "offline")
"""How asking a source can end. Of these "refused" and "failed" are the source's own trouble."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between one refresh and the next.

    `asked` and `succeeded` are UTC times of the last attempt and of the last one that brought an answer, `due` when
    it is to be asked again; empty means never, or at once. `status` is one of STATUSES, empty before the first
    attempt, and `reason` a sentence for the user about it; `retry_at` is the time that the server itself named.
    `failures` counts those in a row. `validators` are (etag, last-modified) by address, and `notes` what its kind of
    source remembers.
    """

    ref: str
    asked: str = ""
    succeeded: str = ""
    due: str = ""
    status: str = ""
    reason: str = ""
    retry_at: str = ""
    failures: int = 0
    validators: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failing(self) -> bool:
        """Whether the source itself is in trouble; to be offline is nobody's fault."""
        return self.status in ("refused", "failed")


def to_state_record(state: SourceState) -> dict[str, Any]:
    """The state as a JSON object."""
    from dataclasses import asdict

    record = asdict(state)
    del record["ref"]
    return record


def from_state_record(ref: str, record: Mapping[str, Any]) -> SourceState:
    """The state that `to_state_record` wrote; what it can't read is forgotten."""
    texts = {name: record.get(name) for name in ("asked", "succeeded", "due", "status", "reason", "retry_at")}
    failures, validators, notes = (record.get(name) for name in ("failures", "validators", "notes"))
    pairs = validators.items() if isinstance(validators, dict) else ()
    return SourceState(
        ref,
        **{name: text for name, text in texts.items() if isinstance(text, str)},
        failures=failures if isinstance(failures, int) else 0,
        validators={
            url: (pair[0], pair[1]) for url, pair in pairs if isinstance(pair, list) and len(pair) == 2
        },
        notes=notes if isinstance(notes, dict) else {},
    )
