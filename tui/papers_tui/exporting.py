"""Papers of the library as texts and files: Markdown that their reader may write into, BibTeX, JSON Lines."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.export.files import read_text, renew_document, renew_folder, starred_ids, stays_as_it_is
from papers_tui.export.living import is_starred
from papers_tui.export.markdown import Shelved, render_document
from papers_tui.export.writing import write_text
from papers_tui.late import dataclass
from papers_tui.library import Holding, Library

FORMS = {"markdown": ".md", "bibtex": ".bib", "jsonl": ".jsonl"}
"""The forms of an export, each with the end of its file names."""

_BIBTEX_MARK = "% Written by papers-tui. The next export to this file replaces all of it.\n\n"


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


def bibtex(library: Library, rows: Sequence[int]) -> str:
    """These papers as the entries of a `.bib` file."""
    from papers_tui.export.bibtex import render

    return render(holding.paper for holding in library.holdings(rows))


def json_lines(library: Library, rows: Sequence[int]) -> str:
    """These papers as JSON Lines, in the shape of `list --format jsonl`."""
    records = (holding.record() for holding in library.holdings(rows))
    return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)


def form_of(target: str) -> str:
    """The form that the end of a file's name asks for; Markdown where it asks for none."""
    suffix = Path(target).suffix.lower()
    return next((form for form, end in FORMS.items() if end == suffix), "markdown")


def _no_longer_starred(library: Library, folder: Path, rows: Sequence[int]) -> list[Shelved]:
    """The papers whose files say that they are starred, and that are not."""
    listed = set(rows)
    gone = []
    for known in starred_ids(folder):
        with contextlib.suppress(PapersError):  # of another library
            row = library.resolve(known)
            if row not in listed:
                gone.append(row)
    return [shelved for shelved in map(_shelved, library.holdings(gone)) if not shelved.starred]


def write_whole(library: Library, rows: Sequence[int], target: str, form: str) -> Exported:
    """Writes these papers as BibTeX or JSON Lines in place of an older export.

    Raises PapersError where the target is a folder, can't be written, or holds anything else than an export of ours.
    """
    path = expanded(target)
    if target.endswith("/") or path.is_dir():
        hint = f"name a file, such as papers{FORMS[form]}, or use --format markdown"
        raise PapersError(target, f"{form} is one file, not a folder of one a paper", hint)
    there = read_text(path)
    if there.strip() and not (_is_bibtex if form == "bibtex" else _is_json_lines)(there):
        raise stays_as_it_is(path)
    write_text(path, _BIBTEX_MARK + bibtex(library, rows) if form == "bibtex" else json_lines(library, rows))
    return Exported(len(rows))


def _is_bibtex(text: str) -> bool:
    return text.startswith(_BIBTEX_MARK.strip())


def _is_json_lines(text: str) -> bool:
    try:
        first = json.loads(text.partition("\n")[0])
    except ValueError:
        return False
    return isinstance(first, dict) and {"id", "keys", "title"} <= first.keys()


def export(library: Library, rows: Sequence[int], target: str, heading: Heading) -> Exported:
    """Writes these papers as Markdown, and keeps what the user wrote in an older export there.

    A `target` that is a folder, or ends in a slash, gets one file a paper; files of other papers in it are left
    alone, but where `heading` asks for the starred ones, the star is taken off those that have lost it. Any
    other target is one document, in which those are marked. Raises PapersError where it can't be
    written or is no export of ours; what was there is then whole.
    """
    path = expanded(target)
    shelved = [_shelved(holding) for holding in library.holdings(rows)]
    if target.endswith("/") or path.is_dir():
        gone = _no_longer_starred(library, path, rows) if is_starred(heading.query) else []
        renewed = replace(renew_folder(path, [*shelved, *gone]), gone=len(gone))
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
