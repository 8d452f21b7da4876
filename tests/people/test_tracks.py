from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sidecar.people.tracks import centroid, group_faces, spans, windows
from sidecar.values import Cancelled, Vectors
from tests.people.faces import RULES, people, unit, views


def seconds(values: NDArray[np.int64] | list[float]) -> NDArray[np.float64]:
    return np.asarray(values, dtype=np.float64)


def grouped(
    pts_s: NDArray[np.float64],
    vectors: Vectors,
    good: NDArray[np.bool_] | None = None,
    before: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    n = len(pts_s)
    good = np.ones(n, dtype=np.bool_) if good is None else good
    before = np.full(n, -1, dtype=np.int64) if before is None else before
    return group_faces(pts_s, vectors, np.ones(n), good, before, RULES)


def same_partition(first: NDArray[np.int64], second: NDArray[np.int64]) -> bool:
    return np.array_equal(first[:, None] == first[None, :], second[:, None] == second[None, :])


def purity(labels: NDArray[np.int64], who: NDArray[np.int64]) -> list[set[int]]:
    return [set(who[labels == label].tolist()) for label in np.unique(labels[labels >= 0])]


def scene(
    rng: np.random.Generator, count: int, frames: int, mate: float = 0.6, alike: float = 0.0, dim: int = 512
) -> tuple[NDArray[np.float64], Vectors, NDArray[np.int64]]:
    """Everybody in every frame: (pts_s, vectors, who)."""
    who = np.tile(np.arange(count), frames)
    return seconds(np.repeat(np.arange(frames) * 2, count)), views(rng, people(rng, count, dim, alike)[who], mate), who


def chained(vectors: Vectors, threshold: float) -> int:
    """How many faces single linkage would make one with the first."""
    near = vectors @ vectors.T > threshold
    reached = near[0]
    while near[reached].any(axis=0).sum() > reached.sum():
        reached = near[reached].any(axis=0)
    return int(reached.sum())


def test_people_are_told_apart_and_found_again() -> None:
    rng = np.random.default_rng(1)
    pts_s, vectors, who = scene(rng, 5, 12)
    assert same_partition(grouped(pts_s, vectors), who)


def test_twins_in_one_frame_are_two_people() -> None:
    rng = np.random.default_rng(2)
    twin = people(rng, 1)
    pts_s = seconds(np.repeat(np.arange(10), 2))
    labels = grouped(pts_s, views(rng, np.repeat(twin, 20, axis=0), 0.9))
    for moment in np.unique(pts_s):
        assert len(set(labels[pts_s == moment].tolist())) == 2


def test_moments_are_equal_to_the_microsecond() -> None:
    vectors = np.repeat(people(np.random.default_rng(3), 1), 2, axis=0)
    assert len(set(grouped(seconds([1.0, 1.0000001]), vectors).tolist())) == 2
    assert len(set(grouped(seconds([1.0, 1.000002]), vectors).tolist())) == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_crowd_of_look_alikes_does_not_chain_into_one_person(together: bool) -> None:
    # Different people are alike by 0.28 on average, and one pair in 70 is above same_track.
    rng = np.random.default_rng(4)
    pts_s, vectors, who = scene(rng, 26, 8, mate=0.62, alike=0.45, dim=256)
    strangers = (vectors @ vectors.T)[who[:, None] != who[None, :]]
    assert (strangers > RULES.same_track).mean() > 0.005
    assert chained(vectors, RULES.same_track) == len(vectors)
    labels = grouped(pts_s if together else seconds(np.arange(len(pts_s))), vectors)
    assert same_partition(labels, who)


def test_a_bridge_between_two_people_does_not_join_them() -> None:
    rng = np.random.default_rng(5)
    first, second = people(rng, 2)
    bridge = unit(first + second)
    vectors = np.concatenate(
        (views(rng, np.tile(first, (6, 1)), 0.8), views(rng, np.tile(second, (6, 1)), 0.8), [bridge])
    )
    labels = grouped(seconds(np.arange(13)), vectors)
    assert vectors[:6].mean(axis=0) @ bridge > RULES.same_track
    assert vectors[6:12].mean(axis=0) @ bridge > RULES.same_track
    assert len(set(labels[:6].tolist())) == len(set(labels[6:12].tolist())) == 1
    assert labels[0] != labels[6]


def test_poor_faces_join_but_never_found() -> None:
    rng = np.random.default_rng(6)
    somebody, other = people(rng, 2)
    vectors = np.concatenate((views(rng, np.tile(somebody, (4, 1))), views(rng, np.tile(other, (3, 1)))))
    good = np.array([True, True, True, False, False, False, False])
    assert grouped(seconds(np.arange(7)), vectors, good).tolist() == [0, 0, 0, 0, -1, -1, -1]
    assert grouped(seconds(np.arange(7)), vectors, np.zeros(7, dtype=np.bool_)).tolist() == [-1] * 7


def test_a_poor_face_stays_out_where_a_face_of_that_moment_is() -> None:
    rng = np.random.default_rng(7)
    vectors = views(rng, np.tile(people(rng, 1), (5, 1)), 0.9)
    good = np.array([True, True, False, False, False])
    labels = grouped(seconds([0.0, 1.0, 1.0, 2.0, 2.0]), vectors, good)
    assert labels[:3].tolist() == [0, 0, -1]
    assert sorted(labels[3:].tolist()) == [-1, 0]


def test_labels_stay_when_faces_are_added() -> None:
    rng = np.random.default_rng(8)
    pts_s, vectors, who = scene(rng, 6, 10)
    early = np.arange(len(pts_s)) % 3 == 0
    first = grouped(pts_s[early], vectors[early])
    before = np.full(len(pts_s), -1, dtype=np.int64)
    before[early] = first[::-1].max() - first + 40
    labels = grouped(pts_s, vectors, before=before)
    assert np.array_equal(labels[early], before[early])
    assert same_partition(labels, who)


def test_a_new_label_counts_on() -> None:
    rng = np.random.default_rng(9)
    vectors = views(rng, people(rng, 2)[[0, 0, 1, 1]])
    assert grouped(seconds(np.arange(4)), vectors, before=np.array([7, 7, -1, -1])).tolist() == [7, 7, 8, 8]


def test_an_earlier_label_that_breaks_the_rules_goes() -> None:
    rng = np.random.default_rng(10)
    vectors = views(rng, people(rng, 2)[[0, 0, 0, 1, 1]])
    labels = grouped(seconds(np.arange(5)), vectors, before=np.array([3, 3, 3, 3, 3]))
    assert labels.tolist() == [3, 3, 3, 4, 4]
    labels = grouped(seconds([0.0, 1.0, 1.0, 5.0, 6.0]), vectors, before=np.array([3, 3, 3, -1, -1]))
    assert labels[1] != labels[2]
    assert 3 in labels[:3]


def test_a_track_that_was_made_stays_though_a_new_look_might_part_it() -> None:
    vectors = unit(np.array([[1.0, 0.0, 0.0], [0.5, 0.87, 0.0], [0.93, 0.36, 0.0]]))
    before = np.array([0, 0, -1])
    labels = grouped(seconds(np.arange(3)), vectors, before=before)
    assert labels[0] == labels[1] == 0


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_groups_keep_their_promises_whatever_comes(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    n = data.draw(st.integers(0, 40))
    pts_s = seconds(rng.integers(0, max(1, n // 2), size=n))
    vectors = views(rng, people(rng, 5, dim=12, alike=0.3)[rng.integers(5, size=n)], 0.5)
    good = rng.random(n) < 0.7
    before = rng.integers(-1, 4, size=n)
    weights = rng.random(n)
    labels = group_faces(pts_s, vectors, weights, good, before, RULES)
    for label in np.unique(labels[labels >= 0]):
        rows = labels == label
        assert len(np.unique(pts_s[rows])) == rows.sum()
        assert good[rows].any()
    assert (labels[good] >= 0).all()
    order = rng.permutation(n)
    shuffled = group_faces(pts_s[order], vectors[order], weights[order], good[order], before[order], RULES)
    assert np.array_equal(shuffled, labels[order])
    assert np.array_equal(group_faces(pts_s, vectors, weights, good, labels, RULES) >= 0, labels >= 0)


@pytest.mark.parametrize("kind", ["three people", "a crowd", "a still face"])
def test_three_thousand_faces_take_seconds_at_most(kind: str) -> None:
    rng = np.random.default_rng(11)
    if kind == "a still face":
        pts_s, vectors, expected = seconds(np.arange(3000)), np.repeat(people(rng, 1), 3000, axis=0), 1
    else:
        expected = 3 if kind == "three people" else 25
        pts_s, vectors, _ = scene(rng, expected, 3000 // expected)
    start = time.process_time()
    labels = grouped(pts_s, vectors)
    assert time.process_time() - start < 10
    assert len(np.unique(labels)) == expected


def test_grouping_stops_when_nobody_wants_it() -> None:
    pts_s, vectors, _ = scene(np.random.default_rng(12), 2, 5)
    with pytest.raises(Cancelled):
        group_faces(pts_s, vectors, np.ones(10), np.ones(10, dtype=np.bool_), np.full(10, -1), RULES, lambda: True)


def test_a_centroid_is_made_of_good_faces_by_weight() -> None:
    vectors = unit(np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.2]]))
    good = np.array([True, True, False])
    assert centroid(vectors, seconds([3.0, 4.0, 9.0]), good) == pytest.approx([0.6, 0.8])
    assert centroid(vectors, np.zeros(3), good) == pytest.approx([0.5**0.5, 0.5**0.5])
    with pytest.raises(ValueError, match="good faces only"):
        centroid(vectors, np.ones(3), np.zeros(3, dtype=np.bool_))
    with pytest.raises(ValueError, match="no common direction"):
        centroid(unit(np.array([[1.0, 0.0], [-1.0, 0.0]])), np.ones(2), np.ones(2, dtype=np.bool_))


@pytest.mark.parametrize(
    ("seen_s", "cuts_s", "expected"),
    [
        ([], (), ()),
        ([0, 2, 4, 6, 8], (), ((0.0, 10.0),)),
        ([0], (), ((0.0, 1.0),)),
        ([8], (), ((7.0, 10.0),)),
        ([2, 6], (), ((1.0, 3.0), (5.0, 7.0))),
        ([2, 4], (1.3, 5.9), ((1.3, 5.9),)),
        ([2, 4], (4.0, 6.0), ((1.0, 6.0),)),  # a cut at a frame's own pts ends the time before it
        ([2, 4], (2.0,), ((2.0, 5.0),)),
        ([4], (2.1, 2.9, 3.3), ((2.9, 5.0),)),  # of several cuts the one nearest the middle
    ],
)
def test_bounds_lie_midway_or_at_a_cut(
    seen_s: list[float], cuts_s: tuple[float, ...], expected: tuple[tuple[float, float], ...]
) -> None:
    assert spans(seen_s, [0, 2, 4, 6, 8], 10.0, cuts_s) == expected


def test_an_image_has_one_span_of_no_length() -> None:
    assert spans([0.0], [0.0], 0.0) == ((0.0, 0.0),)
    assert spans([], [0.0], 0.0) == ()
    assert windows([0.0], [0.0], 0.0, 0.5) == ()


def test_nothing_is_claimed_of_what_was_never_looked_at() -> None:
    assert spans([30, 32], [30, 32, 34], 100.0) == ((30.0, 33.0),)
    assert spans([0.08, 2], [0.08, 2, 4], 100.0) == ((0.0, 3.0),)
    assert spans([4.5], [2, 4.5], 4.0) == ((3.25, 4.5),)


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(0, 400), min_size=1, max_size=40), st.data())
def test_two_people_share_time_only_if_they_share_a_frame(looked: set[int], data: st.DataObject) -> None:
    frames = sorted(pts / 7 for pts in looked)
    side = data.draw(st.lists(st.sampled_from([0, 1, 2]), min_size=len(frames), max_size=len(frames)))
    cuts = data.draw(st.lists(st.integers(0, 500).map(lambda tick: tick / 9), max_size=5))
    first = spans([pts for pts, who in zip(frames, side, strict=True) if who == 1], frames, 60.0, cuts)
    second = spans([pts for pts, who in zip(frames, side, strict=True) if who == 2], frames, 60.0, cuts)
    for held in (first, second):
        assert list(held) == sorted(held)
        assert all(0 <= start_s <= end_s <= 60 for start_s, end_s in held)
    for start_s, end_s in first:
        for other_start_s, other_end_s in second:
            assert end_s <= other_start_s or other_end_s <= start_s
    for pts, who in zip(frames, side, strict=True):
        if who == 1:
            assert any(start_s - 1e-6 <= pts <= end_s + 1e-6 for start_s, end_s in first)


def test_where_to_look_closer_are_wide_gaps_with_one_side_shown() -> None:
    looked = [0, 4, 8, 8.5, 12, 16]
    assert windows([4, 8], looked, 20.0, 0.5) == ((0, 4),)
    assert windows([4, 8, 8.5], looked, 20.0, 0.5) == ((0, 4), (8.5, 12))
    assert windows([4, 8, 8.5], looked, 20.0, 0.5, [(0, 1), (1, 3.999)]) == ((8.5, 12),)
    assert windows([4, 8, 8.5], looked, 20.0, 0.5, [(0, 2)]) == ((0, 4), (8.5, 12))
    assert windows([], looked, 20.0, 0.5) == windows(looked, looked, 20.0, 0.5) == ()
