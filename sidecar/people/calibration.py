"""From how alike a face must be to somebody known: measured on the references themselves.

Each of a sample of identities is treated as an unknown person: its references are compared with those of all others,
and the best score is what a false accept would have needed. The quantiles of these scores are the operating points.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sidecar.blas import use_one_blas_thread
from sidecar.faces import FaceRules
from sidecar.people.index.found import SUPPORT
from sidecar.values import Vectors

MATCH_FALSE_ACCEPTS = 0.01
MAYBE_FALSE_ACCEPTS = 0.1
STILL_FALSE_ACCEPTS = 0.002
"""Share of unknown people who would be called a match, worth a look, and a match by a single picture alone."""

PROBES = 2_000
GALLERY_ROWS = 30_000
REFERENCES_EACH = 8
"""At most so many identities are taken for unknown people, and compared with so many references, so many of each."""
SEVERAL_LEAST = 200
"""From so many identities with several references on, they alone are probes: a mean of pictures is like a track."""
PRIOR_PROBES = 100
"""The model's own points weigh as much as so many measured probes."""
COMPARED_LEAST = 20
"""Identities of a kind below which nothing is concluded from them."""
CONFIDENCE = NormalDist().inv_cdf(0.95)
"""A point is put so high that the true rate is below the stated one in 95 of 100 libraries, not in 50."""
TAIL_SHARES, TAIL_LEAST = (0.1, 0.03, 0.01), 8
"""Of the best scores, from which rarer ones are concluded; at least so many. The most careful conclusion counts: chance
alikeness and families of look-alikes have tails of their own, and the second begins where the first has ended."""
MARGIN_SD = 0.5
STRANGER_SD = 3.0

