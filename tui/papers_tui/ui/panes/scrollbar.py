"""A scrollbar that moves for what drawing a few cells costs."""

from __future__ import annotations

from collections.abc import Collection

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from papers_tui.ui.panes.bar import ABOVE, BELOW, HEAD, NONE, TAIL, THUMB, bar_parts

_GRAB = {"@mouse.down": "grab"}


class FrugalScrollBar(ScrollBar):
    """Textual's own, one cell wide, of which only the cells that change are drawn again."""

    _cells: list[Segment] = []  # noqa: RUF012 # never changed, only exchanged

    def _exchange_repaint_regions(self) -> Collection[Region]:
        regions = super()._exchange_repaint_regions()
        former, self._cells = self._cells, self._drawn()
        if len(former) != len(self._cells):
            return regions
        return [Region(0, y, 1, 1) for y, cell in enumerate(self._cells) if cell != former[y]]

    def draw_anew(self) -> None:
        """Forgets the cells, whatever they were drawn for."""
        self._cells = []
        self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """As Textual draws them, but a cell that many lines have is drawn once."""
        height = self.outer_size.height
        # The whole screen may be drawn before anybody asks which cells changed.
        if crop.height >= height or len(self._cells) != height:
            self._cells = self._drawn()
        cells = self._cells[crop.y : crop.bottom]
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = {}
        for cell in set(cells):
            segments = [cell]
            for look in filters:
                segments = look.apply(segments, background)
            strips[cell] = Strip(segments, 1)
        return [strips[cell] for cell in cells]

    def _drawn(self) -> list[Segment]:
        """The cells from top to bottom, in the height of the last layout: `size` would see to the next one on the way,
        after which nobody is told that it changed."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        seen = self.looks()
        parts = bar_parts(self.outer_size.height, bar.virtual_size, bar.window_size, bar.position)
        return [Segment(text, seen[name]) for text, name in parts]

    def looks(self) -> dict[str, Style]:
        """How the parts of the bar are drawn, by name."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        style = self.app.console.get_style(bar.style)
        assert style.color
        assert style.bgcolor
        back, color = style.bgcolor, style.color
        return {
            NONE: Style(bgcolor=back),
            ABOVE: Style(bgcolor=back, meta={"@mouse.down": "scroll_up"}),
            THUMB: Style(color=color, reverse=True, meta=_GRAB),
            HEAD: Style(color=color, bgcolor=back, meta=_GRAB),
            TAIL: Style(color=color, bgcolor=back, reverse=True, meta=_GRAB),
            BELOW: Style(bgcolor=back, meta={"@mouse.down": "scroll_down"}),
        }
