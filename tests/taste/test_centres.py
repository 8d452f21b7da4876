from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.taste.centres import LEAST_SHARE, Watched, find_centres, silhouette, spherical_k_means
from sidecar.taste.space import Space, unit
from sidecar.values import Cancelled
from tests.taste.clusters import DIM, scenes_of, things, watched


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8])
def test_there_are_as_many_tastes_as_things_that_are_watched(k: int) -> None:
    directions = things(k)
    centres = find_centres(watched(directions, [n % k for n in range(12 * k)], pieces=3))
    assert len(centres.vectors) == k
    assert sorted((centres.vectors @ directions.T).argmax(axis=1).tolist()) == list(range(k))
    assert (centres.vectors @ directions.T).max(axis=1).min() > 0.95


def test_what_is_watched_more_has_the_larger_share_and_comes_first() -> None:
    of = [0] * 6 + [1] * 6 + [2] * 6
    centres = find_centres(watched(things(3), of, weights=[1.0] * 6 + [5.0] * 6 + [2.0] * 6))
    assert centres.shares == pytest.approx([5 / 8, 2 / 8, 1 / 8])
    assert (centres.vectors @ things(3).T).argmax(axis=1).tolist() == [1, 2, 0]
    assert centres.labels.tolist() == [2] * 6 + [0] * 6 + [1] * 6


def test_noise_is_one_taste() -> None:
    points = unit(np.random.default_rng(5).normal(size=(200, DIM)).astype(np.float32))
    assert len(find_centres(Watched(points, np.ones(200), np.arange(200))).vectors) == 1


def test_pieces_of_one_scene_are_no_taste_of_their_own() -> None:
    """Ten scenes that have nothing in common, each of twenty pieces that are all alike."""
    scene = np.repeat(np.arange(10), 20)
    points = unit(np.random.default_rng(6).normal(size=(10, DIM)).astype(np.float32))[scene]
    assert len(find_centres(Watched(points, np.ones(200), scene)).vectors) == 1


def test_one_odd_scene_among_many_is_no_taste() -> None:
    centres = find_centres(watched(things(2), [0] * 60 + [1]))
    assert len(centres.vectors) == 1
    assert LEAST_SHARE > 1 / 61


def test_nothing_watched_is_no_taste_and_one_scene_is_one() -> None:
    nothing = find_centres(Watched(np.zeros((0, DIM), np.float32), np.zeros(0), np.zeros(0, np.intp)))
    assert (len(nothing.vectors), len(nothing.shares)) == (0, 0)
    one = find_centres(watched(things(1), [0]))
    assert one.shares.tolist() == [1.0]


def test_it_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        find_centres(watched(things(2), [0, 1] * 5), is_cancelled=lambda: True)


def test_scenes_that_are_all_the_same_are_one_taste() -> None:
    same = np.tile(things(1), (30, 1))
    vectors, labels = spherical_k_means(same, np.full(30, 1 / 30), 4)
    assert (len(vectors), set(labels.tolist())) == (1, {0})


def naive_silhouette(points: Watched, labels: NDArray[np.intp], k: int) -> float:
    """As the book says it, pair by pair, leaving out pairs of one scene."""
    total = 0.0
    for at in range(len(points.points)):
        means = []
        for centre in range(k):
            others = [n for n in range(len(labels)) if labels[n] == centre and points.scene[n] != points.scene[at]]
            mass = sum(points.weights[n] for n in others)
            distance = sum(points.weights[n] * (1 - float(points.points[n] @ points.points[at])) for n in others)
            means.append(distance / mass if mass else None)
        own = means[labels[at]]
        rest = [mean for centre, mean in enumerate(means) if centre != labels[at] and mean is not None]
        if own is not None and rest:
            total += points.weights[at] * (min(rest) - own) / max(min(rest), own)
    return total / float(points.weights.sum())


@given(seed=st.integers(0, 10_000), n=st.integers(2, 14), k=st.integers(2, 4))
@settings(max_examples=40, deadline=None)
def test_the_silhouette_is_that_of_the_book(seed: int, n: int, k: int) -> None:
    random = np.random.default_rng(seed)
    points = unit(random.normal(size=(n, 6)).astype(np.float32))
    given_points = Watched(points, random.uniform(0.1, 2, n), np.sort(random.integers(0, max(1, n // 2), n)))
    labels = random.integers(0, k, n).astype(np.intp)
    assert silhouette(given_points, labels, k) == pytest.approx(naive_silhouette(given_points, labels, k), abs=1e-4)


@given(seed=st.integers(0, 10_000), n=st.integers(1, 60), k=st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_k_means_ends_where_each_point_has_its_nearest_centre(seed: int, n: int, k: int) -> None:
    random = np.random.default_rng(seed)
    points = unit(random.normal(size=(n, 12)).astype(np.float32))
    vectors, labels = spherical_k_means(points, np.full(n, 1 / n), k)
    again, labels_again = spherical_k_means(points, np.full(n, 1 / n), k)
    assert np.array_equal(vectors, again) and np.array_equal(labels, labels_again)
    assert 1 <= len(vectors) <= k
    cosines = points @ vectors.T
    assert np.all(cosines[np.arange(n), labels] >= cosines.max(axis=1) - 1e-5)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(vectors)), abs=1e-5)


def test_what_all_scenes_share_does_not_count() -> None:
    scenes = scenes_of(things(2), [0, 1] * 20, shared=3.0)
    raw = scenes @ scenes.T
    assert raw[0, 1] > 0.85  # a cat and a dog: nearly the same
    cosines = Space.of(scenes).directions(scenes)
    cosines = cosines @ cosines.T
    assert cosines[0, 2] > 0.6 and cosines[0, 1] < -0.5


def test_a_scene_like_the_average_has_no_direction() -> None:
    scenes = np.concatenate([scenes_of(things(2), [0, 1] * 20), things(2).mean(axis=0, keepdims=True)])
    scenes[-1] = scenes[:-1].mean(axis=0)
    space = Space.of(scenes)
    lengths = np.linalg.norm(space.directions(scenes), axis=1)
    assert lengths[:-1] == pytest.approx(np.ones(40), abs=1e-4)
    assert lengths[-1] < 0.1


def test_two_scenes_are_not_made_opposites() -> None:
    scenes = scenes_of(things(1), [0, 0])
    directions = Space.of(scenes).directions(scenes)
    assert float(directions[0] @ directions[1]) > 0.7
