"""How seconds of a tag become a weight: term frequency as in Okapi BM25, where a word's count is a tag's time.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009). A tag that is shown ten times as
long says a little more, not ten times as much; a scene that shows everything for long says less with each.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping

SATURATION = 1.2
"""k1: how soon more of the same says no more. The customary value."""

LENGTH_SHARE = 0.6
"""b: how much a scene's length counts, 0 to 1. Below the customary 0.75: long scenes are no worse, only longer."""

UNIT_S = 10.0
"""What counts as one occurrence of a word: about a shot."""

TAG_S = 60.0
TAG_SHARE = 0.5
"""A tag says that a scene has something, not for how long: so it stands for a minute, or half of a shorter scene."""

FREQUENT = SATURATION + 1.0
"""What weights stay below."""


def length_factor(length_s: float, average_s: float) -> float:
    """The part of the formula that is the same for all terms of a scene. length_s: seconds of all its terms together,
    so that a second with two tags counts twice; average_s: the same of the average scene, more than 0.
    """
    return SATURATION * (1.0 - LENGTH_SHARE + LENGTH_SHARE * length_s / average_s)


def weigh(terms: Mapping[int, float], average_s: float) -> list[tuple[int, float, float]]:
    """A scene's terms, each with its seconds, as (term, weight, seconds), ascending by term. Weights: 0 to FREQUENT."""
    factor = length_factor(sum(terms.values()), average_s)
    return [
        (term, FREQUENT * seconds / (seconds + factor * UNIT_S), seconds)
        for term, seconds in sorted(terms.items())
        if seconds > 0
    ]


def average_length_s(lengths_s: Iterable[float]) -> float:
    """Of the scenes that have any terms; one unit where there are none."""
    known = array("d", (length for length in lengths_s if length > 0))
    return math.fsum(known) / len(known) if known else UNIT_S


def inverse_document_frequency(described: int, frequency: int) -> float:
    """How much a term says that `frequency` of `described` scenes have. More than 0, as in Lucene."""
    return math.log1p((described - frequency + 0.5) / (frequency + 0.5))


def norm(weights: Iterable[float]) -> float:
    """Euclidean length of a scene's weights: what a scene with many terms would else gain by their number alone."""
    return math.sqrt(math.fsum(weight * weight for weight in weights))


def nominal_s(duration_s: float) -> float:
    """What a tag without times stands for. duration_s: of the scene, 0 where it is not known."""
    return min(TAG_S, TAG_SHARE * duration_s) if duration_s > 0 else TAG_S
