"""Any feed, bytes in and papers out: every format, what they leave out, whose paper it is, broken and hostile ones."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import suites

from papers_tui.domain.errors import FeedError
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line, clean_text
from papers_tui.sources.feeds import (
    Attachment,
    Feed,
    FeedEntry,
    Found,
    Text,
    find_feeds,
    papers_from_feed,
    parse,
)
from papers_tui.sources.feeds.dates import moment
from papers_tui.sources.feeds.names import split_names

ABSTRACT = (
    "We time the tides of a small harbour, day and night, and find that they keep to their own clock " * 2
)
ABSTRACT = ABSTRACT.strip()


def rss(items: str, head: str = "<title>Lab</title><link>https://lab.example/</link>") -> bytes:
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" '
        'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return f'<?xml version="1.0"?><rss version="2.0" {names}><channel>{head}{items}</channel></rss>'.encode()


def item(**parts: str) -> str:
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts.items()) + "</item>"


def json_feed(*items: object, **head: object) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "Lab", "items": items, **head}
    ).encode()


def only(data: bytes, **where: Any) -> FeedEntry:
    (entry,) = parse(data, **where).entries
    return entry


def papers(data: bytes) -> tuple[Paper, ...]:
    return papers_from_feed(parse(data), source="lab")[0]


def paper(data: bytes) -> Paper:
    (found,) = papers(data)
    return found


ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>Lab</title><link href="https://lab.example/"/><link rel="self" href="https://lab.example/feed"/>
  <author><name>The Lab</name></author>
  <entry>
    <id>urn:lab:1</id><title type="html">Tides &amp;amp; &lt;i&gt;clocks&lt;/i&gt;</title>
    <link href="/tides"/><link rel="enclosure" type="application/pdf" href="https://lab.example/tides.pdf"/>
    <published>2025-11-06T01:30:00+02:00</published><updated>2025-11-07T12:00:00Z</updated>
    <summary>Short.</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long <script>x</script><b>text</b></p>
    </div></content>
    <category term="physics"/><category term="clocks" label="Clocks"/>
  </entry>
</feed>"""


def test_atom() -> None:
    feed = parse(ATOM, base_url="https://lab.example/feed")
    assert feed == Feed(
        title=Text("Lab"),
        home="https://lab.example/",
        language="en",
        authors=("The Lab",),
        entries=feed.entries,
    )
    assert feed.entries == (
        FeedEntry(
            id="urn:lab:1",
            link="https://lab.example/tides",
            title=Text("Tides &amp; <i>clocks</i>", html=True),
            authors=("The Lab",),
            published="2025-11-05T23:30:00Z",
            updated="2025-11-07T12:00:00Z",
            summary=Text("Short."),
            content=Text("<p>Long <b>text</b></p>", html=True),
            categories=("physics", "clocks"),
            attachments=(Attachment("https://lab.example/tides.pdf", "enclosure", "application/pdf"),),
        ),
    )


