"""Completion: what is being typed, which part of the text it is, and what could stand there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.query import NAMED, ORDERS, STATES, Label, parse
from papers_tui.domain.query.completion import Completion, complete

_NAMES = {
    "tag": ("moe", "to read", "Émile", "-x", "=y", 'say "hi"'),
    "org": ("Google", "Google DeepMind", "NVIDIA Research", "Deep Vision"),
    "edition": ("2025-11-20", "2025-11-19", "latest"),
    "author": ("Yann LeCun",),
}


@pytest.mark.parametrize(
    ("text", "field", "part", "candidates"),
    [
        ("i|", "", "i", ("is:",)),
        ("llm T|", "", "T", ("title:", "tag:", "topic:")),
        ("-ta|", "", "ta", ("tag:",)),
        ("(a OR ti|) b", "", "ti", ("title:",)),
        ("s|x b", "", "sx", ("source:", "stars:", "sort:")),
        ("is:|", "is", "", STATES),
        ("is:re|", "is", "re", ("read",)),
        ("IS:re|ad x", "is", "read", ("read",)),
        ("-has:p|", "has", "p", ("pdf", "project")),
        ("sort:|", "sort", "", ORDERS),
        ("announce:c|", "announce", "c", ("cross",)),
        ("after:|", "after", "", ("today", "yesterday", "7d", "2w", "1m", "3m", "1y")),
        ("tag:mo|", "tag", "mo", ("moe",)),
        ("tag:rea|", "tag", "rea", ('"to read"',)),
        ('tag:"to r|', "tag", '"to r', ('"to read"',)),
        ('tag:"to r|" b', "tag", '"to r"', ('"to read"',)),
        ("tag:emi|", "tag", "emi", ("Émile",)),
        ('tag:"-|', "tag", '"-', ("-x",)),
        ('tag:"=|', "tag", '"=', ('"=y"',)),
        ("tag:sa|", "tag", "sa", ('"say \\"hi\\""',)),
        ("org:dee|", "org", "dee", ('"Deep Vision"', '"Google DeepMind"')),
        ("org:goo|", "org", "goo", ("Google", '"Google DeepMind"')),
        ("org:=nv|", "org", "=nv", ('="NVIDIA Research"',)),
        ('org:="nv|', "org", '="nv', ('="NVIDIA Research"',)),
        ("edition:2025|", "edition", "2025", ("2025-11-20", "2025-11-19")),
        ("author:le|", "author", "le", ('"Yann LeCun"',)),
    ],
)
def test_what_could_stand_there(text: str, field: str, part: str, candidates: tuple[str, ...]) -> None:
    completion = _complete(text)
    assert completion
    assert (completion.field, completion.candidates) == (field, candidates)
    assert text.replace("|", "")[completion.start : completion.end] == part


@pytest.mark.parametrize(
    "text",
    [
        "|",
        "a |",
        "|is",
        "zzz|",
        '"i|',
        '"is"|',
        "a (|",
        ")|",
        "10|",
        "tag:zzz|",
        "zzz:a|",
        "stars:|",
        "ti|tle:x",
        "http:|",
    ],
)
def test_where_nothing_is_offered(text: str) -> None:
    assert _complete(text) is None


def test_no_more_is_offered_than_asked_for() -> None:
    completion = complete("tag:t", 5, {"tag": [f"t{number}" for number in range(100)]}, most=7)
    assert completion
    assert completion.candidates == tuple(f"t{number}" for number in range(7))


@given(st.text(st.sampled_from('tag:is="\\ ()-OR*é'), max_size=20), st.integers(0, 20))
def test_it_answers_anywhere_within_the_text(text: str, cursor: int) -> None:
    completion = complete(text, min(cursor, len(text)), _NAMES)
    if completion:
        assert 0 <= completion.start <= min(cursor, len(text)) <= completion.end <= len(text)
        assert completion.candidates


@given(
    st.sampled_from(NAMED),
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1).filter(str.strip),
)
def test_every_name_that_is_offered_reads_as_that_name(kind: str, name: str) -> None:
    completion = complete(f"{kind}:", len(kind) + 1, {kind: [name]})
    assert completion
    assert parse(f"{kind}:{completion.candidates[0]}").terms == (Label(kind, name),)


def _complete(marked: str) -> Completion | None:
    """The completion where a | stands."""
    return complete(marked.replace("|", ""), marked.index("|"), _NAMES)
