"""The space that tastes live in: vectors without what all scenes of a library share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Vectors

ENOUGH_SCENES = 8
"""Below this the mean of the scenes is hardly more than each of them: two scenes would become opposites."""
FLOOR = 0.25
"""Vectors are divided by their length, but by this share of the median length at least: a scene that is like the
average of all has no direction of its own, and noise must not become one."""


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """mean: float32 (dim,). floor: the shortest length that vectors are divided by, above 0."""

    mean: NDArray[np.float32]
    floor: float

    @classmethod
    def of(cls, scenes: Vectors) -> Space:
        """Of scenes (N, dim), N at least 1, as pooled."""
        mean = scenes.mean(axis=0, dtype=np.float64).astype(np.float32)
        if len(scenes) < ENOUGH_SCENES:
            mean = np.zeros_like(mean)
        lengths = np.linalg.norm(scenes - mean, axis=1)
        return cls(mean, max(FLOOR * float(np.median(lengths)), 1e-6))

    def directions(self, vectors: Vectors) -> Vectors:
        """Without the mean, of length 1 or (near the mean) less. Their dot products are the cosines of the contract."""
        moved = vectors - self.mean
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        moved /= np.maximum(lengths, self.floor)
        return moved


def unit(vectors: Vectors) -> Vectors:
    """Rows of length 1; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)
