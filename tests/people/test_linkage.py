from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.people.linkage import average_linkage
from sidecar.values import Vectors
from tests.people.faces import people, unit, views

Pairs = set[tuple[int, int]]


def joined(vectors: Vectors, apart: Pairs, threshold: float) -> NDArray[np.int64]:
    n = len(vectors)
    return average_linkage(vectors, np.ones(n, dtype=np.int64), np.arange(n), apart, threshold)[0]


def one_at_a_time(vectors: Vectors, apart: Pairs, threshold: float) -> list[set[int]]:
    """Average linkage as textbooks have it: the nearest allowed pair is joined, again and again."""
    cosines = vectors @ vectors.T
    clusters = [{at} for at in range(len(vectors))]
    while True:
        allowed = [
            (float(cosines[np.ix_(sorted(a), sorted(b))].mean()), i, j)
            for (i, a), (j, b) in combinations(enumerate(clusters), 2)
            if not any((min(x, y), max(x, y)) in apart for x in a for y in b)
        ]
        best = max(allowed, default=(-1.0, 0, 0))
        if best[0] < threshold:
            return clusters
        clusters[best[1]] |= clusters.pop(best[2])


def as_sets(labels: NDArray[np.int64]) -> list[set[int]]:
    return [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 100_000), st.floats(0.2, 0.6))
def test_what_is_joined_is_near_on_average_and_nothing_more_could_be(seed: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    vectors = views(rng, people(rng, 5, 16, 0.2)[rng.integers(5, size=40)], 0.6)
    apart = {(a, b) for a, b in combinations(range(40), 2) if rng.random() < 0.05}
    clusters = as_sets(joined(vectors, apart, threshold))
    cosines = vectors @ vectors.T
    for cluster in clusters:
        pairs = list(combinations(sorted(cluster), 2))
        assert not apart & set(pairs)
        assert not pairs or np.mean([cosines[pair] for pair in pairs]) >= threshold - 1e-4
    for a, b in combinations(clusters, 2):
        allowed = not any((min(x, y), max(x, y)) in apart for x in a for y in b)
        assert not allowed or cosines[np.ix_(sorted(a), sorted(b))].mean() < threshold + 1e-4


@pytest.mark.parametrize("seed", range(8))
def test_where_people_differ_it_is_what_joining_one_at_a_time_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    who = rng.integers(6, size=40)
    vectors = views(rng, people(rng, 6, 64, 0.2)[who], 0.7)
    apart = {(at, at + 1) for at in range(0, 40, 2) if who[at] != who[at + 1]}
    fast, slow = as_sets(joined(vectors, apart, 0.4)), one_at_a_time(vectors, apart, 0.4)
    assert sorted(map(sorted, fast)) == sorted(map(sorted, slow))


def test_a_team_attracts_with_either_look_and_keeps_all_apart_that_any_of_it_must() -> None:
    looks = unit(np.eye(4))
    vectors = np.concatenate((looks[:2], unit(looks[:3] + 0.3 * looks[3])))
    ones, teams = np.ones(5, dtype=np.int64), np.array([0, 0, 1, 2, 3])
    clusters, groups = average_linkage(vectors, ones, teams, [], 0.5)
    assert len(set(groups[:4].tolist())) == 1 and groups[4] != groups[0]
    assert clusters[0] == clusters[2] != clusters[1] == clusters[3]
    # The second look of the team may not have what the first one took in beside it.
    _, groups = average_linkage(vectors, ones, teams, [(1, 2)], 0.5)
    assert groups[2] != groups[3]
    assert groups[0] == groups[1]
    _, groups = average_linkage(vectors, ones, teams, [], 0.5, np.array([True, True, False, False]))
    assert groups[2] != groups[0] == groups[3]


def test_equal_vectors_take_few_rounds() -> None:
    told: list[float] = []
    vectors = np.repeat(people(np.random.default_rng(1), 1), 400, axis=0)
    sizes = np.ones(400, dtype=np.int64)
    labels, _ = average_linkage(vectors, sizes, np.arange(400), [], 0.5, on_progress=told.append)
    assert len(set(labels.tolist())) == 1
    assert len(told) < 20
    assert told == sorted(told)


def test_nothing_is_no_clusters() -> None:
    none = np.zeros(0, dtype=np.int64)
    clusters, teams = average_linkage(np.zeros((0, 8), dtype=np.float32), none, none, [], 0.5)
    assert len(clusters) == len(teams) == 0
