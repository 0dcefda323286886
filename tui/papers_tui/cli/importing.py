"""`papers-tui import`: files in, and on each of them a line that says what came of it.

Files hold papers; a list of feeds (OPML) holds sources.
"""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

from papers_tui.cli import streams
from papers_tui.cli.reading import acts, opened
from papers_tui.domain.errors import PapersError
from papers_tui.domain.tally import Tally
from papers_tui.domain.text import clean_line
from papers_tui.late import dataclass
from papers_tui.library import ImportedFile, Library
from papers_tui.moving import Moved, bring_marks
from papers_tui.paths import Paths
from papers_tui.store import StoreBusy

_LARGEST = 200_000_000
_FAULTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class _File:
    """A file's base name, its bytes and the day of its last change."""

    name: str
    data: bytes
    modified: date


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file to import; - for standard input")
    parser.epilog = "A list of feeds (OPML) adds them to what you follow; its groups become their tags."
    parser.add_argument(
        "--with-marks",
        action="store_true",
        help="of what `export --all` wrote, bring in marks, notes, views, sources and rules as well",
    )
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def run(args: argparse.Namespace, paths: Paths) -> int:
    results: list[tuple[str, ImportedFile]] = []
    with opened(paths) as library:
        for path in args.paths:
            result, moved = _imported(library, path, with_marks=args.with_marks)
            results.append((path, result))
            for line in (*_words(path, result), *_apart_words(result, moved)):
                streams.say(line)
    if args.json:
        streams.put_text(json.dumps(_counts(results), ensure_ascii=False) + "\n")
    return 2 if any(result.skipped for _, result in results) else 0


def _imported(library: Library, path: str, *, with_marks: bool) -> tuple[ImportedFile, Moved | None]:
    """What came of one file. Only a store that is busy ends it all: what else goes wrong is this file's own."""
    try:
        file = _read_input() if path == "-" else _read(Path(path))
        result = library.import_file(file.name, file.data, file.modified)
        if not with_marks or result.apart is None:
            return result, None
        moved = bring_marks(library.paths, file.data, file.name, datetime.now(UTC))
        library.sync()
        return result, moved
    except StoreBusy:
        raise
    except PapersError as error:
        reason = f"{error.message} ({error.hint})" if error.hint else error.message
    except OSError as error:
        reason = _reason(error)
    return ImportedFile(path, skipped=reason), None


def _apart_words(result: ImportedFile, moved: Moved | None) -> list[str]:
    """What of a whole library came in beside its papers, or was left out."""
    if moved:
        came = ", ".join((f"{acts(moved.acts)} new", *moved.settings))
        return [f"  with its marks: {came}", *(f"  {fault}" for fault in moved.faults)]
    if result.apart is None or not (result.apart[0] or result.apart[1]):
        return []
    held = ", ".join((acts(result.apart[0]), *result.apart[1]))
    return [f"  it is a whole library: {held} left out; --with-marks makes them yours"]


def _read_input() -> _File:
    return _File("stdin", _limited(streams.read_input(_LARGEST + 1)), date.today())


def _read(path: Path) -> _File:
    with path.open("rb") as file:
        data = _limited(file.read(_LARGEST + 1))
        return _File(clean_line(path.name) or "file", data, _day(os.fstat(file.fileno()).st_mtime))


def _limited(data: bytes) -> bytes:
    if len(data) > _LARGEST:
        message = f"it is larger than {_LARGEST // 1_000_000} MB, which no saved page is"
        raise PapersError("import", message, "import it in parts")
    return data


def _day(timestamp: float) -> date:
    try:
        return date.fromtimestamp(timestamp)
    except (ValueError, OverflowError, OSError):  # a year that no calendar has
        return date.today()


def _reason(error: OSError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder (name the files in it)"
        case PermissionError():
            return "no permission to read it"
    return f"it can't be read: {error.strerror or error}"


def _words(path: str, result: ImportedFile) -> list[str]:
    """What came of one file, and of what in it could not be read."""
    name = "stdin" if path == "-" else path
    if result.skipped:
        return [f"{name}: skipped: {result.skipped}"]
    said = _followed_words(*result.followed) if result.followed else _tally_words(result.tally)
    if not result.faults:
        return [f"{name}: {said}"]
    more = len(result.faults) - _FAULTS_NAMED
    return [
        f"{name}: {said}; {len(result.faults)} left out:",
        *(f"  {fault}" for fault in result.faults[:_FAULTS_NAMED]),
        *([f"  and {more} more"] if more > 0 else []),
    ]


def _tally_words(tally: Tally) -> str:
    if not (tally.new or tally.merged):
        return "already imported, nothing changed"
    counted = ((tally.new, "new"), (tally.merged, "merged"), (tally.unchanged, "unchanged"))
    return ", ".join(f"{count:,} {what}" for count, what in counted if count)


def _followed_words(added: int, known: int) -> str:
    if not added:
        return "all of its feeds are followed already, nothing changed"
    sources = "1 source" if added == 1 else f"{added:,} sources"
    were = "was" if known == 1 else "were"
    return f"{sources} added" + (f", {known:,} {were} there already" if known else "")


def _counts(results: list[tuple[str, ImportedFile]]) -> dict[str, object]:
    """`files` are those that were read; those that were not are under `skipped` with the reason."""
    tallies = [result.tally for _, result in results]
    lists = [result.followed for _, result in results if result.followed]
    return {
        "files": sum(not result.skipped for _, result in results),
        "read": sum(tally.read for tally in tallies),
        "new": sum(tally.new for tally in tallies),
        "merged": sum(tally.merged for tally in tallies),
        "unchanged": sum(tally.unchanged for tally in tallies),
        **({"sources": sum(added for added, _ in lists)} if lists else {}),
        "skipped": [{"file": path, "reason": result.skipped} for path, result in results if result.skipped],
    }
