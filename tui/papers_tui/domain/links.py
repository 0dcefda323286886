"""Links: found in a text, classified, put in order, and made safe to open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote, quote_plus, urlsplit

from papers_tui.domain.identity import arxiv_id, key_arxiv_id
from papers_tui.domain.paper import KINDS, ORIGINS, Link, Paper
from papers_tui.domain.text import clean_line, unicode_tex
from papers_tui.late import pattern

_HOST = r"(?:[a-z0-9_-]+\.)+[a-z]{2,}"
_KNOWN_HOST = (
    r"(?:(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitee\.com|huggingface\.co|hf\.co"
    r"|kaggle\.com|youtube\.com|modelscope\.cn|zenodo\.org|figshare\.com)|anonymous\.4open\.science|osf\.io"
    r"|youtu\.be|sites\.google\.com|doi\.org|arxiv\.org)/[a-z0-9]"
)
_START = pattern(
    rf"(?P<scheme>https?):\s{{0,3}}//\s{{0,3}}(?={_HOST})"
    rf"|(?<![\w@./-])(?=www\.{_HOST}|{_KNOWN_HOST}|[a-z0-9-]+\.(?:github|gitlab)\.io\b)",
    re.IGNORECASE,
)
_HINTS = ("//", "www.", ".com/", ".co/", ".org/", ".io", ".science/", ".be/", ".cn/")
_LONGEST_BEFORE_A_HINT = 80
_RUN = pattern(r"(?:\\[_#%&~]|[!#%&'()*+,./0-9:;=?@A-Z_a-z~-]){1,2001}")  # one more than safe_url takes
_NEXT_URL = pattern(r"(?<![/=])https?:", re.IGNORECASE)
_ESCAPED = pattern(r"\\([_#%&~])")
_AFTER_A_URL = ".,;:!?'\"*("
_PLACEHOLDER = pattern(r"/your[-_]?(?:repo|user|name|org|project|account|link)|/x{3,}(?:/|\Z)", re.IGNORECASE)

_NAMED_IN_MARKDOWN = pattern(r"\[([^\[\]]{1,120})\]\(\Z")
_HREF = pattern(r"href\{\s?\Z")
_END_OF_GROUP = pattern(r"\s{0,3}\}")
_GROUP = pattern(r"\s{0,3}\{((?:[^{}]|\{[^{}]*\}){0,300})\}")
_IS_ADDRESS = pattern(r"https?:|www\.|^[\w.-]+\.[a-z]{2,}/", re.IGNORECASE)
_SAYS_NOTHING = pattern(r"(?:available )?(?:here|link|(?:this )?(?:https )?url|this link)\W*", re.IGNORECASE)
_LONGEST_LABEL = 80

_FORGES = frozenset(("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "gitcode.com"))
_CODE_HOSTS = _FORGES | {"gist.github.com", "raw.githubusercontent.com", "git.sr.ht", "sourceforge.net"}
_GITHUB_PAGE = pattern(
    "about|apps|collections|enterprise|events|explore|features|issues|login|marketplace|new|notifications|orgs"
    "|pricing|pulls|readme|search|security|settings|signup|sponsors|stars|site|topics|trending"
)
_HUB = frozenset(("huggingface.co", "hf.co", "hf-mirror.com"))
_HUB_SECTIONS = {
    "datasets": "dataset", "spaces": "space", "papers": "discussion", "collections": "model",
}  # fmt: skip
_HUB_PAGE = pattern(
    "blog|chat|docs|enterprise|inference|join|learn|login|models|organizations|posts|pricing|settings|tasks"
)
_PAGE_HOSTS = (
    "github.io",
    "gitlab.io",
    "pages.dev",
    "netlify.app",
    "vercel.app",
    "web.app",
    "sites.google.com",
)
_DATA_HOSTS = (
    "zenodo.org", "osf.io", "figshare.com", "kaggle.com", "datadryad.org", "data.mendeley.com", "physionet.org",
    "openneuro.org", "dataverse.harvard.edu", "ieee-dataport.org",
)  # fmt: skip
_DATA_DOIS = pattern(r"/10\.(?:5281|6084|17605|5061|7910|34740|17632|13026|57967)/")
_VIDEO_HOSTS = ("youtube.com", "youtu.be", "vimeo.com", "bilibili.com", "b23.tv")

_TRUST = {origin: place for place, origin in enumerate(ORIGINS)} | {"admin": ORIGINS.index("user")}
_OFFERED = frozenset(("code", "pdf", "project", "model", "dataset"))
_OF_THE_PAPER = frozenset(("paper", "pdf", "discussion"))

_PLAIN_IN_A_DOI = "/:;()@!$&'*+,="
_LONGEST_URL = 2000
_UNFIT = pattern("[\\s\x00-\x20\x7f-\x9f\ud800-\udfff]")
_SAFE_HOST = pattern(r"[a-z0-9_][a-z0-9_.-]*|\[[0-9a-f:.]+\]")
_NOT_IDNA_2003 = frozenset("ßς\u200c\u200d")
_LONE_PERCENT = pattern(r"%(?![0-9A-Fa-f]{2})")


def find_links(text: str, origin: str = "abstract") -> tuple[Link, ...]:
    r"""The addresses in `text`, each once, in the order in which they stand there.

    Read are http(s) addresses, also when glued to a word, broken after the scheme or wrapped in TeX or
    Markdown, and `www.` and well-known hosts without a scheme, which get https. What `\href`, Markdown or
    Hugging Face's stripped `A{B}` call an address becomes its label. An address keeps its spelling, but
    `.git` goes, and http becomes https on GitHub and Hugging Face, which redirect there. An owner without a
    repository or a hyphen at the end makes it doubtful. arXiv's help pages and placeholders are not offered.
    """
    links: list[Link] = []
    at = _first_hint(text)
    while start := _START.search(text, at):
        raw = _address(text, start.end())
        label, at = _label(text, start.start(), start.end() + len(raw))
        scheme = (start["scheme"] or "https").lower()
        if link := _link(scheme, _ESCAPED.sub(r"\1", raw), label, origin):
            links.append(link)
    return tuple(_distinct(links))


def classify(url: str) -> str:
    """The kind of the page at `url`, one of KINDS, as far as its host and path tell.

    A forge's page is code unless it is one of the forge's own (`github.com/features`). On Hugging Face a
    user's page is "other", since it may hold anything; a collection counts as models.
    """
    parts = _split(url)
    host = _host(parts)
    path = _path_parts(parts)
    if _is_forge(host):
        return (
            "other"
            if not path or (host == "github.com" and _GITHUB_PAGE.fullmatch(path[0].lower()))
            else "code"
        )
    if host in _HUB:
        return _kind_on_the_hub(path)
    if host.endswith(".hf.space"):
        return "space"
    if host == "modelscope.cn" and path[:1] in (["models"], ["datasets"]):
        return path[0].removesuffix("s")
    if host in ("arxiv.org", "export.arxiv.org", "browse.arxiv.org"):
        return {"abs": "paper", "html": "paper", "pdf": "pdf"}.get(path[0] if path else "", "other")
    if host in ("doi.org", "dx.doi.org"):
        return "data" if _DATA_DOIS.match(parts.path) else "paper"
    for kind, hosts in (("project", _PAGE_HOSTS), ("data", _DATA_HOSTS), ("video", _VIDEO_HOSTS)):
        if any(host == known or host.endswith("." + known) for known in hosts):
            return kind
    return "other"


def derived_links(keys: tuple[str, ...], *, discussion: bool = False) -> tuple[Link, ...]:
    """The links that follow from a paper's keys: its page, its PDF, and its Hugging Face discussion if asked."""
    links: list[Link] = []
    for key in keys:
        kind, _, value = key.partition(":")
        if kind == "arxiv":
            links.append(Link(f"https://arxiv.org/abs/{value}", "paper", origin="derived"))
            links.append(Link(f"https://arxiv.org/pdf/{value}", "pdf", origin="derived"))
            if discussion:
                links.append(Link(f"https://huggingface.co/papers/{value}", "discussion", origin="derived"))
        elif kind == "doi":
            # A DOI may hold what an address may not (https://www.doi.org/the-identifier/resources/handbook).
            links.append(
                Link(f"https://doi.org/{quote(value, safe=_PLAIN_IN_A_DOI)}", "paper", origin="derived")
            )
        elif kind == "url":
            url = value if "://" in value else f"https://{value}"
            links.append(Link(url, "paper", origin="derived"))
    return tuple(links)


