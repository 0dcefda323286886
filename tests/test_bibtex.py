r"""BibTeX exports: every entry is read back as it was meant, and no text of a source leaves its braces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from bibtexparser.middlewares.names import NameParts
from hypothesis import assume, example, given
from hypothesis import strategies as st

from papers_tui.domain.paper import Paper
from papers_tui.domain.text import clean_line
from papers_tui.export.bibtex import dated, entry, render

_ID = "arxiv:2402.16107"

_TRAPS = (
    "}",
    "{",
    "}}\n@misc{evil, title={x}}",
    "}}, note = {x",
    "@article{x,\ny={z}}",
    "\n@string{a = {b}}",
    "a\r\n@comment{x}",
    'a "quoted" title',
    "100% {of} # $ & _ ~ ^ \\",
    "trailing \\",
    "\\}",
    "\\{ \\\\{ \\\\} \\{",
    r"\textbf{",
    r"\textbf{a}} \emph{b",
    r"\textbf{\emph{\textit{a & b}}}",
    r"\textbf{a\}",
    r"\textbf{a\\}",
    r"{\it a} {\it b {\bf c}",
    r"\'e \'{e} {\'e} \c{c} {\o} \o{} \ss \"",
    r"$\alpha$ and $x_{i}$ and $\{a\}$ and $\left\{ a \right.$",
    r"$}{$ $\}\{$ $\mathbf{\}$ $x$$ $$y$$",
    r"$\input{/etc/passwd}$ \input{/etc/passwd} \write18{id} \def\x{}",
    "$^^5cinput{x}$ ^^5cinput",
    "$5 and $6 or $a % b$",
    r"\alpha-VAE, \beta{}-VAE and \LaTeX{} \ldots",
    "<b>bold</b> | x",
    "数学 名前 Émile ﬁ 😀",
    "   ",
    "\x00\x1b[31m\u202e",
)

_marked = st.lists(
    st.sampled_from(
        [
            *"{}\\$%&#_^~\"'`@,=<>| \n",
            "\\{",
            "\\}",
            "\\textbf{",
            "\\alpha",
            "\\'e",
            "$x_i$",
            "{\\it ",
            "a",
            "B",
        ]
    ),
    max_size=24,
).map("".join)
_texts = st.sampled_from(_TRAPS) | st.text() | _marked
_keys = st.sampled_from(
    [
        _ID,
        "arxiv:cs/0701001",
        "arxiv:}evil",
        "doi:10.1000/a}b{c%",
        "doi:x",
        "url:https://e.org/{a}",
        "text:ab",
    ]
)
_papers = st.builds(
    Paper,
    keys=st.lists(_keys, min_size=1, max_size=3).map(tuple),
    title=_texts,
    authors=st.lists(_texts, max_size=4).map(tuple),
    published=st.none() | st.sampled_from(["2024-02-25", "2024", "2024-13-01", "}"]) | _texts,
    categories=st.lists(st.sampled_from(["cs.CL", "hep-th", "physics.ao-ph", "}"]), max_size=2).map(tuple),
)


def _paper(title: str = "A title", *authors: str, **fields: Any) -> Paper:
    return Paper(**({"keys": (_ID,), "title": title, "authors": authors} | fields))


def _fields(text: str) -> dict[str, str]:
    """The fields of the only entry in `text`, as bibtexparser reads them."""
    library = parse_string(text)
    assert not library.failed_blocks
    assert [type(block).__name__ for block in library.blocks] == ["Entry"]
    return {name: field.value for name, field in library.entries[0].fields_dict.items()}


def _by_the_book(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The entries of `text`, read as BibTeX itself does: it counts every brace, and knows no escapes."""
    at = 0
    while found := re.compile(r"@misc\{([^,\s]*),\s*").search(text, at):
        assert not text[at : found.start()].strip()
        at, fields = found.end(), {}
        while not text.startswith("}", at):
            name = re.compile(r"(\w+)\s*=\s*").match(text, at)
            assert name, text[at : at + 40]
            at = start = name.end()
            if text[at] != "{":
                at = text.index(",", at)
            else:
                depth = 0
                while depth or at == start:
                    depth += (text[at] == "{") - (text[at] == "}")
                    at += 1
            assert name[1] not in fields
            fields[name[1]] = text[start:at]
            end = re.compile(r"\s*,\s*").match(text, at)
            assert end, text[at : at + 40]
            at = end.end()
        yield found[1], fields
        at += 1
    assert not text[at:].strip()


