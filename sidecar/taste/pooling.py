"""Many vectors of one scene become one for the scene, or some for what of it was watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sidecar.halves import widen
from sidecar.values import Vectors

CELL_S = 30.0
"""A sample stands for at most this much time before and after it: what lies farther away was not looked at."""
PIECE_S = 60.0
"""What was watched is taken in pieces of about this length, for a scene may show several things that one likes."""

_BLOCK_ROWS = 256


class Span(NamedTuple):
    """A stretch that was watched, media seconds. weight: of the whole stretch, above 0."""

    start_s: float
    end_s: float
    weight: float


class Pieces(NamedTuple):
    """vectors: (P, dim) means of the samples of each piece, not normalised. weights: float64 (P,), above 0."""

    vectors: Vectors
    weights: NDArray[np.float64]


class Looked(NamedTuple):
    """A scene's samples. pts_s: float64 (N,), ascending, N at least 1. vectors: float16 (N, dim). end_s: up to where it
    was looked at, for nothing says how long the last sample lasts.
    """

    pts_s: NDArray[np.float64]
    vectors: NDArray[np.float16]
    end_s: float


def cells(looked: Looked) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where the time begins and ends that each sample stands for: midway to its neighbours, CELL_S at most.

    Samples lie closer around boundaries; counted by time they do not count more.
    """
    pts_s = looked.pts_s
    half = np.minimum(np.diff(pts_s) / 2, CELL_S)
    first = min(max(float(pts_s[0]), 0.0), CELL_S)
    last = min(max(looked.end_s - float(pts_s[-1]), 0.0), CELL_S)
    return pts_s - np.concatenate([[first], half]), pts_s + np.concatenate([half, [last]])


def pool_scene(looked: Looked) -> NDArray[np.float32]:
    """The mean of a scene's samples, each weighed by its time: float32 (dim,), shorter the more varied the scene is."""
    starts_s, ends_s = cells(looked)
    seconds = np.maximum(ends_s - starts_s, 1e-6)
    (mean,) = _weighed((seconds / seconds.sum())[None], looked.vectors)
    return np.asarray(mean)


def pool_watched(looked: Looked, spans: Sequence[Span], most: int) -> Pieces:
    """What was watched, in at most `most` pieces of about PIECE_S.

    Stretches are laid end to end by their start and cut into equal parts, so that a thousand short ones are few pieces.
    A stretch where nothing was looked at is in none. Empty where that is all of them.
    """
    starts_s, ends_s = cells(looked)
    parts = []
    for span in sorted(spans):
        first, after = np.searchsorted(ends_s, span.start_s, "right"), np.searchsorted(starts_s, span.end_s, "left")
        part = slice(int(first), int(after))
        seconds = np.minimum(ends_s[part], span.end_s) - np.maximum(starts_s[part], span.start_s)
        seconds = np.maximum(seconds, 0.0)
        if seconds.sum() > 0:
            parts.append((part, seconds, span.weight))
    total_s = float(sum(seconds.sum() for _, seconds, _ in parts))
    n = max(1, min(most, round(total_s / PIECE_S)))
    shares = np.zeros((n, len(starts_s)))
    before_s = 0.0
    for part, seconds, weight in parts:
        middle_s = before_s + np.cumsum(seconds) - seconds / 2
        piece = np.minimum((middle_s / total_s * n).astype(np.intp), n - 1)
        np.add.at(shares, (piece, np.arange(part.start, part.stop)), weight * (seconds / seconds.sum()))
        before_s += float(seconds.sum())
    weights = shares.sum(axis=1)
    kept = weights > 0
    weights = weights[kept]
    return Pieces(_weighed(shares[kept] / weights[:, None], looked.vectors), weights)


def _weighed(weights: NDArray[np.float64], vectors: NDArray[np.float16]) -> Vectors:
    """weights (P, N) times vectors (N, dim), in blocks that stay in the cache."""
    total = np.zeros((len(weights), vectors.shape[1]), np.float32)
    narrow = weights.astype(np.float32)
    block = np.empty((_BLOCK_ROWS, vectors.shape[1]), np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        part = vectors[start : start + _BLOCK_ROWS]
        rows = block[: len(part)]
        widen(part, rows)
        total += narrow[:, start : start + len(part)] @ rows
    return total
