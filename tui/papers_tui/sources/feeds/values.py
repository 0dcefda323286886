"""A feed and its entries, as frozen values."""

from __future__ import annotations

from papers_tui.late import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """What a feed says in words: plain text, or harmless HTML (see `html_text.sanitised`) where `html` is set."""

    value: str = ""
    html: bool = False

    def __bool__(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Attachment:
    """An address that an entry states beside its own: `relation` is Atom's word for it ("enclosure" for a
    file), or "about" for a page elsewhere that the entry talks about."""

    url: str
    relation: str = "related"
    type: str = ""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry as its feed tells it. An absent text is empty.

    `id` is the feed's own word for the entry, of any form. `link` is the http(s) address of the entry's page; where
    `link_is_home` is set the entry has none, and it is that of the feed's. Dates are "YYYY-MM-DDTHH:MM:SSZ" or
    "YYYY-MM-DD". `doi` is what the Dublin Core, PRISM or arXiv fields say, as it stands there; `announce` and `comment`
    are arXiv's. `title` is never empty: what has none takes the beginning of its text, or its address.
    """

    id: str = ""
    link: str = ""
    link_is_home: bool = False
    title: Text = Text()
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    summary: Text = Text()
    content: Text = Text()
    categories: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    doi: str = ""
    announce: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed. `home` is the address of the page it belongs to, `every` the minutes in which it asks to be left alone.

    `authors` are those of the whole feed, who wrote each entry that names nobody (RFC 4287 §4.2.1, JSON Feed 1.1).
    `faults` has one sentence for each entry that was left out.
    """

    title: Text = Text()
    home: str = ""
    language: str = ""
    every: int | None = None
    authors: tuple[str, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that a page offers: its address, and what the page calls it."""

    address: str
    title: str = ""
