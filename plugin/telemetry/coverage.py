"""What of a timeline was watched, and how many times: sweeps over stretches. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

SHORTEST_S = 0.001
"""Two ends that are closer are one: positions are told as binary fractions."""


def coverage(stretches: Iterable[tuple[float, float]]) -> tuple[tuple[float, float, int], ...]:
    """Disjoint (start_s, end_s, times) by ascending time, nothing where nothing was watched."""
    steps: dict[float, int] = {}
    for start_s, end_s in stretches:
        if end_s > start_s:
            steps[start_s] = steps.get(start_s, 0) + 1
            steps[end_s] = steps.get(end_s, 0) - 1
    found: list[tuple[float, float, int]] = []
    times = 0
    for at_s, next_s in pairwise(sorted(steps)):
        times += steps[at_s]
        if times == 0 or next_s - at_s < SHORTEST_S:
            continue
        if found and found[-1][2] == times and at_s - found[-1][1] < SHORTEST_S:
            found[-1] = (found[-1][0], next_s, times)
        else:
            found.append((at_s, next_s, times))
    return tuple(found)


def union(stretches: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Disjoint (start_s, end_s) by ascending time: watched at least once."""
    found: list[tuple[float, float]] = []
    for start_s, end_s in sorted(stretches):
        if end_s <= start_s:
            continue
        if found and start_s <= found[-1][1]:
            if end_s > found[-1][1]:
                found[-1] = (found[-1][0], end_s)
        else:
            found.append((start_s, end_s))
    return tuple(found)


def length_s(stretches: Iterable[tuple[float, float]]) -> float:
    """Of all of them together; of a union, each second once."""
    return sum(end_s - start_s for start_s, end_s in stretches)