def order_links(links: Iterable[Link]) -> tuple[Link, ...]:
    """The distinct links in the order of KINDS, then the most trusted, then the certain, then the first.

    Of several links to the same address the most trusted stays, with a label if any of them has one. A page
    deep in a repository comes right after the repository. The paper's own page, PDF and discussion, which
    follow from its keys, come before those that a text mentions: it may mean another paper's.
    """
    links = tuple(links)
    if len(links) < 2:
        return links
    ranked = sorted(_distinct(links), key=_rank)
    places: dict[tuple[str, ...], int] = {}
    for place, link in enumerate(ranked):
        places.setdefault(_family(link.url), place)
    return tuple(sorted(ranked, key=lambda link: (places[_family(link.url)], _is_deep(link.url))))


def all_links(paper: Paper) -> tuple[Link, ...]:
    """Everything to open for `paper`: what its sources state and what follows from its keys, in order."""
    own = key_arxiv_id(paper.keys)
    stated = (link for link in paper.links if not own or link.kind != "paper" or arxiv_id(link.url) != own)
    return order_links((*stated, *derived_links(paper.keys, discussion=paper.edition is not None)))


def repository(links: Iterable[Link]) -> Link | None:
    """The code to open: the first code link, a certain one before a doubtful one."""
    code = [link for link in links if link.kind == "code"]
    return min(code, key=lambda link: link.doubtful, default=None)


