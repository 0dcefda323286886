"""Markdown exports: text comes back from a parser as it was, notes stand as written, names never meet."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.record import from_record
from papers_tui.export.filenames import file_name
from papers_tui.export.markdown import Shelved, render_document, render_paper
from papers_tui.export.sections import marker_id

EXPORTS = Path(__file__).parent / "exports"
PAGE = Link("https://example.org/paper", "paper", origin="derived")

TRAPS = (
    r"[Re] *x* <b> # | \`",
    "1. foo",
    "2) foo",
    "- x",
    "- - -",
    "-",
    "# x",
    "#hashtag and C# and #1",
    "# #",
    "x ##",
    "+ a",
    "===",
    "---",
    "***",
    "___",
    "~~~",
    "~~struck~~ and ~struck~",
    "==marked==",
    "> quoted",
    "&amp; &#42; AT&T",
    "![x](y)",
    "[x](y)",
    "](javascript:alert(1))",
    "[x]: https://example.org",
    "[^1] and [^1]: note",
    "[[wiki]] ![[embed]]",
    "%%hidden%%",
    "ends in a block id ^abc",
    "<script>alert(1)</script>",
    "<https://example.org> <a@b.org> p<0.05",
    "https://example.org/a_b_c?d=_e_&copy;",
    "www.example.org/*a*",
    "snake_case_name and __init__ and *args, **kwargs",
    r"ends in \ ",
    r"\[escaped\] \alpha 40\% \$5",
    r"$\alpha$ and $x_{i}$, $y_{j}$, $\{a\}$, $$z$$, $[0, 1]$",
    "costs $20 and then $30, or $5 (20$)",
    "`code` and ``quotes''",
    "| a | b |",
    "* ",
    "a\n---\nb",
    "tabs\tand  two spaces  \nand a break",
    "<!-- comment",
    "{{< shortcode >}} <%= erb %>",
    "<details><summary>x</summary>",
    "Ünï-cödé 数学 * a_b_ 😀_😀_",
)

_plain = st.text(st.characters(exclude_categories=("Cc", "Cs")))
_marked = st.lists(
    st.sampled_from(
        [*"*_~`[]()<>!#$\\|&;=%^:/-+.\n\t \u00a0€a1", "$x_", "http://", "www.", "1. ", "- ", "\n  ", "\n\n"]
    ),
    max_size=20,
).map("".join)
texts = st.sampled_from(TRAPS) | _plain | _marked


def one_line(text: str) -> str:
    return re.sub("[\t\n\x0b\x0c\r \u2028\u2029]+", " ", text).strip()


def shelve(title: str = "A title", **kept: Any) -> Shelved:
    own = {
        name: kept.pop(name) for name in list(kept) if name in Paper.__dataclass_fields__ and name != "links"
    }
    keys = own.pop("keys", ("text:0123456789abcdef0123",))
    return Shelved(Paper(keys=keys, title=title, **own), **kept)


def document(*papers: Shelved) -> str:
    return render_document(papers, title="Papers", query="", date="2026-03-02")


def body(text: str) -> str:
    return text.split("\n---\n", 1)[1]


def front_matter(text: str) -> Any:
    return yaml.safe_load(text.removeprefix("---\n").split("\n---\n", 1)[0])


def parsers() -> list[MarkdownIt]:
    extended = MarkdownIt("gfm-like")
    # It would show a bare address decoded, which GitHub does not.
    extended.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return [MarkdownIt("commonmark"), extended]


PARSERS = parsers()


def shown(inline: Token) -> str:
    """What a reader sees of a line that is to hold text and links only."""
    parts = []
    for child in inline.children or ():
        assert child.type in ("text", "link_open", "link_close", "code_inline"), child
        parts.append(child.content)
    return "".join(parts)


def lines(tokens: Sequence[Token], kind: str) -> list[str]:
    """What is shown of each top-level block of this kind, "h2" or "p" for example."""
    return [
        shown(inline)
        for opening, inline in pairwise(tokens)
        if opening.level == 0 and opening.tag == kind and inline.type == "inline"
    ]


# ---------------------------------------------------------------------------------------------- the whole


def example_papers() -> tuple[dict[str, Any], list[Shelved]]:
    read = json.loads((EXPORTS / "starred.json").read_text(encoding="utf-8"))
    papers = []
    for record in read["papers"]:
        paper = from_record(record)
        kept = {name: record[name] for name in ("note", "starred", "read") if name in record}
        sources, tags = tuple(record.get("sources", ())), tuple(record.get("tags", ()))
        papers.append(Shelved(paper, links=paper.links, sources=sources, tags=tags, **kept))
    return read, papers


def test_an_export_looks_like_the_example() -> None:
    read, papers = example_papers()
    rendered = render_document(papers, title=read["title"], query=read["query"], date=read["date"])
    assert rendered == (EXPORTS / "starred.md").read_text(encoding="utf-8")


def test_a_file_of_one_paper_looks_like_the_example() -> None:
    _, papers = example_papers()
    rendered = render_paper(papers[0])
    name = file_name(papers[0].paper.title, papers[0].paper.id)
    assert rendered == (EXPORTS / name).read_text(encoding="utf-8")


def test_papers_keep_their_order_and_stand_between_their_markers() -> None:
    rendered = document(shelve("B", keys=("arxiv:2402.16107",)), shelve("A", keys=("doi:10.1/x--y -->",)))
    assert re.findall(r"^(?:## .*|<!-- /?papers-tui.* -->)$", rendered, re.MULTILINE) == [
        "<!-- papers-tui: arxiv:2402.16107 -->",
        "## [B](https://arxiv.org/abs/2402.16107)",
        "<!-- /papers-tui: arxiv:2402.16107 -->",
        "<!-- papers-tui: doi:10.1/x-%2Dy%20-%2D%3E -->",
        "## [A](https://doi.org/10.1/x--y%20--%3E)",
        "<!-- /papers-tui: doi:10.1/x-%2Dy%20-%2D%3E -->",
    ]


def test_no_papers_are_a_document_too() -> None:
    assert document() == (
        '---\ntitle: "Papers"\ndate: "2026-03-02"\ncount: 0\nquery: ""\n---\n\n'
        "<!-- written by papers-tui: title=77471890 query=1271cf25 heading=fdd45bdf/41d92e98 -->\n\n# Papers\n"
    )


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_marker_holds_any_id_and_ends_with_itself(identifier: str) -> None:
    marker = marker_id(identifier)
    assert re.fullmatch(r"[!-~]*", marker)
    assert "--" not in marker
    assert ">" not in marker
    assert unquote(marker) == identifier


# ------------------------------------------------------------------------------------------- front matter


@given(st.text(st.characters()), st.text(st.characters()))
@example("yes", "null")
@example("---\nlayout: evil\n---", "\x85\u2028\ufeff\ud800\x00")
def test_front_matter_gives_back_any_text(title: str, query: str) -> None:
    rendered = render_document([], title=title, query=query, date="2026-03-02")
    assert front_matter(rendered) == {"title": title, "date": "2026-03-02", "count": 0, "query": query}


@given(st.lists(st.text(st.characters())), st.lists(st.text(st.characters(), min_size=1)))
def test_front_matter_gives_back_any_list(authors: list[str], tags: list[str]) -> None:
    found = front_matter(render_paper(shelve(authors=tuple(authors), tags=tuple(tags))))
    assert (found["authors"], found["tags"]) == (authors, tags)


def test_front_matter_of_a_paper_says_what_is_known() -> None:
    links = (
        Link("https://example.org/cut-", "code", doubtful=True),
        Link("https://example.org/code", "code"),
        PAGE,
    )
    full = shelve(
        "T",
        keys=("arxiv:2402.16107", "doi:10.1/x"),
        published="2024-02-25T17:00:00Z",
        links=links,
        sources=("arXiv",),
        starred=True,
    )
    assert front_matter(render_paper(full)) == {
        "id": "arxiv:2402.16107",
        "title": "T",
        "authors": [],
        "date": "2024-02-25",
        "sources": ["arXiv"],
        "tags": [],
        "url": "https://example.org/paper",
        "code": "https://example.org/code",
        "starred": True,
    }
    assert list(front_matter(render_paper(shelve()))) == ["id", "title", "authors", "sources", "tags"]


# --------------------------------------------------------------------------------------------------- text


@given(texts)
def test_a_title_comes_back(title: str) -> None:
    expected = one_line(title) or "Untitled"
    for rendered, level in ((document(shelve(title)), "h2"), (render_paper(shelve(title)), "h1")):
        for parser in PARSERS:
            assert lines(parser.parse(body(rendered)), level) == [expected]


@given(texts)
def test_a_linked_title_comes_back_as_one_link(title: str) -> None:
    for parser in PARSERS:
        tokens = parser.parse(body(document(shelve(title, links=(PAGE,)))))
        assert lines(tokens, "h2") == [one_line(title) or "Untitled"]
        links = [child for token in tokens for child in token.children or () if child.type == "link_open"]
        assert [link.attrs["href"] for link in links] == [PAGE.url]


@given(texts)
def test_the_title_of_a_document_comes_back(title: str) -> None:
    rendered = render_document([], title=title, query="", date="2026-03-02")
    for parser in PARSERS:
        assert lines(parser.parse(body(rendered)), "h1") == [one_line(title) or "Untitled"]


@given(texts)
def test_an_abstract_comes_back(abstract: str) -> None:
    for parser in PARSERS:
        paragraphs = lines(parser.parse(body(document(shelve(abstract=abstract)))), "p")
        assert " ".join(paragraphs).split() == abstract.split()


@given(st.lists(texts.filter(one_line), min_size=1, max_size=4), texts)
def test_authors_and_organization_come_back(authors: list[str], organization: str) -> None:
    paper = shelve(authors=tuple(authors), organization=Organization("account", organization))
    expected = ", ".join(map(one_line, authors)) + " · " + (one_line(organization) or "account")
    assume(organization == "" or one_line(organization))
    for parser in PARSERS:
        assert lines(parser.parse(body(document(paper))), "p") == [expected]


@given(texts.filter(one_line), st.booleans())
def test_a_label_comes_back(label: str, doubtful: bool) -> None:
    link = Link("https://example.org/code", "code", label=label, doubtful=doubtful)
    expected = f"code: https://example.org/code ({one_line(label)})" + " (may be cut short)" * doubtful
    assume(one_line(label) != "code")
    for parser in PARSERS:
        (item,) = [token for token in parser.parse(body(document(shelve(links=(link,))))) if token.level == 3]
        assert shown(item) == expected


@given(
    st.lists(st.from_regex(r"[\w/-]{1,9}", fullmatch=True) | texts.filter(one_line), min_size=1, max_size=4)
)
def test_tags_come_back(tags: list[str]) -> None:
    for parser in PARSERS:
        tokens = parser.parse(body(document(shelve(tags=tuple(tags)))))
        (line,) = [token for token in tokens if token.content.startswith("Tags: ")]
        assert shown(line).replace("#", "") == "Tags: " + " ".join(map(one_line, tags)).replace("#", "")


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("llm", "#llm"),
        ("to/try", "#to/try"),
        ("état-de-l-art", "#état-de-l-art"),
        ("snake_case", "#snake_case"),
        ("_private_", "`_private_`"),
        ("2026", "`2026`"),
        ("two words", "`two words`"),
        ("c++", "`c++`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
    ],
)
def test_a_tag_is_an_obsidian_tag_where_it_can_be(tag: str, written: str) -> None:
    assert f"\nTags: {written}\n" in document(shelve(tags=(tag,)))


@pytest.mark.parametrize(
    "text",
    [
        "A state-of-the-art method (GPT-4) for snake_case names: 3.5 * faster, p < 0.05, R&D & more!",
        "We cite [39] and [26, 25]; A* search beats ~5% of them; it costs $20.",
        r"With $\alpha_{i} \in \mathbb{R}$ and $\mathcal{O}(n)$ we show $x < y$ for $k[t]$.",
        "See https://github.com/some_one/some-repo_name#readme, or www.example.org/~user.",
        r"It is \textbf{fast} --- really.",
        "C# and #1 stay.",
    ],
)
def test_ordinary_prose_is_written_as_it_is(text: str) -> None:
    assert f"\n\n{text}\n\n" in document(shelve(abstract=text))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1. foo", "1\\. foo"),
        ("# x", "\\# x"),
        ("a #tag", "a \\#tag"),
        ("*x* * y", "\\*x\\* * y"),
        ("[[x]]", "\\[\\[x\\]\\]"),
        ("from $5 to $6", "from \\$5 to \\$6"),
        (r"the set $\{a\}$ of $b$", r"the set \$\\{a\\}\$ of $b$"),
        ("https://example.org/_a_", "https\\://example.org/\\_a\\_"),
    ],
)
def test_what_would_act_is_escaped(text: str, written: str) -> None:
    assert f"\n\n{written}\n\n" in document(shelve(abstract=text))


def test_an_abstract_keeps_its_paragraphs_and_loses_its_line_ends() -> None:
    rendered = document(shelve(abstract="one\ntwo\n  three\n\nfour"))
    assert "\n\none two\n\nthree\n\nfour\n\n" in rendered


def test_a_count_stands_for_names_that_are_not_known() -> None:
    assert "\n\n4 authors\n\n" in document(shelve(author_count=4))
    assert "\n\n1 author\n\n" in document(shelve(author_count=1))
    assert "\n\nAda\n\n" in document(shelve(author_count=4, authors=("Ada",)))


def test_day_sources_and_star_share_a_line() -> None:
    kept = shelve(published="2024-02-25T17:00:00Z", sources=("arXiv cs.CL", "Daily Papers"), starred=True)
    assert "\n\n2024-02-25 · arXiv cs.CL, Daily Papers · ★\n\n" in document(kept)
    assert "\n\n2024-02-26\n\n" in document(shelve(edition="2024-02-26"))


@pytest.mark.parametrize(
    ("keys", "url"),
    [
        (("arxiv:hep-th/9711200",), "https://arxiv.org/abs/hep-th/9711200"),
        (("doi:10.1016/s0140-6736(20)30183-5",), "https://doi.org/10.1016/s0140-6736%2820%2930183-5"),
        (("url:https://example.org/a b(c)?x=1&copy;",), "https://example.org/a%20b%28c%29?x=1&amp;copy;"),
        (("url:javascript:alert(1)",), None),
        (("text:00",), None),
    ],
)
def test_a_title_links_to_the_page_of_the_paper(keys: tuple[str, ...], url: str | None) -> None:
    heading = f"[T]({url})" if url else "T"
    assert f"\n## {heading}\n" in document(shelve("T", keys=keys))


def test_the_page_behind_the_title_is_not_listed_again() -> None:
    code = Link("https://example.org/code_(x)?a=1&b=2", "code")
    assert "\n\n- code: <https://example.org/code_(x)?a=1&b=2>\n\n" in document(shelve(links=(code, PAGE)))


@given(texts)
def test_an_address_never_leaves_its_place(url: str) -> None:
    for link in (Link(f"https://example.org/{url}", "paper"), Link(f"https://example.org/{url}", "code")):
        tokens = PARSERS[0].parse(body(document(shelve("T", links=(link,)))))
        links = [child for token in tokens for child in token.children or () if child.type == "link_open"]
        assert len(links) == 1
        assert lines(tokens, "h2") == ["T"]


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    rendered = document(shelve(links=(Link("javascript:alert(1)", "code"),)))
    assert "\n- code: `javascript:alert(1)`\n" in rendered


def test_hostile_texts_and_real_abstracts_come_back(shared: Path) -> None:
    hostile = json.loads((shared / "hostile/files/export/markdown.txt").read_text(encoding="utf-8"))
    with (shared / "abstracts/markup_traps.jsonl").open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    papers = [shelve(text, abstract=text, authors=(text,)) for text in hostile]
    papers += [shelve(record["title"], abstract=record["abstract"], links=(PAGE,)) for record in records]
    for parser in PARSERS:
        for kept in papers:
            tokens = parser.parse(body(document(kept)))
            said = (*kept.paper.authors, kept.paper.abstract)
            assert lines(tokens, "h2") == [one_line(kept.paper.title)]
            assert " ".join(lines(tokens, "p")) == " ".join(map(one_line, said))


@pytest.mark.parametrize("unit", ["$a_b$*x* ", "`", "<a@", "[", "\\", "http://_a_ ", "#1a ", " ^a", "&amp"])
@pytest.mark.timeout(30)
def test_a_very_long_text_is_no_trap(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(document(shelve(abstract=text))) > len(text.strip())


# -------------------------------------------------------------------------------------------------- notes

_marks = (
    "``` ```` ~~~ - * + 1. 2) > | # x === --- *** ` $$ %% <!-- --> <script> </script> <pre> <div> <details>"
    " </details> <b> <span> <a> <?x ?> <!X > <![CDATA[ ]]> foo"
)
_spaces = ("- ", "> ", "1. ", " ", "  ", "   ", "    ", "\t", "\n", "\n", "\n\n", "<a b='c'>\n")
_note_atoms = st.sampled_from((*_marks.split(), *_spaces))
_notes = st.lists(_note_atoms, min_size=1, max_size=16).map("".join).filter(str.strip)


def assert_goes_on_after(note: str) -> None:
    rendered = document(shelve("First", note=note), shelve("[Second]", abstract="Its *own* text."))
    assert f"\n\n**Note**\n\n{note}" in rendered
    for parser in PARSERS:
        tokens = parser.parse(body(rendered))
        ends = [
            token for token in tokens if token.content.strip() == f"<!-- /papers-tui: {shelve().paper.id} -->"
        ]
        assert [token.level for token in ends] == [0, 0]
        rest = tokens[tokens.index(ends[0]) :]
        assert lines(rest, "h2") == ["[Second]"]
        assert lines(rest, "p") == ["Its *own* text."]


@given(_notes)
def test_a_note_stands_as_written_and_swallows_nothing(note: str) -> None:
    assert_goes_on_after(note)


@pytest.mark.parametrize(
    ("note", "ends"),
    [
        ("plain", []),
        ("ends in a line end\n", []),
        ("```python\nx = 1", ["```"]),
        ("~~~~\n```\n~~~", ["~~~~"]),
        ("- item\n  ```\n  x", []),
        ("> ```\n> x", []),
        ("    ```", []),
        ("   ```", ["```"]),
        ("- x\n\n   ```", []),
        ("``` not `a` fence", []),
        ("<!-- to do", ["-->"]),
        ("a <!-- word in a paragraph", []),
        ("<script>\nalert(1)", ["</script>"]),
        ("<?php", ["?>"]),
        ("<![CDATA[", ["]]>"]),
        ("<details>\n<summary>x</summary>\n\n<b>y", ["</b></details>"]),
        ("<details>x</details>", []),
        ("`<details>`, List<String>", []),
        ("%% mine", ["%%"]),
        ("$$\nx", ["$$"]),
        ("%% mine %% and $$x$$", []),
        ("---\nlayout: evil\n---", []),
        ("windows\r\n```\r\n", ["```"]),
    ],
)
def test_what_a_note_leaves_open_is_ended_below_it(note: str, ends: list[str]) -> None:
    assert_goes_on_after(note)
    gap = "\n" if ends and not note.endswith("\n") else ""
    assert f"\n\n{note}{gap}{chr(10).join(ends)}\n\n<!-- written by" in document(shelve(note=note))


def test_a_note_makes_no_markers() -> None:
    note = "<!-- papers-tui: a -->\nx\n<!-- /papers-tui: a -->\n<!-- written by papers-tui: a/b -->"
    assert "\n".join(f"<!--  {line[5:]}" if line != "x" else line for line in note.split("\n")) in document(
        shelve(note=note)
    )


def test_an_empty_note_leaves_no_trace() -> None:
    assert document(shelve(note=" \n")) == document(shelve())


# --------------------------------------------------------------------------------------------- file names

_arxiv_ids = st.from_regex(
    r"arxiv:([0-9]{4}\.[0-9]{4,5}|[a-zA-Z-]{1,9}(\.[A-Z]{2})?/[0-9]{7})", fullmatch=True
)
_ids = _arxiv_ids | st.from_regex(r"text:[0-9a-f]{20}", fullmatch=True) | st.text(st.characters())
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


def assert_safe(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[a-z0-9][a-z0-9._]*\.md", name)
    assert len(name) <= 120
    assert name.split(".")[0] not in RESERVED


@given(st.text(st.characters()), _ids)
@example("con", "guid:.")
@example("", "")
@example("x", "arxiv:-/0601001")
def test_a_file_name_is_safe_everywhere(title: str, identifier: str) -> None:
    assert_safe(file_name(title, identifier))


@given(st.tuples(_plain, _ids), st.tuples(_plain, _ids))
@example(("x", "arxiv:math/0601001"), ("x", "arxiv:hep-th/0601001"))
@example(("x", "arxiv:math.GT/0601001"), ("x", "arxiv:math.gt/0601001"))
@example(("x hep", "arxiv:th/0601001"), ("x", "arxiv:hep-th/0601001"))
@example(("x", "guid:A"), ("x", "guid:a"))
def test_two_papers_never_share_a_file(one: tuple[str, str], other: tuple[str, str]) -> None:
    assume(one[1] != other[1])
    assert file_name(*one) != file_name(*other)


def test_hostile_titles_make_safe_names(shared: Path) -> None:
    for title in json.loads((shared / "hostile/files/export/filenames.txt").read_text(encoding="utf-8")):
        assert_safe(file_name(title, "arxiv:2506.40000"))


@pytest.mark.parametrize(
    ("title", "identifier", "name"),
    [
        ("FuseChat: Knowledge Fusion", "arxiv:2402.16107", "fusechat-knowledge-fusion-2402.16107.md"),
        ("Young's Lattice", "arxiv:hep-th/9711200", "youngs-lattice-hep_th_9711200.md"),
        ("Møller–Straße, élan", "text:0123456789abcdef0123", "moller-strasse-elan-0123456789abcdef0123.md"),
        ("数学", "arxiv:2402.16107", "paper-2402.16107.md"),
        ("a" * 80, "arxiv:2402.16107", f"{'a' * 60}-2402.16107.md"),
        ("word " * 20, "arxiv:2402.16107", f"{'-'.join(['word'] * 12)}-2402.16107.md"),
        ("CON", "doi:10.1000/182", "con-10.1000_182_1365c7772c11.md"),
    ],
)
def test_a_file_name_can_be_read(title: str, identifier: str, name: str) -> None:
    assert file_name(title, identifier) == name
