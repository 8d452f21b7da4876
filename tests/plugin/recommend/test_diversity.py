from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin.recommend.diversity import HEAD, Looks, arrange, likeness

GUITAR = Looks((1.0, 0.0), frozenset({1}), 1)
BEACH = Looks((0.0, 1.0), frozenset({2}), 2)
SCORES = st.lists(st.floats(0.01, 1.0), min_size=2, max_size=12)


def ordered(scores: Sequence[float]) -> list[tuple[int, float]]:
    return sorted(enumerate(scores), key=lambda one: (-one[1], one[0]))


def test_likeness_is_between_nothing_and_the_same() -> None:
    assert likeness(GUITAR, GUITAR) == pytest.approx(1.0)
    assert likeness(GUITAR, BEACH) == 0.0
    assert likeness(GUITAR, Looks((-1.0, 0.0), frozenset(), 0)) == 0.0
    assert likeness(GUITAR, Looks((1.0, 0.0), frozenset(), 0)) == pytest.approx(0.6)


def test_what_is_like_the_first_gives_way() -> None:
    scored = [(0, 1.0), (1, 0.9), (2, 0.6)]
    arranged, lost = arrange(scored, {0: GUITAR, 1: GUITAR, 2: BEACH}, 0.5)
    assert arranged == [(0, 1.0), (2, 0.6), (1, pytest.approx(0.45))]
    assert lost == {0: 0.0, 1: pytest.approx(0.5), 2: 0.0}


def test_nothing_changes_without_variety() -> None:
    scored = [(0, 1.0), (1, 0.9)]
    assert arrange(scored, {0: GUITAR, 1: GUITAR}, 0.0) == (scored, {})


@given(SCORES, st.floats(0.05, 0.9), st.data())
def test_scores_never_rise_and_all_stay(scores: list[float], strength: float, data: st.DataObject) -> None:
    scored = ordered(scores)
    kinds = data.draw(st.lists(st.sampled_from((GUITAR, BEACH)), min_size=len(scores), max_size=len(scores)))
    head = data.draw(st.integers(1, len(scores)))
    looks = {ordinal: kinds[ordinal] for ordinal, _ in scored[:head]}
    arranged, lost = arrange(scored, looks, strength)
    assert sorted(ordinal for ordinal, _ in arranged) == sorted(ordinal for ordinal, _ in scored)
    values = [score for _, score in arranged]
    assert all(above >= below - 1e-9 for above, below in pairwise(values))
    for ordinal, value in arranged:
        assert value == pytest.approx(scores[ordinal] * (1 - lost.get(ordinal, strength)))


def test_the_order_of_the_head_does_not_depend_on_what_follows() -> None:
    scored = [(ordinal, 1.0 - ordinal / 1000) for ordinal in range(HEAD + 50)]
    looks = {ordinal: (GUITAR, BEACH)[ordinal % 2] for ordinal, _ in scored}
    assert arrange(scored, looks, 0.3)[0][:HEAD] == arrange(scored[:HEAD], looks, 0.3)[0]
