"""Scenes that look like one of some things, as vectors with a large part that all of them share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sidecar.taste.centres import Watched
from sidecar.values import Vectors

DIM = 48


def things(n: int, seed: int = 1) -> Vectors:
    """n directions (n, DIM) at right angles, for each of which there may be scenes."""
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.normal(size=(DIM, DIM)))
    return np.asarray(axes[:n], np.float32)


def scenes_of(
    directions: Vectors, of: Sequence[int], spread: float = 0.4, shared: float = 0.0, seed: int = 2
) -> Vectors:
    """A vector of length 1 per entry of `of`, near that direction; spread: length of the noise beside it; shared: of a
    part along the last axis that all have in common.
    """
    random = np.random.default_rng(seed)
    noise = random.normal(size=(len(of), DIM)) / np.sqrt(DIM)
    common = things(DIM)[-1]
    vectors = directions[list(of)] + spread * noise + shared * common
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def watched(directions: Vectors, of: Sequence[int], weights: Sequence[float] | None = None, pieces: int = 1) -> Watched:
    """Each entry a scene of some pieces that are alike."""
    scene = np.repeat(np.arange(len(of)), pieces)
    base = scenes_of(directions, of)
    random = np.random.default_rng(3)
    points = base[scene] + 0.05 * random.normal(size=(len(scene), DIM)).astype(np.float32) / np.sqrt(DIM)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    heavy = np.ones(len(of)) if weights is None else np.asarray(weights, np.float64)
    return Watched(points.astype(np.float32), np.repeat(heavy / pieces, pieces), scene)
