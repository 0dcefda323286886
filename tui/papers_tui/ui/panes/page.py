"""The lines of one paper, whole: title, who and when, tags and note, abstract, links, sources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from papers_tui.domain.paper import TRUST, Link, Paper
from papers_tui.domain.rules import reasons
from papers_tui.domain.text import unicode_tex
from papers_tui.domain.watched import Watched
from papers_tui.ui.cells import cell_len
from papers_tui.ui.drawing import Part, fit, wrap
from papers_tui.ui.glyphs import Glyphs
from papers_tui.ui.hits import Hits
from papers_tui.ui.panes.paper_list.words import counted, full_date

if TYPE_CHECKING:
    from papers_tui.library import Holding

_MOST_AUTHORS = 12
_LEAST_ADDRESS = 30
"""Cells of an address that are shown before a word on its origin."""
_ANNOUNCED = {"cross": "cross-listed", "replace": "replaced"}
_KEPT = "\N{NO-BREAK SPACE}"
_LONG = 24
"""Characters of a fact that may be broken over two lines; a shorter one stays together."""
_SEARCHED = ("title", "text", "note")
"""The styles of what the search looks at."""
_WIDEST = 92
"""Cells of a line of text: a longer one is hard to read."""


class Page:
    """The lines of a paper in a pane of this width, and what a click on a line is about: a link, or a command's id."""

    def __init__(self, width: int, glyphs: Glyphs, hits: Hits, watched: Watched) -> None:
        self.width = max(1, min(width - 3, _WIDEST))
        self.watched = watched
        self.hits = hits
        self.glyphs = glyphs
        self.lines: list[list[Part]] = []
        self.targets: dict[int, Link | str] = {}

    def write(self, holding: Holding) -> None:
        paper = holding.paper
        self._text(unicode_tex(paper.title), "title", "open_detail")
        self._authors(paper)
        self._text(_facts(holding), "quiet", "pick_view")
        self._marks(holding)
        self._blank()
        if paper.summary:
            self._text(f"{self.glyphs.bullet} {unicode_tex(paper.summary)}", "quiet")
            self._blank()
        for paragraph in unicode_tex(paper.abstract or "No abstract.").split("\n\n"):
            self._text(paragraph, "text" if paper.abstract else "quiet")
            self._blank()
        self._list_links(holding.links)
        topics = ", ".join((*paper.categories, *paper.keywords))
        self._named("Topics", topics, "pick_view")
        self._named("Comment", paper.author_comment or "")
        self._named("Seen in", ", ".join(holding.sources[:1]))
        self._named("Also in", ", ".join(holding.sources[1:]))
        self._named("Id", paper.id)

    def _text(self, text: str, style: str, command: str = "") -> None:
        for line in wrap(text, self.width) if text else ():
            shown = " " + line.replace(_KEPT, " ")
            parts = self._searched(shown, style) if style in _SEARCHED else [(shown, f"detail--{style}")]
            self._line(parts, command)

    def _searched(self, text: str, style: str = "text") -> list[Part]:
        """The text with what is looked for marked in it."""
        return [(part, f"detail--{'hit' if hit else style}") for part, hit in self.hits.parts(text)]

    def _authors(self, paper: Paper) -> None:
        """The first of the authors, and those that are watched, wherever they stand."""
        watched = [name for name in paper.authors if self.watched.has(name)]
        names = [*paper.authors[:_MOST_AUTHORS]]
        names += [name for name in watched if name not in names]
        # A name that stands out stays on one line.
        text = ", ".join(name.replace(" ", _KEPT) if name in watched else name for name in names)
        if others := len(paper.authors) - len(names):
            text = f"{text} and {counted(others, 'other')}"
        if not watched:
            self._text(text, "text", "pick_view")
            return
        kept = "|".join(re.escape(name.replace(" ", _KEPT)) for name in watched)
        for line in wrap(text, self.width):
            pieces = re.split(f"({kept})", f" {line}")
            parts: list[Part] = []
            for number, piece in enumerate(pieces):
                shown = piece.replace(_KEPT, " ")
                parts += [(shown, "detail--watched")] if number % 2 else self._searched(shown)
            self._line(parts, "pick_view")

    def _line(self, parts: list[Part], target: Link | str) -> None:
        if target:
            self.targets[len(self.lines)] = target
        self.lines.append(parts)

    def _blank(self) -> None:
        self.lines.append([("", "detail--text")])

    def _marks(self, holding: Holding) -> None:
        state = holding.state
        words = [
            word
            for on, word in (
                (state.starred, f"{self.glyphs.star} starred"),
                (state.later, f"{self.glyphs.later} later"),
                (state.dismissed, f"{self.glyphs.dismissed} dismissed"),
            )
            if on
        ]
        self._text("  ".join([*words, *(f"#{tag}" for tag in state.tags)]), "tag", "tags")
        for reason in reasons(holding.ruled):
            self._text(reason, "quiet", "rules")
        if state.note:
            self._blank()
            for number, line in enumerate(state.note.split("\n")):
                self._text(f"{self.glyphs.note if not number else ' '} {line}", "note", "note")
        for edit in state.other_notes:
            self._blank()
            self._text(f"other version ({edit.whose}):", "quiet", "note")
            for line in edit.text.split("\n"):
                self._text(f"  {line}", "note", "note")

    def _list_links(self, links: tuple[Link, ...]) -> None:
        if not links:
            return
        self.lines.append([(" Links", "detail--heading")])
        for number, link in enumerate(links, 1):
            trust = "may be cut short" if link.doubtful else TRUST.get(link.origin, "")
            address = link.url.removeprefix("https://")
            width = self.width - 15
            beside = width - cell_len(trust) - 2
            if not trust or beside < min(cell_len(address), _LEAST_ADDRESS):
                trust, beside = "", width
            parts = [
                (f" {number:2} {fit(link.kind, 10)} ", "detail--quiet"),
                (fit(address, beside).rstrip(), "detail--link"),
                (f"  {trust}" if trust else "", "detail--quiet"),
            ]
            self._line(parts, link)
        self._blank()

    def _named(self, name: str, text: str, command: str = "") -> None:
        for number, line in enumerate(wrap(text, self.width - 9)) if text else ():
            self._line([(f" {fit(name if not number else '', 8)} {line}", "detail--quiet")], command)


def _facts(holding: Holding) -> str:
    """Who stands behind it, when, and what people made of it."""
    paper, read = holding.paper, holding.version_read
    version = f"v{paper.version}" if paper.version else ""
    if paper.version and read and read < paper.version:
        version = f"v{paper.version} is out, you read v{read}"
    organization = paper.organization
    parts = [
        counted(paper.author_count, "author") if paper.author_count else "",
        (organization.fullname or organization.name) if organization else "",
        full_date(paper.published),
        f"upvotes {paper.upvotes}" if paper.upvotes is not None else "",
        counted(paper.comments, "comment") if paper.comments else "",
        f"{counted(paper.stars, 'star')} on GitHub" if paper.stars else "",
        f"edition {paper.edition}" if paper.edition else "",
        version,
        _ANNOUNCED.get(paper.announce or "", ""),
    ]
    return " · ".join(part.replace(" ", _KEPT) if len(part) < _LONG else part for part in parts if part)
