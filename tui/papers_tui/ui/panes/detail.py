"""The detail: one paper, whole, wrapped to the width of the pane."""

from __future__ import annotations

from typing import ClassVar

from textual.events import Click
from textual.message import Message

from papers_tui.domain.paper import Link
from papers_tui.domain.watched import Watched
from papers_tui.library import Holding
from papers_tui.ui.drawing import Part
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import NONE, Hits
from papers_tui.ui.panes.lines import OTHER_BUTTON, LinePane
from papers_tui.ui.panes.page import Page


class Detail(LinePane):
    """The paper under the cursor: title, who and when, its code, tags and note, abstract, links, sources."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"detail--{name}"
        for name in ("title", "text", "watched", "quiet", "link", "tag", "note", "heading", "hit")
    }
    DEFAULT_CSS = """
    Detail { border-left: solid $panel; }
    Detail:focus { border-left: solid $primary; }
    Detail > .detail--title { color: $text-primary; text-style: bold; }
    Detail > .detail--text { color: $foreground; }
    Detail > .detail--watched { color: $foreground; text-style: bold; }
    Detail > .detail--quiet { color: $text-muted; }
    Detail > .detail--link { color: $text-secondary; text-style: underline; }
    Detail > .detail--tag { color: $text-success; }
    Detail > .detail--note { color: $text-warning; }
    Detail > .detail--hit { color: $text-accent; text-style: bold underline; }
    Detail > .detail--heading { color: $text-muted; text-style: bold; }
    """

    class LinkChosen(Message):
        """A link was clicked."""

        def __init__(self, link: Link) -> None:
            super().__init__()
            self.link = link

    class PartClicked(Message):
        """Something else of the paper was clicked: the id of the `command` that is about it."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    class MenuWanted(Message):
        """The other mouse button was pressed."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="detail")
        self._glyphs = glyphs
        self._holding: Holding | None = None
        self._lines: list[list[Part]] = []
        self._targets: dict[int, Link | str] = {}
        self._hits = NONE
        self._watched = Watched()

    def show_hits(self, hits: Hits) -> None:
        """Marks what is looked for in the text, from the next `show` on."""
        self._hits = hits

    def show_watched(self, watched: Watched) -> None:
        """Lets the names of these authors stand out."""
        self._watched = watched
        self._fill()
        self.refresh()

    def show(self, holding: Holding | None) -> None:
        """Shows a paper from its top, or goes on showing it where it was if it is the same one."""
        same = holding and self._holding and holding.row == self._holding.row
        former, top = self._lines, self.first_line
        self._holding = holding
        self._fill()
        if not same:
            self.scroll_to_line(0)
        if top == self.first_line:
            self.refresh_others(former, self._lines)
        else:
            self.refresh()

    @property
    def shown(self) -> int | None:
        """The row number of the paper on show."""
        return self._holding.row if self._holding else None

    def scroll_lines(self, lines: int) -> bool:
        """Scrolls by lines; whether there was anything left to scroll."""
        last = max(0, self.line_count() - self.page)
        target = max(0, min(last, self.first_line + lines))
        moved = target != self.first_line
        if moved:
            self.scroll_to_line(target)
            self.refresh()
        return moved

    def line_count(self) -> int:
        return len(self._lines)

    def line_parts(self, line: int) -> list[Part]:
        return self._lines[line]

    def on_resize(self) -> None:
        self._fill()
        self.refresh()

    def on_click(self, event: Click) -> None:
        place = event.get_content_offset(self)
        if event.button == OTHER_BUTTON:
            self.post_message(self.MenuWanted())
        elif place is not None and (target := self._targets.get(place.y + self.first_line)):
            self.post_message(
                self.PartClicked(target) if isinstance(target, str) else self.LinkChosen(target)
            )

    def _fill(self) -> None:
        page = Page(self.text_width, self._glyphs, self._hits, self._watched)
        if self._holding:
            page.write(self._holding)
        self._lines, self._targets = page.lines, page.targets
        self.resize_lines()
