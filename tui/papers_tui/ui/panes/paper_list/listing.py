"""A list as far as it is there: its papers, and where groups of them begin."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from papers_tui.domain.query import Query
from papers_tui.late import dataclass, field, replace
from papers_tui.ui.panes.paper_list.groups import NONE, Groups

_ANYTHING = Query(())


@dataclass(slots=True)
class Listing:
    """The rows of the papers that a query held for when it was asked, in the order of `sort`; none above `newest`.

    `whole`: all of them are there. `headings`: words were looked for in all but the abstracts. `by` is what they are
    grouped by, or "". Rows and groups come at the end, and nothing changes its place.
    """

    ids: array[int] = field(default_factory=lambda: array("q"))
    query: Query = _ANYTHING
    sort: str = "date"
    newest: int = 0
    whole: bool = True
    headings: bool = False
    by: str = ""
    groups: Groups = NONE

    @property
    def settled(self) -> bool:
        """Whether all is known of it."""
        return self.whole and (not self.by or self.groups.known == len(self.ids))

    @property
    def size(self) -> str:
        """How many papers there are, for people: `256+` where there are more to come."""
        return f"{len(self.ids):,}{'' if self.whole else '+'}"

    def without(self, unwanted: Sequence[int]) -> Listing:
        """The list without the papers at these places."""
        gone = set(unwanted)
        kept = array("q", (id_ for place, id_ in enumerate(self.ids) if place not in gone))
        return replace(self, ids=kept, groups=self.groups.without(gone))
