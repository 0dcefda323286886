"""Papers of the library as Markdown, in files that their reader may write into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.export.files import renew_document, renew_folder
from papers_tui.export.markdown import Shelved, render_document
from papers_tui.library import Holding, Library


@dataclass(frozen=True, slots=True)
class Exported:
    """What came of an export: its papers, and of an older one in its place, those that are new or no longer there.

    `edited` tells whether the user had written anything in it, which was kept.
    """

    papers: int
    new: int = 0
    gone: int = 0
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands at the head of a document: its title, the query that it answers, and the day as `YYYY-MM-DD`."""

    title: str
    query: str
    date: str


def document(library: Library, rows: Sequence[int], heading: Heading) -> str:
    """These papers as one Markdown document."""
    shelved = [_shelved(holding) for holding in library.holdings(rows)]
    return render_document(shelved, title=heading.title, query=heading.query, date=heading.date)


def export(library: Library, rows: Sequence[int], target: str, heading: Heading) -> Exported:
    """Writes these papers as Markdown, and keeps what the user wrote in an older export there.

    A `target` that is a folder, or ends in a slash, gets one file a paper, and files of other papers in it are
    left alone; any other is one document, in which those are marked. Raises PapersError where it can't be
    written or is no export of ours; what was there is then whole.
    """
    path = expanded(target)
    shelved = [_shelved(holding) for holding in library.holdings(rows)]
    if target.endswith("/") or path.is_dir():
        renewed = renew_folder(path, shelved)
    else:
        renewed = renew_document(path, shelved, title=heading.title, query=heading.query, date=heading.date)
    return Exported(len(shelved), renewed.new, renewed.gone, renewed.edited)


def expanded(target: str) -> Path:
    """The path that a person named. Raises PapersError for the home of a user who is not there."""
    try:
        return Path(target).expanduser()
    except RuntimeError as error:
        raise PapersError(target, "there is no such user", "name the folder by its path") from error


def _shelved(holding: Holding) -> Shelved:
    state = holding.state
    return Shelved(
        holding.paper, holding.links, holding.sources, state.tags, state.note, state.starred, state.read
    )