VectorsOf = Callable[[NDArray[np.int64]], Vectors]


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From which similarity on (see sidecar.people.index.Known) an identity with so many references is named.

    still: what a match needs where there is one picture and no second moment. The false accepts are the share of
    unknown people who reach match, or maybe, with any identity of this kind; both kinds together stay below
    MATCH_FALSE_ACCEPTS and MAYBE_FALSE_ACCEPTS. basis: what the points mostly rest on. trials: unknown people that were
    measured.
    """

    references: Literal["one reference", "several references"]
    match: float
    maybe: float
    still: float
    match_false_accepts: float
    maybe_false_accepts: float
    basis: Literal["model", "library"]
    trials: int


@dataclass(frozen=True, slots=True)
class OperatingPoints:
    """Of one model and one library.

    margin: distance to the second identity below which both are possible. stranger: how alike a single view may be to
    anybody; one that is more alike speaks for whom it finds first. identities: size of the gallery they are for.
    """

    one: OperatingPoint
    several: OperatingPoint
    margin: float
    stranger: float
    identities: int

    def of(self, references: int) -> OperatingPoint:
        """That of an identity with so many references."""
        return self.one if references == 1 else self.several


def calibrate(identities: ArrayLike, vectors_of: VectorsOf, rules: FaceRules, seed: int = 7) -> OperatingPoints:
    """The operating points of a gallery of references. Deterministic; a second or two for the largest galleries.

    identities: int64 (N,), whose each reference is; give persons of equal names one number, since they are often one
    human being that nobody linked yet. vectors_of: float32 (n, dim), unit rows, of these positions 0 to N - 1.
    Pairs that are more alike than half-way between a match and identity are taken for such duplicates and left out.
    """
    use_one_blas_thread()
    gallery = _Gallery(np.asarray(identities, np.int64).reshape(-1), np.random.default_rng(seed))
    measured = (
        _measure(gallery, vectors_of, 0.5 * (1 + rules.match)) if len(gallery.counts) > 1 else _Measured.nothing()
    )
    weight = measured.probes / (measured.probes + PRIOR_PROBES)
    mean = weight * measured.mean + (1 - weight) * rules.impostor_mean
    sd = weight * measured.sd + (1 - weight) * rules.impostor_sd
    total = max(1, len(gallery.counts))
    n_one = int(np.count_nonzero(gallery.counts == 1))
    one = _point("one reference", measured.one, n_one, total, weight, rules)
    several = _point("several references", measured.several, total - n_one, total, weight, rules)
    # A kind of which there are too few to measure must not be judged more lightly than the other.
    if measured.one.compared < COMPARED_LEAST <= measured.several.compared:
        one = _at_least(one, several)
    elif measured.several.compared < COMPARED_LEAST <= measured.one.compared:
        several = _at_least(several, one)
    # Where strangers vary so much that three deviations are more than a maybe needs (dlib's), a maybe is enough.
    stranger = min(mean + STRANGER_SD * sd, one.maybe, several.maybe)
    return OperatingPoints(one, several, MARGIN_SD * sd, stranger, len(gallery.counts))


@dataclass(frozen=True, slots=True, eq=False)
class _Best:
    """The best score of each probe (P,) against `compared` identities of one kind."""

    scores: NDArray[np.float32]
    compared: int


@dataclass(frozen=True, slots=True, eq=False)
class _Measured:
    one: _Best
    several: _Best
    mean: float
    sd: float
    probes: int

    @classmethod
    def nothing(cls) -> _Measured:
        none = _Best(np.zeros(0, np.float32), 0)
        return cls(none, none, 0.0, 0.0, 0)


class _Gallery:
    """Identities in random order, and which rows are theirs."""

    def __init__(self, identities: NDArray[np.int64], rng: np.random.Generator) -> None:
        # Shuffled before it is sorted: the first rows of an identity are then any of its rows.
        shuffled = rng.permutation(len(identities))
        self._rows = shuffled[np.argsort(identities[shuffled], kind="stable")]
        _, self._starts, self.counts = np.unique(identities[self._rows], return_index=True, return_counts=True)
        self.order = rng.permutation(len(self.counts))

    def rows(self, which: NDArray[np.int64], each: int) -> NDArray[np.int64]:
        """(n, each): the first `each` rows of these identities, all of which have as many."""
        return self._rows[self._starts[which][:, None] + np.arange(each)]


def _measure(gallery: _Gallery, vectors_of: VectorsOf, duplicate: float) -> _Measured:
    several = gallery.order[gallery.counts[gallery.order] > 1]
    chosen = (several if len(several) >= SEVERAL_LEAST else gallery.order)[:PROBES]
    probes = _probes(gallery, chosen, vectors_of)
    sizes = np.minimum(gallery.counts, REFERENCES_EACH)[gallery.order]
    compared = gallery.order[np.cumsum(sizes) <= GALLERY_ROWS]
    sizes = np.minimum(gallery.counts, REFERENCES_EACH)[compared]
    best = {True: np.full(len(chosen), -np.inf, np.float32), False: np.full(len(chosen), -np.inf, np.float32)}
    total, squares, n = 0.0, 0.0, 0
    for size in np.unique(sizes).tolist():
        for start in range(0, int(np.count_nonzero(sizes == size)), max(1, 2048 // size)):
            some = compared[sizes == size][start : start + max(1, 2048 // size)]
            vectors = vectors_of(gallery.rows(some, size).reshape(-1))
            scores = (probes @ vectors.T).reshape(len(chosen), len(some), size)
            total, squares, n = total + float(scores.sum()), squares + float(np.square(scores).sum()), n + scores.size
            mean = scores[:, :, 0] if size == 1 else _mean_of_best(scores)
            same = (chosen[:, None] == some[None, :]) | (scores.max(axis=2) > duplicate)
            mean[same] = -np.inf
            np.maximum(best[size == 1], mean.max(axis=1), out=best[size == 1])
    average = total / n
    return _Measured(
        _Best(best[True], int(np.count_nonzero(sizes == 1))),
        _Best(best[False], int(np.count_nonzero(sizes > 1))),
        average,
        math.sqrt(max(0.0, squares / n - average**2)),
        len(chosen),
    )


def _probes(gallery: _Gallery, chosen: NDArray[np.int64], vectors_of: VectorsOf) -> Vectors:
    """A vector for each identity: the mean of (at most) SUPPORT of its references, as a track's is of its views."""
    sizes = np.minimum(gallery.counts[chosen], SUPPORT)
    probes: Vectors | None = None
    for size in np.unique(sizes).tolist():
        rows = gallery.rows(chosen[sizes == size], size)
        means = vectors_of(rows.reshape(-1)).reshape(*rows.shape, -1).mean(axis=1)
        probes = np.empty((len(chosen), means.shape[1]), np.float32) if probes is None else probes
        probes[sizes == size] = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert probes is not None
    return probes


