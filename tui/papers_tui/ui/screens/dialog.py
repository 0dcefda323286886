"""What stands in front of the main screen until it is answered or closed."""

from __future__ import annotations

from textual.events import Click
from textual.screen import ModalScreen, ScreenResultType
from textual.widget import Widget

from papers_tui.ui.screens.painting import SteadyScreen


class Dialog(SteadyScreen[ScreenResultType], ModalScreen[ScreenResultType]):
    """A question or a page over the main screen. A click beside it does what Esc does: `action_close`."""

    DEFAULT_CSS = """
    Dialog { align: left bottom; background: $background 40%; }
    """

    def action_close(self) -> None:
        """Goes away without an answer."""
        self.dismiss()

    def on_click(self, event: Click) -> None:
        if self.under(event) is self:
            self.action_close()

    def under(self, event: Click) -> Widget:
        """What was clicked."""
        return self.get_widget_at(*event.screen_offset)[0]
