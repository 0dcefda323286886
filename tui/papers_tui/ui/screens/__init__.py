"""The main screen and what opens over it."""
