"""Moving about: in the list, between views, between panes, and back."""

from __future__ import annotations

from papers_tui.config import DENSITIES
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.panes.sidebar import Sidebar
from papers_tui.ui.screens.layout import arrangement, next_choice
from papers_tui.ui.screens.reading import ReadingScreen


class MovingScreen(ReadingScreen):
    """What the keys that decide nothing do."""

    def _do_down(self) -> None:
        self._move(1)

    def _do_up(self) -> None:
        self._move(-1)

    def _do_top(self) -> None:
        self._move_to_edge(last=False)

    def _do_bottom(self) -> None:
        self._move_to_edge(last=True)

    def _do_half_down(self) -> None:
        self._move_pages(0.5)

    def _do_half_up(self) -> None:
        self._move_pages(-0.5)

    def _do_page_down(self) -> None:
        self._move_pages(1)

    def _do_page_up(self) -> None:
        self._move_pages(-1)

    def _move(self, step: int) -> None:
        if self.focused is self._detail:
            self._detail.scroll_lines(step)
        elif self.focused is self._sidebar:
            self._neighbour(step)
        else:
            self._direction = 1 if step > 0 else -1
            self.papers.move_to(self.papers.cursor + step)

    def _move_pages(self, pages: float) -> None:
        if self.focused is self._detail:
            self._detail.scroll_lines(int(pages * self._detail.page))
        elif self.focused is self._sidebar:
            self._neighbour(1 if pages > 0 else -1)
        else:
            self._direction = 1 if pages > 0 else -1
            self.papers.move_pages(pages)

    def _move_to_edge(self, *, last: bool) -> None:
        if self.focused is self._detail:
            self._detail.scroll_lines(1 << 30 if last else -(1 << 30))
        elif self.focused is self._sidebar:
            if view := self._sidebar.edge(last=last):
                self.go_to_view(view)
        elif last:
            self._direction = -1
            self._when_whole(self._move_to_end)
        else:
            self._direction = 1
            self.papers.move_to(0)

    def _move_to_end(self) -> None:
        self.say("")
        self.papers.move_to(len(self.papers.ids) - 1)

    def _do_next_unread(self) -> None:
        self._seek(1)

    def _do_previous_unread(self) -> None:
        self._seek(-1)

    def _do_read_on(self) -> None:
        """A page further down the abstract; at its end the paper is read, and the next unread one comes."""
        if not self._detail.display:
            self._do_open_detail()
        elif not self._detail.scroll_lines(self._detail.page - 1):
            if (row := self.papers.current) is not None:
                self._repaint(self._triage.read_by_itself([row]).rows)
            self._seek(1)

    def _do_detail_down(self) -> None:
        self._detail.scroll_lines(1)

    def _do_detail_up(self) -> None:
        self._detail.scroll_lines(-1)

    def _seek(self, step: int) -> None:
        self._direction = step

        def attempt() -> bool:
            place = self.papers.seek_unread(step)
            if place is not None:
                self.papers.move_to(place)
            elif step < 0 or self.papers.listing.whole:
                self._seek_elsewhere(step)
            else:
                return False
            return True

        self._when(attempt, "looking for the next unread paper …")

    def _seek_elsewhere(self, step: int) -> None:
        def attempt() -> bool:
            whole = self.papers.listing.whole
            place = self.papers.seek_unread(step, anew=True) if whole or step > 0 else None
            if place is not None or whole:
                self.papers.move_to(place or 0)
            return place is not None or whole

        self._count()
        if view := self._sidebar.neighbour(step, unread=True):
            self.go_to_view(view)
            self._when(attempt)
            self.say(f"in {view.title}")
        else:
            self.say("no unread papers " + ("after" if step > 0 else "before") + " this one")

    # Panes

    def _do_next_view(self) -> None:
        self._neighbour(1)

    def _do_previous_view(self) -> None:
        self._neighbour(-1)

    def _neighbour(self, step: int) -> None:
        if view := self._sidebar.neighbour(1 if step > 0 else -1):
            self.go_to_view(view)

    def _do_right(self) -> None:
        self._step_pane(1)

    def _do_left(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, step: int) -> None:
        panes: list[Sidebar | PaperList | Detail] = [self._sidebar, self.papers, self._detail]
        here = next((place for place, pane in enumerate(panes) if pane is self.focused), 1)
        if self.has_class("-whole"):
            self._whole(on=step > 0)
        elif here == 1 and step > 0 and not self._detail.display:
            self._whole(on=True)
        elif 0 <= here + step <= 2:
            self._go_to(panes[here + step])

    def _do_next_pane(self) -> None:
        self._round(1)

    def _do_previous_pane(self) -> None:
        self._round(-1)

    def _round(self, step: int) -> None:
        every: list[Sidebar | PaperList | Detail] = [self._sidebar, self.papers, self._detail]
        panes = [pane for pane in every if pane.display]
        here = next((place for place, pane in enumerate(panes) if pane is self.focused), 0)
        self._go_to(panes[(here + step) % len(panes)])

    def _do_open_detail(self) -> None:
        if self.focused is self._sidebar:
            self._go_to(self.papers)
        elif not self.papers.ids and self._library.is_empty():
            self.post_message(self.SampleWanted())
        else:
            self._whole(on=not self.has_class("-whole"))

    def _do_layout(self) -> None:
        self._choice = next_choice(*self.app.size, self._choice)
        self._arrange()
        words = {
            "columns": "list beside detail",
            "rows": "list above detail",
            "list": "list alone; Enter reads a paper",
        }
        self.say(
            words[arrangement(*self.app.size, self._choice)]
            + (" · by width" if self._choice == "auto" else "")
        )
        self.post_message(self.Chosen(layout=self._choice))

    def _do_density(self) -> None:
        """Papers on one line each, or two."""
        self._density = DENSITIES[1 - DENSITIES.index(self._density)]
        self.papers.set_height(tall=self._density == "comfortable")
        self.say(f"{self._density} list")
        self.post_message(self.Chosen(density=self._density))

    def _do_back(self) -> None:
        if self.has_class("-whole"):
            self._whole(on=False)
        elif self.focused is not self.papers:
            self._go_to(self.papers)
        elif self.papers.many_selected:
            self.papers.select_none()
            self.say("nothing selected")
        elif self._former:
            self._return_to(self._former.pop())

    def _do_leave(self) -> None:
        if (
            self.has_class("-whole")
            or self.focused is not self.papers
            or self.papers.many_selected
            or self._former
        ):
            self._do_back()
        else:
            self._do_quit()

    def _do_quit(self) -> None:
        self._visit()
        self.post_message(self.Left())

    def on_paper_list_opened(self) -> None:
        with self.telling():
            self._whole(on=True)

    def on_sidebar_chosen(self, event: Sidebar.Chosen) -> None:
        self.go_to_view(event.view)
        self._go_to(self.papers)
