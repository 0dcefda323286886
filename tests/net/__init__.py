"""Fetching: its decisions by tables, its behaviour against servers on the loopback interface."""
