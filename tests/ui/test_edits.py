"""Changes to files and acts on papers, taken back and done again in one order."""

from __future__ import annotations

from papers_tui.domain.marks import Entry
from papers_tui.ui.edits import Edit, Edits


def _edit(text: str) -> Edit:
    return Edit(text, lambda: None, lambda: None)


def _act(ms: int) -> Entry:
    return Entry("w", ms, (ms, 0), "star", ())


def test_what_was_changed_last_is_taken_back_first() -> None:
    edits, first, second = Edits(), _edit("first"), _edit("second")
    assert edits.to_undo(None) is None
    edits.add(first, None)
    edits.add(second, None)
    assert edits.to_undo(None) is second
    edits.turn(second)
    assert edits.to_undo(None) is first
    assert edits.to_redo(None, None) is second
    edits.turn(second)
    assert edits.to_undo(None) is second
    assert edits.to_redo(None, None) is None


def test_acts_on_papers_stand_between_the_changes() -> None:
    edits, first, second = Edits(), _edit("first"), _edit("second")
    edits.add(first, _act(1))
    edits.add(second, _act(2))
    assert edits.to_undo(_act(3)) is None, "a later act comes first"
    assert edits.to_undo(_act(2)) is second
    edits.turn(second)
    assert edits.to_undo(_act(2)) is None
    assert edits.to_undo(_act(1)) is first
    edits.turn(first)
    assert edits.to_undo(None) is None


def test_what_was_taken_back_comes_again_in_the_order_in_which_it_was_done() -> None:
    edits, edit = Edits(), _edit("change")
    edits.add(edit, _act(1))
    edits.turn(edit)
    assert edits.to_redo(_act(1), None) is edit
    assert edits.to_redo(None, _act(1)) is None, "the act before it was taken back, too"
    assert edits.to_redo(_act(1), _act(2)) is edit


def test_after_something_new_nothing_comes_again() -> None:
    edits, edit, other = Edits(), _edit("change"), _edit("other")
    edits.add(edit, _act(1))
    edits.turn(edit)
    assert edits.to_redo(_act(2), None) is None
    assert edits.to_redo(_act(1), None) is None
    edits.add(edit, _act(1))
    edits.turn(edit)
    edits.add(other, _act(1))
    assert edits.to_redo(_act(1), None) is None


def test_a_change_that_cant_be_turned_stands_in_nobodys_way() -> None:
    edits, first, second = Edits(), _edit("first"), _edit("second")
    edits.add(first, None)
    edits.add(second, None)
    edits.drop(second)
    assert edits.to_undo(None) is first


def test_a_joined_change_belongs_to_its_act_alone() -> None:
    edits, joined, other = Edits(), Edit("x", lambda: None, lambda: None, joined=True), _edit("other")
    edits.add(joined, _act(2))
    edits.add(other, _act(2))
    assert edits.belongs(joined, _act(2))
    assert not edits.belongs(joined, _act(1))
    assert not edits.belongs(joined, None)
    assert not edits.belongs(other, _act(2))
