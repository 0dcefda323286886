"""The record of what the user did: append-only files, the truth."""
