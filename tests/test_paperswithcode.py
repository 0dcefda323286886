"""Papers with Code: a paper's resources as links, official ones first; answers of other shapes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.links import order_links, safe_url
from papers_tui.domain.paper import KINDS, Link
from papers_tui.sources.paperswithcode import Resources, paper_address, parse_resources


def links(**lists: object) -> tuple[Link, ...]:
    found = parse_resources(
        json.dumps({"id": "755", "arxiv_id": "1706.03762", "title": "T", **lists}).encode()
    )
    assert found.error is None
    return found.links


def link(url: str, kind: str, origin: str = "community") -> Link:
    return Link(url, kind, "Papers with Code", origin)


def test_all_kinds_of_resources() -> None:
    assert links(
        repositories=[
            {"url": "https://github.com/fan/attention", "is_official": False},
            {"url": "https://github.com/lab/attention", "is_official": True},
            {"url": "https://lab.example.org/attention.zip", "is_official": None},
        ],
        project_pages=[{"url": "https://lab.example.org/attention", "is_official": True}],
        hf_models=[{"url": "https://huggingface.co/lab/attention"}],
        hf_datasets=["https://huggingface.co/datasets/lab/wmt"],
        hf_spaces=[{"id": "lab/demo", "is_official": True}],
    ) == (
        link("https://github.com/lab/attention", "code", "official"),
        link("https://github.com/fan/attention", "code"),
        link("https://lab.example.org/attention.zip", "code"),
        link("https://huggingface.co/lab/attention", "model"),
        link("https://huggingface.co/datasets/lab/wmt", "dataset"),
        link("https://huggingface.co/spaces/lab/demo", "space", "official"),
        link("https://lab.example.org/attention", "project", "official"),
    )


def test_what_papers_with_code_calls_official_is_trusted_before_what_others_state() -> None:
    theirs = links(repositories=[{"url": "https://github.com/lab/a", "is_official": True}])
    known = Link("https://github.com/lab/b", "code", origin="user")
    same = Link("https://github.com/Lab/A.git", "code", "Code", "auto")
    assert order_links((known, same, *theirs)) == (*theirs, known)


def test_a_repository_that_is_something_else_is_called_what_it_is() -> None:
    found = links(repositories=["https://huggingface.co/lab/m"], project_pages=["https://github.com/lab/m"])
    assert {(each.kind, each.url) for each in found} == {
        ("model", "https://huggingface.co/lab/m"),
        ("code", "https://github.com/lab/m"),
    }


@pytest.mark.parametrize(
    "value",
    [
        None,
        "https://github.com/a/b",
        {"url": "https://github.com/a/b"},
        [None, 5, [], {}, {"url": None}, {"url": ["x"]}, {"id": 7}, ""],
        [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "--help",
            "https://u:p@example.org/",
            "//x.org",
            "a/b/c",
        ],
    ],
)
def test_what_is_no_link_is_passed_over(value: object) -> None:
    names = ("repositories", "project_pages", "hf_models", "hf_datasets", "hf_spaces")
    assert links(**dict.fromkeys(names, value)) == ()


def test_of_many_repositories_the_official_are_kept() -> None:
    many = [{"url": f"https://github.com/fan/{n}"} for n in range(500)]
    found = links(repositories=[*many, {"url": "https://github.com/lab/a", "is_official": True}])
    assert (len(found), found[0].url) == (20, "https://github.com/lab/a")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "the answer is empty"),
        (b"<html>", "the answer is a web page, not JSON"),
        (b"[]", "the answer is no paper"),
        (b"null", "the answer is no paper"),
        (b'{"repositories": [', "the answer's JSON is cut short (it breaks off at line 1, column 19)"),
        (b'{"detail": "No\\npaper found"}', 'Papers with Code answers: "No paper found"'),
        (b'{"error": "no"}', 'Papers with Code answers: "no"'),
    ],
)
def test_an_answer_that_is_no_paper_says_why(data: bytes, error: str) -> None:
    assert parse_resources(data) == Resources(error=error)


_json = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.just("https://github.com/a/b"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "id", "is_official"]), inner, max_size=3)
    ),
    max_leaves=8,
)
_names = st.sampled_from(["repositories", "project_pages", "hf_models", "hf_datasets", "hf_spaces", "detail"])


@given(st.dictionaries(_names, _json).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=40))
def test_any_answer_is_safe_links_or_a_sentence(data: bytes) -> None:
    found = parse_resources(data)
    assert not (found.links and found.error)
    for each in found.links:
        assert safe_url(each.url) == each.url
        assert each.kind in KINDS


def test_addresses() -> None:
    assert paper_address("https://paperswithcode.co/", "1706.03762v7") == (
        "https://paperswithcode.co/api/v1/papers/1706.03762?include_resources=true"
    )
    assert paper_address("http://h", "math/0309136").endswith(
        "/api/v1/papers/math%2F0309136?include_resources=true"
    )
    with pytest.raises(ValueError, match="not an arXiv id"):
        paper_address("http://h", "755")