def test_rss() -> None:
    feed = parse(
        rss(
            item(
                title="Tides", link="https://lab.example/tides", guid="t1", author="ada@lab.example (Ada)",
                description="&lt;p&gt;Text&lt;/p&gt;", category="physics", pubDate="Thu, 06 Nov 2025 12:00:00 +0100",
            ),
            "<title>Lab</title><link>https://lab.example/</link><ttl>90</ttl><language>de</language>",
        )
    )  # fmt: skip
    assert (feed.title, feed.home, feed.language, feed.every) == (
        Text("Lab"),
        "https://lab.example/",
        "de",
        90,
    )
    assert feed.entries == (
        FeedEntry(
            id="t1",
            link="https://lab.example/tides",
            title=Text("Tides"),
            authors=("Ada",),
            published="2025-11-06T11:00:00Z",
            summary=Text("<p>Text</p>", html=True),
            categories=("physics",),
        ),
    )


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/" xmlns:syn="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="https://biorxiv.org"><title>bioRxiv Subject Collection: Genomics</title>
<link>https://biorxiv.org</link><syn:updatePeriod>daily</syn:updatePeriod><syn:updateFrequency>2</syn:updateFrequency></channel>
<item rdf:about="http://biorxiv.org/cgi/content/short/2025.11.06.123456v2?rss=1">
<title><![CDATA[Genomes of tides]]></title><link>http://biorxiv.org/cgi/content/short/2025.11.06.123456v2?rss=1</link><description><![CDATA[ABSTRACT]]></description>
<dc:creator><![CDATA[LAPALU, N., Plaumann, P.-L., O'Connell, R. J.]]></dc:creator><dc:date>2025-11-06</dc:date>
<dc:identifier>doi:10.64898/2025.11.06.123456</dc:identifier><prism:publicationDate>2025-11-06</prism:publicationDate>
</item></rdf:RDF>""".replace("ABSTRACT", ABSTRACT).encode()


def test_a_preprint_in_rdf() -> None:
    assert parse(RDF).every == 720
    found = paper(RDF)
    assert found.keys == (
        "doi:10.64898/2025.11.06.123456",
        "url:http://biorxiv.org/cgi/content/short/2025.11.06.123456v2",
        "guid:lab:http://biorxiv.org/cgi/content/short/2025.11.06.123456v2?rss=1",
        text_key("Genomes of tides", ABSTRACT),
    )
    assert found.authors == ("N. LAPALU", "P.-L. Plaumann", "R. J. O'Connell")
    assert found.published == "2025-11-06"


def test_json_feed() -> None:
    feed = parse(
        json_feed(
            {
                "id": 7,
                "url": "tides",
                "title": "1 < 2",
                "content_html": "<p onclick='x'>Text <a href='more'>more</a></p>",
                "summary": "Short.",
                "date_published": "2025-11-06T01:30:00+02:00",
                "date_modified": "November 7, 2025",
                "authors": [{"name": "Ada"}, {"name": "Bo"}, {"url": "x"}, 3],
                "tags": ["physics", 3, "physics"],
                "attachments": [
                    {"url": "tides.pdf", "mime_type": "application/pdf"},
                    {"mime_type": "x"},
                    None,
                ],
            },
            home_page_url="https://lab.example/ ",
            language="en",
        ),
        base_url="https://lab.example/posts/feed.json",
    )
    assert (feed.title, feed.home, feed.language) == (Text("Lab"), "https://lab.example/", "en")
    assert feed.entries == (
        FeedEntry(
            id="7",
            link="https://lab.example/posts/tides",
            title=Text("1 < 2"),
            authors=("Ada", "Bo"),
            published="2025-11-05T23:30:00Z",
            updated="2025-11-07",
            summary=Text("Short."),
            content=Text('<p>Text <a href="https://lab.example/posts/more">more</a></p>', html=True),
            categories=("physics",),
            attachments=(Attachment("https://lab.example/posts/tides.pdf", "enclosure", "application/pdf"),),
        ),
    )


def test_json_items_that_are_none_are_named_and_the_rest_is_read() -> None:
    feed = parse(
        json_feed("x", {"title": "Good", "url": 3, "authors": "x", "tags": {}, "content_text": []}, None)
    )
    assert [entry.title.value for entry in feed.entries] == ["Good"]
    assert feed.faults == ("item 1: it is not an object", "item 3: it is not an object")


def test_channel_definition_format() -> None:
    data = b'<CHANNEL HREF="https://lab.example/"><TITLE>Lab</TITLE><ITEM HREF="https://lab.example/1"><TITLE>T</TITLE></ITEM></CHANNEL>'
    feed = parse(data)
    assert (feed.title.value, feed.home) == ("Lab", "https://lab.example/")
    assert [(entry.title.value, entry.link) for entry in feed.entries] == [("T", "https://lab.example/1")]


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_versions_of_rss(version: str) -> None:
    data = (
        f"<rss version='{version}'><channel><title>Lab</title><item><title>T</title></item></channel></rss>"
    )
    assert only(data.encode()).title == Text("T")


# -- what a feed leaves out --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "title"),
    [
        ({"description": "&lt;p&gt;The text.&lt;/p&gt;", "link": "https://lab.example/1"}, "The text."),
        ({"title": " ", "link": "https://lab.example/1"}, "https://lab.example/1"),
        ({"guid": "https://lab.example/1"}, "https://lab.example/1"),
        ({"description": "word " * 60}, f"{'word ' * 19}word…"),
        ({"description": "x" * 300}, f"{'x' * 100}…"),
    ],
)
def test_a_title_from_the_text_or_the_address(parts: dict[str, str], title: str) -> None:
    assert only(rss(item(**parts))).title == Text(title)


def test_an_address_from_the_id_or_else_the_home() -> None:
    first, second = parse(
        rss(item(title="A", guid="https://lab.example/a") + item(title="B", guid="b"))
    ).entries
    assert (first.link, first.link_is_home) == ("https://lab.example/a", False)
    assert (second.link, second.link_is_home) == ("https://lab.example/", True)


def test_a_home_and_a_title_from_where_the_feed_is() -> None:
    feed = parse(rss("", head=""), base_url="https://lab.example/feed")
    assert (feed.title, feed.home) == (Text("https://lab.example/feed"), "https://lab.example/feed")


def test_an_editor_in_charge_is_no_author() -> None:
    head = "<title>Lab</title><managingEditor>boss@lab.example</managingEditor>"
    assert only(rss(item(title="A"), head)).authors == ()


def test_relative_addresses_stand_to_the_site_in_rss_and_to_the_feed_in_atom() -> None:
    base = "https://feeds.example/lab/feed"
    assert only(rss(item(title="A", link="a")), base_url=base).link == "https://lab.example/a"
    atom = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>A</title><link href="a"/></entry></feed>'
    assert only(atom, base_url=base).link == "https://feeds.example/lab/a"


def test_only_web_addresses_are_links() -> None:
    data = rss(
        item(title="A", link="javascript:alert(1)", guid="tag:x") + item(title="B", link="file:///etc/passwd")
    )
    assert [(entry.link, entry.link_is_home) for entry in parse(data).entries] == [
        ("https://lab.example/", True)
    ] * 2
    assert [found.links for found in papers(data)] == [(), ()]


# -- dates and names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-11-06", "2025-11-06"),
        ("2025-11-06T01:30:00+02:00", "2025-11-05T23:30:00Z"),
        ("2025-11-06T08:09:10.123Z", "2025-11-06T08:09:10Z"),
        ("Thu, 06 Nov 2025 12:00:00 GMT", "2025-11-06T12:00:00Z"),
        ("November 6, 2025", "2025-11-06"),
        ("Nov 6, 2025", "2025-11-06"),
        ("Foo 6, 2025", None),
        ("2025-02-30", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("99999999999", None),
        ("yesterday", None),
        ("1" * 5000, None),
        ("", None),
    ],
)
def test_dates_of_json(written: str, read: str | None) -> None:
    assert moment(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Thu, 06 Nov 2025 12:00:00 GMT", "2025-11-06T12:00:00Z"),
        ("2025-11-06", "2025-11-06"),
        ("0000-00-00", None),
        ("Thu, 32 Nov 2025 12:00:00 GMT", None),
        ("soon", None),
        ("1" * 5000, None),
    ],
)
def test_dates_of_rss(written: str, read: str | None) -> None:
    assert only(rss(item(title="A", pubDate=written))).published == read


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(written: str) -> None:
    found = moment(written)
    assert found is None or found[4] == "-"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ((), ()),
        (("Ada Example",), ("Ada Example",)),
        (("Ada Example", "Bo Sample", "Ada Example"), ("Ada Example", "Bo Sample")),
        (("Ada Example, Bo Sample and Cy Other",), ("Ada Example", "Bo Sample", "Cy Other")),
        (("Ada Example (MIT, USA), Bo Sample (A (B) C)",), ("Ada Example", "Bo Sample")),
        (("Example, A., Sample, B. C.",), ("A. Example", "B. C. Sample")),
        (("Example, Ada; Sample, Bo",), ("Example, Ada", "Sample, Bo")),
        (("Example, Ada",), ("Example, Ada",)),
        (("Ada Example, Jr., Bo Sample",), ("Ada Example Jr.", "Bo Sample")),
        (("Plato, Ada Example, Bo Sample",), ("Plato", "Ada Example", "Bo Sample")),
        ((" , ;",), ()),
    ],
)
def test_names(written: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert split_names(written) == names


@given(st.lists(st.text(alphabet="aA.,;( )-\n", max_size=60), max_size=4).map(tuple))
def test_any_names_are_whole_and_distinct(written: tuple[str, ...]) -> None:
    names = split_names(written)
    assert all(name == name.strip() and name for name in names)
    assert len(set(names)) == len(names)


# -- whose paper it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"link": "https://arxiv.org/abs/2511.00001v2"}, "arxiv:2511.00001"),
        ({"link": "https://arxiv.org/pdf/2511.00001"}, "arxiv:2511.00001"),
        ({"link": "https://huggingface.co/papers/2511.00001"}, "arxiv:2511.00001"),
        ({"link": "https://doi.org/10.48550/arXiv.2511.00001"}, "arxiv:2511.00001"),
        ({"guid": "oai:arXiv.org:2511.00001v1"}, "arxiv:2511.00001"),
        ({"link": "https://x.example/", "dc:identifier": "arXiv:hep-th/9901001"}, "arxiv:hep-th/9901001"),
        ({"link": "https://doi.org/10.1000/ABC.1"}, "doi:10.1000/abc.1"),
        ({"link": "https://x.example/1", "prism:doi": "10.1000/ABC.1"}, "doi:10.1000/abc.1"),
        ({"link": "https://x.example/1", "dc:identifier": "doi:10.1000/ABC.1"}, "doi:10.1000/abc.1"),
        ({"link": "https://dl.acm.example/doi/abs/10.1145/1.2?af=R"}, "doi:10.1145/1.2"),
        ({"link": "https://www.biorxiv.org/content/10.1101/2025.01.02.345678v3.full"}, "doi:10.1101/2025.01.02.345678"),
        ({"link": "https://X.example/Post/?utm_source=rss&amp;p=1#top"}, "url:https://x.example/Post/?p=1"),
        ({"link": "https://x.example/10.1000"}, "url:https://x.example/10.1000"),
        ({"guid": "post 7"}, "guid:lab:post%207"),
    ],
)  # fmt: skip
def test_the_strongest_key(parts: dict[str, str], key: str) -> None:
    tags = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    assert paper(rss(f"<item><title>Tides</title>{tags}</item>")).id == key


def test_a_post_that_mentions_a_paper_is_not_that_paper() -> None:
    text = f"{ABSTRACT} See https://arxiv.org/abs/2511.00001 for more."
    found = paper(rss(item(title="On tides", link="https://lab.example/post", description=text)))
    assert found.id == "url:https://lab.example/post"
    assert [(link.url, link.kind, link.origin) for link in found.links] == [
        ("https://lab.example/post", "paper", "derived"),
        ("https://arxiv.org/abs/2511.00001", "paper", "abstract"),
    ]


def test_a_json_item_that_talks_about_a_paper_is_not_that_paper() -> None:
    url = "https://arxiv.org/abs/2511.00001"
    found = paper(
        json_feed({"id": "1", "url": "https://lab.example/1", "external_url": "https://github.com/lab/x"})
    )
    assert [link.kind for link in found.links] == ["code", "paper"]
    assert paper(json_feed({"id": "1", "url": "https://lab.example/1", "external_url": url})).id.startswith(
        "url:"
    )
    assert paper(json_feed({"id": "1", "external_url": url})).id == "arxiv:2511.00001"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Abstract Meaning Representation is old.", "Abstract Meaning Representation is old."),
        ("Of Abstract: Art", "Of Abstract: Art"),
        ("Abstract: We", "We"),
        ("&lt;h3&gt;Abstract&lt;/h3&gt;&lt;p&gt;We", "We"),
        ("&lt;b&gt;Abstract&lt;/b&gt; We", "We"),
    ],
)
def test_the_word_abstract_goes_only_where_it_is_a_heading(written: str, read: str) -> None:
    assert paper(rss(item(title="A", guid="1", description=written))).abstract == read


def test_files_are_links_and_pictures_are_none() -> None:
    files = "".join(
        f'<enclosure url="https://lab.example/{name}" type="{kind}"/>'
        for name, kind in (
            ("a.pdf", ""),
            ("b", "application/pdf"),
            ("c.png", "image/png"),
            ("d.mp3", "audio/mpeg"),
        )
    )
    found = paper(rss(f"<item><title>A</title><guid>x y</guid>{files}</item>"))
    assert [link.url for link in found.links] == ["https://lab.example/a.pdf", "https://lab.example/b"]
    assert {link.kind for link in found.links} == {"pdf"}


def test_no_password_is_shown() -> None:
    found = paper(rss(item(link="https://me:s3cret@lab.example/1", guid="1", description="Tides.")))
    assert "s3cret" not in repr(found)


def test_an_entry_of_an_id_alone_is_left_out() -> None:
    found, faults = papers_from_feed(parse(rss(item(guid="1") + item(title="B", guid="2"))), source="lab")
    assert [paper.title for paper in found] == ["B"]
    assert faults == ("entry 1: it has no title, text or address",)


def test_the_home_page_and_shared_addresses_are_nobodys_key() -> None:
    home, shared_page = "https://lab.example/", "https://lab.example/issue"
    data = rss(
        item(title="A", link=home, guid="a")
        + item(title="B", link=shared_page, guid="b")
        + item(title="C", link=shared_page, guid="c")
        + item(title="D", guid="same")
        + item(title="E", guid="same")
    )
    assert [found.keys[0] for found in papers(data)] == [
        "guid:lab:a", "guid:lab:b", "guid:lab:c", text_key("D", ""), text_key("E", ""),
    ]  # fmt: skip


def test_a_title_alone_is_no_key() -> None:
    data = rss(item(title="Editorial", guid="1", description="Read more") + item(title="Editorial", guid="2"))
    assert [found.keys for found in papers(data)] == [("guid:lab:1",), ("guid:lab:2",)]


def test_one_paper_under_several_addresses_is_one() -> None:
    addresses = ("https://arxiv.org/abs/2511.00001v1", "https://huggingface.co/papers/2511.00001")
    found = paper(rss("".join(item(title="Tides", link=address, guid=address) for address in addresses)))
    assert found.id == "arxiv:2511.00001"
    assert len([key for key in found.keys if key.startswith("guid:")]) == 2


def test_a_long_id_is_its_fingerprint() -> None:
    (key,) = paper(rss(item(title="A", guid="x" * 5000))).keys
    assert len(key) < 100


# -- papers ------------------------------------------------------------------------------------------------------


def test_arxivs_own_listing() -> None:
    description = f"arXiv:2511.00001v3 Announce Type: replace-cross \nAbstract: {ABSTRACT}"
    data = rss(
        f"<item><title>Tides</title><link>https://arxiv.org/abs/2511.00001</link><description>{description}</description>"
        '<guid isPermaLink="false">oai:arXiv.org:2511.00001v3</guid><category>cs.CL</category>'
        "<pubDate>Fri, 07 Nov 2025 00:00:00 -0500</pubDate><arxiv:announce_type>replace-cross</arxiv:announce_type>"
        "<dc:creator>Ada Example (Lab, A), Bo Sample</dc:creator></item>"
    )
    found = paper(data)
    assert found == Paper(
        keys=("arxiv:2511.00001", "guid:lab:oai:arXiv.org:2511.00001v3", text_key("Tides", ABSTRACT)),
        title="Tides",
        abstract=ABSTRACT,
        authors=("Ada Example", "Bo Sample"),
        categories=("cs.CL",),
        version=3,
        announce="replace-cross",
    )


def test_the_day_of_a_post_is_no_date_of_the_paper() -> None:
    parts = {"title": "A", "pubDate": "Fri, 07 Nov 2025 00:00:00 GMT"}
    assert paper(rss(item(link="https://huggingface.co/papers/2511.00001", **parts))).published is None
    assert paper(rss(item(link="https://lab.example/1", **parts))).published == "2025-11-07T00:00:00Z"


def test_a_listing_of_the_anthology_names_authors_and_has_no_abstract() -> None:
    byline = "Ada Example, Bo Sample and Cy Other in Proceedings of the Harbour (Volume 1)"
    found = paper(
        rss(item(title="Tides", link="https://aclanthology.org/2025.acl-long.1/", description=byline))
    )
    assert (found.authors, found.abstract) == (("Ada Example", "Bo Sample", "Cy Other"), "")


def test_a_summary_by_a_machine_is_told_from_the_abstract() -> None:
    text = f"Tides, timed by clocks.  \t\t\tAI-generated summary \t\t {ABSTRACT}"
    found = paper(
        json_feed({"url": "https://huggingface.co/papers/2511.00001", "title": "T", "content_text": text})
    )
    assert (found.summary, found.abstract) == ("Tides, timed by clocks.", ABSTRACT)


def test_html_becomes_markdown_in_paragraphs() -> None:
    html = f"<p><b>Abstract</b> {ABSTRACT}</p><ul><li>one</li><li>two</li></ul>".replace("<", "&lt;")
    found = paper(rss(item(title="A", guid="1", description=html)))
    assert found.abstract == f"{ABSTRACT}\n\n- one\n\n- two"


def test_the_whole_text_where_the_summary_is_a_word() -> None:
    item_ = {"id": "1", "title": "A", "summary": "More.", "content_html": f"<p>{ABSTRACT}</p>"}
    assert paper(json_feed(item_)).abstract == ABSTRACT


def test_a_long_text_is_cut_between_paragraphs() -> None:
    html = f"<p>{ABSTRACT}</p>" * 200
    abstract = paper(json_feed({"id": "1", "title": "A", "content_html": html})).abstract
    assert len(abstract) < 20_010
    assert abstract.endswith(f"{ABSTRACT} …")


def test_nothing_in_a_paper_acts_on_a_terminal() -> None:
    evil = "a\x1b]0;x\x07b\u202e\u200b\x9bc"
    found = paper(
        json_feed(
            {"id": evil, "title": evil, "content_text": evil, "tags": [evil], "authors": [{"name": evil}]}
        )
    )
    for text in (found.title, *found.keywords, *found.authors):
        assert clean_line(text) == text
    assert clean_text(found.abstract) == found.abstract
    assert all(key.isascii() for key in found.keys)


def test_an_empty_entry_and_an_error_of_arxivs_are_named() -> None:
    data = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry/><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title>
      <summary>incorrect id</summary></entry><entry><title>Good</title></entry></feed>"""
    found, faults = papers_from_feed(parse(data), source="lab")
    assert [good.title for good in found] == ["Good"]
    assert faults == ("entry 1: it has no title, text or address", "entry 2: arXiv says: incorrect id")


# -- what is no feed, broken or hostile --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is empty"),
        (b" \r\n\t\x00", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"<!DOCTYPE html><html><head><title>Log in</title></head></html>", "it is an HTML page"),
        (b"\n<!-- x --><HTML><body><p>x</body></HTML>", "it is an HTML page"),
        (b"%PDF-1.7 ...", "it is a PDF"),
        (b"<?xml version='1.0'?><catalog><book/></catalog>", "it is no feed"),
        (b"<opml><body><outline xmlUrl='https://x.example'/></body></opml>", "it is no feed"),
        (b"Rate exceeded.", "it is no feed"),
        (b"{}", "no JSON Feed"),
        (b"[1, 2]", "no JSON Feed"),
        (b'{"error": "Invalid date"}', "no JSON Feed"),
        (b'{"items": [', "cut short"),
        (b"[" * 100_000, "nested too deeply"),
        (gzip.compress(rss(""))[:-20], "breaks off"),
        (gzip.compress(gzip.compress(rss(""))), "gzip twice"),
        (gzip.compress(b" " * (9 << 20)), "larger than 8 MiB"),
        (b"\x1f\x8b\x00\x00", "damaged"),
        (b" " * (9 << 20), "larger than 8 MiB"),
        (rss(item(author="a" * 20_000)), "more than 100 letters without a gap"),
        (rss(item(author="&#97;" * 5_000)), "more than 100 letters without a gap"),
        (rss("<item><author>" + ("a" * 90 + "<b/>") * 100 + "</author></item>"), "more than 100 letters"),
        (rss("<item><link " + " ".join(f'a{n}="1"' for n in range(1_000)) + "/></item>"), "more than 300 attributes"),
        (rss("<a>" * 5_000 + "</a>" * 5_000), "nested more than 400 deep"),
        (rss("<a/>" * 200_000), "more than 150,000 elements"),
        (rss("<item>" + "<category>c</category>" * 3_000 + "</item>"), "more than 2,000 categories"),
        (b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 500 + b"'>]>" + rss(""), "an entity of more than 30 characters"),
        (rss("<a " + " ".join(f'xmlns:n{n}="u"' for n in range(6_000)) + "/>"), "more than 5,000 namespaces"),
    ],
)  # fmt: skip
def test_what_is_refused_in_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(FeedError) as refusal:
        parse(data)
    assert sentence in refusal.value.message
    assert refusal.value.title == "feed"


