"""arXiv: the Query API and the daily feeds as papers, broken and hostile bodies, addresses, what a listing means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.categories import ARCHIVES, CATEGORIES, known_category
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Link, Paper
from papers_tui.sources.arxiv import (
    Categories,
    Listing,
    Search,
    day_address,
    ids_address,
    is_stale,
    missing_ids,
    next_start,
    parse_api,
    parse_rss,
    parse_source,
    rss_address,
    search_address,
)
from papers_tui.sources.arxiv.names import split_names

# The Query API

NAMESPACES = (
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns="http://www.w3.org/2005/Atom"'
)
SUMMARY = "A dictionary and six hours of speech are enough to translate Wardaman."


def api(*entries: str, total: int = 1, start: int = 0) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed {NAMESPACES}>
  <id>https://arxiv.org/api/abc</id>
  <title>arXiv Query: search_query=&amp;id_list=&amp;start=0&amp;max_results=10</title>
  <updated>2026-05-20T01:02:03Z</updated>
  <opensearch:itemsPerPage>10</opensearch:itemsPerPage>
  <opensearch:totalResults>{total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
  {"".join(entries)}
</feed>""".encode()


def entry(
    identifier: str = "http://arxiv.org/abs/2605.13846v2", title: str = "WARDEN", more: str = ""
) -> str:
    return f"""<entry>
    <id>{identifier}</id>
    <title>{title}</title>
    <updated>2026-05-19T11:00:00Z</updated>
    <link href="https://arxiv.org/abs/2605.13846v2" rel="alternate" type="text/html"/>
    <summary>  {SUMMARY}</summary>
    <published>2026-05-13T17:59:46Z</published>
    {more}
  </entry>"""


FULL = entry(
    title="WARDEN: Endangered Indigenous\n  Language Transcription",
    more="""<category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <category term="I.2.7" scheme="http://arxiv.org/schemas/atom"/>
    <category term="68T50 (Primary), 94A08" scheme="http://arxiv.org/schemas/atom"/>
    <arxiv:comment>12 pages. Code: https://github.com/warden/mt, page at
      https://warden.github.io</arxiv:comment>
    <arxiv:primary_category term="cs.CL"/>
    <arxiv:journal_ref>Proc. Somewhere 12 (2026) 1-12</arxiv:journal_ref>
    <arxiv:doi>10.1000/ABC.12 10.48550/arXiv.2605.99999</arxiv:doi>
    <author><name>Ziheng Zhang</name><arxiv:affiliation>A University, A City</arxiv:affiliation></author>
    <author><name>Liang
      Zheng</name></author>""",
)


def test_all_fields_of_an_entry() -> None:
    listing = parse_api(api(FULL))
    title = "WARDEN: Endangered Indigenous Language Transcription"
    assert listing.papers == (
        Paper(
            keys=("arxiv:2605.13846", "doi:10.1000/abc.12", text_key(title, SUMMARY)),
            title=title,
            abstract=SUMMARY,
            authors=("Ziheng Zhang", "Liang Zheng"),
            published="2026-05-13T17:59:46Z",
            author_comment="12 pages. Code: https://github.com/warden/mt, page at https://warden.github.io",
            categories=("cs.CL", "cs.AI"),
            version=2,
            links=(
                Link("https://github.com/warden/mt", "code", origin="comment"),
                Link("https://warden.github.io", "project", origin="comment"),
            ),
        ),
    )
    assert (listing.faults, listing.rows, listing.error) == ((), 1, None)
    assert (listing.total, listing.start, listing.per_page) == (1, 0, 10)
    assert (listing.announced, listing.skip_days) == (None, ())


OLD = f"""<?xml version="1.0" encoding="utf-8"?>
<a:feed xmlns:a="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/">
  <a:title type="html">ArXiv Query: search_query=all:electron</a:title>
  <o:totalResults>1000</o:totalResults><o:startIndex>0</o:startIndex><o:itemsPerPage>1</o:itemsPerPage>
  <entry xmlns="http://www.w3.org/2005/Atom" xmlns:x="http://arxiv.org/schemas/atom">
    <id xmlns="http://www.w3.org/2005/Atom">http://arxiv.org/abs/astro-ph/0601001v1</id>
    <published>2006-01-01T13:46:39-04:00</published>
    <title type="html">0</title>
    <summary>{SUMMARY}
</summary>
    <x:comment xmlns:x="http://arxiv.org/schemas/atom">23 pages</x:comment>
    <author><name>H1 Collaboration</name></author>
    <category term="astro-ph"/>
  </entry>
</a:feed>"""


