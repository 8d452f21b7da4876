"""Made-up unit vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Vectors


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows of length 1."""
    rows: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return rows


def stored(vectors: Vectors) -> Vectors:
    """What is left of them in float16."""
    halves: Vectors = vectors.astype(np.float16).astype(np.float32)
    return halves


def crowd(seed: int, people: int, each: int, dim: int, cosine: float = 0.6) -> tuple[NDArray[np.int64], Vectors]:
    """Identities (people x each,) and vectors: any two of one person have about this cosine."""
    rng = np.random.default_rng(seed)
    centres = np.repeat(unit(rng.normal(size=(people, dim))), each, axis=0)
    noise = unit(rng.normal(size=(people * each, dim)))
    identities = np.repeat(np.arange(people, dtype=np.int64), each)
    return identities, unit(np.sqrt(cosine) * centres + np.sqrt(1 - cosine) * noise)
