"""What a person typed for a source: a category, an author, a period, an address or a file."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from papers_tui.domain.categories import ARCHIVES, CATEGORIES, known_category
from papers_tui.domain.errors import PapersError
from papers_tui.domain.identity import arxiv_id
from papers_tui.domain.sources import Source
from papers_tui.domain.text import clean_line
from papers_tui.late import pattern
from papers_tui.subscriptions.addresses import default_name, file_path, normalised

_FORMS = "such as cs.CL+cs.LG, author:Hinton, week, https://example.org/blog or ~/feed.xml"
_PREFIX = pattern(r"(arxiv|daily-papers|daily|hf|feed)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_FIELD = pattern(r"(author|title|abstract|all)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_PERIODS = {
    **dict.fromkeys(("daily", "daily-papers", "daily papers", "dailypapers"), ""),
    **{period: period for period in ("week", "month", "trending")},
}
_SCHEME = pattern(r"https?://", re.IGNORECASE)
_HOST = pattern(r"(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#].*)?", re.IGNORECASE)
_PATHS = ("/", "~", "./", "../")
_FEED_FILES = (".xml", ".rss", ".atom", ".json", ".opml")
_HUB = ("huggingface.co", "www.huggingface.co", "hf.co")
_ARXIV = ("arxiv.org", "www.arxiv.org", "export.arxiv.org", "rss.arxiv.org")
_ONE_PAPER = ("abs", "pdf", "html")

_LONGEST_NAME = 80
"""Characters of a path that a message shows."""


def source_from(text: str, *, home: Path) -> Source:
    """The source that `text` means, with the name that follows from it; `home` is what `~` stands for.

    Understood are arXiv categories (`cs.CL, cs.LG`), authors (`author:"Yann LeCun"`) and words (`arxiv:some words`,
    `arxiv:search?title=…`); Daily Papers and its periods (`week`, `hf:search:words`); the addresses of either's pages
    and feeds; any other web address, with or without https://; and files that exist. A source's `ref` means itself.
    Raises PapersError, with the nearest category or the forms there are, for anything else.
    """
    typed = text.strip()
    if not typed:
        raise PapersError("source", "it is empty", _FORMS)
    for form in (_prefixed, _located, _field, _period, _categories, _host):
        if found := form(typed, home):
            kind, address = found
            return Source(default_name(kind, address), kind, address)
    raise _not_understood(typed)


_Found = tuple[str, str] | None
"""A kind and a normalised address; None where the text has another form."""


def _prefixed(text: str, home: Path) -> _Found:
    found = _PREFIX.fullmatch(text)
    if not found:
        return None
    kind, rest = found[1].lower(), found[2].strip()
    if kind == "feed":
        return _stated_feed(rest, home)
    if kind == "arxiv":
        return _field(rest, home) or _categories(rest, home) or _words(rest)
    return _period(rest, home) or ("daily-papers", normalised("daily-papers", rest))


def _stated_feed(text: str, home: Path) -> _Found:
    # feed://host/path is an old way to write http://host/path
    place = f"http:{text}" if text.startswith("//") else text
    if _SCHEME.match(place):
        return "feed", normalised("feed", place)
    return _located(place, home) or _host(place, home) or ("feed", normalised("feed", place))


def _located(text: str, home: Path) -> _Found:
    """A web address, or a file."""
    if _SCHEME.match(text):
        return _page(text) or ("feed", normalised("feed", text))
    if text[:5].lower() == "file:":
        return _file(Path(file_path(text)))
    if text.startswith("~/"):
        return _file(home / text[2:].lstrip("/"))
    if text.startswith(_PATHS):
        return _file(Path(text))
    if "/" not in text and text.lower().endswith(_FEED_FILES):
        return _file(Path(text))
    return None


def _field(text: str, _: Path) -> _Found:
    found = _FIELD.fullmatch(text)
    return _search(found[1].lower(), found[2].strip()) if found else None


def _period(text: str, _: Path) -> _Found:
    period = _PERIODS.get(" ".join(text.lower().split()))
    return None if period is None else ("daily-papers", period)


def _categories(text: str, _: Path) -> _Found:
    """A search in the form that is kept, or names that are categories, or look so much like some as no words do."""
    if re.match(r"search\s*\?", text, re.IGNORECASE):
        return "arxiv", normalised("arxiv", text)
    alike = [_looks_like_one(name) for name in re.split(r"[+,\s]+", text) if name]
    listed = re.search("[+,]", text) is not None and "/" not in text
    if alike and (all(alike) or (listed and any(alike))):
        return "arxiv", normalised("arxiv", text)
    return None


def _host(text: str, _: Path) -> _Found:
    if not _HOST.fullmatch(text):
        return None
    address = f"https://{text}"
    return _page(address) or ("feed", normalised("feed", address))


def _words(text: str) -> _Found:
    """A search over everything; a single word is rather a category with a mistake in it."""
    if len(text.split()) > 1:
        return _search("all", text)
    if arxiv_id(text):
        raise _one_paper(text)
    try:
        return "arxiv", normalised("arxiv", text)
    except PapersError as error:
        hint = f"{error.hint}; to search for a word: arxiv:all:WORD"
        raise PapersError("arXiv", error.message, hint) from None


def _search(field: str, text: str) -> tuple[str, str]:
    words = text.strip("\"'“”") if field == "author" else text
    return "arxiv", normalised("arxiv", "search?" + urlencode({field: words}))


def _page(address: str) -> _Found:
    """The source behind a page or a feed of Hugging Face or arXiv."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return None
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host in _HUB and path[:1] == ["papers"]:
        return _daily_page(path[1:], dict(parse_qsl(parts.query)))
    if host in _ARXIV and len(path) > 1:
        if path[0] in ("list", "rss", "atom"):
            return "arxiv", normalised("arxiv", path[1])
        if path[0] in _ONE_PAPER:
            raise _one_paper(address)
    return None


