"""Rules: what they may ask for, what they do, and that it is gone with them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui import rulebook
from papers_tui.domain import marks
from papers_tui.domain.errors import PapersError, QueryError
from papers_tui.domain.marks import Act, State, fold
from papers_tui.domain.paper import Paper
from papers_tui.domain.query import parse
from papers_tui.domain.record import to_record
from papers_tui.domain.rules import (
    Rule,
    Ruled,
    Rules,
    checked,
    in_force,
    moves,
    query_of,
    reasons,
    state_under,
)
from papers_tui.domain.sources import Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths, make
from papers_tui.store import StoreBusy, open_store
from papers_tui.store.ruling import Ruling, save_ruling

SURVEYS = Rule("No surveys", "title:survey", ("dismiss",))
EXPERTS = Rule("Experts", '"mixture of experts" OR moe', ("tag:moe", "later"))
ADA = Rule("Ada", 'author:"ada lovelace"', ("read", "tag:MoE"))
OLD = Rule("Old", "before:2w", ("read",))
REGISTERS = ("read", "later", "dismiss", "tag:moe", "tag:MoE", "star")


# Alone


def test_a_rule_is_kept_clean() -> None:
    assert checked(Rule(" No\n surveys ", "a", ("later", "tag: #Deep,  RL", "later"))) == Rule(
        "No surveys", "a", ("later", "tag:Deep RL")
    )


@pytest.mark.parametrize("when", ["is:unread", "-is:read", "a (b OR is:new)", "tag:moe", "note:x", "has:tag"])
def test_a_rule_may_not_ask_for_what_users_set(when: str) -> None:
    with pytest.raises(QueryError, match=r"for you to|by the papers alone"):
        query_of(Rule("x", when, ("read",)))


@pytest.mark.parametrize(
    "when", ["", "  ", "sort:date", "(a", "view:x", "edition:latest", " ".join(["a"] * 200)]
)
def test_a_rule_needs_a_query_of_its_own(when: str) -> None:
    with pytest.raises(QueryError):
        checked(Rule("x", when, ("read",)))


@pytest.mark.parametrize(
    "do", [(), ("star",), ("tag:",), ("tag:NAME", "note"), ("tag: #,",), (f"tag:{'x' * 101}",)]
)
def test_a_rule_does_what_rules_can(do: tuple[str, ...]) -> None:
    with pytest.raises(PapersError, match="dismiss, later, read or tag:NAME"):
        checked(Rule("x", "a", do))


def test_a_rule_needs_a_name_that_shows() -> None:
    with pytest.raises(PapersError, match="letters or digits"):
        checked(Rule("\x00\n", "a", ("read",)))


@pytest.mark.parametrize(
    ("when", "moving"),
    [
        ("before:2w", True),
        ("a OR -after:today", True),
        ("date:2024-01..7d", True),
        ("before:2024", False),
        ("a", False),
    ],
)
def test_relative_dates_move(when: str, moving: bool) -> None:
    assert moves(Rule("x", when, ("read",))) == moving


MARKS = st.lists(
    st.tuples(
        st.sampled_from(REGISTERS),
        st.booleans(),
        st.tuples(st.integers(0, 9), st.just(0), st.just("a"), st.integers(0, 99)),
    ),
    unique_by=lambda mark: mark[2],
    max_size=6,
)
RULED = st.lists(st.builds(Ruled, st.sampled_from(REGISTERS[:4]), st.just(1), st.just("x")), unique=True)


@given(MARKS, RULED)
def test_marks_win_over_rules_in_whatever_order(
    found: list[tuple[str, bool, marks.Stamp]], ruled: list[Ruled]
) -> None:
    state = state_under(ruled, found)
    assert state == state_under(ruled[::-1], found[::-1])
    own = fold(found)
    marked = {register.casefold() for register, _, _ in found}
    for register in REGISTERS:
        forced = register in {one.register for one in ruled} and register.casefold() not in marked
        assert state.register(register) == (forced or own.register(register))
    assert state_under((), found) == own


def test_a_tag_that_was_taken_off_in_another_spelling_stays_off() -> None:
    assert in_force([Ruled("tag:moe", 1, "x")], ["tag:MoE"]) == ()


def test_reasons_name_the_rule() -> None:
    ruled = (Ruled("tag:moe", 2, "Experts"), Ruled("read", 2, "Experts"), Ruled("dismiss", 1, "No surveys"))
    assert reasons(ruled) == (
        "dismissed by rule 1: No surveys",
        "tagged moe and marked read by rule 2: Experts",
    )
    assert reasons((Ruled("read", 3, "x"), Ruled("later", 4, "y"))) == (
        "marked read by rule 3: x",
        "put on Later by rule 4: y",
    )


# The file


def test_rules_are_added_changed_and_removed(home: Paths) -> None:
    rulebook.edit(home.rules_file, lambda rules: rulebook.added(rulebook.added(rules, SURVEYS), EXPERTS))
    assert rulebook.load(home) == rulebook.Rulebook((), (SURVEYS, EXPERTS))
    other = Rule("no SURVEYS", "title:review", ("read",))
    assert rulebook.edit(home.rules_file, lambda rules: rulebook.added(rules, other)) == (other, EXPERTS)
    assert rulebook.edit(home.rules_file, lambda rules: rulebook.removed(rules, "no")) == (EXPERTS,)
    assert rulebook.load(home).rules == (EXPERTS,)


def test_what_is_not_understood_stays(home: Paths) -> None:
    home.rules_file.write_text(
        'extra = 1\n[[rules]]\nname = "Odd"\nwhen = "(a"\ndo = "read"\n'
        '[[rules]]\nname = "Fine"\nwhen = "a"\ndo = "read"\nwhy = "so"\n'
    )
    book = rulebook.load(home)
    assert (book.rules, book.known, len(book.problems)) == ((Rule("Fine", "a", ("read",)),), True, 3)
    rulebook.edit(home.rules_file, lambda rules: rulebook.added(rules, SURVEYS))
    text = home.rules_file.read_text()
    assert all(part in text for part in ("extra = 1", '"Odd"', 'why = "so"', '"No surveys"'))


def test_rules_are_renamed_and_moved_and_keep_what_else_was_written(home: Paths) -> None:
    home.rules_file.write_text(
        '[[rules]]\nname = "A"\nwhen = "a"\ndo = "read"\nwhy = "so"\n[[rules]]\nname = "Odd"\n'
        '[[rules]]\nname = "B"\nwhen = "b"\ndo = "read"\n[[rules]]\nname = "a"\nwhen = "c"\ndo = "later"\n'
    )
    rulebook.edit(home.rules_file, lambda rules: rulebook.moved(rules, "b", -1))
    assert [rule.name for rule in rulebook.load(home).rules] == ["B", "A"]
    rulebook.edit(home.rules_file, lambda rules: rulebook.renamed(rules, "A", "C"))
    assert [rule.name for rule in rulebook.load(home).rules] == ["B", "C"]
    text = home.rules_file.read_text()
    assert 'why = "so"' in text
    assert 'name = "Odd"' in text
    with pytest.raises(PapersError, match="another rule has this name"):
        rulebook.edit(home.rules_file, lambda rules: rulebook.renamed(rules, "C", "b"))
    assert rulebook.moved((SURVEYS, EXPERTS), "experts", 5) == (SURVEYS, EXPERTS)


@pytest.mark.parametrize("text", ["[[rules", "rules = 5"])
def test_a_file_of_something_else_is_told_and_left(home: Paths, text: str) -> None:
    home.rules_file.write_text(text)
    book = rulebook.load(home)
    assert (book.rules, book.known, len(book.problems)) == ((), False, 1)
    with pytest.raises(PapersError):
        rulebook.edit(home.rules_file, lambda rules: rulebook.added(rules, SURVEYS))
    assert home.rules_file.read_text() == text


@pytest.mark.parametrize(
    ("name", "hint"), [("expert", "“Experts”"), ("surveys", "“No surveys”"), ("", "rule list")]
)
def test_a_rule_that_is_not_there_is_told(name: str, hint: str) -> None:
    rules = (SURVEYS, Rule("Expertise", "a", ("read",)), EXPERTS)
    with pytest.raises(PapersError) as raised:
        rulebook.named(rules, name)
    assert hint in str(raised.value)


# In the library

Open = Callable[..., Library]
NOW = datetime(2025, 11, 20, 8, tzinfo=UTC)
PAPERS = (
    Paper(("arxiv:2511.00001",), "A survey of graphs", "Graphs.", ("Ada Lovelace",), published="2025-11-19"),
    Paper(("arxiv:2511.00002",), "A mixture of experts", "Sparse.", ("Bo Li",), published="2025-11-01"),
    Paper(("arxiv:2511.00003",), "Flow", "With moe layers.", ("Ada Lovelace",), published="2025-11-18"),
    Paper(("arxiv:2511.00004",), "Survey of moe", "Both.", ("Cy Young",), published="2025-10-01"),
)


@pytest.fixture
def opened(home: Paths) -> Iterator[Open]:
    """Opens a library on the test's home, up to date; all are closed at the end."""
    libraries: list[Library] = []

    def open_one(now: datetime = NOW) -> Library:
        libraries.append(Library(home, now=lambda: now, wait_ms=50))
        assert libraries[-1].catch_up() == []
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


