"""A synthetic library: papers of realistic lengths, the same ones at every run."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice

from papers_tui import saved_views
from papers_tui.domain import marks
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.query import Query
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.saved_views import SavedView
from papers_tui.store import open_store
from papers_tui.store.papers import add_papers

EDITIONS = 60
_LATEST = datetime(2025, 11, 20, 12, tzinfo=UTC)
_BATCH = 1_000
"""Papers of one transaction: about what a page, or a page of an answer, brings."""

_SYLLABLES = [
    first + second for first in "bcdfglmnprstvz" for second in ("a", "e", "i", "o", "u", "an", "er")
]
_VOCABULARY = 20_000
_DRAWN = 500_000
_COMMON = """
the of and we to a in for on is that with this model by are as our from learning language an models which can data be
large training methods it method performance results tasks task using approach neural these network propose show deep
based vision attention image diffusion reinforcement graph transformer generation representation optimization reasoning
speech robot retrieval augmented self-supervised contrastive video multimodal detection segmentation translation policy
agents planning benchmark evaluation federated quantization alignment safety adversarial causal bayesian clustering
"""
"""What the abstracts of this field are full of, the most frequent first; made-up words stand between and behind."""
_CATEGORIES = [
    f"{archive}.{name}" for archive in ("cs", "stat", "eess") for name in ("LG", "CL", "CV", "AI", "RO")
]
_KEYWORDS = 400
_ORGANIZATIONS = 200


class Words:
    """Made-up words that are about as unevenly frequent as those of a language."""

    def __init__(self) -> None:
        rng = random.Random(1)
        made_up = [
            "".join(rng.choices(_SYLLABLES, k=rng.choice((1, 2, 2, 3, 3, 4)))) for _ in range(_VOCABULARY)
        ]
        for place, word in enumerate(_COMMON.split()):
            made_up[3 * place] = word
        weights = accumulate(1 / (place + 3) for place in range(_VOCABULARY))
        # A long text of them, out of which pieces are cut, is made in a tenth of the time that drawing each takes.
        self._drawn = rng.choices(made_up, cum_weights=list(weights), k=_DRAWN)

    def some(self, rng: random.Random, many: int) -> list[str]:
        start = int(rng.random() * (_DRAWN - many))
        return self._drawn[start : start + many]

    def text(self, rng: random.Random, length: int) -> str:
        """Sentences of about so many characters."""
        sentences = []
        while length > 0:
            sentence = " ".join(self.some(rng, 18)).capitalize() + "."
            sentences.append(sentence)
            length -= len(sentence) + 1
        return " ".join(sentences)


def papers(many: int, *, first: int = 0) -> Iterator[Paper]:
    """So many papers, the oldest first: about 75 characters of title, 1,200 of abstract, six authors."""
    words = Words()
    for number in range(first, first + many):
        yield _paper(number, max(many, first + many), words)


def _paper(number: int, many: int, words: Words) -> Paper:
    rng = random.Random(number)
    title = f"P{number:07} " + " ".join(words.some(rng, 10)).title()
    abstract = words.text(rng, 1_200)
    edition = (_LATEST - timedelta(days=EDITIONS - 1 - number * EDITIONS // many)).date()
    published = _LATEST - timedelta(days=EDITIONS * (many - number) / many, seconds=rng.randrange(3 * 86_400))
    month, place = divmod(number, 90_000)
    repository = f"https://github.com/lab-{rng.randrange(900)}/code-{number}"
    return Paper(
        keys=(f"arxiv:{10 + month // 12}{month % 12 + 1:02}.{place:05}", text_key(title, abstract)),
        title=title,
        abstract=abstract,
        authors=tuple(" ".join(words.some(rng, 2)).title() for _ in range(6)),
        published=f"{published:%Y-%m-%dT%H:%M:%SZ}",
        edition=str(edition),
        organization=Organization(f"org-{min(rng.randrange(1, 500), _ORGANIZATIONS)}", ""),
        upvotes=int(rng.paretovariate(0.9) * 3),
        comments=rng.randrange(6),
        keywords=tuple(f"topic {int(rng.random() ** 3 * _KEYWORDS)}" for _ in range(5)),
        categories=tuple(rng.sample(_CATEGORIES, k=rng.randrange(1, 4))),
        links=(Link(repository, "code", origin="auto"),) if rng.random() < 0.4 else (),
    )


@dataclass(frozen=True, slots=True)
class Built:
    """A library: how many papers, the CPU seconds that the store took for them, the bytes of their titles, authors
    and abstracts, and those of the cache file."""

    papers: int
    seconds: float
    text: int
    stored: int


def build(paths: Paths, many: int) -> Built:
    """Fills the library in `paths`, and stars, tags and saves some of it."""
    Library(paths).close()
    store, _ = open_store(paths.cache)
    coming = papers(many)
    spent, text = 0.0, 0
    while batch := list(islice(coming, _BATCH)):
        text += sum(
            len(part.encode()) for paper in batch for part in (paper.title, *paper.authors, paper.abstract)
        )
        before = time.process_time()
        with store.transaction() as db:
            add_papers(db, batch, source="synthetic.jsonl", added="2025-11-20T12:00:00Z")
        spent += time.process_time() - before
    store.close()
    with Library(paths) as library:
        rows = library.find(Query(()))
        library.mark(rows[5 : many // 2 : max(1, many // 200)], marks.star(True, implies_read=False))
        library.mark(rows[:: max(2, many // 500)], marks.tags(["to read"], [], implies_read=False))
    saved_views.edit(paths.views_file, lambda views: (*views, SavedView("popular", "upvotes:>100")))
    stored = sum(path.stat().st_size for path in paths.cache.iterdir())
    return Built(many, spent, text, stored)
