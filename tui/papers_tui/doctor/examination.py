"""Looking at everything there is, each thing whatever became of the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from papers_tui import subscriptions
from papers_tui.doctor.finding import Finding, problem
from papers_tui.doctor.machine import look_at_network, look_at_versions
from papers_tui.doctor.places import look_at_places
from papers_tui.doctor.records import look_at_cache, look_at_clock, look_at_journal, look_at_sources
from papers_tui.doctor.settings import look_at_settings
from papers_tui.doctor.terminal import Screen, look_at_terminal
from papers_tui.domain.confidential import environment_secrets, without_secrets
from papers_tui.journal.device import known_device_id
from papers_tui.journal.health import journal_health
from papers_tui.paths import Paths
from papers_tui.store.health import cache_health


def examine(paths: Paths | None, screen: Screen, *, now: datetime, home: Path) -> Iterator[Finding]:
    """Looks at everything, changes nothing and asks no source; the findings are told as they come.

    `paths` is None where nobody knows the directories; `now` is the time in UTC. What is told shows the folder `home`
    as `~`, and no password, token or value of a secret variable of the environment.
    """
    looks: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("versions", look_at_versions),
        ("terminal", partial(look_at_terminal, screen)),
        ("network", partial(look_at_network, screen.environ)),
    ]
    if paths is not None:
        looks += [
            ("folders", partial(look_at_places, paths)),
            ("config", partial(look_at_settings, paths)),
            ("journal", partial(_journal, paths, now)),
            ("cache", partial(_cache, paths)),
        ]
    secrets = environment_secrets(screen.environ)
    for about, look in looks:
        for finding in _told(about, look):
            hide = partial(_hidden, home=home, secrets=secrets)
            yield replace(finding, text=hide(finding.text), advice=hide(finding.advice))


def _journal(paths: Paths, now: datetime) -> Iterator[Finding]:
    files = journal_health(paths.journal)
    yield from look_at_journal(files, known_device_id(paths.log))
    yield from look_at_clock(files, now)


def _cache(paths: Paths) -> Iterator[Finding]:
    health = cache_health(paths.cache)
    yield from look_at_cache(health)
    yield from look_at_sources(subscriptions.load(paths.sources_file)[0], health.states)


def _told(about: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        yield problem(about, f"{where}{error.strerror or error}", "see to it, and look again")
    except Exception as error:  # noqa: BLE001 what is too broken to be looked at is what a doctor is asked about
        yield problem(
            about, f"it can't be looked at: {type(error).__name__}: {error}", "report this as a bug"
        )


def _hidden(text: str, *, home: Path, secrets: Iterable[str]) -> str:
    text = without_secrets(text, secrets)
    return text if home == Path("/") else re.sub(rf"{re.escape(str(home))}(?=/|\b|$)", "~", text)
