"""Tastes: spherical k-means over what was watched, and how many of them there are. Deterministic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sidecar.taste.space import unit
from sidecar.values import Cancelled, IsCancelled, Vectors

MOST_CENTRES = 8
SUBSTANTIAL = 0.25
"""Silhouette below which there is no substantial structure: Kaufman and Rousseeuw, Finding Groups in Data (1990)."""
AS_GOOD = 0.02
"""The fewest centres within this much of the best silhouette are taken."""
LEAST_SHARE = 0.04
"""Of all that was watched. A number of centres that gives a smaller one is not considered: it would split off noise."""

_ROUNDS = 50
_CANDIDATES = 32

Labels = NDArray[np.intp]
Weights = NDArray[np.float64]


class Watched(NamedTuple):
    """Points: float32 (M, dim) directions. weights: above 0. scene: which scene each belongs to, ascending."""

    points: Vectors
    weights: Weights
    scene: NDArray[np.intp]


class Centres(NamedTuple):
    """vectors: float32 (K, dim) of length 1, largest share first. shares: sum up to 1. labels: centre of each point."""

    vectors: Vectors
    shares: Weights
    labels: Labels


def find_centres(watched: Watched, is_cancelled: IsCancelled = lambda: False) -> Centres:
    """As many as the silhouette calls for, 1 to 8; none where nothing was watched.

    Rule: of the numbers from 2 to 8 whose centres all have LEAST_SHARE, the smallest whose silhouette is within AS_GOOD
    of the best, if that is SUBSTANTIAL; else one. Raises Cancelled.
    """
    points, weights, scene = watched
    weights = weights / weights.sum() if len(weights) else weights
    if not len(points):
        return Centres(points, np.zeros(0), np.zeros(0, np.intp))
    tried = []
    for k in range(2, min(MOST_CENTRES, len(np.unique(scene))) + 1):
        if is_cancelled():
            raise Cancelled
        vectors, labels = spherical_k_means(points, weights, k)
        shares = _shares(labels, weights, k)
        if len(vectors) == k and shares.min() >= LEAST_SHARE:
            tried.append((silhouette(Watched(points, weights, scene), labels, k), vectors, labels))
    best = max((score for score, _, _ in tried), default=0.0)
    if best >= SUBSTANTIAL:
        _, vectors, labels = next(one for one in tried if one[0] >= best - AS_GOOD)
    else:
        vectors, labels = spherical_k_means(points, weights, 1)
    shares = _shares(labels, weights, len(vectors))
    order = np.argsort(-shares, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return Centres(vectors[order], shares[order], place[labels])


def _shares(labels: Labels, weights: Weights, k: int) -> Weights:
    return np.asarray(np.bincount(labels, weights, k), np.float64)


def spherical_k_means(points: Vectors, weights: Weights, k: int) -> tuple[Vectors, Labels]:
    """(centres of length 1, label of each point): at most k, fewer where points are too alike.

    Dhillon and Modha, Concept decompositions (2001). The first centre is the mean's direction; each further one is the
    best of some candidates that stand at even steps of what is not yet explained: k-means++ (Arthur and Vassilvitskii
    2007) without chance.
    """
    heavy = weights.astype(np.float32)[:, None] * points
    centres = unit(heavy.sum(axis=0, keepdims=True))
    while len(centres) < k:
        left = weights * np.maximum(1.0 - (points @ centres.T).max(axis=1), 0.0)
        if left.sum() <= 1e-9:
            break
        centres = np.concatenate([centres, points[_best_candidate(points, weights, centres, left)][None]])
    labels = np.zeros(len(points), np.intp)
    for _ in range(_ROUNDS):
        found = (points @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, found, heavy)
        kept = np.bincount(found, minlength=len(centres)) > 0
        centres = unit(sums[kept])
        found = (np.cumsum(kept) - 1)[found]
        if np.array_equal(found, labels) and kept.all():
            break
        labels = found
    return centres, labels


def _best_candidate(points: Vectors, weights: Weights, centres: Vectors, left: Weights) -> int:
    steps = (np.arange(_CANDIDATES) + 0.5) / _CANDIDATES * left.sum()
    candidates = np.unique(np.minimum(np.searchsorted(np.cumsum(left), steps), len(points) - 1))
    known = (points @ centres.T).max(axis=1, keepdims=True)
    gained = weights @ np.maximum(points @ points[candidates].T - known, 0.0)
    return int(candidates[gained.argmax()])


def silhouette(watched: Watched, labels: Labels, k: int) -> float:
    """Mean silhouette by weight, -1 to 1, with 1 - cosine as the distance: Rousseeuw (1987).

    A point is compared with other scenes only: pieces of one scene are alike whatever the tastes. Where its centre has
    no other scene, its silhouette is 0, as that of a cluster of one. Takes time for points, not for pairs of them.
    """
    points, weights, _ = watched
    sums, masses = np.zeros((k, points.shape[1]), np.float32), _shares(labels, weights, k)
    np.add.at(sums, labels, weights.astype(np.float32)[:, None] * points)
    alike = (points @ sums.T).astype(np.float64)
    mass = np.repeat(masses[None], len(points), axis=0)
    for part in _by_scene(watched):
        of_centre = np.zeros((len(weights[part]), k))
        of_centre[np.arange(len(of_centre)), labels[part]] = weights[part]
        alike[part] -= (points[part] @ points[part].T) @ of_centre
        mass[part] -= of_centre.sum(axis=0)
    empty = mass <= 1e-12
    distance = np.where(empty, np.inf, 1.0 - alike / np.where(empty, 1.0, mass))
    rows = np.arange(len(points))
    own = distance[rows, labels].copy()
    distance[rows, labels] = np.inf
    other = distance.min(axis=1)
    known = np.isfinite(own) & np.isfinite(other)
    own, other = np.where(known, own, 0.0), np.where(known, other, 0.0)
    scores = (other - own) / np.maximum(np.maximum(np.abs(own), np.abs(other)), 1e-12)
    return float((weights * np.where(known, scores, 0.0)).sum() / weights.sum())


def _by_scene(watched: Watched) -> Iterator[slice]:
    starts = np.flatnonzero(np.diff(watched.scene, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(watched.scene)], strict=True):
        yield slice(int(start), int(end))
