from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.tagging.refine import RefineWindow, pick_within, still_open, windows_to_refine
from sidecar.tagging.samples import Samples
from sidecar.tagging.timeline import TimelineRule, timeline
from tests.tagging.simulated_video import (
    FPS,
    SimulatedVideo,
    as_ranges,
    cut_video,
    iou,
    ramp_video,
    refine_in_full,
    uneven_keyframes,
)
from tests.tagging.strategies import any_samples, make_samples

RULE = TimelineRule(enter=2.5, stay=2.0, smooth_s=0.5, merge_gap_s=1.0)


def stretches(windows: tuple[RefineWindow, ...]) -> list[tuple[float, float]]:
    return [(window.start_s, window.end_s) for window in windows]


def test_both_bounds_of_a_shown_span_are_asked_for_largest_jump_first() -> None:
    windows = windows_to_refine(make_samples(range(0, 24, 4), [0, 0, 3, 5, 0, 0]), RULE, 0.5)
    assert stretches(windows) == [(12, 16), (4, 8)]
    assert [window.jump for window in windows] == pytest.approx([2.0, 1.2])


def test_a_run_that_never_enters_is_not_shown_and_not_refined() -> None:
    assert windows_to_refine(make_samples(range(0, 24, 4), [0, 0, 2.4, 2.4, 0, 0]), RULE, 0.5) == ()


def test_the_ends_of_the_medium_are_no_gaps() -> None:
    assert windows_to_refine(make_samples([0, 4, 8], [3, 3, 3], duration_s=12), RULE, 0.5) == ()


def test_tags_that_change_in_one_gap_share_a_window() -> None:
    samples = make_samples(range(0, 16, 4), [[0, 3, 0], [0, 3, 0], [4, 0, 0], [4, 0, 0]])
    (window,) = windows_to_refine(samples, RULE, 0.5)
    assert (window.start_s, window.end_s, window.tags) == (4, 8, (0, 1))
    assert window.jump == pytest.approx(4 / 2.5)


def test_a_cut_between_neighbouring_frames_is_sharp_already() -> None:
    samples = make_samples([0, 4, 6.96, 7, 10], [0, 0, 0, 5, 5], cuts=[3])
    assert windows_to_refine(samples, RULE, 0.5) == ()


def test_what_was_looked_at_is_not_asked_for_again() -> None:
    samples = make_samples(range(0, 24, 4), [0, 0, 3, 5, 0, 0])
    assert stretches(windows_to_refine(samples, RULE, 0.5, [(3, 6), (6, 9)])) == [(12, 16)]
    assert stretches(windows_to_refine(samples, RULE, 0.5, [(4, 7.5)])) == [(12, 16), (4, 8)]


def test_a_pause_that_is_merged_wherever_it_lies_is_not_refined() -> None:
    samples = make_samples([0, 4, 8, 12, 16], [3, 3, 0, 3, 3])
    assert windows_to_refine(samples, TimelineRule(2.5, 2.0, 0.5, 8), 0.5) == ()
    # The pause shows as 4 s and would be merged, but it may last up to 8 s: a dense pass could show it.
    assert stretches(windows_to_refine(samples, TimelineRule(2.5, 2.0, 0.5, 5), 0.5)) == [(4, 8), (8, 12)]


def test_a_refine_step_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="refine_s is 0"):
        windows_to_refine(make_samples([0, 4], [0, 3]), RULE, 0)


@given(any_samples(), st.sampled_from([0.1, 0.5, 2.0]))
def test_windows_are_gaps_beside_shown_spans(samples: Samples, refine_s: float) -> None:
    rule = TimelineRule(2.5, 2.0, 0.5, 0)
    windows = windows_to_refine(samples, rule, refine_s)
    assert len({window.start_s for window in windows}) == len(windows)
    assert [window.jump for window in windows] == sorted((window.jump for window in windows), reverse=True)
    inner = {
        bound
        for span in timeline(samples, rule)
        for bound in ((span.tag_index, span.start_s), (span.tag_index, span.end_s))
    }
    for window in windows:
        assert window.end_s - window.start_s > refine_s
        assert window.end_s == samples.pts_s[np.searchsorted(samples.pts_s, window.start_s) + 1]
        for tag in window.tags:
            assert any(index == tag and window.start_s <= at_s <= window.end_s for index, at_s in inner)


