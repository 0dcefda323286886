"""What a paper is about and who stands behind it, as labels that it shares with others."""

from __future__ import annotations

import re

from papers_tui.domain.paper import Paper
from papers_tui.domain.text import fold_words

_CATEGORY = re.compile(r"[a-z-]+(\.[A-Za-z-]+)?")
"""arXiv's own categories (https://arxiv.org/category_taxonomy), not the ACM and MSC codes beside them."""

_SHORT = {"llm": "large language model", "vlm": "vision-language model", "rl": "reinforcement learning"}


def topics(paper: Paper) -> tuple[tuple[str, str], ...]:
    """(kind, name) pairs: "org", "cat" for arXiv categories, "topic" for keywords in the singular."""
    labels = [("cat", category) for category in paper.categories if _CATEGORY.fullmatch(category)]
    if paper.organization:
        labels.append(("org", paper.organization.fullname or paper.organization.name))
    labels.extend(("topic", _keyword(keyword)) for keyword in paper.keywords)
    return tuple(dict.fromkeys((kind, name) for kind, name in labels if name))


def folded(name: str) -> str:
    """A label's name as it is compared: case and runs of space don't count."""
    return " ".join(fold_words(name).split())


def _keyword(text: str) -> str:
    name = folded(text)
    singular = (
        name[:-1] if len(name) > 3 and name.endswith("s") and not name.endswith(("ss", "is", "us")) else name
    )
    return _SHORT.get(singular, singular)
