"""What is taken out of texts: passwords and tokens, and nothing that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tallying import Tally

from papers_tui.domain.confidential import holds_secret, is_secret, without_secrets


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://a.org/feed?token=s3cret", "https://a.org/feed?token=…"),
        ("https://a.org/feed?page=2&API_KEY=s3cret&x=1", "https://a.org/feed?page=2&API_KEY=…&x=1"),
        ("https://a.org/feed?to%6ben=s3cret", "https://a.org/feed?to%6ben=…"),
        ("https://a.org/#access_token=s3cret", "https://a.org/#access_token=…"),
        ("https://a.org/?a;private-token=s3cret", "https://a.org/?a;private-token=…"),
        ("https://ada:s3cret@a.org/", "https://a.org/"),
        ("HTTP://s3cret@a.org", "HTTP://a.org"),
        ("https://ada:s3@cret@a.org/", "https://a.org/"),
        ("https:/ada:s3cret@a.org/", "https:/a.org/"),
        ("two: https://a.org/?key=s3cret and 'https://b:s3cret@c.org'", "two: https://a.org/?key=… and 'https://c.org'"),
        ("feed:https://a.org/?sig=s3cret", "feed:https://a.org/?sig=…"),
        ("https://a.org/search?author=Hinton&keyword=x", "https://a.org/search?author=Hinton&keyword=x"),
        ("https://a.org/?barcode=1", "https://a.org/?barcode=1"),
        ("https://a.org/@ada/feed", "https://a.org/@ada/feed"),
        ("https://a.org/?token=", "https://a.org/?token="),
        ("mail ada@a.org", "mail ada@a.org"),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_text(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
    assert holds_secret(text) is (text != shown)


def test_what_is_known_to_be_secret_is_found_anywhere() -> None:
    assert without_secrets("Bearer hf_word, hf_word", ["hf_word"]) == "Bearer …, …"
    assert without_secrets("an a is no secret", ["a", ""]) == "an a is no secret"


_NAMES = st.sampled_from(("token", "API_Key", "password", "auth", "sig", "client_secret", "private-token"))
_WORDS = st.text("abcXYZ019_-.~%", min_size=6, max_size=20).map(lambda word: f"s3cret{word}")
_PARTS = st.text("abc/.-?&=#@:;", max_size=12)


@given(_PARTS, _NAMES, _WORDS, _PARTS)
def test_no_secret_of_any_address_is_shown(tally: Tally, path: str, name: str, word: str, rest: str) -> None:
    tally("hostile inputs", 2)
    assert is_secret(name)
    assert word not in without_secrets(f"see https://a.org/{path}?{name}={word}&{rest} there")
    assert word not in without_secrets(f"see https://ada:{word}@a.org/{path} there")


@given(st.text(max_size=200))
def test_a_second_look_finds_nothing_more(text: str) -> None:
    assert without_secrets(without_secrets(text)) == without_secrets(text)
