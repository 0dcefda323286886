"""Queries and rules that name a tag, and those of them that follow when it gets another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui import rulebook, saved_views
from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import tag_name
from papers_tui.domain.mentions import asking_for, asks_for, gives, giving
from papers_tui.domain.query import Label, leaves, parse
from papers_tui.domain.rules import Rule
from papers_tui.paths import Paths
from papers_tui.saved_views import SavedView
from papers_tui.tag_mentions import Mentions, follow, mentions

_TERMS = ("a", "-tag:x", "(tag:RL OR b)", 'title:"q r"', "is:unread", "after:7d", "-(c tag:rl)", "tag:r*")
_QUERIES = st.lists(st.sampled_from(_TERMS), max_size=5).map(" ".join)


@pytest.mark.parametrize(
    ("query", "after"),
    [
        ("tag:rl", "tag:new"),
        ("is:unread  tag:RL", "is:unread tag:new"),
        ("a OR (b -tag:rl)", "a OR (b -tag:new)"),
        ("tag:=rl sort:upvotes", "tag:=new sort:upvotes"),
        ('tag:"r l"  x', 'tag:"r l"  x'),
        ("tag:rl*   x", "tag:rl*   x"),
        ("title:rl   rl", "title:rl   rl"),
        ("cat:rl  topic:rl", "cat:rl  topic:rl"),
        ("(a", "(a"),
    ],
)
def test_a_query_follows_where_it_names_the_tag_and_is_else_left_as_written(query: str, after: str) -> None:
    assert asking_for(query, "rl", "new") == after
    assert asks_for(query, "Rl") is (after != query)


@given(_QUERIES, st.text(min_size=1, max_size=12).map(tag_name).filter(bool))
def test_whatever_the_new_name_all_of_the_query_stays(text: str, name: str) -> None:
    before = [leaf for leaf in leaves(parse(text).terms) if not _is_rl(leaf)]
    after = asking_for(f"{text} tag:rl", "rl", name)
    found = list(leaves(parse(after).terms))
    assert not any(map(_is_rl, found)) or name.casefold() == "rl"
    assert [leaf for leaf in found if leaf in before] == before
    assert Label("tag", name) in found


def _is_rl(leaf: object) -> bool:
    return isinstance(leaf, Label) and leaf.kind == "tag" and leaf.name.casefold() == "rl"


@pytest.mark.parametrize(
    ("do", "after"),
    [
        (("tag:rl",), ("tag:new",)),
        (("later", "tag:Rl", "read"), ("later", "tag:new", "read")),
        (("tag:rl", "tag:new"), ("tag:new",)),
        (("tag:rlhf", "dismiss"), ("tag:rlhf", "dismiss")),
    ],
)
def test_a_rule_follows_where_it_gives_the_tag(do: tuple[str, ...], after: tuple[str, ...]) -> None:
    rule = Rule("x", "tag", do)
    assert giving(rule, "rl", "new") == Rule("x", "tag", after)
    assert gives(rule, "RL") is (do != after)


@pytest.fixture
def named(home: Paths) -> Paths:
    """Two views, one of which asks for `rl`; a rule by hand and two others, two of the three give it."""
    home.views_file.write_text(
        '[[view]]\nname = "Reading"\nquery = "is:unread  tag:rl"\nkey = "r"\nwhy = "so"\n'
        '[[view]]\nname = "Others"\nquery = "-is:read"\n'
    )
    home.config_file.write_text('[[rules]]\nname = "Mine"\nwhen = "x"\ndo = "tag:rl"\n')
    rulebook.edit(home.rules_file, lambda _: (Rule("A", "a", ("tag:RL",)), Rule("B", "b", ("read",))))
    return home


def test_who_names_a_tag_is_told(named: Paths) -> None:
    found = mentions(named, "RL")
    assert found == Mentions(("Reading",), ("A",), ("Mine",))
    assert found.words == "the view Reading, the rules Mine and A"
    assert not mentions(named, "nobody")


def test_views_and_rules_follow_and_go_back_and_config_stays(named: Paths) -> None:
    config = named.config_file.read_bytes()
    before = saved_views.load(named.views_file)[0], rulebook.load(named).kept
    followed = follow(named, "rl", "deep learning")
    assert followed.names == Mentions(("Reading",), ("A",))
    after = saved_views.load(named.views_file)[0], rulebook.load(named).kept
    assert after[0][0] == SavedView("Reading", 'is:unread tag:"deep learning"', "r")
    assert after[1][0] == Rule("A", "a", ("tag:deep learning",))
    assert 'why = "so"' in named.views_file.read_text()
    followed.back()
    assert (saved_views.load(named.views_file)[0], rulebook.load(named).kept) == before
    followed.again()
    assert (saved_views.load(named.views_file)[0], rulebook.load(named).kept) == after
    assert named.config_file.read_bytes() == config


def test_where_nobody_names_it_no_file_is_touched(named: Paths) -> None:
    before = named.views_file.read_bytes(), named.rules_file.read_bytes()
    assert not follow(named, "nobody", "somebody").names
    assert (named.views_file.read_bytes(), named.rules_file.read_bytes()) == before


def test_what_was_saved_since_stays_when_they_go_back(named: Paths) -> None:
    followed = follow(named, "rl", "new")
    saved_views.edit(
        named.views_file, lambda views: saved_views.added(views, SavedView("Reading", "tag:new x"))
    )
    followed.back()
    assert saved_views.load(named.views_file)[0][0].query == "tag:new x"
    assert rulebook.load(named).kept[0].do == ("tag:RL",)


def test_a_file_that_cant_be_changed_is_named(named: Paths) -> None:
    followed = follow(named, "rl", "new")
    named.views_file.write_text("view = [[")
    with pytest.raises(PapersError, match="TOML"):
        followed.back()
