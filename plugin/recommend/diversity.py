"""Variety among the first: a scene loses by being like one above it (maximal marginal relevance).

Carbonell, Goldstein: The Use of MMR, Diversity-Based Reranking (1998), multiplied instead of subtracted: scores stay
above 0, and never rise from one place to the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from plugin.recommend.values import Catalogue

HEAD = 100
"""How many of the best are arranged. Fixed, so that the order does not depend on how many are shown at once."""

OF_TERMS, OF_PERFORMERS, OF_STUDIO = 0.6, 0.3, 0.1
"""What likeness is made of; together 1."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What scenes are compared by. terms: contributions of a few terms, of unit length together."""

    terms: Sequence[float]
    performers: frozenset[int]
    studio: int


def looks_of(catalogue: Catalogue, ordinal: int, contributions: Sequence[float]) -> Looks:
    length = math.sqrt(math.fsum(value * value for value in contributions))
    terms = [value / length for value in contributions] if length else []
    return Looks(terms, frozenset(catalogue.performers_of(ordinal)), catalogue.studio[ordinal])


def likeness(one: Looks, other: Looks) -> float:
    """0 to 1."""
    alike: float = OF_TERMS * max(0.0, sum(map(mul, one.terms, other.terms)))
    if one.performers and other.performers:
        both = len(one.performers & other.performers)
        if both:
            alike += OF_PERFORMERS * both / len(one.performers | other.performers)
    if one.studio and one.studio == other.studio:
        alike += OF_STUDIO
    return alike


def arrange(
    scored: Sequence[tuple[int, float]], looks: Mapping[int, Looks], strength: float
) -> tuple[list[tuple[int, float]], dict[int, float]]:
    """scored: best first, scores above 0. looks: of the first of them. strength: 0 to below 1.

    Returns all, best first, with scores less what likeness to those above takes away (times 1 - strength for each that
    has no looks here, which is the most that it may be), and by ordinal the share of its score that each of the first
    has lost.
    """
    if strength <= 0 or len(scored) < 2:
        return list(scored), {}
    left = [(ordinal, score) for ordinal, score in scored[:HEAD] if ordinal in looks]
    most_alike = dict.fromkeys((ordinal for ordinal, _ in left), 0.0)
    arranged, lost = [], {}
    while left:
        best = max(left, key=lambda one: (one[1] * (1 - strength * most_alike[one[0]]), -one[0]))
        left.remove(best)
        ordinal, score = best
        lost[ordinal] = strength * most_alike[ordinal]
        arranged.append((ordinal, score * (1 - lost[ordinal])))
        chosen = looks[ordinal]
        for other, _ in left:
            alike = likeness(chosen, looks[other])
            if alike > most_alike[other]:
                most_alike[other] = alike
    rest = [(ordinal, score * (1 - strength)) for ordinal, score in scored if ordinal not in lost]
    return arranged + rest, lost
