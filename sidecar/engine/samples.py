"""The growing set of embedded frames of one medium under analysis: in memory and, chunk by chunk, in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.engine.judge import Judge
from sidecar.store import AFTER_CUT, BEFORE_CUT, KEYFRAME, Coverage, FeatureStore
from sidecar.tagging.samples import Samples
from sidecar.values import ContentKey, Vectors


@dataclass(frozen=True, slots=True)
class FrameMark:
    """When a frame is shown, and what the decoder knew of it."""

    pts_s: float
    after_cut: bool
    before_cut: bool
    keyframe: bool

    @property
    def flags(self) -> int:
        return KEYFRAME * self.keyframe | AFTER_CUT * self.after_cut | BEFORE_CUT * self.before_cut


class SampleSet:
    """Samples of one medium under one judge, in time order. One thread uses it.

    Every row is scored once, for every tag, when it arrives. save() makes what has arrived durable.
    """

    def __init__(self, store: FeatureStore, key: ContentKey, judge: Judge) -> None:
        """Starts with what the store holds."""
        self._store, self._key, self._judge = store, key, judge
        stored = store.features(key, judge.model_key)
        self.coverage: tuple[Coverage, ...] = stored.coverage if stored else ()
        self._pts_s: NDArray[np.float64] = stored.pts_s if stored else np.zeros(0)
        self._flags: NDArray[np.uint16] = stored.flags if stored else np.zeros(0, np.uint16)
        self._scores = judge.scores(stored.vectors) if stored else np.zeros((0, len(judge.tags)), np.float32)
        self._new_marks: list[FrameMark] = []
        self._new_scores: list[NDArray[np.float32]] = []
        self._unsaved_marks: list[FrameMark] = []
        self._unsaved_vectors: list[Vectors] = []
        self._unsaved_coverage: list[Coverage] = []

    def __len__(self) -> int:
        return len(self._pts_s) + len(self._new_marks)

    @property
    def unsaved(self) -> int:
        """Rows that a kill would lose."""
        return len(self._unsaved_marks)

    def add(self, marks: Sequence[FrameMark], vectors: Vectors) -> None:
        """Take rows in, in any order; (N, dim) for N marks."""
        self._new_marks += marks
        self._new_scores.append(self._judge.scores(vectors))
        self._unsaved_marks += marks
        self._unsaved_vectors.append(vectors)

    def cover(self, coverage: Coverage) -> None:
        """Note how closely a stretch was looked at; its rows must have been added before."""
        self._unsaved_coverage.append(coverage)
        self.coverage = (*self.coverage, coverage)

    def save(self) -> None:
        """Append everything new to the store in one transaction. Raises StoreError."""
        if not self._unsaved_marks and not self._unsaved_coverage:
            return
        dim = self._judge.tag_vectors.shape[1]
        vectors = np.concatenate([np.zeros((0, dim), np.float32), *self._unsaved_vectors])
        pts_s = np.array([mark.pts_s for mark in self._unsaved_marks], np.float64)
        flags = np.array([mark.flags for mark in self._unsaved_marks], np.uint16)
        self._store.append(self._key, self._judge.model_key, dim, pts_s, flags, vectors, self._unsaved_coverage)
        self._unsaved_marks, self._unsaved_vectors, self._unsaved_coverage = [], [], []

    def scored(self, duration_s: float, start_s: float = 0.0, end_s: float = float("inf")) -> Samples:
        """Scored samples from start_s to end_s (both included), a moment that appears twice once."""
        self._merge_new()
        first, last = np.searchsorted(self._pts_s, [start_s, np.nextafter(end_s, np.inf)])
        part = slice(int(first), int(last))
        flags = self._flags[part]
        after_cut = (flags & AFTER_CUT) != 0
        # A cut that a window found right before a frame that was stored earlier is known by the frame before it alone.
        after_cut[1:] |= (flags[:-1] & BEFORE_CUT) != 0
        return Samples(self._pts_s[part], after_cut, self._scores[part], duration_s)

    def covered(self, max_gap_s: float) -> list[tuple[float, float]]:
        """Stretches in which neighbours are at most max_gap_s apart, or have no frame between them."""
        return [(c.start_s, c.end_s) for c in self.coverage if c.max_gap_s <= max_gap_s]

    def _merge_new(self) -> None:
        if not self._new_marks:
            return
        pts_s = np.concatenate([self._pts_s, [mark.pts_s for mark in self._new_marks]])
        flags = np.concatenate([self._flags, np.array([mark.flags for mark in self._new_marks], np.uint16)])
        scores = np.concatenate([self._scores, *self._new_scores])
        order = np.argsort(pts_s, kind="stable")
        # the first of equal moments wins, as in the store
        keep = order[np.diff(pts_s[order], prepend=-np.inf) > 1e-6]
        self._pts_s, self._flags, self._scores = pts_s[keep], flags[keep], scores[keep]
        self._new_marks, self._new_scores = [], []
