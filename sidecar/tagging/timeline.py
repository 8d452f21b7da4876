"""From scores over time to spans: which tag, from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.tagging.samples import Samples, cell_edges, edge_uncertainties, smooth

_BLOCK_SCORES = 4_000_000
"""Scores looked at together: keeps a vocabulary of 20 000 tags from needing gigabytes of intermediates."""


@dataclass(frozen=True, slots=True)
class TimelineRule:
    """When a tag is there.

    smooth_s: width of the average taken before thresholds are asked, 0 to 1 s.
    enter, stay: a span is a longest run of samples at `stay` or above in which at least one reaches `enter`.
    merge_gap_s: spans of one tag with at most this much between them are one.
    Raises ValueError outside of these ranges.
    """

    enter: float
    stay: float
    smooth_s: float = 0.5
    merge_gap_s: float = 1.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.enter) and np.isfinite(self.stay) and self.stay <= self.enter):
            raise ValueError(f"enter {self.enter} and stay {self.stay} must be finite, and stay at most enter.")
        if not 0 <= self.smooth_s <= 1:
            raise ValueError(f"smooth_s is {self.smooth_s}; it must be from 0 to 1 s.")
        if not (np.isfinite(self.merge_gap_s) and self.merge_gap_s >= 0):
            raise ValueError(f"merge_gap_s is {self.merge_gap_s}; it must be finite and not negative.")


@dataclass(frozen=True, slots=True)
class Span:
    """A tag is there during [start_s, end_s).

    tag_index: column of the scores. score: mean of the unsmoothed scores over the time of the span; peak_score, peak_s:
    the highest of them and when. A bound is off by at most its uncertainty, provided the tag came or went only once
    between the two samples beside it. A still image has start_s == end_s == 0.
    """

    tag_index: int
    start_s: float
    end_s: float
    score: float
    peak_s: float
    peak_score: float
    start_uncertainty_s: float
    end_uncertainty_s: float


@dataclass(frozen=True, slots=True)
class TagSummary:
    """One tag over a whole medium.

    seconds: time covered by its spans. share: seconds / duration, 0 to 1 (1 for a still image).
    score: the highest span score: a long weak span does not hide a short sure one.
    """

    tag_index: int
    seconds: float
    share: float
    score: float
    span_count: int


@dataclass(frozen=True, slots=True)
class Run:
    """Samples first..last (both included) of a tag that lie in one span."""

    tag_index: int
    first: int
    last: int


def timeline(samples: Samples, rule: TimelineRule) -> tuple[Span, ...]:
    """Spans of every tag, sorted by tag_index, then start_s; those of one tag are disjoint, within [0, end].

    The first sample being in means from 0, the last one being in means to the end of the medium.
    """
    if not len(samples.pts_s):
        return ()
    edges = cell_edges(samples.pts_s, samples.after_cut, samples.end_s)
    uncertainties = edge_uncertainties(samples.pts_s, samples.after_cut, samples.end_s)
    by_tag = np.ascontiguousarray(samples.scores.T)
    widths = np.diff(edges).astype(np.float32)
    spans = []
    for run in merged(shown_runs(samples, rule), edges, rule.merge_gap_s):
        start_s, end_s = float(edges[run.first]), float(edges[run.last + 1])
        part = by_tag[run.tag_index, run.first : run.last + 1]
        weights = widths[run.first : run.last + 1]
        peak = int(part.argmax())
        spans.append(
            Span(
                tag_index=run.tag_index,
                start_s=start_s,
                end_s=end_s,
                score=float(part @ weights) / (end_s - start_s) if end_s > start_s else float(part[peak]),
                peak_s=float(samples.pts_s[run.first + peak]),
                peak_score=float(part[peak]),
                start_uncertainty_s=float(uncertainties[run.first]),
                end_uncertainty_s=float(uncertainties[run.last + 1]),
            )
        )
    return tuple(spans)


def shown_runs(samples: Samples, rule: TimelineRule) -> Iterator[Run]:
    """Runs that the two thresholds let through, by tag, then time; nothing is merged yet."""
    if not len(samples.pts_s):
        return
    edges = cell_edges(samples.pts_s, samples.after_cut, samples.end_s)
    block = max(1, _BLOCK_SCORES // len(samples.pts_s))
    for start in range(0, samples.scores.shape[1], block):
        scores = samples.scores[:, start : start + block]
        smoothed = smooth(scores, samples.pts_s, samples.after_cut, edges, rule.smooth_s)
        tags, firsts, lasts = hysteresis(smoothed, rule.enter, rule.stay)
        for tag, first, last in zip(tags.tolist(), firsts.tolist(), lasts.tolist(), strict=True):
            # Empty only after a cut on the very last instant: nothing is shown of it.
            if edges[first] < edges[last + 1] or samples.end_s == 0:
                yield Run(start + tag, first, last)


def hysteresis(
    smoothed: NDArray[np.float32], enter: float, stay: float
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Columns, first rows and last rows (included) of the longest runs >= stay that hold a score >= enter.

    smoothed: (N, K). Sorted by column, then row.
    """
    n_samples, n_tags = smoothed.shape
    # One row per tag and a False at both ends, so that runs of all tags are the flips of one flat array.
    inside = np.zeros((n_tags, n_samples + 2), dtype=np.bool_)
    inside[:, 1:-1] = (smoothed >= np.float32(stay)).T
    flat = inside.ravel()
    flips = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    firsts, ends = flips[::2], flips[1::2]
    if not firsts.size:
        return firsts, firsts, firsts
    entered = np.zeros_like(inside)
    entered[:, 1:-1] = (smoothed >= np.float32(enter)).T
    kept = np.logical_or.reduceat(entered.ravel(), flips)[::2]
    tags, rows = np.divmod(firsts[kept], n_samples + 2)
    return tags, rows - 1, rows - 2 + (ends - firsts)[kept]


def merged(runs: Iterator[Run], edges: NDArray[np.float64], merge_gap_s: float) -> Iterator[Run]:
    """Runs of one tag with at most merge_gap_s of time between them become one."""
    held: Run | None = None
    for run in runs:
        if held is None:
            held = run
        elif run.tag_index == held.tag_index and edges[run.first] - edges[held.last + 1] <= merge_gap_s:
            held = Run(held.tag_index, held.first, run.last)
        else:
            yield held
            held = run
    if held is not None:
        yield held


def tag_summary(spans: Sequence[Span], duration_s: float) -> tuple[TagSummary, ...]:
    """One row per tag that has spans, longest first, then by tag_index."""
    by_tag: dict[int, list[Span]] = {}
    for span in spans:
        by_tag.setdefault(span.tag_index, []).append(span)
    rows = []
    for tag_index, its_spans in by_tag.items():
        seconds = sum(span.end_s - span.start_s for span in its_spans)
        share = min(1.0, seconds / duration_s) if duration_s > 0 else 1.0
        rows.append(TagSummary(tag_index, seconds, share, max(span.score for span in its_spans), len(its_spans)))
    return tuple(sorted(rows, key=lambda row: (-row.seconds, row.tag_index)))
