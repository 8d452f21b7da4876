"""Find the moments whose vectors point most in the direction of a query: exact, over everything stored."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sidecar.halves import widen
from sidecar.store.rows import FeatureSet, PtsSeconds
from sidecar.store.store import FeatureStore
from sidecar.values import Cancelled, ContentKey, IsCancelled

BLOCK_BYTES = 1 << 19
"""Of float32 rows at a time. Widening passes over a block four times, so it must stay in the second-level cache:
1000 rows of 512 took 0.26 ms in blocks of 256 rows and 0.48 ms in one."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment of one medium. score: dot product with the query; it ranks, it is no confidence.

    path: where the medium was last seen, None if never told. model_key: under which its vector is stored.
    """

    content_key: ContentKey
    path: str | None
    pts_s: float
    score: float
    model_key: str


def search_moments(
    store: FeatureStore,
    model_keys: Sequence[str],
    query_vector: NDArray[np.float32],
    limit: int = 20,
    min_gap_s: float = 10.0,
    is_cancelled: IsCancelled = lambda: False,
) -> list[Moment]:
    """The best moments under these keys, best first; ties in the order of content key, then pts.

    model_keys: keys of one model, whose vectors the query may be compared with. query_vector: float32 (dim,). Moments
    of one medium are at least min_gap_s apart, under whichever keys: of nearer ones the best stays (greedy non-maximum
    suppression). Vectors are mapped block by block, so memory does not grow with the store.
    Raises ValueError for a query that does not fit, Cancelled between blocks.
    """
    query = np.ascontiguousarray(query_vector, np.float32)
    if query.ndim != 1 or not np.isfinite(query).all():
        raise ValueError(f"expected one finite query vector of shape (dim,), got shape {query.shape}")
    if limit < 1 or not min_gap_s >= 0:
        raise ValueError(f"limit must be 1 or more and min_gap_s 0 or more, got {limit} and {min_gap_s}")
    block = np.empty((max(1, BLOCK_BYTES // (4 * max(1, len(query)))), len(query)), np.float32)
    best: list[Moment] = []
    bar = -np.inf
    by_content = heapq.merge(*map(store.iter_feature_sets, model_keys), key=_content)
    for _, sets in groupby(by_content, key=_content):
        best += _best_of_one(tuple(sets), query, block, limit, min_gap_s, bar, is_cancelled)
        if len(best) >= limit:
            best = sorted(best, key=_rank)[:limit]
            bar = best[-1].score
    return sorted(best, key=_rank)


def _best_of_one(
    sets: tuple[FeatureSet, ...],
    query: NDArray[np.float32],
    block: NDArray[np.float32],
    limit: int,
    min_gap_s: float,
    bar: float,
    is_cancelled: IsCancelled,
) -> list[Moment]:
    """The peaks of one medium, whichever of its sets they are in."""
    for features in sets:
        if features.dim != len(query):
            raise ValueError(
                f"vectors under {features.model_key!r} have dim {features.dim}, the query has {len(query)}"
            )
    pts_s = np.concatenate([features.pts_s for features in sets])
    scores = np.concatenate([_scores(features, query, block, is_cancelled) for features in sets])
    set_of = np.repeat(np.arange(len(sets)), [len(features.pts_s) for features in sets])
    if len(sets) > 1:
        order = np.argsort(pts_s, kind="stable")
        pts_s, scores, set_of = pts_s[order], scores[order], set_of[order]
    peaks = _peaks(pts_s, scores, limit, min_gap_s, bar)
    return [
        Moment(sets[0].key, sets[0].path, float(pts_s[at]), float(scores[at]), sets[set_of[at]].model_key)
        for at in peaks
    ]


def _content(features: FeatureSet) -> tuple[str, str, int]:
    return features.key.algorithm, features.key.digest, features.key.size_bytes


def _scores(
    features: FeatureSet, query: NDArray[np.float32], block: NDArray[np.float32], is_cancelled: IsCancelled
) -> NDArray[np.float32]:
    scores = np.empty(len(features.pts_s), np.float32)
    for start in range(0, len(scores), len(block)):
        if is_cancelled():
            raise Cancelled
        part = features.vectors[start : start + len(block)]
        rows = block[: len(part)]
        widen(part, rows)
        np.dot(rows, query, out=scores[start : start + len(part)])
    return scores


def _peaks(pts_s: PtsSeconds, scores: NDArray[np.float32], limit: int, min_gap_s: float, bar: float) -> list[int]:
    """Indices of at most limit scores that reach the bar, best first, none nearer than min_gap_s to a better one."""
    peaks: list[int] = []
    left = scores.copy()
    while len(left) and len(peaks) < limit:
        at = int(left.argmax())
        if left[at] == -np.inf or left[at] < bar:
            break
        peaks.append(at)
        near = slice(
            np.searchsorted(pts_s, pts_s[at] - min_gap_s, "right"), np.searchsorted(pts_s, pts_s[at] + min_gap_s)
        )
        left[near] = -np.inf
        left[at] = -np.inf
    return peaks


def _rank(moment: Moment) -> tuple[float, str, float]:
    return -moment.score, str(moment.content_key), moment.pts_s
