import json

from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.paper import KINDS, ORIGINS, Link, Organization, Paper
from papers_tui.domain.record import from_record, record_text, to_record

_texts = st.text(st.characters() | st.sampled_from('"\\\n\t\x00\x1f\x7f\u2028é中\ud800'))
_some = st.lists(_texts, max_size=3).map(tuple)
_counts = st.none() | st.integers(-(2**53) + 1, 2**53 - 1)
_links = st.builds(Link, _texts, st.sampled_from(KINDS), _texts, st.sampled_from(ORIGINS), st.booleans())
_papers = st.builds(
    Paper,
    keys=st.lists(_texts, min_size=1, max_size=3, unique=True).map(tuple),
    title=_texts.filter(bool),
    abstract=_texts,
    authors=_some,
    author_count=_counts,
    published=st.none() | _texts,
    edition=st.none() | _texts,
    organization=st.none() | st.builds(Organization, _texts, _texts),
    upvotes=_counts,
    comments=_counts,
    stars=_counts,
    summary=st.none() | _texts,
    author_comment=st.none() | _texts,
    keywords=_some,
    categories=_some,
    version=_counts,
    announce=st.none() | _texts,
    links=st.lists(_links, max_size=3).map(tuple),
)


@given(_papers)
def test_a_records_text_is_what_the_standard_library_writes(paper: Paper) -> None:
    written = json.dumps(to_record(paper), ensure_ascii=False, separators=(",", ":"))
    assert record_text(paper) == written


def test_a_records_text_is_read_again() -> None:
    paper = Paper(
        ("arxiv:2511.00001", "doi:10.1/x"),
        'On \\emph{quotes} and "signs"',
        "A line,\nanother one — and naïve ones.",
        authors=("Émile B.", "C"),
        upvotes=0,
        organization=Organization("lab"),
        links=(Link("https://example.org/a?b=c", "code", doubtful=True),),
    )
    assert from_record(json.loads(record_text(paper))) == paper
