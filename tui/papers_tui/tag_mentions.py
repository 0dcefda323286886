"""The user's files that name a tag: saved views that ask for it and rules that give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from papers_tui import rulebook, saved_views
from papers_tui.domain.mentions import asking_for, asks_for, gives, giving
from papers_tui.domain.rules import Rule, Rules
from papers_tui.late import dataclass
from papers_tui.paths import Paths
from papers_tui.reversal import Named, Turn
from papers_tui.saved_views import SavedView, Views


@dataclass(frozen=True, slots=True)
class Mentions:
    """The names of the `views` and of the `rules` that name a tag; those `by_hand` stand in config.toml."""

    views: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.views or self.rules or self.by_hand)

    @property
    def words(self) -> str:
        """`the view Reading, the rules A and B`."""
        named = (("view", self.views), ("rule", (*self.by_hand, *self.rules)))
        return ", ".join(_listed(noun, names) for noun, names in named if names)


@dataclass(frozen=True, slots=True)
class Followed:
    """What was changed in views and rules so that they name a tag as it is called now."""

    paths: Paths
    views: Turn[SavedView]
    rules: Turn[Rule]

    @property
    def names(self) -> Mentions:
        """The views and rules that changed."""
        return Mentions(_changed(self.views.was, self.views.now), _changed(self.rules.was, self.rules.now))

    def back(self) -> None:
        """Lets them name it as before. Raises PapersError where a file can't be changed."""
        self._edit(self.views.back, self.rules.back)

    def again(self) -> None:
        """Lets them follow again. Raises PapersError where a file can't be changed."""
        self._edit(self.views.again, self.rules.again)

    def _edit(self, views: Callable[[Views], Views], rules: Callable[[Rules], Rules]) -> None:
        if self.views.changed:
            saved_views.edit(self.paths.views_file, views)
        if self.rules.changed:
            rulebook.edit(self.paths.rules_file, rules)


def mentions(paths: Paths, tag: str) -> Mentions:
    """Which views and rules name a tag, as far as their files can be read."""
    views, _ = saved_views.load(paths.views_file)
    book = rulebook.load(paths)
    return Mentions(
        tuple(view.name for view in views if asks_for(view.query, tag)),
        tuple(rule.name for rule in book.kept if gives(rule, tag)),
        tuple(rule.name for rule in book.by_hand if gives(rule, tag)),
    )


def follow(paths: Paths, old: str, new: str) -> Followed:
    """Lets the views and rules that name a tag call it as it is called now; config.toml stays as its writer left it.

    Raises PapersError where a file can't be changed.
    """
    found = mentions(paths, old)
    views = Turn[SavedView](
        lambda views: tuple(replace(view, query=asking_for(view.query, old, new)) for view in views)
    )
    rules = Turn[Rule](lambda rules: tuple(giving(rule, old, new) for rule in rules))
    if found.views:
        saved_views.edit(paths.views_file, views.make)
    if found.rules:
        rulebook.edit(paths.rules_file, rules.make)
    return Followed(paths, views, rules)


def _changed(was: tuple[Named, ...], now: tuple[Named, ...]) -> tuple[str, ...]:
    return tuple(after.name for before, after in zip(was, now, strict=True) if before != after)


def _listed(noun: str, names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"the {noun} {names[0]}"
    return f"the {noun}s {', '.join(names[:-1])} and {names[-1]}"
