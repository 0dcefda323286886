"""What the three panes share: they are drawn line by line, so that their size costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size, Spacing
from textual.scroll_view import ScrollView
from textual.strip import Strip

from papers_tui.domain.text import for_terminal
from papers_tui.late import dataclass
from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part, in_sight
from papers_tui.ui.panes.scrollbar import FrugalScrollBar

OTHER_BUTTON = 3
"""The mouse button that asks for a menu."""

_MOST_KEPT = 1_000
"""Lines that are kept as they were drawn."""


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What all lines have in common while they are drawn: to find it for each of them takes longer than the lines."""

    size: Size
    gutter: Spacing
    width: int
    first: int
    count: int
    base: Style


class LinePane(ScrollView, can_focus=True, inherit_bindings=False):
    """A pane whose lines are computed when they are looked at.

    Children give `line_count` and `line_parts`, and the names of their styles in COMPONENT_CLASSES.
    """

    DEFAULT_CSS = """
    LinePane {
        height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1;
        background: $background; scrollbar-background: $background; scrollbar-background-hover: $background;
        scrollbar-background-active: $background; scrollbar-color: $panel; scrollbar-color-hover: $primary;
        scrollbar-color-active: $primary; scrollbar-corner-color: $background;
    }
    """

    _drawing: _Drawing | None = None

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._styles_by_name: dict[str, Style] = {}
        self._kept: dict[tuple[Part, ...], Strip] = {}
        self._kept_how: tuple[object, ...] = ()

    @property
    def vertical_scrollbar(self) -> FrugalScrollBar:
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = bar = FrugalScrollBar(name="vertical", thickness=1)
            bar.display = False
            self.app._start_widget(self, bar)
        assert isinstance(self._vertical_scrollbar, FrugalScrollBar)
        return self._vertical_scrollbar

    def notify_style_update(self) -> None:
        self._styles_by_name.clear()
        self._kept.clear()
        super().notify_style_update()

    def line_count(self) -> int:
        raise NotImplementedError

    def line_parts(self, line: int) -> list[Part]:
        """A line from left to right; what it leaves open is filled in the style of its last part."""
        raise NotImplementedError

    @property
    def text_width(self) -> int:
        """Cells for text; the scrollbar's column is kept free, so that nothing moves when it comes."""
        return max(1, self._drawing.width if self._drawing else self.scrollable_content_region.width)

    @property
    def page(self) -> int:
        return max(1, self.scrollable_content_region.height)

    @property
    def first_line(self) -> int:
        return int(self.scroll_offset.y)

    def resize_lines(self) -> None:
        """Takes over the number of lines. To lay out the screen anew for that, as Textual would, costs ten times
        what drawing a pane costs; the scrollbar has its place anyway."""
        size = Size(self.text_width, self.line_count())
        self.set_reactive(LinePane.virtual_size, size)
        if self.is_mounted:
            self.vertical_scrollbar.window_virtual_size = max(size.height, self.page)

    def refresh_others(self, former: Sequence[object], lines: Sequence[object]) -> None:
        """Draws those of the lines in sight that stand for something else than they did."""
        top, width = self.first_line, self.size.width
        others = [
            Region(0, line - top, width, 1)
            for line in range(top, top + self.page)
            if former[line : line + 1] != lines[line : line + 1]
        ]
        if others:
            self.refresh(*others)

    def scroll_to_line(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, force=True, immediate=True)

    def show_lines(self, first: int, last: int) -> None:
        """Scrolls as little as it takes to have both lines in sight (the first, where both don't fit)."""
        if not self.size:  # not laid out yet: it begins at its top
            return
        if (line := in_sight(self.first_line, self.page, first, last)) != self.first_line:
            self.scroll_to_line(line)

    def render_lines(self, crop: Region) -> list[Strip]:
        self._drawing = drawing = self._common()
        try:
            top, bottom = drawing.gutter.top, drawing.size.height - drawing.gutter.bottom
            above = self._framed(crop, crop.y, min(crop.bottom, top))
            below = self._framed(crop, max(crop.y, bottom), crop.bottom)
            text = range(max(crop.y, top) - top, min(crop.bottom, bottom) - top)
            return [*above, *self._inside(crop, text, drawing), *below]
        finally:
            self._drawing = None

    def render_line(self, y: int) -> Strip:
        drawing = self._drawing or self._common()
        return Strip(self._segments(self._parts(y, drawing), drawing))

    def _parts(self, y: int, drawing: _Drawing) -> tuple[Part, ...]:
        line = y + drawing.first
        return tuple(self.line_parts(line)) if line < drawing.count else ()

    def _segments(self, parts: Sequence[Part], drawing: _Drawing) -> list[Segment]:
        style = drawing.base
        segments, used = [], 0
        for text, name in parts:
            style = self._style(name)
            segments.append(Segment(for_terminal(text), style))
            used += cell_len(segments[-1].text)
        if used == drawing.width:
            return segments
        return Segment.adjust_line_length(segments, drawing.width, style)

    def _framed(self, crop: Region, first: int, last: int) -> list[Strip]:
        """Lines as Textual draws them."""
        lines = Region(crop.x, first, crop.width, last - first)
        return super().render_lines(lines) if last > first else []

    def _inside(self, crop: Region, lines: range, drawing: _Drawing) -> list[Strip]:
        """As Textual draws the lines of the text, but what one says is drawn once, wherever it is scrolled to."""
        left, right = self._edges(drawing)
        filters, background = self.get_line_filters(), self.background_colors[1]
        how = (drawing.width, drawing.base, crop.x, crop.width, background, *filters, *left, None, *right)
        if how != self._kept_how or len(self._kept) > _MOST_KEPT:
            self._kept_how = how
            self._kept.clear()
        end = drawing.gutter.left + drawing.width
        bar = []
        if crop.right > end:
            bar = [Segment(" " * (drawing.size.width - drawing.gutter.right - end), drawing.base)]
            end = drawing.size.width
        else:
            right = []
        strips = []
        for line in lines:
            parts = self._parts(line, drawing)
            strip = self._kept.get(parts)
            if strip is None:
                segments = [*self._segments(parts, drawing), *bar]
                for look in filters:
                    segments = look.apply(segments, background)
                strip = Strip([*left, *segments, *right], end).crop(crop.x, crop.right)
                self._kept[parts] = strip
            strips.append(strip)
        return strips

    def _edges(self, drawing: _Drawing) -> tuple[list[Segment], list[Segment]]:
        """What stands to the left and to the right of each line of the text."""
        gutter, width = drawing.gutter, drawing.size.width
        if not (gutter.left or gutter.right):
            return [], []
        (line,) = super().render_lines(Region(0, gutter.top, width, 1))
        return list(line.crop(0, gutter.left)), list(line.crop(width - gutter.right, width))

    def _common(self) -> _Drawing:
        width = self.scrollable_content_region.width
        base = self._style("")
        return _Drawing(self.outer_size, self.styles.gutter, width, self.first_line, self.line_count(), base)

    def _style(self, name: str) -> Style:
        """The style of a component class, or the pane's own: Textual forgets them whenever anything is drawn."""
        if name not in self._styles_by_name:
            self._styles_by_name[name] = self.get_component_rich_style(name) if name else self.rich_style
        return self._styles_by_name[name]

    def on_resize(self) -> None:
        self.resize_lines()
