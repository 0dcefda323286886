"""Views of the user's own: saving, changing and counting them, and the order of a list."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.worker import Worker, WorkType

from papers_tui import saved_views
from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import ORDERS, Is, Query
from papers_tui.domain.query import format as format_query
from papers_tui.reversal import Turn
from papers_tui.saved_views import SUGGESTED, SavedView, Views
from papers_tui.store.finder import Finder
from papers_tui.ui.commands import named_key
from papers_tui.ui.edits import Edit
from papers_tui.ui.screens.following import FollowingScreen
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.views import WATCHED, View, saved_view, sorts_text

_QUIET_SECONDS = 0.3
_FIRST_KEY = "g"
"""The key before a view's own."""


class SavingScreen(FollowingScreen):
    """The views in `views.toml`: they stand in the sidebar, with how many unread papers each has."""

    _named: Views = ()
    _loaded = False
    _counter: Finder | None = None
    """What counts: no search that is typed waits for it."""
    _to_count = False
    _count_under_way: Worker[None] | None = None
    _counted_last: tuple[object, ...] | None = None
    """Of what, and in which state, the papers were counted last."""

    def on_mount(self) -> None:
        # Textual calls this before the parents' own: the view to begin with may be a saved one.
        if self._start and self._start[0].startswith(("view:", WATCHED)):
            self.load_saved()
        else:
            self.call_after_refresh(self._load_first)

    def complete_first(self) -> None:
        self._load_first()
        self._count()
        super().complete_first()

    def _load_first(self) -> None:
        if not self._loaded:
            self.load_saved()

    def load_saved(self) -> None:
        """Shows the views as they stand in the file now."""
        self._loaded = True
        views, problems = (SUGGESTED, ()) if self._keeps_nothing else saved_views.load(self._paths.views_file)
        for problem in problems:
            self.app.notify(problem, severity="warning", timeout=12, markup=False)
        self._show_saved(views)

    def open_by_key(self, first: str, key: str) -> None:
        view = next((view for view in self._named if view.key and named_key(view.key) == key), None)
        if first == _FIRST_KEY and view:
            with self.telling():
                self.go_to_view(saved_view(view))
        else:
            super().open_by_key(first, key)

    def meant_by(self, first: str) -> list[tuple[str, str]]:
        own = [(view.key, view.name) for view in self._named if view.key and first == _FIRST_KEY]
        return [*super().meant_by(first), *own]

    def read_query(self, text: str) -> Query:
        return (
            saved_views.expanded(text, self._named) if "view:" in text.lower() else super().read_query(text)
        )

    # Saving and changing

    def _do_save_view(self) -> None:
        query = format_query(self.view.query)
        kind, _, name = self.view.key.partition(":")

        def save(text: str) -> bool:
            called, comma, key = text.rpartition(",")
            one_letter = bool(comma) and len(key.strip()) == 1
            return not text.strip() or self._save(
                SavedView(called if one_letter else text, query, key.strip() if one_letter else "")
            )

        hint = f"a name, or a name, and a letter: that opens it after {_FIRST_KEY} · Esc cancels"
        suggested = name if kind == "view" else ""
        self._ask(f"Save “{query or 'every paper'}” as", suggested, save, hint)

    def _ask(
        self, question: str, typed: str, change: Callable[[str], bool], hint: str = "Esc cancels"
    ) -> None:
        """Asks for a text, and again, with why, where `change` could not be made with it: nothing typed is lost."""

        def answered(text: str | None) -> None:
            if text is not None and not change(text) and not self._keeps_nothing:
                self._ask(question, text, change, self._status.said)

        self.app.push_screen(Prompt(question, typed, hint=hint), answered)

    def _save(self, view: SavedView) -> bool:
        """Whether it could be saved; why not is told."""
        if self._is_taken(view.key):
            return False

        def change(views: Views) -> Views:
            return saved_views.added(views, view)

        saved = self._change_views(change, f"saved the view {view.name}")
        if saved:
            self.open_view(saved_view(saved_views.named(self._named, view.name)), keep=self.papers.current)
            self.say(f"saved as {view.name}" + (f" · {_FIRST_KEY} {view.key} opens it" if view.key else ""))
        return saved

    def _do_manage(self) -> None:
        """What can be done to a saved view that is open; else what can be done to a source."""
        kind, _, name = self.view.key.partition(":")
        if kind == "view":
            self._offer_for_view(saved_views.named(self._named, name))
        else:
            super()._do_manage()

    def _offer_for_view(self, view: SavedView) -> None:
        offers: list[tuple[str, str, str, Callable[[], None]]] = [
            ("n", "Rename", "call it something else", lambda: self._ask_view_name(view)),
            ("q", "Query", view.query or "every paper", lambda: self._ask_query(view)),
            (
                "k",
                "Key",
                f"now {_FIRST_KEY} {view.key}" if view.key else "none so far",
                lambda: self._ask_key(view),
            ),
            ("u", "Up", "further up in the sidebar", lambda: self._move_view(view, -1)),
            ("d", "Down", "further down in the sidebar", lambda: self._move_view(view, 1)),
            ("x", "Remove", "its papers stay", lambda: self._remove_view(view)),
        ]

        def picked(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    offers[place][3]()

        choices = [(title, words) for _, title, words, _ in offers]
        keys = [key for key, _, _, _ in offers]
        self.app.push_screen(Picker(f"View “{view.name}”", choices, keys=keys), picked)

    def _ask_view_name(self, view: SavedView) -> None:
        def rename(text: str) -> bool:
            renamed = not text or self._change_views(
                lambda views: saved_views.renamed(views, view.name, text), f"renamed the view {view.name}"
            )
            if text and renamed:
                self._open_named(text)
            return renamed

        self._ask("Call the view", view.name, rename)

    def _ask_query(self, view: SavedView) -> None:
        def find(text: str) -> bool:
            changed = self._change_views(
                lambda views: saved_views.added(views, replace(view, query=text)),
                f"changed the view {view.name}",
            )
            if changed:
                self._open_named(view.name)
            return changed

        self._ask("What the view finds", view.query, find)

    def _ask_key(self, view: SavedView) -> None:
        def give(text: str) -> bool:
            key = text.strip()[:1]
            given = not self._is_taken(key) and self._change_views(
                lambda views: saved_views.added(views, replace(view, key=key)),
                f"changed the key of {view.name}",
            )
            if given:
                self.say(f"{_FIRST_KEY} {key} opens {view.name}" if key else f"no key opens {view.name}")
            return given

        hint = f"one letter, which opens it after {_FIRST_KEY}; empty: none · Esc cancels"
        self._ask(f"Key for “{view.name}”", view.key, give, hint)

    def _is_taken(self, key: str) -> bool:
        """Whether a key behind the first already means something else; that is told."""
        taken = self.keys.chords.get(_FIRST_KEY, {}).get(named_key(key)) if key else None
        if taken:
            self.say(f"{_FIRST_KEY} {key} is taken, it goes to {taken}")
        return bool(taken)

    def _move_view(self, view: SavedView, step: int) -> None:
        self._change_views(
            lambda views: saved_views.moved(views, view.name, step), f"moved the view {view.name}"
        )

    def _remove_view(self, view: SavedView) -> None:
        if self._change_views(
            lambda views: saved_views.removed(views, view.name), f"removed the view {view.name}"
        ):
            self.say(f"the view {view.name} is gone · {self.keys.shown('undo')} brings it back")

    def _open_named(self, name: str) -> None:
        self.open_view(saved_view(saved_views.named(self._named, name)), keep=self.papers.current)

    def _change_views(self, change: Callable[[Views], Views], text: str) -> bool:
        """Changes the file, of which `text` tells when it is taken back; what can't be done is told. Whether it was."""
        if self._keeps_nothing:
            self.say("a demo keeps nothing: start papers-tui without --demo to save views")
            return False
        path, turn = self._paths.views_file, Turn[SavedView](change)
        try:
            self._show_saved(saved_views.edit(path, turn.make))
        except PapersError as error:
            self.say(str(error))
            return False
        if turn.changed:
            back, again = (partial(saved_views.edit, path, way) for way in (turn.back, turn.again))
            self._remember(Edit(text, back, again))
        return True

    # Showing

    def wanted(self) -> set[int]:
        """The papers that the views which the user saved are for; those that are only suggested want none."""
        if self._keeps_nothing or not self._paths.views_file.exists():
            return set()
        found = (self._library.find(view.query, since=self._since) for view in self._saved)
        return {row for rows in found for row in rows}

    def _show_saved(self, views: Views) -> None:
        self._named = views
        self._saved = self._listed(views)
        for view in views:
            if view.key and (key := named_key(view.key)) not in self.keys.every():
                self._bind(key)
        self._count()

    def _listed(self, views: Views) -> tuple[View, ...]:
        """What stands in the sidebar under the heading of views."""
        return tuple(map(saved_view, views))

    def _count(self) -> None:
        super()._count()
        if self._saved:
            self._soon("saved", _QUIET_SECONDS, self._count_saved)

    def _count_saved(self) -> None:
        """Counts beside the keys: once more after a count that is under way, of which nothing is lost."""
        self._to_count = True
        if self._count_under_way is None or self._count_under_way.is_finished:
            work: WorkType[None] = self._counted
            self._count_under_way = self.run_worker(work, group="saved")

    async def _counted(self) -> None:
        while self._to_count:
            self._to_count = False
            try:
                self._counter = self._counter or self._library.finder()
                await self._count_with(self._counter, self._saved)
            except PapersError:  # what opens a list says it
                return

    async def _count_with(self, finder: Finder, views: tuple[View, ...]) -> None:
        """Counts the unread papers of the views, unless it is known how many they are."""
        asked = (await asyncio.to_thread(finder.state), views)
        if asked == self._counted_last:
            return
        counted = {}
        for view in views:
            query = Query((*view.query.terms, Is("unread")))
            try:
                many = await asyncio.to_thread(finder.count, query, since=self._since)
            except PapersError:
                many = 0
            if many is None or finder is not self._counter:  # it was given up
                return
            counted[view.key] = many
        self._counted_last = asked
        if counted != self._unread_saved:
            self._unread_saved = counted
            super()._count()

    def _let_go(self) -> None:
        super()._let_go()
        self._to_count = False
        if self._counter:
            self._counter.close()
            self._counter = None

    # Order

    def _do_sort(self) -> None:
        """Another order for the list; the view keeps it."""

        def picked(place: int | None) -> None:
            if place is not None:
                order = ORDERS[place]
                self._sorts[self.view.key] = order
                self.post_message(self.Chosen(sorts=sorts_text(self._sorts)))
                view = replace(self.view, query=replace(self.view.query, sort=""))
                self.open_view(view, keep=self.papers.current)
                self.say(f"sorted by {order}")

        now = self._sort_of(self.view)
        choices = [("now" if order == now else "", order) for order in ORDERS]
        letters = [order[0] for order in ORDERS]
        self.app.push_screen(Picker("Sort by", choices, keys=letters), picked)
