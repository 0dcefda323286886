"""Keys that come faster than what they do: each waits until the one before it is done."""

from __future__ import annotations

import time
from collections import deque

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen

_TURNING = frozenset({"enter", "escape", "tab", "shift+tab"})
"""Keys by which a line or a dialog may close, some messages later."""
_SETTLED_SECONDS = 0.03
_MOST_LOOKS = 10
_LOST_SECONDS = 1.0
"""A key of which nobody has said for so long that it is done holds up the next ones no longer."""

_Typed = events.Key | events.Paste


class TypingAheadApp(App[None]):
    """What is typed at once, or comes at once over a slow line, goes where it would go if it were typed slowly.

    Textual sends a key to the widget that has the focus when the key is read; in `/agent` that would be the list
    for all of its letters, since `/` has not been looked up yet.
    """

    def __init__(self, driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class)
        self._under_way: _Typed | None = None
        self._sent_on: Screen[object] | None = None
        self._turning = True  # until the first screen shows what the keys are about
        self._waiting: deque[_Typed] = deque()
        self._typed_at = time.monotonic()

    def let_keys_in(self) -> None:
        """The first screen is there: what was typed before it is done now."""
        self.screen.call_later(self._settled)

    @property
    def keys_wait(self) -> bool:
        """Whether something that was typed is not done yet."""
        return self._under_way is not None or bool(self._waiting) or self._turning

    @property
    def quiet_for(self) -> float:
        """Seconds since something was typed."""
        return time.monotonic() - self._typed_at

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, _Typed):
            await super().on_event(event)
            return
        self._typed_at = time.monotonic()
        if event.is_forwarded:  # nobody wanted it, so it came back, and does here what it is bound to
            await super().on_event(event)
            self._over(event)
        elif self._under_way is None and not self._waiting and not self._turning:
            await self._send(event)
        else:
            if not self._waiting:
                self._watch()
            self._waiting.append(event)

    def _watch(self) -> None:
        """Goes on with the next one where that which is under way gets lost."""
        watched = self._under_way

        async def look() -> None:
            if watched is self._under_way:
                self._under_way, self._turning = None, False
                await self._next()
            if self._waiting:
                self._watch()

        self.set_timer(_LOST_SECONDS, look)

    async def _send(self, event: _Typed) -> None:
        self._under_way, self._sent_on = event, self.screen
        target = self.focused or self.screen
        await super().on_event(event)
        if not event.is_forwarded or not target.call_later(self._handled, event):
            self._over(event)

    def _handled(self, event: _Typed) -> None:
        """The widget that an event was sent to has looked at it; if it did not stop it, it is on its way up."""
        if event._stop_propagation or isinstance(event, events.Paste):
            self._over(event)

    def _over(self, event: _Typed) -> None:
        if event is not self._under_way:
            return
        self._under_way = None
        turning = isinstance(event, events.Key) and event.key in _TURNING
        if turning or self.screen is not self._sent_on:
            self._turning = True
            self._look_later(_MOST_LOOKS)
        elif self._waiting:
            self.call_later(self._next)

    def _look_later(self, looks: int) -> None:
        """Goes on as soon as what was opened has the focus, and what was closed is gone."""

        async def look() -> None:
            screen = self.screen
            if looks and not (screen.is_mounted and (screen.focused or not screen.focus_chain)):
                self._look_later(looks - 1)
            else:
                await self._settled()

        self.set_timer(_SETTLED_SECONDS, look)

    async def _settled(self) -> None:
        self._turning = False
        await self._next()

    async def _next(self) -> None:
        if self._waiting and self._under_way is None and not self._turning:
            await self._send(self._waiting.popleft())