def _daily_page(path: list[str], query: dict[str, str]) -> _Found:
    if query.get("q", "").strip():
        return "daily-papers", normalised("daily-papers", f"search:{query['q']}")
    match path[:1]:
        case [] | ["date"]:
            return "daily-papers", ""
        case ["week" | "month" | "trending" as period]:
            return "daily-papers", period
    if arxiv_id(path[0]):
        raise _one_paper("/".join(path))
    return None


def _file(path: Path) -> tuple[str, str]:
    whole = clean_line(str(path))
    name = whole if len(whole) <= _LONGEST_NAME else f"…{whole[-_LONGEST_NAME:]}"  # its end tells more
    try:
        place = path.parent.resolve() / path.name
        folder, there = place.is_dir(), place.exists()
    except (OSError, ValueError, RuntimeError):
        folder, there = False, False
    if folder:
        raise PapersError(name, "it is a folder", "name a feed's file in it")
    if not there:
        raise PapersError(name, "there is no such file", "a web address begins with https://")
    if place.suffix.lower() == ".opml":
        raise PapersError(name, "it is a list of feeds, no feed", "`papers-tui import` brings in all of them")
    return "feed", normalised("feed", str(place))


_KNOWN = frozenset(name.lower() for name in (*CATEGORIES, *ARCHIVES))


def _looks_like_one(name: str) -> bool:
    """Whether a name can be meant for a category: `cs.XY` is no host, but a mistake."""
    archive, dot, rest = name.lower().partition(".")
    return name.lower() in _KNOWN or (bool(dot) and archive in ARCHIVES and rest.replace("-", "").isalpha())


def _one_paper(text: str) -> PapersError:
    return PapersError(clean_line(text)[:80], "it is one paper, no source of papers", _FORMS)


def _not_understood(text: str) -> PapersError:
    title = clean_line(text)[:80] or "source"
    if text.lower().startswith("search:"):
        words = clean_line(text[len("search:") :])[:40]
        hint = f"say where: arxiv:{words} or daily:search:{words}"
        return PapersError(title, "arXiv and Daily Papers can both be searched", hint)
    near = ""
    try:
        known_category(text)
    except PapersError as error:
        near = f"{error.hint}; " if error.hint.startswith("perhaps") else ""
    return PapersError(title, "no source is known by this", f"{near}{_FORMS}")
