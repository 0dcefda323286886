"""A paper as Hugging Face's JSON: a row of a list, the object of one paper, a row of a search."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from tests.services import eastern
from tests.services.submissions import Hub, Submission
from tests.services.world import hub_abstract, hub_title

_BARE_DAYS = date(2026, 5, 13)
"""From this edition on `submittedOnDailyAt` is midnight, before it was the real time of day."""


def row(paper: Submission, hub: Hub, now: datetime) -> dict[str, Any]:
    """A row of `/api/daily_papers` as of `now`; a key that has no value is left out."""
    inner = inside(paper, hub, now)
    submitter = _user(f"submitter of {paper.id}")
    outer = {
        "paper": inner,
        "publishedAt": _moved(paper),
        "title": inner["title"],
        "summary": inner["summary"],
        "mediaUrls": inner.get("mediaUrls"),
        "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{paper.id}.png",
        "numComments": hub.comments_at(now),
        "submittedBy": {
            **{name: submitter[name] for name in ("_id", "avatarUrl", "fullname", "name", "type", "isPro")},
            "isHf": False,
            "isHfAdmin": False,
            "isMod": False,
            **({"followerCount": len(paper.title)} if len(paper.title) % 4 else {}),
            "isUserFollowing": False,
        },
        "organization": inner.get("organization"),
        "isAuthorParticipating": len(paper.authors) % 3 == 0,
    }
    return _present(outer)


def detail(paper: Submission, hub: Hub, now: datetime) -> dict[str, Any]:
    """The answer of `/api/papers/{id}`: what a row has inside, and the repositories that cite the paper.

    A repository that nobody has checked is given here alone, as added by "auto".
    """
    inner = inside(paper, hub, now)
    if "githubRepo" not in inner and paper.repository:
        inner |= {"githubRepo": paper.repository, "githubRepoAddedBy": "auto", "githubStars": 0}
    models = [_repository(name, now) for name in paper.models]
    datasets = [_repository(name, now) for name in paper.datasets]
    return inner | {
        "linkedModels": models,
        "numTotalModels": len(models),
        "linkedDatasets": datasets,
        "numTotalDatasets": len(datasets),
        "linkedSpaces": [],
        "numTotalSpaces": 0,
    }


def search_row(paper: Submission, hub: Hub, now: datetime, words: str) -> dict[str, Any]:
    """A row of `/api/papers/search`."""
    found = row(paper, hub, now)
    for name in ("submittedBy", "mediaUrls"):
        found.pop(name, None)
    inner = found["paper"]
    return found | {
        "upvoted": False,
        "highlightedTitle": _highlighted(inner["title"], words),
        "highlightedSummary": _highlighted(inner["summary"], words),
    }


def inside(paper: Submission, hub: Hub, now: datetime) -> dict[str, Any]:
    """What a row has under `paper`."""
    summary = hub.summary_at(now)
    submitter = _user(f"submitter of {paper.id}")
    fields: dict[str, Any] = {
        "id": paper.id,
        "authors": [_author(paper, name, name == hub.hidden) for name in paper.authors],
        "mediaUrls": list(hub.media) or None,
        "publishedAt": f"{paper.versions[0].submitted:%Y-%m-%d}T00:00:00.000Z",
        "submittedOnDailyAt": _listed(hub),
        "title": hub_title(paper),
        "submittedOnDailyBy": submitter,
        "summary": hub_abstract(paper),
        "upvotes": hub.votes_at(now),
        "discussionId": _hex(f"discussion of {paper.id}"),
        "projectPage": hub.page or None,
    }
    if hub.repository:
        fields |= {
            "githubRepo": hub.repository,
            "githubRepoAddedBy": hub.added_by,
            "githubStars": hub.stars_at(now),
        }
    if summary:
        fields |= {"ai_summary": summary, "ai_keywords": list(hub.keywords)}
    if hub.organization:
        name, fullname = hub.organization
        avatar = f"https://cdn-avatars.huggingface.co/v1/production/uploads/{_hex(name)}.png"
        fields["organization"] = {"_id": _hex(name), "name": name, "fullname": fullname, "avatar": avatar}
    return _present(fields)


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _author(paper: Submission, name: str, hidden: bool) -> dict[str, Any]:
    person: dict[str, Any] = {"_id": _hex(f"{name} of {paper.id}")}
    if int(person["_id"][:2], 16) < 32:
        person |= {"user": _user(name)}
    person["name"] = name
    if "user" in person:
        changed = f"{paper.versions[0].submitted:%Y-%m-%dT%H:%M:%S}.330Z"
        person |= {"status": "claimed_verified", "statusLastChangedAt": changed}
    return person | {"hidden": hidden}


def _user(name: str) -> dict[str, Any]:
    digits = _hex(name)
    login = f"user{digits[:6]}"
    return {
        "_id": digits,
        "avatarUrl": f"/avatars/{digits}.svg",
        "isPro": False,
        "fullname": f"User {digits[:6].upper()}",
        "user": login,
        "type": "user",
        "name": login,
    }


def _repository(name: str, now: datetime) -> dict[str, Any]:
    return {
        "_id": _hex(name),
        "id": name,
        "author": name.partition("/")[0],
        "downloads": 12,
        "likes": 3,
        "lastModified": f"{now:%Y-%m-%d}T00:00:00.000Z",
        "gated": False,
        "private": False,
    }


def _listed(hub: Hub) -> str:
    moment = hub.listed if hub.edition < _BARE_DAYS else datetime.combine(hub.edition, time(), UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _moved(paper: Submission) -> str:
    """The outer `publishedAt`: that inside, moved by the hours of New York."""
    moment = datetime.combine(paper.versions[0].submitted.date(), time(), UTC)
    return f"{moment.astimezone(eastern.zone(moment)):%Y-%m-%dT%H:%M:%S}.000Z"


def _highlighted(text: str, words: str) -> list[dict[str, str]]:
    found = "|".join(map(re.escape, words.split()))
    parts = re.split(f"({found})", text, flags=re.IGNORECASE) if found else [text]
    return [
        {"type": "highlight" if place % 2 else "text", "text": part}
        for place, part in enumerate(parts)
        if part
    ]


def _hex(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:24]
