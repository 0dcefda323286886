"""Looking at a source before it is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Click
from textual.message import Message
from textual.widgets import Static

from papers_tui.domain.checked import Checked, Offer
from papers_tui.domain.sources import Source
from papers_tui.domain.text import unicode_tex
from papers_tui.subscriptions import source_name
from papers_tui.ui.checking import checked
from papers_tui.ui.drawing import Part, fit, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.panes.lines import LinePane
from papers_tui.ui.screens.actions import Action, Actions
from papers_tui.ui.screens.dialog import Dialog
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.triage import tag_names

_BODY = 15
"""Lines for what a source shows: its address, its title, two for each of five entries, and how many there are."""

_AROUND = 6
"""Lines that the question and the keys may take, with one between."""

_MOST_AUTHORS = 3


class PreviewLines(LinePane):
    """The feeds to choose from, if there are several, and what the chosen one shows."""

    can_focus = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "preview--text",
        "preview--quiet",
        "preview--title",
        "preview--chosen",
        "preview--trouble",
    }
    DEFAULT_CSS = """
    PreviewLines {
        background: $panel; scrollbar-background: $panel; scrollbar-background-hover: $panel;
        scrollbar-background-active: $panel; scrollbar-color: $primary; scrollbar-corner-color: $panel;
    }
    PreviewLines > .preview--text { color: $foreground; background: $panel; }
    PreviewLines > .preview--quiet { color: $text-muted; background: $panel; }
    PreviewLines > .preview--title { color: $text-accent; background: $panel; text-style: bold; }
    PreviewLines > .preview--chosen { color: $foreground; background: $panel; text-style: bold; }
    PreviewLines > .preview--trouble { color: $text-warning; background: $panel; }
    """

    class OfferClicked(Message):
        """One of several feeds was clicked; its place among them."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__()
        self._glyphs = glyphs
        self._lines: list[list[Part]] = []
        self._shown: tuple[Source, Checked | None, tuple[Offer, ...], int | None] | None = None
        self._first_offer = 0

    def show(
        self, source: Source, checked: Checked | None, offers: tuple[Offer, ...], place: int | None
    ) -> None:
        """Shows what a check of `source` came to, None while it is under way; of several `offers` the one at `place` is
        the source."""
        self._shown = source, checked, offers, place
        self._lay()

    def line_count(self) -> int:
        return len(self._lines)

    def line_parts(self, line: int) -> list[Part]:
        return self._lines[line]

    def on_resize(self) -> None:
        self._lay()

    def on_click(self, event: Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None or self._shown is None:
            return
        place = offset.y + self.first_line - self._first_offer
        if self._first_offer and 0 <= place < len(self._shown[2]):
            self.post_message(self.OfferClicked(place))

    def _lay(self) -> None:
        if self._shown is None:
            return
        source, checked, offers, place = self._shown
        lines = [*self._wrapped(f"{source.kind} {source.address}".rstrip(), "preview--quiet"), self._gap]
        self._first_offer = 0
        if len(offers) > 1:
            lines.append([(f"The page offers {len(offers)} feeds:", "preview--text")])
            self._first_offer = len(lines)
            lines += [self._offer(offer, chosen=number == place) for number, offer in enumerate(offers)]
            lines.append(self._gap)
        result = len(lines)
        if checked is None:
            lines.append([("asking …", "preview--quiet")])
        elif checked.error:
            lines += self._wrapped(checked.error, "preview--trouble")
        else:
            lines += self._found(checked)
        self._lines = lines
        # The same whatever comes, so that nothing moves when it does.
        wanted = _BODY + (len(offers) + 2 if len(offers) > 1 else 0)
        self.styles.height = max(1, min(wanted, self.app.size.height - _AROUND))
        self.resize_lines()
        if self._first_offer and place is not None:
            self.show_lines(self._first_offer + place, min(result + 1, len(lines) - 1))
        self.refresh()

    def _found(self, checked: Checked) -> list[list[Part]]:
        width = self.text_width
        lines: list[list[Part]] = [[(fit(unicode_tex(checked.title), width), "preview--title")]]
        for entry in checked.entries:
            authors = ", ".join(entry.authors[:_MOST_AUTHORS])
            authors += ", …" if len(entry.authors) > _MOST_AUTHORS else ""
            about = " · ".join(filter(None, (entry.published[:10], authors)))
            lines.append([(fit(f"{self._glyphs.bullet} {unicode_tex(entry.title)}", width), "preview--text")])
            lines.append([(fit(f"  {about}", width), "preview--quiet")])
        papers = "1 paper" if checked.count == 1 else f"{checked.count:,} papers"
        count = f"{papers} in it now" if checked.count else "It answers, but there is nothing in it now."
        left_out = f" · {len(checked.left_out):,} that can't be read" if checked.left_out else ""
        return [*lines, *([self._gap] if checked.entries else []), [(count + left_out, "preview--quiet")]]

    def _offer(self, offer: Offer, *, chosen: bool) -> list[Part]:
        sign = self._glyphs.selected if chosen else " "
        style = "preview--chosen" if chosen else "preview--text"
        named = fit(f"{sign} {offer.title or offer.address}", self.text_width)
        return [(named, style)]

    def _wrapped(self, text: str, style: str) -> list[list[Part]]:
        return [[(line, style)] for line in wrap(text, self.text_width)]

    @property
    def _gap(self) -> list[Part]:
        return [("", "preview--text")]


class Preview(Dialog[Source | None]):
    """Gives the source as it is to be followed, or None after Esc.

    It is asked in a process of its own meanwhile, which ends with the dialog.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "follow", "Follow"),
        Binding("s", "follow_anyway", "Follow all the same"),
        Binding("n", "name", "Name"),
        Binding("t", "tags", "Tags"),
        Binding("r", "again", "Ask again"),
        Binding("down,j", "choose(1)", "Next"),
        Binding("up,k", "choose(-1)", "Previous"),
        Binding("pagedown,space", "scroll(1)", "Page down"),
        Binding("pageup", "scroll(-1)", "Page up"),
        Binding("escape,q,ctrl+c", "close", "Cancel"),
    ]
    DEFAULT_CSS = """
    Preview Vertical { height: auto; max-height: 100%; background: $panel; padding: 0 1; }
    Preview Actions { margin-top: 1; }
    Preview Static { height: auto; max-height: 2; width: 1fr; color: $text; text-style: bold; }
    """

    def __init__(
        self, source: Source, command: Sequence[str], glyphs: Glyphs, *, known_tags: Sequence[str] = ()
    ) -> None:
        """`command` is the check's, `known_tags` are offered where tags are asked for."""
        super().__init__()
        self._asked = source
        self._command = command
        self._glyphs = glyphs
        self._known_tags = known_tags
        self._name = ""
        self._tags = source.tags
        self._offers: tuple[Offer, ...] = ()
        self._place: int | None = None
        self._found: dict[str, Checked] = {}

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("", markup=False)
            yield PreviewLines(self._glyphs)
            yield Actions()

    def on_mount(self) -> None:
        self._ask()

    @property
    def source(self) -> Source:
        """What would be followed now."""
        offer = self._offers[self._place] if self._place is not None else None
        address = offer.address if offer else self._asked.address
        found = self._found.get(address)
        said = (found.name if found and not found.error else "") or source_name(offer.title if offer else "")
        return replace(
            self._asked, address=address, name=self._name or said or self._asked.name, tags=self._tags
        )

    @property
    def checked(self) -> Checked | None:
        """What the check of it came to; None while it is under way."""
        return self._found.get(self.source.address)

    # What the keys do

    def action_follow(self) -> None:
        if self.checked and not self.checked.error:
            self.dismiss(self.source)

    def action_follow_anyway(self) -> None:
        self.dismiss(self.source)

    def action_again(self) -> None:
        if self.checked and self.checked.error:
            del self._found[self.source.address]
            self._ask()

    def action_choose(self, step: int) -> None:
        """The next of several feeds; of a single one a line further."""
        if len(self._offers) > 1:
            place = -1 if self._place is None else self._place
            self._choose(max(0, min(len(self._offers) - 1, place + step)))
        else:
            self._scroll_lines(step)

    def action_next_feed(self) -> None:
        """The next of several feeds; after the last the first."""
        self._choose(0 if self._place is None else (self._place + 1) % len(self._offers))

    def action_scroll(self, pages: int) -> None:
        self._scroll_lines(pages * max(1, self.query_one(PreviewLines).page - 1))

    def action_name(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self._name = source_name(text)
                self._show()

        hint = "Enter keeps it; empty: the source's own · Esc leaves it as it was"
        self.app.push_screen(Prompt("What to call it?", self.source.name, hint=hint), answered)

    def action_tags(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self._tags = tag_names(text, self._known_tags)
                self._show()

        hint = "commas between tags · Enter keeps them · Esc leaves them as they were"
        had = "".join(f"{tag}, " for tag in self._tags)
        self.app.push_screen(Prompt("Its tags", had, hint=hint, known=self._known_tags), answered)

    def on_actions_chosen(self, event: Actions.Chosen) -> None:
        getattr(self, f"action_{event.action}")()

    def on_preview_lines_offer_clicked(self, event: PreviewLines.OfferClicked) -> None:
        self._choose(event.place)

    # Inside

    def _choose(self, place: int) -> None:
        if place == self._place:
            return
        self._place = place
        if self.checked:
            self.workers.cancel_group(self, "check")
            self._show()
        else:
            self._ask()

    def _ask(self) -> None:
        self._show()
        self.run_worker(self._check(self.source), exclusive=True, group="check")

    async def _check(self, source: Source) -> None:
        page = self._asked.address if source.address != self._asked.address else ""
        found = await checked(self._command, source, offered_by=page)
        address = source.address
        if not page and found.offers:
            self._offers = found.offers
            addresses = [offer.address for offer in found.offers]
            if found.address in addresses:
                address, self._place = found.address, addresses.index(found.address)
        self._found[address] = found
        self._show()

    def _show(self) -> None:
        source, found = self.source, self.checked
        tags = f" · {', '.join(source.tags)}" if source.tags else ""
        self.query_one(Static).update(f"Follow {source.name}?{tags}")
        self.query_one(PreviewLines).show(source, found, self._offers, self._place)
        self.query_one(Actions).show(self._actions(found))

    def _actions(self, found: Checked | None) -> list[Action]:
        edit: list[Action] = [("n", "name", "name"), ("t", "tags", "tags")]
        cancel: Action = ("Esc", "cancels", "close")
        if found is None:
            return [("s", "follow it unseen", "follow_anyway"), *edit, cancel]
        if found.error:
            again: Action = ("r", "ask again", "again")
            return [again, ("s", "follow it all the same", "follow_anyway"), *edit, cancel]
        turn: list[Action] = [("↑↓", "another feed", "next_feed")] if len(self._offers) > 1 else []
        return [("Enter", "follows it", "follow"), *edit, *turn, cancel]

    def _scroll_lines(self, lines: int) -> None:
        pane = self.query_one(PreviewLines)
        last = max(0, pane.line_count() - pane.page)
        pane.scroll_to_line(max(0, min(last, pane.first_line + lines)))
        pane.refresh()
