from __future__ import annotations

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.tagging.samples import Samples, cell_edges, smooth
from sidecar.tagging.timeline import Span, TimelineRule, tag_summary, timeline
from tests.tagging.simulated_video import FPS, as_ranges, cut_video, iou
from tests.tagging.strategies import any_samples, make_samples

RULE = TimelineRule(enter=2.5, stay=2.0, smooth_s=0.5, merge_gap_s=0)


def bounds(spans: tuple[Span, ...]) -> list[tuple[float, float]]:
    return [(span.start_s, span.end_s) for span in spans]


def test_a_span_needs_one_score_at_enter_and_lasts_while_scores_stay() -> None:
    samples = make_samples(range(0, 40, 4), [0, 2.1, 2.2, 0, 2.1, 2.6, 2.1, 0, 2.4, 0])
    (span,) = timeline(samples, RULE)
    assert (span.start_s, span.end_s) == (14, 26)
    assert span.peak_s == 20
    assert span.peak_score == pytest.approx(2.6)
    assert span.score == pytest.approx((2.1 + 2.6 + 2.1) / 3)
    assert (span.start_uncertainty_s, span.end_uncertainty_s) == (2, 2)


def test_first_and_last_sample_in_reach_to_the_ends_of_the_medium() -> None:
    (span,) = timeline(make_samples([0.5, 4.5, 8.5], [3, 3, 3], duration_s=10), RULE)
    assert (span.start_s, span.end_s) == (0, 10)
    assert (span.start_uncertainty_s, span.end_uncertainty_s) == (0.5, 1.5)


def test_a_cut_is_the_bound_exactly() -> None:
    samples = make_samples([0, 3.96, 4.0, 8, 9.96, 10], [0, 0, 5, 5, 5, 0], cuts=[2, 5], duration_s=12)
    (span,) = timeline(samples, RULE)
    assert (span.start_s, span.end_s) == (4.0, 10.0)
    assert span.start_uncertainty_s == pytest.approx(0.04)
    assert span.end_uncertainty_s == pytest.approx(0.04)


def test_a_tag_that_stays_across_a_cut_is_one_span() -> None:
    assert bounds(timeline(make_samples([0, 2, 4], [3, 3, 3], cuts=[1], duration_s=5), RULE)) == [(0, 5)]


def test_score_weighs_by_time_not_by_number() -> None:
    samples = make_samples([0, 8, 8.1, 8.2, 8.3, 8.4], [3, 5, 5, 5, 5, 5], cuts=[1], duration_s=10)
    (span,) = timeline(samples, RULE)
    assert span.score == pytest.approx((8 * 3 + 2 * 5) / 10)


@pytest.mark.parametrize(("merge_gap_s", "count"), [(3.9, 2), (4.0, 1)])
def test_gaps_are_merged_in_seconds(merge_gap_s: float, count: int) -> None:
    samples = make_samples([0, 4, 8, 12], [3, 0, 3, 3], duration_s=14)
    spans = timeline(samples, TimelineRule(2.5, 2.0, 0.5, merge_gap_s))
    assert len(spans) == count
    assert (spans[0].start_s, spans[-1].end_s) == (0, 14)


def test_gaps_of_one_tag_are_not_merged_with_another() -> None:
    samples = make_samples([0, 4, 8], [[3, 0], [3, 0], [0, 3]], duration_s=10)
    spans = timeline(samples, TimelineRule(2.5, 2.0, 0.5, 60))
    assert [(span.tag_index, span.start_s, span.end_s) for span in spans] == [(0, 0, 6), (1, 6, 10)]


def test_one_noisy_frame_neither_makes_nor_breaks_a_span() -> None:
    pts_s = np.arange(0, 20, 0.1)
    scores = np.where((pts_s >= 5) & (pts_s < 15), 4.0, 0.0)
    scores[[20, 100]] = 4, 0
    ((start_s, end_s),) = bounds(timeline(make_samples(pts_s, scores), RULE))
    assert start_s == pytest.approx(5, abs=0.15)
    assert end_s == pytest.approx(15, abs=0.15)


