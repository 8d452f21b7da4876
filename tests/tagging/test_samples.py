from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.tagging.samples import Samples, cell_edges, edge_uncertainties, smooth
from tests.tagging.strategies import any_samples, make_samples


def smoothed(samples: Samples, smooth_s: float) -> list[float]:
    edges = cell_edges(samples.pts_s, samples.after_cut, samples.end_s)
    column = smooth(samples.scores, samples.pts_s, samples.after_cut, edges, smooth_s)[:, 0]
    return [float(value) for value in column]


def test_an_edge_lies_in_the_middle_or_exactly_at_a_cut() -> None:
    samples = make_samples([0, 4, 4.04, 6], [0, 0, 0, 0], cuts=[2], duration_s=7)
    args = samples.pts_s, samples.after_cut, samples.end_s
    np.testing.assert_allclose(cell_edges(*args), [0, 2, 4.04, 5.02, 7])
    np.testing.assert_allclose(edge_uncertainties(*args), [0, 2, 0.04, 0.98, 1])


def test_samples_further_apart_than_the_average_is_wide_stay_as_they_are() -> None:
    samples = make_samples([0, 4, 8, 11], [1, 5, 2, 7], duration_s=12)
    assert smoothed(samples, 0.5) == [1, 5, 2, 7]


def test_smoothing_weighs_by_time_not_by_number() -> None:
    # Around 1.0 s, [0.5, 1.5) holds 0.45 s of the first level and 0.55 s of the second, but 5 of its 6 samples.
    pts_s = [0, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 3.0]
    samples = make_samples(pts_s, [0, 0, 1, 1, 1, 1, 1, 1], duration_s=4)
    assert smoothed(samples, 1.0)[2] == pytest.approx(0.55)


def test_smoothing_never_looks_across_a_cut() -> None:
    pts_s = np.arange(0, 4, 0.04)
    scores = np.where(pts_s < 2, 0.0, 5.0)
    samples = make_samples(pts_s, scores, cuts=[50], duration_s=4)
    np.testing.assert_allclose(smoothed(samples, 1.0), scores, atol=1e-6)
    blurred = smoothed(make_samples(pts_s, scores, duration_s=4), 1.0)
    assert 0 < blurred[45] < blurred[55] < 5


@given(any_samples(), st.floats(0, 1))
def test_smoothing_equals_the_integral_of_the_steps(samples: Samples, smooth_s: float) -> None:
    edges = cell_edges(samples.pts_s, samples.after_cut, samples.end_s)
    fast = smooth(samples.scores, samples.pts_s, samples.after_cut, edges, smooth_s)
    for i, at_s in enumerate(samples.pts_s):
        first, last = i, i
        while first > 0 and not samples.after_cut[first]:
            first -= 1
        while last + 1 < len(edges) - 1 and not samples.after_cut[last + 1]:
            last += 1
        from_s, to_s = max(at_s - smooth_s / 2, edges[first]), min(at_s + smooth_s / 2, edges[last + 1])
        if to_s - from_s < 1e-9:
            continue
        shared = np.clip(np.minimum(edges[1:], to_s) - np.maximum(edges[:-1], from_s), 0, None)
        np.testing.assert_allclose(fast[i], shared @ samples.scores / (to_s - from_s), atol=1e-4)


def test_a_duration_below_the_last_sample_gives_way() -> None:
    assert make_samples([0, 1, 2], [0, 0, 0], duration_s=1.5).end_s == 2


@pytest.mark.parametrize(
    ("pts_s", "scores", "duration_s", "message"),
    [
        ([0, 2, 1], [0, 0, 0], 3, "strictly increasing"),
        ([0, 1, 1], [0, 0, 0], 3, "strictly increasing"),
        ([-1, 1, 2], [0, 0, 0], 3, "not negative"),
        ([0, 1, np.nan], [0, 0, 0], 3, "finite"),
        ([0, 1, 2], [0, np.nan, 0], 3, r"sample 1 at 1\.000 s are not finite"),
        ([0, 1, 2], [0, 0, 0], np.inf, "duration_s is inf"),
        ([0, 1, 2], [0, 0], 3, "disagree"),
    ],
)
def test_damaged_samples_are_refused(pts_s: list[float], scores: list[float], duration_s: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_samples(pts_s, scores, duration_s=duration_s)
