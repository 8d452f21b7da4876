"""How well each tag fits each frame, from vectors alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from sidecar.values import Vectors

ScoringKind: TypeAlias = Literal["class_z", "background_softmax"]

_BLOCK_ROWS = 4096
"""Rows turned into float32 at a time: 8 MB at 512 dimensions, however long the medium."""


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """How a model's vectors become scores, and which scores count.

    kind: "class_z" compares the similarity of frame and tag with the tag's similarities to the background vectors
        (scores are z, about -3 to 8); "background_softmax" lets the tag compete with the background prompts (scores are
        from 0 to 1, and no calibrated probabilities).
    logit_scale: factor on similarities before the softmax (CLIP learns about 100); unused by "class_z".
    enter, stay: thresholds in the unit of the scores; stay <= enter.
    Raises ValueError outside of these ranges.
    """

    kind: ScoringKind
    logit_scale: float
    enter: float
    stay: float

    def __post_init__(self) -> None:
        if self.kind not in get_args(ScoringKind):
            raise ValueError(f"Scoring kind {self.kind!r} is unknown; it must be one of {get_args(ScoringKind)}.")
        if not (np.isfinite(self.logit_scale) and self.logit_scale > 0):
            raise ValueError(f"logit_scale is {self.logit_scale}; it must be finite and above 0.")
        if not (np.isfinite(self.enter) and np.isfinite(self.stay) and self.stay <= self.enter):
            raise ValueError(f"enter {self.enter} and stay {self.stay} must be finite, and stay at most enter.")


def score(
    frame_vectors: NDArray[np.float32] | NDArray[np.float16],
    tag_vectors: Vectors,
    background: Vectors,
    rule: ScoringRule,
) -> NDArray[np.float32]:
    """Score every tag on every frame; float32 (N, K).

    frame_vectors: (N, d) float16 or float32, may be memory-mapped; tag_vectors: (K, d); background: (M, d). All rows
    L2-normalised.
    class_z (after ConSE, Norouzi et al. 2013, with the bias of each tag taken out):
        z = (v.t - mean_c(c.t)) / std_c(c.t) over the background vectors c.
    background_softmax (CLIP's zero-shot softmax, one tag against the background at a time, so that tags never push each
        other away): exp(l v.t) / (exp(l v.t) + sum_b exp(l v.b)).
    Raises ValueError when dimensions differ or the background is too small to compare with.
    """
    _check(frame_vectors, tag_vectors, background)
    directions, offsets = (
        _class_z(tag_vectors, background)
        if rule.kind == "class_z"
        else (tag_vectors * np.float32(rule.logit_scale), np.zeros(len(tag_vectors), dtype=np.float32))
    )
    out = np.empty((len(frame_vectors), len(tag_vectors)), dtype=np.float32)
    for start in range(0, len(frame_vectors), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        block = np.asarray(frame_vectors[rows], dtype=np.float32)
        np.matmul(block, directions.T, out=out[rows])
        if rule.kind == "class_z":
            out[rows] -= offsets
        else:
            out[rows] -= _log_sum_exp(block @ (background * np.float32(rule.logit_scale)).T)[:, None]
            _sigmoid_in_place(out[rows])
    return out


def ensemble(phrase_vectors: Vectors, tag_of: Sequence[int]) -> Vectors:
    """One vector per tag: the mean of its phrasings' vectors, L2-normalised; float32 (K, d).

    phrase_vectors: (P, d); tag_of: for each of them the tag 0 .. K - 1 that it belongs to, K being max(tag_of) + 1.
    Raises ValueError when a tag has no phrasing or its phrasings cancel out.
    """
    if len(phrase_vectors) != len(tag_of):
        raise ValueError(f"{len(phrase_vectors)} phrase vectors for {len(tag_of)} phrases; there must be one for each.")
    groups = np.asarray(tag_of, dtype=np.intp)
    n_tags = int(groups.max()) + 1 if len(groups) else 0
    sums = np.zeros((n_tags, phrase_vectors.shape[1]), dtype=np.float32)
    np.add.at(sums, groups, phrase_vectors)
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    if not (np.isfinite(norms) & (norms > 1e-6)).all():
        bad = int(np.flatnonzero(~(np.isfinite(norms) & (norms > 1e-6)))[0])
        raise ValueError(f"Tag {bad} has no phrasing with a usable vector; give it at least one plain phrasing.")
    return np.asarray(sums / norms, dtype=np.float32)


def _check(frame_vectors: NDArray[np.float32] | NDArray[np.float16], tag_vectors: Vectors, background: Vectors) -> None:
    shapes = f"frame_vectors {frame_vectors.shape}, tag_vectors {tag_vectors.shape}, background {background.shape}"
    if any(array.ndim != 2 for array in (frame_vectors, tag_vectors, background)):
        raise ValueError(f"Vectors must be two-dimensional, one per row; received {shapes}.")
    if not frame_vectors.shape[1] == tag_vectors.shape[1] == background.shape[1]:
        raise ValueError(f"Vectors must come from one model and share its dimension; received {shapes}.")
    if len(background) < 2:
        raise ValueError(f"Scores compare with at least 2 background vectors; received {len(background)}.")


def _class_z(tag_vectors: Vectors, background: Vectors) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Directions (K, d) and offsets (K,) with z = v @ directions.T - offsets: the z costs no more than the dots."""
    dots = tag_vectors @ background.T
    mean, std = dots.mean(axis=1, dtype=np.float64), dots.std(axis=1, dtype=np.float64)
    if not (std > 1e-6).all():
        bad = int(np.flatnonzero(~(std > 1e-6))[0])
        raise ValueError(
            f"Tag {bad} is equally near to all {len(background)} background vectors, so it cannot be scored."
        )
    directions = (tag_vectors / std[:, None]).astype(np.float32)
    return directions, (mean / std).astype(np.float32)


def _log_sum_exp(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    highest = logits.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(logits - highest).sum(axis=1)) + highest[:, 0], dtype=np.float32)


def _sigmoid_in_place(logits: NDArray[np.float32]) -> None:
    # Beyond 80 float32 overflows in exp; the sigmoid is 0 or 1 to its last bit long before.
    np.clip(logits, -80, 80, out=logits)
    np.negative(logits, out=logits)
    np.exp(logits, out=logits)
    logits += 1
    np.reciprocal(logits, out=logits)