def test_a_still_image_is_one_moment() -> None:
    spans = timeline(make_samples([0], [[3, 0]], duration_s=0), RULE)
    assert [(span.tag_index, span.start_s, span.end_s, span.score) for span in spans] == [(0, 0, 0, 3)]
    (row,) = tag_summary(spans, 0)
    assert (row.seconds, row.share, row.score) == (0, 1, 3)


def test_nothing_is_shown_after_a_cut_on_the_very_last_instant() -> None:
    assert timeline(make_samples([0, 9.96, 10], [0, 0, 5], cuts=[2], duration_s=10), RULE) == ()


def test_no_samples_and_no_tags_give_no_spans() -> None:
    empty = Samples(np.zeros(0), np.zeros(0, dtype=np.bool_), np.zeros((0, 3), dtype=np.float32), 5)
    assert timeline(empty, RULE) == ()
    assert timeline(make_samples([0, 1], np.zeros((2, 0))), RULE) == ()


@given(any_samples(), st.sampled_from([0.0, 0.5, 1.0, 5.0]), st.sampled_from([0.0, 0.5, 1.0]))
def test_spans_are_sorted_disjoint_and_inside(samples: Samples, merge_gap_s: float, smooth_s: float) -> None:
    spans = timeline(samples, TimelineRule(2.5, 2.0, smooth_s, merge_gap_s))
    assert list(spans) == sorted(spans, key=lambda span: (span.tag_index, span.start_s))
    for span in spans:
        assert 0 <= span.start_s <= span.peak_s <= span.end_s <= samples.end_s
        assert span.start_s < span.end_s or samples.end_s == 0
        assert span.score <= span.peak_score + 1e-5
        assert min(span.start_uncertainty_s, span.end_uncertainty_s) >= 0
    for left, right in pairwise(spans):
        assert left.tag_index < right.tag_index or right.start_s - left.end_s > merge_gap_s


@given(any_samples(), st.sampled_from([0.0, 0.5, 1.0]))
def test_spans_are_what_walking_along_the_samples_finds(samples: Samples, smooth_s: float) -> None:
    """The two thresholds, sample by sample; gaps stay unmerged."""
    edges = cell_edges(samples.pts_s, samples.after_cut, samples.end_s)
    smoothed = smooth(samples.scores, samples.pts_s, samples.after_cut, edges, smooth_s)
    expected = []
    for tag in range(smoothed.shape[1]):
        start: int | None = None
        entered = False
        for i in range(len(smoothed) + 1):
            if i < len(smoothed) and smoothed[i, tag] >= np.float32(RULE.stay):
                start = i if start is None else start
                entered |= bool(smoothed[i, tag] >= np.float32(RULE.enter))
                continue
            if start is not None and entered and (edges[i] > edges[start] or samples.end_s == 0):
                expected.append((tag, float(edges[start]), float(edges[i])))
            start, entered = None, False
    assert as_ranges(timeline(samples, TimelineRule(2.5, 2.0, smooth_s, 0))) == expected


@given(any_samples(), st.randoms(use_true_random=False))
def test_samples_that_repeat_their_neighbour_move_no_bound_beyond_its_uncertainty(
    samples: Samples, random: Random
) -> None:
    """Each gap gets one more sample with the scores of the sample before it; smoothing off, as it would blur more."""
    rule = TimelineRule(2.5, 2.0, 0, 0)
    count = len(samples.pts_s)
    extra = [i for i in range(count - 1) if random.random() < 0.5]
    pts_s = np.concatenate([samples.pts_s, [(samples.pts_s[i] + samples.pts_s[i + 1]) / 2 for i in extra]])
    order = np.argsort(pts_s)
    denser = Samples(
        pts_s[order],
        np.concatenate([samples.after_cut, np.zeros(len(extra), dtype=np.bool_)])[order],
        np.concatenate([samples.scores, samples.scores[extra]])[order],
        samples.duration_s,
    )
    before, after = timeline(samples, rule), timeline(denser, rule)
    assert [span.tag_index for span in before] == [span.tag_index for span in after]
    for old, new in zip(before, after, strict=True):
        assert abs(old.start_s - new.start_s) <= old.start_uncertainty_s + 1e-9
        assert abs(old.end_s - new.end_s) <= old.end_uncertainty_s + 1e-9