def test_the_budget_goes_to_the_largest_jumps_that_fit() -> None:
    windows = tuple(RefineWindow(float(i), i + 1.0, 5.0 - i, (0,)) for i in range(4))
    costs = {0.0: 3.0, 1.0: 4.0, 2.0: 1.0, 3.0: 1.0}
    picked = pick_within(windows, lambda window: costs[window.start_s], budget=5)
    assert [window.start_s for window in picked] == [0, 2, 3]
    assert pick_within(windows, lambda window: costs[window.start_s], budget=0) == ()


WINDOW = RefineWindow(4, 8, 2.0, (0,))


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ([], True),
        ([(4.5, 0)], True),
        ([(4.5, 0), (5.0, 3)], True),  # one frame is not believed yet
        ([(4.5, 0), (5.0, 3), (5.5, 3)], False),
        ([(4.5, 0), (5.0, 3), (5.5, 0)], True),  # a flash: the tag is out again
        ([(4.5, 0), (5.0, 0), (5.5, 0), (6.0, 0), (6.5, 0), (7.0, 0), (7.5, 0)], False),
    ],
)
def test_a_window_is_open_until_its_bound_is_located(inside: list[tuple[float, float]], expected: bool) -> None:
    points = [(0.0, 0.0), (4.0, 0.0), *inside, (8.0, 4.0), (12.0, 4.0)]
    near = make_samples([pts_s for pts_s, _ in points], [level for _, level in points])
    assert still_open(WINDOW, near, RULE, 0.5) is expected


def test_a_cut_is_believed_at_once() -> None:
    near = make_samples([4, 4.5, 4.96, 5, 8], [0, 0, 0, 4, 4], cuts=[3])
    assert not still_open(WINDOW, near, RULE, 0.5)


def test_a_window_stays_open_for_an_event_met_on_the_way() -> None:
    """Tag 1 is on neither side, yet it is there at 5.0 s: its end has to be found as well."""
    rows = [[0, 0], [0, 0], [3, 4], [3, 4], [4, 0]]
    assert still_open(WINDOW, make_samples([4, 4.5, 5, 5.5, 8], rows), RULE, 0.5)
    assert not still_open(WINDOW, make_samples([4, 4.5, 5, 5.5, 8], np.array(rows) * [1, 0]), RULE, 0.5)


def cuts_once_a_minute(seed: int) -> SimulatedVideo:
    return cut_video(seed, 300, shots_per_minute=1, tags=8, noise=0.3)


def cuts_every_15_s(seed: int) -> SimulatedVideo:
    return cut_video(seed, 300, shots_per_minute=4, tags=8, noise=0.3)


def cuts_in_strong_noise(seed: int) -> SimulatedVideo:
    return cut_video(seed, 300, shots_per_minute=2, tags=8, noise=0.6)


def slow_ramps(seed: int) -> SimulatedVideo:
    return ramp_video(seed, 300, tags=4, ramp_s=3, noise=0.2)


@pytest.mark.parametrize("make", [cuts_once_a_minute, cuts_every_15_s, cuts_in_strong_noise, slow_ramps])
@pytest.mark.parametrize("seed", range(3))
def test_coarse_and_refined_agrees_with_dense(make: Callable[[int], SimulatedVideo], seed: int) -> None:
    video = make(seed)
    refined = refine_in_full(video, RULE, uneven_keyframes(video, seed))
    dense = as_ranges(timeline(video.dense(), RULE))
    assert iou(timeline(refined.samples, RULE), dense) >= 0.95
    assert iou(timeline(refined.samples, RULE), dense) >= iou(timeline(refined.coarse, RULE), dense)


@pytest.mark.parametrize("seed", range(3))
def test_refined_bounds_are_sharp_and_say_so(seed: int) -> None:
    video = cuts_once_a_minute(seed)
    spans = timeline(refine_in_full(video, RULE, uneven_keyframes(video, seed)).samples, RULE)
    assert spans
    for span in spans:
        assert span.start_uncertainty_s <= 0.5
        assert span.end_uncertainty_s <= 0.5 or span.end_s == video.duration_s
        nearest = min(video.truth[span.tag_index], key=lambda r: abs(r[0] - span.start_s))
        assert (span.start_s, span.end_s) == pytest.approx(nearest, abs=0.6)


def test_few_bounds_are_refined_with_few_frames() -> None:
    """At one cut a minute, decoding around the bounds reads a small part of the video."""
    shares = []
    for seed in range(3):
        video = cuts_once_a_minute(seed)
        shares.append(refine_in_full(video, RULE, range(0, 300 * FPS, 4 * FPS)).decoded_share)
    assert np.mean(shares) < 0.06
