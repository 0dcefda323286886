"""Reading: the three panes, the views they show, and moving about in them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import date

from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.timer import Timer

from papers_tui.config import DENSITIES, Config
from papers_tui.domain.paper import PaperRow
from papers_tui.domain.query import Query
from papers_tui.library import Holding, Library
from papers_tui.paths import Paths
from papers_tui.session import Session
from papers_tui.ui.commands import Keymap
from papers_tui.ui.following import Following
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import hits_of
from papers_tui.ui.loading import Loader
from papers_tui.ui.opening import row_of, view_of
from papers_tui.ui.panes.detail import Detail
from papers_tui.ui.panes.filter_line import FilterLine
from papers_tui.ui.panes.foot import failing_chip, place_words
from papers_tui.ui.panes.paper_list.pane import PaperList
from papers_tui.ui.panes.sidebar import Sidebar
from papers_tui.ui.panes.status import StatusLine
from papers_tui.ui.screens.layout import LAYOUTS, WIDE, arrangement
from papers_tui.ui.screens.listing import Place
from papers_tui.ui.screens.pressing import PressingScreen
from papers_tui.ui.triage import Triage
from papers_tui.ui.views import INBOX, Entry, View, empty_message, entries, groups_of, sorts_of, totals

_HELD_SECONDS = 0.05
"""Keys that come faster than this are a held key: the detail waits until it is let go."""


class ReadingScreen(PressingScreen):
    """Sidebar, list and detail, side by side or as far as they fit."""

    class Chosen(Message):
        """What is to be remembered from one run to the next: fields of the session, by name."""

        def __init__(self, **places: str) -> None:
            super().__init__()
            self.places = places

    class Left(Message):
        """The user wants to quit."""

    class RefreshWanted(Message):
        """The sources of these names (none: all) are to be asked now, or the services about one paper, by its id.

        With `due` only those whose time has come.
        """

        def __init__(self, sources: tuple[str, ...] = (), *, paper: str = "", due: bool = False) -> None:
            super().__init__()
            self.sources = sources
            self.paper = paper
            self.due = due

    class SampleWanted(Message):
        """The user wants to look at the sample papers."""

    def __init__(
        self,
        library: Library,
        config: Config,
        keys: Keymap,
        glyphs: Glyphs,
        *,
        paths: Paths,
        today: date,
        since: str = "",
        chosen: Session,
        start: tuple[str, str] | None = None,
        banner: str = "",
        keeps_nothing: bool = False,
    ) -> None:
        """`paths` are the user's own, whatever `library` is on show; `since` is what `is:new` compares with, `chosen`
        what the user chose in the app before.

        `start` is the view and the paper, by key and id, to begin with, or None where they are not to be had
        yet; `banner` says, at the right end of the status line, how papers are brought in;
        `keeps_nothing`: this is a demo, and there is no library to bring them into.
        """
        super().__init__(keys)
        self._library = library
        self._config = config
        self._paths = paths
        self._since = since
        self._triage = Triage(library)
        self._choice = chosen.layout if chosen.layout in LAYOUTS else LAYOUTS[0]
        self._density = chosen.density if chosen.density in DENSITIES else config.density
        self._export_path = chosen.export
        self._start = start
        self._banner = banner
        self._keeps_nothing = keeps_nothing
        self._sidebar = Sidebar()
        self._glyphs = glyphs
        self.papers = PaperList(
            lambda ids: self._looked_up(lambda: library.rows(ids), {}),
            glyphs,
            unread=lambda ids: self._looked_up(lambda: library.unread(ids), set()),
            tall=self._density == "comfortable",
            today=today,
        )
        self._loader = Loader(library, today=today, since=since, grown=self._grown)
        self._detail = Detail(glyphs)
        self._status = StatusLine()
        self._line = FilterLine()
        self.view = INBOX
        self._entries: tuple[Entry, ...] = ()
        self._totals: dict[str, str] = {}
        self._saved: tuple[View, ...] = ()
        self._unread_saved: dict[str, int] = {}
        self._direction = 1
        self.following = Following()
        self._sorts = sorts_of(chosen.sorts)
        self._grouped = groups_of(chosen.groups)
        self._newest = 0
        self._newer = 0
        self._untouched = False
        self._busy = ""
        self._former: list[Place] = []
        self._moved = 0.0
        self._dwelt: int | None = None
        self._pending: dict[str, Timer] = {}

    def compose(self) -> ComposeResult:
        self._shape()  # as long as there are no panes, it costs nothing
        with Horizontal():
            yield self._sidebar
            with Container(id="reading"):
                yield self.papers
                yield self._detail
        yield self._status

    async def furnish(self) -> None:
        """Brings what the first frame doesn't show, and a key may want."""
        if not self._line.is_attached:
            await self.mount(self._line)

    def on_mount(self) -> None:
        remembered = (self._banner, "add") if self._banner else (f"{self.keys.shown('undo')} undo", "undo")
        self._status.show(keys=(remembered, (f"{self.keys.shown('help')} help", "help")))
        self._arrange()
        self.set_focus(self.papers)
        if self._start:
            with self.telling():
                self.open_at(*self._start)
        self.set_interval(0.25, self._look)

    @property
    def foot_keys(self) -> tuple[tuple[str, str], ...]:
        """The keys that the status line names, with the ids of their commands."""
        return self._status.keys_shown

    @property
    def saved_views(self) -> tuple[View, ...]:
        """The views that stand in the sidebar under the heading of views."""
        return self._saved

    def complete_first(self) -> None:
        """Shows at once what else would follow the first frame."""
        self._show_detail()

    # Views

    def open_view(self, view: View, *, keep: int | None = None) -> None:
        """Lists a view as it is now, with the cursor on the row `keep` if it is there."""
        self._newest, self._newer = self._library.newest(), 0
        near = self.papers.cursor if keep is not None and view.key == self.view.key else 0
        listing = self._list_of(view, view.query, self._newest, near=near)
        self.view = view
        self._mark_hits(view.query)
        self.say("")
        self._count()
        self._show_chips()
        if not listing.ids and self.has_class("-whole"):  # what an empty list says stands in its own pane
            self._whole(on=False)
        self._show(listing, keep=keep, message=() if listing.ids else self._why_empty())

    def go_to_view(self, view: View) -> None:
        """Opens a view of the sidebar: none is before it, there is no level to go back."""
        self._former.clear()
        self.open_view(view)

    def visit_view(self, view: View) -> None:
        """Opens a view that may not stand in the sidebar; going back one level leads to the present one."""
        self._former.append(self._here())
        self.open_view(view, keep=self.papers.current)
        self.say(f"{view.title} · Esc goes back")

    def _here(self) -> Place:
        papers = self.papers
        return Place(self.view, papers.listing, papers.current, papers.first_line, tuple(papers.selected))

    def _return_to(self, place: Place) -> None:
        """Shows what was shown there, as it was."""
        self.view = place.view
        self._mark_hits(self.view.query)
        message = () if place.listing.ids else self._why_empty()
        self._show(place.listing, keep=place.row, line=place.line, message=message)
        self.papers.select(place.selected)
        self._count()

    def open_at(self, view_key: str, paper_id: str) -> None:
        """Opens the view and goes to the paper, as far as both are still there."""
        view = INBOX
        if view_key not in ("", INBOX.key):
            self._count()
            view = view_of(self._entries, view_key)
        self.open_view(view, keep=row_of(self._library, paper_id))
        if not self.papers.ids and view is not INBOX:
            self.open_view(INBOX)

    def look_again(self) -> None:
        """Shows what other instances or devices did to the papers that are listed."""
        self.papers.forget()
        self._show_detail()
        self._count()

    def show_following(self, following: Following) -> None:
        """Shows what is followed and how the asking goes."""
        before, self.following = self.following, following
        if not self.papers.ids and not self._line.display:
            self.papers.open(self.papers.listing, message=self._why_empty())
        if (before.sources, before.states) != (following.sources, following.states):
            self._soon("count", _HELD_SECONDS, self._count)
        self._show_chips()

    def arrived(self) -> None:
        """Papers came in: they wait behind a chip, but for a list that was empty and that no hand has touched since."""
        if (not self.papers.ids or self._untouched) and not self._line.display:
            self.open_view(self.view)
            self._untouched = True
        self._newer = self._library.count_newer(self.view.query, self._newest, since=self._since)
        self._soon("count", _HELD_SECONDS, self._count)
        self._show_chips()

    def _mark_hits(self, query: Query) -> None:
        """Marks in list and detail what a query looks for."""
        hits = hits_of(query)
        self.papers.show_hits(hits)
        self._detail.show_hits(hits)

    def _why_empty(self) -> tuple[str, ...]:
        counts = self._looked_up(self._library.counts, None)
        return empty_message(self.view, counts, self.following, self.keys) if counts else ()

    def _show_chips(self) -> None:
        following = self.following
        failing = len(following.failing)
        chips = (
            (f"{self._newer:,} new · {self.keys.shown('reload')}", "chip", "reload") if self._newer else None,
            failing_chip(failing, self.keys.shown("failures")),
            ("offline", "trouble", "refresh_all") if following.offline else None,
            (self._busy, "hint", "") if self._busy else None,
            (following.progress, "hint", "") if following.progress else None,
        )
        self._status.show(chips=tuple(filter(None, chips)))

    def say(self, text: str, *, whole: bool = True) -> None:
        """Words that stay until the next key; unless they matter to their end (`whole`), a line of them."""
        self._status.show(said=text, whole=whole)

    def warn(self, text: str) -> None:
        """Words that stay until they are emptied."""
        self._status.show(warning=text)

    def action_press_first(self, key: str) -> None:
        """Does what a key stands for, unless it may be a letter of a filter that is being typed."""
        if self._line.display:
            raise SkipAction
        self.action_press(key)

    def action_press(self, key: str) -> None:
        """Does what a key stands for; what was said before it goes."""
        self._untouched = False
        if self._status.said:
            self.say("")
        super().action_press(key)

    # Panes

    def _go_to(self, pane: Sidebar | PaperList | Detail) -> None:
        """Focuses a pane; the sidebar comes out as a drawer where it doesn't stand, and goes when it is left."""
        self.set_class(pane is self._sidebar and self.app.size.width < WIDE, "-drawer")
        self.set_focus(pane)

    def _whole(self, *, on: bool) -> None:
        """The detail over the whole width; looking at a paper so counts as reading it."""
        on = on and self.papers.current is not None
        self.set_class(on, "-whole")
        self._go_to(self._detail if on else self.papers)
        if on and (row := self.papers.current) is not None:
            self._show_detail()
            self._repaint(self._triage.read_by_itself([row]).rows)

    def _shape(self) -> str:
        """Takes the classes that go with the size of the terminal; how the panes are arranged."""
        shape = arrangement(*self.app.size, self._choice)
        self.set_class(self.app.size.width >= WIDE, "-wide")
        for name in ("columns", "rows", "list"):
            self.set_class(shape == name, f"-{name}")
        return shape

    def _arrange(self) -> None:
        shape = self._shape()
        if self.app.size.width >= WIDE:
            self.remove_class("-drawer")
        elif self.focused is self._sidebar and not self.has_class("-drawer"):
            self.set_focus(self.papers)
        self.call_after_refresh(self._show_detail)
        if shape == "list" and self.focused is self._detail and not self.has_class("-whole"):
            self.set_focus(self.papers)

    def on_resize(self) -> None:
        self._arrange()

    # What follows from a move or an act

    def on_paper_list_cursor_moved(self, event: PaperList.CursorMoved) -> None:
        now = time.monotonic()
        held = now - self._moved < _HELD_SECONDS
        self._moved = now
        # The first paper of a list that was opened lies under the cursor by chance: it is not being read.
        self._dwelt = self.papers.current if event.opened else None
        self._show_place()
        if self.papers.drawing_range:
            self._say_selected()
        if held:
            self._soon("detail", _HELD_SECONDS, self._show_detail)
        else:
            self.call_after_refresh(self._show_detail)  # the eye is on the list

    def on_status_line_part_clicked(self, event: StatusLine.PartClicked) -> None:
        shut = event.command == "left" and self.focused is self._sidebar
        self.run_command("back" if shut else event.command)

    def _say_selected(self) -> None:
        many = self.papers.many_selected
        drawing = f" · {self.keys.shown('range')} ends the range" if self.papers.drawing_range else ""
        self.say(f"{many:,} selected{drawing} · Esc: none" if many else "nothing selected")

    def _show_detail(self) -> None:
        if self._detail.display:
            row = self.papers.current
            self._detail.show(self._holding(row) if row is not None else None)

    def _current(self) -> PaperRow | None:
        """The paper under the cursor."""
        return self.papers.row_at(self.papers.cursor) if self.papers.ids else None

    def _current_holding(self) -> Holding | None:
        row = self.papers.current
        return self._holding(row) if row is not None else None

    def _target_rows(self) -> list[int]:
        """The rows of the papers that an act is about: of the selected ones, or else of the one under the cursor."""
        return self.papers.selected or ([] if self.papers.current is None else [self.papers.current])

    def _targets(self) -> list[PaperRow]:
        """The papers that an act is about."""
        return self._rows(self._target_rows())

    def _rows(self, ids: Iterable[int]) -> list[PaperRow]:
        wanted = list(ids)
        found = self._library.rows(wanted)
        return [found[row] for row in wanted if row in found]

    def _holding(self, row: int) -> Holding | None:
        def look() -> Holding | None:
            return next(self._library.holdings([row]), None)

        return self._looked_up(look, None)

    def _show_place(self) -> None:
        papers = self.papers
        self._status.show(
            place=place_words(self.view, self._entries, papers.listing, papers.cursor, self._totals)
        )

    def _count(self) -> None:
        """Counts the views anew."""
        saved = [(view, self._unread_saved.get(view.key, 0)) for view in self._saved]
        counts = self._looked_up(self._library.counts, None)
        if counts is None:
            return
        self._totals = totals(counts)
        self._entries = entries(counts, self.following, saved)
        self._sidebar.show(self._entries, self.view.key)
        self._show_place()

    def _repaint(self, rows: Iterable[int]) -> None:
        """Shows what changed on these papers; the counts follow in a moment."""
        touched = set(rows)
        if not touched:
            return
        self.papers.forget(touched)
        self.call_after_refresh(self._show_again, touched)
        self._soon("count", _HELD_SECONDS, self._count)

    def _show_again(self, rows: set[int]) -> None:
        """Draws the detail anew where it is still about one of these papers: an act may have moved on to the next."""
        if self._detail.shown in rows and self._detail.shown == self.papers.current:
            self._show_detail()

    def _soon(self, what: str, seconds: float, do: Callable[[], None]) -> None:
        """Does it once things have been quiet for so long."""
        if what in self._pending:
            self._pending[what].stop()
        self._pending[what] = self.set_timer(seconds, do)

    def _look(self) -> None:
        """A paper that has been looked at for long enough counts as read."""
        row = self.papers.current
        after = self._config.read_after
        if row is None or self._dwelt == row or not after or time.monotonic() - self._moved < after:
            return
        if self.is_current and self.app.app_focus:
            self._dwelt = row
            with self.telling():
                self._repaint(self._triage.read_by_itself([row]).rows)
            self._visit()

    def _visit(self) -> None:
        row = self.papers.row_at(self.papers.cursor) if self.papers.ids else None
        self.post_message(self.Chosen(view=self.view.key, paper=row.id if row else ""))
