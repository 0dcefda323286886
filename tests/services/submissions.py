"""The papers of a made-up world: what they are, when each version comes, and what becomes of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.services import eastern, prose

CATEGORIES = (
    "cs.LG",
    "cs.CL",
    "cs.CV",
    "cs.AI",
    "stat.ML",
    "cs.RO",
    "q-bio.NC",
    "math.OC",
    "eess.AS",
    "hep-th",
)
"""Where papers of the world are listed, the commonest first."""

_CODES = ("I.2.7", "68T50", "I.2.6; I.5.1")
_ORGANIZATIONS = (("harbour-lab", "Harbour Lab"), ("tidal", "Tidal Research"), ("netflix", "Netflix"),
                  ("northern-u", "University of the North"))  # fmt: skip
_LICENCES = (
    "http://creativecommons.org/licenses/by/4.0/",
    "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Version:
    """One version, submitted at a moment (UTC).

    `announced` is the day on which arXiv announces it, by New York's calendar, and `visible` when that begins (UTC).
    """

    number: int
    submitted: datetime
    announced: date
    visible: datetime


@dataclass(frozen=True, slots=True)
class Hub:
    """What Hugging Face makes of a paper.

    It stands in the edition of a day from `listed` (UTC, of that day) on. `votes`, `comments` and `stars` are
    what it gets in days, beside the vote and the comment of who brought it; `summary` comes at `summarised`, never
    where that is None. `hidden` is the author who is not to be shown, or empty.
    """

    edition: date
    listed: datetime
    votes: int
    comments: int
    stars: int
    summary: str
    summarised: datetime | None
    keywords: tuple[str, ...]
    repository: str = ""
    added_by: str = "user"
    page: str = ""
    organization: tuple[str, str] | None = None
    media: tuple[str, ...] = ()
    hidden: str = ""

    def votes_at(self, moment: datetime) -> int:
        return 1 + self._grown(self.votes, moment)

    def comments_at(self, moment: datetime) -> int:
        return 1 + self._grown(self.comments, moment)

    def stars_at(self, moment: datetime) -> int:
        return self._grown(self.stars, moment)

    def summary_at(self, moment: datetime) -> str | None:
        return self.summary if self.summarised and self.summarised <= moment else None

    def _grown(self, final: int, moment: datetime) -> int:
        """How much of `final` has come: half in a day and a half, and so on; it never shrinks."""
        days = max((moment - self.listed) / _DAY, 0.0)
        return int(final * (1 - 0.5 ** (days / 1.5)))


@dataclass(frozen=True, slots=True)
class Submission:
    """A paper as its authors made it. `categories` begin with the primary one and hold no other codes."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    affiliation: str
    categories: tuple[str, ...]
    code: str
    comment: str
    doi: str
    journal: str
    licence: str
    versions: tuple[Version, ...]
    repository: str
    models: tuple[str, ...]
    datasets: tuple[str, ...]
    hub: Hub | None

    @property
    def primary(self) -> str:
        return self.categories[0]

    def version_at(self, moment: datetime) -> Version | None:
        """The version that arXiv shows at a moment, None before the first was announced."""
        return next((each for each in reversed(self.versions) if each.visible <= moment), None)

    def version_on(self, day: date) -> Version | None:
        """The version that is announced on a day."""
        return next((each for each in self.versions if each.announced == day), None)

    def listed_at(self, moment: datetime) -> Hub | None:
        """What Hugging Face has of it at a moment."""
        return self.hub if self.hub and self.hub.listed <= moment else None


def submissions(
    random: Random, first: date, days: int, a_day: int, holidays: Collection[date]
) -> Iterator[Submission]:
    """The papers that are submitted from `first` on, the oldest first: about `a_day` on a weekday, fewer else."""
    titles: list[str] = []
    numbers: dict[str, int] = {}
    for day in (first + _DAY * number for number in range(days)):
        many = a_day if day.weekday() < 5 else a_day // 3
        for second in sorted(random.randrange(86_400) for _ in range(many)):
            month = f"{day:%y%m}"
            numbers[month] = numbers.get(month, 100) + random.randint(1, 3)
            moment = datetime.combine(day, time(), UTC) + timedelta(seconds=second)
            made = _submission(random, f"{month}.{numbers[month]:05}", moment, titles, holidays)
            titles.append(made.title)
            yield made


