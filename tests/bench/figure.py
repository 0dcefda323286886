"""A figure: what was measured, in which unit, and beside which target."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `target` is the most it may be, or with `least` the least (None: it is for information)."""

    name: str
    value: float
    unit: str
    target: float | None = None
    least: bool = False

    @property
    def verdict(self) -> str:
        if self.target is None:
            return "-"
        kept = self.value >= self.target if self.least else self.value <= self.target
        return "kept" if kept else "MISSED"

    def __str__(self) -> str:
        target = "-" if self.target is None else f"{'>=' if self.least else '<='}{self.target:g}"
        return f"{self.name} {_shown(self.value)} {self.unit} {target} {self.verdict}"


def times(name: str, taken: Sequence[float], middle: float | None, most: float | None) -> Iterator[Figure]:
    """The median and the 95th percentile of some times in ms, with the target of each."""
    if taken:
        ordered = sorted(taken)
        yield Figure(f"{name}.p50", median(ordered), "ms", middle)
        yield Figure(f"{name}.p95", ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], "ms", most)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(ours: Sequence[float], bare: Sequence[float]) -> float:
    """The middle one of the ratios of values that were measured in pairs, right after each other."""
    return median([one / other for one, other in zip(ours, bare, strict=True)])


def _shown(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 else f"{value:.3g}"