def test_the_older_serialisation_says_the_same() -> None:
    listing = parse_api(OLD.encode())
    (paper,) = listing.papers
    assert (paper.id, paper.version, paper.title) == ("arxiv:astro-ph/0601001", 1, "0")
    assert (paper.published, paper.author_comment) == ("2006-01-01T17:46:39Z", "23 pages")
    assert (paper.authors, paper.categories) == (("H1 Collaboration",), ("astro-ph",))
    assert (listing.total, listing.start, listing.per_page) == (1000, 0, 1)


@pytest.mark.parametrize(
    "identifier",
    ["https://arxiv.org/api/errors#incorrect_id_format_for_abc", "http://arxiv.org/api/errors#x"],
)
def test_an_error_that_arxiv_tells_as_an_entry_is_no_paper(identifier: str) -> None:
    told = f"<entry><id>{identifier}</id><title>Error</title><summary>incorrect id format for abc</summary></entry>"
    listing = parse_api(api(told))
    assert (listing.papers, listing.faults, listing.rows) == ((), (), 0)
    assert listing.error == 'arXiv answers: "incorrect id format for abc"'
    assert len(parse_api(api(told, FULL)).papers) == 1
    assert parse_api(api(f"<entry><id>{identifier}</id></entry>")).error is not None


def test_a_bad_entry_is_named_and_its_neighbours_kept() -> None:
    listing = parse_api(
        api(
            entry(title=" "),
            entry("http://example.org/1"),
            "<entry/>",
            entry("http://arxiv.org/abs/2605.00002"),
            entry("http://arxiv.org/abs/2605.00003", title="\u200b"),
        )
    )
    assert listing.faults == (
        "entry 1 (http://arxiv.org/abs/2605.13846v2): it has no title",
        "entry 2 (http://example.org/1): its id is not an arXiv id",
        "entry 3: it has no id",
    )
    assert [(paper.id, paper.version) for paper in listing.papers] == [
        ("arxiv:2605.00002", None),
        ("arxiv:2605.00003", None),
    ]
    assert listing.papers[1].title == "arXiv:2605.00003"
    assert (listing.rows, listing.error) == (5, None)


def test_a_paper_that_comes_twice_is_one() -> None:
    first = entry("http://arxiv.org/abs/2605.13846v3", more="<arxiv:comment>12 pages</arxiv:comment>")
    (paper,) = parse_api(api(first, entry("http://arxiv.org/abs/2605.13846v1"))).papers
    assert (paper.version, paper.author_comment) == (3, "12 pages")


def test_what_could_act_on_a_terminal_is_gone() -> None:
    more = "<author><name>Ann&#x202e; One</name></author><arxiv:comment>a&#x9b;31mb</arxiv:comment>"
    (paper,) = parse_api(api(entry(title="Red&#x85;&#x9d;0;title&#x9c; dots", more=more))).papers
    assert (paper.title, paper.authors, paper.author_comment) == ("Red dots", ("Ann One",), "ab")


# Daily feeds


def item(
    identifier: str = "2605.13846v1",
    announce: str = "new",
    *,
    title: str = "WARDEN",
    creator: str = "Ziheng Zhang, Liang Zheng",
    more: str = "",
) -> str:
    return f"""<item>
      <title>{escape(title)}</title>
      <link>https://arxiv.org/abs/{identifier.partition("v")[0]}</link>
      <description>arXiv:{identifier} Announce Type: {announce} \nAbstract: {SUMMARY}</description>
      <guid isPermaLink="false">oai:arXiv.org:{identifier}</guid>
      <category>cs.CL</category>
      <category>I.2.7</category>
      <pubDate>Thu, 14 May 2026 00:00:00 -0400</pubDate>
      <arxiv:announce_type>{announce}</arxiv:announce_type>
      <dc:creator>{escape(creator)}</dc:creator>
      {more}
    </item>"""


def rss(*items: str, title: str = "cs.CL updates on arXiv.org", about: str = "Updates.") -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>{escape(title)}</title>
    <link>http://rss.arxiv.org/rss/cs.CL</link>
    <description>{escape(about)}</description>
    <lastBuildDate>Fri, 15 May 2026 07:51:54 +0000</lastBuildDate>
    <pubDate>Thu, 14 May 2026 00:00:00 -0400</pubDate>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>
    {"".join(items)}
  </channel>
