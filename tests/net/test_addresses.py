"""Addresses: which are read, which are public, what is shown of them, and where redirects may lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.sources.http.address import (
    Address,
    is_public,
    literal,
    may_be_public,
    read_address,
    secrets_of,
    shown,
)
from papers_tui.sources.http.answers import Failed
from papers_tui.sources.http.redirects import Hop, follow


def address(url: str) -> Address:
    found = read_address(url)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "url", "authority", "credentials"),
    [
        ("https://a.org/x?y=1#z", "https://a.org/x?y=1", "a.org", ""),
        ("  HTTP://A.org:80/ ", "http://a.org:80/", "a.org", ""),
        ("https://a.org:8443", "https://a.org:8443", "a.org:8443", ""),
        ("http://[::1]:9/x", "http://[::1]:9/x", "[::1]:9", ""),
        ("https://ada:s%40e@a.org/x", "https://a.org/x", "a.org", "ada:s%40e"),
        ("https://ada:s@e@a.org/x", "https://a.org/x", "a.org", "ada:s@e"),
        ("https://a.org/mail@b.org", "https://a.org/mail@b.org", "a.org", ""),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", "xn--bcher-kva.example", ""),
    ],
)
def test_addresses_are_read(text: str, url: str, authority: str, credentials: str) -> None:
    found = address(text)
    assert (found.url, found.authority, found.credentials) == (url, authority, credentials)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.org",
        "ftp://a.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://[::1",
        "https://a.org:99999/",
        "https://a b.org/",
        "https://a.org\\@b.org/",
        "https://a.org/\r\nHost: b.org",
        "https://" + "a" * 3000,
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert read_address(text) is None


LOCAL = [
    "127.0.0.1", "0.0.0.0", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "127.0.0.1.", "10.0.0.1",
    "192.168.1.1", "172.16.0.1", "100.64.0.1", "169.254.169.254", "198.18.0.1", "224.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::7f00:1", "fe80::1", "fd00::1", "fec0::1", "ff02::1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1",
]  # fmt: skip
PUBLIC = [
    "93.184.216.34",
    "8.8.8.8",
    "2606:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::",
]


@pytest.mark.parametrize("host", LOCAL)
def test_private_addresses_in_every_way_of_writing(host: str) -> None:
    ip = literal(host)
    assert ip is not None
    assert not is_public(ip)
    assert not may_be_public(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_public_addresses(host: str) -> None:
    assert literal(host) is not None
    assert may_be_public(host)


@pytest.mark.parametrize(
    ("host", "may"),
    [
        ("a.org", True),
        ("a.org.", True),
        ("localhost", False),
        ("localhost.", False),
        ("app.localhost", False),
        ("printer.local", False),
        ("metadata.google.internal", False),
        ("router.home.arpa", False),
        ("intranet", False),
        ("notlocal.org", True),
    ],
)
def test_names(host: str, may: bool) -> None:
    assert literal(host) is None
    assert may_be_public(host) == may


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://a.org/x", "https://a.org/x"),
        ("https://ada:word@a.org/x", "https://a.org/x"),
        ("https://a.org/?q=llm&api_key=abc&p=1", "https://a.org/?q=llm&api_key=…&p=1"),
        ("https://a.org/?%74oken=abc", "https://a.org/?%74oken=…"),
        ("https://a.org/?token=", "https://a.org/?token="),
        ("https://a.org/#token=abc", "https://a.org/"),
        ("https://a.org/\x1b[31m\u202ex", "https://a.org/x"),
        ("https://a.org/" + "x" * 300, "https://a.org/" + "x" * 185 + "…"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_an_address_is_shown_without_secrets(url: str, text: str) -> None:
    assert shown(url) == text


def test_secrets_are_known_in_both_spellings() -> None:
    assert secrets_of(address("https://a.org/?token=a%2Bb&q=llm")) == ("a%2Bb", "a+b")


def test_a_value_does_not_show_its_address() -> None:
    assert "word" not in repr(address("https://ada:word@a.org/?token=word"))


@given(st.text(max_size=80), st.text("/\\@:#?[]%.", max_size=10))
def test_no_text_does_harm(text: str, marks: str) -> None:
    shown(text + marks)
    for whole in (text + marks, f"https://{marks}{text}", f"http://{text}{marks}"):
        if found := read_address(whole):
            assert found.url.isascii()
            assert "@" not in found.authority
            may_be_public(found.host)


# Redirects


def hop(url: str, *, trusted: bool = True) -> Hop:
    return Hop(address(url), trusted)


@pytest.mark.parametrize(
    ("origin", "location", "url", "trusted", "at_home"),
    [
        ("https://a.org/x", "/y", "https://a.org/y", True, True),
        ("https://a.org/x/", "y?z=1#f", "https://a.org/x/y?z=1", True, True),
        ("https://a.org/x", "https://a.org:443/y", "https://a.org:443/y", True, True),
        ("https://a.org/x", "//b.org/y", "https://b.org/y", False, False),
        ("https://a.org/x", "http://a.org/x", "http://a.org/x", False, False),
        ("http://a.org/x", "https://a.org/x", "https://a.org/x", True, False),
        ("http://a.org:8080/x", "https://a.org/x", "https://a.org/x", False, False),
        ("http://a.org/x", "http://a.org:6379/x", "http://a.org:6379/x", False, False),
        ("https://a.org/x", "https://ada:word@a.org/y", "https://a.org/y", True, True),
    ],
)
def test_a_redirect_leads_on(origin: str, location: str, url: str, trusted: bool, at_home: bool) -> None:
    found = follow(hop(origin), 302, location)
    assert isinstance(found, Hop)
    assert (found.address.url, found.trusted, found.at_home) == (url, trusted, at_home)
    assert found.address.credentials == ""


def test_trust_and_headers_do_not_come_back() -> None:
    away = follow(hop("https://a.org/x"), 302, "https://b.org/")
    assert isinstance(away, Hop)
    back = follow(away, 302, "https://a.org/y")
    assert isinstance(back, Hop)
    assert (back.trusted, back.at_home) == (False, False)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        (None, "a.org redirects, but does not say where to"),
        ("", "a.org redirects, but does not say where to"),
        ("file:///etc/passwd", "a.org redirects to file:///etc/passwd, which is no web address"),
        ("http://[::1", "a.org redirects to http://[::1, which is no web address"),
        ("#here", "a.org redirects in a circle"),
        ("https://a.org/x", "a.org redirects in a circle"),
    ],
)
def test_a_redirect_to_nowhere(location: str | None, reason: str) -> None:
    assert follow(hop("https://a.org/x"), 301, location) == Failed("redirects", reason, 301)


def test_redirects_end_after_five() -> None:
    found: Hop | Failed = hop("https://a.org/0")
    for number in range(1, 6):
        assert isinstance(found, Hop)
        found = follow(found, 302, f"/{number}")
    assert isinstance(found, Hop)
    assert follow(found, 302, "/6") == Failed("redirects", "a.org redirects more than 5 times", 302)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([301], "https://a.org/1"),
        ([308, 301], "https://a.org/2"),
        ([301, 302, 301], "https://a.org/1"),
        ([302, 301], None),
        ([303], None),
        ([307], None),
    ],
)
def test_only_permanent_redirects_from_the_start_move_an_address(
    statuses: list[int], moved: str | None
) -> None:
    found: Hop | Failed = hop("https://a.org/0")
    for number, status in enumerate(statuses, start=1):
        assert isinstance(found, Hop)
        found = follow(found, status, f"/{number}")
    assert isinstance(found, Hop)
    assert found.moved == moved
