"""What a scene is about, as seconds of terms, from what the sidecar saw, from its tags and from its markers. Pure.

What we wrote to Stash ourselves stands in all three, so that of each term the largest counts, never the sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

from plugin.recommend.weights import nominal_s
from plugin.telemetry.coverage import length_s, union

Evidence: TypeAlias = Literal["ai", "stash", "both"]
Stretch: TypeAlias = tuple[float, float]
Marked: TypeAlias = "tuple[int, float, float | None]"
"""(term or tag id, start_s, end_s or None)."""

POINT_S = 20.0
"""A marker without an end stands for this long, like the previews that Stash makes of markers."""


def spans_of_markers(markers: Iterable[Marked], duration_s: float) -> dict[int, tuple[Stretch, ...]]:
    """Where markers say that something is shown, each term's as a union."""
    raw: dict[int, list[Stretch]] = {}
    for term, start_s, end_s in markers:
        ends = start_s + POINT_S if end_s is None else end_s
        raw.setdefault(term, []).append((start_s, min(ends, duration_s) if duration_s > start_s else ends))
    return {term: union(stretches) for term, stretches in raw.items()}


def seconds_of_terms(
    duration_s: float, seen: Iterable[tuple[int, float]], tags: Iterable[int], markers: Iterable[Marked]
) -> dict[int, float]:
    """Term -> seconds, all more than 0. seen: what the sidecar saw, a term maybe more than once."""
    found: dict[int, float] = {}
    marked = {term: length_s(spans) for term, spans in spans_of_markers(markers, duration_s).items()}
    of_tag_s = nominal_s(duration_s)
    for term, seconds in (*seen, *marked.items(), *((term, of_tag_s) for term in tags)):
        if seconds > found.get(term, 0.0):
            found[term] = seconds
    return found


def seen_in(
    watched: Sequence[Stretch],
    spans: Mapping[int, Sequence[Stretch]],
    terms: Mapping[int, float],
    duration_s: float,
) -> dict[int, float]:
    """Term -> seconds of it in what was watched. watched, and each of spans: ascending and disjoint. Terms that have no
    spans are thought to be everywhere alike.
    """
    share = min(1.0, length_s(watched) / duration_s) if duration_s > 0 else float(bool(watched))
    found = {}
    for term, seconds in terms.items():
        timed = spans.get(term)
        seen_s = common_s(watched, timed) if timed else share * seconds
        if seen_s > 0:
            found[term] = seen_s
    return found


def common_s(first: Sequence[Stretch], second: Sequence[Stretch]) -> float:
    """Seconds that two unions have in common."""
    total, one, other = 0.0, 0, 0
    while one < len(first) and other < len(second):
        starts = max(first[one][0], second[other][0])
        ends = min(first[one][1], second[other][1])
        if ends > starts:
            total += ends - starts
        if first[one][1] < second[other][1]:
            one += 1
        else:
            other += 1
    return total