</rss>""".encode()


def test_all_fields_of_an_item() -> None:
    more = "<arxiv:DOI>10.1093/bioinformatics/btac431</arxiv:DOI>"
    listing = parse_rss(rss(item(more=more)))
    assert listing == Listing(
        papers=(
            Paper(
                keys=(
                    "arxiv:2605.13846",
                    "doi:10.1093/bioinformatics/btac431",
                    text_key("WARDEN", SUMMARY),
                ),
                title="WARDEN",
                abstract=SUMMARY,
                authors=("Ziheng Zhang", "Liang Zheng"),
                categories=("cs.CL",),
                version=1,
                announce="new",
            ),
        ),
        rows=1,
        announced="2026-05-14",
        skip_days=("Sunday", "Saturday"),
    )


ATOM_FEED = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.CL</id>
  <title>cs.CL updates on arXiv.org</title>
  <updated>2026-05-15T07:51:54.128391+00:00</updated>
  <entry>
    <id>oai:arXiv.org:2605.13846v1</id>
    <title>WARDEN</title>
    <updated>2026-05-15T07:51:54.129440+00:00</updated>
    <link href="https://arxiv.org/abs/2605.13846" rel="alternate" type="text/html"/>
    <summary>arXiv:2605.13846v1 Announce Type: new \nAbstract: {SUMMARY}</summary>
    <category term="cs.CL"/>
    <category term="I.2.7"/>
    <published>2026-05-14T00:00:00-04:00</published>
    <arxiv:announce_type>new</arxiv:announce_type>
    <dc:creator>Ziheng Zhang, Liang Zheng</dc:creator>
  </entry>
</feed>"""