@pytest.mark.parametrize("seed", range(5))
def test_uneven_sampling_finds_the_same_spans(seed: int) -> None:
    video = cut_video(seed, 240, shots_per_minute=3, tags=6, noise=0.1)
    random = np.random.default_rng(seed)
    uneven = np.unique(np.concatenate([[0], np.cumsum(random.integers(2, 13, 3000))]))
    spans = timeline(video.samples(uneven[uneven < 240 * FPS].tolist()), TimelineRule(2.5, 2.0))
    assert iou(spans, as_ranges(timeline(video.dense(), TimelineRule(2.5, 2.0)))) > 0.97


@pytest.mark.parametrize("seed", range(5))
def test_bounds_are_within_their_uncertainty_of_the_truth(seed: int) -> None:
    video = cut_video(seed, 240, shots_per_minute=2, tags=6, noise=0)
    spans = timeline(video.samples(range(0, 240 * FPS, 100)), TimelineRule(2.5, 2.0, 0.5, 0))
    checked = 0
    for span in spans:
        truth = [r for r in video.truth[span.tag_index] if r[0] < span.end_s and span.start_s < r[1]]
        if len(truth) == 1:
            checked += 1
            # The last frame shown before a cut is 1/FPS away from it.
            assert abs(truth[0][0] - span.start_s) <= span.start_uncertainty_s + 1 / FPS
            assert abs(truth[0][1] - span.end_s) <= span.end_uncertainty_s + 1 / FPS
    assert checked > 3


def test_many_tags_are_worked_off_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    samples = make_samples(range(0, 200, 2), np.random.default_rng(0).normal(2, 1, (100, 37)))
    whole = timeline(samples, RULE)
    monkeypatch.setattr("sidecar.tagging.timeline._BLOCK_SCORES", 500)
    assert timeline(samples, RULE) == whole


def test_an_hour_with_the_shipped_number_of_tags() -> None:
    """Scale, not speed: 3 600 samples x 260 tags of slowly wandering scores."""
    random = np.random.default_rng(0)
    scores = np.cumsum(random.normal(size=(3600, 260)), axis=0) * 0.1
    spans = timeline(make_samples(np.arange(3600) * 0.9, scores), TimelineRule(2.5, 2.0))
    assert len({span.tag_index for span in spans}) > 100


def test_summary_adds_up_and_puts_the_longest_first() -> None:
    samples = make_samples(range(0, 40, 4), [[0, 3]] * 2 + [[4, 0]] * 3 + [[0, 0]] + [[3, 5]] * 2 + [[0, 0]] * 2)
    spans = timeline(samples, RULE)
    rows = tag_summary(spans, 40)
    assert [(row.tag_index, row.seconds, row.share, row.span_count) for row in rows] == [
        (0, 20, 0.5, 2),
        (1, 14, 0.35, 2),
    ]
    assert rows[0].score == 4
    assert rows[1].score == 5


def test_rules_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="stay at most enter"):
        TimelineRule(2.0, 2.5)
    with pytest.raises(ValueError, match=r"smooth_s is 1\.5"):
        TimelineRule(2.5, 2.0, smooth_s=1.5)
    with pytest.raises(ValueError, match="merge_gap_s is -1"):
        TimelineRule(2.5, 2.0, merge_gap_s=-1)
