"""Authors that the user watches: their names stand out, and their papers have a view."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from papers_tui import watching
from papers_tui.domain.query import Query
from papers_tui.domain.watched import Watched
from papers_tui.paths import make
from papers_tui.saved_views import Views
from papers_tui.ui.screens.picker import Picker, keys_for
from papers_tui.ui.screens.saving import SavingScreen
from papers_tui.ui.views import WATCHED, View, watched_view


class WatchingScreen(SavingScreen):
    """`w` watches an author of the paper under the cursor, or does so no longer."""

    _watched = Watched()

    @property
    def watched_names(self) -> tuple[str, ...]:
        """The names of the watched authors."""
        return self._watched.names

    def load_saved(self) -> None:
        names, problems = ((), ()) if self._keeps_nothing else watching.load(self._paths.authors_file)
        for problem in problems:
            self.app.notify(problem, severity="warning", timeout=12, markup=False)
        self._stand_out(names)
        super().load_saved()

    def _mark_hits(self, query: Query) -> None:
        """In the view of the watched authors their names stand out anyway."""
        super()._mark_hits(Query(()) if query == self.view.query and self.view.key == WATCHED else query)

    def _do_watch(self) -> None:
        holding = self._current_holding()
        if self._keeps_nothing:
            self.say("a demo keeps nothing: start papers-tui without --demo to watch authors")
        elif holding and holding.paper.authors:
            self._pick_author("Watch whom, or no longer?", holding.paper.authors)
        else:
            self.say("nothing names an author here")

    def _do_manage(self) -> None:
        """Who is to be watched no longer, in their view; else what can be done to a saved view or a source."""
        if self.view.key == WATCHED:
            self._pick_author("Watch whom no longer?", self._watched.names)
        else:
            super()._do_manage()

    def _pick_author(self, question: str, names: Sequence[str]) -> None:
        def picked(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    self._turn(names[place])

        choices = [("watched" if self._watched.has(name) else "", name) for name in names]
        self.app.push_screen(Picker(question, choices, keys=keys_for(len(names))), picked)

    def _turn(self, name: str) -> None:
        """Watches an author, or one that is watched no longer."""
        on = not self._watched.has(name)
        change: Callable[..., tuple[str, ...]] = watching.watch if on else watching.unwatch
        make(self._paths)
        self._stand_out(change(self._paths.authors_file, name))
        self._show_saved(self._named)
        again = f"{self.keys.shown('watch')} again stops it"
        self.say(f"watching {name} · {again}" if on else f"{name} is watched no longer")

    def _stand_out(self, names: Sequence[str]) -> None:
        self._watched = Watched(tuple(names))
        self.papers.show_watched(self._watched)
        self._detail.show_watched(self._watched)

    def _listed(self, views: Views) -> tuple[View, ...]:
        watched = (watched_view(self._watched.names),) if self._watched.names else ()
        return (*watched, *super()._listed(views))
