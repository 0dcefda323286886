"""What can be wrong around the program, found without changing anything, and what to do about it."""

from papers_tui.doctor.examination import examine
from papers_tui.doctor.finding import NOTE, OK, PROBLEM, Finding

__all__ = ["NOTE", "OK", "PROBLEM", "Finding", "examine"]