@pytest.mark.parametrize(
    ("data", "titles"),
    [
        pytest.param(gzip.compress(rss(item(title="A"))), ["A"], id="gzip"),
        pytest.param(b"\n\n<!-- x -->" + rss(item(title="A")), ["A"], id="junk before"),
        pytest.param(rss(item(title="caf\xe9")).decode().encode("latin-1"), ["café"], id="wrong charset"),
        pytest.param(rss(item(title="A")).decode().encode("utf-16"), ["A"], id="utf-16"),
        pytest.param(
            b"<?xml version='1.0' encoding='\x8etf-8'?>" + rss(item(title="A"))[21:],
            ["A"],
            id="broken charset",
        ),
        pytest.param(
            b"<?xml version='1.0' encoding='u\0tf-8'?>" + rss(item(title="A"))[21:],
            ["A"],
            id="null in charset",
        ),
        pytest.param(rss(item(title="A &nbsp; B & C")), ["A \xa0 B & C"], id="not well-formed"),
        pytest.param(rss(item(title="a\x08b&#8;&#xFFFFFF;&#55555;c")), ["abc"], id="illegal characters"),
        pytest.param(rss(item(title="A")) + b"<rss/>", ["A"], id="two documents"),
        pytest.param(
            b"<!DOCTYPE rss SYSTEM 'http://x.example/rss.dtd'>" + rss(item(title="A")), ["A"], id="DTD"
        ),
        pytest.param(
            b"<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + rss(item(title="A&x;")),
            ["A&x;"],
            id="file",
        ),
        pytest.param(
            rss(item(title="AT&amp;amp;T uses &lt;think&gt;")), ["AT&amp;T uses <think>"], id="escaped twice"
        ),
        pytest.param(
            rss("<item><title>A<title/></item><item><title>B</title></item>"), ["A", "B"], id="unclosed tag"
        ),
    ],
)
def test_broken_feeds_that_are_read(data: bytes, titles: list[str]) -> None:
    data = data.removeprefix(b'<?xml version="1.0"?>') if b"DOCTYPE" in data else data
    assert [entry.title.value for entry in parse(data).entries] == titles


