"""Muting: a rule made from the paper under the cursor."""

from __future__ import annotations

from papers_tui import rulebook
from papers_tui.domain.errors import PapersError
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import Is, Not, Query, Words
from papers_tui.domain.query import format as format_query
from papers_tui.domain.rules import Rule, Rules, query_of, rule_name
from papers_tui.domain.text import unicode_tex, words_of
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.picker import Picker
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.ruling import RulingScreen
from papers_tui.ui.views import related

_MUTED = ("author", "org", "cat", "topic", "source")
_LONGEST = 60


class MutingScreen(RulingScreen):
    """`D` says how many papers a rule would hide, and keeps it in `rules.toml`."""

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
                self._mute(when)

        shown = when if len(when) <= _LONGEST else f"{when[: _LONGEST - 1]}…"
        papers = counted(hidden, "paper")
        question = f"Mute {shown}? That hides {papers} now, and those that come; Dismissed lists them."
        self.app.push_screen(Confirm(question), confirmed)

    def _mute(self, when: str) -> None:
        made: list[str] = []

        def change(rules: Rules) -> Rules:
            made[:] = [free_name(rules, when)]
            return rulebook.added(rules, Rule(made[0], when, ("dismiss",)))

        self._change_rules(change, lambda: f"muted by the rule {made[0]}")


def free_name(rules: Rules, when: str) -> str:
    """A name for a rule that mutes what a query finds: that of the rule which does so already, else a new one."""
    taken = {rule.name.casefold(): rule.when for rule in rules}
    suffixes = ("", *(f" {number}" for number in range(2, len(rules) + 2)))
    names = (rule_name(f"mute {when}"[: _LONGEST - len(suffix)]) + suffix for suffix in suffixes)
    return next(name for name in names if taken.get(name.casefold(), when) == when)
