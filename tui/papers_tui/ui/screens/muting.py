"""Muting: a rule made from the paper under the cursor, and following rules that were changed elsewhere."""

from __future__ import annotations

from papers_tui import rulebook
from papers_tui.domain.errors import PapersError
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import Is, Not, Query, Words
from papers_tui.domain.query import format as format_query
from papers_tui.domain.rules import Rule, Rules, query_of, rule_name
from papers_tui.domain.text import unicode_tex, words_of
from papers_tui.library import Library
from papers_tui.paths import make
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.tagging import TaggingScreen
from papers_tui.ui.views import related

_MUTED = ("author", "org", "cat", "topic", "source")
_LONGEST = 60


class MutingScreen(TaggingScreen):
    """Rules in `rules.toml`, made here, and brought to bear on the library beside the keys."""

    _told: tuple[str, ...] = ()

    def _do_mute(self) -> None:
        if self._keeps_nothing:
            self.say("a demo keeps nothing: start papers-tui without --demo to mute")
            return
        if not (holding := self._current_holding()):
            return
        views = [view for view in related(holding) if view.key.partition(":")[0] in _MUTED]

        def picked(place: int | None) -> None:
            if place is None:
                return
            with self.telling():
                if place:
                    self._weigh_mute(format_query(Query(views[place - 1].query.terms)))
                else:
                    self._ask_phrase(holding.paper)

        choices = [("phrase", "words in a row, which you choose")]
        choices += [(view.key.partition(":")[0], view.title) for view in views]
        self.app.push_screen(Picker("Mute what of it?", choices), picked)

    def _ask_phrase(self, paper: Paper) -> None:
        def answered(text: str | None) -> None:
            if text and text.strip():
                with self.telling():
                    if not words_of(text):
                        raise PapersError("mute", "there is no word in it", "give it a letter or a digit")
                    self._weigh_mute(format_query(Query((Words(text.strip(), phrase=True),))))

        hint = "in title, authors or abstract · Esc cancels"
        self.app.push_screen(Prompt("Mute which words?", unicode_tex(paper.title), hint=hint), answered)

    def _weigh_mute(self, when: str) -> None:
        """Says how many papers a rule would hide, and asks."""
        query = query_of(Rule("", when, ()))
        hidden = len(self._library.find(Query((*query.terms, Not(Is("dismissed"))))))

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._mute(when), group="rules")

        shown = when if len(when) <= _LONGEST else f"{when[: _LONGEST - 1]}…"
        papers = counted(hidden, "paper")
        question = f"Mute {shown}? That hides {papers} now, and those that come; Dismissed lists them."
        self.app.push_screen(Confirm(question), confirmed)

    async def _mute(self, when: str) -> None:
        made: list[str] = []

        def change(rules: Rules) -> Rules:
            made[:] = [free_name(rules, when)]
            return rulebook.added(rules, Rule(made[0], when, ("dismiss",)))

        def work(library: Library) -> tuple[str, ...]:
            make(self._paths)
            rulebook.edit(self._paths.rules_file, change)
            return library.follow_rules()

        with self.telling():
            self._tell_rules(await self._in_library(work))
            self.look_again()
            self.say(f"muted by the rule {made[0]} · `papers-tui rule remove` takes it back")

    def follow_rules(self) -> None:
        """Goes by the rules as they stand in the files now, where these are others than before."""
        with self.telling():
            if self._library.rules_due():
                self.run_worker(self._rule_anew(), group="rules")

    async def _rule_anew(self) -> None:
        with self.telling():
            self._tell_rules(await self._in_library(lambda library: library.follow_rules()))
            self.look_again()

    def _tell_rules(self, problems: tuple[str, ...]) -> None:
        for problem in problems:
            if problem not in self._told:
                self.app.notify(problem, severity="warning", timeout=12, markup=False)
        self._told = problems


def free_name(rules: Rules, when: str) -> str:
    """A name for a rule that mutes what a query finds: that of the rule which does so already, else a new one."""
    taken = {rule.name.casefold(): rule.when for rule in rules}
    suffixes = ("", *(f" {number}" for number in range(2, len(rules) + 2)))
    names = (rule_name(f"mute {when}"[: _LONGEST - len(suffix)]) + suffix for suffix in suffixes)
    return next(name for name in names if taken.get(name.casefold(), when) == when)
