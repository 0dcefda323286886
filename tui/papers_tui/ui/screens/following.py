"""What is followed: adding sources, changing them, and seeing which of them fail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from textual.message import Message

from papers_tui import subscriptions
from papers_tui.domain.errors import PapersError
from papers_tui.domain.query import Label, Query
from papers_tui.domain.sources import Source
from papers_tui.library import Library
from papers_tui.paths import home_folder, make
from papers_tui.ui import checking
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.acting import ActingScreen
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.picker import Picker, keys_for
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.triage import tag_names, tags_by_use
from papers_tui.ui.views import INBOX, View

Sources = tuple[Source, ...]
Change = Callable[[Sources], Sources]
_Given = TypeVar("_Given")

_WAYS = (
    "a feed's or a page's address · cs.CL+cs.LG · author:NAME · arxiv:some words · week, month, trending · "
    "daily:search:some words · the file of a saved page or of an OPML list (feed:FILE is followed) · "
    "Tab completes · Esc cancels"
)


class FollowingScreen(ActingScreen):
    """The sources, in `sources.toml`, and what the library holds of them. Work on both is done beside the keys."""

    class SourcesChanged(Message):
        """What is followed is not the same as before."""

    check_command: Sequence[str] = checking.COMMAND

    # Adding

    def _do_add(self) -> None:
        if self._keeps_nothing:
            self.say("a demo keeps nothing: start papers-tui without --demo to add sources and papers")
        else:
            self._ask_what("", _WAYS)

    def _ask_what(self, typed: str, hint: str) -> None:
        def answered(text: str | None) -> None:
            if text and text.strip():
                self._add(text.strip())

        self.app.push_screen(Prompt("Add what?", typed, hint=hint, paths=True), answered)

    def _add(self, text: str) -> None:
        """Brings in a file, or shows what is to be followed; what can't be is told, and asked for again."""
        if names_files(text):
            self.post_message(self.Brought(text))
            return
        try:
            source = subscriptions.source_from(text, home=home_folder())
            subscriptions.added(self._followed(), source)
        except PapersError as error:
            self.say(str(error))
            self._ask_what(text, str(error))
            return
        known = tags_by_use(self._library.counts())

        from papers_tui.ui.screens.preview import Preview

        def previewed(chosen: Source | None) -> None:
            if chosen:
                self.run_worker(self._follow(chosen), group="sources")

        self.app.push_screen(Preview(source, self.check_command, self._glyphs, known_tags=known), previewed)

    async def _follow(self, source: Source) -> None:
        with self.telling():
            followed = await self._edited(partial(subscriptions.added, source=source))
            name = followed[-1].name
            running = self.following.running and not self.following.manual
            soon = (
                "it is asked after the refresh that is running" if running else "its papers are on their way"
            )
            self.say(f"added {name} · {soon} · {self.keys.shown('manage')} changes or removes it")
            if not running:
                self.post_message(self.RefreshWanted((name,)))

    # Changing

    def _do_manage(self) -> None:
        """What can be done to the source of the open view, or to one that is picked."""
        if self._keeps_nothing:
            self.say("a demo follows nothing: start papers-tui without --demo")
            return
        followed = self._followed()
        kind, _, name = self.view.key.partition(":")
        if kind == "source":
            source = next((source for source in followed if source.name == name), None)
            if source:
                self._offer_changes(source)
            else:
                self.say(f"{name}: an imported file; nothing to manage")
        elif followed:
            self._pick_source(followed)
        else:
            self.say(f"nothing is followed yet; {self.keys.shown('add')} adds something")

    def _pick_source(self, followed: Sources) -> None:
        def picked(place: int | None) -> None:
            if place is not None:
                self._offer_changes(followed[place])

        choices = [("paused" if source.paused else source.kind, source.name) for source in followed]
        self.app.push_screen(Picker("Manage which source?", choices, keys=keys_for(len(followed))), picked)

    def _offer_changes(self, source: Source) -> None:
        tags = f"now {', '.join(source.tags)}" if source.tags else "none so far"
        offers: list[tuple[str, str, str, Callable[[Source], None]]] = [
            ("r", "Refresh now", "ask it for new papers", self._refresh),
            ("n", "Rename", "call it something else", self._ask_name),
            ("t", "Tags", tags, self._ask_tags),
            ("p", "Resume", "ask it again when it is due", self._turn_paused)
            if source.paused
            else ("p", "Pause", "keep it, but don't ask it", self._turn_paused),
            ("e", "How often", f"now {subscriptions.pace(source.every)}", self._ask_pace),
            ("x", "Remove", "follow it no longer", self._ask_removal),
        ]

        def picked(place: int | None) -> None:
            if place is not None:
                with self.telling():
                    offers[place][3](source)

        choices = [(title, about) for _, title, about, _ in offers]
        keys = [key for key, _, _, _ in offers]
        self.app.push_screen(Picker(source.name, choices, keys=keys), picked)

    def _refresh(self, source: Source) -> None:
        from papers_tui.ui.standing import standings, why_not_now

        state = self._library.intake.states().get(source.ref)
        if why := why_not_now(standings((source,), {source.ref: state} if state else {})[0], _local_now()):
            self.say(why)
        else:
            self.post_message(self.RefreshWanted((source.name,)))
            self.say(f"asking {source.name} …")

    def _ask_name(self, source: Source) -> None:
        def answered(text: str | None) -> None:
            if text is not None and text.strip() != source.name:
                self.run_worker(self._rename(source, text), group="sources")

        hint = "Enter keeps it · Esc leaves it as it was"
        self.app.push_screen(Prompt("What to call it?", source.name, hint=hint), answered)

    async def _rename(self, source: Source, text: str) -> None:
        with self.telling():
            await self._edited(partial(subscriptions.renamed, name=source.name, new=text))
            new = replace(source, name=subscriptions.source_name(text))
            await self._in_library(lambda library: library.intake.rename([new]))
            self.look_again()
            if self.view.key == f"source:{source.name}":
                view = View(f"source:{new.name}", new.name, Query((Label("source", new.name),)))
                self.open_view(view, keep=self.papers.current)
            self.say(f"{source.name} is now called {new.name}")

    def _ask_tags(self, source: Source) -> None:
        known = tags_by_use(self._library.counts())

        def answered(text: str | None) -> None:
            if text is not None:
                tags = tag_names(text, known)
                said = f"{source.name}: tagged {', '.join(tags)}" if tags else f"{source.name}: no tags"
                self._change(partial(subscriptions.retagged, name=source.name, tags=tags), said)

        hint = "commas between tags · Enter keeps them · Esc leaves them as they were"
        had = "".join(f"{tag}, " for tag in source.tags)
        self.app.push_screen(Prompt(f"Tags · {source.name}", had, hint=hint, known=known), answered)

    def _turn_paused(self, source: Source) -> None:
        on = not source.paused
        said = f"{source.name} is paused" if on else f"{source.name} is asked again when it is due"
        self._change(partial(subscriptions.paused, name=source.name, on=on), said)

    def _ask_pace(self, source: Source) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                with self.telling():
                    every = subscriptions.minutes(text)
                    said = f"{source.name} is asked {subscriptions.pace(every)}"
                    self._change(partial(subscriptions.paced, name=source.name, every=every), said)

        had = "" if source.every is None else f"{source.every} min"
        hint = "90 min, 6h or 1d; empty: at its own pace · Enter keeps it · Esc leaves it as it was"
        self.app.push_screen(Prompt(f"How often is {source.name} to be asked?", had, hint=hint), answered)

    def _ask_removal(self, source: Source) -> None:
        async def ask() -> None:
            with self.telling():
                at_stake = await self._in_library(lambda library: _at_stake(library, source))
                self.app.push_screen(Confirm(removal(source.name, *at_stake)), confirmed)

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._remove(source), group="sources")

        self.run_worker(ask(), group="sources")

    async def _remove(self, source: Source) -> None:
        with self.telling():
            await self._edited(partial(subscriptions.removed, name=source.name))
            lost = await self._in_library(lambda library: library.intake.forget(source))
            gone = self.view.key == f"source:{source.name}"
            self.open_view(INBOX if gone else self.view, keep=self.papers.current)
            papers = f", and with it {counted(lost, 'paper')}" if lost else ""
            self.say(f"{source.name} is removed{papers}")

    # Failing

    def _do_failures(self) -> None:
        """How every source stands."""
        if self._keeps_nothing:
            self.say("a demo follows nothing, so nothing fails")
            return
        from papers_tui.ui.screens.failures import Failures
        from papers_tui.ui.standing import Standing, standings

        followed = self._followed()

        def look() -> tuple[Standing, ...]:
            return standings(followed, self._library.intake.states())

        def closed(name: str | None) -> None:
            source = next((source for source in followed if source.name == name), None)
            if source:
                self._offer_changes(source)

        def ask(names: tuple[str, ...]) -> None:
            self.post_message(self.RefreshWanted(names))

        self.app.push_screen(Failures(look, ask, self._glyphs, now=_local_now), closed)

    # Inside

    def _followed(self) -> Sources:
        """What is followed. Raises PapersError where the list can't be read."""
        followed, problems = subscriptions.load(self._paths.sources_file)
        if problems and not followed:
            title, _, message = problems[0].partition(": ")
            raise PapersError(title, message)
        return followed

    def _change(self, change: Change, said: str) -> None:
        """Changes what is followed, and says so."""

        async def work() -> None:
            with self.telling():
                await self._edited(change)
                self.say(said)

        self.run_worker(work(), group="sources")

    async def _edited(self, change: Change) -> Sources:
        def work() -> Sources:
            make(self._paths)
            return subscriptions.edit(self._paths.sources_file, change)

        sources = await asyncio.to_thread(work)
        self.post_message(self.SourcesChanged())
        return sources

    async def _in_library(self, do: Callable[[Library], _Given]) -> _Given:
        """Does it to the user's own library, whatever is on show."""

        def work() -> _Given:
            with Library(self._paths) as library:
                return do(library)

        return await asyncio.to_thread(work)


def names_files(text: str) -> bool:
    """Whether a text is a path of a file that is there, or a pattern of some. A bare word is none."""
    if not any(sign in text for sign in "/.*"):
        return False
    try:
        path = Path(text).expanduser()
        return path.is_file() or (
            "*" in path.name and any(found.is_file() for found in path.parent.glob(path.name))
        )
    except (OSError, ValueError, RuntimeError, NotImplementedError):
        return False


def removal(name: str, listed: int, lone: int) -> str:
    """What is asked before a source is removed that lists so many papers, and alone holds `lone` of them."""
    if not listed:
        return f"Remove {name}? It has no papers."
    if not lone:
        return f"Remove {name}? Its papers stay: other sources list them, or they bear a mark of yours."
    return (
        f"Remove {name}, and {counted(lone, 'paper')} that nothing else lists and that bear no mark? "
        "Starred, tagged, noted and later papers stay."
    )


def _at_stake(library: Library, source: Source) -> tuple[int, int]:
    library.intake.rename([source])
    return library.intake.at_stake(source)


def _local_now() -> datetime:
    return datetime.now(UTC).astimezone()