_PRINTED = {
    r"\textbackslash{}": "\\", r"{$\lbrace$}": "{", r"{$\rbrace$}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", "{$<$}": "<", "{$>$}": ">", "{$|$}": "|", "\\\\": "\\\\",
}  # fmt: skip
_ESCAPE = re.compile(
    "|".join(map(re.escape, _PRINTED))
    + r"|\\([#$%&_{}])|\\ensuremath\{(\\[A-Za-z]+|[\^_]\{[^{}]+\})\}|(\\alpha|\\beta)\{\}"
)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _PRINTED.get(found[0]) or found[1] or found[2] or found[3], text)


def _one_line(text: str) -> str:
    return re.sub(" +", " ", clean_line(text)).strip() or "Untitled"


# An entry as a whole


def test_an_entry_says_what_is_known() -> None:
    paper = _paper(
        "FuseChat: Knowledge Fusion of Chat Models",
        "Fanqi Wan",
        "Ziyi Yang",
        published="2024-02-25T17:00:00Z",
        categories=("cs.CL", "cs.AI"),
    )
    assert entry(paper) == (
        "@misc{wan2024fusechat,\n"
        "  title         = {{FuseChat: Knowledge Fusion of Chat Models}},\n"
        "  author        = {Fanqi Wan and Ziyi Yang},\n"
        "  year          = {2024},\n"
        "  month         = feb,\n"
        "  eprint        = {2402.16107},\n"
        "  archivePrefix = {arXiv},\n"
        "  primaryClass  = {cs.CL},\n"
        "  doi           = {10.48550/arXiv.2402.16107},\n"
        "  url           = {https://arxiv.org/abs/2402.16107},\n"
        "}"
    )
    assert render([paper]) == f"{entry(paper)}\n"


def test_an_entry_of_which_little_is_known_is_short() -> None:
    assert (
        entry(_paper("", keys=("text:ab",), author_count=3))
        == "@misc{paper,\n  title         = {{Untitled}},\n}"
    )
    assert render([]) == ""


def test_a_doi_of_its_own_comes_before_arxivs() -> None:
    paper = _paper(keys=(_ID, "doi:10.1000/a_b(c)"))
    assert _fields(entry(paper))["doi"] == "10.1000/a_b(c)"
    alone = _fields(entry(_paper(keys=("doi:10.1000/a_b{c}",))))
    assert (alone["doi"], alone["url"]) == ("10.1000/a_b%7Bc%7D", "https://doi.org/10.1000/a_b%7Bc%7D")
    assert "eprint" not in alone
    assert "archivePrefix" not in alone


def test_old_arxiv_ids_have_a_doi_too() -> None:
    found = _fields(entry(_paper(keys=("arxiv:hep-th/9901001",), categories=("hep-th",))))
    assert found["doi"] == "10.48550/arXiv.hep-th/9901001"
    assert (found["year"], found["month"], found["primaryClass"]) == ("1999", "jan", "hep-th")


