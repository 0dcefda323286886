"""Everything there is of a library in one file, and back: `export --all` and `import --with-marks`."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path

from papers_tui.domain.errors import PapersError
from papers_tui.domain.moments import stamp
from papers_tui.domain.query import Query
from papers_tui.domain.record import to_record
from papers_tui.domain.whole import SETTINGS, head, without_passwords
from papers_tui.export.files import stays_as_it_is
from papers_tui.journal.compaction import compacted
from papers_tui.journal.exchange import append_unknown, contents
from papers_tui.late import dataclass
from papers_tui.library import Library
from papers_tui.paths import Paths
from papers_tui.sources.whole_library import is_whole, read_whole
from papers_tui.toml_file import edit_document, read_document


@dataclass(frozen=True, slots=True)
class Moved:
    """What went into a file, or came out of it: papers, acts, files of settings; `faults` says what did not."""

    papers: int
    acts: int
    settings: tuple[str, ...]
    faults: tuple[str, ...] = ()


def lines_of(library: Library, now: datetime) -> tuple[Iterator[str], Moved]:
    """The lines of a whole library, and what is in them. Raises PapersError where the journal can't be read."""
    rows = sorted(library.find(Query(())))
    acts = _acts(library.paths)
    texts, faults = _settings(library.paths)
    moved = Moved(len(rows), len(acts), tuple(texts), faults)

    def lines() -> Iterator[str]:
        order = _order(holding.sources for holding in library.holdings(rows))
        yield _line(head(papers=len(rows), acts=len(acts), sources=order, exported=stamp(now)))
        for holding in library.holdings(rows):
            paper = to_record(holding.paper)
            yield _line({"paper": paper, "sources": holding.sources, "added": holding.added})
        for act in acts:
            yield f'{{"act": {act.partition(b" ")[2].decode("ascii")}}}\n'
        for name, text in texts.items():
            yield _line({"file": name, "text": text})

    return lines(), moved


def export_all(library: Library, target: Path, now: datetime) -> Moved:
    """Writes a whole library to a file that only its owner may read, in place of an older one.

    Raises PapersError where it can't be written, or something else stands there.
    """
    if target.is_dir():
        raise PapersError(str(target), "it is a folder, and all goes into one file", "name a file")
    with suppress(OSError):
        with target.open("rb") as file:
            there = file.read(1 << 20)
        if there.strip() and not is_whole(there):
            raise stays_as_it_is(target)
    lines, moved = lines_of(library, now)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as out:
            out.writelines(lines)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        hint = "see to it, and export again"
        raise PapersError(str(target), f"it can't be written: {error.strerror or error}", hint) from error
    return moved


def bring_marks(paths: Paths, data: bytes, name: str, now: datetime) -> Moved:
    """Makes the acts of a whole library this one's, and its settings where there are none here.

    Acts that are known already change nothing, and of two on one mark the later counts. Raises PapersError.
    """
    whole = read_whole(data, name=name, now=stamp(now))
    try:
        acts = append_unknown(paths.journal, paths.log, whole.acts)
    except OSError as error:
        message = f"its marks can't be kept in {paths.journal}: {error.strerror or error}"
        raise PapersError(name, message, "see to it, and import it again") from error
    placed, faults = [], []
    for file, text in whole.settings.items():
        told = _place(paths.config / file, text)
        if told:
            faults.append(told)
        else:
            placed.append(file)
    return Moved(len(whole.papers), acts, tuple(placed), tuple(faults))


def _place(path: Path, text: str) -> str:
    """Puts a file of settings where there is none; why that can't be, or an empty text."""
    import tomllib

    try:
        tomllib.loads(text)
        if path.exists() and path.read_text("utf-8") != text:
            return f"{path.name}: yours stays; move {path} away and import again to have the other"
        if not path.exists():
            read_document(path)
            edit_document(path, lambda _: text)
    except (ValueError, RecursionError):
        return f"{path.name}: it is not TOML, and left out"
    except OSError as error:
        return f"{path.name}: {error.strerror or error}"
    return ""


def _acts(paths: Paths) -> list[bytes]:
    """The lines of all machines' journals, as few as say it all."""
    try:
        held, faults = contents(paths.journal)
    except OSError as error:
        raise PapersError(str(paths.journal), error.strerror or str(error), "let yourself read it") from error
    if faults:
        raise PapersError("journal", faults[0], "see to it: nothing of yours is to be missing")
    return compacted([line for data in held.values() for line in data.split(b"\n") if line], 0)


def _settings(paths: Paths) -> tuple[dict[str, str], tuple[str, ...]]:
    texts, faults = {}, []
    for name in SETTINGS:
        try:
            text = (paths.config / name).read_text("utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{name}: it can't be read, and is left out: {error}")
            continue
        texts[name] = without_passwords(text)
        if texts[name] != text:
            faults.append(f"{name}: a password in an address is left out")
    return texts, tuple(faults)


def _order(listed: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """All names in an order that each of the lists keeps."""
    followers: dict[str, set[str]] = {}
    for names in listed:
        for place, name in enumerate(names):
            followers.setdefault(name, set()).update(names[:place])
    return tuple(TopologicalSorter(followers).static_order())


def _line(value: object) -> str:
    return f"{json.dumps(value, ensure_ascii=False)}\n"
