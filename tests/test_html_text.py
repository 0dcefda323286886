"""HTML from outside: what becomes of it as HTML, as Markdown and as text, and that none of it can act or hang."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers_tui.domain.text import clean_lines
from papers_tui.sources.html_text import sanitised, to_markdown, to_text

BASE = "https://lab.example/posts/tides"


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        pytest.param("", "", id="nothing"),
        pytest.param("plain", "plain", id="plain text"),
        pytest.param("https://lab.example/", "https://lab.example/", id="an address alone"),
        pytest.param("<p>one</p><p>two</p>", "one\n\ntwo", id="paragraphs"),
        pytest.param("one<br>two", "one\ntwo", id="line break"),
        pytest.param("<h2>Method</h2>text", "## Method\n\ntext", id="heading"),
        pytest.param("<em>E. coli</em> and <b>bold</b>", "*E. coli* and **bold**", id="emphasis"),
        pytest.param("H<sub>2</sub>O, 10<sup>3</sup>", "H2O, 103", id="indices"),
        pytest.param("<ul><li>one<li>two</ul>", "- one\n- two", id="list without end tags"),
        pytest.param("<pre>for x:\n    y</pre>", "```\nfor x:\n    y\n```", id="code"),
        pytest.param("<a href='/code'>here</a>", "[here](https://lab.example/code)", id="relative link"),
        pytest.param("<a href='javascript:alert(1)'>here</a>", "here", id="link that acts"),
        pytest.param("<a href='file:///etc/passwd'>here</a>", "here", id="link to a file"),
        pytest.param("a <img src=x alt='$x_i$' onerror=alert(1)> b", "a $x_i$ b", id="a picture is its text"),
        pytest.param("$a_i * b^2$ and GPT_4", "$a_i * b^2$ and GPT_4", id="punctuation stays"),
        pytest.param("a<script>alert(1)</script>b<style>p{}</style>c", "abc", id="scripts and styles"),
        pytest.param("a<script>alert(1)", "a", id="script without end"),
        pytest.param("a<object data=x>b", "ab", id="object without end"),
        pytest.param("a<!-- hidden <b>b</b> -->c", "ac", id="comment"),
        pytest.param("a<!-- hidden", "a", id="comment without end"),
        pytest.param("<iframe src=https://x.example></iframe>a<form><input>b</form>", "ab", id="frames, forms"),
        pytest.param("the <think> token and <MASK>", "the <think> token and <MASK>", id="no tag of HTML's"),
        pytest.param("1 < 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2", id="entities"),
        pytest.param("a&#27;[31mb&#8238;c", "abc", id="control sequences behind entities"),
        pytest.param("a <b", "a <b", id="tag cut off"),
        pytest.param("<p>a" + " " * 1000 + "b", "a b", id="white space"),
        pytest.param("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "| a | b |\n| --- | --- |\n| 1 | 2 |", id="table"),
    ],
)  # fmt: skip
def test_markdown(markup: str, markdown: str) -> None:
    assert to_markdown(markup, base_url=BASE) == markdown


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("AT&amp;T <i>et al.</i>", "AT&T et al."),
        ("one<br>two\n three", "one two three"),
        ("<p>one</p><p>two</p>", "one two"),
        ("Masks: <MASK> &lt;mask&gt;", "Masks: <MASK> <mask>"),
        ("a<script>b</script>c", "ac"),
        ("", ""),
    ],
)
def test_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


def test_relative_addresses_go_where_there_is_no_base() -> None:
    assert sanitised("<a href='/code'>here</a>") == "<a>here</a>"
    for base in ("javascript:x", "http://[x", "http://1.2.3.4.5000/", "/x"):
        assert sanitised("<a href='/code'>here</a>", base_url=base) == "<a>here</a>"


def test_no_attribute_but_an_address_stays() -> None:
    assert (
        sanitised('<p onclick="x()" style="y" class="z">a <a href="https://x.example/?a=1&b=2" target=_top>b</a>')
        == '<p>a <a href="https://x.example/?a=1&amp;b=2">b</a></p>'
    )  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    [
        "<div>", "<b>", "<a href=x>", "<b>x<p>", "<blockquote>", "<div></b>", "<div a='<'>", "<div\n", "<svg>",
        "<script>", "<object>", "<!--", "<!", "</", "<", "&", "<a \"'", "<p>", "<br>", "<pre> \n", " ", "\n", "&#27;",
        "<ul><li>", "<table><tr><td>",
    ],
)  # fmt: skip
def test_what_repeats_without_end_is_text_in_the_end(piece: str) -> None:
    markup = f"first {piece * (120_000 // len(piece))} last"
    assert to_markdown(markup).startswith("first")
    assert to_text(markup).startswith("first")
    assert len(sanitised(markup)) < 30 * len(markup)


def test_deep_nesting_is_cut_but_its_text_stays() -> None:
    markup = "<div>" * 2_000 + "<i>deep</i>" + "</div>" * 2_000 + "<b>after</b>"
    assert sanitised(markup).count("<div>") == 60
    assert to_markdown(markup) == "deep\n\n**after**"


def test_a_page_as_long_as_a_book_is_read_up_to_a_length() -> None:
    assert len(to_markdown("word " * 200_000)) <= 400_000


_PIECES = st.sampled_from(
    ["<p>", "</p>", "<b", ">", "<script>", "</script>", "<!--", "-->", "&#27;", "&lt;", "javascript:", "<a href='",
     "'", '"', "<div>", "\x1b[2J", "\u202e", "<svg onload=x>", "<pre>", "</pre>", "text", " ", "\n", "<![CDATA[", "]]>"]
)  # fmt: skip
_MARKUP = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=30).map("".join))
_HARMFUL = re.compile(r"<\s*(?:script|style|iframe|object|svg|form|input)\b|\son\w+\s*=", re.IGNORECASE)


@given(_MARKUP)
def test_any_markup_is_harmless_and_clean(markup: str) -> None:
    safe = sanitised(markup, base_url=BASE)
    assert not _HARMFUL.search(re.sub(r">[^<]*<", "><", f">{safe}<"))
    assert re.findall(r'href="(?!https?://)', safe) == []
    for text in (to_markdown(markup, base_url=BASE), to_text(markup)):
        assert clean_lines(text) == text
        assert text == text.strip()


@given(_MARKUP)
def test_sanitising_again_changes_nothing(markup: str) -> None:
    safe = sanitised(markup, base_url=BASE)
    assert sanitised(safe, base_url=BASE) == safe
