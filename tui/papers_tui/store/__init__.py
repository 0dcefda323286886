"""SQLite: papers and the state projected from the journal; disposable."""
