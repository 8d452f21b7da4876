"""Samples whose vectors follow from their time stamps, so that any stored row can be checked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sidecar.store import FeatureSet
from sidecar.values import ContentKey, Vectors

MODEL = "lite@1/squash-224"
DIM = 24


def content(number: int) -> ContentKey:
    """The key of the number-th medium."""
    return ContentKey("oshash", f"{number:016x}", 1000 + number)


def times(*pts_s: float) -> NDArray[np.float64]:
    """Time stamps as the store takes them."""
    return np.array(pts_s, np.float64)


def steps(first: int, after: int, step_s: float = 1.0) -> NDArray[np.float64]:
    """The time stamps first, first + 1, ... after - 1, in steps."""
    return np.arange(first, after, dtype=np.float64) * step_s


def vectors_at(pts_s: NDArray[np.float64], dim: int = DIM) -> Vectors:
    """A unit vector per time stamp, different for each."""
    vectors = np.cos(np.outer(pts_s + 1.0, np.sqrt(np.arange(2, dim + 2)))).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def is_true_to_its_times(features: FeatureSet) -> bool:
    """Whether every row holds the vector of its own time stamp, and rows ascend."""
    expected = vectors_at(features.pts_s, features.dim).astype(np.float16)
    return bool(np.array_equal(features.vectors, expected) and np.all(np.diff(features.pts_s) > 0))
