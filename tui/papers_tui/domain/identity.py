"""The keys of a paper: what makes two records the same paper."""

from __future__ import annotations

import re
from urllib.parse import unquote

from papers_tui.domain.text import fold_for_identity
from papers_tui.late import pattern

_NEW = r"\d{4}\.\d{4,5}"
_OLD = r"[a-z][a-z-]*(?:\.[a-z]{2})?/\d{7}"
_ARXIV = pattern(
    rf"(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|https?://huggingface\.co/papers/|"
    rf"(?:oai:arxiv\.org|arxiv):|"
    rf"(?:https?://(?:dx\.)?doi\.org/|doi:)?10\.48550/arxiv\.)?({_NEW}|{_OLD})(v\d+)?(?:\.pdf)?/?",
    re.IGNORECASE | re.ASCII,
)
_DOI = pattern(
    r"(?P<address>https?://(?:dx\.|www\.)?doi\.org/)?(?:doi:\s?)?(?P<doi>10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+)",
    re.IGNORECASE,
)
_LONGEST_DOI = 300
_LONGEST_VERSION = len("v9999")
_STRENGTH = {kind: place for place, kind in enumerate(("arxiv", "doi", "url", "guid", "text"))}


def arxiv_id(text: str) -> str | None:
    """The arXiv id without version that `text` is (an id, its address or its DOI), else None.

    New ids are `YYMM.NNNNN`, old ones `archive/YYMMNNN`; the subject class that may stand behind an old
    archive's name is no part of the id (https://info.arxiv.org/help/arxiv_identifier.html).
    """
    found = _ARXIV.fullmatch(text.strip())
    return re.sub(r"\.[a-z]{2}/", "/", found[1].lower()) if found else None


def arxiv_version(text: str) -> int | None:
    """The version at the end of an arXiv id or its address, if `text` is one and names a version."""
    found = _ARXIV.fullmatch(text.strip())
    return int(found[2][1:]) if found and found[2] and len(found[2]) <= _LONGEST_VERSION else None


def arxiv_key(identifier: str) -> str:
    return f"arxiv:{identifier}"


def doi_key(text: str) -> str | None:
    """The key of the DOI that `text` is (bare, with `doi:` or as its address), else None.

    A DOI is the same in any case, so it is folded to lower case; an arXiv DOI is its arXiv key. Punctuation
    that a sentence put behind it goes.
    """
    found = _DOI.fullmatch(text.strip())
    if not found:
        return None
    doi = (unquote(found["doi"]) if found["address"] else found["doi"]).rstrip(".,;").lower()
    if identifier := arxiv_id(doi):
        return arxiv_key(identifier)
    printable = doi.isascii() and doi.isprintable() and " " not in doi and not doi.endswith("/")
    return f"doi:{doi}" if printable and len(doi) <= _LONGEST_DOI else None


def text_key(title: str, abstract: str) -> str:
    """The fingerprint of a title with its abstract: the same for a text with and without its TeX markup."""
    import hashlib  # of the programs of this house, few ask for a fingerprint

    folded = f"{fold_for_identity(title)}\n{fold_for_identity(abstract)}"
    return "text:" + hashlib.sha256(folded.encode()).hexdigest()[:20]


def by_strength(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The distinct keys, strongest kind first; within a kind in the order given."""
    return tuple(sorted(dict.fromkeys(keys), key=_rank))


def as_key(text: str) -> str:
    """What a person typed for an id, as a key: an arXiv id or its address becomes `arxiv:…`, a DOI `doi:…`."""
    identifier = arxiv_id(text)
    return arxiv_key(identifier) if identifier else doi_key(text) or text.strip()


def key_arxiv_id(keys: tuple[str, ...]) -> str | None:
    """The arXiv id among `keys`, if there is one."""
    return next((key[6:] for key in keys if key.startswith("arxiv:")), None)


def _rank(key: str) -> int:
    return _STRENGTH.get(key.partition(":")[0], len(_STRENGTH))
