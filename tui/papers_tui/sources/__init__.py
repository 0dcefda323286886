"""Adapters that turn what a service or a file holds into papers."""
