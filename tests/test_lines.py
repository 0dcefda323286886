"""A paper in one line: what is copied of it, and that Markdown reads it back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from papers_tui.domain.links import safe_url
from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line
from papers_tui.export.escaping import one_line
from papers_tui.export.lines import identifier, markdown, title, url

_TRAPS = (
    "[x](javascript:alert(1))",
    "](javascript:alert(1))",
    "[Re] *x* _y_ `z` <b>",
    "1. foo",
    "- x",
    "# x",
    "> x",
    "---",
    "[ ] task",
    "a * b",
    "![x](y)",
    "two\nlines\n\n# and a heading",
    "www.example.org/_a_ and https://e.org/*b*",
    r"$x_i$ and \textit{y}",
    "\x1b]0;x\x07\u202e",
)
_texts = st.sampled_from(_TRAPS) | st.text(st.characters(codec="utf-8"))
_PARSERS = (MarkdownIt("commonmark"), MarkdownIt("gfm-like"))


def _paper(title: str = "A title", *authors: str, **fields: Any) -> Paper:
    return Paper(**({"keys": ("arxiv:2402.16107",), "title": title, "authors": authors} | fields))


def _spoken(text: str) -> str:
    return one_line(clean_line(text))


def _item(parser: MarkdownIt, text: str) -> tuple[str, list[str]]:
    """What is shown of the only item of the only list in `text`, and where its links written as such lead."""
    tokens = parser.parse(text)
    assert [token.type for token in tokens] == [
        "bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close",
        "bullet_list_close",
    ]  # fmt: skip
    shown: list[Token] = tokens[3].children or []
    assert {child.type for child in shown} <= {"text", "link_open", "link_close"}
    links = [str(child.attrs["href"]) for child in shown if child.type == "link_open" and child.markup == ""]
    return "".join(child.content for child in shown), links


def test_the_address_is_the_papers_page_or_a_search_for_it() -> None:
    assert url(_paper(keys=("arxiv:2402.16107", "doi:10.1/x"))) == "https://arxiv.org/abs/2402.16107"
    assert url(_paper("A & b", keys=("text:ab",))) == "https://huggingface.co/papers?q=A+%26+b"


@given(st.text(), st.text())
def test_an_address_is_always_safe(name: str, key: str) -> None:
    found = url(_paper(name, keys=(f"url:{key}",)))
    assert found == (safe_url(found) or "")


def test_a_title_is_as_on_the_screen() -> None:
    assert title(_paper(r"Sparse $O(n^2)$ \textit{attention}")) == "Sparse O(n²) attention"
    assert title(_paper("\x1b[31ma\nb")) == "a b"
    assert title(_paper("")) == "Untitled"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (("arxiv:2402.16107", "doi:10.1/x"), "2402.16107"),
        (("arxiv:hep-th/9901001",), "hep-th/9901001"),
        (("doi:10.1000/a_b", "url:https://e.org"), "10.1000/a_b"),
        (("url:https://e.org", "text:ab"), "url:https://e.org"),
        (("text:\x1b[2Jab",), "text:ab"),
    ],
)
def test_an_id_is_as_people_write_it(keys: tuple[str, ...], expected: str) -> None:
    assert identifier(_paper(keys=keys)) == expected


@pytest.mark.parametrize(
    ("paper", "expected"),
    [
        (_paper("A [b] *c*", "Ada B", "Émile C"),
         r"- [A \[b\] \*c\*](https://arxiv.org/abs/2402.16107), Ada B, Émile C (2024)"),
        (_paper("T", *"abcd"), "- [T](https://arxiv.org/abs/2402.16107), a, b, c, d (2024)"),
        (_paper("T", *"abcde"), "- [T](https://arxiv.org/abs/2402.16107), a, b, c, et al. (2024)"),
        (_paper("T", author_count=1), "- [T](https://arxiv.org/abs/2402.16107), 1 author (2024)"),
        (_paper("T", keys=("text:ab",), author_count=7), "- T, 7 authors"),
        (_paper("1. T", keys=("text:ab",)), r"- 1\. T"),
        (_paper("", keys=("text:ab",)), "- Untitled"),
        (_paper("T", keys=("url:https://e.org/(a)",)), "- [T](https://e.org/%28a%29)"),
        (_paper("Of $x_i$", keys=("text:ab",)), "- Of $x_i$"),
    ],
)  # fmt: skip
def test_a_markdown_item_says_what_is_known(paper: Paper, expected: str) -> None:
    assert markdown(paper) == expected


@given(_texts, st.lists(_texts, max_size=4))
@example("a * b", ["c * d"])
@example("- [ ] x", [])
def test_a_markdown_item_comes_back(name: str, authors: list[str]) -> None:
    spoken = ", ".join(filter(None, map(_spoken, authors)))
    said = (_spoken(name) or "Untitled") + (f", {spoken}" if spoken else "")
    linked, bare = _paper(name, *authors), _paper(name, *authors, keys=("text:ab",))
    for parser in _PARSERS:
        assert _item(parser, markdown(linked)) == (f"{said} (2024)", ["https://arxiv.org/abs/2402.16107"])
        assert _item(parser, markdown(bare)) == (said, [])
