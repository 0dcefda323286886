"""The user's tags as such: renaming one, merging it into another, deleting it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from papers_tui.domain.marks import tag_name
from papers_tui.domain.query import Label, Query
from papers_tui.domain.topics import folded
from papers_tui.library import Done, Library
from papers_tui.store.views import Counted
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.picker import Picker, keys_for
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.watching import WatchingScreen
from papers_tui.ui.views import INBOX, View


class TaggingScreen(WatchingScreen):
    """What is done to a tag is done to all papers that carry it, as one act that can be undone."""

    def _do_manage(self) -> None:
        """What can be done to the tag of the open view; else what can be done to a saved view or a source."""
        kind, _, name = self.view.key.partition(":")
        if kind == "tag":
            self._offer_for_tag(self._library.tag(name))
        else:
            super()._do_manage()

    def _offer_for_tag(self, tag: Counted) -> None:
        others = sorted(self._other_tags(tag), key=lambda other: -other.total)
        offers: list[tuple[str, str, str, Callable[[], None]]] = [
            ("n", "Rename", "call it something else", partial(self._ask_tag_name, tag)),
            ("m", "Merge into …", "one of your other tags", partial(self._pick_other, tag, others)),
            ("x", "Delete", "its papers stay", partial(self._ask_deletion, tag)),
        ]
        if not others:
            del offers[1]

        def picked(place: int | None) -> None:
            if place is not None:
                offers[place][3]()

        choices = [(title, words) for _, title, words, _ in offers]
        keys = [key for key, _, _, _ in offers]
        self.app.push_screen(Picker(f"Tag “{tag.name}”", choices, keys=keys), picked)

    def _ask_tag_name(self, tag: Counted) -> None:
        def answered(text: str | None) -> None:
            name = tag_name(text or "")
            if text is None or name == tag.name:
                return
            taken = [other for other in self._other_tags(tag) if folded(other.name) == folded(name)]
            if taken:
                self._ask_merger(tag, taken[0])
            else:
                self._retag(tag, text)

        hint = "Enter renames it on all its papers · Esc leaves it as it was"
        self.app.push_screen(Prompt("What to call the tag?", tag.name, hint=hint), answered)

    def _pick_other(self, tag: Counted, others: Sequence[Counted]) -> None:
        def picked(place: int | None) -> None:
            if place is not None:
                self._ask_merger(tag, others[place])

        choices = [(counted(other.total, "paper"), other.name) for other in others]
        self.app.push_screen(Picker(f"Merge “{tag.name}” into", choices, keys=keys_for(len(others))), picked)

    def _ask_merger(self, tag: Counted, other: Counted) -> None:
        def confirmed(yes: bool | None) -> None:
            if yes:
                self._retag(tag, other.name)

        question = f"Merge the tag {tag.name}, on {counted(tag.total, 'paper')}, into {other.name}?"
        self.app.push_screen(Confirm(question), confirmed)

    def _ask_deletion(self, tag: Counted) -> None:
        def confirmed(yes: bool | None) -> None:
            if yes:
                self._change_tag(tag, lambda library: library.untag_all(tag.name), lambda: INBOX)

        question = f"Take the tag {tag.name} off {counted(tag.total, 'paper')}? The papers stay."
        self.app.push_screen(Confirm(question), confirmed)

    def _retag(self, tag: Counted, name: str) -> None:
        def renamed() -> View:
            new = self._library.tag(name).name
            return View(f"tag:{new}", new, Query((Label("tag", new),)))

        self._change_tag(tag, lambda library: library.retag(tag.name, name), renamed)

    def _change_tag(
        self, tag: Counted, change: Callable[[Library], Done], view_after: Callable[[], View]
    ) -> None:
        """Does it at once, or beside the keys where it takes long; `view_after` is then open in place of the tag's."""

        def show(done: Done) -> None:
            if not done.rows:
                self.say("nothing to change")
                return
            if self.view.key == f"tag:{tag.name}":
                self.open_view(view_after(), keep=self.papers.current)
            undo = f"{counted(len(done.rows), 'paper')} · {self.keys.shown('undo')} undoes it"
            self._tell(replace(done, text=f"{done.text} · {undo}"))

        with self.telling():
            self._carry(tag.total, change, show)

    def _other_tags(self, tag: Counted) -> list[Counted]:
        return [other for other in self._library.counts().labels["tag"] if other.name != tag.name]
