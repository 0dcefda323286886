"""Asking one source: what the kinds of source share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from typing import Any

from papers_tui.config import Services
from papers_tui.domain.paper import Paper
from papers_tui.domain.sources import Source, SourceState
from papers_tui.domain.tally import NOTHING, Tally
from papers_tui.late import dataclass
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources.feeds.parser import Parser
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused
from papers_tui.sources.http.client import Client

_MOST_VALIDATORS = 40


@dataclass(frozen=True, slots=True)
class Tools:
    """What all sources are asked with.

    `token` is the user's for Hugging Face, or empty; `keep` puts papers into the library: the source's name, papers,
    their rank; `remember` is told what a source is to know next time. `trusted` says that the addresses of feeds are
    the user's own, `brief` that no more is wanted than what shows what a source is like.
    """

    client: Client
    parser: Parser
    services: Services
    token: str = field(repr=False)
    now: Callable[[], datetime]
    keep: Callable[[str, Sequence[Paper], int], Tally]
    remember: Callable[[Source, SourceState], None]
    trusted: bool = True
    brief: bool = False

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes to Hugging Face with each request."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Job:
    """One source being asked. `notes` and `validators` begin as its state has them, and are what it is to have next.

    `since` is the day from which on papers are wanted, where the user named one; `told` hears what is being done.
    """

    def __init__(
        self,
        source: Source,
        state: SourceState,
        tools: Tools,
        *,
        since: date | None,
        told: Callable[[str], None],
    ) -> None:
        self.source = source
        self.since = since
        self.told = told
        self.services = tools.services
        self.headers = tools.headers
        self.parser = tools.parser
        self.brief = tools.brief
        self.tally = NOTHING
        self.notes: dict[str, Any] = dict(state.notes)
        self.validators = dict(state.validators)
        self._tools = tools
        self._state = state

    def now(self) -> datetime:
        return self._tools.now()

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, conditional: bool = True
    ) -> Answer:
        """Asks an address of the user's or of a service, saying (if `conditional`) which answer of it is known."""
        etag, modified = self.validators.get(url, (None, None)) if conditional else (None, None)
        answer = await self._tools.client.get(
            url, trusted=self._tools.trusted, headers=headers, etag=etag, last_modified=modified
        )
        if isinstance(answer, NotModified):
            self.validators[url] = self.validators.pop(
                url
            )  # of many the one that was longest of no use is dropped
        return answer

    def keep(self, papers: Sequence[Paper], rank: int) -> Tally:
        """Puts papers into the library, as this source's."""
        tally = self._tools.keep(self.source.name, papers, rank)
        self.tally += tally
        return tally

    def known(self, url: str, answer: Fetched) -> None:
        """Remembers an answer so that it need not be sent again. Its papers are to be kept by then, and those of all
        further pages that would not be asked for where this one is unchanged."""
        self.validators.pop(url, None)
        if answer.etag or answer.last_modified:
            self.validators[url] = (answer.etag, answer.last_modified)
            while len(self.validators) > _MOST_VALIDATORS:
                del self.validators[next(iter(self.validators))]

    def save(self) -> None:
        """Remembers for the next refresh how far this one got, in case that it gets no further."""
        self._tools.remember(self.source, replace(self._state, validators=self.validators, notes=self.notes))


def trouble(answer: Refused | Failed) -> Outcome:
    """The outcome of an answer that brought nothing."""
    if isinstance(answer, Refused):
        return Outcome("refused", answer.reason, until=answer.until, stated=answer.stated)
    said = f" ({answer.message})" if answer.message else ""
    return Outcome("failed", f"{answer.reason}{said}", kind=answer.kind)


def fresh_of(answer: Fetched | NotModified) -> float | None:
    """How many seconds an answer is fresh, where the server says so."""
    return None if answer.max_age is None else float(answer.max_age)