def offers(paper: Paper) -> frozenset[str]:
    """What a paper has of code, a PDF, a project page, models and datasets, as kinds of link.

    The PDF is its own, not one that its abstract mentions.
    """
    kinds = {link.kind for link in paper.links if link.kind != "pdf" or link.origin != "abstract"}
    if key_arxiv_id(paper.keys):
        kinds.add("pdf")
    return frozenset(kinds & _OFFERED)


def destination(paper: Paper, kind: str) -> Link | None:
    """What "code", "paper" or "pdf" opens for a paper; None where nothing is known.

    The page and the PDF are the paper's own, never those of a paper that its abstract mentions. A paper without
    a page of its own is looked for by its title on Hugging Face: that link's origin is "search".
    """
    links = all_links(paper)
    if kind == "code":
        return repository(links)
    own = next((link for link in links if link.kind == kind and link.origin != "abstract"), None)
    if own or kind != "paper":
        return own
    return Link(f"https://huggingface.co/papers?q={quote_plus(paper.title[:250])}", "other", origin="search")


def same_address(url: str) -> str:
    """What two spellings of one address have in common.

    Left out are the scheme, `www.`, a slash or `.git` at the end, and the case of host and path; a query or
    a fragment counts as it stands, for it often names the page.
    """
    parts = _split(url)
    host = _host(parts)
    path = parts.path.lower().rstrip("/").removesuffix(".git")
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{'huggingface.co' if host == 'hf.co' else host}{path}{query}{fragment}"


def safe_url(url: str) -> str | None:
    """`url` as percent-encoded ASCII that may be handed to a browser, or None if it may not.

    It is http or https, has a host (in punycode, RFC 3490), no user or password, no control character or
    space, and at most 2,000 characters. Nothing is decoded and existing %XX stay, so that it means what it
    meant. Idempotent.
    """
    url = url.strip(" ")
    if len(url) > _LONGEST_URL or _UNFIT.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        if not host.isascii():
            if _NOT_IDNA_2003.intersection(host):
                return None
            host = host.encode("idna").decode().lower()
    except ValueError:
        return None
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _SAFE_HOST.fullmatch(host):
        return None
    rest = url[len(parts.scheme) + len("://") + len(parts.netloc) :]
    tail = quote(_LONE_PERCENT.sub("%25", rest), safe="%/:=&?~#+!$,;@()*[]")
    safe = f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{tail}"
    return safe if len(safe) <= _LONGEST_URL else None


def _first_hint(text: str) -> int:
    """Where it is worth to begin: most texts have no address, or one at their end."""
    places = [place for hint in _HINTS if (place := text.find(hint)) >= 0]
    return max(0, min(places) - _LONGEST_BEFORE_A_HINT) if places else len(text)


