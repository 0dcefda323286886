"""The sidebar: views, editions, sources, tags and topics with their unread counts."""

from __future__ import annotations

from typing import ClassVar

from textual.events import Click
from textual.message import Message

from papers_tui.ui.drawing import Part
from papers_tui.ui.panes.entries import entry_parts
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.views import Entry, View


class Sidebar(LinePane):
    """One entry a line. The entry of the open view is marked; moving on it opens the next one."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sidebar--entry",
        "sidebar--quiet",
        "sidebar--count",
        "sidebar--heading",
        "sidebar--trouble",
        "sidebar--open",
        "sidebar--open-focused",
    }
    DEFAULT_CSS = """
    Sidebar > .sidebar--entry { color: $foreground; }
    Sidebar > .sidebar--quiet { color: $text-muted; }
    Sidebar > .sidebar--count { color: $text-muted; }
    Sidebar > .sidebar--heading { color: $text-accent; text-style: bold; }
    Sidebar > .sidebar--trouble { color: $text-warning; }
    Sidebar > .sidebar--open { background: $panel; color: $foreground; text-style: bold; }
    Sidebar > .sidebar--open-focused {
        background: $primary-darken-2; color: $text; text-style: bold;
    }
    """

    class Chosen(Message):
        """An entry was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def __init__(self) -> None:
        super().__init__(id="sidebar")
        self._entries: tuple[Entry, ...] = ()
        self._open = ""

    def show(self, entries: tuple[Entry, ...], open_key: str) -> None:
        moved = open_key != self._open
        former, top = self._shown, self.first_line
        self._entries = entries
        self._open = open_key
        self.resize_lines()
        if moved and (place := self._place()) is not None:
            self.show_lines(0 if place < self.page // 2 else place, place)
        if top != self.first_line:
            self.refresh()
        else:
            self.refresh_others(former, self._shown)

    @property
    def _shown(self) -> list[tuple[Entry, bool]]:
        """What each line stands for: an entry, and whether it is the one of the open view."""
        return [(entry, entry.view is not None and entry.view.key == self._open) for entry in self._entries]

    @property
    def views(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.view]

    def neighbour(self, step: int, *, unread: bool = False) -> View | None:
        """The view `step` entries away from the open one; with `unread`, the next that has unread papers."""
        views = self.views
        keys = [entry.view.key for entry in views if entry.view]
        place = keys.index(self._open) if self._open in keys else -1 if step > 0 else len(keys)
        while 0 <= (place := place + step) < len(views):
            if not unread or views[place].unread:
                return views[place].view
        return None

    def edge(self, *, last: bool) -> View | None:
        """The first or the last view."""
        return self.views[-1 if last else 0].view if self.views else None

    def line_count(self) -> int:
        return len(self._entries)

    def line_parts(self, line: int) -> list[Part]:
        return entry_parts(self._entries[line], self.text_width, self._open, focused=self.has_focus)

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if place is None:
            return
        line = place.y + self.first_line
        if line < len(self._entries) and (view := self._entries[line].view):
            self.post_message(self.Chosen(view))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def _place(self) -> int | None:
        keys = [entry.view.key if entry.view else None for entry in self._entries]
        return keys.index(self._open) if self._open in keys else None
