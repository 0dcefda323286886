"""The list in groups, by what it is sorted by."""

from __future__ import annotations

from functools import partial

from papers_tui.store.views import GROUPED
from papers_tui.ui.panes.paper_list.groups import NONE
from papers_tui.ui.screens.moving import MovingScreen
from papers_tui.ui.views import groups_text


class GroupingScreen(MovingScreen):
    """A header above each run of papers; a group can be gone to and selected. Each view keeps whether it has them."""

    def _do_group(self) -> None:
        """Shows groups, or no longer."""
        listing = self.papers.listing
        if not listing.by and listing.sort not in GROUPED:
            self.say(
                f"what is sorted by {listing.sort} has no groups; {self.keys.shown('sort')} sorts otherwise"
            )
            return
        self._loader.give_up()
        listing.groups = NONE
        listing.by = "" if listing.by else listing.sort
        self._grouped[self.view.key] = bool(listing.by)
        self.post_message(self.Chosen(groups=groups_text(self._grouped)))
        self._loader.group(listing)
        self.papers.regroup()
        self._complete()
        self.say(f"in groups by {listing.by}" if listing.by else "no groups")

    def _do_next_group(self) -> None:
        self._go_to_group(1)

    def _do_previous_group(self) -> None:
        self._go_to_group(-1)

    def _go_to_group(self, step: int) -> None:
        self._direction = step
        if not self._groups_are_there():
            return
        self._when(partial(self._moved_to_group, step))

    def _moved_to_group(self, step: int) -> bool:
        moved = self.papers.move_group(step)
        if not moved and (step < 0 or self.papers.listing.settled):
            self.say(f"no group {'after' if step > 0 else 'before'} this one")
        return moved or step < 0

    def _do_select_group(self) -> None:
        def attempt() -> bool:
            turned = self.papers.turn_group()
            if turned:
                self._say_selected()
            return turned

        if self._groups_are_there():
            self._when(attempt)

    def _groups_are_there(self) -> bool:
        """Whether the list has groups; that it has none is told."""
        if not self.papers.listing.by:
            self.say(f"this list has no groups; {self.keys.shown('group')} makes them")
        return bool(self.papers.listing.by)