def _address(text: str, at: int) -> str:
    """The address whose host begins at `at`, still with TeX's backslashes, without what follows it."""
    found = _RUN.match(text, at)
    raw = found[0] if found else ""
    if following := _NEXT_URL.search(raw):
        raw = raw[: following.start()]
    depth = 0
    for place, sign in enumerate(raw):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            raw = raw[:place]
            break
    return raw.rstrip(_AFTER_A_URL)


def _label(text: str, start: int, end: int) -> tuple[str, int]:
    """What the text calls the address between `start` and `end`, and where to read on."""
    if _HREF.search(text[max(0, start - 8) : start]):
        closed = _END_OF_GROUP.match(text, end)
        named = _GROUP.match(text, closed.end()) if closed else None
    else:
        named = _GROUP.match(text, end) if text.startswith("{", end) else None
    if named:
        return _as_label(named[1]), named.end()
    markdown = _NAMED_IN_MARKDOWN.search(text[max(0, start - 130) : start])
    return (_as_label(markdown[1]) if markdown else ""), end


def _as_label(name: str) -> str:
    label = clean_line(unicode_tex(name))
    if (
        len(label) > _LONGEST_LABEL
        or "\\" in label
        or _IS_ADDRESS.search(label)
        or _SAYS_NOTHING.fullmatch(label)
    ):
        return ""
    return label


def _link(scheme: str, address: str, label: str, origin: str) -> Link | None:
    parts = _split(f"{scheme}://{address}")
    host, path = _host(parts), _path_parts(parts)
    if host == "info.arxiv.org" or (host == "arxiv.org" and path[:1] == ["help"]):
        return None
    forge = _is_forge(host)
    if _PLACEHOLDER.search(parts.path) or ((forge or host in _HUB) and not path):
        return None
    if host in _HUB or host == "github.com":
        scheme = "https"
    if forge:
        address = re.sub(r"\.git/?\Z", "", address)
    url = f"{scheme}://{address}"
    if not safe_url(url):
        return None
    kind = classify(url)
    doubtful = address.endswith("-") or (kind == "code" and host in _FORGES and len(path) == 1)
    return Link(url, kind, label, origin, doubtful)


def _kind_on_the_hub(path: list[str]) -> str:
    if path and path[0] in _HUB_SECTIONS:
        return _HUB_SECTIONS[path[0]] if len(path) > 1 else "other"
    return "model" if len(path) > 1 and not _HUB_PAGE.fullmatch(path[0]) else "other"


def _distinct(links: Iterable[Link]) -> list[Link]:
    kept: dict[str, Link] = {}
    for link in links:
        address = same_address(link.url)
        other = kept.get(address)
        if not other:
            kept[address] = link
            continue
        best = min(other, link, key=_trust)
        kept[address] = Link(
            best.url, best.kind, best.label or other.label or link.label, best.origin, best.doubtful
        )
    return list(kept.values())


def _rank(link: Link) -> tuple[int, int, bool]:
    kind = KINDS.index(link.kind) if link.kind in KINDS else len(KINDS)
    return kind, _trust(link), link.doubtful


def _trust(link: Link) -> int:
    if link.origin == "derived" and link.kind in _OF_THE_PAPER:
        return -1
    return _TRUST.get(link.origin, len(_TRUST))


def _family(url: str) -> tuple[str, ...]:
    """What a repository and the pages deep in it have in common; any other address stands alone."""
    parts = _split(url)
    path = _path_parts(parts)
    if _host(parts) in _FORGES and len(path) >= 2:
        return _host(parts), path[0].lower(), path[1].lower().removesuffix(".git")
    return (same_address(url),)


def _is_deep(url: str) -> bool:
    parts = _split(url)
    return _host(parts) in _FORGES and len(_path_parts(parts)) > 2


def _is_forge(host: str) -> bool:
    if host in _CODE_HOSTS or host.endswith("4open.science"):
        return True
    return not host.endswith("gitlab.io") and any(
        label.startswith("gitlab") or label == "git" for label in host.split(".")[:-1]
    )


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").removeprefix("www.")


def _path_parts(parts: SplitResult) -> list[str]:
    return [part for part in parts.path.split("/") if part]
