"""What the library gives: a paper with all that is held of it, and what acts and imports came to."""

from __future__ import annotations

from typing import Any

from papers_tui.domain.links import all_links
from papers_tui.domain.marks import State
from papers_tui.domain.paper import Link, Paper
from papers_tui.domain.record import to_record
from papers_tui.domain.rules import Ruled
from papers_tui.domain.tally import NOTHING, Tally
from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Holding:
    """All the library holds of one paper. `added` is when it first came in, `row` the store's number for it.

    `version_read` is the version that was there when it was read, None where it was not or nobody knows. `ruled` is
    what of the state is the doing of rules.
    """

    row: int
    paper: Paper
    state: State
    sources: tuple[str, ...]
    added: str
    version_read: int | None = None
    ruled: tuple[Ruled, ...] = ()

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link, the code first."""
        return all_links(self.paper)

    def record(self) -> dict[str, Any]:
        """One paper as `list --format jsonl` shows it; absent values leave their key out.

        Beyond the promised names it has `keywords`, `author_count`, `author_comment` and a link's `doubtful` where
        they say something, so that nothing is lost on the way into another library.
        """
        record = to_record(self.paper)
        if not record["keywords"]:
            del record["keywords"]
        record["links"] = [
            {"url": link.url, "kind": link.kind, "label": link.label}
            | ({"doubtful": True} if link.doubtful else {})
            for link in self.links
        ]
        record["added"] = self.added
        record["sources"] = list(self.sources)
        state = self.state
        record |= {
            "tags": list(state.tags),
            "read": state.read,
            "starred": state.starred,
            "later": state.later,
            "dismissed": state.dismissed,
        }
        if state.note:
            record["note"] = state.note
        if state.other_notes:
            record["other_notes"] = [edit.text for edit in state.other_notes]
        return record


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: the rows it touched, in words, and whether the journal has it on disk."""

    rows: tuple[int, ...]
    text: str
    saved: bool = True


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What came of one file: its papers counted, what could not be read, or why it was skipped.

    Of a list of feeds `followed` says how many became sources, and how many were sources already. Of a whole
    library `apart` says how many acts it holds, and which files of settings: they are not brought in with the papers.
    """

    name: str
    tally: Tally = NOTHING
    faults: tuple[str, ...] = ()
    skipped: str = ""
    followed: tuple[int, int] | None = None
    apart: tuple[int, tuple[str, ...]] | None = None
