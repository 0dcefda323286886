"""What the tests tried, counted over all of them and told in the end: `11,840 hostile inputs tried, 0 got through`."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import pytest

SENTENCES = {
    "hostile inputs": "{:,} hostile inputs tried, {:,} got through",
    "faults": "{:,} faults survived, {:,} with a loss",
    "histories": "{:,} histories merged, {:,} with a loss",
}
"""What can be counted, and how it is told: of so many, in so many tests that failed."""

_PROPERTY = "tally"
_COUNTED = pytest.StashKey[Counter[str]]()


class Tally(Protocol):
    def __call__(self, name: str, n: int = 1) -> None:
        """Counts `n` more of what SENTENCES calls `name`."""


@pytest.fixture(scope="session")  # hypothesis asks for a test's fixtures once for all its examples
def tally(pytestconfig: pytest.Config) -> Tally:
    """Counts what a test tries, to be told when all tests have run."""
    counted = pytestconfig.stash[_COUNTED]

    def tally(name: str, n: int = 1) -> None:
        assert name in SENTENCES
        counted[name] += n

    return tally


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_COUNTED] = Counter()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Sends the counts of the test that ends along with its report, which reaches us from other processes too."""
    counted = item.config.stash[_COUNTED]
    item.user_properties += [(_PROPERTY, pair) for pair in counted.items()]
    counted.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for several in terminalreporter.stats.values() for report in several]
    failed = {report.nodeid for report in reports if getattr(report, "failed", False)}
    tried: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for report in reports:
        if getattr(report, "when", "") == "teardown":
            for name, n in (value for key, value in report.user_properties if key == _PROPERTY):
                tried[name] += n
                lost[name] += report.nodeid in failed
    if tried:
        terminalreporter.section("tried")
    for name, sentence in SENTENCES.items():
        if name in tried:
            terminalreporter.line(sentence.format(tried[name], lost[name]))
