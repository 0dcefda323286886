"""The user's tags as such: renaming one, merging it into another, deleting it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import tag_name
from papers_tui.domain.query import Label, Query
from papers_tui.domain.topics import folded
from papers_tui.library import Done
from papers_tui.store.views import Counted
from papers_tui.tag_mentions import Mentions, follow, mentions
from papers_tui.ui.edits import Edit
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
                self._in_turn(tag.total, partial(self._deleted, tag))

        named = self._mentions(tag).words
        but = f" It is still named by {named}." if named else ""
        question = f"Take the tag {tag.name} off {counted(tag.total, 'paper')}? The papers stay.{but}"
        self.app.push_screen(Confirm(question), confirmed)

    async def _deleted(self, tag: Counted) -> None:
        done: list[Done] = []
        await self._carried(tag.total, lambda library: library.untag_all(tag.name), done.append)
        self._show_changed(tag, done[0], lambda: INBOX)

    def _retag(self, tag: Counted, name: str) -> None:
        self._in_turn(tag.total, partial(self._retagged, tag, name))

    async def _retagged(self, tag: Counted, name: str) -> None:
        """Renames a tag on all its papers, and lets the views and rules that name it follow."""

        def renamed() -> View:
            return View(f"tag:{new}", new, Query((Label("tag", new),)))

        done: list[Done] = []
        await self._carried(tag.total, lambda library: library.retag(tag.name, name), done.append)
        new = self._library.tag(name).name
        followed, problem = await self._let_follow(tag.name, new) if done[0].rows else ("", "")
        self._show_changed(tag, done[0], renamed, followed, problem)

    def _show_changed(
        self,
        tag: Counted,
        done: Done,
        view_after: Callable[[], View],
        followed: str = "",
        problem: str = "",
    ) -> None:
        """What was done to a tag, and what followed; `view_after` is then open in place of the tag's."""
        if not done.rows:
            self.say("nothing to change")
            return
        if self.view.key == f"tag:{tag.name}":
            self.open_view(view_after(), keep=self.papers.current)
        many = counted(len(done.rows), "paper")
        self._tell(done)
        about = (done.text, f"{many} and {followed}" if followed else many)
        self.say(" · ".join(filter(None, (*about, f"{self.keys.shown('undo')} undoes it", problem))))

    async def _let_follow(self, old: str, new: str) -> tuple[str, str]:
        """Who follows a tag's new name, and what is wrong with those who don't."""
        if self._keeps_nothing:
            return "", ""
        try:
            followed = await asyncio.to_thread(follow, self._paths, old, new)
        except PapersError as error:
            return "", str(error)
        if followed.names:
            text = f"{followed.names.words}: {old} is now {new}"
            self._remember(Edit(text, followed.back, followed.again, joined=True))
            await self._go_by_files()
        still = "" if folded(old) == folded(new) else ", ".join(mentions(self._paths, old).by_hand)
        return followed.names.words, f"{self._paths.config_file} still gives {old}: {still}" if still else ""

    def _mentions(self, tag: Counted) -> Mentions:
        return Mentions() if self._keeps_nothing else mentions(self._paths, tag.name)

    def _other_tags(self, tag: Counted) -> list[Counted]:
        return [other for other in self._library.counts().labels["tag"] if other.name != tag.name]
