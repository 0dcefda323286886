"""A scrollbar that moves for what drawing a few cells costs."""

from __future__ import annotations

from collections.abc import Collection

from rich.segment import Segment
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class FrugalScrollBar(ScrollBar):
    """Textual's own, one cell wide, of which only the cells that change are drawn again."""

    _cells: list[Segment] = []  # noqa: RUF012 # never changed, only exchanged

    def _exchange_repaint_regions(self) -> Collection[Region]:
        regions = super()._exchange_repaint_regions()
        former, self._cells = self._cells, self._drawn()
        if len(former) != len(self._cells):
            return regions
        return [Region(0, y, 1, 1) for y, cell in enumerate(self._cells) if cell != former[y]]

    def render_line(self, y: int) -> Strip:
        if len(self._cells) != self.outer_size.height:
            self._cells = self._drawn()
        return Strip(self._cells[y : y + 1], 1)

    def _drawn(self) -> list[Segment]:
        """The cells from top to bottom, in the height of the last layout: `size` would see to the next one on the way,
        after which nobody is told that it changed."""
        bar = self.render()
        assert isinstance(bar, ScrollBarRender)
        style = self.app.console.get_style(bar.style)
        assert style.color
        assert style.bgcolor
        return bar.render_bar(
            size=self.outer_size.height,
            virtual_size=bar.virtual_size,
            window_size=bar.window_size,
            position=bar.position,
            back_color=style.bgcolor,
            bar_color=style.color,
        ).segments