def _mean_of_best(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """(P, n, size) to (P, n): the mean of the SUPPORT best, as the index has it."""
    size = scores.shape[2]
    best = scores if size <= SUPPORT else np.partition(scores, size - SUPPORT, axis=2)[:, :, size - SUPPORT :]
    mean: NDArray[np.float32] = best.mean(axis=2)
    return mean


def _point(
    name: Literal["one reference", "several references"],
    best: _Best,
    n: int,
    total: int,
    weight: float,
    rules: FaceRules,
) -> OperatingPoint:
    # Each identity is given the same share of the false accepts.
    share = max(1, n) / max(1, total)
    scores = np.sort(best.scores[best.scores > -np.inf])[::-1]
    weight = weight if len(scores) >= 10 and best.compared >= COMPARED_LEAST else 0.0

    def at(rate: float, floor: float) -> float:
        prior = max(floor, _of_normal(rate * share, max(1, n), rules))
        if not weight:
            return prior
        return weight * _exceeded_by(scores, _of_fewer(rate * share, best.compared, n)) + (1 - weight) * prior

    maybe = at(MAYBE_FALSE_ACCEPTS, rules.maybe)
    match = max(maybe, at(MATCH_FALSE_ACCEPTS, rules.match))
    return OperatingPoint(
        references=name,
        match=min(1.0, match),
        maybe=min(1.0, maybe),
        still=min(1.0, max(match, at(STILL_FALSE_ACCEPTS, rules.match))),
        match_false_accepts=MATCH_FALSE_ACCEPTS * share,
        maybe_false_accepts=MAYBE_FALSE_ACCEPTS * share,
        basis="library" if weight >= 0.5 else "model",
        trials=len(scores),
    )


def _at_least(point: OperatingPoint, other: OperatingPoint) -> OperatingPoint:
    return replace(
        point,
        match=max(point.match, other.match),
        maybe=max(point.maybe, other.maybe),
        still=max(point.still, other.still),
    )


def _of_fewer(rate: float, compared: int, n: int) -> float:
    """The rate at which the best of `compared` exceeds what the best of n exceeds at `rate`: F_n = F_m ** (n / m)."""
    return -math.expm1(math.log1p(-rate) * compared / max(1, n))


def _of_normal(rate: float, n: int, rules: FaceRules) -> float:
    """What the best of n normally distributed impostors exceeds at this rate."""
    # Of one: 1 - (1 - rate) ** (1 / n), without losing it in rounding.
    of_one = -math.expm1(math.log1p(-rate) / n)
    z = -NormalDist().inv_cdf(of_one)
    return rules.impostor_mean + z * rules.impostor_sd


def _exceeded_by(scores: NDArray[np.float32], rate: float) -> float:
    """What unknown people exceed at this rate at most, with confidence. scores: of P of them, descending.

    Where the sample is large enough, the order statistic that is an upper bound of the quantile (normal approximation
    of the binomial); beyond, the exponential tail over the best ones (peaks over threshold, Pickands 1975, with shape
    0, which scores that cannot exceed 1 stay below), its mean excess likewise taken as high as the sample allows.
    """
    expected = rate * len(scores)
    rank = expected - CONFIDENCE * math.sqrt(max(0.0, expected * (1 - rate)))
    if rank >= 3:
        return float(scores[int(rank) - 1])
    return max(_tail(scores, int(share * len(scores)), rate) for share in TAIL_SHARES)


def _tail(scores: NDArray[np.float32], size: int, rate: float) -> float:
    tail = min(len(scores) - 1, max(TAIL_LEAST, size))
    threshold = float(scores[tail])
    excess = float((scores[:tail] - threshold).mean()) * (1 + CONFIDENCE / math.sqrt(tail))
    return threshold + excess * max(0.0, math.log(tail / len(scores) / rate))
