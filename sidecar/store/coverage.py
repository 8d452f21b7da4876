"""Which stretches of a medium were looked at, and how closely."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from math import isfinite

TOUCH_S = 1e-6
"""Stretches this near to each other count as adjacent: time stamps that went through two time bases differ in the
last bits of a float, and no two frames are a microsecond apart."""


@dataclass(frozen=True, slots=True, order=True)
class Coverage:
    """A promise about the samples in [start_s, end_s), in pts seconds.

    Every moment of the stretch lies between two neighbouring samples that are at most max_gap_s apart, or between two
    neighbours with no frame between them (the first and the last frame of a medium have one neighbour only). So two
    stretches that touch can be joined, and samples that go on after a batch are covered from the last sample of the
    batch before, not from their own first. A max_gap_s of 0 says that every frame was sampled.

    Raises ValueError for times that are not finite, an end before its start, or a negative gap.
    """

    start_s: float
    end_s: float
    max_gap_s: float

    def __post_init__(self) -> None:
        if not (isfinite(self.start_s) and isfinite(self.end_s) and isfinite(self.max_gap_s)):
            raise ValueError(f"coverage must be finite, got {self.start_s}, {self.end_s}, gap {self.max_gap_s}")
        if self.end_s < self.start_s:
            raise ValueError(f"coverage must not end before it starts, got [{self.start_s}, {self.end_s})")
        if self.max_gap_s < 0:
            raise ValueError(f"max_gap_s must be 0 or more, got {self.max_gap_s}")


def normalise(stretches: Iterable[Coverage]) -> tuple[Coverage, ...]:
    """Say the same with the fewest stretches, sorted by start_s, end_s, max_gap_s.

    A stretch is joined with those that it touches and that are at least as close; one that lies within a closer one is
    left out. Nothing that was promised is lost: [0, 100) at 4 s with [10, 20) at 0.5 s stays as these two.
    """
    joined = _Union()
    kept: list[Coverage] = []
    by_gap = sorted((s for s in stretches if s.end_s > s.start_s), key=lambda s: (s.max_gap_s, s.start_s))
    for gap_s, level in groupby(by_gap, key=lambda s: s.max_gap_s):
        grown = [whole for s in level if (whole := joined.add(s.start_s, s.end_s))]
        # Later stretches of one level may have swallowed earlier ones: only what still stands is said.
        kept.extend(
            Coverage(start_s, end_s, gap_s) for start_s, end_s in dict.fromkeys(grown) if joined.has(start_s, end_s)
        )
    return tuple(sorted(kept))


def covers(coverage: Iterable[Coverage], start_s: float, end_s: float, max_gap_s: float) -> bool:
    """Whether [start_s, end_s) was sampled so that neighbours are at most max_gap_s apart. An empty range is."""
    if end_s <= start_s:
        return True
    return any(
        s.max_gap_s <= max_gap_s and s.start_s <= start_s + TOUCH_S and s.end_s >= end_s - TOUCH_S
        for s in normalise(coverage)
    )


class _Union:
    """Disjoint stretches, sorted, that grow by one stretch at a time."""

    def __init__(self) -> None:
        self._starts: list[float] = []
        self._ends: list[float] = []

    def add(self, start_s: float, end_s: float) -> tuple[float, float] | None:
        """Add a stretch; the whole stretch that it became part of, or None if it was there already."""
        first = bisect_left(self._ends, start_s - TOUCH_S)
        after = bisect_right(self._starts, end_s + TOUCH_S)
        if first < after:
            if self._starts[first] <= start_s and end_s <= self._ends[first]:
                return None
            start_s, end_s = min(start_s, self._starts[first]), max(end_s, self._ends[after - 1])
        self._starts[first:after] = [start_s]
        self._ends[first:after] = [end_s]
        return start_s, end_s

    def has(self, start_s: float, end_s: float) -> bool:
        """Whether exactly this stretch is one of the union."""
        at = bisect_left(self._starts, start_s)
        return at < len(self._starts) and (self._starts[at], self._ends[at]) == (start_s, end_s)
