"""`papers-tui source check`, and the check that `source add` makes: what is asked, told and kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.program import Run
from tests.services.server import Asked, Reply, Server

from papers_tui.cli import main, streams
from papers_tui.domain.checked import (
    Checked,
    CheckedEntry,
    Offer,
    from_checked_record,
    to_checked_record,
)
from papers_tui.domain.marks import star
from papers_tui.domain.sources import DAILY_PAPERS, Source
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.subscriptions import load


@pytest.fixture
def run(run: Run) -> Run:
    """Runs `papers-tui source`."""
    return partial(run, "source")


class Site:
    """A web server whose pages a test writes; what is missing is 404."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply] = {}
        self.server = Server(self._answer)

    def _answer(self, asked: Asked) -> Reply:
        return self.pages.get(asked.path, Reply(404, b"no such page"))

    def put(self, path: str, body: str | bytes, kind: str = "text/html") -> str:
        """Writes a page; its address."""
        data = body.encode() if isinstance(body, str) else body
        self.pages[path] = Reply(body=data, headers={"Content-Type": kind})
        return self.server.url(path)


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    with site.server:
        yield site


def rss(title: str, many: int = 7) -> str:
    items = "".join(
        f"<item><title>Post {number} of {title}</title><link>https://blog.example/{title}/{number}</link>"
        f"<pubDate>Mon, {number + 1:02} Jun 2026 10:00:00 GMT</pubDate><author>Ada Author</author></item>"
        for number in range(many)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def kept(home: Paths) -> tuple[Source, ...]:
    sources, problems = load(home.sources_file)
    assert problems == ()
    return sources


def services(home: Paths, **origins: str) -> None:
    lines = [f'{name} = "{origin}"\n' for name, origin in origins.items()]
    home.config_file.write_text("[services]\n" + "".join(lines))


# ------------------------------------------------------------------------------------------------- a feed


def test_a_feed_shows_its_title_and_the_first_five_of_its_entries(run: Run, site: Site, home: Paths) -> None:
    address = site.put("/feed", rss("A Blog"), "application/rss+xml")
    said = run("check", address)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0] == f"A Blog · feed {address}"
    assert [line for line in lines if line.startswith("  Post")] == [
        f"  Post {number} of A Blog" for number in range(5)
    ]
    assert lines[2] == "    Ada Author · 2026-06-01"
    assert lines[-1] == "7 papers in it now"
    assert not home.sources_file.exists()
    with Library(home) as library:
        assert library.is_empty()


def test_the_check_as_json(run: Run, site: Site) -> None:
    address = site.put("/feed", rss("A Blog", 1), "application/rss+xml")
    said = run("check", "--json", address)
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == {
        "kind": "feed",
        "address": address,
        "name": "A Blog",
        "title": "A Blog",
        "entries": [
            {"title": "Post 0 of A Blog", "authors": ["Ada Author"], "published": "2026-06-01T10:00:00Z"}
        ],
        "count": 1,
        "error": "",
        "offers": [],
    }


def test_a_feed_in_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lab.xml"
    file.write_text(rss("Lab", 0))
    said = run("check", str(file))
    assert said == (0, f"Lab · feed {file}\nnothing in it now\n", "")


def test_what_is_followed_is_checked_by_its_name(run: Run, site: Site) -> None:
    address = site.put("/feed", rss("A Blog"))
    run("add", "--unchecked", address, "--name", "Mine")
    for meant in ("mine", "mi", address):
        record = json.loads(run("check", "--json", meant).out)
        assert (record["name"], record["address"], record["title"]) == ("Mine", address, "A Blog")


# ------------------------------------------------------------------------------------------- a page's feeds


def page(*links: str) -> str:
    tags = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="Feed {number}" href="{link}">'
        for number, link in enumerate(links, 1)
    )
    return f"<!doctype html><html><head>{tags}</head><body>Words</body></html>"


def test_of_a_page_the_first_good_feed_is_shown(run: Run, site: Site) -> None:
    site.put("/bad.xml", "no feed at all")
    good = site.put("/good.xml", rss("Good"))
    address = site.put("/", page("/bad.xml", "/good.xml", "/never.xml"))
    record = json.loads(run("check", "--json", address).out)
    assert (record["error"], record["address"], record["name"], record["count"]) == ("", good, "Good", 7)
    assert record["offers"] == [
        {"address": site.server.url(path), "title": f"Feed {number}"}
        for number, path in enumerate(("/bad.xml", "/good.xml", "/never.xml"), 1)
    ]
    assert site.server.asked("/never.xml") == []
    said = run("check", address)
    assert "the page offers 3 feeds:" in said.out


