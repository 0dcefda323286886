"""What makes two records one paper, and what becomes of what they say: keys, records, merging, topics."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.identity import (
    arxiv_id,
    arxiv_key,
    arxiv_version,
    as_key,
    by_strength,
    doi_key,
    key_arxiv_id,
    text_key,
)
from papers_tui.domain.links import order_links
from papers_tui.domain.paper import ANNOUNCEMENTS, KINDS, ORIGINS, Link, Organization, Paper
from papers_tui.domain.plan import merged, same_paper
from papers_tui.domain.record import from_record, to_record
from papers_tui.domain.topics import folded, topics

# Keys


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2402.16107", "2402.16107"),
        (" 2402.16107\n", "2402.16107"),
        ("2402.16107v3", "2402.16107"),
        ("1407.0001", "1407.0001"),
        ("arXiv:2402.16107v12", "2402.16107"),
        ("https://arxiv.org/abs/2402.16107", "2402.16107"),
        ("http://www.arxiv.org/pdf/2402.16107v2.pdf", "2402.16107"),
        ("https://export.arxiv.org/html/2402.16107/", "2402.16107"),
        ("https://huggingface.co/papers/2402.16107", "2402.16107"),
        ("10.48550/arXiv.2402.16107", "2402.16107"),
        ("doi:10.48550/ARXIV.2402.16107", "2402.16107"),
        ("https://doi.org/10.48550/arXiv.2402.16107", "2402.16107"),
        ("hep-th/9901001v2", "hep-th/9901001"),
        ("http://arxiv.org/abs/astro-ph/0601001v1", "astro-ph/0601001"),
        ("math.GT/0309136", "math/0309136"),
        ("CS/0102003", "cs/0102003"),
        ("", None),
        ("2402.161", None),
        ("2402.161070", None),
        ("24021.6107", None),
        ("x2402.16107", None),
        ("https://arxiv.org/list/2402.16107", None),
        ("https://example.org/abs/2402.16107", None),
        ("example.org/2402.16107", None),
        ("oai:arXiv.org:2402.16107v2", "2402.16107"),
        ("oai:arXiv.org:hep-th/9901001v1", "hep-th/9901001"),
        ("٢٤٠٢.١٦١٠٧", None),
        ("hep-th/99010012", None),
    ],
)
def test_an_arxiv_id_is_known_in_every_dress(text: str, identifier: str | None) -> None:
    assert arxiv_id(text) == identifier
    assert as_key(text) == (arxiv_key(identifier) if identifier else text.strip())


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("2402.16107v3", 3),
        (" http://arxiv.org/abs/astro-ph/0601001v12 ", 12),
        ("oai:arXiv.org:2402.16107v1", 1),
        ("2402.16107", None),
        ("2402.16107v99999", None),
        ("v2", None),
        ("", None),
    ],
)
def test_the_version_stands_at_the_end_of_an_arxiv_id(text: str, version: int | None) -> None:
    assert arxiv_version(text) == version


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("10.1093/Bioinformatics/btac431", "doi:10.1093/bioinformatics/btac431"),
        (" doi:10.1000/182.\n", "doi:10.1000/182"),
        ("DOI: 10.1000/182", "doi:10.1000/182"),
        ("http://dx.doi.org/10.1000/182", "doi:10.1000/182"),
        (
            "https://doi.org/10.1002/(SICI)1096%3C1::AID%3E3.0.CO;2-1",
            "doi:10.1002/(sici)1096<1::aid>3.0.co;2-1",
        ),
        ("10.1000.10/123%45", "doi:10.1000.10/123%45"),
        ("https://doi.org/10.48550/arXiv.2402.16107v2", "arxiv:2402.16107"),
        ("10.48550/arXiv.hep-th/9901001", "arxiv:hep-th/9901001"),
        ("10.48550/other.2402", "doi:10.48550/other.2402"),
        ("10.1000/a b", None),
        ("https://doi.org/10.1000/a%20b", None),
        ("https://doi.org/10.1000/a%0Ab", None),
        ("10.1000/ü", None),
        ("10.1000/\x1b[31m", None),
        ("10.1000/", None),
        ("10.1000/.", None),
        ("10.10/x", None),
        ("11.1000/x", None),
        ("https://example.org/10.1000/x", None),
        ("10.1000/" + "x" * 300, None),
        ("", None),
    ],
)
def test_a_doi_is_known_in_every_dress(text: str, key: str | None) -> None:
    assert doi_key(text) == key
    if key:
        assert as_key(text) == key


@given(st.text() | st.text().map("10.1000/{}".format) | st.text().map("https://doi.org/10.1000/{}".format))
def test_the_key_of_a_doi_is_its_own_key(text: str) -> None:
    key = doi_key(text)
    if key:
        assert doi_key(key) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sub-Quadratic Attention", "sub quadratic ATTENTION!"),
        ("An $O(n^2)$ bound", "An O(n^2) bound"),
        (r"\emph{Fast} {\LaTeX}", r"Fast \LaTeX"),
        ("Café Müller", "Cafe\u0301 Mu\u0308ller"),
        ("\ufb01ne-tuning", "fine\ntuning"),
    ],
)
def test_a_text_is_the_same_with_and_without_its_markup(one: str, other: str) -> None:
    assert text_key(one, "abstract") == text_key(other, "abstract")
    assert text_key("title", one) == text_key("title", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Flow", "We show A."), ("Flow", "We show B.")),
        (("Flow", "We show A."), ("Flows", "We show A.")),
        (("ab", "c"), ("a", "bc")),
        (("机器学习", ""), ("机器翻译", "")),
    ],
)
def test_another_title_or_another_abstract_is_another_text(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert text_key(*one) != text_key(*other)


@given(st.text(), st.text())
def test_any_text_has_a_key_of_its_kind(title: str, abstract: str) -> None:
    kind, _, digest = text_key(title, abstract).partition(":")
    assert (kind, len(digest), digest.isalnum()) == ("text", 20, True)


def test_keys_stand_strongest_first_each_once() -> None:
    keys = ("text:b", "guid:x", "doi:10.1/y", "odd", "url:http://x", "arxiv:2402.16107", "text:a", "text:b")
    assert by_strength(keys) == (
        "arxiv:2402.16107", "doi:10.1/y", "url:http://x", "guid:x", "text:b", "text:a", "odd",
    )  # fmt: skip
    assert key_arxiv_id(keys) == "2402.16107"
    assert key_arxiv_id(("text:a",)) is None


# Records

_texts = st.text(max_size=12)
_names = st.lists(_texts, max_size=3).map(tuple)
_counts = st.none() | st.integers(0, 2**53 - 1)
_addresses = st.integers(0, 5).map("https://example.org/{}".format)
_links = st.builds(
    Link,
    url=_addresses,
    kind=st.sampled_from(KINDS),
    label=_texts,
    origin=st.sampled_from(ORIGINS),
    doubtful=st.booleans(),
)
_keys = st.lists(
    st.sampled_from(["arxiv:2402.16107", "doi:10.1/x", "text:a", "text:b", "guid:g"]), min_size=1
)
_dates = st.sampled_from([None, "2025-11-20", "2025-11-19", "2025-11-20T08:00:00Z", "2025-11-18T23:59:59Z"])
_papers = st.builds(
    Paper,
    keys=_keys.map(tuple).map(by_strength),
    title=st.text(min_size=1, max_size=12),
    abstract=_texts,
    authors=_names,
    author_count=_counts,
    published=_dates,
    edition=st.sampled_from([None, "2025-11-20", "2025-11-21"]),
    organization=st.none() | st.builds(Organization, _texts, _texts),
    upvotes=_counts,
    comments=_counts,
    stars=_counts,
    summary=st.none() | _texts,
    author_comment=st.none() | _texts,
    keywords=_names,
    categories=_names,
    version=_counts,
    announce=st.none() | st.sampled_from(ANNOUNCEMENTS) | _texts,
    links=st.lists(_links, max_size=4).map(order_links),
)


@given(_papers)
def test_a_paper_is_the_same_after_a_round_trip_through_json(paper: Paper) -> None:
    record = json.loads(json.dumps(to_record(paper)))
    assert from_record(record) == paper
    assert record["id"] == paper.id


def test_a_record_leaves_absent_values_out_and_keeps_its_lists() -> None:
    assert to_record(Paper(("text:a",), "A title")) == {
        "id": "text:a",
        "keys": ["text:a"],
        "title": "A title",
        "authors": [],
        "abstract": "",
        "categories": [],
        "keywords": [],
        "links": [],
    }


@pytest.mark.parametrize(
    ("record", "keys"),
    [
        ({"title": "A title", "abstract": "Text"}, (text_key("A title", "Text"),)),
        ({"title": "A title"}, (text_key("A title", ""),)),
        ({"title": "A title", "id": "arxiv:2402.16107"}, ("arxiv:2402.16107",)),
        ({"title": "A title", "keys": ["text:a", "arxiv:2402.16107"]}, ("arxiv:2402.16107", "text:a")),
        ({"title": "A title", "keys": [], "id": ""}, (text_key("A title", ""),)),
    ],
)
def test_a_record_without_keys_is_known_by_its_id_or_its_text(
    record: dict[str, Any], keys: tuple[str, ...]
) -> None:
    assert from_record(record).keys == keys


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "it has no title"),
        ({"title": None}, "it has no title"),
        ({"title": 7}, "its title is not text"),
        ({"abstract": []}, "its abstract is not text"),
        ({"authors": "A, B"}, "its authors is not a list"),
        ({"authors": ["A", 1]}, "its authors are not texts"),
        ({"upvotes": "12"}, "its upvotes is not a number"),
        ({"upvotes": True}, "its upvotes is not a number"),
        ({"upvotes": 2**64}, "its upvotes is not a number"),
        ({"version": 1.5}, "its version is not a number"),
        ({"links": [None]}, "a link is not an object"),
        ({"links": {}}, "its links is not a list"),
        ({"organization": "x"}, "its organization is not an object"),
    ],
)
def test_a_field_of_another_type_is_named(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        from_record({"title": "A title", **fields})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "url", "kind"]), inner)
    ),
    max_leaves=5,
)
_fields = st.sampled_from([*to_record(Paper(("text:a",), "t")), "organization", "upvotes", "published"])


@given(st.dictionaries(_fields, _json))
def test_whatever_a_record_holds_it_is_a_paper_or_a_sentence(record: dict[str, Any]) -> None:
    try:
        paper = from_record(record)
    except ValueError:
        return
    assert from_record(to_record(paper)) == paper


def test_a_kind_of_link_that_is_not_known_is_other() -> None:
    paper = from_record({"title": "t", "links": [{"url": "https://x.org", "kind": "song"}]})
    assert paper.links == (Link("https://x.org", "other"),)


# One paper from two records


@pytest.mark.parametrize(
    ("known", "parsed", "same"),
    [
        (("text:a",), ("text:a",), True),
        (("arxiv:1", "text:a"), ("text:a",), True),
        (("text:a",), ("arxiv:1", "text:a"), True),
        (("arxiv:1", "text:a"), ("arxiv:1", "text:b"), True),
        (("arxiv:1", "text:a"), ("arxiv:2", "text:a"), False),
    ],
)
def test_one_text_under_two_arxiv_ids_is_two_papers(
    known: tuple[str, ...], parsed: tuple[str, ...], same: bool
) -> None:
    assert same_paper(known, parsed) is same
    assert same_paper(parsed, known) is same


_TEXT = Paper(("text:a",), "An O(n^2) bound", "We show.", authors=("A. One",))
_ARXIV = Paper(("arxiv:2402.16107", "text:a"), "An $O(n^2)$ bound", "We $show$.", ("Ann One", "Bo Two"))


@pytest.mark.parametrize(("known", "parsed"), [(_TEXT, _ARXIV), (_ARXIV, _TEXT)])
def test_the_text_comes_from_the_record_with_the_stronger_key(known: Paper, parsed: Paper) -> None:
    assert merged(known, parsed) == _ARXIV


def test_of_two_equals_the_later_record_has_the_word() -> None:
    later = replace(_ARXIV, title="An O(n log n) bound", version=2, keys=(*_ARXIV.keys, "text:b"))
    assert merged(_ARXIV, later) == later
    assert merged(later, _ARXIV).title == _ARXIV.title


@pytest.mark.parametrize(
    ("field", "one", "other", "both"),
    [
        ("upvotes", 3, 12, 12),
        ("upvotes", 12, None, 12),
        ("comments", None, 1, 1),
        ("stars", 0, None, 0),
        ("version", 2, 1, 2),
        ("edition", "2025-11-21", "2025-11-20", "2025-11-20"),
        ("edition", None, "2025-11-20", "2025-11-20"),
        ("published", "2025-11-20", "2025-11-18", "2025-11-18"),
        ("published", "2025-11-18", "2025-11-20T08:00:00Z", "2025-11-20T08:00:00Z"),
        ("published", "2025-11-20T08:00:00Z", "2025-11-20T07:00:00Z", "2025-11-20T07:00:00Z"),
        ("published", None, "2025-11-20", "2025-11-20"),
        ("author_count", None, 7, 7),
        ("summary", None, "short", "short"),
        ("author_comment", None, "12 pages", "12 pages"),
        ("announce", None, "cross", "cross"),
        ("announce", "cross", "new", "new"),
        ("announce", "replace", "cross", "cross"),
        ("announce", "replace", "new", "new"),
        ("announce", "else", "replace", "replace"),
        ("abstract", "", "text", "text"),
        ("categories", (), ("cs.CL",), ("cs.CL",)),
        ("organization", None, Organization("x"), Organization("x")),
    ],
)
def test_what_one_record_lacks_the_other_gives(field: str, one: Any, other: Any, both: Any) -> None:
    first = Paper(("text:a",), "t", **{field: one})
    second = Paper(("text:a",), "t", **{field: other})
    assert getattr(merged(first, second), field) == both
    assert getattr(merged(second, first), field) == both


def test_a_count_of_authors_is_forgotten_once_their_names_are_known() -> None:
    counted = Paper(("text:a",), "t", author_count=3)
    assert merged(counted, _TEXT).author_count is None
    assert merged(_TEXT, counted).authors == _TEXT.authors


@given(_papers, _papers)
def test_merging_the_same_record_again_changes_nothing(known: Paper, parsed: Paper) -> None:
    once = merged(known, parsed)
    assert merged(once, parsed) == once
    assert set(once.keys) == {*known.keys, *parsed.keys}
    assert from_record(to_record(once)) == once


@given(_papers)
def test_a_paper_merged_with_itself_is_itself(paper: Paper) -> None:
    assert merged(merged(paper, paper), paper) == merged(paper, paper)


# Topics


def _topics(**fields: Any) -> tuple[tuple[str, str], ...]:
    return topics(Paper(("text:a",), "t", **fields))


def test_arxiv_categories_are_topics_and_other_codes_are_not() -> None:
    codes = ("cs.CL", "math-ph", "cond-mat.mes-hall", "68T50", "I.2.7", "cs.CL", "")
    assert _topics(categories=codes) == (("cat", "cs.CL"), ("cat", "math-ph"), ("cat", "cond-mat.mes-hall"))


def test_an_organization_goes_by_the_name_that_people_call_it() -> None:
    assert _topics(organization=Organization("nv", "NVIDIA")) == (("org", "NVIDIA"),)
    assert _topics(organization=Organization("nv")) == (("org", "nv"),)
    assert _topics(organization=Organization("")) == ()


@pytest.mark.parametrize(
    ("keyword", "topic"),
    [
        ("LLMs", "large language model"),
        ("Large  Language Models", "large language model"),
        ("RL", "reinforcement learning"),
        ("tokens", "token"),
        ("routing policies", "routing policy"),
        ("case studies", "case study"),
        ("losses", "loss"),
        ("approaches", "approach"),
        ("KV caches", "kv cache"),
        ("evaluation metrics", "evaluation metric"),
        ("training dynamics", "training dynamics"),
        ("perspective bias", "perspective bias"),
        ("robotics", "robotics"),
        ("time series", "time series"),
        ("chain-of-thought analysis", "chain-of-thought analysis"),
        ("corpus", "corpus"),
        ("GPUs", "gpu"),
        ("C++", "c++"),
        ("as", "as"),
    ],
)
def test_a_keyword_is_a_topic_in_the_singular(keyword: str, topic: str) -> None:
    assert _topics(keywords=(keyword,)) == (("topic", topic),)


@given(st.text(st.characters(categories=("Ll", "Lu", "Zs")) | st.sampled_from("s ies"), max_size=15))
def test_the_singular_of_a_singular_is_itself_as_a_label(keyword: str) -> None:
    for _, name in _topics(keywords=(keyword,)):
        assert _topics(keywords=(name,)) == (("topic", name),)
        assert name


def test_labels_differ_neither_by_case_nor_by_spaces() -> None:
    assert folded("  Graph\u00a0 Neural\tNETWORKS ") == folded("graph neural networks")
    assert folded("\ufb01ne") == "fine"
