"""A paper and its parts, as frozen values."""

from __future__ import annotations

from papers_tui.late import dataclass

KINDS = (
    "code",
    "model",
    "dataset",
    "space",
    "project",
    "data",
    "video",
    "other",
    "paper",
    "pdf",
    "discussion",
)
"""Every kind of link, in the order in which links are shown."""

ORIGINS = (
    "official",
    "user",
    "admin",
    "comment",
    "abstract",
    "hub",
    "community",
    "auto",
    "derived",
)
"""Every origin of a link, the most trusted first; "user" and "admin" are trusted alike."""

TRUST = {
    "official": "official",
    "user": "on Hugging Face",
    "admin": "on Hugging Face",
    "comment": "authors' comment",
    "abstract": "in the abstract",
    "hub": "cites this paper",
    "community": "community",
    "auto": "unverified",
}
"""What people are told of a link's origin; a derived one needs no word."""

ANNOUNCEMENTS = ("new", "cross", "replace")
"""How arXiv can announce a paper, the strongest first."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that belongs to a paper.

    `url` is shown and opened as it stands (after `links.safe_url`); `kind` is one of KINDS; `label` is
    what the text called it, or empty; `doubtful` marks an address that is probably cut short. `origin`, one of
    ORIGINS, says who stated it: "official" (Papers with Code holds it for the authors' own), "user" or "admin"
    (Hugging Face, by hand), "comment" (the authors, on arXiv), "abstract", "hub" (a repository on Hugging Face
    that cites the paper), "community" (Papers with Code, not by the authors), "auto" (Hugging Face,
    unverified), or "derived" (follows from the paper's id).
    """

    url: str
    kind: str
    label: str = ""
    origin: str = "abstract"
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Organization:
    """Who stands behind a paper on Hugging Face: `name` is the account, `fullname` what people call it."""

    name: str
    fullname: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the sources say of one paper; what the user did to it is kept elsewhere (`marks.State`).

    `keys` are all its identities, strongest first (see `identity`); `keys[0]` is its id. `published` is
    its own first date, "YYYY-MM-DDTHH:MM:SSZ" or "YYYY-MM-DD" where only the day is known; `edition` the day
    of the Daily Papers edition that carried it. `author_count` is set only where the names are not known.
    `summary` is a source's own short summary, `author_comment` the authors' remark that arXiv calls comment
    ("12 pages; code at …"), `announce` one of ANNOUNCEMENTS. `title`, `abstract` and `author_comment` are
    cleaned text, TeX untouched.
    """

    keys: tuple[str, ...]
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    published: str | None = None
    edition: str | None = None
    organization: Organization | None = None
    upvotes: int | None = None
    comments: int | None = None
    stars: int | None = None
    summary: str | None = None
    author_comment: str | None = None
    keywords: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    version: int | None = None
    announce: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def id(self) -> str:
        return self.keys[0]


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What a line of the list needs. `row` is the store's number for the paper, `flags` those of `marks`.

    `authors` are the first few names, `author_count` how many there are in all (0: not known), `last_author` is the
    last one where it is known and not among them.
    """

    row: int
    id: str
    title: str
    authors: tuple[str, ...]
    author_count: int
    published: str | None
    edition: str | None
    upvotes: int | None
    comments: int | None
    stars: int | None
    code: bool
    flags: int
    last_author: str = ""
