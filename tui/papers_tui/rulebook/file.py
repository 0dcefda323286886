"""`rules.toml`: read without complaint that would be fatal, and changed whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from papers_tui.config import load_config
from papers_tui.domain.errors import PapersError
from papers_tui.domain.rules import Rules
from papers_tui.late import dataclass
from papers_tui.paths import Paths
from papers_tui.rulebook.entries import RULES


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
    kept: Rules | None = None
    try:
        kept, problems = RULES.load(paths.rules_file)
    except PapersError as error:
        problems = (str(error),)
    known = config.rules is not None and kept is not None
    return Rulebook(config.rules or (), kept or (), known, problems)


def edit(path: Path, change: Callable[[Rules], Rules]) -> Rules:
    """Changes the rules in the file by `change`, and gives them as they are now. Raises as `Tables.edit` does."""
    return RULES.edit(path, change)
