"""The user's rules as such: what each does to how many papers, changing it, and taking it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from papers_tui import rulebook, saved_views
from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import DEEDS, Rule, Rules, checked, query_of
from papers_tui.library import Library
from papers_tui.paths import make
from papers_tui.reversal import Turn
from papers_tui.rulebook import Rulebook
from papers_tui.ui.edits import Edit
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.picker import Picker, keys_for
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.tagging import TaggingScreen
from papers_tui.ui.views import DISMISSED, View


class RulingScreen(TaggingScreen):
    """Rules in `rules.toml` are changed here; those in `config.toml` are for the hand that wrote them."""

    _told: tuple[str, ...] = ()

    def _do_manage(self) -> None:
        """What can be done to the rule whose papers are listed, or to those that dismiss; else to a tag, a view …"""
        kind, _, name = self.view.key.partition(":")
        if kind == "rule":
            book = rulebook.load(self._paths)
            self._offer_for_rule(book, book.rules.index(rulebook.named(book.rules, name)))
        elif self.view.key == DISMISSED.key:
            self._do_rules()
        else:
            super()._do_manage()

    def _do_rules(self) -> None:
        """Lists the rules with how many papers each holds of, which is counted beside the keys."""
        if self._keeps_nothing:
            self.say("a demo keeps nothing: start papers-tui without --demo to make rules")
            return
        book = rulebook.load(self._paths)
        self._tell_rules(book.problems)
        if not book.rules:
            self.say(f"there is no rule yet; {self.keys.shown('mute')} on a paper makes one")
            return

        def picked(place: int | None) -> None:
            if place is not None:
                self._offer_for_rule(book, place)

        holding = self._current_holding()
        at_work = sorted({one.number for one in holding.ruled}) if holding else []
        about = f" · at work on this paper: {', '.join(map(str, at_work))}" if at_work else ""
        choices = [("counting …", described(number, rule)) for number, rule in enumerate(book.rules, 1)]
        picker = Picker(f"Your rules{about}", choices, keys=keys_for(len(choices)))
        self.app.push_screen(picker, picked)
        self.run_worker(self._count_ruled(picker, book.rules), group="counting", exclusive=True)

    async def _count_ruled(self, picker: Picker, rules: Rules) -> None:
        finder = self._searching()
        choices = [("counting …", described(number, rule)) for number, rule in enumerate(rules, 1)]
        for place, rule in enumerate(rules):
            with self.telling():
                many = await asyncio.to_thread(finder.count, query_of(rule))
                choices[place] = ("" if many is None else counted(many, "paper"), choices[place][1])
            if self.app.screen is not picker:
                return
            picker.renew(choices)

    def _offer_for_rule(self, book: Rulebook, place: int) -> None:
        rule = book.rules[place]
        offers: list[tuple[str, str, str, Callable[[], None]]] = [
            ("p", "Its papers", "all of which it holds", partial(self._list_ruled, rule)),
            ("n", "Rename", "call it something else", partial(self._ask_rule_name, rule)),
            ("q", "Query", rule.when, partial(self._ask_when, rule)),
            ("w", "What it does", ", ".join(rule.do), partial(self._ask_deeds, rule)),
            ("u", "Up", "further up in the list", partial(self._move_rule, rule, -1)),
            ("d", "Down", "further down in the list", partial(self._move_rule, rule, 1)),
            ("x", "Remove", "what it did is taken back", partial(self._remove_rule, rule)),
        ]
        about = described(place + 1, rule)
        if place < len(book.by_hand):
            offers = offers[:1]
            about = f"{about} · written by hand: change it in {self._paths.config_file}"

        def picked(chosen: int | None) -> None:
            if chosen is not None:
                with self.telling():
                    offers[chosen][3]()

        choices = [(title, words) for _, title, words, _ in offers]
        self.app.push_screen(Picker(f"Rule {about}", choices, keys=[key for key, *_ in offers]), picked)

    def _list_ruled(self, rule: Rule) -> None:
        self.visit_view(View(f"rule:{rule.name}", rule.name, query_of(rule)))

    def _ask_rule_name(self, rule: Rule) -> None:
        def change(text: str) -> tuple[Callable[[Rules], Rules], str]:
            new = checked(replace(rule, name=text)).name
            return (
                lambda rules: rulebook.renamed(rules, rule.name, new)
            ), f"the rule {rule.name} is now {new}"

        self._ask_change("Call the rule", rule.name, "Enter keeps it · Esc leaves it as it was", change)

    def _ask_when(self, rule: Rule) -> None:
        def change(text: str) -> tuple[Callable[[Rules], Rules], str]:
            return self._replacing(replace(rule, when=text))

        hint = "a query, as for / · Enter keeps it · Esc leaves it as it was"
        self._ask_change(f"Of which papers is {rule.name} to hold?", rule.when, hint, change)

    def _ask_deeds(self, rule: Rule) -> None:
        def change(text: str) -> tuple[Callable[[Rules], Rules], str]:
            deeds = tuple(deed.strip() for deed in text.split(",") if deed.strip())
            return self._replacing(replace(rule, do=deeds))

        hint = f"{', '.join(DEEDS)}, commas between · Enter keeps it · Esc leaves it as it was"
        self._ask_change(f"What is {rule.name} to do?", ", ".join(rule.do), hint, change)

    def _replacing(self, rule: Rule) -> tuple[Callable[[Rules], Rules], str]:
        new = checked(rule)
        return (lambda rules: rulebook.added(rules, new)), f"changed the rule {new.name}"

    def _ask_change(
        self,
        question: str,
        value: str,
        hint: str,
        change: Callable[[str], tuple[Callable[[Rules], Rules], str]],
    ) -> None:
        """Asks for a text, and makes the change that it stands for; what can't be is told, and asked for again."""

        def answered(text: str | None) -> None:
            if text is None or text == value:
                return
            try:
                do, said = change(text)
            except PapersError as error:
                self._ask_change(question, text, str(error), change)
            else:
                self._change_rules(do, lambda: said)

        self.app.push_screen(Prompt(question, value, hint=hint), answered)

    def _move_rule(self, rule: Rule, step: int) -> None:
        where = "up" if step < 0 else "down"
        self._change_rules(
            lambda rules: rulebook.moved(rules, rule.name, step),
            lambda: f"moved the rule {rule.name} {where}",
        )

    def _remove_rule(self, rule: Rule) -> None:
        self._change_rules(
            lambda rules: rulebook.removed(rules, rule.name), lambda: f"removed the rule {rule.name}"
        )

    # Inside

    def _change_rules(self, change: Callable[[Rules], Rules], said: Callable[[], str]) -> None:
        """Changes the file, beside the keys, and all that follows from it; `said` tells what was done, once it is."""
        self._in_turn(0, partial(self._changed_rules, change, said))

    async def _changed_rules(self, change: Callable[[Rules], Rules], said: Callable[[], str]) -> None:
        edit = await asyncio.to_thread(self._edited_rules, change, said)
        if edit is None:
            self.say("nothing to change")
            return
        self._remember(edit)
        await self._go_by_files()
        self.say(f"{edit.text} · {self.keys.shown('undo')} undoes it")

    def _edited_rules(self, change: Callable[[Rules], Rules], said: Callable[[], str]) -> Edit | None:
        """Changes `rules.toml`; what was done to it, None where nothing changed. Raises PapersError."""
        path, turn = self._paths.rules_file, Turn[Rule](change)
        make(self._paths)
        rulebook.edit(path, turn.make)
        if not turn.changed:
            return None
        back, again = partial(rulebook.edit, path, turn.back), partial(rulebook.edit, path, turn.again)
        return Edit(said(), back, again)

    async def _go_by_files(self) -> None:
        if not self._keeps_nothing:
            self._show_saved(saved_views.load(self._paths.views_file)[0])
        await self._rule_anew()

    def follow_rules(self) -> None:
        """Goes by the rules as they stand in the files now, where these are others than before."""
        with self.telling():
            if self._library.rules_due():
                self.run_worker(self._rule_anew(), group="rules")

    async def _rule_anew(self) -> None:
        with self.telling():
            self._tell_rules(await self._in_library(Library.follow_rules))
            self.look_again()

    def _tell_rules(self, problems: tuple[str, ...]) -> None:
        for problem in problems:
            if problem not in self._told:
                self.app.notify(problem, severity="warning", timeout=12, markup=False)
        self._told = problems


def described(number: int, rule: Rule) -> str:
    """A rule on one line: its number, its name, the query where the name doesn't tell it, and what it does."""
    query = "" if rule.name in (rule.when, f"mute {rule.when}") else f": {rule.when}"
    return f"{number} {rule.name}{query} → {', '.join(rule.do)}"