def test_the_address_of_a_search_is_no_address_of_the_paper() -> None:
    assert "url" not in _fields(entry(_paper(keys=("text:ab",))))
    assert _fields(entry(_paper(keys=("url:https://e.org/a_b%20c",))))["url"] == "https://e.org/a_b%20c"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"published": "2023-12-31T23:00:00Z"}, ("2023", "12")),
        ({"published": "2023"}, ("2023", "")),
        ({"published": "2023-99-01"}, ("2023", "")),
        ({"published": "soon"}, ("2024", "02")),
        ({"edition": "2024-03-01"}, ("2024", "02")),
        ({"edition": "2024-03-01", "keys": ("text:ab",)}, ("2024", "03")),
        ({"keys": ("arxiv:math/0309136",)}, ("2003", "09")),
        ({"keys": ("text:ab",)}, ("", "")),
    ],
)
def test_the_date_is_the_papers_own_where_it_is_known(
    fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert dated(_paper(**fields)) == expected


@given(st.lists(_papers, max_size=4))
def test_papers_come_back_one_entry_each_whatever_they_hold(papers: list[Paper]) -> None:
    text = render(papers)
    ids = list({paper.id for paper in papers})
    library = parse_string(text)
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries) == len(ids)
    read = list(_by_the_book(text))
    keys = [key for key, _ in read]
    assert len(set(keys)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)?", key) for key in keys)
    for (key, fields), found in zip(read, library.entries, strict=True):
        assert key == found.key
        bare = {name: value[1:-1] if value[0] == "{" else value for name, value in fields.items()}
        assert {name: field.value for name, field in found.fields_dict.items()} == bare
    assert all(line.startswith(("@misc{", "  ", "}")) or not line for line in text.split("\n"))


# Titles


@given(_texts)
@example(r"\textbf{a & $x_i$} {\bf b} \emph{c")
def test_a_title_comes_back(title: str) -> None:
    assume("\\ensuremath" not in title and "{$" not in title)  # such TeX reads like an escape of ours
    found = _fields(entry(_paper(title)))["title"]
    assert found[0] + found[-1] == "{}"
    assert _unescaped(found[1:-1].removeprefix("{}")) == _unescaped(_one_line(title))


# pylatexenc reads these otherwise than they are meant: as ligatures, or with accents for signs.
_READ_OTHERWISE = "\\$`'-~^?!"


@given(st.text(st.characters(codec="utf-8", exclude_characters=_READ_OTHERWISE)))
@example("100% {of} # & _ < > | }")
def test_latex_prints_a_title_as_it_was(title: str) -> None:
    library = parse_string(
        entry(_paper(title)),
        append_middleware=[LatexDecodingMiddleware(keep_braced_groups=False, keep_math_mode=False)],
    )
    assert library.entries[0].fields_dict["title"].value == _one_line(title)


@pytest.mark.parametrize(
    "title",
    [
        r"Sparse $O(n^2)$ attention for $\alpha$-VAEs on $\{0, 1\}^n$",
        r"\textit{In vitro}, \textbf{bold} and \emph{\textsc{Both}}",
        r"Erd\H{o}s and G\"odel, Poincar\'{e}, {\O}re, \'{\i} and Stra\ss e",
        r"R\&D at 40\% of the \$5 price, \#1 in a\_b",
        r"\LaTeX{} and more \ldots",
        r"{\it Escherichia coli} again",
        'State-of-the-art (GPT-4): what\'s next? 数学 Ünïcode 😀 @home "quoted" = a+b; c/d*e!',
    ],
)
def test_tex_and_prose_that_need_no_escape_stand_as_they_are(title: str) -> None:
    assert _fields(entry(_paper(title)))["title"].removeprefix("{{}").removeprefix("{") == f"{title}}}"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("50% of R&D_x #1 for $5", r"50\% of R\&D\_x \#1 for \$5"),
        ("a~b^c <d> |e|", r"a\textasciitilde{}b\textasciicircum{}c {$<$}d{$>$} {$|$}e{$|$}"),
        ("{GPT}-4 }", r"{}\{GPT\}-4 {$\rbrace$}"),
        (r"\{a\}", r"{$\lbrace$}a{$\rbrace$}"),
        ("DR^{3}-Eval, x_{ij} and ^{a}", r"DR\ensuremath{^{3}}-Eval, x\ensuremath{_{ij}} and \textasciicircum{}\{a\}"),
        (r"\alpha-VAE", r"{}\ensuremath{\alpha}-VAE"),
        (r"a \textbf{b", r"a \textbackslash{}textbf{$\lbrace$}b"),
        (r"a $x_{i$ b", r"a \$x\_{$\lbrace$}i\$ b"),
        (r"\textbf{50% & {more}}", r"{}\textbf{50\% \& \{more\}}"),
        ("broken\n  over\tlines", "broken over lines"),
    ],
)  # fmt: skip
def test_everything_else_is_escaped(title: str, written: str) -> None:
    assert _fields(entry(_paper(title)))["title"] == f"{{{written}}}"


