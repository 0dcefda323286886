"""A made-up world of papers: one truth, of which each service shows its part as of now."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from urllib.parse import parse_qs, urlsplit

from tests.services import eastern, prose
from tests.services.arxiv_query import in_category, read_query
from tests.services.posts import Post, posts
from tests.services.submissions import Submission, Version, submissions

from papers_tui.domain.sources import Source
from papers_tui.sources import arxiv, huggingface

ANNOUNCE_TYPES = ("new", "cross", "replace", "replace-cross")
"""arXiv's words for an announcement, in the order in which its feeds list them."""

SHOWN = 20
"""How many posts a blog's feed holds."""

_FIRST = date(2026, 10, 26)
_HOLIDAYS = (date(2026, 11, 26), date(2026, 11, 27))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Announced:
    """A version of a paper in one day's feed; `type`, one of ANNOUNCE_TYPES, is as seen from what was asked for."""

    paper: Submission
    version: Version
    type: str


class World:
    """Papers that are submitted on `days` days from `first` on, about `a_day` of them on a weekday, and `blogs`.

    The same arguments make the same world. `now` is the only thing that changes: what was submitted, announced,
    voted for and written until then is there, and nothing else. It may be set from any thread.
    """

    def __init__(
        self,
        seed: int = 1,
        *,
        first: date = _FIRST,
        days: int = 35,
        a_day: int = 12,
        blogs: int = 4,
        holidays: Collection[date] = _HOLIDAYS,
    ) -> None:
        self.first = first
        self.holidays = frozenset(holidays)
        self.papers = tuple(submissions(Random(f"papers {seed}"), first, days, a_day, self.holidays))
        visible = sorted(self.papers, key=lambda paper: paper.versions[0].visible)
        self.blogs = tuple(
            tuple(posts(Random(f"blog {number} {seed}"), number, first, days, visible))
            for number in range(blogs)
        )
        self._by_id = {paper.id: paper for paper in self.papers}
        self._lock = threading.Lock()
        self._now = datetime.combine(first + _DAY * (days // 2), time(18), UTC)

    @property
    def now(self) -> datetime:
        """The time of day in UTC."""
        with self._lock:
            return self._now

    @now.setter
    def now(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("the world's time needs a zone")
        with self._lock:
            self._now = moment.astimezone(UTC)

    def paper(self, identifier: str) -> Submission | None:
        """The paper with an arXiv id, whether it is out already or not."""
        return self._by_id.get(identifier)

    def on_arxiv(self, moment: datetime | None = None) -> list[Submission]:
        """All papers that arXiv has announced."""
        moment = moment or self.now
        return [paper for paper in self.papers if paper.version_at(moment)]

    def announced(self, day: date, categories: Iterable[str]) -> list[Announced]:
        """What arXiv announces on a day in some categories or archives, in the order of its feeds."""
        asked = tuple(categories)
        found: list[Announced] = []
        for paper in self.papers:
            version = paper.version_on(day)
            if version and _within(asked, paper.categories):
                crossed = not _within(asked, paper.categories[:1])
                first = ("cross" if crossed else "new", "replace-cross" if crossed else "replace")
                found.append(Announced(paper, version, first[version.number > 1]))
        return sorted(found, key=lambda each: (ANNOUNCE_TYPES.index(each.type), each.paper.id))

    def last_announcement(self, before: date) -> date:
        """The newest day with an announcement before one."""
        day = before - _DAY
        while not eastern.is_announcing(day, self.holidays):
            day -= _DAY
        return day

    def daily(
        self, first: date, last: date | None = None, moment: datetime | None = None
    ) -> list[Submission]:
        """The edition of Daily Papers of a day, or those up to `last`, as far as they are out."""
        moment, last = moment or self.now, last or first
        return [
            paper
            for paper in self.papers
            if (hub := paper.listed_at(moment)) and first <= hub.edition <= last
        ]

    def on_hub(self, moment: datetime | None = None) -> list[Submission]:
        """All papers that Hugging Face has."""
        moment = moment or self.now
        return [paper for paper in self.papers if paper.listed_at(moment)]

    def found_on_hub(self, words: str, moment: datetime | None = None) -> list[Submission]:
        """Papers in whose title or abstract all words occur, the best liked first."""
        moment = moment or self.now
        wanted = words.lower().split()
        texts = [
            (paper, f"{hub_title(paper)} {hub_abstract(paper)}".lower()) for paper in self.on_hub(moment)
        ]
        found = [paper for paper, text in texts if all(word in text for word in wanted)]
        return by_votes(found, moment)

    def posts(self, blog: int, moment: datetime | None = None) -> tuple[Post, ...]:
        """The posts that a blog's feed shows, the newest first."""
        moment = moment or self.now
        written = [post for post in self.blogs[blog] if post.published <= moment]
        return tuple(reversed(written[-SHOWN:]))

    def expected(
        self,
        sources: Iterable[Source],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        types: Collection[str] = ANNOUNCE_TYPES,
    ) -> set[str]:
        """The ids (`Paper.id`) that a library has which follows `sources` and refreshes daily from `since` to `until`.

        `since` is the first refresh (without it: before everything), `until` the last (without it: now). Days that
        arXiv announces and Daily Papers editions count from `since` on, that day's included; a search, and what is
        trending, is what it finds at the end. Of announcements those of `types` count: of a day whose feed was stale,
        replacements of older papers can't be had. A feed's address ends as `simulation.Simulation.feed` makes it.
        """
        until = until or self.now
        since = since or datetime.combine(self.first, time(), UTC)
        return {key for source in sources for key in self._expected(source, since, until, types)}

    def _expected(
        self, source: Source, since: datetime, until: datetime, types: Collection[str]
    ) -> Iterable[str]:
        if source.kind == "feed":
            return self._from_blog(blog_of(urlsplit(source.address).path), since, until)
        found = (
            self._from_arxiv(source.address, since, until, types)
            if source.kind == "arxiv"
            else self._from_hub(source.address, since, until)
        )
        return [f"arxiv:{paper.id}" for paper in found]

    def _from_arxiv(
        self, address: str, since: datetime, until: datetime, types: Collection[str]
    ) -> list[Submission]:
        asked = arxiv.parse_source(address)
        if isinstance(asked, arxiv.Search):
            (query,) = parse_qs(urlsplit(arxiv.search_address("http://arxiv", asked)).query)["search_query"]
            return [paper for paper in self.on_arxiv(until) if read_query(query)(paper)]
        days = _days(eastern.day_of(since), eastern.day_of(until))
        found = [each for day in days for each in self.announced(day, asked.names)]
        return [each.paper for each in found if each.type in types]

    def _from_hub(self, address: str, since: datetime, until: datetime) -> list[Submission]:
        period = huggingface.parse_source(address)
        first = since.date()
        match period.kind:
            case "search":
                return self.found_on_hub(period.words, until)
            case "trending":
                return self.trending(until)
            case "week":
                first -= _DAY * first.weekday()
            case "month":
                first = first.replace(day=1)
        return self.daily(first, until.date(), until)

    def _from_blog(self, blog: int, since: datetime, until: datetime) -> set[str]:
        shown = {post.key for post in self.posts(blog, since)}
        return shown | {post.key for post in self.blogs[blog] if since < post.published <= until}

    def trending(self, moment: datetime | None = None) -> list[Submission]:
        """The papers of the last fortnight's editions, the best liked first."""
        moment = moment or self.now
        return by_votes(self.daily(moment.date() - 14 * _DAY, moment.date(), moment), moment)


def hub_title(paper: Submission) -> str:
    """The title as Hugging Face has it."""
    return prose.without_tex(paper.title)


def hub_abstract(paper: Submission) -> str:
    return prose.without_tex(paper.abstract)


def by_votes(papers: Iterable[Submission], moment: datetime) -> list[Submission]:
    return sorted(
        papers, key=lambda paper: (paper.hub.votes_at(moment) if paper.hub else 0, paper.id), reverse=True
    )


def blog_of(path: str) -> int:
    """The number of a blog by the path of its feed or page, "/blog/7.xml"; -1 where it is none."""
    name = path.removeprefix("/blog/").partition(".")[0]
    return int(name) if path.startswith("/blog/") and name.isascii() and name.isdigit() else -1


def _within(asked: tuple[str, ...], categories: tuple[str, ...]) -> bool:
    return any(in_category(name, category) for name in asked for category in categories)


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * number for number in range((last - first).days + 1)]
