"""SQLite: papers and the state projected from the journal; disposable."""

from papers_tui.store.finder import Finder
from papers_tui.store.schema import Store, StoreBusy, open_store

__all__ = ["Finder", "Store", "StoreBusy", "open_store"]
