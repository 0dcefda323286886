"""What a line remembers that is typed in: former texts, and what completes the present one."""

from __future__ import annotations

from papers_tui.domain.query.completion import complete
from papers_tui.ui.typing import MOST_REMEMBERED, Completer, Former, remembered


def test_former_texts_come_one_after_the_other_and_what_was_typed_behind_them() -> None:
    former = Former(("a", "b"))
    assert [former.step(-1, "c"), former.step(-1, "b"), former.step(-1, "a")] == ["b", "a", "a"]
    assert [former.step(1, "a"), former.step(1, "b"), former.step(1, "c")] == ["b", "c", "c"]
    assert Former().step(-1, "x") == "x"


def test_a_text_is_remembered_once_and_as_the_latest() -> None:
    assert remembered(("a", "b"), "a") == ("b", "a")
    many = tuple(map(str, range(MOST_REMEMBERED)))
    assert remembered(many, "new") == (*many[1:], "new")


def test_one_candidate_comes_after_the_other_until_something_else_is_typed() -> None:
    completer = Completer(lambda text, cursor: complete(text, cursor, {"tag": ["moe", "music"]}))
    assert completer.next("a tag:m b", 7) == ("a tag:moe b", 9)
    assert completer.next("a tag:moe b", 9) == ("a tag:music b", 11)
    assert completer.next("a tag:music b", 11) == ("a tag:moe b", 9)
    assert completer.next("a tag:mu b", 8) == ("a tag:music b", 11)
    assert completer.next("zzz", 3) is None
