"""Whether what stands in the config directory is understood."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from papers_tui import rulebook, saved_views, subscriptions, watching
from papers_tui.config import Config, load_config
from papers_tui.doctor.finding import Finding, counted, note, ok, problem
from papers_tui.domain.confidential import holds_secret
from papers_tui.domain.sources import Source
from papers_tui.paths import Paths

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look_at_settings(paths: Paths) -> Iterator[Finding]:
    """What is wrong in the files that people write; one that is missing is as good as an empty one."""
    config, problems = load_config(paths.config_file)
    hint = "mend it; `papers-tui config` shows every setting"
    yield from _file(paths.config_file, "no fault in it", problems, hint)
    yield from _keys(config)
    sources, problems = subscriptions.load(paths.sources_file)
    yield from _file(paths.sources_file, counted(len(sources), "source"), problems)
    yield from _readers(paths.sources_file, sources)
    views, problems = saved_views.load(paths.views_file)
    yield from _file(paths.views_file, counted(len(views), "view"), problems)
    rules = rulebook.load(paths)
    yield from _file(paths.rules_file, counted(len(rules.kept), "rule"), rules.problems)
    authors, problems = watching.load(paths.authors_file)
    yield from _file(paths.authors_file, counted(len(authors), "author"), problems)


def _file(path: Path, held: str, problems: Sequence[str], hint: str = "") -> Iterator[Finding]:
    for text in problems:
        yield problem("config", text, hint or "mend it; its former version is kept beside it as .bak")
    if not problems:
        yield ok("config", f"{path.name}: {held if path.exists() else 'none, the defaults hold'}")


def _keys(config: Config) -> Iterator[Finding]:
    from papers_tui.ui.commands import keymap  # Textual, which names the keys, may be what is broken

    for text in keymap(config.keys).problems:
        yield problem("config", text, "the help of the app (?) has the ids and keys of all commands")


def _readers(path: Path, sources: Sequence[Source]) -> Iterator[Finding]:
    """Who else may read the addresses, where one of them is a secret."""
    secret = any(holds_secret(source.address) for source in sources)
    if secret and path.stat().st_mode & _FOR_OTHERS:
        text = f"{path}: others may read it, and an address in it holds a secret"
        yield note("config", text, f"chmod 600 {path.name}")
