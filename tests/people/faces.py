"""Embeddings of people who do not exist, of known likeness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sidecar.faces import FaceRules
from sidecar.values import Vectors

RULES = FaceRules(same_track=0.4, same_group=0.45, impostor_mean=0.0, impostor_sd=0.06, match=0.5, maybe=0.4)


def unit(rows: NDArray[np.floating]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)


def people(rng: np.random.Generator, count: int, dim: int = 512, alike: float = 0.0) -> Vectors:
    """float32 (count, dim): unit rows; the cosine of any two is `alike`, give or take 1 / sqrt(dim)."""
    common, own = unit(rng.normal(size=dim)), unit(rng.normal(size=(count, dim)))
    return unit(np.sqrt(alike) * common + np.sqrt(1 - alike) * own)


def views(rng: np.random.Generator, who: Vectors, mate: float = 0.6) -> Vectors:
    """One view of each row: two views of one person have a cosine of about `mate`."""
    return unit(np.sqrt(mate) * who + np.sqrt(1 - mate) * unit(rng.normal(size=who.shape)))
