"""What is remembered of each source between one refresh and the next."""

from __future__ import annotations

import json
import sqlite3

from papers_tui.domain.sources import Source, SourceState, to_state_record
from papers_tui.store.batch import Batch
from papers_tui.store.ruling import apply_rules


def save_state(db: sqlite3.Connection, source: Source, state: SourceState) -> None:
    """Remembers the state of a source, which goes by its present name from now on, inside the caller's transaction."""
    name_source(db, source)
    text = json.dumps(to_state_record(state), ensure_ascii=False, separators=(",", ":"))
    db.execute("UPDATE source SET state=? WHERE ref=?", (text, source.ref))


def name_source(db: sqlite3.Connection, source: Source) -> None:
    """Lets the papers of a source go by its present name, inside the caller's transaction."""
    row = db.execute("SELECT label FROM source WHERE ref=?", (source.ref,)).fetchone()
    batch = Batch(db)
    label = batch.label("source", source.name)
    if row is None:
        db.execute("INSERT INTO source VALUES(?,?,?)", (source.ref, label, "{}"))
    elif row[0] != label:
        former = row[0]
        db.execute("UPDATE reading SET label=? WHERE label=?", (label, former))
        papers = [paper for (paper,) in db.execute("SELECT paper FROM member WHERE label=?", (former,))]
        with batch:
            batch.know(papers)
            for paper in papers:
                batch.exchange(paper, former, label)
        db.execute("DELETE FROM label WHERE id=?", (former,))
        db.execute("UPDATE source SET label=? WHERE ref=?", (label, source.ref))
        apply_rules(db, papers)


def forget_state(db: sqlite3.Connection, ref: str) -> None:
    """Remembers nothing of a source any more, inside the caller's transaction."""
    db.execute("DELETE FROM source WHERE ref=?", (ref,))
