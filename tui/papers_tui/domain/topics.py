"""What a paper is about and who stands behind it, as labels that it shares with others."""

from __future__ import annotations

from functools import lru_cache

from papers_tui.domain.paper import Paper
from papers_tui.domain.text import fold_name
from papers_tui.late import pattern

_CATEGORY = pattern(r"[a-z-]+(\.[A-Za-z-]+)?")

_PLURAL = (
    (pattern(r"(?:ss|is|us|ias|ics|atlas|lens|news|series|species)$"), None),
    (pattern(r"(?<=[a-z]{2}[^aeiou])ies$"), "y"),
    (pattern(r"(?<=ss|sh|ch)es$|(?<=ox)es$"), ""),
    (pattern(r"(?<=[^\W_]{3})s$"), ""),
)
"""The first ending that a word has, and what stands there in the singular (None: it is none, or has none)."""

_SINGULAR = {
    "metrics": "metric",
    "heuristics": "heuristic",
    "characteristics": "characteristic",
    "caches": "cache",
    "movies": "movie",
    "gpus": "gpu",
}
_SHORT = {"llm": "large language model", "vlm": "vision-language model", "rl": "reinforcement learning"}


@lru_cache(maxsize=1024)
def is_category(name: str) -> bool:
    """Whether `name` is one of arXiv's own (https://arxiv.org/category_taxonomy), no ACM or MSC code beside them."""
    return _CATEGORY.fullmatch(name) is not None


def topics(paper: Paper) -> tuple[tuple[str, str], ...]:
    """(kind, name) pairs: "org", "cat" for arXiv categories, "topic" for keywords in the singular."""
    labels = [("cat", category) for category in paper.categories if is_category(category)]
    if paper.organization:
        labels.append(("org", paper.organization.fullname or paper.organization.name))
    labels += [("topic", _keyword(keyword)) for keyword in paper.keywords]
    return tuple(dict.fromkeys([label for label in labels if label[1]]))


def folded(name: str) -> str:
    """A label's name as it is compared: case, accents and runs of space don't count."""
    return fold_name(name)


@lru_cache(maxsize=4096)
def _keyword(text: str) -> str:
    first, _, last = " ".join(text.casefold().split()).rpartition(" ")
    name = f"{first} {_singular(last)}".strip()
    return _SHORT.get(name, name)


def _singular(word: str) -> str:
    if word in _SINGULAR:
        return _SINGULAR[word]
    for ending, singular in _PLURAL:
        if ending.search(word):
            return word if singular is None else ending.sub(singular, word)
    return word
