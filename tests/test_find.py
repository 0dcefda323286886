"""Finding: the store against a plain reading of the query, and the tricky cases by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice, product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import holds

from papers_tui.domain.errors import PapersError
from papers_tui.domain.marks import Change, Entry, State, Value
from papers_tui.domain.paper import ANNOUNCEMENTS, Link, Organization, Paper
from papers_tui.domain.query import (
    BELONGINGS,
    COUNTS,
    ORDERS,
    PLACES,
    STATES,
    AllOf,
    AnyOf,
    Between,
    Count,
    Dated,
    Has,
    Is,
    Label,
    Leaf,
    Not,
    Query,
    Term,
    Within,
    Words,
    format,
    leaves,
    parse,
)
from papers_tui.domain.text import spellings
from papers_tui.domain.timeline import first_place, sort_time
from papers_tui.library import Holding
from papers_tui.store import Store, finding, open_store, projection, views
from papers_tui.store.finder import Finder
from papers_tui.store.finding import Search
from papers_tui.store.papers import add_papers

_TODAY = date(2025, 11, 20)
_SINCE = "2025-11-19T00:00:00Z"

_WORDS = (
    "a", "moe", "MoE", "gpt", "GPT-4", "gpt4", "4", "pre-training", "pretraining", "Pre", "training", "Müller",
    "muller", "Mueller", "MU\u0308LLER", "β-VAE", "beta-vae", "$\\beta$-VAE", "betavae", "vae", "机器学习", "学习",
    "モデル", "한국어", "state-of-the-art", "of-the", "naïve", "ΔU", "x2", "2d", "OR", "AND", "NEAR",
)  # fmt: skip
_texts = st.lists(st.sampled_from(_WORDS), max_size=5).map(" ".join)
_some_text = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3).map(" ".join)
_names = st.sampled_from(
    ["moe", "MoE", "moe later", "Google", "google deepmind", "cs.CL", "cs.LG", "Müller lab", "😀"]
)
_dates = st.sampled_from(["2025-11-20", "2025-11-19", "2025-11-13", "2025-10-31", "2024-12-31"])
_counts = st.none() | st.integers(0, 4)
_links = st.sets(
    st.builds(
        lambda kind, origin: Link(f"https://example.org/{kind}", kind, origin=origin),
        st.sampled_from(["code", "pdf", "project", "model", "dataset", "video"]),
        st.sampled_from(["abstract", "user"]),
    ),
    max_size=2,
)


@st.composite
def _holdings(draw: st.DrawFn) -> list[Holding]:
    """A small library; no two papers share a key."""
    return [draw(_holding(number)) for number in range(1, draw(st.integers(1, 6)) + 1)]


@st.composite
def _holding(draw: st.DrawFn, number: int) -> Holding:
    key = draw(st.sampled_from([f"arxiv:2511.{number:05}", f"text:{number}"]))
    paper = Paper(
        (key,),
        draw(_texts) or "-",
        draw(_texts),
        tuple(draw(st.lists(_some_text, max_size=2))),
        published=draw(st.none() | _dates | _dates.map(lambda day: f"{day}T23:59:59Z")),
        edition=draw(st.none() | _dates),
        organization=draw(st.none() | st.builds(Organization, _names)),
        categories=tuple(draw(st.sets(st.sampled_from(["cs.CL", "cs.LG", "stat.ML"])))),
        keywords=tuple(draw(st.sets(st.sampled_from(["vision", "large model", "β"])))),
        upvotes=draw(_counts),
        comments=draw(_counts),
        stars=draw(_counts),
        announce=draw(st.none() | st.sampled_from(ANNOUNCEMENTS)),
        links=tuple(sorted(draw(_links), key=lambda link: link.kind)),
    )
    read, starred, later, dismissed = (draw(st.booleans()) for _ in range(4))
    tags = tuple(
        sorted(draw(st.sets(st.sampled_from(["moe", "moe later", "to read", "é", "😀"]), max_size=2)))
    )
    state = State(read, starred, later, dismissed, tags, draw(_texts))
    source = draw(st.sampled_from(["Daily Papers", "daily.html", "Google"]))
    added = draw(st.sampled_from(["2025-11-18T00:00:00Z", "2025-11-20T08:00:00Z"]))
    return Holding(number, paper, state, (source,), added)


_periods = _dates | st.sampled_from(["2025", "2025-11", "today", "yesterday", "7d", "1w", "1m", "1y"])
_leaves: st.SearchStrategy[Term] = st.one_of(
    st.builds(Words, _some_text, st.just(True), st.booleans()),
    st.builds(
        Words, st.sampled_from([word for word in _WORDS if word != "OR"]), st.just(False), st.booleans()
    ),
    st.builds(Within, st.sampled_from(PLACES), _some_text, st.booleans()),
    st.builds(Within, st.just("author"), _some_text.map("={}".format), st.booleans()),
    st.builds(Is, st.sampled_from(STATES)),
    st.builds(Has, st.sampled_from(BELONGINGS)),
    st.builds(
        Label, st.sampled_from(["tag", "source", "org", "cat", "topic"]), _names | _some_text, st.booleans()
    ),
    st.builds(
        lambda kind, name: Label(kind, name[:2].strip() or "x", prefix=True),
        st.sampled_from(["tag", "source", "org", "cat", "topic"]),
        _names | _some_text,
    ),
    st.builds(Label, st.just("edition"), _dates | st.just("latest")),
    st.builds(Label, st.just("announce"), st.sampled_from(ANNOUNCEMENTS)),
    st.builds(Count, st.sampled_from(COUNTS), st.integers(0, 4), st.none()),
    st.builds(Count, st.sampled_from(COUNTS), st.none(), st.integers(0, 4)),
    st.builds(Count, st.sampled_from(COUNTS), st.integers(0, 2), st.integers(2, 4)),
    st.builds(Dated, st.sampled_from(["after", "before", "date"]), _periods),
    st.tuples(_periods | st.just(""), _periods | st.just("")).filter(any).map(lambda two: Between(*two)),
)


def _grown(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(terms, min_size=2, max_size=4).map(tuple)
    return st.builds(Not, terms) | st.builds(AllOf, several) | st.builds(AnyOf, several)


_queries = st.lists(st.recursive(_leaves, _grown, max_leaves=6), min_size=1, max_size=3).map(tuple).map(Query)


def _filled(folder: Path, holdings: Sequence[Holding]) -> Store:
    store, _ = open_store(folder)
    with store.transaction() as db:
        for number, holding in enumerate(holdings, 1):
            add_papers(db, [holding.paper], source=holding.sources[0], added=holding.added)
            change = Change((holding.paper.keys,), tuple(_registers(holding.state)), ())
            projection.project(
                db, [Entry("dev", number, (number, 0), "star", (change,))], added=holding.added
            )
    return store


def _registers(state: State) -> Iterator[tuple[str, Value]]:
    yield from (("read", state.read), ("star", state.starred), ("later", state.later))
    yield from (("dismiss", state.dismissed), ("note", state.note))
    yield from ((f"tag:{tag}", True) for tag in state.tags)


@settings(max_examples=200)
@given(
    holdings=_holdings(), queries=st.lists(_queries, min_size=1, max_size=6), order=st.sampled_from(ORDERS)
)
def test_the_store_finds_what_a_plain_reading_finds(
    tmp_path_factory: pytest.TempPathFactory, holdings: list[Holding], queries: list[Query], order: str
) -> None:
    store = _filled(tmp_path_factory.mktemp("store"), holdings)
    latest = max((holding.paper.edition or "" for holding in holdings), default="")
    every = {holding.row for holding in holdings}
    for query in queries:
        expected = {one.row for one in holdings if holds(query, one, _TODAY, _SINCE, latest)}
        found = finding.find(store.db, Search(query, _TODAY, order, _SINCE))
        assert set(found) == expected, format(query)
        assert len(found) == len(expected)
        opposite = Query((Not(AllOf(query.terms) if len(query.terms) > 1 else query.terms[0]),))
        assert set(finding.find(store.db, Search(opposite, _TODAY, since=_SINCE))) == every - expected
        for many in (1, 3):
            some, more = finding.first(store.db, Search(query, _TODAY, order, _SINCE), many)
            assert (some[:many], more) == (found[:many], len(found) > len(some))
        headings = {
            one.row for one in map(_without_abstract, holdings) if holds(query, one, _TODAY, _SINCE, latest)
        }
        if not any(isinstance(leaf, Within) and leaf.place == "abstract" for leaf in leaves(query.terms)):
            glimpsed = set(finding.find(store.db, Search(query, _TODAY, order, _SINCE, headings=True)))
            if not any(map(_is_loose, leaves(query.terms))):
                assert glimpsed == headings
            elif not _leaves_out(query.terms):
                assert glimpsed >= headings
        newer = sum(row > 2 for row in expected)
        assert finding.count(store.db, Search(query, _TODAY, since=_SINCE), above=2) == newer
    store.close()


def _is_loose(leaf: Leaf) -> bool:
    """Whether more is found for it in titles and authors than they hold: it ends in the beginning of a word, a short
    one, and where that word stands matters."""
    if not isinstance(leaf, Words | Within) or not leaf.prefix:
        return False
    forms = spellings(leaf.text)
    placed = isinstance(leaf, Within) or any(len(words) > 1 for words in forms)
    return placed and any(len(words[-1]) < 3 for words in forms)


def _leaves_out(terms: Iterable[Term]) -> bool:
    return any(
        isinstance(term, Not) or (isinstance(term, AllOf | AnyOf) and _leaves_out(term.terms))
        for term in terms
    )


def _without_abstract(holding: Holding) -> Holding:
    return replace(holding, paper=replace(holding.paper, abstract=""))


def _one(store: Store, title: str, **fields: object) -> None:
    with store.transaction() as db:
        paper = Paper((f"text:{title}",), title, **fields)  # type: ignore[arg-type]
        add_papers(db, [paper], source="a.html", added="2025-11-20T08:00:00Z")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened, _ = open_store(tmp_path)
    yield opened
    opened.close()


def _titles(store: Store, text: str, *, typing: bool = False, sort: str = "date") -> list[str]:
    ids = finding.find(store.db, Search(parse(text, typing=typing), _TODAY, sort))
    found = views.rows(store.db, ids)
    return [found[row].title for row in ids]


@pytest.mark.parametrize("sort", ["date", "upvotes"])
@pytest.mark.parametrize("text", ["edition:2025-11-18", "edition:latest", "edition:2025-11-19 is:unread"])
def test_the_papers_of_a_large_edition_come_in_order(store: Store, text: str, sort: str) -> None:
    """Large enough for it to be no rare label."""
    with store.transaction() as db:
        for day in ("18", "19"):
            papers = [
                Paper(
                    (f"text:{day}-{number}",),
                    f"{day} {number}",
                    published=f"2025-{number % 12 + 1:02}-01",
                    edition=f"2025-11-{day}",
                    upvotes=number % 7 or None,
                )
                for number in range(40)
            ]
            add_papers(db, papers, source="a.html", added="2025-11-20T08:00:00Z")
    every = finding.find(store.db, Search(parse(f"sort:{sort}"), _TODAY))
    rows = views.rows(store.db, every)
    day = "18" if "-18" in text else "19"
    expected = [row for row in every if rows[row].title.startswith(day)]
    asked = finding.condition(store.db, Search(parse(text), _TODAY))
    source, order = asked.origin(10)
    assert "paper_edition" in source
    assert sorted(expected) == sorted(
        row for (row,) in store.db.execute(f"SELECT p.id FROM {source} ORDER BY {order} DESC", asked.values)
    )
    found: list[int] = []
    for statement in finding._statements(asked, sort, 10):
        found += [row for (row,) in store.db.execute(statement, asked.values)]
    assert found == expected


@pytest.fixture
def sixty(store: Store) -> Store:
    """Sixty papers, one a day: the n-th has n upvotes, or none known; each fifth is read, the 7th is later, too."""
    with store.transaction() as db:
        papers = [
            Paper(
                (f"text:{number}",),
                f"Paper {number} on {('maps', 'kernels')[number % 2]}",
                published=f"2025-{number // 28 + 1:02}-{number % 28 + 1:02}",
                edition=f"2025-10-{number % 3 + 1:02}",
                upvotes=number if number % 4 else None,
                links=(Link("https://example.org/code", "code"),) if number % 6 == 0 else (),
            )
            for number in range(60)
        ]
        add_papers(db, papers, source="a.html", added="2025-11-20T08:00:00Z")
        changes = [Change(((f"text:{number}",),), (("read", True),), ()) for number in range(0, 60, 5)]
        changes.append(Change((("text:7",),), (("later", True),), ()))
        projection.project(db, [Entry("dev", 1, (1, 0), "read", tuple(changes))], added="")
    return store


@pytest.mark.parametrize(
    ("text", "few", "begins"),
    [
        ("upvotes:>50", 30, "INDEXED BY paper_upvotes"),
        ("is:unread upvotes:>50 kernels", 30, "INDEXED BY paper_upvotes"),
        ("edition:2025-10-02 upvotes:55..", 30, "INDEXED BY paper_upvotes"),
        ("upvotes:..4 upvotes:2..", 30, "INDEXED BY paper_upvotes"),
        ("upvotes:>10", 30, "paper p  WHERE"),
        ("is:unread upvotes:>10", 30, "INDEXED BY paper_unread"),
        ("is:later upvotes:>3", 30, "INDEXED BY paper_kept"),
        ("edition:2025-10-02 upvotes:>10", 30, "(SELECT DISTINCT paper FROM member"),
        ("upvotes:>10 kernels", 30, "search CROSS JOIN paper p"),
        ("before:2025-01-20 kernels", 2, "search CROSS JOIN paper p"),
        ("edition:2025-10-02 maps", 2, "search CROSS JOIN paper p"),
        ("edition:2025-10-02 -maps after:2025-01-20 kernels", 2, "search CROSS JOIN paper p"),
        ("comments:>1", 30, "INDEXED BY paper_comments"),
    ],
)
@pytest.mark.parametrize("sort", ["date", "upvotes", "title", "added"])
def test_looking_begins_where_the_fewest_papers_are(
    sixty: Store, text: str, few: int, begins: str, sort: str
) -> None:
    db = sixty.db
    asked = finding.condition(db, Search(parse(text), _TODAY))
    source, _ = asked.origin(few)
    assert begins in source
    in_order = finding.find(db, Search(parse(f"sort:{sort}"), _TODAY))
    among = {row for (row,) in db.execute(f"SELECT p.id FROM paper p WHERE {asked.sql}", asked.values)}
    found: list[int] = []
    for statement in finding._statements(asked, sort, few):
        found += [row for (row,) in db.execute(statement, asked.values)]
    assert found == [row for row in in_order if row in among]


def test_what_a_count_is_asked_of_is_not_looked_for_among_those_without_one(sixty: Store) -> None:
    asked = finding.condition(sixty.db, Search(parse("upvotes:>10"), _TODAY))
    assert len(list(finding._statements(asked, "upvotes", 10))) == 1
    assert len(list(finding._statements(asked, "comments", 10))) == 2


@pytest.mark.parametrize(
    ("text", "found", "begins"),
    [
        ("", 60, "paper p  WHERE 1"),
        ("after:2025-01-10", 50, "paper p  WHERE"),
        ("has:code", 10, "NOT INDEXED"),
        ("is:unread has:code", 8, "NOT INDEXED"),
        ("is:unread -is:later", 47, "NOT INDEXED"),
        ("is:unread upvotes:>10", 30, "NOT INDEXED"),
        ("upvotes:58..", 2, "NOT INDEXED"),
        ("upvotes:59..", 1, "INDEXED BY paper_upvotes"),
        ("is:later", 1, "INDEXED BY paper_kept"),
        ("is:unread date:2025-01-07..2025-01-09", 3, "INDEXED BY paper_unread"),
        ("has:code date:2025-01-07..2025-01-09", 1, "INDEXED BY sqlite_autoindex_paper_1"),
        ("edition:2025-10-02 is:unread", 16, "(SELECT DISTINCT paper FROM member"),
        ("edition:2025-10-02 kernels", 10, "(SELECT DISTINCT paper FROM member"),
        ("kernels after:2025-01-10", 25, "search CROSS JOIN paper p"),
        ("kernels is:unread", 24, "INDEXED BY paper_unread"),
    ],
)
def test_to_count_papers_they_are_read_one_after_the_other_unless_few_are_named(
    sixty: Store, text: str, found: int, begins: str
) -> None:
    asked = Search(parse(text), _TODAY)
    condition = finding.condition(sixty.db, asked, every=True)
    assert begins in condition.pool(60)
    assert finding.count(sixty.db, asked) == len(finding.find(sixty.db, asked)) == found


def test_a_rare_state_that_is_left_out_takes_no_look_at_each_paper(sixty: Store) -> None:
    db = sixty.db
    asked = finding.condition(db, Search(parse("is:unread -is:later"), _TODAY), every=True)
    (statement,) = finding._statements(asked, "date", 15)
    steps = [step for *_, step in db.execute(f"EXPLAIN QUERY PLAN {statement}", asked.values)]
    assert "p.id NOT IN" in statement
    assert not [step for step in steps if "TEMP B-TREE" in step]
    first = finding.condition(db, Search(parse("is:unread -is:later"), _TODAY))
    assert "NOT IN" not in first.sql, "the first few come sooner without"
    often = finding.condition(db, Search(parse("-is:read"), _TODAY), every=True)
    assert "NOT IN" not in often.sql


@pytest.mark.parametrize(
    ("text", "sort", "walks"),
    [
        ("", "date", [False]),
        ("is:unread -is:later", "date", [False]),
        ("is:unread after:2025-01-10 cat:cs.LG", "date", [False]),
        ("is:unread -is:read", "date", [True]),
        ("is:unread has:code", "date", [True]),
        ("is:unread -has:code", "date", [True]),
        ("is:unread (has:code OR upvotes:>3)", "date", [True]),
        ("upvotes:>10", "date", [True]),
        ("upvotes:>10", "upvotes", [False]),
        ("upvotes:>10 is:unread", "upvotes", [True]),
        ("", "upvotes", [False, True]),
        ("", "added", [False]),
        ("has:code", "added", [True]),
        ("", "title", [True]),
    ],
)
def test_all_papers_are_read_one_after_the_other_where_each_has_to_be_looked_at(
    sixty: Store, text: str, sort: str, walks: list[bool]
) -> None:
    """And sorted, which is less than to look each of them up by an index."""
    asked = finding.condition(sixty.db, Search(parse(text), _TODAY), every=True)
    statements = list(finding._statements(asked, sort, 5))
    assert ["NOT INDEXED" in statement for statement in statements] == walks
    first = finding.condition(sixty.db, Search(parse(text), _TODAY))
    assert sort == "title" or "NOT INDEXED" not in "".join(finding._statements(first, sort, 5))
    found = [row for one in statements for (row,) in sixty.db.execute(one, asked.values)]
    among = {row for (row,) in sixty.db.execute(f"SELECT p.id FROM paper p WHERE {first.sql}", first.values)}
    in_order = finding.find(sixty.db, Search(parse(f"sort:{sort}"), _TODAY))
    assert found == [row for row in in_order if row in among]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("date:2025-01-07 kernels", ("2025-01-07", "2025-01-07")),
        ("after:2025-01-06 before:2025-01-10 kernels", ("2025-01-07", "2025-01-09")),
        ("edition:2025-10-02 kernels", ("2025-01-02", "2025-03-03")),
        ("edition:2025-10-02 before:2025-01-10 kernels", ("2025-01-02", "2025-01-09")),
        ("(date:2025-01-07 OR is:read) kernels", None),
        ("-date:2025-01-07 kernels", None),
        ("edition:2030-01-01 kernels", None),
        ("date:2025-01-07", None),
    ],
)
def test_a_text_is_looked_for_within_the_time_that_is_asked_for(
    sixty: Store, text: str, span: tuple[str, str] | None
) -> None:
    asked = finding.condition(sixty.db, Search(parse(text), _TODAY))
    if span is None:
        assert asked._span is None
        return
    first, last = (sort_time(day) for day in span)
    assert asked._span is not None
    assert first_place(first) <= asked._span[0] < first_place(first + 86_400)
    assert first_place(last) <= asked._span[1] < first_place(last + 86_400)
    assert asked.origin(0)[0].count("BETWEEN") >= 1


@pytest.mark.parametrize(
    ("text", "found"), [("abcd", 1), ("abcd*", 1), ("title:abcd*", 1), ("author:mode*", 2), ("q-mode*", 2)]
)
@pytest.mark.parametrize("many", [2, 2_000])
def test_a_beginning_finds_all_its_words_however_many_there_are(
    store: Store, text: str, found: int, many: int
) -> None:
    words = list(islice(map("".join, product("abcdefghijklm", repeat=3)), many))
    for word in (words[0], words[-1]):
        _one(store, f"On q-mode{word}", authors=(f"Ada Mode{word}",))
    _one(store, f"{' '.join(f'abcd{word}' for word in words)} abcd")
    typed = text.removesuffix("*")
    for headings in (False, True):
        asked = Search(parse(typed, typing=typed != text), _TODAY, headings=headings)
        assert len(finding.find(store.db, asked)) == found


@pytest.mark.parametrize(
    ("title", "found", "not_found"),
    [
        ("GPT-4 report", "gpt-4 gpt4 GPT4 gpt 'gpt 4' GPT‑4 gpt*", "gpt-3 gpt4o gpt41 4-gpt"),
        ("GPT4 report", "gpt-4 gpt4 'gpt 4' '4 report'", "gpt-40"),
        ("GPT-3.5", "gpt3.5 gpt-3.5 3.5", "3.51 5.3"),
        ("H₂O and x²", "h2o H₂O x2 x^2", "h20"),
        ("Poincaré maps", "poincare POINCARÉ poincare\u0301 Poincar\\'e", "poincar"),
        ("The Poincar\\'e {\\'e}tale map", "poincaré 'etale map'", "poincar"),
        ("$\\beta$-VAE", "beta-vae β-VAE \\beta-VAE $\\beta$-VAE vae 'beta vae'", "bvae b-vae"),
        ("β-VAE", "beta-vae β-vae \\beta vae $\\beta$-VAE", "b"),
        ("βVAE", "beta-vae β-VAE", "betavae2"),
        ("Schrödinger bridge", "schrodinger schroedinger SCHRÖDINGER Schro\u0308dinger", "schrdinger"),
        ("Schroedinger bridge", "schroedinger Schrödinger", "schredinger"),
        ("Łukasz Søren Straße Æsir ﬁne", "lukasz soren soeren strasse STRASSE aesir fine", "stra"),
        (
            "Pre-training of LLMs",
            "pretraining pre-training 'pre training' 'pre-training of' pre",
            "pretrainingof train",
        ),
        ("Pretraining of LLMs", "pretraining pre-training", "'pre training'"),
        ("state-of-the-art (SOTA)", "state-of-the-art 'state of the art' sota", "of-the-state stateoftheart"),
        ("K-means, k-NN", "kmeans k-means knn", "meansk"),
        ("$\\textbf{Bold}{\\it face} \\texttt{code}", "bold face code", "textbf it texttt"),
        ("机器学习的新方法", "机器 学习 习的新 '方法' 机*", "器机 法方"),
        ("モデルとガンマ", "モデル モ ガンマ ｶﾞﾝﾏ", "カンマ"),
        ("한국어 모델을 위한", "한국어 모델 모델을", "어한"),
        ("हिन्दी भाषा", "हिन्दी भाषा हिन्*", "हिन्द"),
        ("ภาษาไทย", "ภาษา ไทย", "ยไ"),
        ("Обучение моделей ё", "обучение МОДЕЛЕЙ е", "модел"),
        ("בְּרֵאשִׁית مُحَمَّد", "בראשית محمد", "א"),
        ("λόγος", "λογος ΛΟΓΟΣ", "logos"),
        ("C++ and .NET, 100% #1", "c++ .net 100% #1 100", "net.c"),
        ("R\u200bL soft\u00adware", "RL software", "soft"),
        ("e‑mail naïve İstanbul", "e-mail email naive istanbul", "mailx"),
        ("https://github.com/x/y", "https://github.com/x/y github.com/x", "github.com/y"),
    ],
)
def test_words_are_found_as_a_person_expects(store: Store, title: str, found: str, not_found: str) -> None:
    _one(store, title)
    assert [text for text in _queries_in(found) if not _titles(store, text)] == []
    assert [text for text in _queries_in(not_found) if _titles(store, text)] == []


def _queries_in(several: str) -> list[str]:
    """Words, and phrases between single quotes."""
    return [
        part if number % 2 == 0 else f'"{group}"'
        for number, group in enumerate(several.replace("\\'", "\0").split("'"))
        for part in (group.replace("\0", "\\'").split() if number % 2 == 0 else [group])
    ]


def test_no_phrase_reaches_from_one_name_or_tag_into_the_next(store: Store) -> None:
    _one(store, "x", authors=("Ann Lee", "Bo Müller"))
    found = {text: len(_titles(store, text)) for text in (
        'author:"lee bo"', 'author:"bo muller"', 'author:"bo mueller"', 'author:"mueller"', '"muller bo"',
    )}  # fmt: skip
    assert list(found.values()) == [0, 1, 1, 1, 0]


def test_an_author_may_be_asked_for_by_how_the_name_begins(store: Store) -> None:
    _one(store, "x", authors=("Ann B. Lee", "B. Lee Smith", "J. Müller"))
    found = {text: len(_titles(store, text)) for text in (
        'author:="ann b"', 'author:="b lee"', 'author:="B. Lee Smith"', 'author:="j mueller"', 'author:=an*',
        'author:="lee"', 'author:="lee smith"', 'author:="b lee j"', 'author:=an', 'title:="x"',
    )}  # fmt: skip
    assert list(found.values()) == [1, 1, 1, 1, 0, 0, 0, 0, 0, 1]


def test_a_field_looks_in_its_place_alone(store: Store) -> None:
    _one(store, "alpha", abstract="bravo", authors=("Charlie",))
    change = Change((("text:alpha",),), (("tag:delta", True), ("note", "echo")), ())
    with store.transaction() as db:
        projection.project(db, [Entry("dev", 1, (1, 0), "tag", (change,))], added="")
    words = ("alpha", "bravo", "charlie", "delta", "echo")
    assert all(_titles(store, word) for word in words)
    hits = {place: [word for word in words if _titles(store, f"{place}:{word}")] for place in PLACES}
    assert hits == {"title": ["alpha"], "abstract": ["bravo"], "author": ["charlie"], "note": ["echo"]}


def test_a_word_that_is_being_typed_may_go_on(store: Store) -> None:
    _one(store, "Mixture of experts")
    _one(store, "Mixed signals")
    assert [len(_titles(store, text, typing=True)) for text in ("mix", "mixt", "mix ", "mixture of", '"of ex')] == [
        2, 1, 0, 1, 1,
    ]  # fmt: skip


def test_the_order_of_the_query_stands_over_the_one_given(store: Store) -> None:
    _one(store, "b", upvotes=1, published="2025-11-20")
    _one(store, "a", upvotes=2, published="2025-11-19")
    assert _titles(store, "", sort="title") == ["a", "b"]
    assert _titles(store, "sort:date", sort="title") == ["b", "a"]
    assert _titles(store, "sort:upvotes") == ["a", "b"]


def test_relevance_puts_the_title_first_and_is_the_date_without_words(store: Store) -> None:
    _one(store, "On graphs", abstract="Attention, attention and attention.", published="2025-11-20")
    _one(store, "Attention", abstract="We study graphs.", published="2025-11-19")
    _one(store, "Neither", abstract="Nothing.", published="2025-11-21")
    assert _titles(store, "attention sort:relevance") == ["Attention", "On graphs"]
    assert _titles(store, "graphs", sort="relevance") == ["On graphs", "Attention"]
    assert _titles(store, "sort:relevance") == _titles(store, "") == ["Neither", "On graphs", "Attention"]
    assert _titles(store, "-nothing sort:relevance") == ["On graphs", "Attention"]
    assert _titles(store, "(attention is:unread) OR -attention sort:relevance") == [
        "Attention",
        "On graphs",
        "Neither",
    ]


def test_undated_papers_match_no_date(store: Store) -> None:
    _one(store, "undated")
    _one(store, "dated", published="2025-11-20T23:59:59Z")
    for text in ("date:today", "after:yesterday", "before:2026", "date:2025..", "date:..2025"):
        assert _titles(store, text) == ["dated"], text
    assert _titles(store, "-date:0001..") == ["undated"]


def test_a_search_on_the_side_is_given_up_and_damage_is_named(tmp_path: Path) -> None:
    store, _ = open_store(tmp_path)
    finder = Finder(store.path, lambda: date(2026, 11, 21))
    assert list(finder.find(parse("attention")) or ()) == []
    assert finder.count(parse("")) == 0
    finder.touch([1, 2], [3])
    finder.close()
    store.close()
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database at all" * 100)
    finder = Finder(broken, lambda: date(2026, 11, 21))
    with pytest.raises(PapersError, match="it can't be read"):
        finder.find(parse("attention"))
    with pytest.raises(PapersError, match="it can't be read"):
        finder.touch([1], [1])
    finder.close()
