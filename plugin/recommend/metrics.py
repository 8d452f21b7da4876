"""How good rankings were, and how sure that is: hit rate, NDCG, novelty, coverage, with bootstrap intervals. Pure."""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from plugin.recommend.values import Catalogue

TOP = 10
"""Places that count: about what a page shows before one scrolls."""

RESAMPLES = 1000


class Interval(NamedTuple):
    """value: over all cases. low, high: its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recommender in one case. hit: 1 where anything relevant was among the first TOP, else 0. ndcg, novelty: 0 to
    1. shown: the first TOP, told apart from scenes of other libraries.
    """

    hit: float
    ndcg: float
    novelty: float
    shown: tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Over all cases. coverage: share of the library that was among the first TOP of any case."""

    cases: int
    hit_rate: Interval
    ndcg: Interval
    coverage: Interval
    novelty: Interval


def ndcg(ranked: Sequence[int], relevant: Collection[int], top: int = TOP) -> float:
    """Normalised discounted cumulative gain with relevance 0 or 1 (Järvelin and Kekäläinen, 2002): 1 where all that is
    relevant stands first, 0 where none of it is among the first.
    """
    ideal = sum(1 / math.log2(place + 2) for place in range(min(top, len(relevant))))
    gained = sum(1 / math.log2(place + 2) for place, one in enumerate(ranked[:top]) if one in relevant)
    return gained / ideal if ideal else 0.0


class Known:
    """What an owner knows already, to tell how new others are."""

    def __init__(self, catalogue: Catalogue, watched: Iterable[int]) -> None:
        self._catalogue = catalogue
        self._of_term: dict[int, list[tuple[int, float]]] = {}
        for ordinal in watched:
            norm = catalogue.norm[ordinal]
            for term, weight, _ in catalogue.terms_of(ordinal):
                self._of_term.setdefault(term, []).append((ordinal, weight / norm))

    def novelty(self, ordinal: int) -> float:
        """1 minus the cosine to the most similar scene that was watched: the distance of Vargas and Castells, Rank and
        Relevance in Novelty and Diversity Metrics (2011). By plays it would be the same for all that was never played.
        """
        norm = self._catalogue.norm[ordinal]
        alike: dict[int, float] = {}
        for term, weight, _ in self._catalogue.terms_of(ordinal):
            for other, much in self._of_term.get(term, ()):
                alike[other] = alike.get(other, 0.0) + weight * much
        return 1.0 - min(1.0, max(alike.values()) / norm) if alike else 1.0


class Bootstrap:
    """Percentile intervals (Efron) from the same resamples of the cases for all that is measured on them."""

    def __init__(self, cases: int, resamples: int = RESAMPLES, seed: int = 1) -> None:
        rng = random.Random(seed)  # noqa: S311
        self._draws = [rng.choices(range(cases), k=cases) for _ in range(resamples)] if cases else []

    def mean(self, values: Sequence[float]) -> Interval:
        """values: one for each case."""
        if not values:
            return Interval(0.0, 0.0, 0.0)
        means = sorted(sum(values[case] for case in draw) / len(draw) for draw in self._draws)
        return Interval(sum(values) / len(values), *_middle(means))

    def coverage(self, shown: Sequence[Collection[Hashable]], scenes: int) -> Interval:
        """shown: for each case. scenes: that could have been.

        A resample has fewer cases that differ, so it covers less: the interval is moved by what it is less on average.
        """
        if not shown or not scenes:
            return Interval(0.0, 0.0, 0.0)
        value = len(set().union(*shown)) / scenes
        found = sorted(len(set().union(*(shown[case] for case in set(draw)))) / scenes for draw in self._draws)
        less = value - sum(found) / len(found)
        low, high = _middle(found)
        return Interval(value, low + less, high + less)


def quality(outcomes: Sequence[Outcome], scenes: int, bootstrap: Bootstrap) -> Quality:
    """scenes: of all libraries together. bootstrap: for as many cases as there are outcomes."""
    return Quality(
        len(outcomes),
        bootstrap.mean([outcome.hit for outcome in outcomes]),
        bootstrap.mean([outcome.ndcg for outcome in outcomes]),
        bootstrap.coverage([outcome.shown for outcome in outcomes], scenes),
        bootstrap.mean([outcome.novelty for outcome in outcomes]),
    )


def _middle(ascending: Sequence[float]) -> tuple[float, float]:
    """Of which 95 % lie between."""
    last = len(ascending) - 1
    return ascending[math.floor(0.025 * last)], ascending[math.ceil(0.975 * last)]
