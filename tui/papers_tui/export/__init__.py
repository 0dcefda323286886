"""Papers as text for other programs: pure rendering, atomic writing."""
