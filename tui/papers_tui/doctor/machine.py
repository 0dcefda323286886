"""What the program stands on: Python, SQLite, its libraries, and what the environment tells it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import metadata

from papers_tui import __version__
from papers_tui.doctor.finding import Finding, ok, problem
from papers_tui.domain.confidential import without_secrets
from papers_tui.store.health import sqlite_health

_OLDEST_PYTHON, _OLDEST_SQLITE = (3, 11), (3, 34)
_SHOWN = ("textual", "rich")
_NEEDED = (*_SHOWN, "platformdirs", "tomli-w", "httpx", "httpcore", "feedparser", "nh3", "markdownify")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY")


def look_at_versions() -> Iterator[Finding]:
    """Whether everything is there that the program needs."""
    python = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info >= _OLDEST_PYTHON
    yield _version(f"papers-tui {__version__}, Python {python}", fits=fits, wanted="Python 3.11")
    version, searches = sqlite_health()
    new = tuple(map(int, version.split(".")[:2])) >= _OLDEST_SQLITE
    text = f"SQLite {version}{'' if searches else ' without FTS5'}"
    yield _version(text, fits=new and searches, wanted="SQLite 3.34 with FTS5")
    there = {name: _installed(name) for name in _NEEDED}
    if missing := [name for name, version in there.items() if not version]:
        hint = "install papers-tui again, into an environment of its own"
        yield problem("versions", f"not installed: {', '.join(missing)}", hint)
    if shown := [f"{name.capitalize()} {there[name]}" for name in _SHOWN if there[name]]:
        yield ok("versions", ", ".join(shown))


def look_at_network(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What the environment says about asking sources; nothing is asked."""
    token = environ.get("HF_TOKEN", "").strip()
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        yield problem("network", "HF_TOKEN can't be sent: it holds a space or a sign", "copy it again")
    elif token:
        yield ok("network", "HF_TOKEN is set: Hugging Face is asked under your account")
    if proxies := [name for name in _PROXIES if environ.get(name)]:
        said = ", ".join(f"{name}={without_secrets(environ[name])}" for name in proxies)
        yield ok("network", f"sources are asked through a proxy: {said}")


def _version(text: str, *, fits: bool, wanted: str) -> Finding:
    return ok("versions", text) if fits else problem("versions", text, f"{wanted} or later is needed")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
