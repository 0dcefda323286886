"""The part of the app that has its sources asked, and shows what they bring."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from papers_tui import subscriptions
from papers_tui.config import Config
from papers_tui.domain.moments import stamp
from papers_tui.library import Library
from papers_tui.prepaint.painting import Painted
from papers_tui.ui.commands import Keymap
from papers_tui.ui.following import Following
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.refresh import RUNNING, follow
from papers_tui.ui.screens.main import MainScreen
from papers_tui.ui.stylesheet import FrugalStylesheet
from papers_tui.ui.terminal import TerminalDriver
from papers_tui.ui.veiled import VeiledApp

_AWAY = timedelta(hours=36)
"""Who was away for longer is told what came in meanwhile."""


class RefreshingApp(VeiledApp):
    """Starts refreshes, follows them, and lets the main screen show what comes of them."""

    def __init__(
        self,
        own: Library | None,
        config: Config,
        keys: Keymap,
        problems: Sequence[str],
        *,
        refresher: Sequence[str],
        painted: Painted | None,
        now: Callable[[], datetime],
    ) -> None:
        """`own` is the user's library, None for a demo, which asks nobody; `refresher` is the command that asks,
        `painted` the first screen where that is on the terminal already."""
        super().__init__(driver_class=TerminalDriver, painted=painted, now=now)
        self.stylesheet = FrugalStylesheet(variables=self.theme_variables)
        self._own = own
        self._config = config
        self._keys = keys
        self._problems = list(problems)
        self._refresher = tuple(refresher)
        self._following = Following(manual=config.refresh == "manual")
        self._told: list[Mapping[str, Any]] = []
        self._away_since = ""

    async def leave_sample(self) -> None:
        """From the sample papers to the user's own, the first that came in."""
        raise NotImplementedError

    @property
    def sampling(self) -> bool:
        """Whether the sample papers are on show; what is done to them is not kept."""
        return self.library is not self._own

    async def on_reading_screen_refresh_wanted(self, event: MainScreen.RefreshWanted) -> None:
        if self._own is None:
            self.main.say("a demo asks nobody: start papers-tui without --demo to follow sources")
        elif event.due and self.sampling and not self._own.is_empty():
            await self.leave_sample()
        elif self._following.running:
            self.main.say("a refresh is running already")
        elif event.paper:
            self._refresh("--paper", event.paper, aloud=True)
        else:
            self._refresh(*event.sources, *([] if event.due else ["--force"]), aloud=True)

    def on_following_screen_sources_changed(self) -> None:
        self.follow_anew()

    def _refresh(self, *arguments: str, aloud: bool = False) -> None:
        """Starts a refresh; what it comes to is said if it was asked for (`aloud`)."""
        self._follow_on(running=True, progress="refreshing …" if aloud else "")
        self.run_worker(self._refreshed(arguments, aloud=aloud), group="refresh")

    async def _refreshed(self, arguments: Sequence[str], *, aloud: bool) -> None:
        self._told.clear()
        code = -1
        try:
            code = await follow((*self._refresher, *arguments), os.environ, self._hear)
        except OSError as error:
            self.main.say(f"a refresh can't be started: {error.strerror or error}")
        finally:
            self._follow_on(running=False, progress="")
        self.follow_anew()
        done = next((event for event in self._told if event.get("event") == "done"), None)
        if done is not None:
            self._follow_on(offline=bool(done.get("offline")))
        if self.library is self._own:
            self.library.sync()
            self.main.look_again()
            self._tell_missed()
        if aloud and code >= 0:
            self.main.say(_told_refresh(self._told, done, code, paper="--paper" in arguments))

    def _tell_missed(self) -> None:
        """After days away: once what was missed is here, it is summed up."""
        before, self._away_since = self._away_since, ""
        if before and stamp(self._now() - _AWAY) > before:
            with self.main.telling():
                self.main.tell_missed()

    def _hear(self, event: Mapping[str, Any]) -> None:
        """Shows what a refresh tells, as it happens."""
        self._told.append(event)
        if event.get("event") == "progress":
            total, source = event.get("total"), event.get("source")
            if source and total:
                detail = f": {event['detail']}" if event.get("detail") else ""
                self._follow_on(progress=f"{min(event['done'] + 1, total)}/{total} · {source}{detail}")
        elif event.get("event") == "source" and self._own is not None:
            with self.main.telling():
                self._follow_on(states=self._own.intake.states())
        if event.get("new") and event.get("event") in ("source", "progress"):
            if self.sampling:
                self.main.say(
                    f"papers came in · {self._keys.shown('reload')} shows them in place of the sample"
                )
            else:
                self.main.arrived()

    def _follow_on(self, **changes: Any) -> None:
        """Shows how the asking goes, with what changed."""
        if self._own is not None:
            self._following = replace(self._following, **changes)
            self.main.show_following(self._following)

    def follow_anew(self) -> None:
        """Shows what is followed as it is now, in the file and in the library."""
        if self._own is None:
            return
        sources, problems = subscriptions.load(self.paths.sources_file)
        for problem in problems:
            if problem not in self._problems:
                self._problems.append(problem)
                self.notify(problem, severity="warning", timeout=12, markup=False)
        with self.main.telling():
            self._own.intake.rename(sources)
            self._follow_on(sources=sources, states=self._own.intake.states())

    def _refresh_due(self) -> None:
        """Asks the sources whose time has come."""
        if self._own is not None and not self._following.running and self._following.due(stamp(self._now())):
            self._refresh()


def _told_refresh(
    events: Sequence[Mapping[str, Any]], done: Mapping[str, Any] | None, code: int, *, paper: bool = False
) -> str:
    """What a refresh came to, in words; `paper`: it was about one paper alone."""
    if done is None:
        return (
            "another refresh is running"
            if code == RUNNING
            else f"the refresh ended too early (exit code {code})"
        )
    if done.get("offline"):
        return "nothing could be reached: this machine seems to be offline"
    ended = [event for event in events if event.get("event") == "source"]
    troubled = [event for event in ended if event.get("status") in ("failed", "refused")]
    new, changed = int(done.get("new") or 0), int(done.get("changed") or 0)
    said = []
    if paper and not troubled:
        return (
            "looked up: what is new stands in the detail"
            if new or changed
            else "looked up: nothing more is known"
        )
    if new:
        said.append(counted(new, "new paper"))
    elif len(troubled) < len(ended) or not ended:
        said.append("nothing new from the others" if troubled else "nothing new")
    if changed:
        said.append(f"{changed:,} with news")
    if len(troubled) == 1:
        said.insert(0, f"{troubled[0].get('source')}: {troubled[0].get('reason', 'it failed')}")
    elif troubled:
        said.insert(0, f"{len(troubled)} sources failed")
    elif len(ended) == 1 and not new and (reason := ended[0].get("reason")):
        said = [str(reason)]
    return " · ".join(said)
