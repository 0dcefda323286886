"""What the blogs of a made-up world write: posts of their own, links to papers, preprints of another server."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from tests.services import prose
from tests.services.submissions import Submission

FORMATS = ("rss", "rdf", "atom", "json")
"""The formats of feeds; the blog with number n has the one at n modulo 4."""

_LATEST = 60


@dataclass(frozen=True, slots=True)
class Post:
    """One entry of a blog's feed.

    `link` is its page, `guid` what the feed calls it; `html` its text. Of a preprint `doi` is set, of a post that
    stands for a paper on arXiv `arxiv`.
    """

    number: int
    published: datetime
    title: str
    html: str
    link: str
    guid: str
    authors: tuple[str, ...]
    doi: str = ""
    arxiv: str = ""

    @property
    def key(self) -> str:
        """The strongest key of the paper that the program makes of it."""
        if self.arxiv:
            return f"arxiv:{self.arxiv}"
        return f"doi:{self.doi}" if self.doi else f"url:{self.link}"


def format_of(blog: int) -> str:
    return FORMATS[blog % len(FORMATS)]


def posts(random: Random, blog: int, first: date, days: int, papers: Sequence[Submission]) -> Iterator[Post]:
    """All posts of a blog, the oldest first: one in some hours or days. `papers` stand in the order in which they
    become visible, and posts are about the latest."""
    moment = datetime.combine(first, time(), UTC)
    ends = moment + timedelta(days=days)
    number = 0
    while (moment := moment + timedelta(minutes=random.randint(300, 2_400))) < ends:
        number += 1
        if format_of(blog) == "rdf":
            yield _preprint(random, number, moment)
            continue
        many = bisect_right(papers, moment, key=lambda paper: paper.versions[0].visible)
        known = papers[max(many - _LATEST, 0) : many]
        if known and random.random() < 0.4:
            yield _about(random, blog, number, moment, random.choice(known))
        else:
            yield _post(random, blog, number, moment, known)


def _post(random: Random, blog: int, number: int, moment: datetime, papers: Sequence[Submission]) -> Post:
    """A text of the blog's own; a paper that it mentions is not what it is."""
    text = " ".join(prose.sentence(random) for _ in range(4))
    if papers and random.random() < 0.5:
        text += f' It builds on <a href="https://arxiv.org/abs/{random.choice(papers).id}">this paper</a>.'
    page = f"https://blog-{blog}.example.org/{moment:%Y/%m}/{number}"
    return Post(
        number, moment, prose.title(random).replace("$", ""), f"<p>{text}</p>", page, page, _author(blog)
    )


def _about(random: Random, blog: int, number: int, moment: datetime, paper: Submission) -> Post:
    """A link to a paper, with a few words."""
    return Post(
        number,
        moment,
        f"Worth reading: {prose.without_tex(paper.title)}",
        f"<p>{prose.sentence(random)}</p>",
        f"https://arxiv.org/abs/{paper.id}",
        f"blog-{blog}-{number}",
        _author(blog),
        arxiv=paper.id,
    )


def _preprint(random: Random, number: int, moment: datetime) -> Post:
    name = f"{moment:%Y.%m.%d}.{random.randrange(10**6):06}"
    page = f"http://biorxiv.org/cgi/content/short/{name}v1?rss=1"
    text = " ".join(prose.sentence(random) for _ in range(5))
    title = prose.title(random).replace("$", "")
    authors = tuple(f"{name.split()[-1]}, {name[0]}." for name in prose.names(random))
    return Post(number, moment, title, text, page, page, authors, doi=f"10.64898/{name}")


def _author(blog: int) -> tuple[str, ...]:
    return (f"Writer {blog}",)
