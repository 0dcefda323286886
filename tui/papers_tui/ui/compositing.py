"""What changed on the screen, drawn for what drawing just that costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_
from typing import Any

from rich.console import Console, RenderableType
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip


class FrugalCompositor(Compositor):
    """Textual's own, which draws the same cells, but looks only at widgets and lines that changed.

    Textual draws all that lies in the one rectangle around everything that changed: with a line of the list and the
    status line that is the whole screen.
    """

    held = False
    """Whether nothing is drawn for now."""

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[Any]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        return None if self.held else super().render_update(full, screen_stack, simplify)

    def render_partial_update(self) -> ChopsUpdate | None:
        changed = self._dirty_regions.copy()
        self._dirty_regions.clear()
        screen = self.size.region
        ends = [cuts[1:] for cuts in self.cuts]
        updates = []
        for regions in _blocks(changed):
            around = Region.from_union(regions).intersection(screen)
            if around:
                chops = self._render_chops(around, lambda _: True)
                updates.append(ChopsUpdate(chops, list(self._regions_to_spans(regions)), ends))
        return _Together(updates) if updates else None

    def _get_renders(self, crop: Region | None = None) -> Iterator[tuple[Region, Region, list[Strip]]]:
        """The lines of those widgets that are seen within a region, the foremost first."""
        crop = self.size.region if crop is None else crop
        covered = [0] * crop.height
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            seen = shown.intersection(crop)
            cells = (1 << seen.right) - (1 << seen.x)
            lines = [y - crop.y for y in seen.line_range]
            if all(covered[line] & cells == cells for line in lines):
                continue
            part = shown.intersection(Region(shown.x, crop.y, shown.width, crop.height))
            hidden = reduce(and_, (covered[line] for line in lines), cells)
            if hidden >> (part.right - 1) & 1:  # its scrollbar's column
                part = part.shrink((0, 1, 0, 0))
            yield region, part, widget.render_lines(part.translate(-region.offset))
            for line in lines:
                covered[line] |= cells


class _Together(ChopsUpdate):
    """Several updates in one frame."""

    def __init__(self, updates: list[ChopsUpdate]) -> None:
        super().__init__([], [], [])
        self._updates = updates

    def render_segments(self, console: Console) -> str:
        return "".join(update.render_segments(console) for update in self._updates)


def _blocks(regions: Iterable[Region]) -> Iterator[list[Region]]:
    """The regions that lie below one another without a gap: what a pane has of them."""
    block: list[Region] = []
    end = 0
    for region in sorted(regions, key=lambda region: (region.column_span, region.y)):
        if block and (region.column_span != block[0].column_span or region.y > end):
            yield block
            block = []
        end = max(end, region.bottom) if block else region.bottom
        block.append(region)
    if block:
        yield block