def test_a_feed_elsewhere_in_the_private_network_is_not_asked(run: Run, site: Site) -> None:
    with Server(lambda _: Reply(body=rss("Inside").encode())) as inside:
        address = site.put("/", page(inside.url("/feed")))
        record = json.loads(run("check", "--json", address).out)
        assert record["error"]
        assert [offer["address"] for offer in record["offers"]] == [inside.url("/feed")]
        chosen = run("check", "--json", "--offered-by", address, inside.url("/feed"))
        assert (chosen.code, json.loads(chosen.out)["count"]) == (2, 0)
        assert inside.requests == []
        assert run("check", inside.url("/feed")).code == 0, "the user's own word is enough"


def test_a_page_that_offers_nothing_is_no_feed(run: Run, site: Site) -> None:
    said = run("check", site.put("/", page()))
    assert (said.code, said.out) == (2, "")
    assert "it is no feed" in said.err
    assert said.err.count("\n") == 1


# --------------------------------------------------------------------------------------- what can go wrong


def test_a_page_that_is_missing(run: Run, site: Site) -> None:
    said = run("check", "--json", site.server.url("/nowhere"))
    assert said.code == 2
    assert "404" in json.loads(said.out)["error"]


def test_a_server_that_wants_to_be_left_alone(run: Run, site: Site) -> None:
    site.pages["/"] = Reply(429, headers={"Retry-After": "600"})
    said = run("check", "--json", site.server.url())
    assert said.code == 75
    record = json.loads(said.out)
    assert "429" in record["error"]
    assert record["temporary"] is True
    assert run("check", site.server.url()).code == 75
    assert len(site.server.requests) == 1, "the second check minds what the first was told"


def test_nobody_is_there(run: Run) -> None:
    with Server(lambda _: Reply()) as gone:
        address = gone.url("/feed")
    said = run("check", address)
    assert (said.code, said.out) == (75, "")
    assert address in said.err


def test_what_can_not_be_meant_is_told_as_when_adding(run: Run) -> None:
    said = run("check", "cs.CLL")
    assert said.code == 2
    assert "perhaps cs.CL" in said.err


# ---------------------------------------------------------------------------------------- the two services


def edition(number: int) -> list[dict[str, Any]]:
    identity = f"2606.{number:05}"
    inner = {
        "id": identity,
        "title": f"Paper {number}",
        "summary": "Words.",
        "authors": [{"name": "Ada Author", "hidden": False}],
        "publishedAt": "2026-06-01T00:00:00.000Z",
        "upvotes": 1,
    }
    return [{"paper": inner, "title": inner["title"], "publishedAt": inner["publishedAt"], "numComments": 0}]


def test_daily_papers_are_asked_for_the_latest_edition_alone(run: Run, home: Paths) -> None:
    def answer(asked: Asked) -> Reply:
        rows = edition(1) if "date" in asked.query else []
        return Reply(body=json.dumps(rows).encode(), headers={"Content-Type": "application/json"})

    with Server(answer) as server:
        services(home, huggingface=server.url("").rstrip("/"))
        record = json.loads(run("check", "--json", "daily papers").out)
        assert (record["kind"], record["address"], record["name"]) == ("daily-papers", "", "Daily Papers")
        assert [entry["title"] for entry in record["entries"]] == ["Paper 1"]
        assert len(server.requests) == 1


def test_a_long_list_is_asked_for_one_page(run: Run, home: Paths) -> None:
    whole = [row for number in range(100) for row in edition(number)]

    with Server(lambda _: Reply(body=json.dumps(whole).encode())) as server:
        services(home, huggingface=server.url("").rstrip("/"))
        record = json.loads(run("check", "--json", "month").out)
        assert (record["error"], record["count"], len(record["entries"])) == ("", 100, 5)
        assert len(server.requests) == 1


