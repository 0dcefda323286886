"""OPML in and out: odd files, hostile ones, real ones, and the round trip."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.errors import FeedError
from papers_tui.domain.text import clean_line
from papers_tui.sources.opml import OutlineFeed, read_opml, write_opml

ADDRESS = "https://lab.example/feed"


def opml(body: str) -> bytes:
    return f'<opml version="2.0"><head><title>Mine</title></head><body>{body}</body></opml>'.encode()


def feeds(body: str) -> tuple[OutlineFeed, ...]:
    return read_opml(opml(body)).feeds


def test_feeds_in_nested_groups() -> None:
    found = read_opml(
        opml(
            f'<outline text="Physics"><outline title="Quantum" text="q"><outline text="Lab" xmlUrl="{ADDRESS}" '
            'htmlUrl="https://lab.example/"/></outline></outline><outline text="Apart" xmlUrl="https://x.example/rss"/>'
        )
    )
    assert found.title == "Mine"
    assert found.faults == ()
    assert found.feeds == (
        OutlineFeed(ADDRESS, "Lab", ("Physics", "Quantum"), "https://lab.example/"),
        OutlineFeed("https://x.example/rss", "Apart"),
    )


@pytest.mark.parametrize(
    ("outline", "feed"),
    [
        pytest.param(f'<OUTLINE TEXT="A" XMLURL="{ADDRESS}"/>', OutlineFeed(ADDRESS, "A"), id="upper case"),
        pytest.param(
            f"<outline text='A' xmlUrl = '{ADDRESS}' />", OutlineFeed(ADDRESS, "A"), id="single quotes"
        ),
        pytest.param(f'<outline xmlUrl="{ADDRESS}"/>', OutlineFeed(ADDRESS), id="without a name"),
        pytest.param(
            f'<outline text="R & D" xmlUrl="{ADDRESS}?a=1&b=2"/>',
            OutlineFeed(f"{ADDRESS}?a=1&b=2", "R & D"),
            id="bare &",
        ),
        pytest.param(
            f'<outline text="1 > 0" xmlUrl="{ADDRESS}"/>', OutlineFeed(ADDRESS, "1 > 0"), id="bare >"
        ),
        pytest.param(
            f'<outline text="A" type="rss" url="{ADDRESS}"/>', OutlineFeed(ADDRESS, "A"), id="url for xmlUrl"
        ),
        pytest.param(
            '<outline text="A" xmlUrl="feed://lab.example/feed"/>',
            OutlineFeed("http://lab.example/feed", "A"),
            id="feed scheme",
        ),
        pytest.param(
            f'<outline text="A" xmlUrl="feed:{ADDRESS}"/>', OutlineFeed(ADDRESS, "A"), id="feed before https"
        ),
        pytest.param(
            f'<outline text="A" category="/a/b,c" xmlUrl="{ADDRESS}"/>',
            OutlineFeed(ADDRESS, "A", ("a", "b", "c")),
            id="categories",
        ),
        pytest.param(
            f'<outline text="a&#155;&#x202e;b" xmlUrl="{ADDRESS}"/>',
            OutlineFeed(ADDRESS, "a›b"),
            id="control characters",
        ),
        pytest.param(
            f'<outline text="A" xmlUrl="{ADDRESS}"></outline>', OutlineFeed(ADDRESS, "A"), id="end tag"
        ),
    ],
)
def test_odd_outlines(outline: str, feed: OutlineFeed) -> None:
    assert feeds(outline) == (feed,)


def test_a_feed_in_two_groups_is_one_with_both_tags() -> None:
    twice = "".join(f'<outline text="{tag}"><outline text="A" xmlUrl="{ADDRESS}"/></outline>' for tag in "ab")
    assert feeds(twice) == (OutlineFeed(ADDRESS, "A", ("a", "b")),)


def test_comments_and_inclusions_are_no_feeds() -> None:
    assert feeds(f'<!-- <outline xmlUrl="{ADDRESS}"/> --><outline type="include" url="{ADDRESS}"/>') == ()


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("javascript:alert(1)", "“A”: javascript:alert(1) is not an http(s) address"),
        ("file:///etc/passwd", "“A”: file:///etc/passwd is not an http(s) address"),
        ("--help", "“A”: --help is not an http(s) address"),
        (
            "https://me:s3cret@lab.example/feed",
            "“A”: its address holds a password, which is not kept; add the feed without it",
        ),
    ],
)
def test_addresses_that_are_left_out_and_named(address: str, fault: str) -> None:
    found = read_opml(opml(f'<outline text="A" xmlUrl="{address}"/><outline xmlUrl="{ADDRESS}"/>'))
    assert found.faults == (fault,)
    assert found.feeds == (OutlineFeed(ADDRESS),)


def test_entities_stay_what_they_are() -> None:
    bomb = '<!DOCTYPE opml [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>'
    assert (
        read_opml(bomb.encode() + opml(f'<outline text="&b;" xmlUrl="{ADDRESS}"/>')).feeds[0].title == "&b;"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = f'<opml><outline text="café" xmlUrl="{ADDRESS}"/></opml>'
    assert read_opml(text.encode(encoding)).feeds == (OutlineFeed(ADDRESS, "café"),)


@pytest.mark.parametrize("piece", ["<outline a='", '<outline "', "<!--", "</outline>", "<outline title='x'>"])
def test_what_repeats_without_end_is_read(piece: str) -> None:
    assert read_opml(b"<opml>" + piece.encode() * 20_000).feeds == ()


@pytest.mark.parametrize(
    "data", [b"", b"<html><body>Log in</body></html>", b"{}", b"%PDF-1.7", b"\x1f\x8b\x08"]
)
def test_what_is_no_opml(data: bytes) -> None:
    with pytest.raises(FeedError, match="OPML: it is no OPML"):
        read_opml(data)


def test_a_list_that_is_too_long() -> None:
    with pytest.raises(FeedError, match="larger than 8 MiB"):
        read_opml(b" " * (9 << 20))


def test_written_groups() -> None:
    written = write_opml(
        [OutlineFeed(ADDRESS, "A & <B>", ("x", "y")), OutlineFeed("https://x.example/", "C")]
    )
    body = ElementTree.fromstring(written).find("body")
    assert body is not None
    assert [(outline.get("text"), len(outline)) for outline in body] == [("C", 0), ("x", 1), ("y", 1)]
    assert body[1][0].attrib == {"type": "rss", "text": "A & <B>", "title": "A & <B>", "xmlUrl": ADDRESS}


_NAME = st.text(max_size=30).map(clean_line)
_FEEDS = st.lists(
    st.builds(
        OutlineFeed,
        st.integers(0, 50).map(lambda number: f"{ADDRESS}/{number}?a=1&b={number}"),
        _NAME,
        st.lists(_NAME.filter(bool), max_size=4, unique=True).map(tuple),
        st.sampled_from(("", "https://lab.example/")),
    ),
    max_size=12,
    unique_by=lambda feed: feed.address,
)


@given(_FEEDS)
def test_round_trip(listed: list[OutlineFeed]) -> None:
    written = write_opml(listed)
    ElementTree.fromstring(written)
    assert _by_address(read_opml(written).feeds) == _by_address(tuple(listed))


def _by_address(listed: tuple[OutlineFeed, ...]) -> dict[str, tuple[str, frozenset[str], str]]:
    return {feed.address: (feed.title, frozenset(feed.tags), feed.home) for feed in listed}


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    try:
        read_opml(b"<opml>" + data)
    except FeedError:
        pytest.fail("an OPML file is read as far as it goes")


def test_real_and_hostile_files(shared: Path) -> None:
    files = sorted(shared.rglob("*.opml"))
    assert files
    read = {path.name: read_opml(path.read_bytes()) for path in files}
    assert sum(len(found.feeds) for found in read.values()) > 300
    assert {feed.address.partition(":")[0] for found in read.values() for feed in found.feeds} <= {
        "http",
        "https",
    }
    for path in files:
        found = read_opml(path.read_bytes())
        assert _by_address(read_opml(write_opml(found.feeds)).feeds) == _by_address(found.feeds), path
