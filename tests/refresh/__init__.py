"""Tests of the refresh: sources asked in a simulated world, and what the library makes of it."""