def _import(library: Library, *papers: Paper, name: str = "page.jsonl") -> None:
    data = "".join(json.dumps(to_record(paper)) + "\n" for paper in papers).encode()
    library.import_file(name, data, NOW.date())


def _rule(library: Library, *rules: Rule) -> None:
    rulebook.edit(library.paths.rules_file, lambda _: rules)
    assert library.follow_rules() == ()


def _found(library: Library, text: str) -> str:
    """The last digits of what a query finds, in order of these."""
    rows = library.rows(library.find(parse(text)))
    return "".join(sorted(row.id[-1] for row in rows.values()))


def _row(library: Library, digit: str) -> int:
    return library.resolve(f"2511.0000{digit}")


def _all(library: Library) -> dict[str, tuple[State, tuple[Ruled, ...]]]:
    """What is shown of every paper; checked against the lists and the counts."""
    held = {one.paper.id[-1]: one for one in library.holdings(library.find(parse("")))}
    rows = library.rows([one.row for one in held.values()])
    assert {one.row: one.state.flags for one in held.values()} == {
        row: found.flags for row, found in rows.items()
    }
    assert library.counts().fixed["dismissed"][0] == sum(one.state.dismissed for one in held.values())
    tags = {tag for one in held.values() for tag in one.state.tags}
    for tag in tags:
        assert _found(library, f'tag:"{tag}"') == "".join(
            sorted(
                digit for digit, one in held.items() if tag.casefold() in map(str.casefold, one.state.tags)
            )
        )
    return {digit: (one.state, one.ruled) for digit, one in held.items()}


