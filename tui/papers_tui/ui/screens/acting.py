"""Acts by query: something is done to every paper that a query finds."""

from __future__ import annotations

from dataclasses import replace

from papers_tui.domain.errors import QueryError
from papers_tui.domain.marks import Act
from papers_tui.domain.orders import Order, complete_order, read_order
from papers_tui.domain.query import format as format_query
from papers_tui.domain.query.completion import Completion
from papers_tui.library import Done
from papers_tui.ui.panes.paper_list import counted
from papers_tui.ui.screens.confirm import Confirm
from papers_tui.ui.screens.prompt import Prompt
from papers_tui.ui.screens.undoing import UndoingScreen
from papers_tui.ui.typing import remembered

_WAYS = (
    'star author:NAME · read before:2w · tag moe title:"mixture of experts" · '
    "also later, dismiss; unread, unstar, unlater, restore, untag · Tab completes · ↑ the last ones · "
    "Enter counts and asks · Esc cancels"
)
_ASKED = {
    ("read", True): "Mark read",
    ("read", False): "Mark unread",
    ("star", True): "Star",
    ("star", False): "Take the star off",
    ("later", True): "Put on Later",
    ("later", False): "Take off Later",
    ("dismiss", True): "Dismiss",
    ("dismiss", False): "Bring back",
}
_LONGEST = 60
"""Characters of a query, and of a tag, that a question shows: it must leave room for the answers."""


class ActingScreen(UndoingScreen):
    """`:` takes an order such as `star author:hinton`, asks with the number of papers, and does it as one act."""

    _order: str = ""
    _orders: tuple[str, ...] = ()

    def _do_act(self) -> None:
        self._ask_order(self._order, _WAYS)

    def _ask_order(self, typed: str, hint: str) -> None:
        def answered(text: str | None) -> None:
            if text and text.strip():
                self._orders = remembered(self._orders, text.strip())
                with self.telling():
                    self._weigh(text)

        def complete(text: str, cursor: int) -> Completion | None:
            return complete_order(text, cursor, self._names())

        question = "Do what, to which papers?"
        former = [order for order in self._orders if order != typed]
        prompt = Prompt(question, typed, hint=hint, complete=complete, former=former)
        self.app.push_screen(prompt, answered)

    def _weigh(self, text: str) -> None:
        """Counts the papers that an order is for and asks; one that can't be read is told, and asked for again."""
        known = [label.name for label in self._library.counts().labels["tag"]]
        try:
            order = read_order(text, implies_read=True, known=known)
            found = self._library.find(order.query, since=self._since)
        except QueryError as error:
            self.say(str(error))
            self._ask_order(text, str(error))
            return
        self._order = text.strip()
        act = _without_what_follows(order.act)
        self._find_out(
            len(found),
            lambda library: library.changed_by(found, act),
            lambda lacking: self._ask_for(order, len(found), lacking),
        )

    def _ask_for(self, order: Order, many: int, lacking: tuple[int, ...]) -> None:
        """Asks whether to carry out an order that finds so many papers, of which these lack what it is about."""

        def confirmed(yes: bool | None) -> None:
            if yes:
                self._order = ""  # what was not wanted may be put right; what was done is done
                with self.telling():
                    self._carry_out(order.act, lacking)

        if lacking:
            self.app.push_screen(Confirm(question(order, len(lacking))), confirmed)
        elif many:
            self.say(f"nothing to change: {counted(many, 'paper')} found, and so it is already")
        else:
            self.say(f"no paper is found by {_cut(format_query(order.query))}")

    def _carry_out(self, act: Act, rows: tuple[int, ...]) -> None:
        def show(done: Done) -> None:
            undo = f" · {self.keys.shown('undo')} undoes it" if done.rows else ""
            self._tell(replace(done, text=f"{done.text}{undo}"))

        self._act(rows, lambda triage, papers: triage.carry_out(act, papers), show)


def question(order: Order, many: int) -> str:
    """What is asked before an order is carried out on so many papers."""
    papers = counted(many, "paper")
    register, on = order.act.sets[0]
    kind, _, tag = register.partition(":")
    if not tag:
        asked = f"{_ASKED[kind, on is True]} {papers}"
    elif on:
        asked = f"Give the tag {_cut(tag)} to {papers}"
    else:
        asked = f"Take the tag {_cut(tag)} off {papers}"
    return f"{asked} found by {_cut(format_query(order.query))}?"


def _without_what_follows(act: Act) -> Act:
    """The mark alone that an act is about: a starred paper that is unread is not to be starred again."""
    return Act(act.kind, act.sets[:1])


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
