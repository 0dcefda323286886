"""The addresses of sources in the one form that is kept, and the names that follow from them."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from papers_tui.domain.categories import ARCHIVES, CATEGORIES
from papers_tui.domain.errors import PapersError
from papers_tui.domain.links import safe_url
from papers_tui.domain.text import clean_line
from papers_tui.late import pattern

_PERIODS = ("", "week", "month", "trending")
_DAILY_SEARCH = pattern(r"search:\S+(?: \S+)*")
_TERM = r"(?:author|title|abstract|all)=[a-zA-Z0-9](?:\+?[\w.~-]){0,200}"
_SEARCH = pattern(rf"search\?{_TERM}(?:&{_TERM})*", re.ASCII)
_LONGEST_PATH = 4096
_LONGEST_NAME = 100
_LONGEST_DAILY_SEARCH = 250
_CREDENTIALS = pattern(r"https?://[^/?#]*@", re.IGNORECASE)
_CONTROL = pattern("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NO_PATH = pattern(r"(https?://[^/?#]+)(?=[?#]|\Z)")


def normalised(kind: str, address: str) -> str:
    """The address as it is kept: two spellings of one place become the same.

    `kind` is one of `domain.sources.KINDS`. Raises PapersError, with the way out, where the address names nothing
    of that kind. What stands there as the program writes it is taken as it is; the adapters, which take time to
    import, are asked about the rest.
    """
    if kind == "feed":
        return _place(address.strip())
    if _as_written(kind, address):
        return address
    if kind == "arxiv":
        from papers_tui.sources import arxiv

        return str(arxiv.parse_source(address))
    from papers_tui.sources import huggingface

    return str(huggingface.parse_source(address))


def default_name(kind: str, address: str) -> str:
    """What a source is called before anybody names it; `address` is a normalised one."""
    match kind:
        case "daily-papers":
            period = address.replace("search:", "search ", 1)
            name = f"Daily Papers: {period}" if period else "Daily Papers"
        case "arxiv" if address.startswith("search?"):
            terms = parse_qsl(address.removeprefix("search?"), errors="replace")
            said = ", ".join(text if field == "all" else f"{field} {text}" for field, text in terms)
            name = f"arXiv: {said}"
        case "arxiv":
            name = f"arXiv {address.replace('+', ' + ')}"
        case _ if address.startswith("/"):
            name = PurePosixPath(address).name
        case _:
            name = (urlsplit(address).hostname or "").removeprefix("www.")
    return source_name(name) or "feed"


def source_name(text: str) -> str:
    """A name as it is kept: one line, at most 100 characters; empty where nothing of it can be shown."""
    return clean_line(text)[:_LONGEST_NAME].strip()


def file_path(address: str) -> str:
    """The path that a `file:` address names, decoded. Raises PapersError where it is on another machine."""
    rest = re.sub(r"\Afile:", "", address, flags=re.IGNORECASE)
    host, slash, path = (
        rest[2:].partition("/") if rest.startswith("//") else ("", "/", rest.removeprefix("/"))
    )
    if host.lower() not in ("", "localhost") or not slash:
        raise PapersError("feed", "a file: address of another machine can't be read", "write file:///path")
    return "/" + unquote(path, errors="surrogateescape")


def _as_written(kind: str, address: str) -> bool:
    """Whether the address has the form that the program itself writes."""
    if kind == "daily-papers":
        short = len(address) <= _LONGEST_DAILY_SEARCH
        return address in _PERIODS or (short and _DAILY_SEARCH.fullmatch(address) is not None)
    names = address.split("+")
    known = all(name in CATEGORIES or name in ARCHIVES for name in names)
    return (known and len(set(names)) == len(names)) or _SEARCH.fullmatch(address) is not None


def _place(address: str) -> str:
    """A feed's web address, or the absolute path of its file."""
    if address[:5].lower() == "file:":
        address = file_path(address)
    if address.startswith("/"):
        if _CONTROL.search(address) or len(address) > _LONGEST_PATH:
            hint = "give the file a name of letters and digits"
            raise PapersError("feed", "the path has characters that a list of sources can't keep", hint)
        return address
    if _CREDENTIALS.match(address):
        hint = "give it without; where a site asks for one, look for a feed with a token in its address"
        raise PapersError("feed", "its address holds a user name or a password, which are not kept", hint)
    safe = safe_url(address)
    if safe is None:
        hint = "give one that begins with https:// or http://, or the absolute path of a file"
        raise PapersError("feed", f'"{clean_line(address)[:80]}" is not an address of a feed', hint)
    return _NO_PATH.sub(r"\1/", safe.partition("#")[0])
