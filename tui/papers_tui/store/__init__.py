"""SQLite: papers and the state projected from the journal; disposable."""

from papers_tui.store.schema import Store, StoreBusy, open_store

__all__ = ["Store", "StoreBusy", "open_store"]