ANNOUNCED = """<rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs.CL updates on arXiv.org</title>
<pubDate>Mon, 01 Jun 2026 00:00:00 -0400</pubDate>%s</channel></rss>"""
ITEM = """<item><title>Announced</title><link>https://arxiv.org/abs/2606.00001</link>
<description>arXiv:2606.00001v1 Announce Type: new \nAbstract: Words.</description>
<guid isPermaLink="false">oai:arXiv.org:2606.00001v1</guid><category>cs.CL</category>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Ada Author</dc:creator></item>"""
FOUND = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<opensearch:totalResults>1</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
<entry><id>http://arxiv.org/abs/2606.00002v1</id><title>Found</title><summary>Words.</summary>
<published>2026-06-01T10:00:00Z</published><updated>2026-06-01T10:00:00Z</updated>
<author><name>Bob Writer</name></author><category term="cs.CL"/></entry></feed>"""


@pytest.mark.parametrize(
    ("what", "announced", "titles", "paths"),
    [
        ("cs.CL", ANNOUNCED % ITEM, ["Announced"], ["/rss/cs.CL"]),
        ("author:Writer", "", ["Found"], ["/api/query"]),
    ],
)
def test_arxiv_is_asked_once(
    run: Run, home: Paths, what: str, announced: str, titles: list[str], paths: list[str]
) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(body=(announced if asked.path.startswith("/rss") else FOUND).encode())

    with Server(answer) as server:
        origin = server.url("").rstrip("/")
        services(home, arxiv_rss=origin, arxiv_api=origin)
        record = json.loads(run("check", "--json", what).out)
        assert record["error"] == ""
        assert [entry["title"] for entry in record["entries"]] == titles
        assert [asked.path for asked in server.requests] == paths


# --------------------------------------------------------------------------------------------------- adding


def test_adding_asks_first_and_takes_the_feeds_own_name(run: Run, site: Site, home: Paths) -> None:
    address = site.put("/feed", rss("A Blog"))
    said = run("add", address, "--tag", "lab", "--every", "90")
    assert said == (0, "", f"added: A Blog (feed {address})\n")
    assert kept(home) == (DAILY_PAPERS, Source("A Blog", "feed", address, ("lab",), 90))


def test_adding_a_page_adds_its_feed_by_the_given_name(run: Run, site: Site, home: Paths) -> None:
    feed = site.put("/feed.xml", rss("Its title"))
    page_address = site.put("/", page("/feed.xml"))
    assert run("add", page_address, "--name", "Lab").code == 0
    assert kept(home)[-1] == Source("Lab", "feed", feed)
    again = run("add", feed)
    assert again.code == 2
    assert "followed already, as “Lab”" in again.err
    assert len(site.server.asked("/feed.xml")) == 1, "what is followed is not asked"


def test_a_terminal_is_told_the_first_titles(run: Run, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    address = site.put("/feed", rss("A Blog"))
    monkeypatch.setattr(streams, "is_terminal", lambda stream: stream is sys.stderr)
    said = run("add", address)
    assert said.out == ""
    assert "  Post 4 of A Blog\n7 papers in it now\nadded: A Blog" in said.err


def test_what_does_not_answer_is_not_added_unless_wanted(run: Run, site: Site, home: Paths) -> None:
    address = site.server.url("/nowhere")
    said = run("add", address)
    assert (said.code, said.out) == (2, "")
    assert "404" in said.err
    assert "--unchecked" in said.err
    assert not home.sources_file.exists()
    assert run("add", "--unchecked", address).code == 0
    assert kept(home)[-1].address == address


def test_nothing_is_asked_where_nothing_can_be_kept(run: Run, site: Site, home: Paths) -> None:
    address = site.put("/feed", rss("A Blog"))
    home.sources_file.write_text("[[")
    assert run("add", address).code == 2
    assert site.server.requests == []


# ------------------------------------------------------------------------------------------------- removing


def test_removing_takes_along_what_only_it_had_and_renaming_all_of_it(
    run: Run, site: Site, home: Paths
) -> None:
    blog, other = site.put("/blog", rss("Blog", 4)), site.put("/other", rss("Blog", 1))
    for address, name in ((blog, "Blog"), (other, "Other")):
        assert run("add", address, "--name", name).code == 0
    assert run("remove", "Daily Papers").code == 0
    assert main(["refresh"]) == 0
    assert run("rename", "Blog", "Journal").code == 0
    with Library(home) as library:
        labels = {label.name: label.total for label in library.counts().labels["source"]}
        assert labels == {"Journal": 4, "Other": 1}
        starred = next(row for row in range(1, 9) if "Post 2" in library.holding(row).paper.title)
        library.mark([starred], star(True, implies_read=False))
    assert run("remove", "journal").err == f"removed: Journal (feed {blog}); 2 papers gone, 2 stay\n"
    assert run("remove", "other").err == f"removed: Other (feed {other}); 1 paper gone, 0 stay\n"
    with Library(home) as library:
        assert library.counts().labels["source"] == ()
        assert library.counts().fixed["all"][0] == 1


# --------------------------------------------------------------------------------------------------- values


WORDS = st.text(max_size=20)


@given(
    st.builds(
        Checked,
        WORDS,
        WORDS,
        WORDS,
        WORDS,
        st.lists(st.builds(CheckedEntry, WORDS, st.lists(WORDS, max_size=3).map(tuple), WORDS)).map(tuple),
        st.integers(0, 9),
        WORDS,
        st.lists(st.builds(Offer, WORDS, WORDS), max_size=3).map(tuple),
        st.lists(WORDS, max_size=3).map(tuple),
        st.booleans(),
    )
)
def test_a_check_goes_through_json_and_back(checked: Checked) -> None:
    assert from_checked_record(json.loads(json.dumps(to_checked_record(checked)))) == checked


ANYTHING = st.recursive(
    st.none() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


@given(st.dictionaries(st.sampled_from(["entries", "offers", "count", "error", "left_out"]), ANYTHING))
def test_a_strange_record_is_read_as_far_as_it_goes(record: dict[str, Any]) -> None:
    assert isinstance(from_checked_record(record), Checked)
