"""All that the services have of one paper: what is linked to it, and who says so."""

from __future__ import annotations

import asyncio

from papers_tui.domain.identity import arxiv_key
from papers_tui.domain.paper import Paper
from papers_tui.domain.plan import ARXIV, FEED, HUGGING_FACE
from papers_tui.domain.tally import NOTHING, Tally
from papers_tui.refresh.job import Tools, trouble
from papers_tui.refresh.schedule import Outcome
from papers_tui.sources import huggingface, paperswithcode
from papers_tui.sources.arxiv import ids_address, parse_api
from papers_tui.sources.http.answers import Answer, Failed, Fetched, NotModified, Refused

_NOT_FOUND = 404


async def fetch_extras(
    tools: Tools, identifier: str, known: Paper | None
) -> tuple[Tally, list[tuple[str, Outcome]]]:
    """Asks arXiv, Hugging Face and Papers with Code for a paper by its arXiv id, and keeps what they say.

    Gives what changed, and how each service ended, by its name. `known` is the paper as the library has it.
    """
    client, services = tools.client, tools.services
    record, hub, code = await asyncio.gather(
        client.get(ids_address(services.arxiv_api, [identifier]), trusted=True),
        client.get(
            huggingface.paper_address(services.huggingface, identifier), trusted=True, headers=tools.headers
        ),
        client.get(paperswithcode.paper_address(services.paperswithcode, identifier), trusted=True),
    )
    papers = {
        "arXiv": (_from_arxiv(record), ARXIV, record),
        "Hugging Face": (_from_hub(hub), HUGGING_FACE, hub),
    }
    title = next((paper.title for (paper, _), _, _ in papers.values() if paper), known.title if known else "")
    papers["Papers with Code"] = (_from_code(code, identifier, title), FEED, code)
    tally = NOTHING
    outcomes: list[tuple[str, Outcome]] = []
    for name, ((paper, error), rank, answer) in papers.items():
        if paper:
            tally += tools.keep("", [paper], rank)
        outcomes.append((name, _outcome(answer, name, error, found=paper is not None)))
    return tally, outcomes


def _from_arxiv(answer: Answer) -> tuple[Paper | None, str]:
    if not isinstance(answer, Fetched):
        return None, ""
    listing = parse_api(answer.body)
    return next(iter(listing.papers), None), listing.error or ""


def _from_hub(answer: Answer) -> tuple[Paper | None, str]:
    if not isinstance(answer, Fetched):
        return None, ""
    extras = huggingface.parse_paper(answer.body)
    return extras.paper, extras.error or ""


def _from_code(answer: Answer, identifier: str, title: str) -> tuple[Paper | None, str]:
    """The links of Papers with Code; without a title from elsewhere there is no paper to hang them on."""
    if not isinstance(answer, Fetched) or not title:
        return None, ""
    resources = paperswithcode.parse_resources(answer.body)
    paper = Paper((arxiv_key(identifier),), title, links=resources.links)
    return (paper if resources.links else None), resources.error or ""


def _outcome(answer: Answer, name: str, error: str, *, found: bool) -> Outcome:
    match answer:
        case Failed(kind="http", status=int(status)) if status == _NOT_FOUND:
            return Outcome("nothing-yet", f"{name} does not have this paper")
        case Refused() | Failed():
            return trouble(answer)
        case Fetched() | NotModified() if error:
            return Outcome("failed", f"{name}: {error}")
    return Outcome(
        "fetched" if found else "nothing-yet", "" if found else f"{name} has nothing on this paper"
    )