def _submission(
    random: Random, identifier: str, moment: datetime, titles: list[str], holidays: Collection[date]
) -> Submission:
    # Now and then two different papers have one title.
    title = random.choice(titles) if titles and random.random() < 0.02 else prose.title(random)
    repository = f"https://github.com/{random.choice(_ORGANIZATIONS)[0]}/{prose.project(random)}"
    told = random.random()
    comment = (
        "" if random.random() < 0.4 else f"{random.randint(4, 60)} pages, {random.randint(1, 20)} figures"
    )
    if comment and told > 0.75:
        comment += f". Code: {repository}"
    authors = prose.names(random)
    primary, *others = random.sample(CATEGORIES, random.randint(1, 4), counts=range(10, 0, -1))
    versions = tuple(_versions(random, moment, holidays))
    published = random.random() < 0.05
    return Submission(
        id=identifier,
        title=title,
        abstract=prose.abstract(random, _availability(random, repository) if told < 0.2 else ""),
        authors=authors,
        affiliation="Harbour Lab, Tideport" if random.random() < 0.05 else "",
        categories=tuple(dict.fromkeys((primary, *others))),
        code=random.choice(_CODES) if random.random() < 0.1 else "",
        comment=comment,
        doi=f"10.5555/tides.{random.randrange(10**6)}.{identifier[-5:]}" if published else "",
        journal=f"Journal of Tides {random.randint(1, 40)} (2026)" if published else "",
        licence=random.choice(_LICENCES),
        versions=versions,
        repository=repository if told < 0.2 or told > 0.5 else "",
        models=tuple(f"harbour-lab/{prose.project(random)}" for _ in range(random.choice((0, 0, 1, 3)))),
        datasets=tuple(f"tidal/{prose.project(random)}" for _ in range(random.choice((0, 0, 0, 2)))),
        hub=_hub(random, versions[0], authors, repository) if random.random() < 0.45 else None,
    )


def _versions(random: Random, moment: datetime, holidays: Collection[date]) -> Iterator[Version]:
    many = random.choices((1, 2, 3), (70, 22, 8))[0]
    for number in range(1, many + 1):
        announced = eastern.announcement(moment, holidays)
        version = Version(number, moment, announced, eastern.midnight(announced).astimezone(UTC))
        yield version
        later = timedelta(days=random.randint(1, 9), seconds=random.randrange(86_400))
        moment = max(moment + later, version.visible + timedelta(hours=20))


def _availability(random: Random, repository: str) -> str:
    return random.choice(
        (
            f"Code is available at {repository}.",
            f"Code: \\url{{{repository}}}.",
            f"See \\href{{{repository}}}{{our repository}}.",
        )
    )


def _hub(random: Random, first: Version, authors: tuple[str, ...], repository: str) -> Hub:
    edition = first.announced + _DAY * random.choice((0, 0, 0, 1, 1, 2, 3, 4, 5))
    while edition.weekday() >= 5:
        edition += _DAY
    listed = datetime.combine(edition, time(), UTC) + timedelta(seconds=random.randrange(3_600, 64_800))
    listed = max(listed, first.visible)
    has_code = random.random() < 0.61
    return Hub(
        edition=edition,
        listed=listed,
        votes=int(random.expovariate(1 / 14)),
        comments=int(random.expovariate(1 / 2)),
        stars=int(random.expovariate(1 / 80)) if has_code else 0,
        summary=prose.sentence(random),
        summarised=None if random.random() < 0.03 else listed + timedelta(hours=random.randint(24, 60)),
        keywords=prose.keywords(random),
        repository=repository if has_code else "",
        added_by="admin" if random.random() < 0.01 else "user",
        page=f"https://{prose.project(random)}.github.io/" if random.random() < 0.47 else "",
        organization=random.choice(_ORGANIZATIONS) if random.random() < 0.62 else None,
        media=(f"https://cdn-uploads.huggingface.co/production/uploads/{random.randrange(16**8):08x}.png",)
        if random.random() < 0.2
        else (),
        hidden=authors[-1] if len(authors) > 2 and random.random() < 0.08 else "",
    )
