"""Frames as soon as there is something to draw, and no dearer than what changed."""

from __future__ import annotations

from textual.events import Idle, ScreenResume
from textual.geometry import Size
from textual.screen import Screen, ScreenResultType

from papers_tui.ui.compositing import FrugalCompositor
from papers_tui.ui.typing_ahead import TypingAheadApp


class SteadyScreen(Screen[ScreenResultType]):
    """Takes the size that the terminal has by now, whatever size it is told, and takes it once.

    Textual has a screen tell itself of each size it takes: of two that are on their way one would call the other
    back for ever, and each is laid out twice.
    """

    def _screen_resized(self, size: Size) -> None:  # noqa: ARG002
        if self._compositor.size != self.app.size:
            super()._screen_resized(self.app.size)


class PaintingScreen(SteadyScreen[None]):
    """Draws what a key did at once. Textual's own waits for the next beat of a clock, up to 8 ms.

    While more keys wait than can be shown one by one, that clock says how many of them make a frame.
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor: FrugalCompositor = FrugalCompositor()

    def hold(self, held: bool) -> None:
        """Lets the screen draw nothing until it is no longer held."""
        self._compositor.held = held

    def _on_screen_resume(self, event: ScreenResume) -> None:
        if not self.stack_updates:  # its widgets came just now, with the styles that they have
            event.refresh_styles = False

    def _on_idle(self, event: Idle) -> None:  # type: ignore[override] # Textual awaits what is to be awaited
        app = self.app
        if self.is_current and not app._batch_count and not app.message_queue_size:
            changed = self._dirty_widgets or self._repaint_required
            # What is laid out or scrolled waits, as it may go with what a widget is still about to say.
            unready = self._layout_required or self._scroll_required
            typing = isinstance(app, TypingAheadApp) and app.keys_wait
            if (changed or unready) if self._compositor.held else (changed and not unready and not typing):
                event.prevent_default()
                self._on_timer_update()