@pytest.mark.parametrize(
    "command",
    [
        "input{/etc/passwd}",
        "write18{id}",
        "def\\x{}",
        "csname x\\endcsname",
        "catcode`a=1",
        "openin5",
        "href{a}{b}",
    ],
)
@pytest.mark.parametrize(
    "frame", ["\\{}", "$\\{}$", "\\textbf{{\\{}}}", "{{\\it \\{}}}", "$\\mathbf{{\\{}}}$"]
)
def test_no_command_that_could_do_more_than_draw_is_kept(command: str, frame: str) -> None:
    written = entry(_paper(frame.format(command)))
    assert not re.search(r"\\(?:input|write|def|csname|endcsname|catcode|openin|href)(?![a-z])", written)


def test_tex_has_no_other_way_to_spell_a_backslash() -> None:
    assert "^^" not in entry(_paper("$^^5cinput{x}$ and ^^5cinput{x}"))


def test_deep_nesting_and_long_titles_end() -> None:
    for title in ("\\textbf{" * 5000 + "x" + "}" * 5000, "$" * 20_000, "\\textbf{" * 9000, "{\\it " * 9000):
        assert _fields(entry(_paper(title)))


def test_a_title_that_begins_with_a_command_keeps_its_capitals() -> None:
    assert _fields(entry(_paper(r"\textsc{Fuse}Chat")))["title"] == r"{{}\textsc{Fuse}Chat}"


# Authors


def _names(*authors: str) -> list[NameParts]:
    library = parse_string(
        entry(_paper("A title", *authors)), append_middleware=[SeparateCoAuthors(), SplitNameParts()]
    )
    assert not library.failed_blocks
    found: list[NameParts] = library.entries[0].fields_dict["author"].value
    return found


@pytest.mark.parametrize(
    ("name", "first", "von", "last", "jr"),
    [
        ("Fanqi Wan", ["Fanqi"], [], ["Wan"], []),
        ("Aaron van den Oord", ["Aaron"], ["van", "den"], ["Oord"], []),
        ("van den Oord, Aaron", ["Aaron"], ["van", "den"], ["Oord"], []),
        ("García Márquez, Gabriel", ["Gabriel"], [], ["García", "Márquez"], []),
        ("Émile Borel", ["Émile"], [], ["Borel"], []),
        ("Madonna", [], [], ["Madonna"], []),
        ("John Smith Jr.", ["John"], [], ["Smith"], ["Jr."]),
        ("Ludwig van Beethoven, III", ["Ludwig"], ["van"], ["Beethoven"], ["III"]),
        ("王伟", [], [], ["{王伟}"], []),
        ("王 伟", [], [], ["{王 伟}"], []),
        ("김 민수", [], [], ["{김 민수}"], []),
        ("Gemini Team", [], [], ["{Gemini Team}"], []),
        ("DeepSeek-AI", [], [], ["{DeepSeek-AI}"], []),
        ("The ATLAS Collaboration", [], [], ["{The ATLAS Collaboration}"], []),
        ("Barnes and Noble", [], [], ["{Barnes and Noble}"], []),
        ("a, b, c, d", [], [], ["{a, b, c, d}"], []),
        (", Ada", [], [], ["{, Ada}"], []),
        ("others", [], [], ["{others}"], []),
        ("Ai Qing", ["Ai"], [], ["Qing"], []),
        ("A & B} Team", [], [], [r"{A \& B{$\rbrace$} Team}"], []),
    ],
)
def test_a_name_has_the_parts_that_it_has(
    name: str, first: list[str], von: list[str], last: list[str], jr: list[str]
) -> None:
    (found,) = _names(name)
    assert (found.first, found.von, found.last, found.jr) == (first, von, last, jr)


