"""Papers with Code (https://paperswithcode.co): what belongs to a paper, and whether its authors made it.

Its interface, as its own client reads it: https://github.com/huggingface/pwc-cli.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from papers_tui.domain.identity import arxiv_id
from papers_tui.domain.links import classify, order_links, safe_url
from papers_tui.domain.paper import Link
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.sources.json_text import load_answer

_LABEL = "Papers with Code"
_LISTS = {
    "repositories": "code",
    "project_pages": "project",
    "hf_models": "model",
    "hf_datasets": "dataset",
    "hf_spaces": "space",
}
_HUB = {
    "model": "https://huggingface.co/",
    "dataset": "https://huggingface.co/datasets/",
    "space": "https://huggingface.co/spaces/",
}
_MOST_OF_A_KIND = 20


@dataclass(frozen=True, slots=True)
class Resources:
    """The links of one paper, in order: those that are marked as its authors' own have the origin "official", the
    rest "community". `error` is a sentence where the answer is no paper."""

    links: tuple[Link, ...] = ()
    error: str | None = None


def paper_address(base: str, identifier: str) -> str:
    """One paper with its resources, by its arXiv id. Raises ValueError where it is none."""
    known = arxiv_id(identifier)
    if known is None:
        raise ValueError("not an arXiv id")
    return f"{base.rstrip('/')}/api/v1/papers/{quote(known, safe='')}?include_resources=true"


def parse_resources(data: bytes) -> Resources:
    """The answer for one paper; what is no link in it is passed over.

    Of each kind the first 20 are taken, official ones before the rest.
    """
    try:
        paper = load_answer(data)
    except ValueError as fault:
        return Resources(error=str(fault))
    if not isinstance(paper, Mapping):
        return Resources(error="the answer is no paper")
    if said := next((paper[name] for name in ("detail", "error") if isinstance(paper.get(name), str)), None):
        return Resources(error=f'Papers with Code answers: "{clean_line(said)[:200]}"')
    found: list[Link] = []
    for name, kind in _LISTS.items():
        links = sorted(_links(paper.get(name), kind), key=lambda link: link.origin != "official")
        found.extend(links[:_MOST_OF_A_KIND])
    return Resources(order_links(found))


def _links(values: object, kind: str) -> Iterator[Link]:
    for value in values if isinstance(values, list) else ():
        fields = value if isinstance(value, Mapping) else {"url": value}
        address = safe_url(_address(fields, kind))
        if address:
            told = classify(address)
            origin = "official" if fields.get("is_official") is True else "community"
            yield Link(address, kind if told == "other" or kind in _HUB else told, _LABEL, origin)


def _address(fields: Mapping[str, object], kind: str) -> str:
    """The address of a resource; one of Hugging Face may be named by its repository alone."""
    url = fields.get("url")
    name = fields.get("id")
    if isinstance(url, str) and "://" in url:
        return url
    named = url if isinstance(url, str) else name
    return _HUB[kind] + named if isinstance(named, str) and kind in _HUB and named.count("/") == 1 else ""