def test_a_rule_does_what_it_says_to_what_is_there_and_what_comes(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS[:2])
    _rule(library, SURVEYS, EXPERTS)
    assert (_found(library, "is:dismissed"), _found(library, "tag:moe"), _found(library, "is:later")) == (
        "1",
        "2",
        "2",
    )
    _import(library, *PAPERS[2:], name="more.jsonl")
    assert (_found(library, "is:dismissed"), _found(library, "tag:moe")) == ("14", "234")
    assert _found(library, "sparse tags") == ""
    assert reasons(_all(library)["4"][1]) == (
        "dismissed by rule 1: No surveys",
        "put on Later and tagged moe by rule 2: Experts",
    )


def test_a_paper_that_changes_is_ruled_anew(opened: Open) -> None:
    library = opened()
    _rule(library, SURVEYS, Rule("Popular", "upvotes:>=10", ("later",)))
    library.intake.keep("feed", [PAPERS[0]], rank=1)
    library.intake.keep("feed", [Paper(("arxiv:2511.00001",), "Graphs", "Graphs.", upvotes=12)], rank=1)
    assert (_found(library, "is:dismissed"), _found(library, "is:later")) == ("", "1")


def test_a_rule_that_is_gone_takes_back_all_it_did(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    library.mark([_row(library, "2")], marks.star(True, implies_read=True))
    before = _all(library)
    _rule(library, SURVEYS, EXPERTS, OLD)
    assert _all(library) != before
    _rule(library)
    assert _all(library) == before


@pytest.mark.parametrize("ruled_first", [True, False])
@pytest.mark.parametrize(
    ("act", "digit"),
    [
        (marks.dismiss(False, implies_read=False), "1"),
        (marks.later(False, implies_read=False), "2"),
        (marks.tags((), ("MOE",), implies_read=False), "2"),
        (marks.read(False), "4"),
    ],
)
def test_an_act_of_the_user_counts_for_more(opened: Open, act: Act, digit: str, ruled_first: bool) -> None:
    library = opened()
    _import(library, *PAPERS)
    _rule(library, SURVEYS, EXPERTS, OLD)
    before = _all(library)[digit][0]
    row = _row(library, digit)
    library.mark([row], act)
    if not ruled_first:
        _rule(library)
        _rule(library, SURVEYS, EXPERTS, OLD)
    state, ruled = _all(library)[digit]
    assert state != before
    for register, value in act.sets:
        if not register.startswith("tag:"):
            assert state.register(register) == value
            assert register not in {one.register for one in ruled}
        else:
            assert "moe" not in state.tags
    _import(library, *PAPERS, name="again.jsonl")
    assert _all(library)[digit][0] == state


def test_undoing_brings_back_what_was(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    _rule(library, SURVEYS)
    library.mark([_row(library, "1")], marks.dismiss(False, implies_read=False))
    assert _found(library, "is:dismissed") == "4"
    library.undo()
    assert _found(library, "is:dismissed") == "14"


def test_words_of_the_user_are_none_of_the_papers(opened: Open) -> None:
    """A rule that found the tag of another, or a note, would depend on what came first."""
    library = opened()
    _import(library, *PAPERS)
    library.mark([_row(library, "3")], marks.note("survey"))
    _rule(library, Rule("a", "flow", ("tag:survey",)), Rule("b", "survey", ("dismiss",)))
    assert _found(library, "is:dismissed") == "14"


def test_relative_dates_follow_the_day(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    _rule(library, OLD)
    assert _found(library, "is:read") == "24"
    assert _found(opened(NOW + timedelta(days=20)), "is:read") == "1234"


def test_a_source_that_goes_takes_its_rulings_along(opened: Open) -> None:
    library = opened()
    source = Source("Noise", "feed", "https://a.example/feed")
    library.intake.keep("Noise", PAPERS[:2], rank=1)
    library.intake.keep("Other", PAPERS[1:2], rank=1)
    _rule(library, Rule("x", "source:noise", ("dismiss", "tag:n")))
    assert _found(library, "is:dismissed") == "12"
    assert library.intake.forget(source) == 1
    assert (_found(library, ""), _found(library, "is:dismissed")) == ("2", "")


def test_a_broken_file_leaves_the_rules_as_they_are(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    _rule(library, SURVEYS)
    library.paths.config_file.write_text("rules = [[")
    assert library.follow_rules() == ()
    library.paths.config_file.unlink()
    library.paths.rules_file.write_text("rules = [[")
    (problem,) = library.follow_rules()
    assert "rules.toml" in problem
    assert _found(library, "is:dismissed") == "14"


def test_a_source_of_another_name_is_ruled_anew(opened: Open) -> None:
    library = opened()
    source = Source("Noise", "feed", "https://a.example/feed")
    library.intake.keep("Noise", PAPERS[:2], rank=1)
    library.intake.remember(source, SourceState(source.ref))
    _rule(library, Rule("x", "source:=noise", ("dismiss",)), Rule("y", "source:=signal", ("later",)))
    library.intake.rename([replace(source, name="Signal")])
    assert (_found(library, "is:dismissed"), _found(library, "is:later")) == ("", "12")


def test_what_was_broken_off_is_finished_the_next_time(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    rulebook.edit(library.paths.rules_file, lambda _: (SURVEYS,))
    store, _ = open_store(library.paths.cache)
    with store.transaction() as db:
        save_ruling(db, Ruling((SURVEYS,), NOW.date(), done=False))
    store.close()
    assert library.rules_due()
    assert _found(opened(), "is:dismissed") == "14"
    assert not library.rules_due()


def test_a_rule_that_was_readable_once_stops_no_import(opened: Open) -> None:
    library = opened()
    store, _ = open_store(library.paths.cache)
    with store.transaction() as db:
        save_ruling(db, Ruling((Rule("x", "(a", ("read",)), SURVEYS), NOW.date()))
    store.close()
    _import(library, *PAPERS)
    assert _found(library, "is:dismissed") == "14"


def test_another_process_that_writes_leaves_the_rules_for_later(opened: Open) -> None:
    library = opened()
    _import(library, *PAPERS)
    rulebook.edit(library.paths.rules_file, lambda _: (SURVEYS,))
    store, _ = open_store(library.paths.cache)
    with store.transaction():
        with pytest.raises(StoreBusy):
            library.follow_rules()
        assert library.catch_up() == []
    store.close()
    assert library.catch_up() == []
    assert _found(library, "is:dismissed") == "14"


def test_a_lost_cache_comes_back_the_same(opened: Open, home: Paths) -> None:
    library = opened()
    _import(library, *PAPERS)
    _rule(library, SURVEYS, EXPERTS, OLD)
    library.mark([_row(library, "1")], marks.dismiss(False, implies_read=False))
    before = _all(library)
    library.close()
    for file in home.cache.iterdir():
        file.unlink()
    assert _all(opened()) == before


ACTS: Sequence[Act] = (
    marks.read(True),
    marks.read(False),
    marks.dismiss(True, implies_read=True),
    marks.dismiss(False, implies_read=False),
    marks.later(False, implies_read=False),
    marks.tags(("moe",), (), implies_read=False),
    marks.tags((), ("moe",), implies_read=False),
)


@pytest.mark.parametrize("seed", range(12))
def test_the_order_in_which_papers_and_rules_come_makes_no_difference(tmp_path: Path, seed: int) -> None:
    """Papers, merged from two readings, rules and another device's marks: any order ends in the same."""
    chance = random.Random(seed)
    rules: Rules = tuple(chance.sample((SURVEYS, EXPERTS, OLD, ADA), 3))
    readings = [*PAPERS, *(Paper(paper.keys, f"{paper.title} moe", upvotes=3) for paper in PAPERS[::2])]
    outcomes = []
    journal = tmp_path / "first" / "data" / "journal"
    for name in ("first", "second"):
        paths = find_paths({"PAPERS_TUI_HOME": str(tmp_path / name)})
        make(paths)
        with Library(paths, now=lambda: NOW) as library:
            steps: list[Callable[[], object]] = [
                *(partial(library.intake.keep, "feed", [paper], rank=len(paper.title)) for paper in readings),
                lambda: _rule(library, *rules),
            ]
            if name == "first":
                for step in steps:
                    step()
                for _ in range(4):
                    library.mark([_row(library, chance.choice("1234"))], chance.choice(ACTS))
            else:
                chance.shuffle(steps)
                for step in steps[:3]:
                    step()
                for file in journal.iterdir():
                    (paths.journal / file.name).write_bytes(file.read_bytes())
                library.sync()
                for step in steps[3:]:
                    step()
            outcomes.append(_all(library))
    assert outcomes[0] == outcomes[1]
