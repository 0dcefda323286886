"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from papers_tui.domain.text import clean_line
from papers_tui.sources.feeds.dates import moment
from papers_tui.sources.feeds.structure import MOST_ENTRIES, WAY_OUT, is_web, refused, too_many
from papers_tui.sources.feeds.values import Attachment, Feed, FeedEntry, Text
from papers_tui.sources.html_text import sanitised
from papers_tui.sources.json_text import load


def read_json(data: bytes, *, base_url: str | None = None) -> Feed:
    """The feed that `data` writes in JSON, without fall-backs for what it does not say.

    A field of a wrong type counts as absent, an item that is no object is left out with a sentence. Raises FeedError
    where it is no feed.
    """
    try:
        value = load(data.decode(json.detect_encoding(data), "replace").removeprefix("\ufeff"))
    except ValueError as fault:
        raise refused(f"it is no feed: {fault}") from None
    items = value.get("items") if isinstance(value, Mapping) else None
    named = isinstance(value, Mapping) and "jsonfeed.org/" in _word(value, "version")
    if not isinstance(value, Mapping) or not (isinstance(items, list) or named):
        raise refused("it is JSON, but no JSON Feed", WAY_OUT)
    home = _address(value, "home_page_url", base_url)
    # A relative address stands to the feed's own (https://www.jsonfeed.org/version/1.1/ leaves it open).
    base = base_url or _word(value, "feed_url") or home
    entries: list[FeedEntry] = []
    items = items if isinstance(items, list) else []
    faults = [*too_many(len(items))]
    for number, item in enumerate(items[:MOST_ENTRIES], start=1):
        if isinstance(item, Mapping):
            entries.append(_entry(item, base))
        else:
            faults.append(f"item {number}: it is not an object")
    return Feed(
        title=Text(_word(value, "title").strip()),
        home=home,
        language=clean_line(_word(value, "language")),
        authors=_authors(value),
        entries=tuple(entries),
        faults=tuple(faults),
    )


def _entry(item: Mapping[str, Any], base: str | None) -> FeedEntry:
    markup, plain = _word(item, "content_html").strip(), _word(item, "content_text").strip()
    external = _address(item, "external_url", base)
    link = _address(item, "url", base) or external
    content = Text(sanitised(markup, base_url=link or base).strip(), html=True) if markup else Text(plain)
    return FeedEntry(
        id=_identifier(item.get("id")),
        link=link,
        title=Text(_word(item, "title").strip()),
        authors=_authors(item),
        published=moment(_word(item, "date_published")),
        updated=moment(_word(item, "date_modified")),
        summary=Text(_word(item, "summary").strip()),
        content=content,
        categories=tuple(dict.fromkeys(filter(None, map(clean_line, _words(item.get("tags")))))),
        attachments=(*_external(external, link), *_attachments(item, base)),
    )


def _external(external: str, link: str) -> tuple[Attachment, ...]:
    """The page elsewhere that an item talks about."""
    return (Attachment(external, "about"),) if external and external != link else ()


def _attachments(item: Mapping[str, Any], base: str | None) -> tuple[Attachment, ...]:
    given = item.get("attachments")
    files = [file for file in given if isinstance(file, Mapping)] if isinstance(given, list) else []
    return tuple(
        Attachment(url, "enclosure", clean_line(_word(file, "mime_type")))
        for file in files
        if (url := _address(file, "url", base))
    )


def _authors(value: Mapping[str, Any]) -> tuple[str, ...]:
    given = value.get("authors")
    people = [*given] if isinstance(given, list) else []
    people = people or [value.get("author")]
    names = (clean_line(_word(person, "name")) for person in people if isinstance(person, Mapping))
    return tuple(dict.fromkeys(filter(None, names)))


def _identifier(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _address(value: Mapping[str, Any], name: str, base: str | None) -> str:
    written = _word(value, name).strip()
    if not written:
        return ""
    try:
        address = urljoin(base or "", written)
    except ValueError:
        return ""
    return address if is_web(address) else ""


def _word(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _words(value: object) -> list[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
