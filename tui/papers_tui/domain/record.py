"""A paper as one JSON object: the shape of `list --format jsonl`, of the journal and of the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring as quoted

from papers_tui.domain.identity import by_strength, text_key
from papers_tui.domain.paper import KINDS, Link, Organization, Paper
from papers_tui.late import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

_TEXTS = ("published", "edition", "summary", "author_comment", "announce")
_COUNTS = ("author_count", "upvotes", "comments", "stars", "version")
_ESCAPED = bytes(range(0x20)) + b'"\\'


def to_record(paper: Paper) -> dict[str, Any]:
    """The paper's own fields; arrays are always there, other absent values leave their key out."""
    record: dict[str, Any] = {
        "id": paper.id,
        "keys": list(paper.keys),
        "title": paper.title,
        "authors": list(paper.authors),
        "abstract": paper.abstract,
        "categories": list(paper.categories),
        "keywords": list(paper.keywords),
        "links": [_link_record(link) for link in paper.links],
    }
    for name in _TEXTS + _COUNTS:
        value = getattr(paper, name)
        if value is not None:
            record[name] = value
    if paper.organization:
        record["organization"] = {"name": paper.organization.name, "fullname": paper.organization.fullname}
    return record


def record_text(paper: Paper) -> str:
    """The record as compact JSON, in half the time that the encoder of the standard library takes for it."""
    parts = [
        f'{{"id":{quoted(paper.id)},"keys":{quoted_all(paper.keys)},"title":{quoted(paper.title)}',
        f'"authors":{quoted_all(paper.authors)},"abstract":{_quoted_long(paper.abstract)}',
        f'"categories":{quoted_all(paper.categories)},"keywords":{quoted_all(paper.keywords)}',
        f'"links":[{",".join([_link_text(link) for link in paper.links])}]',
    ]
    parts += [f'"{name}":{quoted(text)}' for name in _TEXTS if (text := getattr(paper, name)) is not None]
    parts += [f'"{name}":{count}' for name in _COUNTS if (count := getattr(paper, name)) is not None]
    if paper.organization:
        name, fullname = quoted(paper.organization.name), quoted(paper.organization.fullname)
        parts.append(f'"organization":{{"name":{name},"fullname":{fullname}}}')
    return f"{','.join(parts)}}}"


def from_record(record: Mapping[str, Any]) -> Paper:
    """The paper that `to_record` wrote, or that a person wrote in its shape.

    Raises ValueError, with a sentence, where the record has no title or a field is of another type.
    """
    title = _text(record, "title")
    if not title:
        raise ValueError("it has no title")
    abstract = _text(record, "abstract") or ""
    keys = by_strength(_texts(record, "keys") or ((_text(record, "id") or text_key(title, abstract)),))
    organization = record.get("organization")
    return Paper(
        keys=keys,
        title=title,
        abstract=abstract,
        authors=_texts(record, "authors"),
        keywords=_texts(record, "keywords"),
        categories=_texts(record, "categories"),
        organization=_organization(organization) if organization is not None else None,
        links=tuple(_link(link) for link in _list(record, "links")),
        published=_text(record, "published"),
        edition=_text(record, "edition"),
        summary=_text(record, "summary"),
        author_comment=_text(record, "author_comment"),
        announce=_text(record, "announce"),
        author_count=_count(record, "author_count"),
        upvotes=_count(record, "upvotes"),
        comments=_count(record, "comments"),
        stars=_count(record, "stars"),
        version=_count(record, "version"),
    )


def _link_record(link: Link) -> dict[str, Any]:
    record: dict[str, Any] = {"url": link.url, "kind": link.kind, "label": link.label, "origin": link.origin}
    if link.doubtful:
        record["doubtful"] = True
    return record


def _link_text(link: Link) -> str:
    url, kind, label, origin = map(quoted, (link.url, link.kind, link.label, link.origin))
    doubtful = ',"doubtful":true' if link.doubtful else ""
    return f'{{"url":{url},"kind":{kind},"label":{label},"origin":{origin}{doubtful}}}'


def quoted_all(texts: Iterable[str]) -> str:
    """Texts as a JSON array."""
    return f"[{','.join(map(quoted, texts))}]"


def _quoted_long(text: str) -> str:
    """A text as JSON. Most have no sign that must be escaped, which is known sooner than each has been looked at."""
    raw = text.encode("utf-8", "surrogatepass")
    return f'"{text}"' if len(raw.translate(None, _ESCAPED)) == len(raw) else quoted(text)


def _link(value: object) -> Link:
    if not isinstance(value, Mapping):
        raise ValueError("a link is not an object")
    kind = _text(value, "kind") or "other"
    return Link(
        url=_text(value, "url") or "",
        kind=kind if kind in KINDS else "other",
        label=_text(value, "label") or "",
        origin=_text(value, "origin") or "abstract",
        doubtful=value.get("doubtful") is True,
    )


def _organization(value: object) -> Organization:
    if not isinstance(value, Mapping):
        raise ValueError("its organization is not an object")
    return Organization(_text(value, "name") or "", _text(value, "fullname") or "")


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"its {name} is not text")


def _count(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53):
        return value
    raise ValueError(f"its {name} is not a number")


def _list(record: Mapping[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise ValueError(f"its {name} is not a list")


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _list(record, name)
    if {*map(type, values)} <= {str}:
        return tuple(values)
    raise ValueError(f"its {name} are not texts")
