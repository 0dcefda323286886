"""`python -m tests.caches`: writes down what a user of this version leaves behind, in `v<number of the schema>`.

Before the schema's number goes up, run it once at the commit before and add what it wrote. From then on
tests/test_inheritance.py proves that nothing of it is lost: papers that no source lists any more come from the cache of
the former version alone. tests/test_versions.py reads all of them, that of this version too. What it wrote is never
changed afterwards.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from papers_tui.domain import marks
from papers_tui.domain.identity import text_key
from papers_tui.domain.paper import Link, Organization, Paper
from papers_tui.domain.plan import ARXIV, FEED, HUGGING_FACE
from papers_tui.domain.query import Query
from papers_tui.domain.sources import Source, SourceState
from papers_tui.library import Library
from papers_tui.paths import Paths, find_paths
from papers_tui.store.schema import VERSION

_LINE = b'{"title": "From a file", "abstract": "Its abstract.", "authors": ["Cy File"], "published": "2026-09-01"}\n'


def _paper(number: int, **fields: object) -> Paper:
    title, abstract = (
        f"A study of subject {number}",
        f"We look at subject number {number} and its neighbours.",
    )
    return Paper(
        keys=(f"arxiv:2510.{number:05}", text_key(title, abstract)),
        title=title,
        abstract=abstract,
        authors=(f"Ada Author{number}", "Björn Beispiel"),
        published=f"2026-10-{number % 28 + 1:02}T10:00:00Z",
        **fields,  # type: ignore[arg-type]
    )


def _edition(number: int) -> Paper:
    return _paper(
        number,
        edition=f"2026-10-{number % 28 + 1:02}",
        upvotes=number,
        comments=number % 3,
        keywords=("diffusion",),
        organization=Organization("lab", "The Lab"),
        links=(Link(f"https://github.com/lab/code{number}", "code", origin="github"),),
    )


def fill(paths: Paths) -> None:
    """A library in which each thing that is kept is there at least once."""
    now = datetime(2026, 11, 1, 8, tzinfo=UTC)
    with Library(paths, now=lambda: now) as library:
        library.intake.keep("Daily Papers", [_edition(number) for number in range(1, 21)], rank=HUGGING_FACE)
        state = SourceState("daily-papers:", asked="2026-11-01T08:00:00Z", status="ok")
        library.intake.remember(Source("Daily Papers", "daily-papers", ""), state)
        now = datetime(2026, 11, 3, 8, tzinfo=UTC)
        listed = [
            _paper(number, categories=("cs.LG",), version=1 + number % 2, author_comment="8 pages")
            for number in range(11, 31)
        ]
        library.intake.keep("cs.LG", listed, rank=ARXIV)
        post = Paper(("url:https://blog.example/post",), "A post without a date", "Words.", ("Someone",))
        library.intake.keep("A blog", [post], rank=FEED)
        rows = library.find(Query(()))
        library.mark([rows[0], rows[3]], marks.star(True, implies_read=True))
        library.mark([rows[1]], marks.tags(["moe"], [], implies_read=False))
        library.mark([rows[2]], marks.note("worth a second look"))
        library.mark(rows[5:9], marks.read(True))
        library.mark([rows[30]], marks.dismiss(True, implies_read=False))
        library.import_file("mine.jsonl", _LINE, date(2026, 9, 2))


def told(library: Library) -> str:
    """All that a library says of its papers, as JSON Lines."""
    lines = [
        json.dumps(one.record() | {"version_read": one.version_read}, ensure_ascii=False, sort_keys=True)
        for one in library.holdings(library.find(Query(())))
    ]
    return "\n".join(sorted(lines)) + "\n"


def main() -> None:
    folder = Path(__file__).parent / f"v{VERSION}"
    folder.mkdir()
    with tempfile.TemporaryDirectory() as home:
        paths = find_paths({"PAPERS_TUI_HOME": home})
        fill(paths)
        with Library(paths) as library:
            (folder / "papers.jsonl").write_text(told(library), encoding="utf-8")
        (cache,) = paths.cache.glob("library-v*.sqlite3")
        with closing(sqlite3.connect(cache)) as db:
            db.execute("PRAGMA journal_mode=DELETE")
            db.execute("VACUUM")
        (folder / f"{cache.name}.gz").write_bytes(gzip.compress(cache.read_bytes(), 9, mtime=0))
        shutil.copytree(paths.journal, folder / "journal")
        shutil.copytree(paths.imported, folder / "imported")


if __name__ == "__main__":
    main()
