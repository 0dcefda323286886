"""Links: found as researchers write them, ordered by use and trust, safe to open."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers_tui.domain.links import (
    all_links,
    classify,
    derived_links,
    destination,
    find_links,
    offers,
    order_links,
    repository,
    safe_url,
    same_address,
)
from papers_tui.domain.paper import KINDS, Link, Paper

FOUND = [
    # as most are written
    ("Code: https://github.com/hustvl/MaTVLM", ["https://github.com/hustvl/MaTVLM"]),
    ("at http://github.com/hustvl/MaTVLM.", ["https://github.com/hustvl/MaTVLM"]),
    ("at https://github.com/neulab/retomaton .", ["https://github.com/neulab/retomaton"]),
    (".../Knowledge https://github.com/x/Survey_Papers, dedicated", ["https://github.com/x/Survey_Papers"]),
    ("see https://rb.gy/ws1ile.", ["https://rb.gy/ws1ile"]),
    ("the host https://lamo2023.github.io", ["https://lamo2023.github.io"]),
    ("https://www.youtube.com/watch?v=GYT-65HZwus.", ["https://www.youtube.com/watch?v=GYT-65HZwus"]),
    (
        "https://github.com/a/Awesome-LLMs. To run them, visit https://www.nexaai.com/models.",
        ["https://github.com/a/Awesome-LLMs", "https://www.nexaai.com/models"],
    ),
    (
        "(Code: https://github.com/LiqunMa/FBI-LLM. Model: https://huggingface.co/LiqunMa/).",
        ["https://github.com/LiqunMa/FBI-LLM", "https://huggingface.co/LiqunMa/"],
    ),
    ("https://en.wikipedia.org/wiki/Foo_(bar).", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
    ("(https://osf.io/mpcr5). Code and data", ["https://osf.io/mpcr5"]),
    ("`https://github.com/Rose-STL-Lab/AnomLLM/`.", ["https://github.com/Rose-STL-Lab/AnomLLM/"]),
    # deep pages and .git
    (
        "https://github.com/o/p/tree/main/OCR/MGP-STR.",
        ["https://github.com/o/p/tree/main/OCR/MGP-STR"],
    ),
    ("https://github.com/geranium12/plant/tree/v1.0.0.", ["https://github.com/geranium12/plant/tree/v1.0.0"]),
    (
        "https://github.com/modelscope/Nexus-Gen.git to facilitate",
        ["https://github.com/modelscope/Nexus-Gen"],
    ),
    ("https://github.com/EmpathYang/TinyHelen.git.", ["https://github.com/EmpathYang/TinyHelen"]),
    ("https://gitlab.com/a/b.git", ["https://gitlab.com/a/b"]),
    # TeX and Markdown around it
    (
        r"\url{https://github.com/s-v/multi_llm_story_writing}.",
        ["https://github.com/s-v/multi_llm_story_writing"],
    ),
    (
        "url{https://github.com/tding1/Efficient-LLM-Survey}.",
        ["https://github.com/tding1/Efficient-LLM-Survey"],
    ),
    (r"ChatGLM\url{https://chatglm.cn}, an online", ["https://chatglm.cn"]),
    (
        r"\href{https://github.com/alelopes/CCNext}{\texttt{https://github.com/alelopes/CCNext}}.",
        ["https://github.com/alelopes/CCNext"],
    ),
    (
        r"\href{https://t.github.io/DAP_website/} {https://t.github.io/DAP\_website/}",
        ["https://t.github.io/DAP_website/"],
    ),
    (r"\href{https://github.com/N/HHS}{github.com/N/HHS}.", ["https://github.com/N/HHS"]),
    (r"\footnote{available at https://github.com/L/DIN-Retrieval}.", ["https://github.com/L/DIN-Retrieval"]),
    (r"https://github.com/a/show\_suggest\_tell.", ["https://github.com/a/show_suggest_tell"]),
    ("[https://a.github.io/W](https://a.github.io/W).", ["https://a.github.io/W"]),
    # no scheme
    ("at www.forecastbench.org.", ["https://www.forecastbench.org"]),
    ("at github.com/nuniniyujin/Unpaired-ISP .", ["https://github.com/nuniniyujin/Unpaired-ISP"]),
    ("Pre-registered on OSF (osf.io/7p64)", ["https://osf.io/7p64"]),
    ("page lab.github.io/x and me@www.example.org", ["https://lab.github.io/x"]),
    # glued and broken
    ("this webpage.https://github.com/badripatro/mamba360.", ["https://github.com/badripatro/mamba360"]),
    ("availableathttps://github.com/Lackel/Tools", ["https://github.com/Lackel/Tools"]),
    ("Project-page:https://b.github.io/Multi4D.io/", ["https://b.github.io/Multi4D.io/"]),
    ("https://a.io/xhttps://b.io/y", ["https://a.io/x", "https://b.io/y"]),
    (
        "https://web.archive.org/web/2015/http://citala.org/x.",
        ["https://web.archive.org/web/2015/http://citala.org/x"],
    ),
    ("https:// github.com/DeepLearnXMU/Faithful-RAG", ["https://github.com/DeepLearnXMU/Faithful-RAG"]),
    ("https: //v.github.io/MOTOR-Dataset/", ["https://v.github.io/MOTOR-Dataset/"]),
    ("https:\n//anonymous.4open.science/r/x-1/", ["https://anonymous.4open.science/r/x-1/"]),
    ("https://a.io/x，以及", ["https://a.io/x"]),
    # nothing to offer
    ("the effectiveness ohttps://info.arxiv.org/help/prep#abstractsf our method", []),
    ("see https://arxiv.org/help/prep", []),
    ("available at: https://github.com/[your-repo-link]", []),
    ("https://github.com/<user>/<repo>", []),
    ("https://github.com/your-username/your-repo", []),
    ("https://github.com/XXXX", []),
    ("code is on GitHub soon, or on github.com.", []),
    ("https:// and then nothing, http://localhost", []),
    ("write to someone@github.com/x", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "urls"), FOUND)
def test_addresses_are_found_as_they_are_meant(text: str, urls: list[str]) -> None:
    assert [link.url for link in find_links(text)] == urls


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("https://github.com/a/shadow_llm/{ShadowLLM}.", "ShadowLLM"),
        (r"$\href{https://github.com/T/MixGRPO}{MixGRPO}$.", "MixGRPO"),
        (r"\href{https://github.com/s/F}{\texttt{s/F}}", "s/F"),
        ("[Github](https://github.com/H/SWE-Flow).", "Github"),
        (r"\href{https://github.com/a/b}{github.com/a/b}", ""),
        (r"$\href{https://github.com/a/b}{\text{this URL}}$", ""),
        ("[here](https://github.com/a/b)", ""),
        (r"\href{https://github.com/a/b}{\color[RGB]{1,2,3}{b}}", ""),
        ("https://github.com/a/b", ""),
    ],
)
def test_an_address_is_called_what_the_text_calls_it(text: str, label: str) -> None:
    assert [link.label for link in find_links(text)] == [label]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("at https://github.com/luca-hagen/ Wasserstein-x", "https://github.com/luca-hagen/"),
        ("at https://github.com/lixinustc/KVQE-\nChallenge2025.", "https://github.com/lixinustc/KVQE-"),
        ("https://github.com/CAIR- LAB- WFUSM", "https://github.com/CAIR-"),
        ("https://github.com/ncsu-dk-lab.", "https://github.com/ncsu-dk-lab"),
    ],
)
def test_an_address_that_is_probably_cut_short_is_doubtful(text: str, url: str) -> None:
    assert find_links(text) == (Link(url, "code", doubtful=True),)


def test_a_link_knows_who_stated_it() -> None:
    assert find_links("https://osf.io/x", "comment") == (Link("https://osf.io/x", "data", origin="comment"),)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/a/b", "code"),
        ("https://github.com/a", "code"),
        ("https://github.com/features/copilot", "other"),
        ("https://github.com/orgs/a/repositories", "other"),
        ("https://gist.github.com/a/1", "code"),
        ("https://gitlab.com/a/b", "code"),
        ("https://gitlab.kit.edu/a/b", "code"),
        ("https://bitbucket.org/a/b", "code"),
        ("https://codeberg.org/a/b", "code"),
        ("https://gitee.com/a/b", "code"),
        ("https://anonymous.4open.science/r/x", "code"),
        ("https://huggingface.co/a/b", "model"),
        ("https://hf.co/a/b", "model"),
        ("https://huggingface.co/collections/a/b", "model"),
        ("https://huggingface.co/LiqunMa/", "other"),
        ("https://huggingface.co/blog/x", "other"),
        ("https://huggingface.co/datasets/a/b", "dataset"),
        ("https://huggingface.co/spaces/a/b", "space"),
        ("https://a-b.hf.space", "space"),
        ("https://huggingface.co/papers/2402.16107", "discussion"),
        ("https://arxiv.org/abs/2402.16107", "paper"),
        ("http://arxiv.org/pdf/2402.16107v2", "pdf"),
        ("https://arxiv.org/list/cs.CL/new", "other"),
        ("https://doi.org/10.1000/182", "paper"),
        ("https://doi.org/10.5281/zenodo.20307458", "data"),
        ("https://zenodo.org/records/1", "data"),
        ("https://osf.io/mpcr5", "data"),
        ("https://www.kaggle.com/datasets/x", "data"),
        ("https://figshare.com/x", "data"),
        ("https://lab.github.io/x", "project"),
        ("https://lab.gitlab.io/x", "project"),
        ("https://sites.google.com/view/x", "project"),
        ("https://www.youtube.com/watch?v=1", "video"),
        ("https://youtu.be/1", "video"),
        ("https://vimeo.com/1", "video"),
        ("https://www.bilibili.com/video/1", "video"),
        ("https://notgithub.com/a/b", "other"),
        ("https://chatglm.cn", "other"),
        ("https://[broken", "other"),
        ("", "other"),
    ],
)
def test_kinds(url: str, kind: str) -> None:
    assert classify(url) == kind


def test_what_follows_from_the_keys() -> None:
    keys = ("arxiv:2402.16107", "doi:10.1000/182", "url:https://a.io/p", "guid:feed:1", "text:abc")
    assert [(link.kind, link.url, link.origin) for link in derived_links(keys, discussion=True)] == [
        ("paper", "https://arxiv.org/abs/2402.16107", "derived"),
        ("pdf", "https://arxiv.org/pdf/2402.16107", "derived"),
        ("discussion", "https://huggingface.co/papers/2402.16107", "derived"),
        ("paper", "https://doi.org/10.1000/182", "derived"),
        ("paper", "https://a.io/p", "derived"),
    ]
    assert [link.kind for link in derived_links(keys[:1])] == ["paper", "pdf"]
    (odd,) = derived_links(("doi:10.1002/(sici)1<1::aid#2>3.0.co;2-?%",))
    assert odd.url == "https://doi.org/10.1002/(sici)1%3C1::aid%232%3E3.0.co;2-%3F%25"
    assert derived_links(("text:abc",)) == ()


def test_order_is_by_kind_then_trust_then_doubt_then_appearance() -> None:
    ordered = [
        Link("https://github.com/o/1", "code", origin="official"),
        Link("https://github.com/u/1", "code", origin="user"),
        Link("https://github.com/c/1", "code", origin="comment"),
        Link("https://github.com/a/1", "code"),
        Link("https://github.com/a/2", "code"),
        Link("https://github.com/a", "code", doubtful=True),
        Link("https://github.com/y/1", "code", origin="community"),
        Link("https://github.com/x/1", "code", origin="auto"),
        Link("https://huggingface.co/m/1", "model", origin="hub"),
        Link("https://lab.github.io", "project"),
        Link("https://a.io", "other", origin="user"),
        Link("https://arxiv.org/abs/2402.16107", "paper", origin="derived"),
        Link("https://arxiv.org/abs/1706.03762", "paper"),
    ]
    mixed = [ordered[at] for at in (9, 7, 11, 5, 3, 4, 12, 0, 10, 8, 6, 1, 2)]
    assert list(order_links(mixed)) == ordered


def test_of_two_links_to_one_place_the_trusted_stays_and_keeps_the_label() -> None:
    links = (
        Link("http://www.GitHub.com/A/b.git", "code", label="Code"),
        Link("https://github.com/a/B/", "code", origin="user"),
    )
    assert order_links(links) == (Link("https://github.com/a/B/", "code", label="Code", origin="user"),)


def test_a_deep_page_comes_right_after_its_repository() -> None:
    deep, other, root = (
        Link("https://github.com/o/r/tree/main/x", "code", origin="user"),
        Link("https://github.com/o/else", "code", origin="comment"),
        Link("https://github.com/O/R.git", "code"),
    )
    assert order_links((other, deep, root)) == (root, deep, other)


def test_all_links_of_a_paper() -> None:
    paper = Paper(
        keys=("arxiv:2402.16107",),
        title="FuseChat",
        edition="2026-03-02",
        links=(
            Link("https://arxiv.org/abs/2402.16107v3", "paper"),
            Link("https://arxiv.org/abs/2401.10491", "paper"),
            Link("https://github.com/18907305772/FuseAI", "code"),
        ),
    )
    assert [link.url for link in all_links(paper)] == [
        "https://github.com/18907305772/FuseAI",
        "https://arxiv.org/abs/2402.16107",
        "https://arxiv.org/abs/2401.10491",
        "https://arxiv.org/pdf/2402.16107",
        "https://huggingface.co/papers/2402.16107",
    ]


def test_the_repository_is_the_first_certain_code() -> None:
    doubtful = Link("https://github.com/a", "code", doubtful=True)
    certain = Link("https://github.com/a/b", "code")
    page = Link("https://a.github.io", "project")
    assert repository((page, doubtful, certain)) == certain
    assert repository((page, doubtful)) == doubtful
    assert repository((page,)) is None


def test_what_a_key_press_opens_is_the_papers_own() -> None:
    cited = Link("https://arxiv.org/abs/1706.03762", "paper")
    code = Link("https://github.com/a/b", "code")
    known = Paper(keys=("arxiv:2402.16107",), title="FuseChat", links=(cited, code))
    unknown = Paper(keys=("text:abc",), title="A & B", links=(cited,))
    opened = [destination(known, kind) for kind in ("code", "paper", "pdf")]
    assert [link and link.url for link in opened] == [
        "https://github.com/a/b",
        "https://arxiv.org/abs/2402.16107",
        "https://arxiv.org/pdf/2402.16107",
    ]
    searched = destination(unknown, "paper")
    assert searched == Link("https://huggingface.co/papers?q=A+%26+B", "other", origin="search")
    assert destination(unknown, "pdf") is destination(unknown, "code") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://github.com/a/b",
        "https://www.github.com/a/b/",
        "https://GitHub.com/A/B.git",
        "https://github.com/a/b.git/",
    ],
)
def test_spellings_of_one_address(url: str) -> None:
    assert same_address(url) == same_address("https://github.com/a/b")


def test_different_addresses_stay_apart() -> None:
    urls = [
        "https://y.be/a",
        "https://y.be/b",
        "https://y.be/w?v=a",
        "https://y.be/w?v=A",
        "https://y.be/w#/b",
    ]
    assert len({same_address(url) for url in urls}) == len(urls)


_words = st.sampled_from(
    ["https://", "http://", "github.com/", "www.", "x.io", "\\href{", "](", "b-", *"a/ .{}[)$\n"]
)


@settings(max_examples=2000)
@given(st.lists(_words, max_size=20).map("".join))
def test_whatever_is_found_can_be_opened(text: str) -> None:
    found = find_links(text)
    for link in found:
        assert safe_url(link.url)
        assert link.kind in KINDS
        assert link.url[-1] not in ".,;:!?'\"*}]`$"
        assert not set(link.url) & set(" \n{}[]$\\")
    assert len({same_address(link.url) for link in found}) == len(found)
    assert order_links(order_links(found)) == order_links(found)


@pytest.mark.parametrize(
    "part",
    ["https://", "https://a.io", "https://a.io/(", "https://a.io{", "www.", "a.", "{", "//", "github.io"],
)
def test_hostile_text_is_read_in_one_go(part: str) -> None:
    assert isinstance(find_links(part * (50_000 // len(part))), tuple)


SAFE = [
    ("https://arxiv.org/abs/2611.00001v2", "https://arxiv.org/abs/2611.00001v2"),
    ("https://doi.org/10.1000/(sici)1097", "https://doi.org/10.1000/(sici)1097"),
    ("https://例え.jp/あ?q=名#é", "https://xn--r8jz45g.jp/%E3%81%82?q=%E5%90%8D#%C3%A9"),
    ("https://github.com/a/b?x=1&y=%20z", "https://github.com/a/b?x=1&y=%20z"),
    ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ("HTTPS://Example.COM/Path", "https://example.com/Path"),
    ("https://a.io/%zz%41", "https://a.io/%25zz%41"),
    ("https://a.io/`$(id)`;'x'|\"", "https://a.io/%60$(id)%60;%27x%27%7C%22"),
    ("https://a.io/?#", "https://a.io/?#"),
    ("https://a.io/x@y:z", "https://a.io/x@y:z"),
]
UNSAFE = [
    "", "-h", "--profile=/tmp", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://a.io/",
    "https:///x", "https:a.io", "//a.io", "a.io", "https://user:pw@a.io/", "https://user@a.io", "https://@a.io/",
    "http://a.io/ b", "https://a.io/\nb", "https://a.io/\tb", "https://a.io/\x00", "https://a.io/\x1b[0m",
    "https://a.io/\x9b", "https://a.io/\ud800", "https://a.io/\xa0b", "https://a.io:99999/", "https://a.io:x/",
    "https://[::1", "https://a／b.io", "https://a\\b.io/", "https://a.io\\@b.io/", "https://-a.io/", "https://faß.de/",
    "https://a%41.io/", "https://" + "a" * 2000, "https://a.io/" + "é" * 900,
]  # fmt: skip


@pytest.mark.parametrize(("url", "safe"), SAFE)
def test_a_safe_address_keeps_its_meaning(url: str, safe: str) -> None:
    assert safe_url(url) == safe


@pytest.mark.parametrize("url", UNSAFE)
def test_an_unsafe_address_is_refused(url: str) -> None:
    assert safe_url(url) is None


_evil = st.sampled_from(
    [
        "-", "--x", "javascript:", "file:///", "data:", "\n", "\r", "\0", "\x1b]0;a\x07", " ", "`id`", "$(id)", ";",
        "|", "&", "'", '"', "@", "user:pw@", "\u202e", "／", "http://", "https://", "HTTP://", "//", "\\", "%0a", "%00",
        "%", "arxiv.org", "/abs/2611.00001", "[::1]", ":99999", ":80", "#", "?", "é", "名", "\ud800", "ß", ".", "..",
    ]
)  # fmt: skip


@settings(max_examples=4000)
@given(
    st.one_of(
        st.lists(_evil, max_size=8).map("".join),
        st.lists(_evil, max_size=6).map(lambda parts: "https://a.io" + "".join(parts)),
        st.text(max_size=60).map(lambda text: "https://" + text),
        st.text(max_size=60),
    )
)
def test_what_reaches_a_browser_is_plain_http(url: str) -> None:
    safe = safe_url(url)
    if safe is None:
        return
    assert re.fullmatch(r"https?://[a-z0-9_.:\[\]-]+(?:[/?#][!-~]*)?", safe)
    assert not set(safe) & set("\"'`<>\\^{}| ")
    assert len(safe) <= 2000
    assert safe_url(safe) == safe
    assert urlsplit(safe).username is None
    assert unquote(urlsplit(safe).path) == unquote(urlsplit(url.strip(" ")).path)


def test_candidates_of_real_abstracts_and_comments(shared: Path) -> None:
    for line in (shared / "links" / "tricky_links.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        judged = [] if row["case"] == "placeholder" else row["candidate"]
        assert [link.url for link in find_links(row["text"])] == judged, row["text"]


def test_every_repository_in_the_saved_pages_is_found(shared: Path) -> None:
    pages = sorted((shared / "seeds").glob("*.txt"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        links = find_links(text)
        addresses = {same_address(link.url) for link in links}
        for named in re.findall(r"github\.com/[\w-]+/[\w-]+(?:\.[\w-]+)*", text):
            assert any(address.startswith(same_address(f"https://{named}")) for address in addresses), named
        for link in links:
            assert link.url[-1] not in ".{}`,)"
            assert "info.arxiv.org" not in link.url


@pytest.mark.parametrize(
    ("keys", "links", "offered"),
    [
        (("text:1",), (), ""),
        (("arxiv:2511.00001",), (), "pdf"),
        (("text:1",), (Link("https://x.org/a.pdf", "pdf", origin="abstract"),), ""),
        (("text:1",), (Link("https://x.org/a.pdf", "pdf", origin="official"),), "pdf"),
        (
            ("text:1",),
            tuple(
                Link(f"https://x.org/{kind}", kind)
                for kind in ("code", "project", "model", "dataset", "video")
            ),
            "code dataset model project",
        ),
    ],
)
def test_what_a_paper_has(keys: tuple[str, ...], links: tuple[Link, ...], offered: str) -> None:
    paper = Paper(keys, "x", links=links)
    assert sorted(offers(paper)) == offered.split()
    assert ("code" in offers(paper)) is (destination(paper, "code") is not None)
    assert ("pdf" in offers(paper)) is (destination(paper, "pdf") is not None)
