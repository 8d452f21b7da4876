from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.taste.pooling import CELL_S, PIECE_S, Looked, Span, cells, pool_scene, pool_watched

CAT, DOG, CUP = np.eye(3, dtype=np.float16)


def every_2_s(end_s: float) -> NDArray[np.float64]:
    return np.arange(0, end_s, 2.0, dtype=np.float64)


def looked(pts_s: NDArray[np.float64], vectors: NDArray[np.float16], end_s: float | None = None) -> Looked:
    return Looked(pts_s, vectors, float(pts_s[-1]) + 2 if end_s is None else end_s)


def test_a_sample_counts_as_long_as_it_stands_for() -> None:
    """Around a boundary samples are dense: the cat is shown for 20 s and the dog for 10, whatever their number."""
    pts_s = np.array([0.0, 6, 10, 14, 18, 19.8, 19.9, 20.1, 20.2, 21, 22, 26, 28])
    vectors = np.stack([CAT if at_s < 20 else DOG for at_s in pts_s])
    mean = pool_scene(looked(pts_s, vectors, 30))
    assert mean == pytest.approx([20 / 30, 10 / 30, 0], abs=0.001)


def test_the_last_sample_stands_for_all_that_follows_it() -> None:
    """A cut at 6 s, and then a still picture, of which one sample says all."""
    pts_s = np.array([0.0, 4, 5.9, 6.0])
    pieces = pool_watched(looked(pts_s, np.stack([CAT, CAT, CAT, DOG]), 10), [Span(7, 9, 1.0)], 24)
    assert pieces.vectors.tolist() == [[0, 1, 0]]


def test_a_scene_that_was_looked_at_once_is_what_was_seen_there() -> None:
    assert pool_scene(looked(np.array([7.0]), CUP[None], 7)).tolist() == [0, 0, 1]
    assert pool_scene(looked(np.array([0.0]), CUP[None], 0)).tolist() == [0, 0, 1]


def test_a_gap_that_nobody_looked_at_counts_for_neither_side() -> None:
    starts_s, ends_s = cells(looked(np.array([0.0, 4, 1000, 1004]), np.tile(CAT, (4, 1))))
    assert (starts_s[0], ends_s[1], starts_s[2], ends_s[3]) == (0, 4 + CELL_S, 1000 - CELL_S, 1006)


def test_only_what_was_watched_counts() -> None:
    pts_s = every_2_s(120)
    vectors = np.stack([CAT if at_s < 60 else DOG for at_s in pts_s])
    pieces = pool_watched(looked(pts_s, vectors), [Span(70, 90, 3.0)], 24)
    assert pieces.vectors.tolist() == [[0, 1, 0]]
    assert pieces.weights == pytest.approx([3.0])


def test_a_long_stretch_becomes_pieces_that_each_show_one_thing() -> None:
    pts_s = every_2_s(360)
    vectors = np.stack([(CAT, DOG, CUP)[int(at_s // 120)] for at_s in pts_s])
    pieces = pool_watched(looked(pts_s, vectors), [Span(0, 359, 6.0)], 24)
    assert len(pieces.weights) == 6 == 360 / PIECE_S
    assert pieces.vectors.argmax(axis=1).tolist() == [0, 0, 1, 1, 2, 2]
    assert pieces.vectors.max(axis=1) == pytest.approx(np.ones(6), abs=0.06)


def test_many_short_stretches_become_few_pieces() -> None:
    vectors = np.tile(CAT, (2000, 1))
    spans = [Span(4.0 * n, 4.0 * n + 1, 1.0) for n in range(900)]
    pieces = pool_watched(looked(every_2_s(4000), vectors), spans, 5)
    assert len(pieces.weights) == 5
    assert pieces.weights.sum() == pytest.approx(900)


def test_a_stretch_beyond_the_scene_is_none() -> None:
    pieces = pool_watched(looked(every_2_s(20), np.tile(CAT, (10, 1))), [Span(900, 950, 1.0)], 24)
    assert pieces.vectors.shape == (0, 3)
    assert len(pieces.weights) == 0


@given(
    spans=st.lists(
        st.tuples(st.floats(0, 700), st.floats(0.001, 900), st.floats(1e-3, 1e3)).map(
            lambda one: Span(one[0], one[0] + one[1], one[2])
        ),
        max_size=12,
    ),
    most=st.integers(1, 30),
    n=st.integers(1, 300),
)
@settings(max_examples=80, deadline=None)
def test_pieces_hold_exactly_the_weight_of_what_was_there_to_see(spans: list[Span], most: int, n: int) -> None:
    pts_s = np.cumsum(np.random.default_rng(n).uniform(0.04, 4, n))
    vectors = np.random.default_rng(n).normal(size=(n, 8)).astype(np.float16)
    scene = looked(pts_s, vectors)
    starts_s, ends_s = cells(scene)
    pieces = pool_watched(scene, spans, most)
    seen = [one.weight for one in spans if one.end_s > starts_s[0] and one.start_s < ends_s[-1]]
    assert len(pieces.weights) <= most
    assert pieces.weights.sum() == pytest.approx(sum(seen), rel=1e-6)
    if len(pieces.weights):
        assert np.abs(pieces.vectors).max() <= np.abs(vectors).max() * 1.001


def test_a_stretch_shorter_than_numbers_can_divide_by_is_of_finite_weight() -> None:
    pieces = pool_watched(looked(np.zeros(1), CAT[None]), [Span(0.0, 1e-310, 2.0)], 24)
    assert pieces.weights.tolist() == [2.0] and pieces.vectors.tolist() == [CAT.tolist()]
