"""The files of an export: what stands in their place is read, renewed, and written back whole."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.export.filenames import file_id, file_name
from papers_tui.export.living import Renewed, renewed_document, renewed_paper, starred_id
from papers_tui.export.markdown import Shelved, render_paper
from papers_tui.export.writing import is_stream, write_folder, write_text


def renew_document(path: Path, papers: Sequence[Shelved], *, title: str, query: str, date: str) -> Renewed:
    """Makes the file at `path` the document of `papers`, and keeps what the user wrote in it.

    A file that needs no change is not written. Raises PapersError where it can't be read or written, or is
    something else than an export; it is then as it was.
    """
    old = read_text(path)
    renewed = renewed_document(old, papers, title=title, query=query, date=date)
    if renewed is None:
        raise stays_as_it_is(path)
    if renewed.text != old:
        write_text(path, renewed.text)
    return renewed


def starred_ids(folder: Path) -> list[str]:
    """The ids of the papers whose files in `folder` say that they are starred.

    Raises PapersError where the folder or a file in it can't be read.
    """
    names = (name for found in _names_by_id(folder).values() for name in found)
    ids = (starred_id(read_text(folder / name)) for name in sorted(names))
    return [known for known in ids if known]


def renew_folder(folder: Path, papers: Sequence[Shelved]) -> Renewed:
    """Makes one file a paper in `folder`, and keeps what the user wrote in those that are there.

    A paper keeps the file that has its id at the end of its name, whatever its title is by now. Files of
    other papers are left alone: they may come from another query. Nothing is written unless every file
    can be renewed; raises PapersError otherwise. The text of what is given is empty.
    """
    files: dict[str, str] = {}
    names = _names_by_id(folder)
    new = edited = 0
    for shelved in papers:
        name, old, renewed = _renewed_file(folder, names, shelved)
        new += not old
        edited += renewed.edited
        if renewed.text != old:
            files[name] = renewed.text
    write_folder(folder, files)
    return Renewed("", new if new < len(papers) else 0, edited=edited > 0)


def read_text(path: Path) -> str:
    """The text of the file at `path` with its line ends as they are; empty where there is none to renew.

    Raises PapersError, titled with the path, where it can't be read or is not UTF-8.
    """
    try:
        if not os.path.lexists(path) or path.is_dir() or is_stream(path):
            return ""
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise PapersError(str(path), "it is not text in UTF-8, so it stays as it is", _WAY_OUT) from error
    except OSError as error:
        message = f"it can't be read, so it stays as it is: {error.strerror or error}"
        raise PapersError(str(path), message, _WAY_OUT) from error


_WAY_OUT = "choose another name, or delete it"


def stays_as_it_is(path: Path) -> PapersError:
    """What is told of a file that is somebody else's."""
    return PapersError(str(path), "it is there already and no export of ours, so it stays as it is", _WAY_OUT)


def _names_by_id(folder: Path) -> dict[str, list[str]]:
    """The names of the Markdown files by the part of them that tells an id."""
    names: dict[str, list[str]] = defaultdict(list)
    if folder.is_dir():
        try:
            for path in folder.iterdir():
                if path.suffix == ".md":
                    names[path.stem.rpartition("-")[2]].append(path.name)
        except OSError as error:
            message = f"it can't be listed: {error.strerror or error}"
            raise PapersError(str(folder), message, "choose another folder") from error
    return names


def _renewed_file(folder: Path, names: dict[str, list[str]], shelved: Shelved) -> tuple[str, str, Renewed]:
    """The name of the paper's file, its text as it is, empty where it is to be made, and as it is to be."""
    fresh = file_name(shelved.paper.title, shelved.paper.id)
    found = {name for known in shelved.paper.keys for name in names.get(file_id(known), ())}
    for name in sorted(found, key=lambda name: (name != fresh, name)):
        old = read_text(folder / name)
        if renewed := renewed_paper(old, shelved):
            return name, old, renewed
    if fresh in found:
        raise stays_as_it_is(folder / fresh)
    return fresh, "", Renewed(render_paper(shelved))
