"""Measures of rankings, and how sure they are."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.memory import CatalogueScene, MemoryCatalogue
from plugin.recommend.metrics import TOP, Bootstrap, Known, Outcome, ndcg, quality


def test_ndcg_by_hand() -> None:
    """Second and fourth of four, three relevant: (1/log2 3 + 1/log2 5) over (1 + 1/log2 3 + 1/2)."""
    expected = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 0.5)
    assert ndcg([9, 1, 8, 2], {1, 2, 3}) == pytest.approx(expected)
    assert ndcg([], {1}) == ndcg([1], set()) == 0.0
    assert ndcg([*range(100, 110), 1], {1}) == 0.0, "the eleventh place is on no page"


@given(st.permutations(range(12)), st.sets(st.integers(0, 11), min_size=1))
def test_ndcg_is_1_where_all_that_is_relevant_stands_first_and_less_elsewhere(
    ranked: list[int], relevant: set[int]
) -> None:
    best = sorted(ranked, key=lambda one: one not in relevant)
    assert ndcg(best, relevant) == pytest.approx(1.0)
    assert 0.0 <= ndcg(ranked, relevant) <= 1.0 + 1e-9
    first = set(ranked[: min(TOP, len(relevant))])
    assert (ndcg(ranked, relevant) < 1.0 - 1e-9) == (not first <= relevant)


def test_intervals_hold_the_truth_nearly_always() -> None:
    rng = random.Random(1)
    held = 0
    for _ in range(60):
        interval = Bootstrap(50, resamples=200).mean([float(rng.random() < 0.3) for _ in range(50)])
        assert interval.low <= interval.value <= interval.high
        held += interval.low <= 0.3 <= interval.high
    assert held >= 51


def test_coverage_counts_what_is_shown_once_and_its_interval_surrounds_it() -> None:
    shown = [(1, 2), (2, 3), (1,), (4, 5), (9,), (2, 9)]
    interval = Bootstrap(len(shown)).coverage(shown, scenes=12)
    assert interval.value == pytest.approx(0.5)
    assert interval.low < interval.value < interval.high
    assert Bootstrap(0).coverage([], 12) == (0.0, 0.0, 0.0)


def test_what_shows_what_was_watched_is_not_new() -> None:
    catalogue = MemoryCatalogue.build(
        [
            CatalogueScene(1, terms={1: 100.0, 2: 50.0}),
            CatalogueScene(2, terms={1: 100.0, 2: 50.0}),
            CatalogueScene(3, terms={1: 100.0, 3: 50.0}),
            CatalogueScene(4, terms={4: 10.0}),
            CatalogueScene(5),
        ]
    )
    known = Known(catalogue, [0])
    novelties = [known.novelty(ordinal) for ordinal in range(5)]
    assert novelties[1] == pytest.approx(0.0, abs=1e-6)
    assert 0.0 < novelties[2] < 1.0
    assert novelties[3:] == [1.0, 1.0]


def test_quality_sums_up() -> None:
    outcomes = [Outcome(1.0, 0.5, 0.2, (1, 2)), Outcome(0.0, 0.0, 0.4, (2, 3))]
    found = quality(outcomes, 6, Bootstrap(2))
    assert (found.cases, found.hit_rate.value, found.ndcg.value, found.coverage.value) == (2, 0.5, 0.25, 0.5)
    assert found.novelty.value == pytest.approx(0.3)
