"""Ranges of time [start_s, end_s): joining, overlapping, comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.stash.values import Marker
from plugin.store.analyses import Span

SAME_S = 0.01
"""Times this near are the same: Stash keeps markers' seconds as floating-point numbers."""


@dataclass(frozen=True, slots=True)
class Range:
    """Joined spans. score: time-weighted mean of their scores."""

    start_s: float
    end_s: float
    score: float
    peak_s: float
    peak_score: float
    spans: int
    uncertainty_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


def joined(spans: Sequence[Span], max_gap_s: float) -> list[Range]:
    """Spans of one label by time; those no further apart than max_gap_s become one."""
    groups: list[list[Span]] = []
    for span in sorted(spans, key=lambda span: span.start_s):
        if groups and span.start_s - max(one.end_s for one in groups[-1]) <= max_gap_s:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_join(group) for group in groups]


def overlap(a_start: float, a_end: float, b_start: float, b_end: float) -> float:
    """Intersection over union of two ranges, 0 to 1."""
    inter = min(a_end, b_end) - max(a_start, b_start)
    union = max(a_end, b_end) - min(a_start, b_start)
    return inter / union if inter > 0 and union > 0 else 0.0


def covers(marker: Marker, start_s: float, end_s: float) -> bool:
    """Whether a marker already marks this range: a point within it, or a range that overlaps it by half."""
    if marker.end_s is None or marker.end_s <= marker.start_s:
        return start_s - 1.0 <= marker.start_s < end_s
    return overlap(marker.start_s, marker.end_s, start_s, end_s) >= 0.5


def same_time(a_s: float | None, b_s: float | None) -> bool:
    if a_s is None or b_s is None:
        return a_s is b_s
    return abs(a_s - b_s) <= SAME_S


def _join(group: Sequence[Span]) -> Range:
    seconds = sum(span.end_s - span.start_s for span in group)
    best = max(group, key=lambda span: span.peak_score)
    weighted = sum(span.score * (span.end_s - span.start_s) for span in group)
    return Range(
        start_s=group[0].start_s,
        end_s=max(span.end_s for span in group),
        score=round(weighted / seconds if seconds > 0 else best.score, 4),
        peak_s=best.peak_s,
        peak_score=best.peak_score,
        spans=len(group),
        uncertainty_s=round(max(group[0].start_uncertainty_s, group[-1].end_uncertainty_s), 4),
    )
