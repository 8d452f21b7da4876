"""What one query makes of vectors: tag directions and thresholds, ready to score any number of media."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.events import TagTotal, TimelineSpan
from sidecar.tagging import refine, scoring, timeline
from sidecar.tagging.refine import RefineWindow
from sidecar.tagging.samples import Samples
from sidecar.tagging.scoring import ScoringRule
from sidecar.tagging.timeline import TimelineRule
from sidecar.tagging.vocabulary import TagDefinition
from sidecar.values import Note, Vectors

Columns = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class RuleGroup:
    """The tags (columns of the scores) that one pair of thresholds applies to."""

    rule: TimelineRule
    columns: Columns


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """tags[k] is judged by tag_vectors[k] (K, dim) against background (M, dim) under its group's thresholds.

    model_key names the vectors that it may be shown: of one model and one view of pictures. notes: what could not be
    judged, and why.
    """

    model_id: str
    model_key: str
    tags: tuple[TagDefinition, ...]
    tag_vectors: Vectors
    background: Vectors
    scoring_rule: ScoringRule
    groups: tuple[RuleGroup, ...]
    notes: tuple[Note, ...] = ()

    def scores(self, vectors: Vectors | NDArray[np.float16]) -> NDArray[np.float32]:
        """float32 (N, K) of (N, dim) frame vectors."""
        if not self.tags:
            return np.zeros((len(vectors), 0), np.float32)
        return scoring.score(vectors, self.tag_vectors, self.background, self.scoring_rule)

    def timeline(self, samples: Samples) -> tuple[tuple[TimelineSpan, ...], tuple[TagTotal, ...]]:
        """Spans, ordered by tag of the query, then by start; and one total per tag that has spans, longest first."""
        spans: list[tuple[int, TimelineSpan]] = []
        totals: list[TagTotal] = []
        for group in self.groups:
            found = timeline.timeline(_columns(samples, group), group.rule)
            for span in found:
                column = int(group.columns[span.tag_index])
                spans.append((column, _named(span, self.tags[column])))
            for row in timeline.tag_summary(found, samples.end_s):
                tag = self.tags[int(group.columns[row.tag_index])]
                totals.append(TagTotal(tag.name, tag.category, row.seconds, row.share, row.score))
        in_order = sorted(spans, key=lambda item: (item[0], item[1].start_s))
        return tuple(span for _, span in in_order), tuple(sorted(totals, key=lambda total: -total.seconds))

    def still_image_tags(self, scores: NDArray[np.float32]) -> tuple[TagTotal, ...]:
        """Tags whose score (1, K) of a still image reaches `enter`, best first."""
        totals = [
            TagTotal(self.tags[column].name, self.tags[column].category, 0.0, 1.0, float(scores[0, column]))
            for group in self.groups
            for column in group.columns.tolist()
            if scores[0, column] >= group.rule.enter
        ]
        return tuple(sorted(totals, key=lambda total: -total.score))

    def windows(
        self, samples: Samples, refine_s: float, covered: Sequence[tuple[float, float]]
    ) -> tuple[RefineWindow, ...]:
        """Gaps that hide a shown boundary, largest jump first; RefineWindow.tags are columns of the whole query."""
        by_gap: dict[tuple[float, float], RefineWindow] = {}
        for group in self.groups:
            for window in refine.windows_to_refine(_columns(samples, group), group.rule, refine_s, covered):
                whole = replace(window, tags=tuple(int(group.columns[tag]) for tag in window.tags))
                gap = (window.start_s, window.end_s)
                known = by_gap.get(gap)
                if known is not None:
                    whole = replace(
                        whole, jump=max(known.jump, whole.jump), tags=tuple(sorted({*known.tags, *whole.tags}))
                    )
                by_gap[gap] = whole
        return tuple(sorted(by_gap.values(), key=lambda window: (-window.jump, window.start_s)))

    def is_open(self, window: RefineWindow, near: Samples, refine_s: float) -> bool:
        """Whether decoding this window further can still sharpen a boundary."""
        for group in self.groups:
            inside = np.isin(group.columns, window.tags)
            within = replace(window, tags=tuple(np.flatnonzero(inside).tolist()))
            if refine.still_open(within, _columns(near, group), group.rule, refine_s):
                return True
        return False


def group_by_rule(thresholds: Sequence[tuple[float, float]]) -> tuple[RuleGroup, ...]:
    """Groups of columns that share (enter, stay)."""
    columns: dict[tuple[float, float], list[int]] = {}
    for column, pair in enumerate(thresholds):
        columns.setdefault(pair, []).append(column)
    return tuple(
        RuleGroup(TimelineRule(enter=enter, stay=stay), np.array(its_columns, np.intp))
        for (enter, stay), its_columns in columns.items()
    )


def _columns(samples: Samples, group: RuleGroup) -> Samples:
    if len(group.columns) == samples.scores.shape[1]:
        return samples
    return replace(samples, scores=samples.scores[:, group.columns])


def _named(span: timeline.Span, tag: TagDefinition) -> TimelineSpan:
    return TimelineSpan(
        tag=tag.name,
        category=tag.category,
        start_s=span.start_s,
        end_s=span.end_s,
        score=span.score,
        peak_s=span.peak_s,
        peak_score=span.peak_score,
        start_uncertainty_s=span.start_uncertainty_s,
        end_uncertainty_s=span.end_uncertainty_s,
    )