RDF_FEED = f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://arxiv.org/">
<title>cs.CL updates on arXiv.org</title>
<dc:date>2026-05-14T20:30:00-05:00</dc:date>
</channel>
<item rdf:about="http://arxiv.org/abs/2605.13846">
<title>WARDEN. (arXiv:2605.13846v1 [cs.CL])</title>
<link>http://arxiv.org/abs/2605.13846</link>
<description rdf:parseType="Literal">&lt;p&gt;{SUMMARY}
&lt;/p&gt;
</description>
<dc:creator> &lt;a href="http://arxiv.org/a/1"&gt;Ziheng Zhang&lt;/a&gt;, &lt;a href="http://arxiv.org/a/2"&gt;Liang
Zheng&lt;/a&gt; (A &amp;amp; B, City)</dc:creator>
</item>
</rdf:RDF>"""


@pytest.mark.parametrize("text", [ATOM_FEED, RDF_FEED])
def test_atom_and_the_old_rdf_say_the_same(text: str) -> None:
    listing = parse_rss(text.encode())
    assert listing.papers == parse_rss(rss(item())).papers
    assert (listing.announced, listing.rows, listing.error) == ("2026-05-14", 1, None)


@pytest.mark.parametrize(
    ("announce", "kept"),
    [
        ("new", "new"),
        ("cross", "cross"),
        ("replace", "replace"),
        ("replace-cross", "replace"),
        ("absonly", None),
        ("", None),
    ],
)
def test_how_a_paper_is_announced(announce: str, kept: str | None) -> None:
    (paper,) = parse_rss(rss(item(announce=announce))).papers
    assert paper.announce == kept
    bare = re.sub(r"<arxiv:announce_type>.*?</arxiv:announce_type>", "", item(announce=announce))
    (paper,) = parse_rss(rss(bare)).papers
    assert paper.announce == kept


@pytest.mark.parametrize(
    ("tail", "title", "announce", "categories"),
    [
        ("A. (arXiv:2605.13846v2 [math.RA] UPDATED)", "A", "replace", ("math.RA",)),
        ("A?. (arXiv:2605.13846v2 [math.RA] CROSS LISTED)", "A?", "cross", ("math.RA",)),
        ("A (in B). (arXiv:hep-th/9901001)", "A (in B)", "new", ()),
        ("A (arXiv:2605.13846v2 is wrong)", "A (arXiv:2605.13846v2 is wrong)", None, ()),
        ("A", "A", None, ()),
    ],
)
def test_what_stands_behind_an_old_title(
    tail: str, title: str, announce: str | None, categories: tuple[str, ...]
) -> None:
    (paper,) = parse_rss(RDF_FEED.replace("WARDEN. (arXiv:2605.13846v1 [cs.CL])", tail).encode()).papers
    assert (paper.title, paper.announce, paper.categories) == (title, announce, categories)


def test_a_listing_in_two_categories_keeps_the_stronger_word() -> None:
    (paper,) = parse_rss(
        rss(item(announce="cross"), item(announce="new"), item("2605.13846v2", "replace"))
    ).papers
    assert (paper.announce, paper.version) == ("new", 2)


def test_an_announcement_is_never_the_date_of_a_paper() -> None:
    for body in (rss(item()), ATOM_FEED.encode(), RDF_FEED.encode()):
        assert [paper.published for paper in parse_rss(body).papers] == [None]


def test_a_day_without_papers_is_an_empty_listing() -> None:
    assert parse_rss(rss()) == Listing(announced="2026-05-14", skip_days=("Sunday", "Saturday"))
    empty = ATOM_FEED[: ATOM_FEED.index("<entry>")] + "</feed>"
    assert parse_rss(empty.encode()) == Listing()


def test_an_error_told_as_a_feed_is_an_error() -> None:
    listing = parse_rss(
        rss(title="Feed error for query: http://rss.arxiv.org/rss/cs.X", about="Bad archive 'x'.")
    )
    assert listing.error == "arXiv answers: \"Bad archive 'x'.\""
    text = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed error for query: x</title>{}</feed>'
    assert parse_rss(text.format("<subtitle>Bad.</subtitle>").encode()).error == 'arXiv answers: "Bad."'
    assert parse_rss(text.format("").encode()).error == 'arXiv answers: "an error without a word"'


def test_an_item_without_a_guid_is_known_by_its_prefix_or_its_link() -> None:
    bare = re.sub(r"<guid.*?</guid>", "", item("2605.13846v4"))
    assert [(paper.id, paper.version) for paper in parse_rss(rss(bare)).papers] == [("arxiv:2605.13846", 4)]
    barer = re.sub(r"arXiv:2605.*\nAbstract: ", "", bare)
    (paper,) = parse_rss(rss(barer)).papers
    assert (paper.id, paper.version, paper.abstract) == ("arxiv:2605.13846", None, SUMMARY)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Fabien Polly", ("Fabien Polly",)),
        ("A. One, B. Two,C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One (MIT, Cambridge, MA), B. Two (1 and 2)", ("A. One", "B. Two")),
        ("A. One (Lab (Unit 2), City), B. Two", ("A. One", "B. Two")),
        ("A. One (MIT) and more, B. Two", ("A. One and more", "B. Two")),
        ("J. Doe, Jr., K. Roe, III, L. Loe", ("J. Doe Jr.", "K. Roe III", "L. Loe")),
        ("A. One (MIT, B. Two", ("A. One (MIT", "B. Two")),
        ("A. One), B. Two", ("A. One)", "B. Two")),
        ("the ATLAS\n Collaboration", ("the ATLAS Collaboration",)),
        (", ,(x),", ()),
        ("", ()),
    ],
)
def test_creators_are_split_into_names(text: str, names: tuple[str, ...]) -> None:
    assert split_names(text) == names


# Bodies that are broken as a whole


@pytest.mark.parametrize("parse", [parse_api, parse_rss])
@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "the answer is empty"),
        (b" \n", "the answer is empty"),
        (b"Rate exceeded.", 'the answer is not XML but "Rate exceeded."'),
        (b"\x1b[31m" + b"x" * 999, f'the answer is not XML but "{"x" * 79}…"'),
        (b"<!DOCTYPE html>\n<html><body><br></body></html>", "the answer is a web page, not a feed"),
        (b"<html><body><p>Sign in<br></html>", "the answer is a web page, not a feed"),
        (b"<", "the answer is cut short"),
        (b"<rss><channel><a></b></channel></rss>", "the answer's XML has a fault at line 1, column 20"),
        (
            b"<?xml version='1.0' encoding='nonsense'?><rss/>",
            "the answer is in an encoding that can't be read",
        ),
        (b"<?xml version='1.0' encoding='utf-7'?><rss/>", "the answer is in an encoding that can't be read"),
        (
            b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss>&b;</rss>',
            "the answer declares XML entities, which no feed of arXiv does",
        ),
        (
            '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'.encode("utf-16"),
            "the answer declares XML entities, which no feed of arXiv does",
        ),
    ],
)
def test_a_body_that_is_no_listing_says_why(
    parse: Callable[[bytes], Listing], body: bytes, error: str
) -> None:
    assert parse(body) == Listing(error=error)


def test_another_kind_of_document_is_refused() -> None:
    assert parse_api(rss(item())).error == "the answer is no list of papers: it begins with <rss>"
    assert parse_rss(b"<opml/>").error == "the answer is no feed: it begins with <opml>"
    assert parse_rss(b"<rss/>").error == "the answer is a feed without a channel"


@pytest.mark.parametrize(("parse", "body"), [(parse_api, api), (parse_rss, rss)])
def test_deep_nesting_and_an_outer_dtd_do_no_harm(
    parse: Callable[[bytes], Listing], body: Callable[..., bytes]
) -> None:
    good = entry() if body is api else item()
    deep = body("<a>" * 50_000 + "</a>" * 50_000, good)
    assert len(parse(deep).papers) == 1
    with_dtd = body(good).replace(b"?>", b'?><!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">', 1)
    assert len(parse(with_dtd).papers) == 1
    wide = body(good).replace(
        b"<title>", b"<title " + b" ".join(b'a%d=""' % n for n in range(5000)) + b">", 1
    )
    assert len(parse(wide).papers) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_counts(encoding: str) -> None:
    text = rss(item(title="Größe")).decode().replace("UTF-8", encoding)
    assert [paper.title for paper in parse_rss(text.encode(encoding)).papers] == ["Größe"]


BODIES = [
    (parse_api, api(FULL, *(entry(f"http://arxiv.org/abs/2605.0000{n}v1") for n in range(9)))),
    (parse_rss, rss(*(item(f"2605.0000{n}v1") for n in range(9)))),
    (parse_rss, ATOM_FEED.encode()),
    (parse_rss, RDF_FEED.encode()),
]


@given(st.sampled_from(BODIES), st.data())
def test_what_was_whole_before_the_cut_is_kept(
    case: tuple[Callable[[bytes], Listing], bytes], data: st.DataObject
) -> None:
    parse, body = case
    cut = body[: data.draw(st.integers(0, len(body.rstrip()) - 1))]
    whole = len(re.findall(rb"</(?:item|entry)>", cut))
    listing = parse(cut)
    assert (len(listing.papers), listing.rows, listing.faults) == (whole, whole, ())
    assert listing.error in ("the answer is cut short", "the answer is empty") or not cut.endswith(b">")
    assert listing.papers == parse(body).papers[:whole]


@given(
    st.sampled_from(BODIES), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=6)
)
def test_changed_bytes_never_crash(
    case: tuple[Callable[[bytes], Listing], bytes], changes: list[tuple[int, int]]
) -> None:
    parse, body = case
    changed = bytearray(body)
    for place, value in changes:
        changed[place % len(body)] = value
    listing = parse(bytes(changed))
    assert len(listing.papers) + len(listing.faults) <= listing.rows
    assert all(paper.title and paper.id.startswith("arxiv:") for paper in listing.papers)


_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
)


@given(_text, _text, _text)
def test_no_text_of_an_item_spoils_its_neighbours(title: str, creator: str, announce: str) -> None:
    odd = item(title=title, creator=creator, announce=escape(announce))
    listing = parse_rss(rss(item("2605.00001v1"), odd, item("2605.00002v1")))
    assert [paper.id for paper in listing.papers if paper.id != "arxiv:2605.13846"] == [
        "arxiv:2605.00001",
        "arxiv:2605.00002",
    ]
    assert len(listing.papers) + len(listing.faults) == listing.rows == 3
    assert listing.error is None


# What follows from a listing

PAPER = Paper(("arxiv:2605.13846",), "WARDEN", announce="new")


@pytest.mark.parametrize(
    ("listing", "start"),
    [
        (Listing(rows=100, total=250, start=0), 100),
        (Listing(rows=100, total=250, start=100), 200),
        (Listing(rows=50, total=250, start=200), None),
        (Listing(rows=0, total=250, start=200), None),
        (Listing(rows=100, total=250, start=0, error="the answer is cut short"), None),
        (Listing(rows=100), None),
        (Listing(rows=2000, total=10**6, start=28_000), None),
        (Listing(rows=2000, total=10**6, start=26_000), 28_000),
    ],
)
def test_where_the_next_page_starts(listing: Listing, start: int | None) -> None:
    assert next_start(listing) == start


def test_ids_that_are_passed_over_in_silence() -> None:
    asked = ("2605.13846v3", "arXiv:2605.00001", "nonsense")
    assert missing_ids(Listing((PAPER,)), asked) == ("arXiv:2605.00001", "nonsense")


@pytest.mark.parametrize(
    ("listing", "now", "stale"),
    [
        pytest.param(Listing((PAPER,), announced="2026-05-13"), "2026-05-14T08:00", True, id="yesterday's"),
        pytest.param(Listing((PAPER,), announced="2026-05-14"), "2026-05-14T08:00", True, id="dated anew"),
        pytest.param(Listing((PAPER,), announced="2026-05-13"), "2026-05-14T05:59", False, id="night"),
        pytest.param(Listing((PAPER,), announced="2026-05-15"), "2026-05-16T08:00", False, id="Saturday"),
        pytest.param(Listing((), announced="2026-05-14"), "2026-05-14T08:00", False, id="a holiday"),
        pytest.param(Listing((PAPER,), error="cut"), "2026-05-14T08:00", False, id="an error"),
        pytest.param(
            Listing((PAPER, Paper(("arxiv:2605.1",), "B", announce="new")), announced="2026-05-14"),
            "2026-05-14T08:00",
            False,
            id="something new",
        ),
        pytest.param(
            Listing((PAPER, Paper(("arxiv:2605.1",), "B", announce="replace")), announced="2026-05-14"),
            "2026-05-14T08:00",
            True,
            id="only replacements differ",
        ),
    ],
)
def test_a_batch_that_is_served_again_is_stale(listing: Listing, now: str, stale: bool) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    known = frozenset({PAPER.id})
    assert is_stale(listing, known=known, known_day="2026-05-13", now=moment) is stale


def test_a_batch_that_is_asked_for_twice_in_a_day_is_not_stale() -> None:
    listing = Listing((PAPER,), announced="2026-05-14")
    now = datetime(2026, 5, 14, 20, tzinfo=UTC)
    assert not is_stale(listing, known={PAPER.id}, known_day="2026-05-14", now=now)
    assert not is_stale(listing, known=(), known_day=None, now=now)


# Addresses


@pytest.mark.parametrize(
    ("address", "source", "kept"),
    [
        ("cs.CL", Categories(("cs.CL",)), "cs.CL"),
        (
            " CS.cl + stat.ml,Quant-Ph cs.CL ",
            Categories(("cs.CL", "stat.ML", "quant-ph")),
            "cs.CL+stat.ML+quant-ph",
        ),
        ("cs+cond-mat.STR-EL", Categories(("cs", "cond-mat.str-el")), "cs+cond-mat.str-el"),
        (
            "search?author=Geoffrey+Hinton&category=CS.lg",
            Search((("author", "Geoffrey Hinton"), ("category", "cs.LG"))),
            "search?author=Geoffrey+Hinton&category=cs.LG",
        ),
        (
            "search?au=A&au=B&ti=%22x%20y%22+z&abs=ü&cat=cs&all=1",
            Search(
                (
                    ("author", "A"),
                    ("author", "B"),
                    ("title", '"x y" z'),
                    ("abstract", "ü"),
                    ("category", "cs"),
                    ("all", "1"),
                )
            ),
            "search?author=A&author=B&title=%22x+y%22+z&abstract=%C3%BC&category=cs&all=1",
        ),
    ],
)
def test_what_the_address_of_a_source_names(address: str, source: Categories | Search, kept: str) -> None:
    assert parse_source(address) == source
    assert str(source) == kept
    assert parse_source(kept) == source


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("cs.AL", 'there is no category "cs.AL" (perhaps cs.AI, '),
        ("cs.CL+hepth", 'there is no category "hepth" (perhaps hep-th, '),
        ("zzzzzz", 'there is no category "zzzzzz" (https://arxiv.org/category_taxonomy lists them all)'),
        ("", "the source names no category (such as cs.CL+cs.LG or search?"),
        (" + ", "the source names no category"),
        ("search?", "the search has no words"),
        ("search?author=", "the search for author has no words"),
        ("search?all=%28%22%22%29", "the search for all has no words"),
        ("search?year=2026", 'a search has no field "year" (it has author, title, abstract, category, all)'),
        ("search?category=cs.ZZ&all=x", 'there is no category "cs.ZZ"'),
        ("search?all=" + "x" * 301, "the search for all has more than 300 characters"),
    ],
)
def test_an_address_that_names_nothing_says_what_would(address: str, sentence: str) -> None:
    with pytest.raises(PapersError, match=re.escape(sentence)):
        parse_source(address)


@given(st.text() | st.text().map("search?{}".format) | st.text().map("search?all={}".format))
def test_any_address_is_a_source_or_a_sentence(address: str) -> None:
    try:
        source = parse_source(address)
    except PapersError:
        return
    assert parse_source(str(source)) == source
    if isinstance(source, Search):
        assert re.fullmatch(r"[!-~]+", search_address("https://export.arxiv.org", source))


def test_every_category_is_known_in_any_case() -> None:
    assert len(set(CATEGORIES)) == 155
    for name in (*CATEGORIES, *ARCHIVES):
        assert known_category(f" {name.upper()}") == name


def test_addresses_of_requests() -> None:
    source = parse_source("cs.CL+hep-th")
    assert isinstance(source, Categories)
    assert rss_address("https://rss.arxiv.org/", source) == "https://rss.arxiv.org/rss/cs.CL+hep-th"
    page = "&max_results=2000&sortBy=submittedDate&sortOrder=descending"
    assert day_address(
        "http://h", Categories(("cs", "hep-th")), date(2026, 5, 14), date(2026, 5, 15), start=7
    ) == (
        "http://h/api/query?search_query=%28cat:cs.%2A+OR+cat:hep-th%29+AND+"
        f"submittedDate:%5B202605140000+TO+202605152359%5D&start=7{page}"
    )
    assert ids_address("http://h", ("2605.13846v2", "arXiv:hep-th/9901001")) == (
        "http://h/api/query?id_list=2605.13846,hep-th/9901001&max_results=2"
    )


@pytest.mark.parametrize(
    ("terms", "query"),
    [
        ((("author", "Geoffrey Hinton"),), "au:%22Geoffrey+Hinton%22"),
        (
            (("title", 'graph "neural nets"'), ("category", "cs")),
            "ti:graph+AND+ti:%22neural+nets%22+AND+cat:cs.%2A",
        ),
        ((("all", "a) OR cat:x"),), "all:a+AND+all:%22OR%22+AND+all:%22cat+x%22"),
        ((("abstract", "x-ray AND 3D"),), "abs:x-ray+AND+abs:%22AND%22+AND+abs:3D"),
    ],
)
def test_a_search_means_its_words_and_nothing_else(terms: tuple[tuple[str, str], ...], query: str) -> None:
    address = search_address("http://h/", Search(terms), start=100, limit=50, sort="relevance")
    page = "&start=100&max_results=50&sortBy=relevance&sortOrder=descending"
    assert address == f"http://h/api/query?search_query={query}{page}"


@pytest.mark.parametrize(
    "bounds", [{"start": -1}, {"start": 30_000}, {"limit": 0}, {"limit": 2001}, {"sort": "random"}]
)
def test_pages_that_the_api_does_not_have(bounds: dict[str, int | str]) -> None:
    with pytest.raises(ValueError, match="no such page"):
        search_address("http://h", Search((("all", "x"),)), **bounds)  # type: ignore[arg-type]


@pytest.mark.parametrize("ids", [(), ("nonsense",), ("2605.13846",) * 2001])
def test_only_arxiv_ids_can_be_asked_for(ids: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="arXiv ids"):
        ids_address("http://h", ids)


def test_the_last_page_ends_at_the_limit() -> None:
    assert "start=29950&max_results=50&" in search_address("http://h", Search((("all", "x"),)), start=29_950)


# Recorded bodies


@pytest.mark.parametrize(
    ("name", "count", "total"),
    [
        ("arxivdocs_manual_2", 1, 1000),
        ("arxivpy_id_0000.0000_s0_m100_8b51d9633a68", 0, 0),
        ("arxivpy_id_1605.08386_s0_m100_199195aa31ad", 1, 1),
        ("arxivpy_id_1707.08567_s0_m100_6a1afebfc6a3", 1, 1),
        ("arxivpy_id_2104.12255v1_s0_m100_6ae69987ffe1", 1, 1),
        ("arxivpy_q_testing_s0_m10_bc5a6c384fe9", 10, 214881),
        ("arxivpy_q_testing_s5_m15_bbcf6b23085b", 15, 214881),
        ("arxivpy_q_testing_s40_m10_96dd32eb854c", 10, 214881),
    ],
)
def test_recorded_answers_of_the_api(shared: Path, name: str, count: int, total: int) -> None:
    listing = parse_api((shared / "arxiv" / "api_atom" / f"{name}.xml").read_bytes())
    assert (len(listing.papers), listing.rows, listing.total) == (count, count, total)
    assert (listing.faults, listing.error) == ((), None)
    for paper in listing.papers:
        assert paper.authors
        assert paper.abstract
        assert paper.published
        assert paper.categories
        assert "\n" not in paper.title


def test_a_recorded_error_of_the_api(shared: Path) -> None:
    body = (shared / "arxiv" / "api_atom" / "arxivpy_id_abc_s0_m100_b79c8dcf6bc3.xml").read_bytes()
    assert parse_api(body).error == 'arXiv answers: "incorrect id format for abc"'


def test_feeds_of_arxivs_own_making(shared: Path) -> None:
    folder = shared / "arxiv" / "rendered_by_arxiv_feed"
    files = sorted(folder.glob("*_20*.rss2.xml"))
    assert len(files) == 10
    for path in files:
        listing = parse_rss(path.read_bytes())
        count = path.read_text("utf-8").count("<item>")
        assert (len(listing.papers), listing.faults, listing.error) == (count, (), None), path.name
        assert listing.announced == path.name.partition("_")[2][:10]
        for paper in listing.papers:
            assert paper.authors
            assert paper.announce in ("new", "cross", "replace")
            assert paper.version
            assert "Announce Type" not in paper.abstract
        atom = parse_rss(path.with_name(path.name.replace("rss2", "atom")).read_bytes())
        assert (atom.papers, atom.announced) == (listing.papers, listing.announced), path.name


def test_the_old_rdf_and_todays_feed_of_one_day(shared: Path) -> None:
    old = parse_rss((shared / "arxiv" / "rendered_old_rdf" / "math_2025-11-25.rdf").read_bytes())
    new = parse_rss((shared / "arxiv" / "rendered_by_arxiv_feed" / "math_2025-11-25.rss2.xml").read_bytes())
    assert (len(old.papers), old.faults, old.announced) == (34, (), "2025-11-25")
    assert {paper.id: (paper.version, paper.authors) for paper in old.papers} == {
        paper.id: (paper.version, paper.authors) for paper in new.papers
    }


def test_a_recorded_feed(shared: Path) -> None:
    body = (shared / "arxiv" / "rss2_new" / "arxiv_rss_2026-09-24_multi_cat.xml").read_bytes()
    listing = parse_rss(body)
    assert [(paper.id, paper.version, paper.announce) for paper in listing.papers] == [
        ("arxiv:2609.26811", 1, "new"),
        ("arxiv:2205.06398", 2, "cross"),
        ("arxiv:2009.13987", 3, "replace"),
    ]
    assert "doi:10.1093/bioinformatics/btac431" in listing.papers[1].keys
    assert (listing.announced, listing.faults) == ("2026-09-24", ())


def test_recorded_bad_and_empty_days(shared: Path) -> None:
    folder = shared / "arxiv" / "rendered_by_arxiv_feed"
    assert parse_rss((folder / "cs.CV_weekend_empty.atom.xml").read_bytes()) == Listing()
    error = parse_rss((folder / "error_bad_category.rss2.xml").read_bytes()).error
    assert error is not None
    assert "Invalid archive 'cs.FOO'" in error


def test_hostile_feeds_end_in_a_listing(shared: Path) -> None:
    for path in sorted((shared / "hostile" / "files" / "xml").iterdir()):
        for parse in (parse_api, parse_rss):
            listing = parse(path.read_bytes())
            assert listing.papers == ()
            assert listing.error or listing.faults, path.name


def test_every_spelling_of_an_id_is_one_paper(shared: Path) -> None:
    listing = parse_rss((shared / "hostile" / "files" / "ids" / "arxiv_variants.atom").read_bytes())
    assert [(paper.id, paper.version) for paper in listing.papers] == [
        ("arxiv:2506.00001", 3),
        ("arxiv:hep-th/9901001", 2),
    ]
