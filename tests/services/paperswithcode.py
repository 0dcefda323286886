"""The API of paperswithcode.co over a world, as its client https://github.com/huggingface/pwc-cli knows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.services.server import Asked, Reply
from tests.services.submissions import Submission
from tests.services.world import World

_PAPERS = "/api/v1/papers/"


@dataclass(frozen=True, slots=True)
class PapersWithCode:
    """Answers for one paper at a time; it knows what arXiv has announced."""

    world: World

    def __call__(self, asked: Asked) -> Reply:
        paper = self.world.paper(unquote(asked.path.removeprefix(_PAPERS))) if _PAPERS in asked.path else None
        now = self.world.now
        if paper is None or paper.version_at(now) is None:
            return _json(404, {"detail": "Paper not found"})
        found = _described(paper)
        if asked.query.get("include_resources") == "true":
            found |= _resources(paper, now)
        return _json(200, found)


def _described(paper: Submission) -> dict[str, Any]:
    return {
        "id": str(100_000 + int(paper.id[-5:])),
        "arxiv_id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "published": f"{paper.versions[0].submitted:%Y-%m-%d}",
        "authors": list(paper.authors),
        "organizations": [],
        "conference_name": None,
        "citation_count": 0,
        "url_abs": f"https://arxiv.org/abs/{paper.id}",
        "source_url": f"https://arxiv.org/abs/{paper.id}",
        "predecessor_papers": [],
        "successor_papers": [],
    }


def _resources(paper: Submission, now: datetime) -> dict[str, Any]:
    """The authors' own repository is official; Hugging Face's page of the paper tells of others."""
    hub = paper.listed_at(now)
    official = [{"url": paper.repository, "is_official": True}] if paper.repository else []
    others = [{"url": f"https://github.com/tidal/re-{paper.id}", "is_official": False}] if hub else []
    pages = [{"url": hub.page, "is_official": True}] if hub and hub.page else []
    return {
        "repositories": others + official,
        "project_pages": pages,
        "hf_models": [{"url": f"https://huggingface.co/{name}"} for name in paper.models],
        "hf_datasets": [{"url": f"https://huggingface.co/datasets/{name}"} for name in paper.datasets],
        "hf_spaces": [],
    }


def _json(status: int, value: object) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"Content-Type": "application/json"})
