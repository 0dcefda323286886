"""The three panes and the status line."""
