"""Text as data: nothing acts on the terminal, nothing that is said gets lost."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.tallying import Tally

from papers_tui.domain.text import (
    clean_line,
    clean_lines,
    clean_text,
    fold_for_identity,
    fold_name,
    fold_words,
    for_terminal,
    index_words,
    spellings,
    split_words,
    unicode_tex,
    words_of,
)

CLEANERS = (clean_line, clean_text, clean_lines, for_terminal)
DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufdd0-\ufdef"
    "\U000e0000-\U000e007f\ud800-\udfff\ufffe\uffff\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)

HOSTILE = [
    ("a\x1b]0;title\x07b", "ab"),
    ("a\x1b]2;title\x1b\\b", "ab"),
    ("\x1b]8;;http://evil/\x1b\\click\x1b]8;;\x1b\\", "click"),
    ("a\x1b]52;c;cm0gLXJm\x07b", "ab"),
    ("a\x1b]1337;File=name=x:AAAA\x07b", "ab"),
    ("a\x1bP$qm\x1b\\b", "ab"),
    ("a\x1b_Ga=T,i=1;AAAA\x1b\\b", "ab"),
    ("a\x1b^private\x1b\\b", "ab"),
    ("a\x1bXstart\x1b\\b", "ab"),
    ("a\x1b[31mb\x1b[0m", "ab"),
    ("a\x1b[2J\x1b[10;10Hb", "ab"),
    ("a\x1b[?1049hb", "ab"),
    ("a\x1b[1 qb", "ab"),
    ("a\x1bcb", "ab"),
    ("a\x1b(Bb", "ab"),
    ("a\x9b31mb", "ab"),
    ("a\x9d0;title\x9cb", "ab"),
    ("a\x90$q\x9cb", "ab"),
    ("a\x1b]0;never ended", "a]0;never ended"),
    ("a\x1b[", "a["),
    ("a\x1b", "a"),
    ("a\x1b\x1b[1mb", "ab"),
    ("a\x07\x08\x00\x7f\x05\x0e\x0fb", "ab"),
    ("a\u202eb\u202c\u2066c\u2069\u061c\u200e", "abc"),
    ("a\u200bb\ufeffc\u2060d\xade", "abcde"),
    ("a\U000e0041\U000e007fb", "ab"),
    ("a\ud800b\udfffc", "abc"),
    ("a\ufdd0b\uffffc\U0010fffed", "abcd"),
    ("a\u200db\u200cc", "abc"),
    ("a\u0301\u0301\u0301\u0301\u0301\u0301b", "a\u0301\u0301\u0301\u0301b"),
    (" \ufe0fa\ufe0f\ufe0eb", "a\ufe0fb"),
]

WHOLE = [
    "naïve café — “quoted” … 10⁻³ α≤β",
    "Phạm Văn Đồng",
    "e\u0301 with its accent apart",
    "Привет, мир",
    "שָׁלוֹם עֲלֵיכֶם",
    "اَلسَّلَامُ عَلَيْكُمْ",
    "می‌خواهم",  # a non-joiner between letters
    "नमस्ते श‍्र क्‍ष",  # joiners make the half forms
    "ന്‍",  # and end a Malayalam word
    "ภาษาไทยที่นี้",
    "བོད་སྐད་ རྒྱལ་པོ",
    "မြန်မာဘာသာ",
    "機械学習　論文",
    "한국어",
    "👨‍👩‍👧‍👦 ❤️‍🔥 👩🏽‍🚀 🏳️‍🌈 1️⃣ 🇨🇭",
    "[@click=app.quit] [/b] [bold red]",
    r"$\alpha$ 100\% {x}",
]


@pytest.mark.parametrize(("text", "clean"), HOSTILE)
def test_what_could_act_is_taken_out_as_a_whole(text: str, clean: str) -> None:
    assert clean_line(text) == clean_text(text) == clean
    assert clean_lines(text).strip(" ") == for_terminal(text).strip(" ") == clean


@pytest.mark.parametrize("text", WHOLE)
def test_every_script_stays_whole(text: str) -> None:
    for cleaner in CLEANERS:
        assert cleaner(text) == text


@pytest.mark.parametrize("text", ["", "Attention Is All You Need", "“naïve” – Ünïcödé", "機械学習"])
def test_what_is_clean_is_drawn_as_the_same_object(text: str) -> None:
    assert for_terminal(text) is text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  A title  ", "A title"),
        ("A title\n  that goes on", "A title that goes on"),
        ("A title \r\n \r\n that goes on", "A title that goes on"),
        ("two  spaces stay", "two  spaces stay"),
        ("a\tb", "a b"),
        ("a\x85b\u2028c\u2029d\x0be\x0cf", "a b c d e f"),
        ("a\n\u200b\n b", "a b"),
        ("\n", ""),
    ],
)
def test_a_line_is_one_line(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("  hard\nwrapped\ntext\n", "hard wrapped text"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\r\n\r\ntwo\rstill two", "one\n\ntwo still two"),
        ("one\n \t \n\n\ntwo", "one\n\ntwo"),
        ("one\n  two by arXiv's way\nstill two", "one\n\ntwo by arXiv's way still two"),
        ("one\n one space is no paragraph", "one one space is no paragraph"),
        ("one\u2029\u2029two", "one\n\ntwo"),
        ("inner  spaces stay", "inner  spaces stay"),
        ("\n\n\n", ""),
    ],
)
def test_a_text_keeps_its_paragraphs(text: str, paragraphs: str) -> None:
    assert clean_text(text) == paragraphs


def test_the_users_lines_stay_as_they_are() -> None:
    assert clean_lines("- a\r\n\t- b \n\n\n  c\x1b[1m\n") == "- a\n    - b \n\n\n  c\n"


def test_a_drawn_line_keeps_its_spaces() -> None:
    assert for_terminal("  a\n\tb\x1b[1m  ") == "  a  b  "


@pytest.mark.parametrize("cleaner", CLEANERS)
@pytest.mark.parametrize(
    "start", ["\x1b]", "\x1bP", "\x9d", "\x1b[", "\u0301", "\u0e31", "a\u200d", "\x1b", "\n ", " \r"]
)
def test_a_hundred_thousand_beginnings_are_read_in_one_go(cleaner: Callable[[str], str], start: str) -> None:
    assert not DANGEROUS.search(cleaner(start * 50_000))


_any_text = st.one_of(
    st.text(st.characters(codec=None), max_size=60),
    st.lists(
        st.sampled_from(
            [
                *"\x1b\x9b\x9d\x90\x9c\x07[]P;m7A\\ \n\r\t\x85\u2028\u200b\ud800\ufdd0\U000e0041\u202e\xa0a",
                *"\u200d\u200c\ufe0f\u0301\u0e31\u0940\u094d\u0915\u06cc❤😀",
                *("\x1b[1m", "\x1b]0;", "\x1b\\"),
            ]
        ),
        max_size=30,
    ).map("".join),
)


@settings(max_examples=3000)
@given(_any_text)
@example("\n \u200d\u0301 \n")
def test_nothing_dangerous_survives_and_a_second_cleaning_finds_nothing(tally: Tally, text: str) -> None:
    tally("hostile inputs")
    for cleaner in CLEANERS:
        clean = cleaner(text)
        assert not DANGEROUS.search(clean)
        assert cleaner(clean) == clean
    assert "\n" not in clean_line(text)
    assert not set("\n\t") & set(for_terminal(text))
    assert "\n" not in clean_text(text).replace("\n\n", "")
    assert "\n\n\n" not in clean_text(text)


@settings(max_examples=1000)
@given(st.text(st.characters(exclude_characters="\x1b\x90\x98\x9b\x9d\x9e\x9f"), max_size=60))
def test_letters_and_digits_are_never_lost(text: str) -> None:
    said = [sign for sign in text if sign.isalnum()]
    for cleaner in CLEANERS:
        assert [sign for sign in cleaner(text) if sign.isalnum()] == said


@settings(max_examples=500)
@given(st.text(max_size=60))
def test_the_cleaners_agree_on_what_is_said(text: str) -> None:
    assert clean_line(clean_text(text)).split() == clean_line(text).split()


FORMULAS = [
    (r"$\alpha$", "α"),
    (r"$\mathbb{R}^d$", "ℝᵈ"),
    (r"$O(n^2)$", "O(n²)"),
    (r"$\mathcal{L}_{\text{CE}}$", "ℒ_CE"),
    (r"$\frac{1}{2}$", "1/2"),
    (r"$\frac{a+b}{2c}$", "(a+b)/2c"),
    (r"$\sqrt{n}$", "√n"),
    (r"$\sqrt[3]{n+1}$", "³√(n+1)"),
    (r"$x_{i}^{2}$", "xᵢ²"),
    (r"$\tilde{O}(\sqrt{T})$", "Õ(√T)"),
    (r"$\ell_2$", "ℓ₂"),
    (r"$\epsilon$-greedy", "ε-greedy"),
    (r"$\sim$10$\times$", "∼10×"),
    (r"$3\times 3$", "3×3"),
    (r"$p<0.01$", "p<0.01"),
    (r"$\hat{y} \in \{0,1\}^K$", "ŷ ∈ {0,1}ᴷ"),
    (r"$\lVert Ax-b\rVert_2$", "‖Ax-b‖₂"),
    (r"$2^{10}$ and $10^{-3}$", "2¹⁰ and 10⁻³"),
    (r"$\nabla_\theta J(\theta)$", "∇_θJ(θ)"),
    (r"$\sum_{i=1}^{N} x_i$", "∑ᵢ₌₁ᴺ xᵢ"),
    (r"$\langle x, y\rangle$", "⟨x, y⟩"),
    (r"$\mathbf{x}$", "x"),
    (r"$O(\log n)$", "O(log n)"),
    (r"$n\log n$", "n log n"),
    (r"$\left(\frac{1}{\epsilon}\right)^{2}$", "(1/ε)²"),
    (r"$\mathbb R$, $\hat y$, $\frac12$", "ℝ, ŷ, 1/2"),
    (r"$x_{train}$ $x_{i,j}$ $a_{\max}$", "x_train xᵢ,ⱼ aₘₐₓ"),
    (r"$90^\circ$, $x^*$, $f'$, $A^\top$", "90°, x*, f′, Aᵀ"),
    (r"$\not\in$ $\not=$", "∉ ≠"),
    (r"$ \alpha $-b", "α-b"),
    ("$k$NN, top-$k$, $AV$, $SO(d)$, $[0, 1)$", "kNN, top-k, AV, SO(d), [0, 1)"),
    (r"1$-$2\%", "1-2%"),
    (r"$\texttt{$Flora$}$", "Flora"),
    (r"$\softmax(x)$", "softmax(x)"),
    (r"\(x^2\) and \[y_1\]", "x² and y₁"),
    (r"$$E = mc^2$$", "E = mc²"),
    ("10^{-3} and CO_{2}", "10⁻³ and CO₂"),
    (r"\sim 10\times faster than \alpha", "∼ 10× faster than α"),
    (r"$\href{https://github.com/a_b/c}{\text{this URL}}$", "this URL"),
]

WORDS = [
    (r"\textit{stable perplexity}", "stable perplexity"),
    (r"\textbf{a \emph{b}} \underline{c} \mbox{d}", "a b c d"),
    (r"{\it least disagree metric}", "least disagree metric"),
    (r"\textbf{bold} 50\% \& more", "bold 50% & more"),
    (r"\url{https://chatglm.cn}", "https://chatglm.cn"),
    (r"\url{https://a.io/x\_y~z}", "https://a.io/x_y~z"),
    (r"\href{https://a.io/b_c}{the \textbf{page}}", "the page"),
    (r"\textcolor{red}{red}\footnote{a note}", "red (a note)"),
    (r"Poincar\'e, Poincar{\'e}, Erd\H{o}s, G\"odel, na\"{\i}ve", "Poincaré, Poincaré, Erdős, Gödel, naïve"),
    (r"fa\c{c}ade, Ho\v{r}ava, Stra\ss e, J\o rgensen, S{\o}ren", "façade, Hořava, Straße, Jørgensen, Søren"),
    ("``Self-'' and ``grounded-ness\" of", "“Self-” and “grounded-ness” of"),
    ("a---b, 1--2", "a—b, 1–2"),
    (r"Fig.~1, et~al., see~\cite{a}", r"Fig. 1, et al., see \cite{a}"),
    (r"\eg text, \ie", "e.g. text, i.e."),
    (r"\$5 and \$6", "$5 and $6"),
]

UNTOUCHED = [
    "",
    "no TeX at all",
    r"\ours achieves; \ourMethod-trained; \name{} too",
    "costs only $20 per-tutor and $5 more",
    "$20",
    "US$100K to $1M",
    "from $17.7K to $569, and $500-$780, or 20$-30$",
    "($500 vs. $100,000) and $1.61/hour versus 5GB and $0.16/hour",
    "S_1^{-alpha} and where S_1 is S_2$ large",
    "10^-3 and x^10",
    "about ~10, X~N(0,1), http://a.io/~me and 10~20",
    "x -- y, --flag, a--b, |---|---|",
    "``` code ``` and ``code``",
    r"\textbf{unclosed",
    r"$\frac{1}$ and $a}b$",
    r"\begin{equation} \cite{x} C:\new\dir",
    "{BERT} and A{B} in {braces}",
    "https://a.io/x_{y}--z~w",
    "\\",
]


@pytest.mark.parametrize(("tex", "shown"), FORMULAS + WORDS)
def test_tex_becomes_unicode(tex: str, shown: str) -> None:
    assert unicode_tex(tex) == shown


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_no_tex_or_beyond_us_stays(text: str) -> None:
    assert unicode_tex(text) == text


def test_a_price_beside_a_formula_keeps_its_dollar() -> None:
    assert unicode_tex(r"costs $20 with $\alpha$ and $5 without") == "costs $20 with α and $5 without"


HOSTILE_TEX = [
    "\\textbf{", "$", "{", "}", "``", "$\\$", "x^{", "\\", "\\frac", "~a", "\\href{", "$a", "$\\textbf{", "a_{b}",
    "\\'", "\\(", "`", "-", "\\hat", "\\sqrt{", "{\\it ", "\"", "\\sqrt[",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE_TEX)
def test_hostile_tex_ends(part: str) -> None:
    for text in (part * (100_000 // len(part)), f"${part * 250}$", part * 20_000 + "}" * 20_000):
        assert isinstance(unicode_tex(text), str)


@settings(max_examples=2000)
@given(
    st.lists(
        st.sampled_from(
            [*"ab1 $^_{}~-`'\".,()\n\\", "\\alpha", "\\frac", "\\text", "\\sqrt", "\\'", "``", "''"]
        )
    ).map("".join)
)
def test_tex_never_raises(text: str) -> None:
    unicode_tex(text)


@settings(max_examples=2000)
@given(st.text(st.sampled_from("abcXYZ0123é $^_{}~-`'\".,()=<>+\n"), max_size=60))
def test_without_commands_no_letter_or_digit_is_lost(text: str) -> None:
    assert _said(unicode_tex(text)) == _said(text)


def _said(text: str) -> list[str]:
    return [sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum()]


@pytest.mark.parametrize(
    ("arxiv", "hugging_face"),
    [
        (r"We propose \textbf{Cau++}", "We propose Cau++"),
        (r"is 20$\times$ faster", "is 20times faster"),
        (r"costs $\sim$40 \emph{ms}", "costs sim40 ms"),
        (r"at \href{https://a.io}{this page}", "at https://a.io{this page}"),
        (r"\textcolor{blue}{https://a.io}", "blue{https://a.io}"),
        ("Poincaré  embeddings\nof trees", "Poincare\u0301 embeddings of trees"),
        ("$D^2$-Mo", "D^2-Mo"),
        ("ﬁne STRAẞE", "fine strasse"),
    ],
)
def test_a_paper_folds_alike_with_and_without_its_tex(arxiv: str, hugging_face: str) -> None:
    assert fold_for_identity(arxiv) == fold_for_identity(hugging_face)


def test_different_papers_fold_apart() -> None:
    assert fold_for_identity("FuseChat 7B") != fold_for_identity("FuseChat 8B")
    assert fold_for_identity("機械学習") != fold_for_identity("機械翻訳")


@given(st.text(max_size=60))
def test_folding_leaves_letters_and_digits_only(text: str) -> None:
    assert all(sign.isalnum() for sign in fold_for_identity(text))


@settings(max_examples=500)
@given(st.text(max_size=60))
def test_both_ways_of_folding_agree(text: str) -> None:
    assert fold_for_identity(text) == fold_for_identity(text + "\u0301")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Large Language-Models", "large language-models"),
        ("STRASSE Straße", "strasse strasse"),
        ("機械学習", ["機", "械", "学", "習"]),
        ("GPTの評価", ["gpt", "の", "評", "価"]),
        ("ｆｕｌｌ ﬁ", "full fi"),
        ("한국어 모델", ["한", "국", "어", "모", "델"]),
    ],
)
def test_words_to_search_in(text: str, words: str | list[str]) -> None:
    folded = fold_words(text)
    assert (folded.split() if isinstance(words, list) else folded) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GPT-4o gpt4", "gpt 4 o gpt 4"),
        ("x_{ij} xᵢⱼ x²", "x ij x i j x 2"),
        (r"\alpha\beta$\Delta$-net", "alpha beta delta net"),
        ("αβ Δ µm ϵ-greedy", "αβ delta mu m epsilon greedy"),
        (r"Schr\"odinger Erd\H{o}s \L ukasz S\o{}ren {\'E}tale", "schrodinger erdos lukasz soren etale"),
        (r"\textbf{Bold} {\it a}\times b \ours", "bold a b ours"),
        ("Ünïcödé\u0301 Straße æther ŁÓDŹ", "unicode strasse aether lodz"),
        ("ｶﾞ ガ か\u3099", "ガ ガ が"),
        ("٣ ３ Ⅳ ½", "3 3 iv 1 2"),
        ("soft\u00adware zero\u200bwidth ❤\ufe0f 1\ufe0f\u20e3", "software zerowidth 1"),
        ("\ue000 \u0301 😀 — …", ""),
        ("हिन्दी ไทย", "हिन्दी ไ ท ย"),
    ],
)
def test_words_that_are_searched(text: str, words: str) -> None:
    assert " ".join(words_of(text)) == words


@pytest.mark.parametrize(
    ("passages", "words"),
    [
        ((), ""),
        (("",), ""),
        (("a b",), "a b"),
        (("Ann Lee", "Bo Ray"), "ann lee | bo ray"),
        (
            ("Pre-training of GPT-4 (fine-tuning)",),
            "pre training of gpt 4 fine tuning | pretraining | finetuning",
        ),
        (("state-of-the-art a- -b c--d",), "state of the art a b c d"),
        (("Schrödinger\nö",), "schrodinger o | schroedinger | oe"),
    ],
)
def test_words_in_an_index(passages: tuple[str, ...], words: str) -> None:
    assert " ".join(split_words(index_words(passages))).replace("\ue000", "|") == words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("?", ()),
        ("GPT-4", (("gpt", "4"),)),
        ("pre-training", (("pre", "training"), ("pretraining",))),
        ("Müller-Lüdenscheidt", (
            ("muller", "ludenscheidt"), ("mullerludenscheidt",), ("mueller", "luedenscheidt"),
        )),
    ],
)  # fmt: skip
def test_spellings_to_look_for(text: str, found: tuple[tuple[str, ...], ...]) -> None:
    assert spellings(text) == found


@given(st.text(st.sampled_from("ab1- _.é/"), max_size=30))
def test_words_of_one_hyphen_between_letters_are_found_joined(text: str) -> None:
    pairs = re.findall(r"(?<![\w-])([^\W\d_]+)-([^\W\d_]+)(?![\w-])", fold_words(text))
    _, *joined = index_words((text,)).split("\ue000")
    assert [word.strip() for word in joined] == list(dict.fromkeys(first + second for first, second in pairs))


@given(st.text(max_size=40))
def test_words_of_any_text_are_of_the_alphabet_that_the_index_knows(text: str) -> None:
    words = words_of(text)
    assert all(re.fullmatch("[0-9]+|[a-z\x80-\U0010ffff]+", word) for word in words)
    assert "\ue000" not in words
    assert not words or spellings(text)[0] == tuple(words)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("MoE", " moe ", True),
        ("to  read", "To Read", True),
        ("café", "CAFE\u0301", True),
        ("café", "cafe", True),
        ("C++", "C", False),
        ("😀", "😁", False),
        ("가", "가", True),
        ("が", "か", False),
    ],
)
def test_names_that_are_the_same(one: str, other: str, same: bool) -> None:
    assert (fold_name(one) == fold_name(other)) is same


def test_hugging_face_and_arxiv_agree_on_the_papers_both_have(shared: Path) -> None:
    with gzip.open(shared / "abstracts" / "arxiv_records_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        arxiv = {record["id"]: record["abstract"] for record in map(json.loads, lines)}
    papers: dict[str, str] = {}
    for page in sorted((shared / "hf" / "daily_papers_2026").glob("*.json")):
        papers |= {
            row["paper"]["id"]: row["paper"]["summary"]
            for row in json.loads(page.read_text(encoding="utf-8"))
        }
    both = papers.keys() & arxiv.keys()
    alike = sum(fold_for_identity(papers[one]) == fold_for_identity(arxiv[one]) for one in both)
    assert len(both) > 200
    assert alike / len(both) > 0.97


def test_real_abstracts_come_through(shared: Path) -> None:
    for line in (shared / "abstracts" / "arxiv_oddities.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for text in (record["title"], record["abstract"]):
            clean = clean_text(text)
            assert not DANGEROUS.search(clean)
            assert clean.split() == text.split()
            assert not DANGEROUS.search(unicode_tex(clean))