@given(st.lists(_texts.filter(lambda text: len(text) < 40), min_size=1, max_size=4))
def test_there_are_as_many_authors_as_there_were(authors: list[str]) -> None:
    named = [name for name in authors if "author" in _fields(entry(_paper("A title", name)))]
    assume(named)
    (fields,) = (fields for _, fields in _by_the_book(entry(_paper("A title", *authors))))
    depth, bare = 0, ""
    for sign in fields["author"][1:-1]:
        depth += (sign == "{") - (sign == "}")
        bare += "x" if depth or sign == "}" else sign
    assert len(re.split(r"\s+and\s+", bare, flags=re.IGNORECASE)) == len(named)


# Keys


def _key(paper: Paper) -> str:
    return next(key for key, _ in _by_the_book(entry(paper)))


@pytest.mark.parametrize(
    ("title", "authors", "key"),
    [
        ("FuseChat: Knowledge Fusion", ["Fanqi Wan"], "wan2024fusechat"),
        ("On the Art of the Possible", ["Wan, Fanqi"], "wan2024art"),
        ("Representation Learning", ["Aaron van den Oord"], "oord2024representation"),
        ("A", ["Jean-Pierre Smith-Jones Jr."], "smithjones2024a"),
        ("What's Next?", ["Conor O’Brien"], "obrien2024whats"),
        ("Über Größe", ["Łukasz Øre"], "ore2024uber"),
        (r"$\alpha$-VAE for \textit{E. coli}", [r"Kurt G\"odel"], "godel2024vae"),
        ("GPT-4 Report", ["OpenAI", "Ada Byron"], "openai2024gpt"),
        ("Gemini", ["Gemini Team", "Ada Byron"], "gemini2024gemini"),
        ("3D Gaussians in 2048", ["Cher"], "cher20243d"),
        ("2048", ["王 伟"], "paper2024"),
        ("名前", [], "paper2024"),
        ("x" * 99, ["y" * 99], f"{'y' * 30}2024{'x' * 30}"),
    ],
)
def test_a_key_is_name_year_and_a_telling_word(title: str, authors: list[str], key: str) -> None:
    assert _key(_paper(title, *authors)) == key


def test_keys_that_would_be_equal_carry_their_ids_in_any_order() -> None:
    one, other = _paper("Fuse it", "A Wan"), _paper("Fuse that", "B Wan", keys=("arxiv:2402.00001",))
    third = _paper("Fuse", "C Wan", keys=("url:https://e.org", "text:ab"), published="2024-01-01")
    alone = _paper("Else", "D Wan", keys=("arxiv:2402.00002",))
    for papers in ([one, other, third, alone], [alone, third, other, one]):
        keys = {fields["title"]: key for key, fields in _by_the_book(render(papers))}
        assert keys["{{Fuse it}}"] == "wan2024fuse-240216107"
        assert keys["{{Fuse that}}"] == "wan2024fuse-240200001"
        assert re.fullmatch("wan2024fuse-[0-9a-f]{8}", keys["{{Fuse}}"])
        assert keys["{{Else}}"] == "wan2024else"


def test_a_paper_that_is_named_twice_is_there_once() -> None:
    assert render([_paper(), _paper()]) == render([_paper()])