def test_the_entry_in_which_a_feed_breaks_off_is_left_out() -> None:
    whole = rss(item(title="A", guid="1") + item(title="B", guid="2"))
    feed = parse(whole[: whole.rindex(b"</guid>")])
    assert [entry.title.value for entry in feed.entries] == ["A"]
    assert feed.faults == ("the feed breaks off in its last entry, which is left out",)


def test_more_entries_than_are_read_are_counted() -> None:
    feed = parse(json_feed(*({"id": number} for number in range(5_010))))
    assert len(feed.entries) == 5_000
    assert feed.faults == ("the feed has 5,010 entries, of which the first 5,000 are read",)


_PIECES = st.sampled_from(
    [b"<item>", b"</item>", b"<title>", b"</title>", b"<link>", b"https://x.example/1", b"<![CDATA[", b"]]>",
     b"<guid>", b"&#99999999;", b"&lt;b&gt;", b"<entry", b">", b"<dc:date>", b"2025-11-06", b"\xff", b"<author>",
     b"a@b.c", b"<!--", b"-->", b"<content:encoded>", b"</rss>", b"<pubDate>", b"<media:group>",
     b"<georss:point>1 2</georss:point>"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map(b"".join))
def test_any_pieces_of_a_feed_give_a_value_or_a_refusal(pieces: bytes) -> None:
    for data in (rss("").replace(b"</channel></rss>", pieces), pieces, b"{" + pieces):
        try:
            found, faults = papers_from_feed(parse(data), source="lab")
        except FeedError as refusal:
            _is_a_sentence(refusal)
        else:
            assert all(good.keys and good.title for good in found)
            assert all(isinstance(fault, str) for fault in faults)


def _is_a_sentence(refusal: FeedError) -> None:
    assert refusal.title == "feed"
    assert refusal.message


_FIELDS = st.sampled_from(("id", "url", "title", "authors", "name", "tags", "attachments", "date_published"))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_FIELDS, inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_any_json_item_gives_a_paper_or_a_fault(value: object) -> None:
    feed = parse(json_feed(value))
    found, faults = papers_from_feed(feed, source="lab")
    assert len(found) + len(faults) == 1


# -- finding feeds -----------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>Lab</title>
<link rel="stylesheet" href="/style.css"><link rel="alternate" type="text/html" hreflang="de" href="/de">
<LINK REL='alternate' TYPE='application/rss+xml' TITLE='Caf&eacute;' HREF='/feed?a=1&amp;b=2'>
<link rel="alternate" type="application/feed+json" href="https://lab.example/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
<link rel=alternate type=application/atom+xml href=javascript:x>
</head><body><a href="/blog/rss.xml">All <b>posts</b></a><a href="/feedback">Say</a>
<a href="/feed?a=1&amp;b=2">RSS</a></body></html>"""


def test_the_feeds_of_a_page() -> None:
    assert find_feeds(PAGE.encode(), base_url="https://lab.example/about") == (
        Found("https://lab.example/feed?a=1&b=2", "Café"),
        Found("https://lab.example/feed.json"),
        Found("https://lab.example/blog/rss.xml", "All"),
    )


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://arxiv.org/list/cs.CL/recent", "https://rss.arxiv.org/rss/cs.CL"),
        ("https://www.biorxiv.org/collection/animal-behavior", "https://connect.biorxiv.org/biorxiv_xml.php?subject=animal_behavior"),
        ("https://aclanthology.org/venues/acl/", "https://aclanthology.org/papers/index.xml"),
        ("https://github.com/lab/tides", "https://github.com/lab/tides/releases.atom"),
    ],
)  # fmt: skip
def test_what_is_known_of_sites(page: str, address: str) -> None:
    assert [found.address for found in find_feeds(b"<html></html>", base_url=page)] == [address]


def test_a_base_in_the_page_counts() -> None:
    page = (
        b'<base href="https://other.example/x/"><link rel="alternate" type="application/rss+xml" href="feed">'
    )
    assert find_feeds(page, base_url="https://lab.example/") == (Found("https://other.example/x/feed"),)


@pytest.mark.parametrize("piece", [b"<link ", b"<a href='", b'<a href="/feed">', b"<", b"<a \"'", b"\xff"])
def test_any_page_is_searched(piece: bytes) -> None:
    assert len(find_feeds(piece * 20_000, base_url="https://lab.example/")) <= 1


# -- the suites of other readers ---------------------------------------------------------------------------------


@pytest.fixture
def runners(shared: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    """The scripts that score a parser on feedparser's suite, and on those of gofeed and Miniflux."""
    names = ("run_feedparser_suite", "run_other_suites")
    for folder in ("feedparser_suite", "other_suites"):
        monkeypatch.syspath_prepend(str(shared / folder))
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    first, second = (importlib.import_module(name) for name in names)
    return first, second


def test_the_suites_of_other_readers(runners: tuple[ModuleType, ModuleType]) -> None:
    feedparsers, others = runners
    own = feedparsers.run(suites.parse)["total"]
    assert own["passed"] >= 0.98 * own["checks"]
    for name, share in (("gofeed", 0.95), ("gofeed_raw", 0.95), ("miniflux", 0.82)):
        total, failed = getattr(others, name)(suites.parse)
        assert total["passed"] >= share * total["checks"], failed
        assert not total["raised"]


def test_every_sample_file_gives_a_value_or_a_refusal(shared: Path) -> None:
    endings = {".xml", ".rss", ".atom", ".rdf", ".json"}
    folders = ("other_suites", "arxiv", "hostile/files")
    files = [path for folder in folders for path in (shared / folder).rglob("*") if path.suffix in endings]
    assert files
    for path in files:
        try:
            found, _ = papers_from_feed(parse(path.read_bytes()), source="lab")
        except FeedError as refusal:
            _is_a_sentence(refusal)
        else:
            for good in found:
                assert clean_line(good.title) == good.title, path
                assert all(link.url.startswith(("http://", "https://")) for link in good.links), path


def test_daily_papers_elsewhere_are_the_papers_that_arxiv_numbers(shared: Path) -> None:
    for path in sorted((shared / "hf" / "jsonfeed_snapshots").glob("hf_papers_*/*"))[:20]:
        feed = parse(path.read_bytes())
        found, faults = papers_from_feed(feed, source="daily")
        assert len(found) == len({entry.link for entry in feed.entries})
        assert faults == ()
        assert all(good.id.startswith("arxiv:") for good in found)


def test_one_paper_under_seven_names(shared: Path) -> None:
    data = (shared / "hostile" / "files" / "ids" / "arxiv_variants.atom").read_bytes()
    assert [found.id for found in papers(data)] == ["arxiv:2506.00001", "arxiv:hep-th/9901001"]


def test_the_services_json_under_the_runners_name() -> None:
    row = {"paper": {"id": "2511.00001", "title": "Tides"}}
    assert [found.id for found in suites.parse_daily(json.dumps([row]).encode())] == ["arxiv:2511.00001"]
    for data in (b"", b"{}", b"<html>", b"null"):
        with pytest.raises(FeedError):
            suites.parse_daily(data)
