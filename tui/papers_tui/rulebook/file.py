"""`rules.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.config import load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import Rules
from papers_tui.late import dataclass
from papers_tui.paths import Paths
from papers_tui.problems import UnfitError, shown, unfit
from papers_tui.rulebook.entries import Entry, holding, read, updated
from papers_tui.toml_file import Document, edit_document, read_document, text_of

HEADER = """\
# The rules that papers-tui keeps; those of your own hand belong in config.toml. It rewrites this file when rules
# change, without comments, and keeps the former version beside it as rules.toml.bak.
"""
_ARRAY = "rules"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules `by_hand`, in config.toml, and those `kept` by the program; rules are numbered in this order.

    `known` is False where one of the files could not be read at all: there may be others. `problems` are those of
    rules.toml, a sentence each; those of config.toml come with the settings.
    """

    by_hand: Rules
    kept: Rules
    known: bool = True
    problems: tuple[str, ...] = ()

    @property
    def rules(self) -> Rules:
        return (*self.by_hand, *self.kept)


def load(paths: Paths) -> Rulebook:
    """All rules that the user has. Nothing in the files is fatal: a rule that can't be used is named and left out."""
    config, _ = load_config(paths.config_file)
    kept, problems = _load_kept(paths.rules_file)
    known = config.rules is not None and kept is not None
    return Rulebook(config.rules or (), kept or (), known, problems)


def edit(path: Path, change: Callable[[Rules], Rules]) -> Rules:
    """Reads the rules in the file at `path`, changes them by `change`, writes them back, and gives them.

    What the file holds beyond readable rules stays in it. Nothing is written where nothing changed. Raises
    PapersError as `toml_file.edit_document` does, and where the file holds something else in place of the rules.
    """
    after: Rules = ()

    def changed(document: Document | None) -> str | None:
        nonlocal after
        held = document or {}
        try:
            entries, _ = _entries(held)
        except UnfitError:
            hint = "write [[rules]], in double brackets, before each of them"
            raise PapersError(str(path), "what it calls rules is no list of tables", hint) from None
        before = holding(entries)
        after = change(before)
        return None if after == before else text_of(held | {_ARRAY: updated(entries, after)}, _ARRAY, HEADER)

    edit_document(path, changed)
    return after


def _load_kept(path: Path) -> tuple[Rules | None, tuple[str, ...]]:
    """The rules in the file, None where it can't be read, and what is wrong with them."""
    try:
        document = read_document(path) or {}
        entries, problems = _entries(document)
    except PapersError as error:
        return None, (str(error),)
    except UnfitError as expected:
        return None, (f"{path}: {unfit(_ARRAY, document[_ARRAY], expected)}",)
    others = [
        f"{shown(name)} is not known here, expected [[rules]] tables" for name in document if name != _ARRAY
    ]
    return holding(entries), tuple(f"{path}: {problem}" for problem in (*others, *problems))


def _entries(document: Document) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    return read(document.get(_ARRAY, []))
